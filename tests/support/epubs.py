"""EPUBs built in code, and where the corpus of real ones lies."""

import os
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

XHTML = """<?xml version="1.0" encoding="utf-8"?>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">
<head><title>t</title></head><body{attributes}>{body}</body></html>"""
CONTAINER = """<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="OPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
PACKAGE = """<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf">
<dc:identifier id="id">x</dc:identifier>{metadata}</metadata>
<manifest>{manifest}</manifest><spine>{spine}</spine>{guide}</package>"""
TITLE = "<dc:title>The Made Book</dc:title><dc:language>en</dc:language>"


CUT = Path(__file__).parents[1] / "fixtures" / "books"  # a few chapters each of real books; always here
BUNDLED = Path(__file__).parents[2] / "imaginized" / "assets" / "wizard-of-oz-se.epub"


def books() -> Path:
    """The folder of real books; skips the test where there is none."""
    default = Path(__file__).resolve().parents[3] / "shared" / "books"
    folder = Path(os.environ.get("IMAGINIZED_BOOKS", default))
    if not (folder / "expected.json").exists():
        pytest.skip(f"no corpus of real books at {folder}; set IMAGINIZED_BOOKS")
    return folder


def prose(words: int, *, of: str = "word") -> str:
    """A paragraph of that many words."""
    return "<p>" + " ".join([of] * words) + ".</p>"


def page(body: str, *, attributes: str = "") -> str:
    """An XHTML document around a body."""
    return XHTML.format(body=body, attributes=attributes)


def contents(*entries: tuple[str, str], landmarks: str = "") -> str:
    """A navigation document with entries (title, target) of one level."""
    lines = "".join(f'<li><a href="{target}">{title}</a></li>' for title, target in entries)
    return page(f'<nav epub:type="toc"><ol>{lines}</ol></nav>{landmarks}')


def build_epub(
    folder: Path,
    *,
    pages: Mapping[str, str],
    nav: str | None = None,
    metadata: str = TITLE,
    guide: str = "",
    extra: Mapping[str, str | bytes] | None = None,
    nonlinear: Sequence[str] = (),
    name: str = "made.epub",
) -> Path:
    """Write an EPUB whose pages are also its spine, in that order; `extra` are members as they are."""
    items = "".join(f'<item id="{each}" href="{each}" media-type="application/xhtml+xml"/>' for each in pages)
    if nav is not None:
        items += '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
    spine = "".join(f'<itemref idref="{each}" linear="{"no" if each in nonlinear else "yes"}"/>' for each in pages)
    package = PACKAGE.format(metadata=metadata, manifest=items, spine=spine, guide=guide)
    members: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OPS/book.opf": package,
        **{f"OPS/{each}": text for each, text in pages.items()},
        **({"OPS/nav.xhtml": nav} if nav is not None else {}),
        **(extra or {}),
    }
    return write_zip(folder / name, members)


def make_epub(path: Path, *, title: str = "A Small Book", chapters: int = 4, paragraphs: int = 8) -> Path:
    """A small whole EPUB with chapters of different length, whose text differs by title."""
    names = {f"c{number}.xhtml": number for number in range(1, chapters + 1)}
    return build_epub(
        path.parent,
        pages={
            name: page(_chapter(number, of=title, paragraphs=paragraphs + number)) for name, number in names.items()
        },
        nav=contents(*((f"Chapter {number}", name) for name, number in names.items())),
        metadata=f"<dc:title>{title}</dc:title><dc:language>en</dc:language>",
        name=path.name,
    )


def make_long_epub(path: Path, *, title: str) -> Path:
    """A whole EPUB of one chapter of nine pages whose sentences all differ: scenes of one passage share an answer."""
    told = "".join(
        f"<p>On day {day} the lamp that Anna had found in house {day * 7} stood beside the old river for {day * 13} "
        f"hours. On that day {day} Berthold wrote {day * 3} letters to the tower and hid them in a green kettle.</p>"
        for day in range(1, 71)
    )
    return build_epub(
        path.parent,
        pages={"c1.xhtml": page(f"<h2>Chapter 1</h2>{told}")},
        nav=contents(("Chapter 1", "c1.xhtml")),
        metadata=f"<dc:title>{title}</dc:title><dc:language>en</dc:language>",
        name=path.name,
    )


def write_zip(path: Path, members: Mapping[str, str | bytes], *, is_dated: bool = True) -> Path:
    """Write a zip file; without the time of day the same members are the same bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            # Whoever looks into an EPUB without unpacking it finds its type at a fixed place.
            kind = zipfile.ZIP_STORED if name == "mimetype" or not is_dated else zipfile.ZIP_DEFLATED
            archive.writestr(name if is_dated else zipfile.ZipInfo(name), data, compress_type=kind)
    return path


def write_hollow_epub(path: Path, *, text: str = "In a hole in the ground") -> Path:
    """What passes for a book until somebody reads it: enough for the inbox, and quickly made; same text, same bytes."""
    members = {"mimetype": "application/epub+zip", "META-INF/container.xml": "<container/>", "text.xhtml": text}
    return write_zip(path, members, is_dated=False)


def _chapter(number: int, *, of: str, paragraphs: int) -> str:
    body = "".join(
        f"<p>In {of}, Mr. Grey walked along the green river at night, and the old lamp of house {line} shone red "
        f"over the dark water. “Look,” said Anna, and the black dog ran across the yellow field to the tower.</p>"
        for line in range(paragraphs)
    )
    return f"<h2>Chapter {number}</h2>{body}"
