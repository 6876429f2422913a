"""Made books that try how a book is divided: titles, short chapters, parts, contents that lie, matter in many languages."""

# ruff: noqa: E501  markup as programs write it is not broken into lines

from collections.abc import Sequence
from pathlib import Path

from tests.support.made_books import Entry, Made, Must, chapters, epub, listed, page, prose, sentences

# ---------------------------------------------------------------- titles that look like matter

_COVER = page('<div class="cover"><img src="cover.jpg" alt="Cover"/></div>')
_RIGHTS = page(
    "<p>Copyright © 2019 Ann Author</p><p>All rights reserved. No part of this book may be reproduced.</p>"
    "<p>ISBN 978-1-23456-789-7</p><p>First published 2019 by River Press</p>"
)
_ABOUT = page(
    "<h2>About the Author</h2><p>Ann Author lives in a house by a river with a cat. She has written two books.</p>"
)

_LOOKALIKES = {
    "en": [
        "The Map",
        "Thanks",
        "Notes",
        "Cover Story",
        "About a Boy",
        "The Dedication",
        "A Preface to Murder",
        "Copyright",
    ],
    "en2": [
        "Index",
        "The Contents of the Box",
        "Acknowledgments Are Due",
        "The Author",
        "Title Fight",
        "Credits",
        "The End",
    ],
    "en3": [
        "Also by Night",
        "Bibliography of the Dead",
        "The Glossary",
        "Appendix",
        "Praise",
        "Foreword, March",
        "Start",
    ],
    "fr": [
        "La Carte",
        "Merci",
        "Notes de nuit",
        "Du même auteur",
        "La Couverture",
        "La Table",
        "Remerciements tardifs",
    ],
    "es": [
        "El mapa",
        "Gracias",
        "Notas",
        "La portada",
        "Sobre el autor del crimen",
        "Índice de refracción",
        "Créditos",
    ],
    "pt": ["O mapa", "Obrigado", "Notas soltas", "A capa", "Sobre a autora do bilhete", "Dedicatória", "O índice"],
    "it": ["La mappa", "Grazie", "Note", "La copertina", "Indice di colpa", "Ringraziamenti", "Crediti"],
    "pl": ["Mapa", "Podziękowania", "Przypisy", "Okładka", "Spis rzeczy utraconych", "O autorze listu", "Dedykacja"],
    "ru": ["Карта", "Спасибо", "Примечания", "Обложка", "Об авторе письма", "Содержание банки", "Посвящение"],
    "sv": ["Kartan", "Tack", "Noter", "Omslaget", "Om författaren", "Innehållet i lådan", "Tillägnan"],
    "ja": ["地図", "感謝", "注", "表紙の女", "著者について", "目次", "奥付の謎"],
    "zh": ["地图", "致谢", "注释", "封面女郎", "关于作者", "目录", "版权之争"],
}


def _lookalike(key: str, titles: Sequence[str]) -> Made:
    language = key.rstrip("23")

    def build(folder: Path) -> Path:
        documents = chapters(titles, of=language, words=800)
        whole = {"cover.xhtml": _COVER, "rights.xhtml": _RIGHTS, **documents, "about.xhtml": _ABOUT}
        toc: list[Entry] = [("Cover", "cover.xhtml"), ("Copyright", "rights.xhtml"), *listed(titles, documents)]
        return epub(folder, whole, toc=[*toc, ("About the Author", "about.xhtml")], language=language)

    return Made(
        name=f"lookalike-{key}", build=build, must=Must(titles=titles, hasnt=["ISBN", "lives in a house by a river"])
    )


# ---------------------------------------------------------------- matter of many languages

