"""Made books that try the words: encodings, names in zips, what is hidden, notes, drop caps, and the other formats."""

# ruff: noqa: E501  markup as programs write it is not broken into lines

import shutil
import subprocess
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.support import pdfs
from tests.support.made_books import (
    Entry,
    Made,
    Must,
    chapters,
    epub,
    listed,
    page,
    prose,
    sentences,
    write_members,
)

_FOUR = [f"Chapter {n}" for n in range(1, 5)]


# ---------------------------------------------------------------- encodings


def _encoded(
    name: str, label: str, codec: str, word: str, *, of: str = "en", meta: bool = False, bom: bytes = b""
) -> Made:
    """Documents whose declaration says `label` and whose bytes are `codec`."""

    def build(folder: Path) -> Path:
        documents: dict[str, str | bytes] = {}
        for n in range(1, 4):
            text = page(f"<h1>{n}. {sentences(2, of=of)}</h1><p>{word}</p>" + prose(500, of=of, seed=n))
            text = text.replace(
                '<?xml version="1.0" encoding="utf-8"?>\n',
                "" if meta or not label else f'<?xml version="1.0" encoding="{label}"?>\n',
            )
            if meta:
                text = text.replace(
                    "<title>", f'<meta http-equiv="Content-Type" content="text/html; charset={label}"/><title>'
                )
            documents[f"c{n}.html"] = bom + text.encode(codec, "xmlcharrefreplace")
        return epub(folder, documents, toc=[(str(n), f"c{n}.html") for n in range(1, 4)], is_old=True, language=of[:2])

    return Made(name=f"encoding-{name}", build=build, must=Must(count=3, has=[word]))


_ENCODINGS = [
    _encoded("cp1250", "windows-1250", "cp1250", "Žluťoučký kůň – „úpěl“", of="cs"),
    _encoded("cp1250-as-latin2", "iso-8859-2", "iso8859-2", "Święto łąki żółte", of="pl"),
    _encoded("cp1251", "windows-1251", "cp1251", "«Чёрный кот» — сказал", of="ru"),
    _encoded("cp1251-meta", "windows-1251", "cp1251", "«Чёрный кот» — сказал", of="ru", meta=True),
    _encoded("koi8", "koi8-r", "koi8_r", "чёрный кот спал", of="ru"),
    _encoded("cp1253", "windows-1253", "cp1253", "Το παλιό σπίτι", of="el"),
    _encoded("latin5", "iso-8859-9", "cp1254", "“Çağrı geldi” — dedi Işık…", of="tr"),
    _encoded("cp1255", "windows-1255", "cp1255", "הבית הישן ליד הנהר", of="he"),
    _encoded("cp1256", "windows-1256", "cp1256", "البيت القديم قرب النهر", of="ar"),
    _encoded("tis620", "tis-620", "cp874", "บ้านเก่าริมน้ำ “เงียบ”", of="th"),
    _encoded("big5", "big5", "cp950", "老屋在河邊，燈還亮著", of="zht"),
    _encoded("euckr", "euc-kr", "cp949", "똠방각하가 펲시를", of="ko"),
    _encoded("ksc", "ks_c_5601-1987", "cp949", "강가의 낡은 집", of="ko", meta=True),
    _encoded("xsjis", "x-sjis", "cp932", "①髙い橋と川", of="ja"),
    _encoded("eucjp", "euc-jp", "euc_jp", "古い家の灯り", of="ja"),
    _encoded("gb18030", "gb2312", "gb18030", "老屋在河边，灯还亮着，喆哥说", of="zh", meta=True),
    _encoded("utf8-says-latin1", "iso-8859-1", "utf-8", "“It’s grey,” said Zoë — twice.", of="en"),
    _encoded("utf8-says-cp1251", "windows-1251", "utf-8", "«Чёрный кот» — сказал", of="ru"),
    _encoded("utf8-bom-says-cp1252", "windows-1252", "utf-8", "“It’s grey,” said Zoë.", of="en", bom=b"\xef\xbb\xbf"),
    _encoded("says-nothing-cp1252", "", "cp1252", "“It’s grey,” said Zoë — twice.", of="en"),
    _encoded("says-nothing-cp1251", "", "cp1251", "Чёрный кот спал у двери", of="ru"),
    _encoded("utf16-bom", "utf-16", "utf-16", "Žluťoučký kůň", of="cs"),
    _encoded("utf16le-no-bom", "utf-16", "utf-16-le", "Žluťoučký kůň", of="cs"),
    _encoded("utf16be-no-bom", "utf-16be", "utf-16-be", "Žluťoučký kůň", of="cs"),
    _encoded("says-utf8-is-cp1252", "utf-8", "cp1252", "“It’s grey,” said Zoë — twice.", of="en"),
]


# ---------------------------------------------------------------- names in zips


def _zip_gbk_names(folder: Path) -> Path:
    """Names in GBK without the flag, as Chinese Windows programs write; the package has them in UTF-8."""
    titles = ["第一章", "第二章", "第三章"]
    documents = {f"{t}.xhtml": d for t, d in zip(titles, chapters(titles, of="zh", words=900).values(), strict=True)}
    path = epub(folder, documents, toc=listed(titles, documents), language="zh", name="plain.epub")
    raw = path.read_bytes()
    for t in titles:
        assert len(t.encode("gbk")) == 6
    out = folder / "gbk.epub"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        for each in old.namelist():
            new.writestr(each.encode("gbk").decode("cp437") if not each.isascii() else each, old.read(each))
    data = bytearray(out.read_bytes())
    with zipfile.ZipFile(out) as made:
        swaps = {each.encode(): each.encode("cp437") for each in made.namelist() if not each.isascii()}
    assert raw and swaps
    return _rename_raw(old=path, out=out, encoding="gbk") if data else out


def _rename_raw(*, old: Path, out: Path, encoding: str) -> Path:
    """Write the members again with names in an encoding and without the flag of UTF-8."""

    class Info(zipfile.ZipInfo):
        def _encodeFilenameFlags(self) -> tuple[bytes, int]:
            return self.filename.encode(encoding), self.flag_bits & ~0x800

    with zipfile.ZipFile(old) as source, zipfile.ZipFile(out, "w") as target:
        for each in source.infolist():
            info = Info(each.filename)
            target.writestr(info, source.read(each))
    return out


def _zip_backslash_down(folder: Path) -> Path:
    """Backslashes, everything one folder down."""
    documents = chapters(_FOUR, words=700)
    path = epub(folder, documents, toc=listed(_FOUR, documents), name="plain.epub")
    with zipfile.ZipFile(path) as old:
        members = {f"My Book\\{each.replace('/', chr(92))}": old.read(each) for each in old.namelist()}
    return write_members(folder / "down.epub", members)


