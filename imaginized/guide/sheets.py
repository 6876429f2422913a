"""The files by which people steer the pictures: `style.md` and `elements/NAME.md`, written and read back."""

import re
from collections.abc import Sequence

from imaginized.guide.escaping import escape, fold
from imaginized.story.earlier import Earlier
from imaginized.story.elements import Element, Look, Quote
from imaginized.story.sheets import Style, looks_of

LOOKS = "## Looks"
STYLE = "## Style"
_SOURCE = re.compile(r"\s+— “(?P<quote>.*)” \(chapter (?P<chapter>\d{1,6}), page (?P<page>\d{1,6})\)$")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_BULLET = re.compile(r"^[-*+]\s+")


def sheet_md(element: Element, *, stem: str, is_read: bool = True, earlier: Sequence[Earlier] = ()) -> str:
    """The sheet of a character: permanent looks, each with the author's words, and what a person may do with it.

    Args:
        element: Whose sheet.
        stem: Name of its file.
        is_read: Whether anything read the book for looks; by words alone, only English is.
        earlier: The same character in earlier volumes of the series.
    """
    none = "None was found." if is_read else "Looks are not read in this language."
    looks = [_look_line(look) for look in looks_of(element)]
    return "\n".join(
        [
            f"# {escape(element.name)}",
            "",
            "Every picture follows the list below. Edit it: what you write is kept, and goes before the book.",
            "Then `imaginizectl retry BOOK CHAPTERS` redraws. Delete this file, and it is written again from the book.",
            f"A picture of your own beside it, `{stem}.jpg` or `{stem}.png`, goes to image models that take one.",
            "",
            LOOKS,
            "",
            *(looks or [f"{none} Add yours, each on a line that begins with a hyphen."]),
            "",
            *_from_earlier(earlier),
        ]
    )


def _from_earlier(earlier: Sequence[Earlier]) -> list[str]:
    """What the volumes before tell; it counts until a person writes in the sheet, who then says all of it."""
    lines = [f"- {escape(look.text)} — {escape(volume_words(one))}" for one in earlier for look in one.looks]
    if not lines:
        return []
    about = (
        "These count, too, where the list above says nothing else. Once you edit this file only the list above does."
    )
    return ["## From earlier volumes", "", about, "", *lines, ""]


def volume_words(one: Earlier) -> str:
    """Which volume it is from."""
    return f"volume {one.volume}, {one.title}"


def style_md(style: Style, *, title: str) -> str:
    """The style guide of a book, with the words it was guessed from."""
    fields = {
        "Genre": style.genre,
        "Period": style.period,
        "Place": style.place,
        "Palette": style.palette,
        "Medium": style.medium,
    }
    if style.wish:
        fields = {"Wish": style.wish, **fields}
    evidence = ", ".join(f"{escape(word)} ({count})" for word, count in style.evidence)
    return "\n".join(
        [
            f"# Style of {escape(title)}",
            "",
            "Every picture follows the list below. Edit it: what you write is kept. Lines without a value say nothing,",
            "lines of your own count too. Then `imaginizectl retry BOOK CHAPTERS` redraws. Delete this file to have it",
            "written anew.",
            "",
            "The storyboard plates of provider `builtin` follow the words sepia, monochrome, muted, warm and cool in",
            "the line `Palette`, and dress people by the lines `Period` and `Genre`; image models get all of it.",
            "",
            STYLE,
            "",
            *(f"- {key}: {escape(value)}".rstrip() for key, value in fields.items()),
            "",
            "## How this was guessed",
            "",
            f"By counting words of the book: {evidence}." if evidence else "Nothing in the book's words told it.",
            "",
        ]
    )


def parse_looks(text: str) -> tuple[Look, ...]:
    """The looks of a sheet, as its list says now."""
    return tuple(_look(bullet) for bullet in _bullets(text, heading=LOOKS))


def parse_style(text: str) -> str:
    """The style guide as requests have it: a line for each bullet that says something."""
    lines = [_unescape(bullet) for bullet in _bullets(text, heading=STYLE)]
    return "\n".join(line for line in lines if not re.fullmatch(r"\w+:", line))


def _look_line(look: Look) -> str:
    if look.quote is None:
        return f"- {escape(look.text)}"
    text = look.text.replace("— “", "“")  # the mark before the quote stands once in a line
    quote = f"“{escape(look.quote.text)}” (chapter {look.quote.chapter}, page {look.quote.page})"
    return f"- {escape(text)} — {quote}"


def _look(bullet: str) -> Look:
    found = _SOURCE.search(bullet)
    if found is None:
        return Look(text=_unescape(bullet))
    quote = Quote(text=_unescape(found["quote"]), chapter=int(found["chapter"]), start=0, page=int(found["page"]))
    return Look(text=_unescape(bullet[: found.start()]), quote=quote)


def _bullets(text: str, *, heading: str) -> list[str]:
    """The list items below a heading up to the next one; an item goes on in lines that are indented."""
    bullets: list[str] = []
    is_inside = False
    for line in text.splitlines():
        if line.startswith("#"):
            is_inside = line.rstrip().casefold() == heading.casefold()
        elif is_inside and _BULLET.match(line):
            bullets.append(_BULLET.sub("", line))
        elif is_inside and bullets and line[:1].isspace() and line.strip():
            bullets[-1] += " " + line.strip()
    return [folded for bullet in bullets if (folded := fold(bullet))]


def _unescape(text: str) -> str:
    return _ESCAPED.sub(r"\1", text).strip()
