"""Damage to books, by chance but repeatable: what a seed did once it does again."""

import io
import re
import struct
import warnings
import zipfile
from collections.abc import Callable, Sequence
from random import Random

MAX_GROWTH = 8 << 20  # bytes that one change may add to a member
Mutation = Callable[[bytes, Random], bytes]
Members = list[tuple[str, bytes]]

HOSTILE_NAMES = (
    "../../../outside",
    "/tmp/outside",
    "..\\..\\outside",
    "C:\\outside",
    "OPS/../../outside.xhtml",
    "a" * 3000,
    "OPS/\u202egpj.xhtml",
    "OPS/new\nline.xhtml",
    "%2e%2e/%2e%2e/outside",
    " ",
)
_TAGS = (b"div", b"p", b"section", b"li", b"ol", b"span", b"table", b"h1", b"svg", b"ruby", b"a", b"navPoint", b"nav")
_BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;">'
    b'<!ENTITY d SYSTEM "file:///etc/passwd">]>'
)
_ENCODINGS = (b"utf-16", b"shift_jis", b"utf-7", b"idna", b"rot13", b"latin-1", b"ebcdic", b"utf-8-sig", b"hex")
_LOOKED_AT = (".opf", "html", ".ncx", "content.xml", "document.xml", "styles.xml", ".fb2")
_CENTRAL, _LOCAL, _END = b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"
_REFERENCE = re.compile(rb"\b(\d{1,5}) 0 R\b")
_NUMBER = re.compile(rb"(?<![\w.])\d{1,6}(?![\w.])")
_OBJECT = re.compile(rb"\n\d+ 0 obj.*?endobj", re.DOTALL)
_KEYWORD = re.compile(rb"/[A-Z][A-Za-z0-9]+")


def mutate_epub(data: bytes, random: Random) -> bytes:
    """One to three kinds of damage to an EPUB, to its zip container or to what is in it."""
    return _apply(data, random, kinds=(*_BYTE_KINDS, *_MEMBER_KINDS, *_MEMBER_KINDS))


def mutate_pdf(data: bytes, random: Random) -> bytes:
    """One to three kinds of damage to a PDF, to its bytes or to its objects."""
    return _apply(data, random, kinds=(*_BYTE_KINDS, *_PDF_KINDS, *_PDF_KINDS))


def mutate_markup(data: bytes, random: Random) -> bytes:
    """One to three kinds of damage to XML, HTML, Markdown or plain text."""
    return _apply(data, random, kinds=(*_BYTE_KINDS, _nest, _nest, _misencode, _declare_entities))


def mutate_rtf(data: bytes, random: Random) -> bytes:
    """One to three kinds of damage to Rich Text, to its bytes, groups or numbers."""
    return _apply(data, random, kinds=(*_BYTE_KINDS, _nest_groups, _enlarge_numbers, _insert_words))


def mutate_kindle(data: bytes, random: Random) -> bytes:
    """One to three kinds of damage to a Kindle book, to its bytes or to the numbers of its headers."""
    return _apply(data, random, kinds=(*_BYTE_KINDS, *[_lie_in_records] * 5))


def _nest_groups(data: bytes, random: Random) -> bytes:
    at, depth = random.randrange(len(data) + 1), random.choice((10, 300, 30_000))
    return data[:at] + b"{" * depth + data[at:] + b"}" * (depth if random.random() < 0.5 else 0)


def _enlarge_numbers(data: bytes, random: Random) -> bytes:
    numbers = list(re.finditer(rb"(?<=[a-z])-?\d{1,6}", data))
    if not numbers:
        return data
    found = random.choice(numbers)
    return data[: found.start()] + random.choice((b"-1", b"0", b"4294967295", b"99999999999999")) + data[found.end() :]


def _insert_words(data: bytes, random: Random) -> bytes:
    words = (
        rb"\bin999999 ",
        rb"\uc9999 ",
        rb"\u65536?",
        rb"\'zz",
        rb"{\pict\bin5 x}",
        rb"\ansicpg0 ",
        rb"{\*\fonttbl{\f9\fcharset999 x;}}",
    )
    at = random.randrange(len(data) + 1)
    return data[:at] + random.choice(words) * random.choice((1, 1, 50)) + data[at:]


def _lie_in_records(data: bytes, random: Random) -> bytes:
    """Change a number in the list of records, in the first one, or in one that is an index or a table."""
    if len(data) < 100:
        return data
    (first,) = struct.unpack_from(">L", data, 78)
    tables = [match.start() for match in re.finditer(b"INDX|FDST|EXTH|TAGX|HUFF|CDIC|MOBI", data)] or [0]
    start = random.choice((76, min(first, len(data) - 4), random.choice(tables), random.choice(tables)))
    at = min(start + random.randrange(260), len(data) - 4)
    number = struct.pack(">L", random.choice((0, 1, 2, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, random.randrange(1 << 20))))
    size = random.choice((1, 2, 4))
    return data[:at] + number[4 - size :] + data[at + size :]


