"""The initials and vignettes of a guide: drawn by us whoever draws the plates, and only what is not there yet."""

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from imaginized.guide.model import Guide, GuideChapter, Initial, Vignette
from imaginized.guide.xmp import with_xmp
from imaginized.providers.builtin.plates.ornaments import METHOD, VARIANTS, colours_of, draw_ground, draw_vignette
from imaginized.providers.builtin.vignettes import find_vignette
from imaginized.stages.faces import Files
from imaginized.store.files import BookFiles
from imaginized.store.records import RecordUnreadable, dump, load
from imaginized.story.text import ChapterText

_PREFIX = "ornament_"
_NOT_AGAIN = 5  # chapters


def with_ornaments(guide: Guide, *, files: BookFiles, is_wanted: bool) -> tuple[Guide, Files]:
    """The guide with its initials and vignettes, and the files to write and to remove.

    Args:
        guide: A book without pictures has no ornaments.
        files: Its folder.
        is_wanted: As `guide.ornaments`.
    """
    made: Files = {}
    kept: set[Path] = set()
    if is_wanted and guide.image_method:
        book = (guide.title, *guide.authors)
        guide = replace(
            guide,
            initials=tuple(_initial(book, variant, files=files, made=made, kept=kept) for variant in range(VARIANTS)),
            chapters=_with_vignettes(guide, book, files=files, made=made, kept=kept),
        )
    stale = set(files.guide("images").glob(f"{_PREFIX}*.jpg")) - kept
    return guide, {**made, **dict.fromkeys(sorted(stale))}


def _initial(book: tuple[str, ...], variant: int, *, files: BookFiles, made: Files, kept: set[Path]) -> Initial:
    path = _path(files, book, f"ground {variant}")
    kept.add(path)
    if not path.is_file():
        made[path] = _told(draw_ground(*book, variant=variant), alt="A vine")
    colours = colours_of(*book)
    image = str(path.relative_to(files.root))
    return Initial(image=image, ground=_spelled(colours.ground), letter=_spelled(colours.letter))


def _with_vignettes(
    guide: Guide, book: tuple[str, ...], *, files: BookFiles, made: Files, kept: set[Path]
) -> tuple[GuideChapter, ...]:
    """Each chapter that has pictures with what its words say is there, not the same as those before it."""
    chapters: list[GuideChapter] = []
    latest: list[str] = []
    for chapter in guide.chapters:
        kind = _found(files, chapter.number, avoid=frozenset(latest[-_NOT_AGAIN:])) if chapter.illustrations else ""
        latest.append(kind)
        if not kind:
            chapters.append(chapter)
            continue
        path = _path(files, book, kind)
        kept.add(path)
        if path not in made and not path.is_file():
            made[path] = _told(draw_vignette(kind, *book), alt=_alt(kind))
        chapters.append(replace(chapter, vignette=Vignette(image=str(path.relative_to(files.root)), alt=_alt(kind))))
    return tuple(chapters)


def _found(files: BookFiles, number: int, *, avoid: frozenset[str]) -> str:
    try:
        text = load(files.chapter(number), ChapterText)
    except (FileNotFoundError, RecordUnreadable):
        return ""
    return find_vignette([paragraph.text for paragraph in text.paragraphs], avoid=avoid)


def _told(data: bytes, *, alt: str) -> bytes:
    return with_xmp(data, alt=alt, method="", by_model=False)


def _alt(kind: str) -> str:
    return f"Small drawing: {kind}"


def _path(files: BookFiles, book: tuple[str, ...], what: str) -> Path:
    digest = sha256(dump((METHOD, *book, what))).hexdigest()[:16]
    return files.guide(f"images/{_PREFIX}{digest}.jpg")


def _spelled(colour: tuple[int, int, int]) -> str:
    red, green, blue = colour
    return f"#{red:02x}{green:02x}{blue:02x}"
