"""What the writers of files for other programs are given beside the guide: the original, the text, the pictures."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from imaginized.guide.model import Guide, GuideChapter, Illustration
from imaginized.story.text import ChapterText, Paragraph

EXPORTS = "exports"
COVER_TYPES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif"}


def _nowhere(_exports: Mapping[str, bytes]) -> tuple[str, ...]:
    return ()


def _none(_digest: str) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """Smaller copies of pictures, by the digest of the picture: they are made when it is drawn.

    Attributes:
        kept: The copy that there is.
        used: Which of them an export has.
        made: Those that it had to make, because there was none, or none that is small enough.
    """

    kept: Callable[[str], bytes | None] = _none
    used: set[str] = field(default_factory=set)
    made: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A book as the writers of exports need it.

    Attributes:
        guide: What the guide says.
        root: The book's folder; paths in the guide are below it.
        is_epub: Whether the original is an EPUB that chapters were read from.
        kind: What people call the format of the original: "PDF".
        text: A chapter's text by its number; None where it is not there.
        fit: A JPEG whose longer side has no more than so many pixels; at another quality than 0 it is written anew.
        most_bytes: What an export may have.
        made_at: When the book came, for files that must carry a date.
        copies: Smaller copies of its pictures.
        hand_out: Takes the bytes of the exports by format to where other programs look for them; returns what went
            wrong, in sentences.
        stays: Formats whose files in `exports/` are not swept, though they are not made this time.
        pdf_layout: Rows and columns of pictures on a page, such as "2x2".
        drawn: Ornaments that are not in the book's folder yet, by their path there.
    """

    guide: Guide
    root: Path
    is_epub: bool
    kind: str
    text: Callable[[int], ChapterText | None]
    fit: Callable[[bytes, int, int], bytes]
    most_bytes: int
    made_at: datetime
    copies: Copies = field(default_factory=Copies)
    hand_out: Callable[[Mapping[str, bytes]], tuple[str, ...]] = _nowhere
    stays: frozenset[str] = frozenset()
    pdf_layout: str = "1x1"
    drawn: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def source(self) -> Path:
        """The untouched original."""
        return self.root / self.guide.source

    def cover(self) -> tuple[str, bytes] | None:
        """The suffix and the bytes of the book's own cover; None where there is none that every reader shows."""
        path = self.root / self.guide.cover if self.guide.cover else None
        if path is None or path.suffix.lower() not in COVER_TYPES or not path.is_file():
            return None
        return path.suffix.lower(), path.read_bytes()

    def ornament(self, path: str) -> bytes:
        """The bytes of an initial's ground or of a vignette; nothing for one that is gone."""
        known = self.drawn.get(path)
        if known is None and (self.root / path).is_file():
            known = (self.root / path).read_bytes()
        return known or b""

    def adorned(self, room: int) -> Guide:
        """The guide, without its ornaments where they have more than so many bytes: pictures go before them."""
        guide = self.guide
        paths = {each.vignette.image for each in guide.chapters if each.vignette}
        paths |= {each.image for each in guide.initials}
        if sum(len(self.ornament(path)) for path in paths) <= room:
            return guide
        return replace(guide, initials=(), chapters=tuple(replace(each, vignette=None) for each in guide.chapters))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """A picture with the place of its passage.

    Attributes:
        paragraph: The last paragraph of the passage; None where its text is not there.
        index: Which paragraph of the chapter that is.
    """

    illustration: Illustration
    chapter: GuideChapter
    paragraph: Paragraph | None = None
    index: int = 0

    @property
    def label(self) -> str:
        """Its chapter and scene, for names of files: "7-2"."""
        return f"{self.illustration.scene.chapter}-{self.illustration.scene.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What a writer made.

    Attributes:
        data: The file; None where none could be made.
        remarks: What its reader should know, or why there is none; sentences.
    """

    data: bytes | None
    remarks: tuple[str, ...] = ()


def plates_of(material: Material) -> Iterator[Plate]:
    """Every picture of the book in reading order, with its place; the texts of chapters without one are not read."""
    for chapter in material.guide.chapters:
        drawn = [each for each in chapter.illustrations if each.image and (material.root / each.image).is_file()]
        text = material.text(chapter.number) if drawn else None
        for illustration in drawn:
            index = _last_paragraph(illustration, text) if text else None
            if text is None or index is None:
                yield Plate(illustration=illustration, chapter=chapter)
            else:
                paragraph = text.paragraphs[index]
                yield Plate(illustration=illustration, chapter=chapter, paragraph=paragraph, index=index)


def _last_paragraph(illustration: Illustration, text: ChapterText) -> int | None:
    """Which paragraph a passage ends in: a picture before its end would show what is not read yet."""
    quote = illustration.scene.quote
    index = text.paragraph_at(quote.start + max(len(quote.text) - 1, 0))
    return index if index < len(text.paragraphs) else None