_MATTER: dict[str, tuple[Sequence[str], Sequence[str], Sequence[str]]] = {
    "pt": (
        ["Capa", "Folha de rosto", "Ficha técnica", "Dedicatória", "Índice"],
        ["I — A lâmpada", "II — O rio", "III — A casa"],
        ["Agradecimentos", "Sobre a autora", "Da mesma autora"],
    ),
    "sv": (
        ["Omslag", "Titelsida", "Kolofon", "Innehåll"],
        ["Lampan", "Floden", "Huset"],
        ["Tack", "Om författaren", "Läs mer"],
    ),
    "fi": (
        ["Kansi", "Nimiösivu", "Tekijänoikeudet", "Sisällys"],
        ["Ensimmäinen luku", "Toinen luku", "Kolmas luku"],
        ["Kiitokset", "Kirjailijasta"],
    ),
    "pl": (
        ["Okładka", "Strona tytułowa", "Strona redakcyjna", "Spis treści", "Dedykacja"],
        ["Rozdział 1. Lampa", "Rozdział 2. Rzeka", "Rozdział 3. Dom"],
        ["Podziękowania", "O autorce", "Przypisy"],
    ),
    "cs": (
        ["Obálka", "Titulní stránka", "Tiráž", "Obsah", "Věnování"],
        ["První kapitola", "Druhá kapitola", "Třetí kapitola"],
        ["Poděkování", "O autorce"],
    ),
    "hu": (
        ["Borító", "Címoldal", "Impresszum", "Tartalom", "Ajánlás"],
        ["1. fejezet", "2. fejezet", "3. fejezet"],
        ["Köszönetnyilvánítás", "A szerzőről"],
    ),
    "el": (
        ["Εξώφυλλο", "Σελίδα τίτλου", "Πνευματικά δικαιώματα", "Περιεχόμενα"],
        ["Κεφάλαιο 1", "Κεφάλαιο 2", "Κεφάλαιο 3"],
        ["Ευχαριστίες", "Σχετικά με τη συγγραφέα"],
    ),
    "ru": (
        ["Обложка", "Титульный лист", "Выходные данные", "Содержание", "Аннотация"],
        ["Глава 1. Лампа", "Глава 2. Река", "Глава 3. Дом"],
        ["Благодарности", "Об авторе", "Примечания"],
    ),
    "uk": (
        ["Обкладинка", "Титульна сторінка", "Анотація", "Зміст"],
        ["Лампа", "Ріка", "Дім"],
        ["Подяки", "Про авторку"],
    ),
    "tr": (
        ["Kapak", "İç kapak", "Künye", "İçindekiler", "İthaf"],
        ["1. Lamba", "2. Nehir", "3. Ev"],
        ["Teşekkür", "Yazar hakkında"],
    ),
    "ar": (
        ["الغلاف", "صفحة العنوان", "حقوق النشر", "المحتويات", "إهداء"],
        ["الفصل الأول", "الفصل الثاني", "الفصل الثالث"],
        ["شكر وتقدير", "عن المؤلفة"],
    ),
    "he": (
        ["כריכה", "עמוד השער", "זכויות יוצרים", "תוכן העניינים", "הקדשה"],
        ["פרק ראשון", "פרק שני", "פרק שלישי"],
        ["תודות", "על המחברת"],
    ),
    "fa": (
        ["جلد", "صفحه عنوان", "شناسنامه کتاب", "فهرست", "تقدیم"],
        ["فصل یکم", "فصل دوم", "فصل سوم"],
        ["سپاسگزاری", "درباره نویسنده"],
    ),
    "hi": (
        ["आवरण", "शीर्षक पृष्ठ", "कॉपीराइट", "अनुक्रम", "समर्पण"],
        ["अध्याय १", "अध्याय २", "अध्याय ३"],
        ["आभार", "लेखिका के बारे में"],
    ),
    "th": (
        ["ปก", "หน้าชื่อเรื่อง", "ลิขสิทธิ์", "สารบัญ", "คำอุทิศ"],
        ["บทที่ ๑", "บทที่ ๒", "บทที่ ๓"],
        ["กิตติกรรมประกาศ", "เกี่ยวกับผู้เขียน"],
    ),
    "vi": (
        ["Bìa", "Trang tên sách", "Bản quyền", "Mục lục", "Lời đề tặng"],
        ["Chương 1", "Chương 2", "Chương 3"],
        ["Lời cảm ơn", "Về tác giả"],
    ),
    "ko": (
        ["표지", "속표지", "판권", "차례", "헌사"],
        ["제1장 등불", "제2장 강", "제3장 집"],
        ["감사의 말", "지은이 소개"],
    ),
    "ja": (["表紙", "扉", "目次", "登場人物"], ["第一話", "第二話", "第三話"], ["あとがき", "著者紹介", "奥付"]),
    "zh": (["封面", "扉页", "版权信息", "目录", "题献"], ["第1章 灯", "第2章 河", "第3章 屋"], ["致谢", "作者简介"]),
    "zht": (["封面", "書名頁", "版權頁", "目錄"], ["第一回", "第二回", "第三回"], ["後記", "作者簡介"]),
    "id": (
        ["Sampul", "Halaman judul", "Hak cipta", "Daftar isi", "Persembahan"],
        ["Bab 1", "Bab 2", "Bab 3"],
        ["Ucapan terima kasih", "Tentang penulis"],
    ),
}
_TAGS = {"zht": "zh-TW", "zh": "zh-CN"}


def _matter(language: str) -> Made:
    before, story, after = _MATTER[language]

    def build(folder: Path) -> Path:
        documents: dict[str, str] = {}
        toc: list[Entry] = []
        for at, title in enumerate([*before, *story, *after]):
            words = 1400 + 100 * (at % 3) if title in story else 120 + 15 * at
            if title == before[0]:
                body = '<img src="cover.jpg" alt=""/>'
            elif title == before[-1] and len(before) == 4:
                body = "".join(f'<p><a href="d{len(before) + i}.xhtml">{each}</a></p>' for i, each in enumerate(story))
            else:
                body = prose(words, of=language, seed=at)
            body = body if title in story else body.replace("<p>", "<p>MATTERWORD ", 1)
            documents[f"d{at}.xhtml"] = page(f"<h1>{title}</h1>{body}")
            toc.append((title, f"d{at}.xhtml"))
        return epub(folder, documents, toc=toc, language=_TAGS.get(language, language), is_old=len(story[0]) % 2 == 0)

    return Made(name=f"matter-{language}", build=build, must=Must(titles=story, hasnt=["MATTERWORD"]))


# ---------------------------------------------------------------- no contents: headings as plain lines

_PLAIN = {
    "ko": [f"제{n}화" for n in range(1, 9)],
    "ko2": [f"{n}장. 이야기" for n in range(1, 9)],
    "hi": [f"अध्याय {n}" for n in "१२३४५६७८"],
    "ar": [f"الفصل {n}" for n in ("الأول", "الثاني", "الثالث", "الرابع", "الخامس", "السادس")],
    "he": [f"פרק {n}" for n in ("א", "ב", "ג", "ד", "ה", "ו", "ז")],
    "el": [f"Κεφάλαιο {n}" for n in ("Πρώτο", "Δεύτερο", "Τρίτο", "Τέταρτο", "Πέμπτο")],
    "vi": [f"Chương {n}: Con đường" for n in range(1, 9)],
    "id": [f"Bab {n}" for n in range(1, 9)],
    "ru": [f"Глава {n}" for n in ("первая", "вторая", "третья", "четвёртая", "пятая")],
    "uk": [f"Розділ {n}" for n in ("I", "II", "III", "IV", "V", "VI")],
    "pl": [f"Rozdział {n}" for n in ("pierwszy", "drugi", "trzeci", "czwarty", "piąty")],
    "hu": [f"{n} fejezet" for n in ("Első", "Második", "Harmadik", "Negyedik", "Ötödik")],
    "fi": [f"{n}. luku" for n in range(1, 8)],
    "cs": [f"{n}. kapitola" for n in range(1, 8)],
    "pt": [f"Capítulo {n}" for n in ("Um", "Dois", "Três", "Quatro", "Cinco")],
    "sv": [f"Kapitel {n}" for n in ("ett", "två", "tre", "fyra", "fem")],
    "ja": [f"第{n}話" for n in "一二三四五六七"],
    "zht": [f"第{n}回 夜路" for n in "一二三四五六七"],
    "en": [f"{n}" for n in ("ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX")],
    "en2": [f"{n}." for n in ("I", "II", "III", "IV", "V", "VI", "VII")],
}


