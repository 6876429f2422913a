"""The illustrated EPUB: what goes in and where, and that nothing else changes."""

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from imaginized.guide.container import Container
from imaginized.guide.edition import illustrated_epub
from imaginized.guide.insertion import Insertion, NotThere, find_spots, inserted, letters_of, marked
from imaginized.guide.material import Export, Material
from imaginized.guide.navigation import Entry, in_nav, in_ncx
from imaginized.guide.writers import WRITERS, write
from tests.support.editions import JPEG, made, material_of
from tests.support.epubs import TITLE, build_epub, contents, page, prose

KEY = "0123456789ab"
NAV = contents(("Chapter 1", "a.xhtml"), ("Chapter 2", "b.xhtml"))
PAGES = {
    "a.xhtml": page(f"<h2>Chapter 1</h2>{prose(90)}<p>The lamp stood on the table.</p>{prose(30)}"),
    "b.xhtml": page(f"<h2>Chapter 2</h2>{prose(80)}"),
}


def book(folder: Path, *, pages: Mapping[str, str] = PAGES, metadata: str = TITLE, font: bytes = b"") -> Path:
    return build_epub(folder, pages=pages, nav=NAV, metadata=metadata, extra={"OPS/font.otf": font} if font else {})


def members(data: bytes | Path) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data) if isinstance(data, bytes) else data) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def without(data: bytes) -> bytes:
    return re.sub(rb"<!--imaginized (\w+)-->.*?<!--/imaginized \1-->", b"", data, flags=re.DOTALL)


def edition(material: Material) -> dict[str, bytes]:
    export = illustrated_epub(material)
    assert export.data is not None, export.remarks
    return members(export.data)


def spot(body: str, text: str, *, position: int) -> str:
    """The document with a mark where a picture would go."""
    data = page(body).encode()
    spots = find_spots(data, {position: {letters_of(text)}})
    return inserted(data, [Insertion(at, "[X]") for at in spots.offsets.values()]).decode()


def test_an_edition_is_the_original_but_for_what_was_put_in(tmp_path: Path) -> None:
    """Without the insertions and the files of its own, every member has the bytes it had."""
    source = book(tmp_path)
    before, after = members(source), edition(material_of(source, tmp_path))

    assert {name: without(data) for name, data in after.items() if name in before} == before
    assert sorted(set(after) - set(before)) == [
        "OPS/imaginized/cast.xhtml",
        "OPS/imaginized/colophon.xhtml",
        "OPS/imaginized/picture-1-1.jpg",
        "OPS/imaginized/picture-2-1.jpg",
    ]
    picture = after["OPS/imaginized/picture-1-1.jpg"]
    assert picture.startswith(JPEG[:2]) and picture.endswith(JPEG[2:])


def test_a_book_of_nobody_known_has_no_page_that_tells_who_is_in_it(tmp_path: Path) -> None:
    """Nor does it warn of what it does not tell; its contents name the colophon alone."""
    material = material_of(book(tmp_path), tmp_path)
    after = edition(replace(material, guide=replace(material.guide, elements=())))

    ours = [name for name in after if name.endswith(".xhtml") and "/imaginized/" in name]
    assert ours == ["OPS/imaginized/colophon.xhtml"]
    assert not any(b"cast.xhtml" in data for data in after.values())


def test_members_that_stay_are_copied_as_they_are_packed(tmp_path: Path) -> None:
    """Their compressed bytes, times and attributes; the media type stands first, not packed."""
    source = book(tmp_path, font=bytes(range(256)) * 9)
    data = illustrated_epub(material_of(source, tmp_path)).data
    assert data is not None
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(io.BytesIO(data)) as new:
        before, after = old.getinfo("OPS/font.otf"), new.getinfo("OPS/font.otf")
        first = new.infolist()[0]

    assert (before.compress_size, before.CRC, before.date_time) == (after.compress_size, after.CRC, after.date_time)
    assert (first.filename, first.compress_type, first.extra) == ("mimetype", zipfile.ZIP_STORED, b"")


def test_the_same_book_gives_the_same_bytes(tmp_path: Path) -> None:
    """No date and no chance is in it."""
    material = material_of(book(tmp_path), tmp_path)

    assert illustrated_epub(material) == illustrated_epub(material)


