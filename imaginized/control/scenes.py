"""Single scenes of a book: which there are, which pictures they had, and where a passage stands.

The supervisor reads small files of the book's folder for this, on request, and lets others have their turn between.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from imaginized.control.book_folder import load_object
from imaginized.control.scene_rows import VersionRow
from imaginized.control.turns import Turn
from imaginized.errors import ControlError, ExitCode, Rejected
from imaginized.printable import cut
from imaginized.queue.manifest import Manifest
from imaginized.queue.plan import known_chapter
from imaginized.reasons import Code
from imaginized.store.files import BookFiles
from imaginized.story.elements import passage_digest
from imaginized.story.quoting import LONGEST_SHOWN, find_passage, is_too_short, nearest, nearest_in
from imaginized.story.text import PARAGRAPH_BREAK

SHOWN_DIGITS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A scene that there is, or was before it was left out.

    Attributes:
        of: Digest of its passage.
        quote: The passage; "" of one that is left out.
    """

    chapter: int
    number: int
    of: str
    quote: str = ""

    @property
    def name(self) -> str:
        """As a person names it: "7.2"."""
        return f"{self.chapter}.{self.number}"


def scenes_of(files: BookFiles, chapter: int) -> list[Known]:
    """The scenes that are in the guide, in reading order; none before the chapter is read."""
    rows = cast(Sequence[Mapping[str, object]], load_object(files.scenes(chapter)).get("scenes") or ())
    found = []
    for row in rows:
        text = str(cast(Mapping[str, object], row["quote"])["text"])
        number = int(cast(int, row["number"]))
        found.append(Known(chapter=chapter, number=number, of=passage_digest(text), quote=text))
    return found


def known_scene(manifest: Manifest, wanted: tuple[int, int], *, files: BookFiles) -> Known:
    """The scene that a person named.

    Raises:
        ControlError: There is none of that number; says which there are.
    """
    chapter, number = wanted
    try:
        entry = known_chapter(manifest, chapter)
    except Rejected as error:
        raise ControlError(str(error), exit_code=ExitCode.USAGE, code=error.reason.code) from error
    scenes = scenes_of(files, chapter)
    found = next((scene for scene in scenes if scene.number == number), None)
    if found is not None:
        return found
    wish = entry.scenes.get(number)
    if wish is not None and wish.is_dropped:
        return Known(chapter=chapter, number=number, of=wish.of)
    names = ", ".join(scene.name for scene in scenes)
    has = f"it has {names}" if names else "it has none yet"
    raise ControlError(
        f"{manifest.book_id} has no scene {chapter}.{number}; {has}", exit_code=ExitCode.USAGE, code=Code.NO_SCENE
    )


async def versions_of(scene: Known, *, files: BookFiles) -> list[VersionRow]:
    """The pictures of a scene: the one in the guide, then those it had before, the last one first."""
    current = load_object(files.illustration(scene.chapter, scene.number))
    now = str(current.get("shows") or current.get("asked") or "")
    rows: list[VersionRow] = []
    if current.get("image"):
        path = files.root / str(current["image"])
        rows.append(_version(now, current, file=path, is_current=True))
    turn, older = Turn(), []
    for path in files.version("*").parent.glob("*.json"):
        illustration = load_object(path).get("illustration")
        image = path.with_suffix(".jpg")
        if isinstance(illustration, dict) and illustration.get("passage") == scene.of and path.stem != now:
            older.append((image.stat().st_mtime, _version(path.stem, illustration, file=image, is_current=False)))
        await turn.pass_on()
    return [*rows, *(row for _, row in sorted(older, key=lambda each: -each[0]))]


async def version_meant(scene: Known, wanted: str, *, files: BookFiles) -> str:
    """The whole digest of the version that a person named by its beginning.

    Raises:
        ControlError: There is none, or it may be one of several.
    """
    rows = await versions_of(scene, files=files)
    found = [row for row in rows if row["version"].startswith(wanted)] if wanted else []
    if len(found) != 1:
        names = ", ".join(row["version"][:SHOWN_DIGITS] for row in rows) or "none"
        what = "means several versions" if found else "is not a version"
        text = f"{wanted[:SHOWN_DIGITS]!r} {what} of scene {scene.name}; it has {names}"
        raise ControlError(text, exit_code=ExitCode.USAGE, code=Code.NO_SCENE)
    return found[0]["version"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A passage that stands in a book.

    Attributes:
        number: That it has as a scene, or gets.
        is_scene: Whether it is one, or is about to be.
    """

    chapter: int
    number: int
    start: int
    end: int
    text: str
    is_scene: bool


async def passage_meant(manifest: Manifest, wanted: str, *, files: BookFiles) -> Passage:
    """The first place where a passage stands in a book.

    Raises:
        ControlError: It stands nowhere in it; names what is nearest.
    """
    if is_too_short(wanted):
        raise _no_passage("a passage has at least three words; give the whole sentence")
    near, turn = [], Turn()
    for chapter in sorted(manifest.chapters):
        text = _text(files, chapter)
        if (found := find_passage(wanted, text)) is not None:
            of, start, end = passage_digest(text[slice(*found)]), *found
            number, is_scene = _number_for(manifest, chapter, of=of, files=files)
            passage = text[start:end]
            return Passage(chapter=chapter, number=number, start=start, end=end, text=passage, is_scene=is_scene)
        near.append((chapter, nearest_in(wanted, text)))
        await turn.pass_on()
    best = nearest(each for _, each in near)
    lines = [f"  chapter {next(n for n, one in near if one is each)}: {cut(each.text, LONGEST_SHOWN)}" for each in best]
    told = f"the nearest passages are:\n{chr(10).join(lines)}" if lines else "nothing similar was found"
    raise _no_passage(f"these words are not in {manifest.book_id}; {told}")


def _number_for(manifest: Manifest, chapter: int, *, of: str, files: BookFiles) -> tuple[int, bool]:
    """The number of this very passage, or one that no scene of the chapter had; and whether it is a scene already."""
    scenes, wishes = scenes_of(files, chapter), manifest.chapters[chapter].scenes
    there = [scene.number for scene in scenes if scene.of == of]
    there += [number for number, wish in wishes.items() if wish.of == of and wish.passage and not wish.is_dropped]
    if there:
        return there[0], True
    left_out = [number for number, wish in wishes.items() if wish.of == of and wish.passage]
    return (left_out or [max((*(scene.number for scene in scenes), *wishes, 0)) + 1])[0], False


def _text(files: BookFiles, chapter: int) -> str:
    paragraphs = cast(Sequence[Mapping[str, object]], load_object(files.chapter(chapter)).get("paragraphs") or ())
    return PARAGRAPH_BREAK.join(str(paragraph["text"]) for paragraph in paragraphs)


def _version(name: str, row: Mapping[str, object], *, file: Path, is_current: bool) -> VersionRow:
    return {"version": name, "method": str(row.get("method", "")), "file": str(file), "is_current": is_current}


def _no_passage(text: str) -> ControlError:
    return ControlError(text, exit_code=ExitCode.USAGE, code=Code.NO_SCENE)
