"""The formats of a guide, by name. A new one is a module of this room, a row here and its name in settings.choices."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from imaginized.errors import ClaimLost, Interrupted
from imaginized.guide.comic import comic
from imaginized.guide.edition import illustrated_epub
from imaginized.guide.gallery import html_pages
from imaginized.guide.markdown import chapters_md, contents_md, elements_md
from imaginized.guide.material import EXPORTS, Export, Material
from imaginized.guide.model import Exported, Guide
from imaginized.guide.page_plan import ALL, INDEX
from imaginized.guide.pdf_pages import picture_pdf
from imaginized.guide.reflow import guide_epub
from imaginized.guide.single import single_page


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """One format: files in the book's folder, or one file in its `exports/` for other programs.

    Attributes:
        name: As in `guide.formats`.
        files: What it writes, by the name in the book's folder; each function makes the text of one file.
        pages: Makes the texts of files of which there may be any number, by name.
        always: Of those, the ones that there always are.
        suffix: Of its export; "" where it makes none.
        about: What people are told its export is.
        export: Makes its export.
    """

    name: str
    files: Mapping[str, Callable[[Guide], str]] = field(default_factory=dict)
    pages: Callable[[Guide], Mapping[str, str]] | None = None
    always: tuple[str, ...] = ()
    suffix: str = ""
    about: str = ""
    export: Callable[[Material], Export] | None = None

    def paths(self, book_id: str) -> tuple[str, ...]:
        """Everything it writes for a book, below the book's folder."""
        return (*self.files, *self.always, *((f"{EXPORTS}/{book_id}{self.suffix}",) if self.export else ()))


_ROWS = (
    Writer(
        name="markdown",
        files={"Contents.md": contents_md, "Chapters.md": chapters_md, "Elements.md": elements_md},
    ),
    Writer(name="html", pages=html_pages, always=(INDEX, ALL)),
    Writer(
        name="epub",
        suffix=".epub",
        about="the book with its pictures in it, for e-readers",
        export=illustrated_epub,
    ),
    Writer(
        name="guide-epub",
        suffix="-guide.epub",
        about="the passages and their pictures alone, for e-readers",
        export=guide_epub,
    ),
    Writer(name="cbz", suffix=".cbz", about="the pictures alone, for comic readers", export=comic),
    Writer(name="pdf", suffix=".pdf", about="the pictures and their passages, to print", export=picture_pdf),
    Writer(name="single", suffix=".html", about="the guide in one file, to send", export=single_page),
)
WRITERS: Mapping[str, Writer] = MappingProxyType({writer.name: writer for writer in _ROWS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What the formats made.

    Attributes:
        files: Bytes by the path below the book's folder.
        stale: Paths of formats that are not wanted, or made nothing: nothing is to be there.
        exports: What became of each export that was asked for.
        problems: What went wrong with handing them out.
        copies: New smaller copies of pictures, by the digests of these.
        used: Digests of the pictures whose copies are in an export.
    """

    files: Mapping[str, bytes]
    stale: tuple[str, ...]
    exports: tuple[Exported, ...]
    problems: tuple[str, ...] = ()
    copies: Mapping[str, bytes] = field(default_factory=dict)
    used: frozenset[str] = frozenset()


def write(material: Material, *, formats: Iterable[str]) -> Written:
    """Every file of these formats; the exports first, so that the guide can name those there are."""
    wanted = set(formats)
    rows = [writer for writer in WRITERS.values() if writer.name in wanted]
    made = [(writer, _exported(writer, material)) for writer in rows if writer.export]
    book_id = material.guide.book_id
    files = {writer.paths(book_id)[-1]: export.data for writer, export in made if export.data is not None}
    exports = tuple(
        Exported(
            path=writer.paths(book_id)[-1] if export.data is not None else "",
            format=writer.name,
            about=writer.about,
            remarks=export.remarks,
        )
        for writer, export in made
    )
    problems = material.hand_out({writer.name: export.data for writer, export in made if export.data is not None})
    guide = replace(
        material.guide,
        formats=tuple(writer.name for writer in rows),
        exports=(*exports, *_earlier(material, wanted=wanted)),
        warnings=(*material.guide.warnings, *problems),
    )
    files |= {name: text(guide).encode() for writer in rows for name, text in writer.files.items()}
    paged = (writer.pages(guide) for writer in rows if writer.pages)
    files |= {name: text.encode() for pages in paged for name, text in pages.items()}
    every = [path for writer in WRITERS.values() for path in writer.paths(book_id)]
    return Written(
        files=files,
        stale=tuple(path for path in every if path not in files),
        exports=exports,
        problems=problems,
        copies=material.copies.made,
        used=frozenset(material.copies.used),
    )


def _earlier(material: Material, *, wanted: set[str]) -> Iterator[Exported]:
    """The files of other formats that are to stay beside those that are made now."""
    for writer in WRITERS.values():
        path = writer.paths(material.guide.book_id)[-1]
        if writer.export and writer.name in material.stays - wanted and (material.root / path).is_file():
            yield Exported(path=path, format=writer.name, about=writer.about)


def _exported(writer: Writer, material: Material) -> Export:
    if writer.export is None:
        return Export(data=None)
    try:
        return writer.export(material)
    except (Interrupted, ClaimLost):
        raise
    except Exception as error:  # noqa: BLE001 - the boundary: the guide must not fail for what is made beside it
        return Export(data=None, remarks=(f"it could not be made: {type(error).__name__}: {error}",))
