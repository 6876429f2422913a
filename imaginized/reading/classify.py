"""What a part of a book is, by what it says it is and by its title: story, front matter, back matter, part page."""

import re
from functools import lru_cache

from imaginized.reading.labels import Matter
from imaginized.reading.ordinals import ORDINAL

_STORY_TYPES = frozenset({"chapter", "prologue", "epilogue", "part", "volume", "conclusion"})
_SKIP_TYPES = {
    "cover": Matter.COVER,
    "titlepage": Matter.TITLE_PAGE,
    "title-page": Matter.TITLE_PAGE,
    "halftitlepage": Matter.HALF_TITLE_PAGE,
    "halftitle": Matter.HALF_TITLE_PAGE,
    "copyright-page": Matter.COPYRIGHT_PAGE,
    "copyright": Matter.COPYRIGHT_PAGE,
    "imprint": Matter.IMPRINT,
    "colophon": Matter.COLOPHON,
    "dedication": Matter.DEDICATION,
    "epigraph": Matter.EPIGRAPH,
    "foreword": Matter.FOREWORD,
    "preface": Matter.PREFACE,
    "acknowledgments": Matter.ACKNOWLEDGEMENTS,
    "acknowledgements": Matter.ACKNOWLEDGEMENTS,
    "toc": Matter.CONTENTS,
    "toc-brief": Matter.CONTENTS,
    "loi": Matter.LIST_OF_ILLUSTRATIONS,
    "lot": Matter.LIST_OF_TABLES,
    "contributors": Matter.CONTRIBUTORS,
    "other-credits": Matter.CREDITS,
    "credits": Matter.CREDITS,
    "credit": Matter.CREDITS,
    "errata": Matter.ERRATA,
    "revision-history": Matter.REVISION_HISTORY,
    "abstract": Matter.ABSTRACT,
    "appendix": Matter.APPENDIX,
    "afterword": Matter.AFTERWORD,
    "bibliography": Matter.BIBLIOGRAPHY,
    "glossary": Matter.GLOSSARY,
    "index": Matter.INDEX,
    "endnotes": Matter.NOTES,
    "footnotes": Matter.NOTES,
    "rearnotes": Matter.NOTES,
    "notes": Matter.NOTES,
    "introduction": Matter.INTRODUCTION,
    "about": Matter.ABOUT_THE_AUTHOR,
    "dramatis-personae": Matter.LIST_OF_CHARACTERS,
    "pagelist": Matter.PAGE_LIST,
    "page-list": Matter.PAGE_LIST,
    "landmarks": Matter.LANDMARKS,
    "praise": Matter.PRAISE,
    "seriespage": Matter.SERIES_PAGE,
    "excerpt": Matter.EXCERPT,
    "translator-note": Matter.TRANSLATORS_NOTE,
}
_NEUTRAL_SKIPS = frozenset({"appendix", "introduction", "epigraph"})


def _join_lines(pattern: str) -> str:
    """A pattern that was broken into lines before some of its alternatives."""
    return "".join(line.strip() for line in pattern.splitlines())