def _zip_case(folder: Path) -> Path:
    """The package names Text/Ch1.xhtml, the zip has text/ch1.xhtml."""
    documents = {f"Text/Ch{n}.xhtml": d for n, d in enumerate(chapters(_FOUR, words=700).values(), 1)}
    path = epub(folder, documents, toc=listed(_FOUR, documents), name="plain.epub")
    with zipfile.ZipFile(path) as old:
        members = {each.lower() if "Text/" in each else each: old.read(each) for each in old.namelist()}
    return write_members(folder / "case.epub", members)


def _zip_percent(folder: Path) -> Path:
    """Percent-encoded in the package and the contents, plain in the zip."""
    documents = {f"Chapter%20{n}%20%E2%80%93.xhtml": d for n, d in enumerate(chapters(_FOUR, words=700).values(), 1)}
    path = epub(folder, documents, toc=listed(_FOUR, documents), name="plain.epub")
    with zipfile.ZipFile(path) as old:
        members = {each.replace("%20", " ").replace("%E2%80%93", "–"): old.read(each) for each in old.namelist()}
    return write_members(folder / "percent.epub", members)


def _zip_dots(folder: Path) -> Path:
    """ "./" before each member, the mimetype missing, the package in the root."""
    documents = chapters(_FOUR, words=700)
    path = epub(folder, documents, toc=listed(_FOUR, documents), root="", name="plain.epub")
    with zipfile.ZipFile(path) as old:
        members = {f"./{each}": old.read(each) for each in old.namelist() if each != "mimetype"}
    return write_members(folder / "dots.epub", members)


# ---------------------------------------------------------------- what readers do not see


def _hidden(name: str, css: str, markup: str, *, is_read: bool = False, inline: bool = False) -> Made:
    word = "STOLENWORD this tale was taken without the author's consent"

    def build(folder: Path) -> Path:
        documents = {}
        for n in range(1, 5):
            body = f"<h1>Chapter {n}</h1>" + prose(300, seed=n) + markup.format(word) + prose(300, seed=n + 9)
            head = f"<style>{css}</style>" if inline else '<link rel="stylesheet" type="text/css" href="style.css"/>'
            documents[f"c{n}.xhtml"] = page(body, head=head)
        return epub(folder, documents, toc=listed(_FOUR, documents), extra=None if inline else {"style.css": css})

    must = Must(count=4, has=["STOLENWORD"]) if is_read else Must(count=4, hasnt=["STOLENWORD", "consent"])
    return Made(name=f"hidden-{name}", build=build, must=must)


_HIDDEN = [
    _hidden("class", ".cnNiNTc2 { display : NONE ; }", '<p class="cnNiNTc2">{}</p>'),
    _hidden("span-mid", "span.x9{display:none;speak:never}", '<p>The lamp. <span class="a x9">{}</span> The door.</p>'),
    _hidden("id", "#trap { display: none }", '<div id="trap"><p>{}</p></div>'),
    _hidden("inline", "", '<p style="color:red; display:none">{}</p>'),
    _hidden("inline-spaces", "", '<p style="DISPLAY : none !important">{}</p>'),
    _hidden("attribute", "", '<p hidden="hidden">{}</p>'),
    _hidden("child", "div.c > p.q, .other { color:red; display:none }", '<div class="c"><p class="q">{}</p></div>'),
    _hidden(
        "descendant", ".c .q { display:none }", '<div class="c"><blockquote><p class="q">{}</p></blockquote></div>'
    ),
    _hidden("important", "p.q{display:none!important} p.q{display:block}", '<p class="q">{}</p>'),
    _hidden("style-element", ".q{display:none}", '<p class="q">{}</p>', inline=True),
    _hidden("media-all", "@media screen { .q { display:none } }", '<p class="q">{}</p>'),
    _hidden("comment", "/* .z{} */ .q/**/{ display: /* no */ none; }", '<p class="q">{}</p>'),
    _hidden("visibility", ".q{visibility:hidden}", '<p class="q">{}</p>'),
    _hidden("attribute-selector", '[data-x="1"]{display:none}', '<p data-x="1">{}</p>'),
    _hidden(
        "import",
        '@charset "utf-8"; @font-face{font-family:x;src:url(x)} .q{font-size:1em;display:none}',
        '<p class="q">{}</p>',
    ),
    _hidden("read-media-print", "@media print { .q { display:none } }", '<p class="q">{}</p>', is_read=True),
    _hidden("read-media-mobi", "@media amzn-mobi { .q { display:none } }", '<p class="q">{}</p>', is_read=True),
    _hidden("read-override", ".q{display:none} p.q{display:block}", '<p class="q">{}</p>', is_read=True),
    _hidden("read-white", ".q{color:#fff;background:#fff}", '<p class="q">{}</p>', is_read=True),
    _hidden("read-other-class", ".q2{display:none} .aq{display:none}", '<p class="q">{}</p>', is_read=True),
    _hidden("read-comment", "/* .q{display:none} */", '<p class="q">{}</p>', is_read=True),
    _hidden("read-hover", ".q:hover{display:none} .q::before{display:none}", '<p class="q">{}</p>', is_read=True),
]


# ---------------------------------------------------------------- notes


def _notes(name: str, mark: str, body: str, *, wrap: str = "{}", is_apart: bool = False) -> Made:
    """Three notes a chapter; `n` their number. The bodies stand at the chapter's end or in a document apart."""
    sentence = "The keeper lit the lamp{} before the door was open."

    def build(folder: Path) -> Path:
        documents: dict[str, str] = {}
        apart = []
        for c in range(1, 5):
            target = "notes.xhtml" if is_apart else ""
            marks = "".join(
                "<p>"
                + sentence.format(mark.format(n=n, f=target, k=f"{c}x{n}"))
                + " "
                + sentences(60, seed=n + c)
                + "</p>"
                + prose(120, seed=n)
                for n in (1, 2, 3)
            )
            bodies = [
                body.format(n=n, k=f"{c}x{n}", f=f"c{c}.xhtml", w=f"NOTEWORD see the first edition, page {n}.")
                for n in (1, 2, 3)
            ]
            apart += bodies
            documents[f"c{c}.xhtml"] = page(
                f"<h1>Chapter {c}</h1>{marks}" + ("" if is_apart else wrap.format("".join(bodies)))
            )
        if is_apart:
            documents["notes.xhtml"] = page("<h1>Notes</h1>" + wrap.format("".join(apart)))
        toc: list[Entry] = listed(_FOUR, {k: "" for k in list(documents)[:4]})
        return epub(folder, documents, toc=[*toc, ("Notes", "notes.xhtml")] if is_apart else toc)

    must = Must(titles=_FOUR, has=["The keeper lit the lamp before the door was open."], hasnt=["NOTEWORD"])
    return Made(name=f"notes-{name}", build=build, must=must)


