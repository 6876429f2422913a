"""Made books that were written after the others were right, and judged before anything was mended for them."""

# ruff: noqa: E501  markup as programs write it is not broken into lines

from collections.abc import Sequence
from pathlib import Path

from tests.support import pdfs
from tests.support.made_books import Entry, Made, Must, chapters, epub, listed, page, prose, sentences, write_members
from tests.support.made_words import (
    _docx,
    _drop,
    _encoded,
    _fb2,
    _fiction,
    _hidden,
    _lines,
    _notes,
    _rtf,
    _section,
    _set,
    _text,
    _wp,
    _wrapped,
)

_FIVE = [f"Chapter {n}" for n in range(1, 6)]
_WORDS = ["The Lamp", "The Door", "The Boat", "The Road", "The Stone"]


def _between(key: str, of: str, before: Sequence[str], story: Sequence[str], after: Sequence[str]) -> Made:
    """Short matter around chapters, all named in the contents."""

    def build(folder: Path) -> Path:
        titles = [*before, *story, *after]
        documents = {
            f"d{at}.xhtml": page(
                f"<h1>{title}</h1>"
                + (
                    prose(1300 + 90 * at, of=of, seed=at)
                    if title in story
                    else prose(90 + 20 * at, of=of, seed=at).replace("<p>", "<p>MATTERWORD ", 1)
                )
            )
            for at, title in enumerate(titles)
        }
        return epub(folder, documents, toc=listed(titles, documents), language=key)

    return Made(name=f"blind-matter-{key}", build=build, must=Must(titles=story, hasnt=["MATTERWORD"]))


def _as_long(key: str, of: str, titles: Sequence[str]) -> Made:
    """Chapters whose titles look like matter."""

    def build(folder: Path) -> Path:
        documents = chapters(titles, of=of, words=600)
        rights = page("<p>© 2020 Ann Author. ISBN 978-1-23456-789-7</p>")
        return epub(
            folder,
            {"r.xhtml": rights, **documents},
            toc=[("©", "r.xhtml"), *listed(titles, documents)],
            language=key,
            is_old=True,
        )

    return Made(name=f"blind-lookalike-{key}", build=build, must=Must(titles=titles))


def _side_by_side(folder: Path) -> Path:
    documents = {
        f"c{i}.xhtml": page(f"<h1>{i + 1}</h1><h2>{w}</h2>" + prose(800, seed=i)) for i, w in enumerate(_WORDS)
    }
    toc: list[Entry] = [
        entry for i, w in enumerate(_WORDS) for entry in ((str(i + 1), f"c{i}.xhtml"), (w, f"c{i}.xhtml"))
    ]
    return epub(folder, documents, toc=toc, is_old=True)


def _all_first(folder: Path) -> Path:
    return epub(folder, chapters(_FIVE, words=800), toc=[(t, "c01.xhtml") for t in _FIVE])


def _pages_mixed(folder: Path) -> Path:
    documents = {
        f"c{n}.xhtml": page(
            f"<h1>Chapter {n}</h1>"
            + "".join(f'<a id="p{n * 4 + k}"></a>' + prose(300, seed=n * 4 + k) for k in range(4))
        )
        for n in range(1, 6)
    }
    toc: list[Entry] = []
    for n in range(1, 6):
        toc.append((f"Chapter {n}", f"c{n}.xhtml"))
        toc += [(str(n * 4 + k), f"c{n}.xhtml#p{n * 4 + k}") for k in range(4)]
    return epub(folder, documents, toc=toc, is_old=True)


def _title_element(folder: Path) -> Path:
    return epub(folder, {f"c{i}.xhtml": page(prose(900 + 70 * i, seed=i), title=w) for i, w in enumerate(_WORDS)})


def _class_titles(folder: Path) -> Path:
    body = "".join(f'<p class="chapter-title"><b>{w}</b></p>' + prose(700, seed=i) for i, w in enumerate(_WORDS))
    return epub(folder, {"all.xhtml": page(body)}, is_old=True)


def _div_heads(folder: Path) -> Path:
    heads = [f"CHAPTER {n}" for n in ("ONE", "TWO", "THREE", "FOUR", "FIVE")]
    body = "".join(
        f'<div class="h1">{h}</div><div class="h2">{w}</div>' + prose(700, seed=i, tag="div")
        for i, (h, w) in enumerate(zip(heads, _WORDS, strict=True))
    )
    return epub(folder, {"all.xhtml": page(body)}, toc=[("Start", "all.xhtml")], is_old=True)