def _plain(key: str) -> Made:
    titles, language = _PLAIN[key], key.rstrip("2")

    def build(folder: Path) -> Path:
        body = "".join(f"<p><b>{title}</b></p>" + prose(500, of=language, seed=at) for at, title in enumerate(titles))
        half = body.index(f"<p><b>{titles[len(titles) // 2]}")
        documents = {"a.html": page(body[:half]), "b.html": page(body[half:])}
        return epub(folder, documents, language=_TAGS.get(language, language), is_old=True)

    return Made(name=f"plain-{key}", build=build, must=Must(count=len(titles)))


# ---------------------------------------------------------------- short chapters, single files


def _short_nav(folder: Path) -> Path:
    titles = [f"{n}" for n in range(1, 25)]
    documents = {f"s{n}.xhtml": page(f"<h3>{n}</h3>" + prose(90 + n * 9, seed=n)) for n in range(1, 25)}
    return epub(folder, documents, toc=listed(titles, documents))


def _short_named(folder: Path) -> Path:
    documents = {t: page(f"<h1>{t}</h1>" + prose(110 + 20 * (i % 5), seed=i)) for i, t in enumerate(_FLASH)}
    return epub(folder, {f"f{i}.xhtml": d for i, d in enumerate(documents.values())})


_FLASH = [
    "Rain",
    "The Boat",
    "Silver",
    "A Letter",
    "Winter",
    "Bridge",
    "Quiet",
    "The Tree",
    "Night",
    "Morning",
    "Stone",
    "Door",
]


def _short_contents(folder: Path) -> Path:
    documents = {f"f{i}.xhtml": page(f"<p>{t}</p>" + prose(150 + 20 * (i % 4), seed=i)) for i, t in enumerate(_FLASH)}
    whole = {"title.xhtml": page("<h1>The Lamp by the River</h1><p>Ann Author</p>"), **documents}
    return epub(folder, whole, toc=[("Title Page", "title.xhtml"), *listed(_FLASH, documents)], is_old=True)


def _single_headings(folder: Path) -> Path:
    body = "".join(
        f"<h2>Chapter {n}: The {w}</h2>" + prose(600, seed=n) for n, w in enumerate(("Lamp", "Door", "Boat", "Road"), 1)
    )
    return epub(folder, {"all.html": page("<h1>The Lamp by the River</h1><p>by Ann Author</p>" + body)})


def _single_anchors(folder: Path) -> Path:
    titles = ["Prologue", "The Lamp", "The Door", "The Boat", "Epilogue"]
    body = "".join(f'<p class="calibre3" id="a{i}"><b>{t}</b></p>' + prose(400, seed=i) for i, t in enumerate(titles))
    return epub(
        folder, {"all.html": page(body)}, toc=[(t, f"all.html#a{i}") for i, t in enumerate(titles)], is_old=True
    )


def _single_br(folder: Path) -> Path:
    body = "".join(
        f"<center>CHAPTER {n}</center><br/><br/>" + prose(500, seed=len(n)) for n in ("I", "II", "III", "IV", "V")
    )
    return epub(folder, {"all.html": page(body)})


def _single_numbers(folder: Path) -> Path:
    body = "".join(f'<p style="text-align:center">{n}</p>' + prose(700, seed=n) for n in range(1, 10))
    return epub(folder, {"all.html": page(body)})


def _smashwords(folder: Path) -> Path:
    """One flow cut by size, linked contents, license notes, chapters as bold centred paragraphs."""
    titles = [f"Chapter {n}" for n in ("One", "Two", "Three", "Four", "Five", "Six")]
    links = "".join(f'<p><a href="b.html#ref{i}">{t}</a></p>' for i, t in enumerate(titles))
    front = "<p>The Lamp by the River</p><p>by Ann Author</p><p>Copyright 2015 Ann Author</p><p>Smashwords Edition, License Notes</p><p>This ebook is licensed for your personal enjoyment only. This ebook may not be re-sold.</p>"
    story = "".join(f'<p class="c" id="ref{i}"><b>{t}</b></p>' + prose(900, seed=i) for i, t in enumerate(titles))
    back = "<p>###</p><p><b>About the author</b></p><p>Connect with me online at my website.</p>"
    return epub(folder, {"a.html": page(front + links), "b.html": page(story + back)}, is_old=True)


# ---------------------------------------------------------------- parts and boxes


def _nested(folder: Path) -> Path:
    documents: dict[str, str] = {}
    toc: list[Entry] = []
    for part in ("One", "Two"):
        below = []
        documents[f"p{part}.xhtml"] = page(f"<h1>Part {part}</h1>")
        for n in range(1, 5):
            documents[f"p{part}{n}.xhtml"] = page(f"<h2>Chapter {n}</h2>" + prose(900 + 40 * n, seed=n))
            below.append((f"Chapter {n}", f"p{part}{n}.xhtml"))
        toc.append((f"Part {part}", f"p{part}.xhtml", below))
    return epub(folder, documents, toc=toc)