_NOTES = [
    _notes(
        "libreoffice",
        '<a class="sdfootnoteanc" id="sdfootnote{n}anc" href="#sdfootnote{n}sym"><sup>{n}</sup></a>',
        '<div id="sdfootnote{n}"><p class="sdfootnote"><a class="sdfootnotesym" id="sdfootnote{n}sym" href="#sdfootnote{n}anc">{n}</a> {w}</p></div>',
    ),
    _notes(
        "word",
        '<a href="#_ftn{n}" id="_ftnref{n}"><span class="MsoFootnoteReference"><span>[{n}]</span></span></a>',
        '<div id="ftn{n}"><p class="MsoFootnoteText"><a href="#_ftnref{n}" id="_ftn{n}"><span>[{n}]</span></a> {w}</p></div>',
        wrap='<div><br clear="all"/><hr align="left" size="1" width="33%"/>{}</div>',
    ),
    _notes(
        "asciidoctor",
        '<sup class="footnote">[<a id="_footnoteref_{n}" class="footnote" href="#_footnotedef_{n}" title="View footnote.">{n}</a>]</sup>',
        '<div class="footnote" id="_footnotedef_{n}"><a href="#_footnoteref_{n}">{n}</a>. {w}</div>',
        wrap='<div id="footnotes"><hr/>{}</div>',
    ),
    _notes(
        "pandoc3",
        '<a href="#fn{n}" class="footnote-ref" id="fnref{n}" epub:type="noteref">{n}</a>',
        '<aside epub:type="footnote" role="doc-footnote" id="fn{n}"><p><a href="#fnref{n}" class="footnote-back" role="doc-backlink">{n}</a>. {w}</p></aside>',
    ),
    _notes(
        "pressbooks",
        '<a class="footnote" title="x" id="return-footnote-{k}" href="#footnote-{k}" aria-label="Footnote {n}"><sup class="footnote">[{n}]</sup></a>',
        '<div id="footnote-{k}">{w} <a href="#return-footnote-{k}" class="return-footnote">↵</a></div>',
        wrap='<hr class="before-footnotes clear"/><div class="footnotes">{}</div>',
    ),
    _notes(
        "vellum",
        '<a epub:type="noteref" class="footnote-ref" href="{f}#note-{k}" id="ref-{k}">{n}</a>',
        '<div class="note" id="note-{k}"><p><a href="{f}#ref-{k}">{n}</a>. {w}</p></div>',
        is_apart=True,
    ),
    _notes(
        "scrivener",
        '<a href="{f}#fn{k}" id="r{k}">[{n}]</a>',
        '<p id="fn{k}">{n} {w} <a href="{f}#r{k}">↩</a></p>',
        is_apart=True,
    ),
    _notes(
        "calibre-sup",
        '<sup class="calibre7"><a href="{f}#f{k}" id="b{k}" class="calibre2">{n}</a></sup>',
        '<p class="calibre9"><sup class="calibre7"><a id="f{k}" href="{f}#b{k}">{n}</a></sup> {w}</p>',
        is_apart=True,
    ),
    _notes(
        "duokan",
        '<a class="duokan-footnote" href="#d{k}" id="b{k}"><img alt="note" src="note.png"/></a>',
        '<li class="duokan-footnote-item" id="d{k}"><p><a href="#b{k}">◎</a>{w}</p></li>',
        wrap='<ol class="duokan-footnote-content">{}</ol>',
    ),
    _notes("japanese", '<a href="#n{k}" id="m{k}">※{n}</a>', '<p id="n{k}"><a href="#m{k}">※{n}</a> {w}</p>'),
    _notes(
        "plain-super", '<span style="vertical-align:super;font-size:70%">{n}</span>', "<p>{n}. {w}</p>", wrap="<hr/>{}"
    ),
    _notes(
        "indesign",
        '<span class="_idGenCharOverride-1"><a href="#footnote-{k}" class="_idFootnoteLink _idGenColorInherit" id="footnote-{k}-backlink">{n}</a></span>',
        '<div class="_idFootnote" id="footnote-{k}"><p class="Footnote"><a class="_idFootnoteAnchor" href="#footnote-{k}-backlink">{n}</a>\t{w}</p></div>',
        wrap='<hr class="HorizontalRule-1"/><div class="_idFootnotes">{}</div>',
    ),
    _notes(
        "kindle-kfx",
        '<a href="#a{k}" id="b{k}"><sup>{n}</sup></a>',
        '<p class="x"><a href="#b{k}" id="a{k}">{n}</a>&#160;{w}</p>',
        wrap="<p>* * *</p>{}",
    ),
    _notes("dagger", '<a href="#a{k}" id="b{k}">†</a>', '<p id="a{k}"><a href="#b{k}">†</a> {w}</p>'),
    _notes(
        "brackets-letters",
        '<a href="#a{k}" id="b{k}">[note {n}]</a>',
        '<p id="a{k}">[note {n}] {w} <a href="#b{k}">back</a></p>',
    ),
    _notes(
        "gitbook",
        '<sup><a href="#fn_{k}" id="reffn_{k}">{n}</a></sup>',
        '<blockquote id="fn_{k}"><sup>{n}</sup>. {w}<a href="#reffn_{k}" title="Jump back"> &#8617;</a></blockquote>',
    ),
    _notes("endnotes-numbered", "<sup>{n}</sup>", "<p>{n}. {w}</p>", is_apart=True),
    _notes("aozora", "［＃{n}］" if False else "<sup>［注{n}］</sup>", "<p>［注{n}］{w}</p>", wrap="<hr/>{}"),
    _notes(
        "ade-linked-img",
        '<a href="{f}#x{k}" id="y{k}"><sup>*{n}</sup></a>',
        '<p><a id="x{k}" href="{f}#y{k}">*{n}</a> {w}</p>',
        is_apart=True,
    ),
]


def _keeps(name: str, sentence: str, wanted: str) -> Made:
    """What looks like a note and is none."""

    def build(folder: Path) -> Path:
        documents = {
            f"c{n}.xhtml": page(f"<h1>Chapter {n}</h1><p>{sentence}</p>" + prose(600, seed=n)) for n in range(1, 5)
        }
        return epub(folder, documents, toc=listed(_FOUR, documents))

    return Made(name=f"keeps-{name}", build=build, must=Must(count=4, has=[wanted]))


