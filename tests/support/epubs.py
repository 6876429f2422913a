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
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, data in members.items():
            archive.writestr(member, data)
    return path