def _ornaments(folder: Path) -> Path:
    documents = {
        f"c{n}.xhtml": page(
            f"<h1>{t}</h1>"
            + ('<p class="o"><img src="o.png" alt="* * *"/></p>').join(prose(300, seed=n * 3 + k) for k in range(3))
        )
        for n, t in enumerate(_FIVE)
    }
    return epub(folder, documents, toc=listed(_FIVE, documents), extra={"o.png": b"\x89PNG"})


def _odt_styles(folder: Path) -> Path:
    ns = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    body = "".join(
        f'<text:p text:style-name="Heading_20_1">{w}</text:p>'
        + "".join(f"<text:p>{sentences(60, seed=i * 17 + k)}</text:p>" for k in range(12))
        for i, w in enumerate(_WORDS)
    )
    content = f'<?xml version="1.0"?><office:document-content {ns}><office:body><office:text>{body}</office:text></office:body></office:document-content>'
    return write_members(
        folder / "b.odt",
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": content,
            "META-INF/manifest.xml": "<manifest/>",
        },
    )


def _docx_centred(folder: Path) -> Path:
    body = "".join(
        f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:br w:type="page"/><w:t>{n}</w:t></w:r></w:p>'
        + "".join(_wp(sentences(60, seed=i * 17 + k)) for k in range(12))
        for i, n in enumerate(("I", "II", "III", "IV", "V"))
    )
    return _docx(folder, body)


def _pdf_bar(folder: Path) -> Path:
    setter = _set(["The Lamp", "The Door", "The Boat", "The Road"], words=1200, size=14, bold=True)
    for at, each in enumerate(setter.pages):
        each.append(pdfs.Text(text=f"{at + 1} | HEADWORD", x=72, y=660, size=9))
    return pdfs.build_pdf(folder / "bar.pdf", setter.pages)


def _pdf_roman(folder: Path) -> Path:
    """Folios in small Roman numerals, then Arabic; headings in the body's size, bold."""
    setter = _set(_FIVE, words=800, size=11, bold=True)
    for at, each in enumerate(setter.pages):
        each.append(
            pdfs.Text(text=["i", "ii", "iii", "iv", "v", "vi"][at] if at < 6 else str(at - 5), x=230, y=40, size=9)
        )
    return pdfs.build_pdf(folder / "roman.pdf", setter.pages)


def _volume_prefaces(folder: Path) -> Path:
    """Two volumes, each with a typed preface and an afterword of its own."""
    documents: dict[str, str] = {}
    toc: list[Entry] = []
    for v in ("Volume One", "Volume Two"):
        below: list[Entry] = []
        for t in ("Foreword", "1", "2", "3", "Afterword"):
            name = f"d{len(documents)}.xhtml"
            documents[name] = page(
                f"<h2>{t}</h2>"
                + prose(900 if t.isdigit() else 300, seed=len(documents)).replace(
                    "<p>", "<p>" if t.isdigit() else "<p>MATTERWORD ", 1
                )
            )
            below.append((t, name))
        toc.append((v, below[0][1], below))
    return epub(folder, documents, toc=toc)