_ROMAN = r"(?=[ivxlcdm])m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})"
_WORDS = _join_lines(
    r"""
        (?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)?[- ]?(?:one|two|three|four|five|six|seven|eight|nine)
        |ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|twenty|thirty|forty|fifty|sixty|seventy
        |eighty|ninety|the (?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last)|first
        |second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|last|premi[eè]re?
        |(?:deux|trois|quatr|cinqu|six|sept|huit|neuv|dix)i[eè]me|primero|segundo|tercero|cuarto|quinto|sexto|s[ée]ptimo
        |octavo|noveno|d[ée]cimo|primo|secondo|terzo|quarto|sesto|settimo|ottavo|nono|primeiro|terceiro
        |(?:erst|zweit|dritt|viert|fünft|sechst|siebe?n?t|acht|neunt|zehnt|elft|zwölft)e[rs]?
        |(?:перв|втор|трет|четв[её]рт|пят|шест|седьм|восьм|девят|десят)(?:ая|ый|ой|ий|ья|ое)
    """
)
_NUMBER = rf"(?:\d{{1,4}}|{_ROMAN}|{_WORDS})"
_PROPER_WORDS = _join_lines(
    r"""
        chapters?|chap\.?|ch\.?|chapitre|kapitel|kap\.?|cap[ií]tulo|cap[ií]tol|capitolo|capitolul|cap\.?|hoofdstuk
        |глава|розділ|раздзел|rozdzia[lł]|kapitola|kapittel|luku|fejezet|κεφ[άα]λαιο|б[оө]л[иү]м|b[öo]l[üu]m|poglavlje
        |поглавље|peat[üu]kk|nodaļa|skyrius|bab|chương|บทที่|บท|فصل|الفصل|الباب|باب|פרק|अध्याय|অধ্যায়|kafli|caput
    """
)
_CHAPTER_WORDS = _PROPER_WORDS + _join_lines(
    r"""
        |letter|stave|canto|scene|sc[eè]ne|story|episode|day|night|brief|lettre|carta|lettera|szene|escena|cena|scena
        |сцена|kohtaus|scén|sahne|lied|gesang|chant|nacht|tag|nuit|giorno
    """
)
_PART_WORDS = _join_lines(
    r"""
        part|book|volume|vol\.?|act|section|partie|livre|tome|acte|teil|buch|band|akt|parte|libro|livro|atto
        |acto|ato|deel|boek|часть|книга|том|частина|cz[eę][sś][cć]|ksi[eę]ga|tom|d[íi]l|[čc][áa]st|kniha|osa|kirja
        |r[ée]sz|k[öo]tet|del|bok|k[ıi]s[ıi]m|cilt|kitap|μ[έε]ρος|βιβλ[ίι]ο|partea|cartea|phần|quyển|ภาค|เล่ม|بخش|جلد
        |الجزء|جزء|الكتاب|קטע|חלק|ספר|भाग|खण्ड
    """
)
_CJK_NUMBER = r"[0-9０-９一二三四五六七八九十百千〇零壱弐参壹贰貳叁參肆伍陆陸柒捌玖拾佰仟两兩廿卅上中下]+"
_CJK_UNIT = "[章回話话節节篇折]"
_CJK_STOPS = "。！？!?，,；;"
_CHAPTER = re.compile(
    rf"^(?:(?:{_CHAPTER_WORDS})\s+(?:the\s+)?(?:{_NUMBER}|{ORDINAL})\b"
    rf"|{_NUMBER}(?:\s*[.:)\]—–-]|$)"
    rf"|(?:{_NUMBER}(?:er|e|st|nd|rd|th)?|{ORDINAL})\s+(?:{_CHAPTER_WORDS})\b"
    r"|(?:الفصل|الباب|פרק|فصل|باب)\s+\S+|\d{1,3}\s+(?=[^\W\d_])|(?:chapter|chap|ch)[._-]\s?\d{1,4}\b"
    rf"|第?\s*{_CJK_NUMBER}\s*(?:{_CJK_UNIT}|$|[\s　、.．])|제?\s*\d+\s*[장화])",
    re.IGNORECASE,
)
_CHAPTER_LINE = re.compile(
    rf"^(?:(?i:{_PROPER_WORDS})\s+(?i:{_NUMBER}|{ORDINAL})\b|(?:\d{{1,4}}\.?|(?i:{ORDINAL}))\s+(?i:{_PROPER_WORDS})$"
    r"|(?i:chapter|chap|ch)[._-]\s?\d{1,4}\b|(?:الفصل|الباب|פרק|فصل|باب)\s+\S+$"
    r"|[IVXLC]{1,7}\.?$|\d{1,3}\.?$|제\s*\d+\s*[장화](?:\s|$)"
    rf"|第\s*{_CJK_NUMBER}\s*{_CJK_UNIT}(?:$|[\s　:：、.．]|[^{_CJK_STOPS}]{{1,20}}$))"
)
_FILE_TITLE = re.compile(
    r"^\S.*\.(?:x?html?|xml|docx?|odt|rtf|txt|md|tex|pdf|indd|pages|epub)$|^[^\W_]+(?:[_-][^\W_]+)*[_-]\d+(?:[_-]\w+)*$"
    r"|^(?:index_)?split_\d+$|^(?:part|section|chapter|page|text|body|content)\d{2,}$",
    re.IGNORECASE,
)
_NAMES_CHAPTER = re.compile(
    rf"^(?:(?:{_PROPER_WORDS})[\s.]+(?:the\s+)?\S+|{_NUMBER}[.ºª]?(?:er|e|st|nd|rd|th|-?я)?\s+(?:{_PROPER_WORDS})\b"
    rf"|第?\s*{_CJK_NUMBER}\s*[章回話话]|제?\s*\d+\s*[장화])",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[!?,;…]$|[^\W\d_]{2,}\.$")
_CJK_SENTENCE = re.compile(r"[。！？，；][」』”]?$")
_PART = re.compile(
    rf"^(?:the\s+)?(?:(?:{_PART_WORDS})\s+(?:the\s+)?{_NUMBER}\b|{_NUMBER}\s+(?:{_PART_WORDS})\b"
    rf"|第?\s*{_CJK_NUMBER}\s*[部巻卷編编]|(?:{_PART_WORDS})$)",
    re.IGNORECASE,
)
_STORY_WORDS = _join_lines(
    r"""
        prologue?|prolog[ui]?|pr[óo]log[ou]?s?|pr[óo]leg|epilogue?|epilog[iu]?|[ée]p[íi]log[ou]?s?|[ée]pilogue|ep[íi]leg
        |prelude|interlude|interlúdio|interludio|interludium|intermezzo|coda|postlude|пролог|эпилог|епілог|епилог
        |πρόλογος|επίλογος|vorspiel|nachspiel|zwischenspiel|proloog|epiloog|előhang|utóhang|פרולוג|אפילוג
        |프롤로그|에필로그|외전|序章|終章|终章|幕間|間章|番外.{0,12}|外传|外傳|エピローグ.{0,12}|プロローグ.{0,12}
        |尾声|尾聲|楔子|引子
    """
)
_STORY_TITLE = re.compile(rf"^(?:the\s+)?(?:{_STORY_WORDS})(?![^\W\d_])", re.IGNORECASE)
_START_TITLE = re.compile(
    r"^(?:start|begin|start reading|begin reading.*|start of (?:text|content)|beginning|main (?:text|content)|text|body"
    r"|content|unknown|commencer la lecture|d[ée]marrer|d[ée]but|texte|lesebeginn|anfang|text beginnt|comenzar a leer"
    r"|inicio|inizio|本文|正文)$",
    re.IGNORECASE,
)
_END_TITLE = re.compile(r"^(?:the end|fin(?:is)?|fine|fim|ende|einde|slut|koniec|конец|終わり?|完)$", re.IGNORECASE)
_SPLIT_CAPITAL = re.compile(r"(?<![\w'’.-])([B-HJ-NP-Z]) (?=[A-Z]{2,}\b)")
_EXCERPT = re.compile(
    r"^(?:an? )?(?:(?:free |sneak |special )?(?:preview|peek)|excerpt|extract|teaser|leseprobe)\b", re.I
)
_MIN_SENTENCE = 24
_FIRST = re.compile(
    r"\b(?:1|i|one|first|premi[eè]re?|erste[rs]?|primer[oa]?|prim[oa])\b|第?[一１1][章回話话]", re.IGNORECASE
)
_DOTTED = re.compile(r"^(?:§\s*)?(?:(?:[A-Z]|\d{1,3})(?:\.\d{1,3})+\.?|[IVX]{1,5}-[A-Z])(?:\s|$)")

_SKIP_TITLES = tuple(
    (re.compile(rf"^(?:the\s+|an?\s+)?(?:{_join_lines(pattern)})\s*$", re.IGNORECASE), reason)
    for reason, pattern in (
        (
            Matter.COVER,
            r"""
                (?:front\s+|back\s+|book\s+)?cover(?: page| image)?|couverture|umschlag|portada|copertina|cubierta
                |omslag|表紙|封面|обложка|الغلاف
            """,
        ),
        (
            Matter.TITLE_PAGE,
            r"""
                (?:half[- ]?)?title[- ]?page|titlepage|half[- ]?title|title|page de titre|titelseite|titel
                |portadilla|frontispiece|frontespizio|扉|書名|титул
            """,
        ),
        (
            Matter.COPYRIGHT_PAGE,
            r"""
                (?:copyright|legal|rights)(?: page| notice| information| & permissions)?|©.*|copyright ©.*|impressum
                |imprint|mentions l[ée]gales|cr[ée]ditos|colophon|colof[oó]n|uncopyright|奥付|版权.*
                |informaci[óo]n legal|ficha t[ée]cnica|выходные данные|זכויות יוצרים
                |publisher(?:'s|’s) imprint|derechos.*|publication details
            """,
        ),
        (
            Matter.CONTENTS,
            r"""
                (?:brief |full |table of |detailed |the )?contents?(?: page)?|table des mati[èe]res|sommaire
                |inhalt(?:sverzeichnis)?|[íi]ndice(?: general)?|sumario|indice|inhoud(?:sopgave)?|目次|目录|目錄
                |оглавление|содержание|المحتويات|navigation|index of chapters
            """,
        ),
        (
            Matter.DEDICATION,
            r"""
                dedication|d[ée]dicace|widmung|dedicatoria|dedica|献辞
            """,
        ),
        (
            Matter.EPIGRAPH,
            r"""
                epigraphs?|[ée]pigraphe|motto|ep[ií]grafe|etymology|extracts(?: \(.*\))?
            """,
        ),
        (
            Matter.ACKNOWLEDGEMENTS,
            r"""
                acknowledge?ments?|remerciements|danksagung|dank|agradecimientos|ringraziamenti|dankwoord
                |благодарности|謝辞|thanks
            """,
        ),
        (
            Matter.FOREWORD_OR_PREFACE,
            r"""
                (?:(?:author|editor|translator|publisher)(?:['’]?s['’]?)?\s+)?
                (?:foreword|preface|introduct(?:ion|ory)(?: note)?)
                (?:\s(?:to|by|from|of) .*)?
                |forward|avant[- ]propos|pr[ée]face|vorwort|geleitwort|einleitung|pr[óo]logo del .*|pref[áa]cio
                |prefazione|introduzione|introducci[óo]n|introdução|apresentação|presentaci[óo]n|premessa
                |(?:vor|ein)bemerkung|zur einf[üu]hrung|einf[üu]hrung|voorwoord|inleiding|f[öo]rord
                |inledning|introduktion|johdanto|esipuhe|przedmowa|wst[ęe]p|p[řr]edmluva|előszó|giriş|önsöz|предисловие
                |введение|вступление|от (?:автора|издательства|переводчика|редакции)|はじめに|まえがき|序文?|前言
                |序言?|自序|代序|推荐序.*|译者序|譯者序
                |הקדמה|מבוא|المقدمة|مقدمة
            """,
        ),
        (
            Matter.NOTES,
            r"""
                (?:(?:original\s+)?(?:author|editor|translator|transcriber|publisher|producer)s?(?:['’]s?)?\s+)(?:end\s*|foot\s*)?notes?:?
                |notes? (?:on|about|to) .*|transcriber.{0,4} notes?.*|(?:end|foot|rear)\s*-?notes?|notes|anmerkungen
                |fu[ßs]+noten|notas|note del .*|примечания|注釈?|訳注|注釈一覧|脚注
                |notes? (?:de bas de page|et r[ée]f[ée]rences)|notas? (?:del (?:autor|traductor|editor)|ao? .*)|noten
                |przypisy|pozn[áa]mky|сноски|הערות
            """,
        ),
        (
            Matter.ABOUT_THE_AUTHOR,
            r"""
                (?:about|on) the cover|about this book
                |about the (?:author|book|publisher|translator|editor|type|illustrator|narrator)s?.*|about
                |about (?!a\b|the\b).{3,40} \(author\)|über (?:den autor|die autorin).*|[àa] propos.*
                |(?:autor|author|translator|editor)(?:s|es|in|a)?|(?:the )?author biography
                |(?:.{1,60}[:—–-] )?(?:an? )?(?:short |brief )?biograph(?:y|ical (?:note|sketch))(?: of the author)?
                |biogra(?:ph|f)(?:ie|[íi]a)(?: (?:de l['’]auteur|des autors|del autor))?
                |note biographique.*|nota biogr[áa]fica.*|notice biographique.*
                |(?:sobre|acerca de(?:l)?) (?:(?:el|la|o|a|os|as|los|las|esta|este) )?
                (?:.*autore?s?a?s?|libro|livro|edici[óo]n|edição|traductora?|tradutora?).*
                |l['’]aut(?:eur|ore|rice).*|sull['’]autore.*|over de auteur|om f[öo]rfattaren|об авторе|著者.*|作者.*
                |o autorze|על המחבר.*
            """,
        ),
        (
            Matter.PUBLISHERS_MATTER,
            r"""
                also by.*|(?:other )?books by.*|by the same author|other (?:books|titles|works).*|du m[êe]me auteur
                |more (?:from|by).*|praise for.*|advance praise.*|newsletter.*|(?:free )?preview.*
                |(?:an? )?excerpt from.*|teaser.*|sneak peek.*|reading group guide|discussion questions.*
                |questions for discussion|feedbooks|back ads?|advertisements?|catalogue.*|series page|backlist
            """,
        ),
        (
            Matter.AFTERWORD,
            r"""
                afterword.*|postface|nachwort|postfacio|nawoord|послесловие|あとがき|後書き|解説|后记|後記
                |postscript to .*
            """,
        ),
        (
            Matter.APPENDIX,
            r"""
                appendi(?:x|ces)(?: \w+)?(?:[.:—–-].*)?|annexes?|anhang|ap[êée]ndices?|appendice|приложени[ея]
                |(?:付録|附録|附属書|附录|附錄)\s*.*
            """,
        ),
        (
            Matter.BIBLIOGRAPHY,
            r"""
                bibliograph(?:y|ie)|selected bibliography|works cited|references|further reading|sources
                |bibliograf[íi]a|literatur(?:verzeichnis)?|quellen(?:verzeichnis|nachweise?)?|参考文献|библиография
            """,
        ),
        (
            Matter.GLOSSARY,
            r"""
                glossar(?:y|ies|io|ium)|glossaire|glossar|глоссарий|用語集
            """,
        ),
        (
            Matter.INDEX,
            r"""
                (?:general |subject )?index(?: of .*| des .*)?|register
                |(?:stichwort|sach|personen|namen)s?(?:verzeichnis|register)
                |[íi]ndice (?:anal[íi]tico|onom[áa]stico|dei nomi|de nombres).*|индекс|указатель|索引
            """,
        ),
        (
            Matter.CHARACTERS_OR_MAP,
            r"""
                dramatis person(?:ae|æ)|(?:list of |cast of |principal )?characters(?: in .*)?|personnages|personen
                |personajes|登場人物|действующие лица|(?:persons|people) (?:of|in|represented).*|maps?(?: of .*)?
                |family tree.*|genealog.*|chronology|timeline
            """,
        ),
        (
            Matter.LIST_OF_ABBREVIATIONS,
            r"""
                (?:general |list of )?(?:abbreviations|acronyms)(?: used.*)?|abk[üu]rzung(?:en|sverzeichnis).*
                |symbolverzeichnis|(?:liste des )?abr[ée]viations|abreviaturas
            """,
        ),
        (
            Matter.LIST_OF_ILLUSTRATIONS,
            r"""
                list of (?:illustrations?|plates|figures|tables|maps|images)|illustrations|illustration credits
                |(?:abbildungs|tabellen|bild)verzeichnis|bild(?:quellen|nachweise?)
                |table des illustrations|cr[ée]dits photographiques
                |図表一覧|図版一覧
                |(?:image|photo|picture) credits|credits|permissions|errata
            """,
        ),
        (
            Matter.LICENCE,
            r"""
                (?:the )?(?:full )?project gutenberg.*licen[sc]e.*|licen[sc]e|.*\bgnu free documentation.*
                |start of (?:the|this) project gutenberg.*|there are several editions of this e-?book.*
            """,
        ),
    )
)
_SPACED_HAN = re.compile(r"(?<=^[\u3400-\u9fff])\s+(?=[\u3400-\u9fff]$)")  # "目 录"
_PUNCTUATION = re.compile(r"[\s.:;,!*_~•·–—-]+$|^[\s.:;,!*_~•·–—-]+")


@lru_cache(maxsize=4096)
def is_chapter_title(title: str) -> bool:
    """Whether it is numbered as chapters are: "Chapter 1", "IV", "3. The Cave", "第一章", "Letter II"."""
    return _CHAPTER.match(title.strip()) is not None and not is_subsection_title(title)


def is_chapter_line(text: str) -> bool:
    """Whether a paragraph that is not marked as heading must be one: "CHAPTER IV", "XII", "3."; not a spoken "One."."""
    text = text.strip()
    return _CHAPTER_LINE.match(text) is not None and not is_sentence(text)


def is_sentence(text: str) -> bool:
    """Whether it ends as sentences do rather than titles, in which a stop follows a number at most."""
    if _CJK_SENTENCE.search(text) is not None:
        return True
    return len(text) > _MIN_SENTENCE and _SENTENCE_END.search(text) is not None


def is_title_like(text: str) -> bool:
    """Whether a short line could be a title: no sentence, no speech, no stop behind a word."""
    return not is_sentence(text) and text[-1:].isalnum() and text[:1].isalnum()


@lru_cache(maxsize=4096)
def names_chapter(title: str) -> bool:
    """Whether it calls itself a chapter, in one of many languages: "Chapter 1", "Erstes Kapitel"; no scene, no part."""
    return _NAMES_CHAPTER.match(title.strip()) is not None


@lru_cache(maxsize=4096)
def is_part_title(title: str) -> bool:
    """Whether it names a part above chapters: "Part I", "Book Two: The Road", "Acte III"."""
    return _PART.match(title.strip()) is not None


def is_story_title(title: str) -> bool:
    """Whether it names a piece of the story that has no number: prologue, epilogue, interlude."""
    return _STORY_TITLE.match(title.strip()) is not None


def is_file_title(title: str) -> bool:
    """Whether it is the name of a file rather than a title: "ch01_final.docx", "part0001_split_003"."""
    return _FILE_TITLE.search(title.strip()) is not None


def is_subsection_title(title: str) -> bool:
    """Whether it is numbered below a chapter: "4.2", "A.1 Scope"."""
    return _DOTTED.match(title.strip()) is not None


def is_excerpt_title(title: str) -> bool:
    """Whether it announces a piece of another book."""
    return _EXCERPT.match(title.strip()) is not None


def is_first_title(title: str) -> bool:
    """Whether it is numbered as the first chapter: "1", "Chapter One", "Erstes Kapitel"."""
    return is_chapter_title(title) and _FIRST.search(title) is not None


def is_start_title(title: str) -> bool:
    """Whether it only says where reading begins: "Start", "Begin reading", "Text"."""
    return _START_TITLE.match(title.strip()) is not None


def is_edge_title(title: str) -> bool:
    """Whether it only says where reading begins or that the book ends: "Start", "The End"."""
    return is_start_title(title) or _END_TITLE.match(title.strip(" .!*~—–-")) is not None


def mend_capitals(title: str) -> str:
    """Small capitals come apart ("C HAPTER T WO"): a capital that is no word is put back to its word."""
    if not title.isupper():
        return title
    mended, count = _SPLIT_CAPITAL.subn(r"\1", title)
    return mended if count > 1 or title[1:2] == " " else title  # "VITAMIN C DEFICIENCY" is whole


@lru_cache(maxsize=4096)
def reason_by_title(title: str) -> Matter:
    """Why a part of that title is no story; STORY when its title does not say so."""
    plain = _SPACED_HAN.sub("", _PUNCTUATION.sub("", " ".join(title.split())))
    if not plain or is_story_title(plain):
        return Matter.STORY
    return next((reason for pattern, reason in _SKIP_TITLES if pattern.match(plain)), Matter.STORY)


def reason_by_types(types: frozenset[str]) -> Matter:
    """Why a part that says it is of these types is no story; STORY when they do not say so."""
    if types & _STORY_TYPES:
        return Matter.STORY
    reasons = [_SKIP_TYPES[kind] for kind in sorted(types) if _SKIP_TYPES.get(kind) and kind not in _NEUTRAL_SKIPS]
    if reasons:
        return reasons[0]
    for outer, reason in (("frontmatter", Matter.FRONT_MATTER), ("backmatter", Matter.BACK_MATTER)):
        if outer in types:
            return next((_SKIP_TYPES[kind] for kind in sorted(types & _NEUTRAL_SKIPS)), reason)
    return Matter.STORY


def is_story_type(types: frozenset[str]) -> bool:
    """Whether it says that it is story."""
    return bool(types & _STORY_TYPES)