def _nested_intro(folder: Path) -> Path:
    """Parts begin with an essay of their own that is as long as a chapter: it is one."""
    documents: dict[str, str] = {}
    toc: list[Entry] = []
    for part in ("Spring", "Autumn"):
        below = []
        documents[f"{part}.xhtml"] = page(f"<h1>{part}</h1>" + prose(1000, seed=len(part)))
        for n, t in enumerate(("The Boat", "The Road", "The Letter")):
            documents[f"{part}{n}.xhtml"] = page(f"<h2>{t}</h2>" + prose(900 + 40 * n, seed=n))
            below.append((t, f"{part}{n}.xhtml"))
        toc.append((part, f"{part}.xhtml", below))
    return epub(folder, documents, toc=toc)


def _deep(folder: Path) -> Path:
    """Volume, book, chapter."""
    documents: dict[str, str] = {}
    toc: list[Entry] = []
    for v in ("Volume I", "Volume II"):
        books = []
        for b in ("Book the First", "Book the Second"):
            below = []
            for n in range(1, 4):
                name = f"{len(documents)}.xhtml"
                documents[name] = page(
                    (f"<h1>{v}</h1><h2>{b}</h2>" if n == 1 else "")
                    + f"<h3>Chapter {n}</h3>"
                    + prose(800, seed=len(documents))
                )
                below.append((f"Chapter {n}", name))
            books.append((b, below[0][1], below))
        toc.append((v, books[0][1], books))
    return epub(folder, documents, toc=toc, is_old=True)


def _boxed(folder: Path) -> Path:
    """Three novels with all their own matter, below their titles."""
    documents: dict[str, str] = {}
    toc: list[Entry] = []
    for b in ("The Lamp", "The Door", "The Boat"):
        below = []
        for t, body in (
            ("Copyright", "<p>Copyright © 2001 Ann Author. All rights reserved.</p>"),
            ("Dedication", "<p>For my mother</p>"),
        ):
            name = f"d{len(documents)}.xhtml"
            documents[name] = page(f"<h2>{t}</h2>{body}")
            below.append((t, name))
        for n in range(1, 5):
            name = f"d{len(documents)}.xhtml"
            documents[name] = page(f"<h2>Chapter {n}</h2>" + prose(900, seed=len(documents)))
            below.append((f"Chapter {n}", name))
        name = f"d{len(documents)}.xhtml"
        documents[name] = page(
            "<h2>Acknowledgments</h2><p>Thanks to everyone at River Press, who made this book better.</p>"
        )
        below.append(("Acknowledgments", name))
        toc.append((b, below[0][1], below))
    return epub(folder, documents, toc=toc, title="The River Trilogy")


def _boxed_flat(folder: Path) -> Path:
    """Two novels, flat: title page, chapters with names, an excerpt at the end of all."""
    documents: dict[str, str] = {}
    toc: list[Entry] = []
    for b, names in (("The Lamp", ("Rain", "Snow", "Fog")), ("The Door", ("Sand", "Salt", "Dust"))):
        for t, body in (
            (b, "<p>Ann Author</p>"),
            *((t, prose(1200, seed=ord(t[1]))) for t in names),
            ("Also by Ann Author", "<ul><li>The Lamp</li><li>The Door</li><li>The Boat</li></ul>"),
        ):
            name = f"d{len(documents)}.xhtml"
            documents[name] = page(f"<h1>{t}</h1>{body}")
            toc.append((t, name))
    return epub(folder, documents, toc=toc, title="Two Novels", is_old=True)


def _parts_flat_roman(folder: Path) -> Path:
    """Flat contents: PART ONE pages without text between chapters that count on."""
    documents: dict[str, str] = {}
    toc: list[Entry] = []
    for at, t in enumerate(["PART ONE", "1", "2", "3", "PART TWO", "4", "5", "6"]):
        documents[f"d{at}.xhtml"] = page(f"<h1>{t}</h1>" + ("" if "PART" in t else prose(1000, seed=at)))
        toc.append((t, f"d{at}.xhtml"))
    return epub(folder, documents, toc=toc)


# ---------------------------------------------------------------- contents that lie

_FIVE = [f"Chapter {n}" for n in range(1, 6)]


def _lie_page_entries(folder: Path) -> Path:
    documents = chapters(_FIVE, words=900)
    toc = [(f"Page {n}", f"c{1 + n // 8:02}.xhtml") for n in range(1, 40)]
    return epub(folder, documents, toc=toc, is_old=True)


def _lie_figures(folder: Path) -> Path:
    documents = chapters(_FIVE, words=900)
    marked = {n: d.replace("<p>", '<p id="fig">', 1) for n, d in documents.items()}
    toc = [("Cover", "c01.xhtml"), ("Figure 1: A lamp", "c02.xhtml#fig"), ("Figure 2: A door", "c04.xhtml#fig")]
    return epub(folder, marked, toc=toc)


def _lie_filenames(folder: Path) -> Path:
    documents = chapters(["The Lamp", "The Door", "The Boat", "The Road"], words=900)
    return epub(folder, documents, toc=[(f"c{n:02}.xhtml", f"c{n:02}.xhtml") for n in range(1, 5)], is_old=True)


def _lie_section_names(folder: Path) -> Path:
    """ "Section0001" as Sigil names files."""
    documents = chapters(["The Lamp", "The Door", "The Boat", "The Road"], words=900)
    return epub(folder, documents, toc=[(f"Section{n:04}", f"c{n:02}.xhtml") for n in range(1, 5)], is_old=True)


