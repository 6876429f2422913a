"""Hostile files, built in code: each is refused with a reason, within bounds, and leaves nothing behind."""

import io
import struct
import sys
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import run

import pytest

from imaginized.errors import Rejected
from imaginized.reading import limits
from imaginized.reading.confined_reader import limits_for
from imaginized.reading.epub import read_epub
from imaginized.reading.formats import check_structure
from imaginized.reading.limits import Archive, Unreadable
from imaginized.reading.recovery import recover_package
from imaginized.reading.structure import excess_of, find_directory, listed_members
from tests.support.epubs import build_epub, page, prose, write_zip

ENCRYPTION = """<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:enc="http://www.w3.org/2001/04/xmlenc#">
<enc:EncryptedData><enc:EncryptionMethod Algorithm="{algorithm}"/></enc:EncryptedData></encryption>"""
MEBIBYTE = 1024 * 1024


def refuse(path: Path, *, match: str) -> None:
    with pytest.raises(Rejected, match=match) as caught:
        read_epub(path, original_name=path.name)
    assert str(caught.value).startswith(path.name)


@contextmanager
def at_most(mebibytes: int) -> Iterator[None]:
    """Fail when more memory than this was in use at once."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < mebibytes * MEBIBYTE
    finally:
        tracemalloc.stop()


def test_a_zip_bomb_is_refused_unread(tmp_path: Path) -> None:
    """A member that unpacks to more than 200 times its size, beyond 64 MiB, is never unpacked."""
    bomb = write_zip(tmp_path / "bomb.epub", {"mimetype": b"x"})
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("zeros.xhtml", "w") as member:
        for _ in range(65):
            member.write(bytes(MEBIBYTE))

    with at_most(8):
        refuse(bomb, match="zip bomb")


def test_a_high_ratio_alone_is_no_bomb(tmp_path: Path) -> None:
    """Small members of blanks compress well; that is no reason to refuse a book."""
    path = build_epub(tmp_path, pages={"a.xhtml": page(prose(20))}, extra={"OPS/blank.css": " " * 4 * MEBIBYTE})

    assert read_epub(path, original_name="x").chapters


def test_nested_metadata_costs_no_more_than_its_size(tmp_path: Path) -> None:
    """Statements within statements are read once, not once for each that holds them."""
    deep = "<dc:title>" * 200 + "The Lamps " * 50_000 + "</dc:title>" * 200
    opf = f"<package><metadata xmlns:dc='x'>{deep}</metadata><manifest/></package>".encode()
    container = b"<container><rootfile full-path='a.opf'/></container>"
    path = write_zip(tmp_path / "x.epub", {"META-INF/container.xml": container, "a.opf": opf, "a.xhtml": b"<p>a</p>"})
    with Archive(path) as archive, at_most(20):
        package = recover_package(archive)

    assert package.metadata.title.startswith("The Lamps The Lamps")


def test_overlapping_members_are_refused(tmp_path: Path) -> None:
    """Two members that share bytes are how small files unpack to petabytes."""
    path = build_epub(tmp_path, pages={"a.xhtml": page(prose(20)), "b.xhtml": page(prose(20))})
    data = bytearray(path.read_bytes())
    first = data.find(b"PK\x01\x02")
    second = data.find(b"PK\x01\x02", first + 4)
    third = data.find(b"PK\x01\x02", second + 4)
    data[third + 42 : third + 46] = data[second + 42 : second + 46]
    path.write_bytes(data)

    refuse(path, match="overlap")


def test_too_many_members_are_refused_before_they_are_listed(tmp_path: Path) -> None:
    """A zip that claims more than 20,000 members is refused by its end record alone."""
    path = build_epub(tmp_path, pages={"a.xhtml": page(prose(20))})
    data = bytearray(path.read_bytes())
    end = data.rfind(b"PK\x05\x06")
    struct.pack_into("<HH", data, end + 8, 40_000, 40_000)
    path.write_bytes(data)

    refuse(path, match="members")


def test_encrypted_members_are_refused(tmp_path: Path) -> None:
    """A zip with a password is refused by name."""
    path = build_epub(tmp_path, pages={"a.xhtml": page(prose(20))})
    data = bytearray(path.read_bytes())
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    path.write_bytes(data)

    refuse(path, match="password")


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    """More than 500 MB is no EPUB; a sparse file shows that nobody reads it."""
    path = tmp_path / "huge.epub"
    with path.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(limits.MAX_FILE_BYTES + 1)

    refuse(path, match="more than the 500,000,000")


def test_a_document_that_is_too_large_costs_only_itself(tmp_path: Path) -> None:
    """One document beyond its bound is left out; the rest of the book is read."""
    path = write_zip(tmp_path / "x.zip", {"a": b"x" * 100})

    with Archive(path) as archive, pytest.raises(Unreadable, match="larger"):
        archive.read("a", max_bytes=99)


def test_a_member_that_lies_about_its_size_is_not_believed(tmp_path: Path) -> None:
    """What unpacks to more than its declared size is cut at it and found damaged."""
    path = write_zip(tmp_path / "x.zip", {"a": b"x" * 100_000})
    data = path.read_bytes().replace(struct.pack("<L", 100_000), struct.pack("<L", 100))
    path.write_bytes(data)

    with Archive(path) as archive, pytest.raises(Unreadable, match="damaged"):
        archive.read("a")


def test_what_unpacks_to_more_than_2_gib_in_all_is_refused(tmp_path: Path) -> None:
    """Members that are each within their bounds add up; the list alone says so."""
    path = write_zip(tmp_path / "x.epub", {f"{at}.xhtml": b"x" * 100_000 for at in range(40)})
    claimed = 60 * MEBIBYTE
    path.write_bytes(path.read_bytes().replace(struct.pack("<L", 100_000), struct.pack("<L", claimed)))

    refuse(path, match=f"unpacks to {40 * claimed:,} bytes")


def test_a_cover_that_is_too_large_is_left_out(tmp_path: Path) -> None:
    """A picture beyond its bound costs the picture, not the book."""
    items = {"OPS/c.jpg": bytes(21 * MEBIBYTE)}
    cover = '<item id="c" href="c.jpg" media-type="image/jpeg" properties="cover-image"/>'
    path = build_epub(tmp_path, pages={"a.xhtml": page(prose(700))}, extra=items)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["OPS/book.opf"] = members["OPS/book.opf"].replace(b"</manifest>", f"{cover}</manifest>".encode())
    book = read_epub(write_zip(path, members), original_name="x.epub")

    assert (len(book.chapters), book.cover) == (1, None)


def test_names_that_climb_out_are_only_names(tmp_path: Path) -> None:
    """Nothing is ever written: a member named ../x is data like any other."""
    inner = tmp_path / "inner"
    inner.mkdir()
    path = build_epub(inner, pages={"a.xhtml": page(prose(20))}, extra={"../../evil.xhtml": "x", "/etc/evil": "x"})

    read_epub(path, original_name="x")

    assert [each.name for each in tmp_path.rglob("*")] == ["inner", "made.epub"]


@pytest.mark.parametrize("scheme", ["http://www.w3.org/2001/04/xmlenc#aes256-cbc", "http://example.org/unknown"])
def test_encrypted_text_is_refused_as_drm(tmp_path: Path, scheme: str) -> None:
    """encryption.xml with anything but font obfuscation names DRM."""
    extra = {"META-INF/encryption.xml": ENCRYPTION.format(algorithm=scheme)}

    refuse(build_epub(tmp_path, pages={"a.xhtml": page(prose(20))}, extra=extra), match="DRM")


def test_a_rights_file_is_refused_as_drm(tmp_path: Path) -> None:
    """rights.xml is a licence of a seller."""
    path = build_epub(tmp_path, pages={"a.xhtml": page(prose(20))}, extra={"META-INF/rights.xml": "<rights/>"})

    refuse(path, match="DRM")


def test_obfuscated_fonts_are_no_drm(tmp_path: Path) -> None:
    """Books with obfuscated fonts are read."""
    extra = {"META-INF/encryption.xml": ENCRYPTION.format(algorithm="http://www.idpf.org/2008/embedding")}

    assert read_epub(build_epub(tmp_path, pages={"a.xhtml": page(prose(20))}, extra=extra), original_name="x").chapters


def test_entities_are_neither_expanded_nor_fetched(tmp_path: Path) -> None:
    """A billion laughs and a file from the disk yield nothing."""
    secret = tmp_path / "secret.txt"
    secret.write_text("TOPSECRET")
    laughs = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 12))
    evil = f'<!DOCTYPE html [<!ENTITY l0 "ha">{laughs}<!ENTITY s SYSTEM "file://{secret}">]>'
    body = page("<h1>Chapter 1</h1><p>Text &l11; &s; end.</p>").replace("<html", evil + "<html", 1)

    with at_most(32):
        book = read_epub(build_epub(tmp_path, pages={"a.xhtml": body}), original_name="x")

    assert book.chapters[0].text == "Text end."


@pytest.mark.parametrize("declared", ['"Words of it. "', 'SYSTEM "file:///etc/passwd"'])
def test_f39_text_in_entities_is_no_lack_of_text(tmp_path: Path, declared: str) -> None:
    """F39: a book whose text is in entities is refused for these, and not as a book without text."""
    evil = f"<!DOCTYPE html [<!ENTITY a {declared}><!ENTITY b '&a;&a;'>]>"
    body = page("<p>&b;</p>").replace("<html", evil + "<html", 1)

    refuse(build_epub(tmp_path, pages={"a.xhtml": body}), match=r"a\.xhtml has text in entities .*Convert it again")


def test_html_s_own_entities_are_no_loss(tmp_path: Path) -> None:
    """Many books declare what HTML has anyway, and entities that they do not use."""
    declared = '<!DOCTYPE html [<!ENTITY nbsp "&#160;"><!ENTITY unused "x">]>'
    body = page("<h1>Chapter 1</h1><p>Two&nbsp;words.</p>").replace("<html", declared + "<html", 1)
    book = read_epub(build_epub(tmp_path, pages={"a.xhtml": body}), original_name="x")

    assert (book.chapters[0].text, book.warnings) == ("Two words.", ())


def test_f39_text_nested_too_deep_is_no_lack_of_text(tmp_path: Path) -> None:
    """F39: a book whose text is nested beyond what the parser takes is refused for that."""
    body = page("<div>" * 5_000 + "deep words" + "</div>" * 5_000)

    refuse(build_epub(tmp_path, pages={"a.xhtml": body}), match=r"cannot be read: .*nested more than 2,048 levels deep")


@pytest.mark.parametrize("depth", [100, 250, 10_000])
def test_deep_nesting_exhausts_no_stack(tmp_path: Path, depth: int) -> None:
    """Nested elements are read flat beyond a depth, and refused beyond what the parser takes."""
    body = "<h1>Chapter 1</h1><p>First words.</p>" + "<div>" * depth + "deep words" + "</div>" * depth

    book = read_epub(build_epub(tmp_path, pages={"a.xhtml": page(body)}), original_name="x")

    assert book.chapters[0].text.startswith("First words.")
    assert ("deep words" in book.chapters[0].text) == (depth <= 250)


def test_a_document_of_a_million_tags_costs_only_itself(tmp_path: Path) -> None:
    """Documents with more tags than a tree may hold are left out with a warning."""
    pages = {"a.xhtml": page("<b/>" * 1_000_001), "b.xhtml": page(f"<h1>Chapter 1</h1>{prose(30)}")}

    book = read_epub(build_epub(tmp_path, pages=pages), original_name="x")

    assert [chapter.title for chapter in book.chapters] == ["Chapter 1"]
    assert "more than 1,000,000 tags" in book.warnings[0]


def test_mutated_books_give_chapters_or_a_reason(tmp_path: Path) -> None:
    """Whatever byte is changed or cut, nothing but a rejection comes out."""
    data = build_epub(tmp_path, pages={f"{at}.xhtml": page(prose(40)) for at in range(3)}).read_bytes()
    path = tmp_path / "mutant.epub"
    for at in range(0, len(data), 17):
        changed = data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]
        path.write_bytes(changed if at % 2 else data[:at])
        try:
            read_epub(path, original_name="x")
        except Rejected:
            continue


def test_a_whole_epub_is_whole(tmp_path: Path) -> None:
    """The inbox takes what has all its members and an EPUB's container."""
    assert check_structure(build_epub(tmp_path, pages={"a.xhtml": page(prose(20))})).state == "whole"


