"""The notation of Aozora Bunko's text files to plain lines: readings go, headings and rare letters are set. Pure."""

import re
from collections.abc import Iterator

from imaginized.reading.text_lines import Stretch, read_lines

_LEGEND = re.compile(r"^-{10,}\r?\n【テキスト中.*?^-{10,}\r?\n", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"［＃(?:「[^」]*」は)?(?:ここから)?(?:同行|窓)?(?P<size>[大中小])見出し］")
_LEVELS = {"大": 1, "中": 2, "小": 3}
_LETTER = re.compile(
    r"※［＃[^］]*?(?:U\+(?P<code>[0-9A-F]{4,5})|(?P<plane>[12])-(?P<row>\d{1,2})-(?P<cell>\d{1,2}))[^］]*］"
)
_NOTE = re.compile(r"［＃[^［］]*］")
_READING = re.compile(r"(?<=[^\s、。「」『』（）])《[^《》\n]*》")
_BASE_MARK = "｜"
_HEAD_LINES = 8
_HELPERS = ("訳", "編", "譯", "校訂", "註")


def is_noted(text: str) -> bool:
    """Whether a text has this notation: it brings its legend, or names its source and has notes of the typist."""
    return _LEGEND.search(text[:4000]) is not None or ("\n底本：" in text and "［＃" in text)


def read_noted(text: str) -> list[Stretch]:
    """The paragraphs and headings of such a text; headings are what it marks as such, else what counts up."""
    text = _LEGEND.sub("", text.replace("\r\n", "\n"), count=1)
    stretches = list(_stretches(text))
    if any(each.level for each in stretches):
        return stretches
    return read_lines(_plain(text), is_wrapped=False)


def head_of(text: str) -> tuple[str, str]:
    """Title and author: the first line, and the last of the first lines that names no translator."""
    lines: list[str] = []
    for line in text.lstrip().split("\n", _HEAD_LINES)[:_HEAD_LINES]:
        if not line.strip() or line.startswith("---"):
            break
        lines.append(_plain(line).strip())
    authors = [line for line in lines[1:] if not line.endswith(_HELPERS)]
    return (lines[0] if lines else "", authors[-1] if authors else "")


def _stretches(text: str) -> Iterator[Stretch]:
    blanks = 0
    for line in text.split("\n"):
        marked = _HEADING.search(line)
        plain = _plain(line).rstrip()
        if not plain.strip():
            blanks += not line.strip()  # a line that is nothing but a note is no blank one
            continue
        yield Stretch(lines=(plain,), blanks=blanks, level=_LEVELS[marked["size"]] if marked else 0)
        blanks = 0


def _plain(text: str) -> str:
    text = _NOTE.sub("", _LETTER.sub(_letter, text))
    return _READING.sub("", text).replace(_BASE_MARK, "")


def _letter(match: re.Match[str]) -> str:
    """A letter that the file's encoding lacks, by its code or by its place in JIS X 0213."""
    if match["code"]:
        return chr(int(match["code"], 16))
    place = bytes((0xA0 + int(match["row"]), 0xA0 + int(match["cell"])))
    letter = ((b"\x8f" if match["plane"] == "2" else b"") + place).decode("euc_jis_2004", "replace")
    return "※" if "\ufffd" in letter else letter