def _lie_unknown(folder: Path) -> Path:
    """Every entry is called the same."""
    documents = chapters(["The Lamp", "The Door", "The Boat", "The Road"], words=900)
    return epub(folder, documents, toc=[("Unknown", f"c{n:02}.xhtml") for n in range(1, 5)], is_old=True)


def _lie_book_title(folder: Path) -> Path:
    """Every document's heading is the book's title; the entries have the chapters."""
    documents = chapters(["The Lamp by the River"] * 5, words=900)
    return epub(folder, documents, toc=listed(_FIVE, documents))


def _lie_start(folder: Path) -> Path:
    return epub(folder, chapters(_FIVE, words=900), toc=[("Start", "c01.xhtml")], is_old=True)


def _lie_missing_files(folder: Path) -> Path:
    return epub(folder, chapters(_FIVE, words=900), toc=[(t, f"Text/gone{i}.html") for i, t in enumerate(_FIVE)])


def _lie_half(folder: Path) -> Path:
    """The contents stop after three of ten."""
    titles = [f"Chapter {n}" for n in range(1, 11)]
    documents = chapters(titles, words=900)
    return epub(folder, documents, toc=listed(titles[:3], dict(list(documents.items())[:3])))


def _lie_last_fragment(folder: Path) -> Path:
    documents: dict[str, str] = {}
    toc = []
    for n in range(1, 5):
        documents[f"c{n}_split_000.html"] = page(
            f'<div id="ch{n}"><h2>Chapter {n}</h2>' + prose(600, seed=n) + "</div>"
        )
        documents[f"c{n}_split_001.html"] = page(f'<div id="ch{n}">' + prose(600, seed=n + 20) + "</div>")
        toc.append((f"Chapter {n}", f"c{n}_split_001.html#ch{n}"))
    return epub(folder, documents, toc=toc, is_old=True)


def _lie_before(folder: Path) -> Path:
    """Every entry points one document too early."""
    titles = [f"Chapter {n}" for n in range(1, 7)]
    documents = {"front.xhtml": page("<p>The Lamp by the River</p>"), **chapters(titles, words=900)}
    return epub(folder, documents, toc=[(t, list(documents)[i]) for i, t in enumerate(titles)], is_old=True)


def _lie_reversed(folder: Path) -> Path:
    """Newest first, as some web sites list."""
    titles = [f"Chapter {n}: {w}" for n, w in enumerate(("Rain", "Snow", "Fog", "Sand", "Salt"), 1)]
    documents = chapters(titles, words=900)
    return epub(folder, documents, toc=list(reversed(listed(titles, documents))))


def _lie_only_parts(folder: Path) -> Path:
    documents: dict[str, str] = {}
    toc: list[Entry] = []
    for p, names in (("Part One", (1, 2, 3, 4)), ("Part Two", (5, 6, 7, 8))):
        toc.append((p, f"c{names[0]}.xhtml"))
        for n in names:
            documents[f"c{n}.xhtml"] = page(
                (f"<h1>{p}</h1>" if n in (1, 5) else "") + f"<h2>Chapter {n}</h2>" + prose(900, seed=n)
            )
    return epub(folder, documents, toc=toc)


def _lie_top_anchor(folder: Path) -> Path:
    """All anchors are missing in one file that has all chapters."""
    body = "".join(f"<h2>{t}</h2>" + prose(700, seed=i) for i, t in enumerate(_FIVE))
    return epub(
        folder, {"all.html": page(body)}, toc=[(t, f"all.html#gone{i}") for i, t in enumerate(_FIVE)], is_old=True
    )


def _lie_sections(folder: Path) -> Path:
    """Below each chapter three named sections: they are no chapters."""
    documents: dict[str, str] = {}
    toc: list[Entry] = []
    for n in range(1, 6):
        body = f"<h1>Chapter {n}</h1>" + "".join(
            f'<h2 id="s{s}">{w}</h2>' + prose(400, seed=n * 3 + s) for s, w in enumerate(("Lamp", "Door", "Boat"))
        )
        documents[f"c{n}.xhtml"] = page(body)
        toc.append(
            (f"Chapter {n}", f"c{n}.xhtml", [(w, f"c{n}.xhtml#s{s}") for s, w in enumerate(("Lamp", "Door", "Boat"))])
        )
    return epub(folder, documents, toc=toc)


# ---------------------------------------------------------------- pictures, headings, scenes


def _picture_headings(alt: str) -> Made:
    def build(folder: Path) -> Path:
        documents = {
            f"c{n}.xhtml": page(
                f'<div><img src="h{n}.png" alt="{alt.format(n=n)}"/></div>' + prose(900 + 30 * n, seed=n)
            )
            for n in range(1, 7)
        }
        return epub(
            folder, documents, toc=[("Start Reading", "c1.xhtml")], extra={f"h{n}.png": b"\x89PNG" for n in range(1, 7)}
        )

    return Made(name=f"picture-{alt or 'none'}".replace(" ", "-"), build=build, must=Must(count=6))


def _picture_svg(folder: Path) -> Path:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="h.png"/></svg>'
    documents = {f"c{n}.xhtml": page(f"<h1>{svg}</h1>" + prose(900 + 30 * n, seed=n)) for n in range(1, 7)}
    return epub(folder, documents, extra={"h.png": b"\x89PNG"}, is_old=True)


def _two_lines(name: str, heading: str, *, toc: str = "") -> Made:
    words = ("Lamp", "Door", "Boat", "Road")
    titles = [("One", "Two", "Three", "Four")[i] for i in range(4)]

    def build(folder: Path) -> Path:
        documents = {
            f"c{i}.xhtml": page(heading.format(n=n, w=f"The {w}") + prose(800, seed=i))
            for i, (n, w) in enumerate(zip(titles, words, strict=True))
        }
        entries = [
            (toc.format(n=n, w=f"The {w}"), f"c{i}.xhtml") for i, (n, w) in enumerate(zip(titles, words, strict=True))
        ]
        return epub(folder, documents, toc=entries if toc else None)

    return Made(name=f"twoline-{name}", build=build, must=Must(count=4, hasnt=["Lamp\n\nLamp"], words=(760, 830)))