@pytest.mark.parametrize("kept", [0, 1, 4, 100, 1000, -1, -22])
def test_a_truncated_epub_is_incomplete(tmp_path: Path, kept: int) -> None:
    """A copy under way may still grow, at whatever byte it stands."""
    path = build_epub(tmp_path, pages={"a.xhtml": page(prose(20))})
    path.write_bytes(path.read_bytes()[:kept])

    assert check_structure(path).state == "incomplete"


def test_a_preallocated_epub_is_incomplete(tmp_path: Path) -> None:
    """A copy that has its final size but zeros at its start, middle or end is not whole."""
    path = build_epub(tmp_path, pages={f"{at}.xhtml": page(prose(999)) for at in range(9)})
    data = path.read_bytes()
    third = len(data) // 3
    for start in (0, third, 2 * third):
        path.write_bytes(data[:start] + bytes(third) + data[start + third :])

        assert check_structure(path).state == "incomplete"


LISTED = struct.Struct("<4sBBBBHHHHLLLHHHHHLL")
END_64 = struct.Struct("<4sQHHLLQQQQ")
LOCATOR_64 = struct.Struct("<4sLQL")
END = struct.Struct("<4sHHHHLLH")


def write_long_list(path: Path, *, count: int, kind: str) -> Path:
    """A zip whose list has so many members, and an end that owns up to one of them."""
    local = struct.pack("<4sHHHHHLLLHH", b"PK\3\4", 20, *[0] * 7, 1, 0) + b"m"
    listed = LISTED.pack(b"PK\1\2", 20, 3, 20, *[0] * 8, 1, *[0] * 6) + b"m"
    decoy = END_64.pack(b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, len(listed), 0)
    whole = listed * count
    begin = len(local) + len(decoy)
    end_64 = END_64.pack(b"PK\6\6", 44, 45, 45, 0, 0, count, count, len(whole), begin)
    said = {"decoy": len(local), "ahead": begin + len(whole)}.get(kind)
    if said is None:
        end = END.pack(b"PK\5\6", 0, 0, 1, 1, len(whole), begin, 0)
    else:
        end = end_64 + LOCATOR_64.pack(b"PK\6\7", 0, said, 1) + END.pack(b"PK\5\6", 0, 0, 1, 1, len(listed), 0, 0)
    path.write_bytes(local + decoy + whole + end)
    return path