_KEPT = [
    _keeps(
        "power", "The field was 10<sup>3</sup> paces and CO<sub>2</sub> rose.", "The field was 103 paces and CO2 rose."
    ),
    _keeps(
        "ordinal", "On the 4<sup>th</sup> of May the 2<sup>nd</sup> boat came.", "On the 4th of May the 2nd boat came."
    ),
    _keeps(
        "french",
        "M<sup>me</sup> Rook vint le 1<sup>er</sup> mai au n<sup>o</sup> 7.",
        "Mme Rook vint le 1er mai au no 7.",
    ),
    _keeps(
        "link-word",
        'He read the <a href="c1.xhtml">letter</a> again, page <a href="c2.xhtml">12</a> of it.',
        "He read the letter again, page 12 of it.",
    ),
    _keeps("years", "In [1914] she wrote “[he] came”.", "In [1914] she wrote “[he] came”."),
    _keeps("fraction", "Add <sup>1</sup>⁄<sub>2</sub> cup.", "Add 1⁄2 cup."),
    _keeps("whole-sup", "The sign said <sup>shut</sup> at noon.", "The sign said shut at noon."),
    _keeps("ruby", "<ruby>漢字<rt>かんじ</rt></ruby>を読む。", "漢字を読む。"),
    _keeps("ruby-rb", "<ruby><rb>漢</rb><rp>（</rp><rt>かん</rt><rp>）</rp></ruby>字", "漢字"),
    _keeps("soft-hyphen", "The light&#173;house was bright&#8203;ly lit.", "The lighthouse was brightly lit."),
    _keeps(
        "kobo",
        '<span class="koboSpan" id="kobo.1.1">The lamp </span><span class="koboSpan" id="kobo.1.2">was lit.</span>',
        "The lamp was lit.",
    ),
    _keeps(
        "inline-page",
        'The lamp <span epub:type="pagebreak" id="p12" title="12"/>was lit<a id="page_13"></a> at noon.',
        "The lamp was lit at noon.",
    ),
    _keeps(
        "visible-page",
        'The lamp <span class="pagenum">[Pg 12]</span>was lit <span class="pageno">13</span>at noon.',
        "The lamp was lit at noon.",
    ),
    _keeps("table", "x</p><table><tr><td>The lamp</td><td>was lit</td></tr></table><p>y", "The lamp"),
    _keeps("list", "x</p><ul><li>Bring the lamp.</li><li>Shut the door.</li></ul><p>y", "Shut the door."),
    _keeps(
        "div-text",
        "x</p><div>The lamp was lit in a div.<div>And the door in another.</div></div><p>y",
        "The lamp was lit in a div.",
    ),
    _keeps(
        "br-text", "x</p>The lamp was lit without a paragraph.<br/><br/>The door was open.<p>y", "The door was open."
    ),
]


# ---------------------------------------------------------------- drop caps


def _drop(name: str, opening: str, wanted: str, css: str = "") -> Made:
    rest = " and the door stood open. " + sentences(50)

    def build(folder: Path) -> Path:
        documents = {
            f"c{n}.xhtml": page(
                f"<h1>Chapter {n}</h1>" + opening.replace("{rest}", rest) + prose(600, seed=n),
                head=f"<style>{css}</style>",
            )
            for n in range(1, 5)
        }
        return epub(folder, documents, toc=listed(_FOUR, documents), extra={"T.png": b"\x89PNG"})

    return Made(name=f"drop-{name}", build=build, must=Must(count=4, has=[wanted + " and the door stood open."]))


_DROPS = [
    _drop(
        "span-small",
        '<p><span class="dc">T</span><span class="sc">HE LAMP</span> was lit{rest}</p>',
        "THE LAMP was lit",
    ),
    _drop("quote-inside", '<p><span class="dropcap">“T</span>he lamp was lit{rest}</p>', "“The lamp was lit"),
    _drop("quote-before", '<p>“<span class="big">T</span>he lamp was lit{rest}</p>', "“The lamp was lit"),
    _drop("word-a", '<p><span class="dropcap">A</span> lamp was lit{rest}</p>', "A lamp was lit"),
    _drop("word-i", '<p><span class="dropcap">I</span> saw the lamp was lit{rest}</p>', "I saw the lamp was lit"),
    _drop("own-p", '<p class="cap">T</p><p class="first">he lamp was lit{rest}</p>', "The lamp was lit"),
    _drop("own-div-upper", '<div class="cap">T</div><p>HE lamp was lit{rest}</p>', "THE lamp was lit"),
    _drop(
        "newline",
        '<p>\n<span class="dropcap">T</span>\n<span>he lamp was lit{rest}</span></p>',
        "The lamp was lit",
        ".dropcap{float:left}",
    ),
    _drop("img-alt", '<p><img class="cap" alt="T" src="T.png"/>he lamp was lit{rest}</p>', "The lamp was lit"),
    _drop(
        "img-own", '<div class="fl"><img alt="T" src="T.png"/></div><p>he lamp was lit{rest}</p>', "The lamp was lit"
    ),
    _drop("table", "<table><tr><td>T</td><td>he lamp was lit{rest}</td></tr></table>", "The lamp was lit"),
    _drop(
        "accent",
        '<p><span class="lettrine">É</span>tait-ce la lampe qui brûlait{rest}</p>',
        "Était-ce la lampe qui brûlait",
    ),
    _drop(
        "aria",
        '<p><span aria-hidden="true"><span class="dc">T</span>he</span> lamp was lit{rest}</p>',
        "The lamp was lit",
    ),
    _drop("big-word", '<p><span class="dc">The</span> lamp was lit{rest}</p>', "The lamp was lit"),
    _drop("cyrillic", '<p><span class="bukva">Л</span>ампа горела{rest}</p>', "Лампа горела"),
]


# ---------------------------------------------------------------- text files


def _text(name: str, text: Callable[[], str], must: Must, *, codec: str = "utf-8", suffix: str = "txt") -> Made:
    def build(folder: Path) -> Path:
        path = folder / f"{name}.{suffix}"
        path.write_bytes(text().encode(codec, "replace"))
        return path

    return Made(name=f"text-{name}", build=build, must=must)


def _lines(words: int, *, of: str = "en", seed: int = 0, indent: str = "", gap: str = "\n\n") -> str:
    return (
        gap.join(indent + sentences(min(60, words - at), of=of, seed=seed * 13 + at) for at in range(0, words, 60))
        + gap
    )


def _wrapped(words: int, *, of: str = "en", seed: int = 0, width: int = 70) -> str:
    import textwrap

    return (
        "\n\n".join(
            "\n".join(textwrap.wrap(each, width)) for each in _lines(words, of=of, seed=seed).strip().split("\n\n")
        )
        + "\n\n"
    )


def _zh(heads: Sequence[str], *, of: str = "zh", words: int = 900, before: str = "书名：灯\n作者：某人\n\n") -> str:
    return before + "".join(
        f"{head}\n\n" + _lines(words, of=of, seed=at, indent="　　", gap="\n") + "\n" for at, head in enumerate(heads)
    )


