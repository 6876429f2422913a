"""A second set of made books written blind: untidy books of many programs."""

# ruff: noqa: E501  markup as programs write it is not broken into lines

from pathlib import Path

from tests.support.made_blind import _FIVE, _WORDS
from tests.support.made_books import Entry, Made, Must, chapters, epub, listed, page, prose, sentences
from tests.support.made_words import _docx, _keeps, _lines, _text, _wp

_NAMES = ["Anna", "Tom", "Anna", "Tom", "Ida", "Anna", "Tom", "Ida"]


def _nested_in_title(folder: Path) -> Path:
    documents = {"t.xhtml": page("<h1>The Lamp by the River</h1><p>Ann Author</p>"), **chapters(_FIVE, words=800)}
    below = listed(_FIVE, {name: text for name, text in documents.items() if name != "t.xhtml"})
    return epub(folder, documents, toc=[("The Lamp by the River", "t.xhtml", below)], is_old=True)


def _anthology(folder: Path) -> Path:
    """Stories by several hands, each followed by a few lines about its author."""
    documents: dict[str, str] = {}
    toc: list[Entry] = []
    for i, w in enumerate(_WORDS):
        documents[f"s{i}.xhtml"] = page(f"<h1>{w}</h1><h2>by Jo Grey</h2>" + prose(1500 + 200 * i, seed=i))
        documents[f"a{i}.xhtml"] = page(f"<h2>About the Author</h2><p>BIOWORD {sentences(50, seed=i)}</p>")
        toc += [(w, f"s{i}.xhtml"), ("About the Author", f"a{i}.xhtml")]
    return epub(folder, documents, toc=toc)


def _diary(folder: Path) -> Path:
    titles = [f"{m} {d}, 1890" for m, d in (("May", 3), ("May", 4), ("May", 9), ("June", 1), ("June", 2), ("July", 14))]
    documents = {
        f"d{i}.xhtml": page(f"<h2>{t}</h2>" + prose((80, 900, 300, 1500, 60, 700)[i], seed=i))
        for i, t in enumerate(titles)
    }
    return epub(folder, documents, toc=listed(titles, documents))


def _named(titles: list[str], *, has_toc: bool = True) -> Made:
    def build(folder: Path) -> Path:
        documents = chapters(titles, words=800, heading="<h1>{}</h1>")
        return epub(folder, documents, toc=listed(titles, documents) if has_toc else None)

    return Made(name=f"more-named-{titles[0].lower()}", build=build, must=Must(titles=titles))


def _unlisted_end(folder: Path) -> Path:
    documents = {**chapters(_FIVE, words=800), "e.xhtml": page("<h2>Epilogue</h2>" + prose(300, seed=9))}
    return epub(folder, documents, toc=listed(_FIVE, dict(list(documents.items())[:5])), is_old=True)


def _short_prologue(folder: Path) -> Path:
    titles = ["Prologue", *_FIVE, "Epilogue"]
    documents = {
        f"d{i}.xhtml": page(f"<h1>{t}</h1>" + prose(60 if "logue" in t else 1800, seed=i)) for i, t in enumerate(titles)
    }
    return epub(folder, documents, toc=listed(titles, documents))


def _only_parts(folder: Path) -> Path:
    titles = ["Part One", "Part Two", "Part Three", "Part Four"]
    documents = chapters(titles, words=4000, heading="<h1>{}</h1>")
    return epub(folder, documents, toc=listed(titles, documents))


def _printed_contents(folder: Path) -> Path:
    links = "".join(f'<p><a href="c{i}.html">{w}</a></p>' for i, w in enumerate(_WORDS))
    documents = {
        "toc.html": page("<h1>Contents</h1>" + links),
        **{f"c{i}.html": page(prose(900 + 50 * i, seed=i)) for i in range(5)},
    }
    return epub(
        folder, documents, guide='<guide><reference type="toc" title="Contents" href="toc.html"/></guide>', is_old=True
    )


def _jacket(folder: Path) -> Path:
    jacket = page(
        "<h1>The Lamp by the River</h1><table><tr><td>Series:</td><td>JACKETWORD [1]</td></tr><tr><td>Rating:</td><td>★★★</td></tr><tr><td>Tags:</td><td>Fiction</td></tr></table><hr/><div><p>"
        + sentences(90)
        + "</p></div>"
    )
    thanks = page(
        '<h2>Thank you for reading</h2><p>ENDWORD Please leave a review.</p><p><a href="https://x.invalid">Store</a></p>'
    )
    story = chapters(_WORDS, words=1100)
    return epub(
        folder,
        {"jacket.xhtml": jacket, **story, "end.xhtml": thanks},
        toc=[*listed(_WORDS, story), ("Thank you for reading", "end.xhtml")],
        is_old=True,
    )