def _scene_documents(folder: Path) -> Path:
    """A document for each scene; only the first of a chapter has a heading and an entry."""
    documents: dict[str, str] = {}
    toc: list[Entry] = []
    for n in range(1, 5):
        for s in range(3):
            documents[f"c{n}s{s}.xhtml"] = page(
                (f"<h2>Chapter {n}</h2>" if s == 0 else "<p>* * *</p>") + prose(400, seed=n * 3 + s)
            )
        toc.append((f"Chapter {n}", f"c{n}s0.xhtml"))
    return epub(folder, documents, toc=toc)


def _scene_numbers(folder: Path) -> Path:
    """In each chapter scenes are numbered 1, 2, 3 as centred lines."""
    documents = {
        f"c{n}.xhtml": page(
            f"<h2>{w}</h2>" + "".join(f'<p class="center">{s}</p>' + prose(350, seed=n * 3 + s) for s in (1, 2, 3))
        )
        for n, w in enumerate(("Lamp", "Door", "Boat", "Road"))
    }
    return epub(folder, documents, toc=listed(("Lamp", "Door", "Boat", "Road"), documents), is_old=True)


def _scene_dates(folder: Path) -> Path:
    """Letters: dates are h3 inside h2 chapters; no contents."""
    documents = {
        f"c{n}.xhtml": page(
            f"<h2>Chapter {n}</h2>" + "".join(f"<h3>{d} May</h3>" + prose(350, seed=n * 3 + d) for d in (n, n + 7))
        )
        for n in range(1, 7)
    }
    return epub(folder, documents)


def _page_documents(folder: Path) -> Path:
    """A document a page of 250 words, as a converter from PDF makes; chapters have headings."""
    documents = {}
    for at in range(40):
        head = f"<h1>Chapter {at // 8 + 1}</h1>" if at % 8 == 0 else ""
        documents[f"page{at + 1}.html"] = page(head + prose(250, seed=at))
    return epub(folder, documents, toc=[(f"Page {at + 1}", f"page{at + 1}.html") for at in range(40)], is_old=True)


def _interlude(folder: Path) -> Path:
    """Interludes without number between numbered chapters stay."""
    titles = ["Prologue", "1", "2", "Interlude", "3", "A Letter from Home", "4", "Epilogue"]
    documents = {
        f"d{i}.xhtml": page(f"<h2>{t}</h2>" + prose(350 if not t.isdigit() else 1500, seed=i))
        for i, t in enumerate(titles)
    }
    return epub(folder, documents, toc=listed(titles, documents))


# ---------------------------------------------------------------- programs


def _webtoepub(folder: Path) -> Path:
    titles = [f"Chapter {n}: {w}" for n, w in enumerate(("Rain", "Snow", "Fog", "Sand", "Salt", "Dust"), 1)]
    documents = {
        f"Text/{n:04}_Chapter.xhtml": page(f"<h1>{t}</h1>" + prose(1000, seed=n)) for n, t in enumerate(titles, 1)
    }
    info = page(
        '<p><b>Title:</b> The Lamp</p><p><b>Author:</b> Ann</p><p>Source: <a href="https://x.invalid/">https://x.invalid/</a></p>'
    )
    whole = {"Text/Cover.xhtml": _COVER, "Text/0000_Information.xhtml": info, **documents}
    return epub(
        folder,
        whole,
        toc=[("Cover", "Text/Cover.xhtml"), ("Information", "Text/0000_Information.xhtml"), *listed(titles, documents)],
        is_old=True,
    )


def _fanficfare(folder: Path) -> Path:
    titles = [f"{n}. {w}" for n, w in enumerate(("Rain", "Snow", "Fog", "Sand"), 1)]
    documents = {
        f"OEBPS/file{n:04}.xhtml": page(f'<h3 class="fff_chapter_title">{t}</h3>' + prose(1000, seed=n))
        for n, t in enumerate(titles, 1)
    }
    front = page(
        "<h3>The Lamp by Ann</h3><div><b>Status:</b> Completed<br/><b>Words:</b> 4,000<br/><b>Summary:</b> "
        + sentences(60)
        + "</div>"
    )
    log = page("<h3>Update Log</h3><p>Mon 1 May</p><p>Chapters: 4</p>")
    whole = {"OEBPS/title_page.xhtml": front, **documents, "OEBPS/log_page.xhtml": log}
    return epub(
        folder,
        whole,
        toc=[
            ("Title Page", "OEBPS/title_page.xhtml"),
            *listed(titles, documents),
            ("Update Log", "OEBPS/log_page.xhtml"),
        ],
        is_old=True,
    )


def _ao3(folder: Path) -> Path:
    preface = page(
        '<h1>The Lamp</h1><div class="meta"><dl class="tags"><dt>Rating:</dt><dd>General</dd><dt>Fandom:</dt><dd>Original Work</dd></dl><p>Summary</p><blockquote><p>'
        + sentences(40)
        + "</p></blockquote></div>"
    )
    documents = {
        f"split_{n:03}.xhtml": page(f'<h2 class="toc-heading">{w}</h2>' + prose(1000, seed=n))
        for n, w in enumerate(("Rain", "Snow", "Fog"), 1)
    }
    after = page(
        "<h2>Afterword</h2><p>Please drop by the Archive and comment to let the creator know if you enjoyed their work!</p>"
    )
    whole = {"split_000.xhtml": preface, **documents, "split_009.xhtml": after}
    return epub(
        folder,
        whole,
        toc=[
            ("Preface", "split_000.xhtml"),
            *listed(("Rain", "Snow", "Fog"), documents),
            ("Afterword", "split_009.xhtml"),
        ],
        is_old=True,
    )


