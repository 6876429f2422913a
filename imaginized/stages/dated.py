"""What the page needs of the chapters' texts: from which chapter on what may be told, and each chapter's recap."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from imaginized.guide.dating import date_elements, owner_by_name, told_by
from imaginized.guide.gallery import page_names
from imaginized.guide.model import Guide, GuideChapter, Known
from imaginized.guide.page_plan import FOLDER
from imaginized.guide.recap import recap_of
from imaginized.store.files import BookFiles
from imaginized.store.records import RecordUnreadable, load
from imaginized.story.elements import Element
from imaginized.story.text import ChapterText

_SOMEBODY = "somebody"


def dated(guide: Guide, *, files: BookFiles, found: Mapping[int, Sequence[Element]]) -> Guide:
    """The guide with what a reader of each chapter may know, and without names that come later in what is seen."""
    texts = {number: text for number in found if (text := _text_of(files, number)) is not None}
    known = date_elements(guide.elements, found=found, texts={n: text.text for n, text in texts.items()})
    names = owner_by_name(guide.elements)
    chapters = tuple(
        _chapter(each, text=texts.get(each.number), found=found.get(each.number, ()), known=known, names=names)
        for each in guide.chapters
    )
    return replace(guide, chapters=chapters, known=known)


def old_pages(files: BookFiles, *, made: Mapping[str, bytes]) -> list[Path]:
    """Pages of an earlier compile that this one does not have."""
    there = [str(path.relative_to(files.root)) for path in files.guide(FOLDER).glob("*.html")]
    return [files.guide(name) for name in sorted(page_names(there)) if name not in made]


def is_written(path: Path, data: bytes) -> bool:
    """Whether a page is there with these very bytes: what has not changed is neither written nor synced again."""
    try:
        return path.suffix == ".html" and path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False


def _chapter(
    chapter: GuideChapter,
    *,
    text: ChapterText | None,
    found: Sequence[Element],
    known: Sequence[Known],
    names: Mapping[str, int],
) -> GuideChapter:
    leading = sorted(found, key=lambda one: -one.mentions)
    people = [one.name for one in leading if one.name in names]
    recap = recap_of([paragraph.text for paragraph in text.paragraphs], names=people) if text else ()
    plates = tuple(
        replace(plate, alt=told_by(plate.alt, chapter=chapter.number, known=known, somebody=_SOMEBODY))
        for plate in chapter.illustrations
    )
    return replace(chapter, recap=recap, illustrations=plates)


def _text_of(files: BookFiles, number: int) -> ChapterText | None:
    try:
        return load(files.chapter(number), ChapterText)
    except (FileNotFoundError, RecordUnreadable):
        return None