_ZH_TEN = [f"第{n}章 夜路" for n in range(1, 11)]
_TEXTS = [
    _text("zh-arabic", lambda: _zh(_ZH_TEN), Must(count=10)),
    _text("zh-gbk", lambda: _zh([f"第{n}章 灯" for n in "一二三四五六七八九十"]), Must(count=10), codec="gb18030"),
    _text("zh-utf16", lambda: _zh(_ZH_TEN), Must(count=10), codec="utf-16"),
    _text(
        "zh-volumes",
        lambda: _zh(["第一卷 春\n\n第1章 灯", "第2章 门", "第3章 河", "第二卷 秋\n\n第4章 桥", "第5章 船"]),
        Must(count=5),
    ),
    _text(
        "zh-volume-restart",
        lambda: _zh(["第一卷 春\n\n第一章 灯", "第二章 门", "第三章 河", "第二卷 秋\n\n第一章 桥", "第二章 船"]),
        Must(count=5),
    ),
    _text("zh-ends", lambda: _zh(["楔子", "第一章 灯", "第二章 门", "第三章 河", "尾声", "番外一 桥"]), Must(count=6)),
    _text("zh-zhengwen", lambda: _zh([f"正文 第{n}章 灯" for n in "一二三四五六"]), Must(count=6)),
    _text("zh-bare", lambda: _zh([f"{n:03} 夜路" for n in range(1, 9)]), Must(count=8)),
    _text("zh-dot", lambda: _zh([f"{n}、夜路" for n in range(1, 9)]), Must(count=8)),
    _text("zh-brackets", lambda: _zh([f"【第{n}章】夜路" for n in range(1, 9)]), Must(count=8)),
    _text("zh-indented", lambda: _zh([f"　　第{n}章 夜路" for n in range(1, 9)]), Must(count=8)),
    _text("zh-twice", lambda: _zh([f"第{n}章 夜路\n第{n}章 夜路" for n in range(1, 9)]), Must(count=8)),
    _text("zh-hua", lambda: _zh([f"第{n}话" for n in "一二三四五六"]), Must(count=6)),
    _text(
        "zh-letters",
        lambda: (
            _zh(_ZH_TEN[:5]).replace("　　", "　　第四封信写着。", 1)
            + "　　第四本书记载着河水，来自孙家，可惜没有用处了。\n"
        ),
        Must(count=5),
    ),
    _text("zht-hui", lambda: _zh([f"第{n}回 燈亮" for n in "一二三四五六"], of="zht"), Must(count=6), codec="cp950"),
    _text(
        "zh-contents",
        lambda: _zh(_ZH_TEN, before="书名：灯\n\n目录\n" + "\n".join(_ZH_TEN) + "\n\n"),
        Must(count=10, words=(600, 1600)),
    ),
    _text("zh-missing", lambda: _zh([f"第{n}章 灯" for n in (1, 2, 3, 5, 6, 8, 9)]), Must(count=7)),
    _text(
        "ja-aozora",
        lambda: (
            "灯\n某\n\n"
            + "".join(
                f"{n}\n\n" + _lines(900, of="ja", seed=i, indent="　", gap="\n") + "\n"
                for i, n in enumerate(("一", "二", "三", "四"))
            )
        ),
        Must(count=4),
        codec="cp932",
    ),
    _text(
        "ko-hwa",
        lambda: "".join(f"{n}화. 등불\n\n" + _lines(700, of="ko", seed=n) for n in range(1, 9)),
        Must(count=8),
        codec="cp949",
    ),
    _text(
        "ko-utf8", lambda: "".join(f"제 {n} 장\n\n" + _lines(700, of="ko", seed=n) for n in range(1, 7)), Must(count=6)
    ),
    _text(
        "ru-1251",
        lambda: "".join(f"Глава {n}\n\n" + _lines(700, of="ru", seed=n) for n in range(1, 7)),
        Must(count=6, has=["Лампа"]),
        codec="cp1251",
    ),
    _text(
        "ru-koi8",
        lambda: "".join(f"Глава {n}\n\n" + _lines(700, of="ru", seed=n) for n in range(1, 7)),
        Must(count=6),
        codec="koi8_r",
    ),
    _text(
        "cs-1250",
        lambda: "".join(f"{n}. KAPITOLA\n\n" + _lines(700, of="cs", seed=n) for n in range(1, 7)),
        Must(count=6, has=["dveře"]),
        codec="cp1250",
    ),
    _text(
        "tr-1254",
        lambda: "".join(f"{n}. Bölüm\n\n" + _lines(700, of="tr", seed=n) for n in range(1, 7)),
        Must(count=6),
        codec="cp1254",
    ),
    _text(
        "el-1253",
        lambda: "".join(f"ΚΕΦΑΛΑΙΟ {n}\n\n" + _lines(700, of="el", seed=n) for n in range(1, 7)),
        Must(count=6),
        codec="cp1253",
    ),
    _text(
        "en-wrapped",
        lambda: (
            "THE LAMP BY THE RIVER\n\nBy Ann Author\n\n\n"
            + "".join(
                f"CHAPTER {n}.\n\nTHE DOOR\n\n" + _wrapped(800, seed=len(n)) + "\n"
                for n in ("I", "II", "III", "IV", "V")
            )
        ),
        Must(count=5, has=["ilver"]),
    ),
    _text(
        "en-roman",
        lambda: "".join(f"\n\n{n}\n\n" + _wrapped(800, seed=i) for i, n in enumerate(("I", "II", "III", "IV", "V"))),
        Must(count=5),
    ),
    _text(
        "en-words",
        lambda: "".join(
            f"Chapter {n}\n\n" + _lines(800, seed=i, gap="\n") + "\n"
            for i, n in enumerate(("One", "Two", "Three", "Four"))
        ),
        Must(count=4),
    ),
    _text(
        "en-contents",
        lambda: (
            "Contents\n\n"
            + "".join(f"Chapter {n}: The Door ... {n * 12}\n" for n in range(1, 6))
            + "\n\n"
            + "".join(f"Chapter {n}: The Door\n\n" + _wrapped(800, seed=n) for n in range(1, 6))
        ),
        Must(count=5, words=(700, 900)),
    ),
    _text(
        "en-dashes",
        lambda: "".join(
            f"Chapter {n}\n\n" + _lines(400, seed=n) + "-" * 20 + "\n\n" + _lines(300, seed=n + 9) for n in range(1, 6)
        ),
        Must(count=5),
    ),
    _text(
        "md-hash",
        lambda: (
            "# The Lamp\n\n"
            + "".join(f"## {w}\n\n" + _lines(700, seed=i) for i, w in enumerate(("Rain", "Snow", "Fog")))
        ),
        Must(titles=["Rain", "Snow", "Fog"]),
        suffix="md",
    ),
    _text(
        "md-setext",
        lambda: "".join(f"{w}\n{'=' * 8}\n\n" + _lines(700, seed=i) for i, w in enumerate(("Rain", "Snow", "Fog"))),
        Must(titles=["Rain", "Snow", "Fog"]),
        suffix="md",
    ),
    _text(
        "md-notes",
        lambda: "".join(
            f"# {w}\n\nThe *lamp* was lit[^{i}] and **bright**. " + _lines(700, seed=i) + f"\n[^{i}]: NOTEWORD one.\n\n"
            for i, w in enumerate(("Rain", "Snow", "Fog"))
        ),
        Must(titles=["Rain", "Snow", "Fog"], has=["The lamp was lit and bright."], hasnt=["NOTEWORD"]),
        suffix="md",
    ),
    _text(
        "html-word",
        lambda: (
            '<html><head><meta http-equiv=Content-Type content="text/html; charset=windows-1252"></head><body lang=EN-US><div class=WordSection1>'
            + "".join(
                f"<h1>Chapter {n}<o:p></o:p></h1><p class=MsoNormal>“It’s lit” — he said.<o:p></o:p></p>"
                + prose(700, seed=n)
                for n in range(1, 5)
            )
            + "</div></body></html>"
        ),
        Must(titles=_FOUR, has=["“It’s lit” — he said."]),
        codec="cp1252",
        suffix="html",
    ),
    _text(
        "html-sjis",
        lambda: (
            '<html><head><meta charset="Shift_JIS"></head><body>'
            + "".join(f"<h2>第{n}章</h2>" + prose(900, of="ja", seed=i) for i, n in enumerate("一二三"))
            + "</body></html>"
        ),
        Must(count=3, has=["灯り"]),
        codec="cp932",
        suffix="htm",
    ),
    _text(
        "html-tagsoup",
        lambda: (
            "<HTML><BODY>"
            + "".join(
                f"<CENTER><B>CHAPTER {n}</B></CENTER>" + prose(700, seed=i).replace("</p>", "").replace("<p>", "<P>")
                for i, n in enumerate(("I", "II", "III", "IV"))
            )
        ),
        Must(count=4),
        suffix="html",
    ),
]


