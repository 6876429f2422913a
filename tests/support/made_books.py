"""Small books made the way many programs make them, with text of a few dozen words, and what must come of each."""

import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zlib import crc32

from imaginized.errors import Rejected
from imaginized.reading.book import read_book
from imaginized.story.text import BookText

# ruff: noqa: E501  lists of words are not broken into lines
_LEXICONS = {
    "en": "lamp door river stone house garden window child morning bridge boat silver winter letter road night quiet tree",
    "de": "Lampe Tür Fluss Stein Haus Garten Fenster Kind Morgen Brücke Boot silbern Winter Brief Straße Nacht still",
    "fr": "lampe porte rivière pierre maison jardin fenêtre enfant matin pont bateau argent hiver lettre chemin nuit",
    "es": "lámpara puerta río piedra casa jardín ventana niño mañana puente barco plata invierno carta camino noche",
    "pt": "lâmpada porta rio pedra casa jardim janela criança manhã ponte barco prata inverno carta caminho não noite",
    "it": "lampada porta fiume pietra casa giardino finestra bambino mattina ponte barca argento inverno lettera perché",
    "sv": "lampan dörren floden stenen huset trädgården fönstret barnet morgonen bron båten silver vintern brevet natten",
    "fi": "lamppu ovi joki kivi talo puutarha ikkuna lapsi aamu silta vene hopea talvi kirje tie yö hiljaa metsä",
    "pl": "lampa drzwi rzeka kamień dom ogród okno dziecko ranek most łódź srebro zima list droga noc cicho źródło",
    "cs": "lampa dveře řeka kámen dům zahrada okno dítě ráno most loď stříbro zima dopis cesta noc tiše vítr",
    "hu": "lámpa ajtó folyó kő ház kert ablak gyerek reggel híd hajó ezüst tél levél út éjszaka csend őszi",
    "el": "λάμπα πόρτα ποτάμι πέτρα σπίτι κήπος παράθυρο παιδί πρωί γέφυρα βάρκα ασήμι χειμώνας γράμμα δρόμος νύχτα",
    "ru": "лампа дверь река камень дом сад окно ребёнок утро мост лодка серебро зима письмо дорога ночь тихо",
    "uk": "лампа двері ріка камінь дім сад вікно дитина ранок міст човен срібло зима лист дорога ніч тихо їхній",
    "tr": "lamba kapı nehir taş ev bahçe pencere çocuk sabah köprü tekne gümüş kış mektup yol gece sessiz ağaç",
    "ar": "مصباح باب نهر حجر بيت حديقة نافذة طفل صباح جسر قارب فضة شتاء رسالة طريق ليل",
    "he": "מנורה דלת נהר אבן בית גינה חלון ילד בוקר גשר סירה כסף חורף מכתב דרך לילה",
    "fa": "چراغ در رودخانه سنگ خانه باغ پنجره کودک صبح پل قایق نقره زمستان نامه راه شب",
    "hi": "दीपक दरवाज़ा नदी पत्थर घर बगीचा खिड़की बच्चा सुबह पुल नाव चाँदी सर्दी पत्र रास्ता रात",
    "vi": "đèn cửa sông đá nhà vườn cửa sổ trẻ em buổi sáng cầu thuyền bạc mùa đông thư đường đêm",
    "id": "lampu pintu sungai batu rumah kebun jendela anak pagi jembatan perahu perak dingin surat jalan malam",
    "ko": "등불이 문을 강가에서 돌과 집으로 정원은 창문에 아이가 아침에 다리를 배는 은빛 겨울의 편지를 길을 밤에",
    "th": "โคมไฟ ประตู แม่น้ำ หิน บ้าน สวน หน้าต่าง เด็ก เช้า สะพาน เรือ เงิน ฤดูหนาว จดหมาย ถนน กลางคืน",
    "ja": "灯りが 扉の 川は 石を 家に 庭で 窓から 子供が 朝の 橋を 舟は 銀の 冬に 手紙を 道の 夜は",
    "zh": "灯亮 门开 河水 石头 房子 花园 窗户 孩子 早晨 桥上 小船 银色 冬天 来信 道路 夜里",
    "zht": "燈亮 門開 河水 石頭 房子 花園 窗戶 孩子 早晨 橋上 小船 銀色 冬天 來信 道路 夜裡",
}
_GLUED = {"ja": ("", "。"), "zh": ("", "。"), "zht": ("", "。"), "th": ("", " "), "hi": (" ", "।")}
CONTAINER = """<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="{}" media-type="application/oebps-package+xml"/></rootfiles></container>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Must:
    """What must come of a file; what is None or empty is not asked."""

    titles: Sequence[str] | None = None
    count: int | None = None
    has: Sequence[str] = ()
    hasnt: Sequence[str] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    words: tuple[int, int] | None = None
    rejected: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A case: how to build its file in a folder, and what must come of it."""

    name: str
    build: Callable[[Path], Path]
    must: Must