@pytest.mark.parametrize(
    ("body", "text", "position", "found"),
    [
        ("<p>One here.</p><p>Two.</p>", "One here.", 1, "One here.</p>[X]<p>Two"),
        ("<p>One <i>he</i>re.</p>", "One here.", 1, "</i>re.</p>[X]"),
        ("<ul><li>One here.</li><li>Two.</li></ul>", "One here.", 2, "<li>One here.[X]</li>"),
        ("<table><tr><td>One here.</td></tr></table>", "One here.", 3, "One here.[X]</td>"),
        ("<dl><dt>One here.</dt><dd>Two.</dd></dl><p>x</p>", "One here.", 2, "</dl>[X]<p>"),
        ("<figure><figcaption>One here.</figcaption></figure>", "One here.", 2, "</figcaption></figure>[X]"),
        ("<hgroup><p>One here.</p></hgroup>", "One here.", 2, "</hgroup>[X]"),
        ("<div>One here.<br/>Two is there.<br/>Three.</div>", "One here.", 1, "One here.<br/>[X]Two"),
        ("<div>One here.<br/>Two is there.<br/>Three.</div>", "Two is there.", 1, "there.<br/>[X]Three"),
        ("<p>One here,<br/>and on.</p>", "One here,\nand on.", 1, "and on.</p>[X]"),
        ("<p>Caf&eacute; &nbsp;here &amp; there &unknown;.</p>", "Café here & there", 1, "&unknown;.</p>[X]"),
        ("<p><ruby>漢<rt>かん</rt></ruby>字が此処にある</p>", "漢字が此処にある", 1, "ある</p>[X]"),
        ("<svg><text>no</text></svg><p>One here.</p>", "One here.", 2, "One here.</p>[X]"),
    ],
)
def test_a_picture_goes_behind_its_paragraph_where_one_may_stand(
    body: str, text: str, position: int, found: str
) -> None:
    """Behind the element, in a list's item or a table's cell inside it, and else behind what is around."""
    assert found in spot(body, text, position=position)


def test_a_paragraph_that_says_something_else_gets_no_picture() -> None:
    """Where a document was read by mending it, positions may be off: no place is better than a wrong one."""
    assert "[X]" not in spot("<p>Quite another paragraph of words.</p>", "The lamp stood on the table.", position=1)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "iso-8859-1"])
def test_offsets_are_right_in_every_encoding(encoding: str) -> None:
    """What goes in is ASCII in the encoding of the document, and nothing else changes."""
    text = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig").removesuffix("-be")}"?><html><body>'
    data = f"{text}<p>Café ici, père.</p><p>x</p></body></html>".encode(encoding)
    if encoding == "utf-16-be":
        data = b"\xfe\xff" + data
    spots = find_spots(data, {1: {letters_of("Café ici, père.")}})
    after = inserted(data, [Insertion(at, marked("<b>é</b>", key=KEY)) for at in spots.offsets.values()])

    assert f"père.</p><!--imaginized {KEY}--><b>&#233;</b><!--/imaginized {KEY}--><p>x" in after.decode(encoding)


def test_elements_with_a_prefix_get_pictures_with_it() -> None:
    """An element without one would be of no namespace there."""
    data = b'<h:html xmlns:h="http://www.w3.org/1999/xhtml"><h:body><h:p>One here.</h:p></h:body></h:html>'

    assert find_spots(data, {1: {"Onehere"}}).prefix == "h:"


@pytest.mark.parametrize(
    "data",
    [b"<html><body><p>One here.</body></html>", b"<dtbook><p>One here.</p></dtbook>", b"", b"<html"],
)
def test_what_cannot_be_placed_is_said(data: bytes) -> None:
    """Not well-formed, or no XHTML."""
    with pytest.raises(NotThere):
        find_spots(data, {1: {"Onehere"}})


def test_a_link_base_elsewhere_takes_no_picture() -> None:
    """The reference to the picture would lead there."""
    with pytest.raises(NotThere):
        find_spots(b'<html><head><base href="http://x/"/></head><body><p>One here.</p></body></html>', {1: {"x"}})


