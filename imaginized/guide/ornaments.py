"""Initials and vignettes: which letter is set on a drawn ground, and the style that does it. Pure.

The letter stays text of its paragraph, so that it is read aloud, copied and found: only what is behind it is a picture.
"""

import unicodedata
from collections.abc import Sequence
from html import escape

from imaginized.guide.model import GuideChapter, Initial, Vignette
from imaginized.story.text import Paragraph

INITIAL_CLASS = "imaginized-initial"

_FIRST = 3  # paragraphs in which a chapter's first one of prose is looked for, behind a motto or a date
_LEAST = 60  # letters of a paragraph beside a box of three lines
_OPENING = frozenset("“‘\"'«„‹")
# Scripts without capitals whose letters stand alone, so that one of them can be larger. Of the others one has its
# shape from its neighbours, or hangs below a line; and Han and kana, which could, are set in columns.
_ALONE = ("HEBREW LETTER", "GEORGIAN LETTER", "ETHIOPIC SYLLABLE", "HANGUL SYLLABLE", "CHEROKEE LETTER")
_BOX = (
    "float:left;font-size:3em;line-height:1;font-style:normal;font-weight:normal;margin:0.08em 0.14em 0 0;"
    "padding:0.1em 0.24em;border-radius:3px"
)
_VIGNETTE = "width:5.5em;height:5.5em;max-width:100%;border-radius:50%"


def takes_initial(text: str) -> bool:
    """Whether a paragraph may begin with a large letter; a mark of speech may stand before it."""
    if not is_prose(text):
        return False
    first = text[1:2] if text[0] in _OPENING else text[0]
    return first.isupper() or unicodedata.name(first, "").startswith(_ALONE)


def is_prose(text: str) -> bool:
    """Whether a paragraph is no verse, motto or date, but has lines beside a box that is three of them high."""
    return len(text) >= _LEAST and "\n" not in text


def first_of_prose(paragraphs: Sequence[Paragraph]) -> Paragraph | None:
    """The paragraph that a chapter begins with, behind a motto or a date."""
    return next((each for each in paragraphs[:_FIRST] if is_prose(each.text)), None)


def initial_of(chapter: GuideChapter, initials: Sequence[Initial]) -> Initial | None:
    """The ground of a chapter's first letter: chapters take turns, so that the same ones have the same for ever."""
    return initials[chapter.number % len(initials)] if initials else None


def initial_rule(initial: Initial, *, selector: str, address: str) -> str:
    """The rule of a style sheet that sets the first letter of what a selector finds on its ground.

    `:first-letter` with one colon is of CSS 1, and older e-readers know no other.
    """
    return (
        f"{selector}{{text-indent:0}}{selector}:first-letter{{{_BOX};color:{initial.letter};"
        f"background:{initial.ground} url({address}) center/100% 100% no-repeat}}"
    )


def vignette_markup(vignette: Vignette, *, href: str) -> str:
    """The drawing at the end of a chapter."""
    image = f'<img src="{escape(href)}" alt="{escape(vignette.alt)}" style="{_VIGNETTE}"/>'
    return f'<div class="imaginized" style="margin:1.5em 0;text-align:center;text-indent:0">{image}</div>'