def _transcriber(folder: Path) -> Path:
    documents = chapters(_FIVE, words=800)
    note = '<div class="transnote"><h2>Transcriber’s Note</h2><p>NOTEWORD Spelling was kept as printed.</p></div>'
    documents["c05.xhtml"] = documents["c05.xhtml"].replace("</body>", f"{note}</body>")
    return epub(folder, documents, toc=listed(_FIVE, documents))


def _navigation(folder: Path) -> Path:
    documents = {
        f"c{n}.xhtml": page(
            f'<p><a href="c{n - 1}.xhtml">Previous</a> | <a href="toc.xhtml">Contents</a> | <a href="c{n + 1}.xhtml">Next</a></p><h1>Chapter {n}</h1>'
            + prose(800, seed=n)
        )
        for n in range(1, 6)
    }
    return epub(folder, documents, toc=listed(_FIVE, documents))


def _scanned(folder: Path) -> Path:
    """Page numbers as paragraphs, as from a scan."""
    documents = {
        f"c{n}.xhtml": page(
            f"<h1>Chapter {n}</h1>" + "".join(prose(180, seed=n * 5 + k) + f"<p>{n * 5 + k}</p>" for k in range(5))
        )
        for n in range(1, 6)
    }
    return epub(folder, documents, toc=listed(_FIVE, documents))


def _layout_table(folder: Path) -> Path:
    documents = {
        f"c{n}.xhtml": page(f"<table><tr><td><h1>Chapter {n}</h1>" + prose(800, seed=n) + "</td></tr></table>")
        for n in range(1, 6)
    }
    return epub(folder, documents, toc=listed(_FIVE, documents))


def _malformed(folder: Path) -> Path:
    documents = {
        f"c{n}.xhtml": f"<html><head><title>x</title></head><body><h1>Chapter {n}</h1><p>The&nbsp;lamp<br>was lit &amp; bright & warm.<p>Open<i>ly."
        + prose(800, seed=n).replace("</p>", "")
        for n in range(1, 6)
    }
    return epub(folder, documents, toc=listed(_FIVE, documents))


def _spaced_titles(folder: Path) -> Path:
    documents = chapters(_FIVE, words=800)
    return epub(
        folder, documents, toc=[(f"\n   Chapter\n  {n}&#160;", f"c{n:02}.xhtml") for n in range(1, 6)], is_old=True
    )


def _number_then_title(folder: Path) -> Path:
    documents = {
        f"x{i}.html": page(f'<p class="calibre_5">{i + 1}</p><p class="calibre_6">{w}</p>' + prose(900, seed=i))
        for i, w in enumerate(_WORDS)
    }
    return epub(folder, documents, is_old=True)


def _docx_title_style(folder: Path) -> Path:
    styles = '<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/></w:style>'
    return _docx(
        folder,
        "".join(
            _wp(w, style="Title") + "".join(_wp(sentences(60, seed=i * 17 + k)) for k in range(12))
            for i, w in enumerate(_WORDS)
        ),
        styles=styles,
    )


def _docx_subtitle(folder: Path) -> Path:
    styles = '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style><w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>'
    front = (
        _wp("The Lamp by the River")
        + _wp("Ann Author")
        + "".join(_wp(f"Chapter {n}\t{n * 9}", style="TOC1") for n in range(1, 6))
    )
    return _docx(
        folder,
        front
        + "".join(
            _wp(t, style="Heading1") + "".join(_wp(sentences(60, seed=i * 17 + k)) for k in range(12))
            for i, t in enumerate(_FIVE)
        ),
        styles=styles,
    )


def _web_page() -> str:
    body = "".join(f"<h2>Chapter {n}</h2>" + prose(700, seed=n) for n in range(1, 6))
    return f"<!DOCTYPE html><html><head><title>The Lamp</title><style>p{{color:red}}</style></head><body><nav><a href='/'>Home</a> NAVWORD</nav><script>var SCRIPTWORD=1;</script><!-- COMMENTWORD --><main>{body}</main><footer>FOOTWORD © Share this</footer></body></html>"


_BOTH = [f"Chapter {n} - {w}" for n, w in enumerate(_WORDS, 1)]