# ---------------------------------------------------------------- FictionBook


def _fb2(body: str, *, encoding: str = "utf-8", more: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="{encoding}"?><FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0" xmlns:l="http://www.w3.org/1999/xlink">'
        "<description><title-info><genre>prose</genre><author><first-name>Анна</first-name><last-name>Автор</last-name></author>"
        f"<book-title>Лампа</book-title><lang>ru</lang></title-info></description>{body}{more}</FictionBook>"
    ).encode({"windows-1251": "cp1251"}.get(encoding, encoding))


def _section(title: str, seed: int, *, of: str = "ru", inner: str = "") -> str:
    head = f"<title>{''.join(f'<p>{line}</p>' for line in title.split('|'))}</title>" if title else ""
    return f"<section>{head}{inner or prose(700, of=of, seed=seed)}</section>"


def _fiction(name: str, body: Callable[[], bytes], must: Must, suffix: str = "fb2") -> Made:
    def build(folder: Path) -> Path:
        path = folder / f"{name}.fb2"
        path.write_bytes(body())
        if suffix == "fb2":
            return path
        return write_members(folder / f"{name}.{suffix}", {"лампа.fb2": path.read_bytes()})

    return Made(name=f"fb2-{name}", build=build, must=must)


_FB2_NOTES = '<body name="notes"><title><p>Примечания</p></title><section id="n1"><title><p>1</p></title><p>NOTEWORD сноска.</p></section></body>'
_FB2 = [
    _fiction(
        "plain",
        lambda: _fb2(
            "<body><title><p>Анна Автор</p><p>Лампа</p></title>"
            + "".join(_section(f"Глава {n}", n) for n in range(1, 6))
            + "</body>"
        ),
        Must(titles=[f"Глава {n}" for n in range(1, 6)]),
    ),
    _fiction(
        "cp1251",
        lambda: _fb2(
            "<body>" + "".join(_section(f"Глава {n}|Лампа", n) for n in range(1, 6)) + "</body>",
            encoding="windows-1251",
        ),
        Must(count=5, has=["Лампа"]),
    ),
    _fiction(
        "nested",
        lambda: _fb2(
            "<body>"
            + "".join(
                _section(f"Часть {p}", 0, inner="".join(_section(f"Глава {n}", n) for n in (1, 2, 3)))
                for p in ("первая", "вторая")
            )
            + "</body>"
        ),
        Must(count=6, parts={}),
    ),
    _fiction(
        "notes",
        lambda: _fb2(
            "<body>"
            + "".join(
                _section(
                    f"Глава {n}",
                    n,
                    inner='<p>Лампа горела<a l:href="#n1" type="note">[1]</a> ночью.</p>' + prose(700, of="ru", seed=n),
                )
                for n in range(1, 5)
            )
            + "</body>",
            more=_FB2_NOTES,
        ),
        Must(count=4, has=["Лампа горела ночью."], hasnt=["NOTEWORD"]),
    ),
    _fiction(
        "untitled", lambda: _fb2("<body>" + "".join(_section("", n) for n in range(1, 5)) + "</body>"), Must(count=4)
    ),
    _fiction(
        "bold",
        lambda: _fb2(
            "<body>"
            + "".join(
                _section("", n, inner=f"<p><strong>{w}</strong></p>" + prose(700, of="ru", seed=n))
                for n, w in enumerate(("Дождь", "Снег", "Туман"))
            )
            + "</body>"
        ),
        Must(titles=["Дождь", "Снег", "Туман"]),
    ),
    _fiction(
        "subtitle",
        lambda: _fb2(
            "<body><section>"
            + "".join(f"<subtitle>Глава {n}</subtitle>" + prose(700, of="ru", seed=n) for n in range(1, 6))
            + "</section></body>"
        ),
        Must(count=5),
    ),
    _fiction(
        "zip",
        lambda: _fb2("<body>" + "".join(_section(f"Глава {n}", n) for n in range(1, 6)) + "</body>"),
        Must(count=5),
        suffix="fb2.zip",
    ),
    _fiction(
        "annotation",
        lambda: _fb2(
            "<body>"
            + _section("Аннотация", 1, inner="<p>Книга о лампе.</p>")
            + "".join(_section(w, n) for n, w in enumerate(("Дождь", "Снег", "Туман")))
            + _section("Об авторе", 3, inner="<p>Живёт у реки.</p>")
            + "</body>"
        ),
        Must(titles=["Дождь", "Снег", "Туман"]),
    ),
]


# ---------------------------------------------------------------- PDF


def _pdf(name: str, draw: Callable[[Path], Path], must: Must) -> Made:
    return Made(name=f"pdf-{name}", build=draw, must=must)


def _set(titles: Sequence[str], *, words: int = 900, size: float = 18.0, bold: bool = False) -> pdfs.Typesetter:
    setter = pdfs.Typesetter()
    for at, title in enumerate(titles):
        setter.new_page()
        setter.y -= 60
        setter.line(title, size=size, is_bold=bold)
        setter.skip()
        for each in range(0, words, 60):
            setter.paragraph(pdfs.prose(60, seed=at * 31 + each))
    return setter


def _pdf_footers(folder: Path) -> Path:
    setter = _set([f"Chapter {n}" for n in range(1, 6)])
    for at, each in enumerate(setter.pages):
        each.append(pdfs.Text(text=f"Page {at + 1} of {len(setter.pages)}", x=200, y=40, size=9))
        each.append(pdfs.Text(text="FOOTWORD Ann Author", x=72, y=52, size=9))
    return pdfs.build_pdf(folder / "footers.pdf", setter.pages)