def _lncrawl(folder: Path) -> Path:
    documents: dict[str, str] = {
        "intro.xhtml": page("<h1>The Lamp</h1><p>Generated by crawler</p><p>" + sentences(80) + "</p>")
    }
    toc: list[Entry] = [("Intro", "intro.xhtml")]
    for v in (1, 2):
        documents[f"volume_{v}.xhtml"] = page(f"<h1>Volume {v}</h1>")
        below = []
        for n in range(3 * v - 2, 3 * v + 1):
            documents[f"chapter_{n:05}.xhtml"] = page(f"<h1>Chapter {n}</h1>" + prose(900, seed=n))
            below.append((f"Chapter {n}", f"chapter_{n:05}.xhtml"))
        toc.append((f"Volume {v}", f"volume_{v}.xhtml", below))
    return epub(folder, documents, toc=toc)


def _vellum(folder: Path) -> Path:
    titles = ["Chapter 1", "Chapter 2", "Chapter 3", "Chapter 4"]
    documents = chapters(titles, words=900, heading='<div class="element-number"><span>{}</span></div>')
    mail = page(
        "<h2>Don't miss the next one!</h2><p>Join the newsletter and receive a free novella. <a href='https://x.invalid'>Sign up</a></p>"
    )
    whole = {
        "title-page.xhtml": page("<h1>The Lamp</h1>"),
        "copyright.xhtml": _RIGHTS,
        **documents,
        "free.xhtml": mail,
        "also-by.xhtml": page("<h2>Also by Ann Author</h2><p>The Door</p><p>The Boat</p>"),
    }
    toc: list[Entry] = [
        *listed(titles, documents),
        ("Don’t miss the next one!", "free.xhtml"),
        ("Also by Ann Author", "also-by.xhtml"),
    ]
    return epub(folder, whole, toc=toc)


def _sneak_peek(folder: Path) -> Path:
    """An excerpt of the next book at the end, as long as a chapter: no chapter of this one."""
    titles = [f"Chapter {n}" for n in range(1, 9)]
    documents = chapters(titles, words=900)
    peek = page(
        "<h1>Sneak Peek of The Door</h1><h2>Chapter 1</h2>" + prose(900, seed=77).replace("<p>", "<p>PEEKWORD ", 1)
    )
    return epub(
        folder,
        {**documents, "peek.xhtml": peek},
        toc=[*listed(titles, documents), ("Sneak Peek of The Door", "peek.xhtml")],
    )


def _standard_ebooks(folder: Path) -> Path:
    documents = {
        f"text/chapter-{n}.xhtml": page(
            f'<section epub:type="chapter"><h2 epub:type="ordinal">{r}</h2>' + prose(900, seed=n) + "</section>",
            attributes=' epub:type="bodymatter"',
        )
        for n, r in enumerate(("I", "II", "III", "IV"), 1)
    }
    imprint = page(
        '<section epub:type="imprint"><h2>Imprint</h2>' + prose(130) + "</section>",
        attributes=' epub:type="frontmatter"',
    )
    colophon = page(
        '<section epub:type="colophon"><h2>Colophon</h2>' + prose(130) + "</section>",
        attributes=' epub:type="backmatter"',
    )
    whole = {"text/imprint.xhtml": imprint, **documents, "text/colophon.xhtml": colophon}
    return epub(
        folder,
        whole,
        toc=[
            ("Imprint", "text/imprint.xhtml"),
            *listed(("I", "II", "III", "IV"), documents),
            ("Colophon", "text/colophon.xhtml"),
        ],
    )


def _typed_wrong(folder: Path) -> Path:
    """A converter typed every document as front matter."""
    titles = ["The Lamp", "The Door", "The Boat", "The Road"]
    documents = {k: v.replace("<body", '<body epub:type="frontmatter"') for k, v in chapters(titles, words=900).items()}
    return epub(folder, documents, toc=listed(titles, documents))


def _questions(folder: Path) -> Path:
    """A reading group guide and a recipe at the end."""
    titles = [f"Chapter {n}" for n in range(1, 7)]
    documents = chapters(titles, words=1400)
    guide = page(
        "<h2>Questions for Discussion</h2><ol>"
        + "".join(f"<li>GUIDEWORD {sentences(18, seed=n)}</li>" for n in range(12))
        + "</ol>"
    )
    return epub(
        folder,
        {**documents, "g.xhtml": guide},
        toc=[*listed(titles, documents), ("Questions for Discussion", "g.xhtml")],
    )


def _long_preface(folder: Path) -> Path:
    """An index of links and a bibliography as long as a chapter."""
    titles = [f"Chapter {n}" for n in range(1, 6)]
    documents = chapters(titles, words=800)
    index = page(
        "<h2>Index</h2>"
        + "".join(
            f'<p>INDEXWORD {sentences(2, seed=n)[:-1]}, <a href="c01.xhtml">{n}</a>, <a href="c02.xhtml">{n + 40}</a></p>'
            for n in range(150)
        )
    )
    return epub(folder, {**documents, "index.xhtml": index}, toc=[*listed(titles, documents), ("Index", "index.xhtml")])