def _apply(data: bytes, random: Random, *, kinds: Sequence[Mutation]) -> bytes:
    for _ in range(random.choice((1, 1, 2, 3))):
        data = random.choice(kinds)(data, random)
    return data


def _flip(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(random.choice((1, 4, 32, 256)) if changed else 0):
        changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def _truncate(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data) + 1)]


def _insert(data: bytes, random: Random) -> bytes:
    at = random.randrange(len(data) + 1)
    return data[:at] + random.randbytes(random.choice((1, 7, 4000))) + data[at:]


def _repeat(data: bytes, random: Random) -> bytes:
    start, at = random.randrange(len(data) + 1), random.randrange(len(data) + 1)
    return data[:at] + data[start : start + random.randrange(1, 20_000)] + data[at:]


def _cut_out(data: bytes, random: Random) -> bytes:
    start = random.randrange(len(data) + 1)
    return data[:start] + data[start + random.randrange(1, 2000) :]


def _blank(data: bytes, random: Random) -> bytes:
    start, size = random.randrange(len(data) + 1), random.randrange(1, 5000)
    return data[:start] + bytes(min(size, len(data) - start)) + data[start + size :]


def _lie_in_headers(data: bytes, random: Random) -> bytes:
    """Change a number in the container's own records: sizes, offsets, counts, methods, flags."""
    record = random.choice((_CENTRAL, _LOCAL, _END))
    places = [match.start() for match in re.finditer(re.escape(record), data)]
    if not places:
        return data
    at = random.choice(places) + random.randrange(4, 46)
    number = struct.pack("<L", random.choice((0, 1, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, random.randrange(1 << 20))))
    return data[:at] + number[: random.choice((1, 2, 4))] + data[at + 4 :]


_BYTE_KINDS: tuple[Mutation, ...] = (_flip, _flip, _truncate, _insert, _repeat, _cut_out, _blank)


def _by_members(change: Callable[[Members, Random], Members]) -> Mutation:
    """A mutation of the members of a zip; what is no zip (any more) is flipped instead."""

    def mutate(data: bytes, random: Random) -> bytes:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                members = [(each.filename, archive.read(each)) for each in archive.infolist()[:3000]]
            return pack(change(members, random) if members else members)
        except Exception:  # noqa: BLE001 - the archive was broken by an earlier mutation, in whatever way
            return _flip(data, random)

    return mutate


def pack(members: Members) -> bytes:
    """A zip file of these."""
    target = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        warnings.simplefilter("ignore")  # of names that come twice, which is the point
        for name, content in members:
            archive.writestr(name, content)
    return target.getvalue()


def _pick(members: Members, random: Random, *, suffix: str = "") -> int:
    """Any member, but rather one of those that a reader looks at."""
    told = [at for at, (name, _) in enumerate(members) if name.lower().endswith(suffix or _LOOKED_AT)]
    return random.choice(told) if told and random.random() < 0.9 else random.randrange(len(members))


def _edit(change: Mutation) -> Callable[[Members, Random], Members]:
    def edit(members: Members, random: Random) -> Members:
        at = _pick(members, random)
        return [*members[:at], (members[at][0], change(members[at][1], random)), *members[at + 1 :]]

    return edit


def _drop(members: Members, random: Random) -> Members:
    at = _pick(members, random)
    return members[:at] + members[at + 1 :]


def _double(members: Members, random: Random) -> Members:
    return [*members, (members[_pick(members, random)][0], members[_pick(members, random)][1])]


def _rename(members: Members, random: Random) -> Members:
    at = _pick(members, random)
    return [*members[:at], (random.choice(HOSTILE_NAMES), members[at][1]), *members[at + 1 :]]


def _swap(members: Members, random: Random) -> Members:
    one, other = _pick(members, random), _pick(members, random)
    changed = list(members)
    changed[one], changed[other] = (members[one][0], members[other][1]), (members[other][0], members[one][1])
    return changed


def _encrypt(members: Members, random: Random) -> Members:
    name = random.choice(("META-INF/encryption.xml", "META-INF/rights.xml"))
    return [*members, (name, random.choice((b"", b"<encryption/>", random.randbytes(50))))]


def _edit_manifest(members: Members, random: Random) -> Members:
    """Double, drop, empty or misdirect lines of the package document."""
    at = _pick(members, random, suffix=".opf")
    name, content = members[at]
    lines = re.split(rb"(?=<(?:item|itemref|reference|meta|dc:\w+)\b)", content)
    most = len(content) + MAX_GROWTH
    for _ in range(random.choice((1, 3, 20))):
        line = random.randrange(len(lines))
        lines[line] = _change_line(lines[line], random, room=most - sum(map(len, lines)))
    return [*members[:at], (name, b"".join(lines)), *members[at + 1 :]]