def _pdf_head_title(folder: Path) -> Path:
    """Left pages name the book, right pages the chapter, with the folio beside it in one line."""
    setter = _set(["The Lamp", "The Door", "The Boat", "The Road"], words=1500)
    for at, each in enumerate(setter.pages):
        text = f"{at + 1}    HEADWORD RIVER" if at % 2 else f"HEADWORD LAMP    {at + 1}"
        each.append(pdfs.Text(text=text, x=72, y=660, size=9))
    return pdfs.build_pdf(folder / "heads.pdf", setter.pages)


def _pdf_outline(folder: Path) -> Path:
    setter = _set(["The Lamp", "The Door", "The Boat", "The Road"], words=900)
    per = len(setter.pages) // 4
    return pdfs.build_pdf(
        folder / "outline.pdf",
        setter.pages,
        outline=[(t, i * per) for i, t in enumerate(["The Lamp", "The Door", "The Boat", "The Road"])],
    )


def _pdf_hyphens(folder: Path) -> Path:
    """Words divided at the line's end, one over two pages, and one that keeps its hyphen."""
    setter = _set(["Chapter 1", "Chapter 2", "Chapter 3"], words=600)
    for text in (
        "The old lamp in the win-",
        "dow of the garden was lit and the well-",
        "known door stood open by the light-",
        "house all through the winter night.",
    ):
        setter.line(text)
    return pdfs.build_pdf(folder / "hyphens.pdf", setter.pages)


def _pdf_midpage(folder: Path) -> Path:
    setter = pdfs.Typesetter()
    for at in range(1, 7):
        setter.skip(30)
        setter.line(f"Chapter {at}", size=15, is_bold=True)
        setter.skip()
        for each in range(0, 500, 50):
            setter.paragraph(pdfs.prose(50, seed=at * 31 + each))
    return pdfs.build_pdf(folder / "mid.pdf", setter.pages)


def _pdf_numerals(folder: Path) -> Path:
    return pdfs.build_pdf(folder / "numerals.pdf", _set(["I", "II", "III", "IV", "V"], size=11).pages)


def _pdf_two_line(folder: Path) -> Path:
    setter = pdfs.Typesetter()
    for at, word in enumerate(("LAMP", "DOOR", "BOAT", "ROAD")):
        setter.new_page()
        setter.line(f"CHAPTER {('ONE', 'TWO', 'THREE', 'FOUR')[at]}", size=12)
        setter.skip(6)
        setter.line(f"THE {word}", size=20)
        setter.skip()
        for each in range(0, 900, 60):
            setter.paragraph(pdfs.prose(60, seed=at * 31 + each))
    return pdfs.build_pdf(folder / "two.pdf", setter.pages)


def _pdf_front(folder: Path) -> Path:
    """A title page, a page of rights, printed contents, then chapters; no outline."""
    setter = pdfs.Typesetter()
    for lines in (
        ["THE LAMP", "Ann Author"],
        ["Copyright 2001 by Ann Author", "All rights reserved.", "ISBN 0-123-45678-9"],
        ["Contents", *[f"Chapter {n} ........ {n * 7}" for n in range(1, 6)]],
    ):
        setter.new_page()
        for line in lines:
            setter.line(line)
    story = _set([f"Chapter {n}" for n in range(1, 6)])
    return pdfs.build_pdf(folder / "front.pdf", [*setter.pages, *story.pages])


def _pdf_footnotes(folder: Path) -> Path:
    """Notes at the foot of pages in small print with raised marks."""
    setter = _set(["Chapter 1", "Chapter 2", "Chapter 3", "Chapter 4"], words=900)
    for at, each in enumerate(setter.pages):
        each.append(pdfs.Text(text=f"{at + 1}  NOTEWORD see the first edition, page {at + 30}.", x=72, y=66, size=7))
    return pdfs.build_pdf(folder / "notes.pdf", setter.pages)


_PDFS = [
    _pdf("footers", _pdf_footers, Must(count=5, hasnt=["FOOTWORD", "Page 3"])),
    _pdf("heads", _pdf_head_title, Must(titles=["The Lamp", "The Door", "The Boat", "The Road"], hasnt=["HEADWORD"])),
    _pdf("outline", _pdf_outline, Must(titles=["The Lamp", "The Door", "The Boat", "The Road"])),
    _pdf(
        "hyphens",
        _pdf_hyphens,
        Must(count=3, has=["in the window of the garden", "well-known door", "the lighthouse all"]),
    ),
    _pdf("midpage", _pdf_midpage, Must(count=6, titles=[f"Chapter {n}" for n in range(1, 7)])),
    _pdf("numerals", _pdf_numerals, Must(count=5)),
    _pdf("two-line", _pdf_two_line, Must(count=4, hasnt=["THE LAMP", "CHAPTER"])),
    _pdf("front", _pdf_front, Must(titles=[f"Chapter {n}" for n in range(1, 6)], hasnt=["ISBN", "......"])),
    _pdf("footnotes", _pdf_footnotes, Must(count=4)),
]


# ---------------------------------------------------------------- DOCX, ODT, RTF by hand

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def _docx(
    folder: Path, body: str, *, styles: str = "", name: str = "book.docx", more: Mapping[str, str] | None = None
) -> Path:
    types = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    rels = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
    doc_rels = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="s1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>'
    members = {
        "[Content_Types].xml": types,
        "_rels/.rels": rels,
        "word/_rels/document.xml.rels": doc_rels,
        "word/document.xml": f'<?xml version="1.0"?><w:document {_W}><w:body>{body}</w:body></w:document>',
        "word/styles.xml": f'<?xml version="1.0"?><w:styles {_W}>{styles}</w:styles>',
    }
    return write_members(folder / name, {**members, **(more or {})})