def test_entities_that_grow_are_not_resolved() -> None:
    """Whatever a document declares, its names stand for nothing here."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 20 if n else "boom"}">' for n in range(12))
    data = f"<!DOCTYPE html [{entities}]><html><body><p>One here &e11;.</p></body></html>".encode()

    assert len(find_spots(data, {1: {"Onehere"}}).offsets) == 1


def test_fixed_layout_is_left_alone(tmp_path: Path) -> None:
    """Its pictures are on a page at the end, which says so; that page itself flows."""
    metadata = f'{TITLE}<meta property="rendition:layout">pre-paginated</meta>'
    source = book(tmp_path, metadata=metadata)
    material = material_of(source, tmp_path)
    before, after = members(source), edition(material)

    assert all(after[name] == data for name, data in before.items() if not name.endswith((".opf", "nav.xhtml")))
    assert without(after["OPS/nav.xhtml"]) == before["OPS/nav.xhtml"]
    assert b"laid out once for all" in after["OPS/imaginized/plates.xhtml"]
    assert after["OPS/book.opf"].count(b'properties="rendition:layout-reflowable"') == 3
    assert any("2 pictures are on a page at the end" in remark for remark in illustrated_epub(material).remarks)


def test_epub_2_gets_no_elements_of_html_5(tmp_path: Path) -> None:
    """A figure would be an error there."""
    source = book(tmp_path)
    after = members(source)
    after["OPS/book.opf"] = after["OPS/book.opf"].replace(b'version="3.0"', b'version="2.0"')
    with zipfile.ZipFile(source, "w") as archive:
        for name, data in after.items():
            archive.writestr(name, data)
    found = edition(material_of(source, tmp_path))
    text = b"".join(data for name, data in found.items() if name.endswith(".xhtml"))

    assert b"<figure" not in text and b'<div class="imaginized"' in text


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("META-INF/license.lcpl", "{}"),
        (
            "META-INF/encryption.xml",
            '<e:list xmlns:e="x"><e:EncryptedData><e:EncryptionMethod Algorithm="urn:aes"/></e:EncryptedData></e:list>',
        ),
    ],
)
def test_a_book_under_drm_is_refused(tmp_path: Path, name: str, data: str) -> None:
    """It was refused at the door already; nothing is made of it here, either."""
    material = material_of(book(tmp_path), tmp_path)
    build_epub(tmp_path, pages=PAGES, nav=NAV, extra={name: data}, name="drm.epub")
    material.source.write_bytes((tmp_path / "drm.epub").read_bytes())

    assert "DRM" in illustrated_epub(material).remarks[0]


def test_an_edition_of_an_edition_keeps_the_first_one_whole(tmp_path: Path) -> None:
    """Marks and folders of the first are members like all others."""
    _, first = made(material_of(book(tmp_path), tmp_path / "1"))
    after = edition(material_of(first, tmp_path / "2"))

    assert "OPS/imaginized-2/cast.xhtml" in after and "OPS/imaginized/cast.xhtml" in after
    assert len(set(re.findall(rb"<!--imaginized (\w+)", after["OPS/a.xhtml"]))) == 2


def test_pictures_are_made_smaller_until_the_file_fits(tmp_path: Path) -> None:
    """And its reader is told; where not even the smallest fit, there is no edition, and why."""
    asked: list[tuple[int, int]] = []

    def fit(data: bytes, longest: int, quality: int) -> bytes:
        asked.append((longest, quality))
        return data if not quality else data[: len(data) * longest // 2000]

    picture = JPEG + bytes(1_000_000)
    export = illustrated_epub(material_of(book(tmp_path), tmp_path, most_bytes=2_000_000, fit=fit, picture=picture))
    tight = material_of(book(tmp_path), tmp_path / "2", most_bytes=450_000, fit=fit, picture=picture)

    assert export.data is not None and len(export.data) <= 2_000_000
    assert asked[0] == (1920, 0) and "made smaller" in export.remarks[0]
    assert illustrated_epub(tight).data is None
    assert "epub_max_bytes" in illustrated_epub(tight).remarks[0]


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    """No character of the book or of a model becomes markup on the pages that are added."""
    material = material_of(book(tmp_path), tmp_path)
    after = edition(material)

    assert b"Some &lt;Body&gt;" in after["OPS/imaginized/cast.xhtml"]
    assert b'alt="A &quot;room&quot; &amp; more"' in after["OPS/a.xhtml"]


def test_a_book_without_pictures_has_no_edition(tmp_path: Path) -> None:
    """A copy under another name is worth nothing."""
    material = material_of(book(tmp_path), tmp_path)
    for image in (material.root / "images").iterdir():
        image.unlink()

    assert illustrated_epub(material) == Export(data=None, remarks=("there are no pictures for it",))


def test_a_failed_export_leaves_the_guide_whole(tmp_path: Path) -> None:
    """Contents.md says why there is none, and names only what is there."""

    def broken(_data: bytes, _longest: int, _quality: int) -> bytes:
        raise RuntimeError("out of paint")

    large = JPEG.replace(bytes.fromhex("00100010"), bytes.fromhex("0fff0010"))
    written = write(material_of(book(tmp_path), tmp_path, fit=broken, picture=large), formats=("markdown", "epub"))
    text = written.files["Contents.md"].decode()

    assert "No epub file: it could not be made: RuntimeError: out of paint" in text
    assert "index.html" not in text
    others = {path for name, row in WRITERS.items() if name != "markdown" for path in row.paths("a-book-12345678")}
    assert set(written.stale) == others


def test_contents_names_the_exports_that_there_are(tmp_path: Path) -> None:
    """With a link that leads to them."""
    written = write(material_of(book(tmp_path), tmp_path), formats=WRITERS)

    assert "(./exports/a-book-12345678.epub)" in written.files["Contents.md"].decode()
    assert 'href="exports/a-book-12345678.cbz"' in written.files["index.html"].decode()
    assert written.stale == ()


def test_a_book_of_another_format_gets_its_chapters_set_anew(tmp_path: Path) -> None:
    """With the honest note, its contents, and each picture behind its paragraph."""
    material = replace(material_of(book(tmp_path), tmp_path), is_epub=False)
    after = edition(material)
    chapter = after["OPS/chapter-001.xhtml"].decode()

    assert next(iter(after)) == "mimetype"
    assert "The original is a PDF." in after["OPS/title.xhtml"].decode()
    assert b'href="chapter-002.xhtml"' in after["OPS/nav.xhtml"]
    assert re.search(r"word\.</p>\s*<figure .*?</figure>\s*<p>The lamp", chapter)


def test_a_container_of_another_kind_is_refused_with_a_reason() -> None:
    """No zip file at all."""
    with pytest.raises(Exception, match="cannot be copied"):
        Container(b"not a zip")


def test_the_contents_of_a_book_name_our_pages(tmp_path: Path) -> None:
    """Those of EPUB 3 and of EPUB 2, at their end, numbered on; without the insertions they are as they were."""
    ncx = (
        b'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint id="a" playOrder="7">'
        b"<navLabel><text>1</text>"
        b'</navLabel><content src="a.xhtml"/></navPoint></navMap></ncx>'
    )
    nav = contents(("Chapter 1", "a.xhtml")).encode()
    entries = (Entry("Cast & co", "imaginized/cast.xhtml"), Entry("Colophon", "imaginized/colophon.xhtml"))
    new, old = in_nav(nav, entries, key=KEY), in_ncx(ncx, entries, key=KEY)
    made = inserted(ncx, [old])

    assert nav[new.offset :].startswith(b"</ol></nav>")
    assert '<a href="imaginized/cast.xhtml" lang="en" xml:lang="en">Cast &amp; co</a>' in new.text
    assert re.findall(rb'playOrder="(\d+)"', made) == [b"7", b"8", b"9"]
    assert made.index(b"Colophon") < made.index(b"</navMap>")
    assert without(made) == ncx and without(inserted(nav, [new])) == nav


@pytest.mark.parametrize("data", [b"<html><body/></html>", b"<ncx><navMap/></ncx>", b"<html><nav><ol></ol></nav>", b""])
def test_contents_that_cannot_be_read_are_left_alone(data: bytes) -> None:
    """An empty list has no end to stand before; one that is not of contents is another's."""
    for named in (in_nav, in_ncx):
        with pytest.raises(NotThere):
            named(data, (Entry("x", "y"),), key=KEY)


def test_the_cover_is_declared_both_ways(tmp_path: Path) -> None:
    """As EPUB 2 does by its item, as EPUB 3 does by a copy of ours; what the book declares itself is not doubled."""
    old = f'{TITLE}<meta name="cover" content="picture"/>'
    material = material_of(book(tmp_path, metadata=old), tmp_path)
    (material.root / "images" / "cover.png").write_bytes(b"picture")
    covered = replace(material, guide=replace(material.guide, cover="images/cover.png"))
    after = edition(covered)
    other = material_of(book(tmp_path), tmp_path / "2")
    (other.root / "images" / "cover.png").write_bytes(b"picture")
    bare = edition(replace(other, guide=covered.guide))

    assert after["OPS/imaginized/cover.png"] == b"picture"
    assert after["OPS/book.opf"].count(b'properties="cover-image"') == 1
    assert after["OPS/book.opf"].count(b'name="cover"') == 1
    name = re.search(rb'<item id="(imaginized-\w+-cover)"', bare["OPS/book.opf"])
    assert name is not None and b'<meta name="cover" content="%s"/>' % name[1] in bare["OPS/book.opf"]