MORE = [
    Made(name="more-nested-in-title", build=_nested_in_title, must=Must(titles=_FIVE)),
    Made(name="more-anthology", build=_anthology, must=Must(titles=_WORDS, hasnt=["BIOWORD"])),
    Made(name="more-diary", build=_diary, must=Must(count=6)),
    _named(["1914", "1915", "1916", "1917", "1918"]),
    _named(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]),
    _named(_NAMES, has_toc=False),
    _named(["Zero", "The Beginning", "The Middle", "The End"]),
    Made(name="more-unlisted-end", build=_unlisted_end, must=Must(titles=[*_FIVE, "Epilogue"])),
    Made(name="more-short-prologue", build=_short_prologue, must=Must(titles=["Prologue", *_FIVE, "Epilogue"])),
    Made(name="more-only-parts", build=_only_parts, must=Must(count=4)),
    Made(name="more-printed-contents", build=_printed_contents, must=Must(count=5)),
    Made(name="more-jacket", build=_jacket, must=Must(titles=_WORDS, hasnt=["JACKETWORD", "ENDWORD"])),
    Made(name="more-transcriber", build=_transcriber, must=Must(titles=_FIVE, hasnt=["NOTEWORD"])),
    Made(name="more-navigation", build=_navigation, must=Must(titles=_FIVE, hasnt=["Previous"])),
    Made(name="more-scanned", build=_scanned, must=Must(titles=_FIVE, hasnt=["\n\n6\n", "\n\n17\n"])),
    Made(name="more-layout-table", build=_layout_table, must=Must(titles=_FIVE, words=(780, 820))),
    Made(name="more-malformed", build=_malformed, must=Must(titles=_FIVE, has=["lit & bright & warm."])),
    Made(name="more-spaced-titles", build=_spaced_titles, must=Must(titles=_FIVE)),
    Made(name="more-number-then-title", build=_number_then_title, must=Must(count=5)),
    Made(name="more-docx-title-style", build=_docx_title_style, must=Must(titles=_WORDS)),
    Made(name="more-docx-contents", build=_docx_subtitle, must=Must(titles=_FIVE)),
    _keeps("more-gaiji", '日本の<img class="gaiji" src="g.png" alt="髙"/>橋さん。', "日本の髙橋さん。"),
    _keeps("more-tcy", '昭和<span class="tcy">12</span>年の冬。', "昭和12年の冬。"),
    _keeps("more-image", 'The lamp <img src="x.png" alt="a photograph of a lamp"/>was lit.', "The lamp was lit."),
    _keeps(
        "more-abbr",
        'He was born in <abbr title="Great Britain">G.B.</abbr> and said <q>No</q>.',
        "He was born in G.B. and said",
    ),
    _text(
        "more-form-feed",
        lambda: "\f".join(f"Chapter {n}\n\n" + _lines(600, seed=n) for n in range(1, 6)),
        Must(count=5),
    ),
    _text(
        "more-capitals",
        lambda: "".join(f"{w.upper()}\n\n" + _lines(700, seed=i) for i, w in enumerate(_WORDS)),
        Must(count=5),
    ),
    _text(
        "more-mac",
        lambda: "".join(f"{t}\r\r" + _lines(600, seed=i).replace("\n", "\r") for i, t in enumerate(_BOTH)),
        Must(titles=_BOTH),
    ),
    _text(
        "more-tabs",
        lambda: "".join(
            f"\t\t{t}\n\n" + _lines(600, seed=i, indent="\t", gap="\n") + "\n" for i, t in enumerate(_FIVE)
        ),
        Must(count=5),
    ),
    _text(
        "more-md-yaml",
        lambda: (
            '---\ntitle: "The Lamp"\nauthor: Ann\nlang: en\n---\n\n<!-- COMMENTWORD -->\n\n'
            + "".join(
                f"{w}\n---\n\n" + _lines(350, seed=i) + "***\n\n" + _lines(350, seed=i + 9)
                for i, w in enumerate(_WORDS)
            )
        ),
        Must(titles=_WORDS, hasnt=["COMMENTWORD", "lang:"]),
        suffix="md",
    ),
    _text(
        "more-web-page",
        _web_page,
        Must(titles=_FIVE, hasnt=["NAVWORD", "SCRIPTWORD", "COMMENTWORD", "FOOTWORD"]),
        suffix="html",
    ),
    _text(
        "more-zh-web",
        lambda: (
            "《灯》作者：某\n\n内容简介：\n    一盏灯。\n\n"
            + "".join(
                f"第{n}章 夜路\n本章未完，请点击下一页\n" + _lines(800, of="zh", seed=n, indent="    ", gap="\n\n")
                for n in range(1, 8)
            )
        ),
        Must(count=7),
    ),
]