def _wp(text: str, *, style: str = "", run: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{properties}<w:r>{run}<w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def _story(titles: Sequence[str], head: Callable[[str], str], *, of: str = "en") -> str:
    return "".join(
        head(t) + "".join(_wp(sentences(60, of=of, seed=i * 17 + k)) for k in range(12)) for i, t in enumerate(titles)
    )


def _docx_german(folder: Path) -> Path:
    styles = '<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="Überschrift 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
    return _docx(
        folder,
        _story(["Die Lampe", "Die Tür", "Das Boot"], lambda t: _wp(t, style="berschrift1"), of="de"),
        styles=styles,
    )


def _docx_outline(folder: Path) -> Path:
    styles = '<w:style w:type="paragraph" w:styleId="ChapTitle"><w:name w:val="My Chapter"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
    return _docx(folder, _story(["Rain", "Snow", "Fog", "Sand"], lambda t: _wp(t, style="ChapTitle")), styles=styles)


def _docx_bold(folder: Path) -> Path:
    return _docx(folder, _story(_FOUR, lambda t: _wp(t, run="<w:rPr><w:b/></w:rPr>")))


def _docx_hidden(folder: Path) -> Path:
    """Text marked as hidden, and a deleted run of tracked changes."""
    extra = (
        _wp("HIDDENWORD secret", run="<w:rPr><w:vanish/></w:rPr>")
        + '<w:p><w:r><w:t>The lamp was lit</w:t></w:r><w:del w:id="1" w:author="x"><w:r><w:delText>DELWORD</w:delText></w:r></w:del><w:r><w:t> at noon.</w:t></w:r></w:p>'
    )
    styles = '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style>'
    return _docx(folder, _story(_FOUR, lambda t: _wp(t, style="Heading1") + extra), styles=styles)


def _rtf(
    name: str, head: str, *, encoding: str = "cp1252", of: str = "en", code: int = 1252, sheet: str = ""
) -> Callable[[Path], Path]:
    def escaped(text: str) -> str:
        return "".join(c if ord(c) < 128 else "".join(f"\\'{b:02x}" for b in c.encode(encoding)) for c in text)

    def build(folder: Path) -> Path:
        body = "".join(
            head.format(n=n)
            + "".join("\\pard " + escaped(sentences(60, of=of, seed=n * 17 + k)) + "\\par\n" for k in range(12))
            for n in range(1, 5)
        )
        path = folder / f"{name}.rtf"
        path.write_bytes(
            (
                f"{{\\rtf1\\ansi\\ansicpg{code}\\deff0{{\\fonttbl{{\\f0 Times;}}}}{sheet}{{\\info{{\\title The Lamp}}}}\n{body}}}"
            ).encode("ascii")
        )
        return path

    return build


def _odt(folder: Path) -> Path:
    ns = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    body = "".join(
        f'<text:h text:outline-level="1">{t}</text:h><text:p>The lamp<text:note text:id="f{i}" text:note-class="footnote"><text:note-citation>{i}</text:note-citation><text:note-body><text:p>NOTEWORD</text:p></text:note-body></text:note><text:s/>was<text:line-break/>lit.</text:p>'
        + "".join(f"<text:p>{sentences(60, seed=i * 17 + k)}</text:p>" for k in range(12))
        for i, t in enumerate(("Rain", "Snow", "Fog", "Sand"))
    )
    content = f'<?xml version="1.0"?><office:document-content {ns}><office:body><office:text>{body}</office:text></office:body></office:document-content>'
    return write_members(
        folder / "book.odt",
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": content,
            "META-INF/manifest.xml": "<manifest/>",
        },
    )


def _kepub(folder: Path) -> Path:
    documents = {
        f"c{n}.xhtml": page(
            '<div class="book-columns"><div class="book-inner">'
            + f'<h1><span class="koboSpan" id="kobo.{n}.1">Chapter {n}</span></h1><p><span class="koboSpan" id="kobo.1.1">“The lamp,” </span><span class="koboSpan" id="kobo.1.2">she said.</span></p>'
            + prose(700, seed=n)
            + "</div></div>"
        )
        for n in range(1, 5)
    }
    path = epub(folder, documents, toc=listed(_FOUR, documents))
    return path.rename(folder / "book.kepub.epub")


def _htmlz(folder: Path) -> Path:
    body = "".join(f'<h2 id="c{n}">Chapter {n}</h2>' + prose(700, seed=n) for n in range(1, 5))
    opf = '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The Lamp</dc:title></metadata></package>'
    return write_members(
        folder / "book.htmlz",
        {
            "index.html": f"<html><head><link href='style.css' rel='stylesheet'/></head><body>{body}</body></html>",
            "style.css": ".x{}",
            "metadata.opf": opf,
        },
    )


def _converted(name: str, suffix: str, must: Must) -> Made:
    """By Calibre; a clean EPUB in, its other format out."""

    def build(folder: Path) -> Path:
        titles = ["Rain", "Snow", "Fog", "Sand"]
        documents = chapters(titles, words=700)
        source = epub(folder, {"r.xhtml": page("<p>Copyright © 2001</p>"), **documents}, toc=listed(titles, documents))
        target = folder / f"book.{suffix}"
        subprocess.run(["ebook-convert", source, target], check=True, capture_output=True)
        return target

    return Made(name=f"calibre-{name}", build=build, must=must)


_FORMATS = [
    Made(name="docx-german", build=_docx_german, must=Must(titles=["Die Lampe", "Die Tür", "Das Boot"])),
    Made(name="docx-outline", build=_docx_outline, must=Must(titles=["Rain", "Snow", "Fog", "Sand"])),
    Made(name="docx-bold", build=_docx_bold, must=Must(titles=_FOUR)),
    Made(
        name="docx-hidden",
        build=_docx_hidden,
        must=Must(titles=_FOUR, has=["The lamp was lit at noon."], hasnt=["HIDDENWORD", "DELWORD"]),
    ),
    Made(name="rtf-plain", build=_rtf("plain", "\\pard\\qc\\b Chapter {n}\\b0\\par\n"), must=Must(titles=_FOUR)),
    Made(
        name="rtf-ru",
        build=_rtf("ru", "\\pard\\qc \\'c3\\'eb\\'e0\\'e2\\'e0 {n}\\par\n", encoding="cp1251", of="ru", code=1251),
        must=Must(titles=[f"Глава {n}" for n in range(1, 5)], has=["ламп"]),
    ),
    Made(
        name="rtf-styles",
        build=_rtf(
            "styles",
            "{{\\s2 \\afs28{{\\b\nChapter {n}: The Lamp\\par\\pard\\plain}}}}",
            sheet="{\\stylesheet{\\s2\\ql\\outlinelevel1 heading 2;}}",
        ),
        must=Must(titles=[f"{t}: The Lamp" for t in _FOUR]),
    ),
    Made(name="odt", build=_odt, must=Must(titles=["Rain", "Snow", "Fog", "Sand"], hasnt=["NOTEWORD"])),
    Made(name="kepub", build=_kepub, must=Must(titles=_FOUR, has=["“The lamp,” she said."])),
    Made(name="htmlz", build=_htmlz, must=Must(titles=_FOUR)),
    *(
        _converted(suffix, suffix, Must(titles=["Rain", "Snow", "Fog", "Sand"]))
        for suffix in ("mobi", "azw3", "fb2", "docx", "rtf", "txt", "htmlz")
        if shutil.which("ebook-convert")
    ),
]

_ZIPS = [
    Made(name="zip-gbk-names", build=_zip_gbk_names, must=Must(titles=["第一章", "第二章", "第三章"])),
    Made(name="zip-backslash-down", build=_zip_backslash_down, must=Must(titles=_FOUR)),
    Made(name="zip-case", build=_zip_case, must=Must(titles=_FOUR)),
    Made(name="zip-percent", build=_zip_percent, must=Must(titles=_FOUR)),
    Made(name="zip-dots", build=_zip_dots, must=Must(titles=_FOUR)),
]

WORDS = [*_ENCODINGS, *_ZIPS, *_HIDDEN, *_NOTES, *_KEPT, *_DROPS, *_TEXTS, *_FB2, *_PDFS, *_FORMATS]