@pytest.mark.parametrize("kind", ["decoy", "ahead", "plain"])
def test_f15_no_list_of_members_is_built_at_any_length(tmp_path: Path, kind: str) -> None:
    """F15: however a zip hides how long its list is, the inbox builds none of it, and the reader refuses it."""
    path = write_long_list(tmp_path / "long.epub", count=150_000, kind=kind)

    with at_most(12):
        assert check_structure(path).state == "whole"  # for the reader to refuse
    with at_most(12):
        refuse(path, match="members, more than|two lists of members")


def test_f15_the_inbox_looks_at_a_list_as_it_is_read_not_as_it_was_measured(tmp_path: Path) -> None:
    """F15: a list that grows after its length was looked at is read no further than that length."""
    path = write_long_list(tmp_path / "long.epub", count=3, kind="plain")
    with path.open("rb") as file:
        directory = find_directory(file)
        assert directory is not None
        write_long_list(path, count=150_000, kind="plain")
        with at_most(12):
            members = list(listed_members(file, directory))

    assert len(members) <= 3


@pytest.mark.parametrize("prefix", [b"", b"PK\3\4 something of a download tool's"])
@pytest.mark.parametrize("is_long", [False, True])
def test_a_list_is_found_where_zipfile_finds_it(tmp_path: Path, *, prefix: bytes, is_long: bool) -> None:
    """With and without 64-bit records, and with bytes before the zip."""
    path = tmp_path / "x.epub"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("mimetype", "META-INF/container.xml", "a.xhtml"):
            archive.writestr(name, b"words")
    data = path.read_bytes()
    if is_long:
        at = data.rindex(b"PK\5\6")
        _, _, _, _, count, size, start, _ = END.unpack(data[at:])
        long_end = END_64.pack(b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, start)
        full = END.pack(b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
        data = data[:at] + long_end + LOCATOR_64.pack(b"PK\6\7", 0, at, 1) + full
    path.write_bytes(prefix + data)

    with path.open("rb") as file, zipfile.ZipFile(path) as archive:
        directory = find_directory(file)
        assert directory is not None and not excess_of(directory)
        members = list(listed_members(file, directory))

        expected = [(member.filename.encode(), member.header_offset) for member in archive.infolist()]
    assert members == expected
    assert check_structure(path).state == "whole"


@pytest.mark.parametrize("data", [b"<!DOCTYPE html><p>404", b"\xff\xd8\xff\xe0", b"PK\x05\x06" + bytes(18), b"hello"])
def test_what_is_no_zip_is_foreign(tmp_path: Path, data: bytes) -> None:
    """Web pages, pictures and empty zips will never become an EPUB."""
    path = tmp_path / "x.epub"
    path.write_bytes(data)

    found = check_structure(path)

    assert found.state == "foreign" and found.reason
    refuse(path, match="not an EPUB|anything in it")


def test_a_zip_that_is_no_epub_is_foreign(tmp_path: Path) -> None:
    """A zip of pictures is refused with a reason."""
    path = write_zip(tmp_path / "photos.zip", {"a.jpg": b"x"})

    assert check_structure(path).state == "foreign"
    refuse(path, match="no package document")


def test_the_structural_check_needs_only_the_standard_library() -> None:
    """The inbox imports it in a process that must not hold parsers."""
    code = "import sys, imaginized.reading.structure; print({'lxml', 'ebooklib'} & set(sys.modules))"

    shown = run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert shown.stdout.strip() == "set()"


def test_reading_leaves_no_descriptor_open(tmp_path: Path) -> None:
    """Books that are refused close their file, too."""
    path = tmp_path / "x.epub"
    path.write_bytes(io.BytesIO(b"PK\x03\x04").getvalue())
    before = len(list(Path("/proc/self/fd").iterdir()))

    for _ in range(5):
        refuse(path, match="breaks off")

    assert len(list(Path("/proc/self/fd").iterdir())) == before


@pytest.mark.parametrize(
    ("body", "match"),
    [
        ("<p>" + "word " * 1_000_000 + "</p>", "more than 50 times its size"),
        ("<h2>Entry</h2>" * 30_001 + prose(3), "more than 30,000 headings"),
        ("<p " + " ".join(f'a{n}=""' for n in range(20_000)) + ">word</p>", "5,000 attributes"),
    ],
    ids=["repetition", "headings", "attributes"],
)
def test_what_would_take_minutes_is_refused_with_the_word(tmp_path: Path, body: str, match: str) -> None:
    """A small file may not hold a worker for minutes: what no book has is found before the costly part."""
    refuse(build_epub(tmp_path, pages={"a.xhtml": page(body)}), match=match)


def test_a_book_of_millions_of_tags_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted over all documents together, and in large books only."""
    monkeypatch.setattr(limits, "TEXT_COUNTS_FROM_BYTES", 0)
    monkeypatch.setattr(limits, "MAX_BOOK_TAGS", 1_000)

    one = page("".join(f"<p>{n}</p>" for n in range(200)))

    refuse(build_epub(tmp_path, pages={f"{n}.xhtml": one for n in range(5)}), match="1,000 tags")


@pytest.mark.parametrize(("size", "seconds"), [(0, 30), (1_400_000, 43), (MEBIBYTE * 500, 120)])
def test_processor_time_goes_by_size(tmp_path: Path, size: int, seconds: int) -> None:
    """A small file gets seconds, a large one minutes."""
    path = tmp_path / "book.epub"
    with path.open("wb") as file:
        file.truncate(size)

    assert limits_for(path).cpu_seconds == seconds


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_members_are_read_as_zipfile_does(tmp_path: Path, how: int) -> None:
    """In one go where nothing is unusual about them, else by its stream; damage is found either way."""
    path = tmp_path / "a.epub"
    with zipfile.ZipFile(path, "w", how) as archive:
        archive.writestr("Über.xhtml", b"word " * 2_000)
    with Archive(path) as whole:
        assert whole.read("Über.xhtml") == b"word " * 2_000
    data = bytearray(path.read_bytes())
    at = len(data) // 4
    data[at] ^= 0xFF
    path.write_bytes(data)

    with Archive(path) as damaged, pytest.raises(Unreadable, match="damaged"):
        damaged.read("Über.xhtml")
