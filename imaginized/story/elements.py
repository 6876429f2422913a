"""Scenes and elements of a book, and merging the elements that its chapters found. Pure records and functions."""

from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

from imaginized.story.staging import Staging

# Who tells a book, where nobody says a name; and what he calls himself.
NARRATOR, SELF = "The narrator", "I"
PASSAGE_DIGITS = 16


class ElementType(StrEnum):
    """What kind of thing an element is; the order is the order of the guide."""

    CHARACTER = "character"
    CREATURE = "creature"
    PLACE = "place"
    ITEM = "item"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The author's own words, verbatim, with where they stand.

    Attributes:
        text: Characters of the chapter, unchanged.
        chapter: Story chapter, from 1.
        start: Offset of the first character in `ChapterText.text`.
        page: Page of that character.
    """

    text: str
    chapter: int
    start: int
    page: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One thing that can be seen of somebody, in the author's words; it holds from the chapter of its quote on.

    Attributes:
        text: A phrase of the quote, unchanged; what a person wrote in a sheet.
        quote: The passage that tells it, with its place; None when a person wrote it.
        is_lasting: Whether it holds for the rest of the book; else for its chapter only (wet, pale with fear, in a
            blue gown).
        is_guessed: Whether it is told of somebody without a name who seems to be this one: true only where this one
            comes into the book.
    """

    text: str
    quote: Quote | None = None
    is_lasting: bool = True
    is_guessed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A moment worth drawing.

    Attributes:
        chapter: Story chapter, from 1.
        number: Scene within the chapter, from 1, in reading order.
        quote: The passage, verbatim from the chapter.
        description: What can be seen, in a sentence or two, in the language of the book; for the reader.
        picture: What to ask a drawing model for, in English; "" where the description serves.
        mood: One or two words; empty when the passage has none.
        lighting: Time of day and light; empty when the passage has none.
        elements: Names of the elements present, as this chapter calls them.
        pages: First and last page of the passage.
        staging: What is to be seen, as the words tell it; None in old data and in what a model found.
    """

    chapter: int
    number: int
    quote: Quote
    description: str
    picture: str = ""
    mood: str = ""
    lighting: str = ""
    elements: tuple[str, ...] = ()
    pages: tuple[int, int]
    staging: Staging | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What the words around a name in a chapter speak for; the book adds them up and decides once.

    Attributes:
        counts: How often each sign was met ("speech", "inside", "he", …).
        near: How often another name stands in the same sentence, by that name.
        along: How often another name is listed with it ("Anne and Gilbert"), by that name: those are two.
        callers: How often the bearer of another name calls somebody by it, by that name: those are two.
        answers: How often the bearer of another name speaks next to where somebody is called by it, by that name;
            twice as much where only two talk.
        weds: How often a sentence about a marriage has another name as well, by that name.
        roles: How often it is said to be "the vicar", by the noun.
    """

    counts: dict[str, int] = field(default_factory=dict)
    near: dict[str, int] = field(default_factory=dict)
    along: dict[str, int] = field(default_factory=dict)
    callers: dict[str, int] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)
    weds: dict[str, int] = field(default_factory=dict)
    roles: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """A person, creature, place or thing, with its permanent looks.

    Attributes:
        name: What the book calls it most.
        aliases: Other names for it in the book.
        description: Its lasting looks, from the quotes; empty when the book gives none.
        looks: What tells them, lasting and passing, in reading order; empty where only the description is known.
        quotes: Verbatim, in reading order, from as many chapters as possible.
        mentions: How often it is named.
        chapters: The story chapters it was found in, ascending.
        signs: Of a chapter's element, what speaks for its kind and for who it is; None where nothing was counted, and
            in the elements of the book but for who tells it.
        ages: Of somebody in the book, each age ("child", "young", "grown") with the last chapter of it; empty where it
            is open, None where nothing was counted.
        sex: Of somebody in the book: "man", "woman", or "" where that is open.
    """

    type: ElementType
    name: str
    aliases: tuple[str, ...] = ()
    description: str = ""
    quotes: tuple[Quote, ...] = ()
    looks: tuple[Look, ...] = ()
    mentions: int = 0
    chapters: tuple[int, ...] = ()
    signs: Signs | None = None
    ages: dict[str, int] | None = None
    sex: str = ""


def passage_of(scene: Scene) -> str:
    """By what a scene is known whatever its number: a digest of its passage."""
    return passage_digest(scene.quote.text)


def passage_digest(text: str) -> str:
    """The digest of a passage."""
    return sha256(text.encode(errors="replace")).hexdigest()[:PASSAGE_DIGITS]


def is_present(element: Element, *, scene: Scene) -> bool:
    """Whether a scene names the element, by any of the names the book has for it."""
    names = {name.casefold() for name in (element.name, *element.aliases)}
    return any(name.casefold() in names for name in scene.elements)