def _change_line(line: bytes, random: Random, *, room: int) -> bytes:
    """A line doubled, emptied or misdirected.

    A member without such lines is one line: 300 times that, 300 times over, fills any memory. `room` bounds it.
    """
    most = max(room // (len(line) + 1), 1)
    value = _new_value(random)
    misdirected = re.sub(rb'="[^"]*"', value, line) if line.count(b'="') * len(value) < room else b""
    return random.choice((b"", line * min(2, most), line * min(300, most), misdirected, b"<item/>"))


def _new_value(random: Random) -> bytes:
    values = ("", "#", "../../../../etc/passwd", "http://localhost:9/x", "%", "%00", "nav", "no", "x" * 5000, "a#b#c")
    return b'="%s"' % random.choice(values).encode()


def _nest(content: bytes, random: Random) -> bytes:
    """Open one element many times over, closed or not, around something in the middle."""
    tag, depth = random.choice(_TAGS), random.choice((10, 199, 201, 255, 300, 2100, 30_000))
    at = random.randrange(len(content) + 1)
    end = b"</%s>" % tag * depth if random.random() < 0.5 else b""
    return content[:at] + b"<%s>" % tag * depth + b"deep" + end + content[at:]


def _misencode(content: bytes, random: Random) -> bytes:
    declared = b'<?xml version="1.0" encoding="%s"?>' % random.choice(_ENCODINGS)
    rest = content[content.find(b"?>") + 2 :] if content.startswith(b"<?xml") else content
    return declared + rest


def _declare_entities(content: bytes, random: Random) -> bytes:
    start = content.find(b"?>") + 2 if content.startswith(b"<?xml") else 0
    uses = random.choice((b"&c;", b"&d;", b"&#0;&#xFFFFFFFF;", b"&amp", b"<![CDATA["))
    return content[:start] + _BOMB + content[start:].replace(b"<p>", b"<p>" + uses, 5)


def _drop_tags(content: bytes, random: Random) -> bytes:
    share = random.choice((0.01, 0.3, 1.0))
    return re.sub(rb"</\w+>", lambda tag: b"" if random.random() < share else tag[0], content)


def _make_huge(content: bytes, random: Random) -> bytes:
    piece = random.choice((b"<p>x</p>", b"word ", b"<br/>", b"<a href='#a'>1</a>", b"* * *", b"<p id='a'/>", b"&nbsp;"))
    at = content.find(b"</body>") if b"</body>" in content else len(content)
    return content[:at] + piece * random.choice((1000, 50_000)) + content[at:]


_MEMBER_KINDS: tuple[Mutation, ...] = (
    _lie_in_headers,
    *map(_by_members, (_drop, _double, _rename, _swap, _encrypt, _edit_manifest, _edit_manifest)),
    *(_by_members(_edit(change)) for change in (*_BYTE_KINDS, _nest, _misencode, _declare_entities)),
    *(_by_members(_edit(change)) for change in (_drop_tags, _make_huge)),
)


def _redirect(data: bytes, random: Random) -> bytes:
    """Have some references point to other objects, themselves and their parents included."""
    return _substitute(_REFERENCE, data, random, new=lambda: b"%d 0 R" % random.choice((0, 1, 2, 5, 7, 9, 99_999)))


def _renumber(data: bytes, random: Random) -> bytes:
    numbers = (0, 1, -1, 65_536, 2_147_483_647, 99_999_999_999)
    return _substitute(_NUMBER, data, random, new=lambda: b"%d" % random.choice(numbers))


def _rekey(data: bytes, random: Random) -> bytes:
    words = (b"/Pages", b"/Page", b"/Kids", b"/Null", b"/Parent", b"/Next", b"/FlateDecode", b"/Encrypt", b"/Font")
    return _substitute(_KEYWORD, data, random, new=lambda: random.choice(words))


def _drop_objects(data: bytes, random: Random) -> bytes:
    return _substitute(_OBJECT, data, random, new=lambda: b"\n")


def _substitute(pattern: re.Pattern[bytes], data: bytes, random: Random, *, new: Callable[[], bytes]) -> bytes:
    found = [match.span() for match in pattern.finditer(data)]
    picked = random.sample(found, min(len(found), random.choice((1, 5, 50))))
    for start, end in sorted(picked, reverse=True):
        data = data[:start] + new() + data[end:]
    return data


_PDF_KINDS: tuple[Mutation, ...] = (_redirect, _renumber, _rekey, _drop_objects)