def sentences(words: int, *, of: str = "en", seed: int = 0) -> str:
    """About so many words of a language, in sentences of nine."""
    lexicon = _LEXICONS[of].split()
    gap, stop = _GLUED.get(of, (" ", "."))
    picked = [lexicon[(seed * 11 + at * 5 + at // 9 + at // 7) % len(lexicon)] for at in range(words)]
    lines = [gap.join(picked[at : at + 9]) for at in range(0, words, 9)]
    return (stop + ("" if gap == "" else " ")).join(line[:1].upper() + line[1:] for line in lines) + stop.strip()


def prose(words: int, *, of: str = "en", seed: int = 0, each: int = 60, tag: str = "p") -> str:
    """Paragraphs of about sixty words, so many words in all."""
    counts = [min(each, words - at) for at in range(0, words, each)]
    return "\n".join(
        f"<{tag}>{sentences(count, of=of, seed=seed * 17 + at)}</{tag.split()[0]}>" for at, count in enumerate(counts)
    )


def page(body: str, *, head: str = "", title: str = "x", attributes: str = "") -> str:
    """A document around a body."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml" '
        f'xmlns:epub="http://www.idpf.org/2007/ops"><head><title>{title}</title>{head}</head>'
        f"<body{attributes}>{body}</body></html>"
    )


Entry = tuple[str, str] | tuple[str, str, Sequence["Entry"]]


def ncx(entries: Sequence[Entry]) -> str:
    """The contents as EPUB 2 has them."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1">'
        f"<head/><docTitle><text>x</text></docTitle><navMap>{_points(entries)}</navMap></ncx>"
    )


def nav(entries: Sequence[Entry], *, more: str = "") -> str:
    """The contents as EPUB 3 has them."""
    return page(f'<nav epub:type="toc"><h1>Contents</h1><ol>{_items(entries)}</ol></nav>{more}')


def _points(entries: Sequence[Entry]) -> str:
    return "".join(
        f'<navPoint id="n{crc32("".join(entry[:2]).encode())}"><navLabel><text>{entry[0]}</text></navLabel>'
        f'<content src="{entry[1]}"/>{_points(entry[2]) if len(entry) > 2 else ""}</navPoint>'
        for entry in entries
    )


def _items(entries: Sequence[Entry]) -> str:
    return "".join(
        f'<li><a href="{entry[1]}">{entry[0]}</a>{f"<ol>{_items(entry[2])}</ol>" if len(entry) > 2 else ""}</li>'
        for entry in entries
    )


def epub(
    folder: Path,
    documents: Mapping[str, str | bytes],
    *,
    toc: Sequence[Entry] | None = None,
    is_old: bool = False,
    language: str = "en",
    title: str = "The Lamp by the River",
    author: str = "Ann Author",
    extra: Mapping[str, str | bytes] | None = None,
    guide: str = "",
    nav_more: str = "",
    root: str = "OEBPS/",
    name: str = "book.epub",
) -> Path:
    """Write an EPUB of documents in the order of its spine; `extra` lie beside them under the same root."""
    items = "".join(
        f'<item id="i{at}" href="{each}" media-type="application/xhtml+xml"/>' for at, each in enumerate(documents)
    )
    spine = "".join(f'<itemref idref="i{at}"/>' for at in range(len(documents)))
    members: dict[str, str | bytes] = {f"{root}{each}": data for each, data in {**documents, **(extra or {})}.items()}
    if toc is not None and is_old:
        items += '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
        members[f"{root}toc.ncx"] = ncx(toc)
    elif toc is not None:
        items += '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        members[f"{root}nav.xhtml"] = nav(toc, more=nav_more)
    for each in extra or {}:
        kind = {"css": "text/css", "png": "image/png", "jpg": "image/jpeg"}.get(each.rsplit(".", 1)[-1])
        items += f'<item id="x{crc32(each.encode())}" href="{each}" media-type="{kind}"/>' if kind else ""
    members[f"{root}content.opf"] = (
        '<?xml version="1.0" encoding="utf-8"?><package xmlns="http://www.idpf.org/2007/opf" unique-identifier="id" '
        f'version="{"2.0" if is_old else "3.0"}"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:identifier id="id">urn:x</dc:identifier><dc:title>{title}</dc:title><dc:language>{language}</dc:language>'
        f"<dc:creator>{author}</dc:creator></metadata><manifest>{items}</manifest>"
        f"<spine{' toc=' + chr(34) + 'ncx' + chr(34) if is_old else ''}>{spine}</spine>{guide}</package>"
    )
    members["META-INF/container.xml"] = CONTAINER.format(f"{root}content.opf")
    return write_members(folder / name, {"mimetype": "application/epub+zip", **members})


def write_members(path: Path, members: Mapping[str, str | bytes]) -> Path:
    """Write a zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, data in members.items():
            archive.writestr(each, data)
    return path


def chapters(
    titles: Sequence[str], *, of: str = "en", words: int = 700, heading: str = "<h2>{}</h2>", vary: int = 7
) -> dict[str, str]:
    """A document for each chapter, with its title as a heading and lengths that vary a little."""
    return {
        f"c{at:02}.xhtml": page(heading.format(title) + prose(words + words * (at * 3 % vary) // 12, of=of, seed=at))
        for at, title in enumerate(titles, start=1)
    }


def listed(titles: Sequence[str], documents: Mapping[str, str | bytes]) -> list[Entry]:
    """Contents that name each document by a title."""
    return [(title, each) for title, each in zip(titles, documents, strict=True)]


def text_of(book: BookText) -> str:
    """All text of all chapters."""
    return "\n".join(chapter.text for chapter in book.chapters)


def judge(made: Made, folder: Path) -> str:
    """What is wrong with what comes of a case; "" when it is right."""
    path = made.build(folder)
    must = made.must
    try:
        book = read_book(path, original_name=path.name)
    except Rejected as rejected:
        return "" if must.rejected and must.rejected in str(rejected) else f"rejected: {rejected}"
    if must.rejected:
        return f"read: {len(book.chapters)} chapters"
    return "; ".join(filter(None, (_titles(must, book), _text(must, book), _parts(must, book), _sizes(must, book))))


def _titles(must: Must, book: BookText) -> str:
    found = [chapter.title for chapter in book.chapters]
    if must.titles is not None and found != list(must.titles):
        return f"titles {found} for {list(must.titles)}"
    return "" if must.count in {None, len(found)} else f"{len(found)} chapters for {must.count}: {found[:12]}"


def _text(must: Must, book: BookText) -> str:
    text = text_of(book)
    lost = [f"{each!r} is missing" for each in must.has if each not in text]
    return "; ".join(lost + [f"{each!r} is there" for each in must.hasnt if each in text])


def _parts(must: Must, book: BookText) -> str:
    found = {chapter.title: " > ".join(chapter.path) for chapter in book.chapters}
    wrong = [f"{title} below {found.get(title)!r}" for title, part in must.parts.items() if found.get(title) != part]
    return "; ".join(wrong)


def _sizes(must: Must, book: BookText) -> str:
    sizes = [chapter.words for chapter in book.chapters]
    if must.words is None or all(must.words[0] <= size <= must.words[1] for size in sizes):
        return ""
    return f"sizes {sizes}"