BLIND = [
    _between(
        "no",
        "sv",
        ["Omslag", "Tittelside", "Kolofon", "Innhold"],
        ["Kapittel 1", "Kapittel 2", "Kapittel 3"],
        ["Takk", "Om forfatteren"],
    ),
    _between(
        "ro",
        "it",
        ["Copertă", "Pagina de titlu", "Cuprins"],
        ["Capitolul 1", "Capitolul 2", "Capitolul 3"],
        ["Mulțumiri", "Despre autoare"],
    ),
    _between(
        "bg",
        "ru",
        ["Корица", "Анотация", "Съдържание"],
        ["Лампата", "Реката", "Къщата"],
        ["Благодарности", "За автора"],
    ),
    _between(
        "ca",
        "es",
        ["Coberta", "Portada", "Crèdits"],
        ["El llum", "El riu", "La casa"],
        ["Agraïments", "Sobre l’autora"],
    ),
    _as_long("nl", "de", ["De kaart", "Bedankt", "Noten", "De omslag", "Over de auteur", "Inhoud", "Opdracht"]),
    _as_long("ko", "ko", ["지도", "감사의 말", "주석", "표지", "작가 소개", "차례"]),
    _as_long("tr", "tr", ["Harita", "Teşekkürler", "Notlar", "Kapak", "Yazar Hakkında", "İçindekiler"]),
    _as_long("de", "de", ["Die Karte", "Danke", "Anmerkungen", "Der Umschlag", "Impressum", "Widmung", "Inhalt"]),
    Made(name="blind-side-by-side", build=_side_by_side, must=Must(count=5)),
    Made(name="blind-all-first", build=_all_first, must=Must(titles=_FIVE)),
    Made(name="blind-pages-mixed", build=_pages_mixed, must=Must(titles=_FIVE)),
    Made(name="blind-title-element", build=_title_element, must=Must(count=5)),
    Made(name="blind-class-titles", build=_class_titles, must=Must(count=5)),
    Made(name="blind-div-heads", build=_div_heads, must=Must(count=5)),
    Made(name="blind-ornaments", build=_ornaments, must=Must(titles=_FIVE, hasnt=["* * *"])),
    _hidden(
        "blind-two-rules",
        ".z{color:red}\nsection p.q, body .q { color:black;display:none }",
        '<section><p class="q">{}</p></section>',
    ),
    _hidden("blind-attribute", '*[class~="q"]{display:none}', '<p class="a q b">{}</p>'),
    _hidden("blind-off-page", ".q{position:absolute;left:-9999px}", '<p class="q">{}</p>'),
    _notes("blind-parens", '<a href="#a{k}" id="b{k}">({n})</a>', '<p id="a{k}"><a href="#b{k}">({n})</a> {w}</p>'),
    _notes(
        "blind-rearnote",
        '<a epub:type="noteref" href="#a{k}">{n}</a>',
        '<aside epub:type="rearnote" id="a{k}"><p>{w}</p></aside>',
    ),
    _notes("blind-signs", "<sup>*</sup>", "<p><sup>*</sup> {w}</p>", wrap="<hr/>{}"),
    _notes(
        "blind-sidenote",
        '<label for="s{k}" class="sidenote-number"></label><span class="sidenote">{n} NOTEWORD aside.</span>',
        "",
        wrap="",
    ),
    _drop("blind-big", "<p><big>T</big>he lamp was lit{rest}</p>", "The lamp was lit"),
    _drop(
        "blind-font", '<p><font size="7"><b>T</b></font><small>HE LAMP</small> was lit{rest}</p>', "THE LAMP was lit"
    ),
    _encoded("blind-cp1257", "windows-1257", "cp1257", "Žąsų ežeras – „tylu“", of="cs"),
    _encoded("blind-greek", "iso-8859-7", "iso8859-7", "Το παλιό σπίτι", of="el"),
    _encoded("blind-gbk-undeclared", "", "gbk", "老屋在河边，灯还亮着", of="zh"),
    _text(
        "blind-es-latin1",
        lambda: "".join(
            f"CAPÍTULO {n}\r\n\r\n" + _wrapped(700, of="es", seed=i).replace("\n", "\r\n")
            for i, n in enumerate(("I", "II", "III", "IV"))
        ),
        Must(count=4, has=["ventana"]),
        codec="latin-1",
    ),
    _text(
        "blind-zh-jie",
        lambda: (
            "\ufeff"
            + "".join(f"第{n}节 灯\n\n" + _lines(900, of="zh", seed=n, indent="    ", gap="\n") for n in range(1, 8))
        ),
        Must(count=7),
    ),
    _text(
        "blind-vi-bom",
        lambda: "\ufeff" + "".join(f"Chương {n}: Đêm\n\n" + _lines(700, of="vi", seed=n) for n in range(1, 7)),
        Must(count=6),
    ),
    _fiction(
        "blind-uk",
        lambda: _fb2(
            "<body><epigraph><p>Тихо.</p></epigraph>"
            + "".join(
                _section(
                    f"Розділ {n}",
                    n,
                    of="uk",
                    inner="<poem><stanza><v>Лампа горіла</v><v>уночі</v></stanza></poem>" + prose(700, of="uk", seed=n),
                )
                for n in range(1, 5)
            )
            + "</body>",
            encoding="windows-1251",
        ),
        Must(count=4, has=["Лампа горіла"]),
    ),
    Made(
        name="blind-rtf-unicode",
        build=_rtf("b", "{{\\pard\\s1\\outlinelevel0 \\u1043?\\u1083?\\u1072?\\u1074?\\u1072? {n}\\par}}\n"),
        must=Must(titles=[f"Глава {n}" for n in range(1, 5)]),
    ),
    Made(name="blind-odt-styles", build=_odt_styles, must=Must(titles=_WORDS)),
    Made(name="blind-docx-centred", build=_docx_centred, must=Must(count=5)),
    Made(name="blind-pdf-bar", build=_pdf_bar, must=Must(titles=_WORDS[:4], hasnt=["HEADWORD"])),
    Made(name="blind-pdf-roman", build=_pdf_roman, must=Must(titles=_FIVE)),
    Made(name="blind-volume-prefaces", build=_volume_prefaces, must=Must(count=6, hasnt=["MATTERWORD"])),
]