_FUNCTIONS = [
    ("short-nav", _short_nav, Must(count=24)),
    ("short-headings", _short_named, Must(titles=_FLASH)),
    ("short-contents", _short_contents, Must(titles=_FLASH)),
    (
        "single-headings",
        _single_headings,
        Must(titles=[f"Chapter {n}: The {w}" for n, w in enumerate(("Lamp", "Door", "Boat", "Road"), 1)]),
    ),
    ("single-anchors", _single_anchors, Must(titles=["Prologue", "The Lamp", "The Door", "The Boat", "Epilogue"])),
    ("single-br", _single_br, Must(count=5)),
    ("single-numbers", _single_numbers, Must(count=9)),
    ("smashwords", _smashwords, Must(count=6, hasnt=["licensed for your", "website"])),
    ("nested", _nested, Must(count=8)),
    (
        "nested-intro",
        _nested_intro,
        Must(titles=["Spring", "The Boat", "The Road", "The Letter", "Autumn", "The Boat", "The Road", "The Letter"]),
    ),
    ("deep", _deep, Must(count=12)),
    ("boxed", _boxed, Must(count=12, hasnt=["everyone at River Press", "All rights"])),
    ("boxed-flat", _boxed_flat, Must(titles=["Rain", "Snow", "Fog", "Sand", "Salt", "Dust"])),
    (
        "parts-flat",
        _parts_flat_roman,
        Must(titles=["1", "2", "3", "4", "5", "6"], parts={"2": "PART ONE", "5": "PART TWO"}),
    ),
    ("lie-page-entries", _lie_page_entries, Must(titles=_FIVE)),
    ("lie-figures", _lie_figures, Must(titles=_FIVE)),
    ("lie-filenames", _lie_filenames, Must(titles=["The Lamp", "The Door", "The Boat", "The Road"])),
    ("lie-section-names", _lie_section_names, Must(titles=["The Lamp", "The Door", "The Boat", "The Road"])),
    ("lie-unknown", _lie_unknown, Must(titles=["The Lamp", "The Door", "The Boat", "The Road"])),
    ("lie-book-title", _lie_book_title, Must(titles=_FIVE)),
    ("lie-start", _lie_start, Must(titles=_FIVE)),
    ("lie-missing-files", _lie_missing_files, Must(titles=_FIVE)),
    ("lie-half", _lie_half, Must(count=10)),
    ("lie-last-fragment", _lie_last_fragment, Must(titles=_FIVE[:4], words=(1150, 1250))),
    ("lie-before", _lie_before, Must(titles=[f"Chapter {n}" for n in range(1, 7)], words=(800, 1700))),
    (
        "lie-reversed",
        _lie_reversed,
        Must(titles=[f"Chapter {n}: {w}" for n, w in enumerate(("Rain", "Snow", "Fog", "Sand", "Salt"), 1)]),
    ),
    ("lie-only-parts", _lie_only_parts, Must(count=8, parts={"Chapter 2": "Part One", "Chapter 6": "Part Two"})),
    ("lie-top-anchor", _lie_top_anchor, Must(titles=_FIVE)),
    ("lie-sections", _lie_sections, Must(titles=_FIVE)),
    ("picture-svg", _picture_svg, Must(count=6)),
    ("scene-documents", _scene_documents, Must(titles=_FIVE[:4], words=(1150, 1250))),
    ("scene-numbers", _scene_numbers, Must(titles=["Lamp", "Door", "Boat", "Road"])),
    ("scene-dates", _scene_dates, Must(count=6)),
    ("page-documents", _page_documents, Must(titles=_FIVE)),
    (
        "interlude",
        _interlude,
        Must(titles=["Prologue", "1", "2", "Interlude", "3", "A Letter from Home", "4", "Epilogue"]),
    ),
    ("webtoepub", _webtoepub, Must(count=6)),
    ("fanficfare", _fanficfare, Must(titles=[f"{n}. {w}" for n, w in enumerate(("Rain", "Snow", "Fog", "Sand"), 1)])),
    ("ao3", _ao3, Must(titles=["Rain", "Snow", "Fog"])),
    ("lncrawl", _lncrawl, Must(titles=[f"Chapter {n}" for n in range(1, 7)])),
    ("vellum", _vellum, Must(titles=["Chapter 1", "Chapter 2", "Chapter 3", "Chapter 4"])),
    ("sneak-peek", _sneak_peek, Must(count=8, hasnt=["PEEKWORD"])),
    ("standard-ebooks", _standard_ebooks, Must(titles=["I", "II", "III", "IV"])),
    ("typed-wrong", _typed_wrong, Must(titles=["The Lamp", "The Door", "The Boat", "The Road"])),
    ("questions", _questions, Must(count=6, hasnt=["GUIDEWORD"])),
    ("long-index", _long_preface, Must(count=5, hasnt=["INDEXWORD"])),
]

SHAPES = [
    *(_lookalike(key, titles) for key, titles in _LOOKALIKES.items()),
    *(_matter(language) for language in _MATTER),
    *(_plain(key) for key in _PLAIN),
    *(Made(name=name, build=build, must=must) for name, build, must in _FUNCTIONS),
    *(_picture_headings(alt) for alt in ("", "Chapter {n}", "image", "h{n}.png")),
    _two_lines("h1h2", "<h1>{n}</h1><h2>{w}</h2>", toc="{n}"),
    _two_lines("br", "<h2>Chapter {n}<br/>{w}</h2>", toc="Chapter {n}: {w}"),
    _two_lines("classes", '<p class="num">{n}</p><p class="ttl">{w}</p>', toc="{n}: {w}"),
    _two_lines("header", "<header><p>Chapter {n}</p><h1>{w}</h1></header>", toc="{w}"),
    _two_lines("notoc", "<h2>Chapter {n}</h2><h2>{w}</h2>"),
    _two_lines("spans", "<h1><span>{n}</span> <span>{w}</span></h1>", toc="{n} {w}"),
]
