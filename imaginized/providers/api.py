"""The protocol every provider speaks: read a chapter for scenes and elements, draw a scene; and pay through a till."""

from dataclasses import dataclass
from typing import Literal, Protocol

from imaginized.book.elements import Element, Scene
from imaginized.book.text import ChapterText


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRequest:
    """Read one chapter.

    Attributes:
        book_title: For prompts; never taken as an instruction.
        language: BCP 47 tag or "".
        chapter: The chapter to read.
        scenes: How many scenes are wanted; fewer may come back where the text has no more, never more.
        profile: The kind of book, where that was said; "" for what the settings say.
    """

    book_title: str
    language: str
    chapter: ChapterText
    scenes: int
    profile: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextReply:
    """What a provider found in a chapter; every quote is verbatim.

    Attributes:
        elements: As this chapter alone shows them; `merge_elements` joins chapters.
        method: How it was made, for the reader of the guide ("word-based" or a model's name).
        invented: How many scenes were dropped because their quote is not in the chapter.
    """

    scenes: tuple[Scene, ...]
    elements: tuple[Element, ...]
    method: str
    invented: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A picture of one of the elements, to draw it alike; a provider that takes none leaves it out.

    Attributes:
        name: Of the element, as in the request's elements.
        path: The file, JPEG or PNG; not read yet, and "" in what a request's digest is taken of.
        sha256: Of the file, hex, when a person put it there (`elements/NAME.jpg` or `.png`): another picture is another
            request. "" for the first image of our own in which nobody else appears, which is no part of what was
            asked: it may be there only when the request is repeated.
    """

    name: str
    path: str
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageRequest:
    """Draw one scene.

    Attributes:
        book_title: Printed or prompted; also seeds what should stay the same through a book.
        chapter_title: As printed.
        scene: What to draw.
        elements: Those present in the scene, merged over the book, with their looks; where a person edited the sheet of
            one, its description is that sheet's looks, and it has no quotes.
        style: The book's style guide, a "Key: value" a line ("Palette: green, gold"); empty when there is none.
        references: Pictures of those present, at most one each; a person's own goes before one of ours.
        width: Pixels.
        height: Pixels.
    """

    book_title: str
    chapter_title: str
    scene: Scene
    elements: tuple[Element, ...]
    style: str = ""
    references: tuple[Reference, ...] = ()
    width: int = 1536
    height: int = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageReply:
    """A drawn scene.

    Attributes:
        data: A whole JPEG or PNG file.
        alt: What can be seen, in a sentence, for those who cannot see it.
        method: How it was made, for the reader of the guide ("storyboard plate" or a model's name).
        prompt: What the model was asked; empty when there was no model.
        declined: Why the model would not draw the scene, where the image is a plate with its quote; else empty.
        cost_usd: What it cost with every try; None where that is not known.
    """

    data: bytes
    alt: str
    method: str
    prompt: str = ""
    declined: str = ""
    cost_usd: float | None = 0.0


class Provider(Protocol):
    """Reads chapters and draws scenes. Made in the process that uses it, after the fork."""

    @property
    def identity(self) -> str:
        """Who answers, in which version: another identity may answer the same request differently."""

    def write(self, request: TextRequest) -> TextReply:
        """Find the scenes worth drawing and the elements in a chapter.

        Raises:
            Retryable: Try again after a while; no attempt is used.
            Rejected: This chapter cannot be read by this provider; the reason says why.
        """

    def draw(self, request: ImageRequest) -> ImageReply:
        """Draw a scene.

        Raises:
            Retryable: Try again after a while; no attempt is used.
            Rejected: This scene cannot be drawn by this provider; the reason says why.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request to an endpoint that is about to be sent: all that can be known of its price.

    Attributes:
        model: As the endpoint names it.
        endpoint: Base URL; one on this machine or in a private network costs nothing unless a price is given.
        prompt_digest: SHA-256 of what is sent, hex; what is sent itself is recorded nowhere.
        tokens_in: The most it can have.
        tokens_out_max: The most that may come back, as the request limits it.
        images: How many are asked for.
        size: Of an image, as the endpoint names it ("1536x1024"); "" where it is not said.
        quality: Of an image, as the endpoint names it ("high"); "" where it is not said.
    """

    kind: Literal["text", "image"]
    model: str
    endpoint: str
    prompt_digest: str
    tokens_in: int
    tokens_out_max: int
    images: int = 0
    size: str = ""
    quality: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a call took, as the endpoint says. None is "it did not say", and counts as the most that was reserved.

    Attributes:
        tokens_in: Of the prompt.
        tokens_out: Of the answer, reasoning included.
        images: How many came back.
        cost_usd: What the endpoint says it charged (OpenRouter does); it goes before the price table.
    """

    tokens_in: int | None = None
    tokens_out: int | None = None
    images: int | None = None
    cost_usd: float | None = None


class Reservation(Protocol):
    """Money set aside for one call. End it once; one left open (its process was killed) counts as spent in full."""

    def settle(self, usage: Usage, *, outcome: str) -> float | None:
        """The call was sent: record what it took; returns what it cost, None where nobody knows the price.

        Args:
            usage: Of the answer. `Usage()` for a call of which nobody knows what was charged: a timeout, a dropped
                connection, a cut body. It counts as all that was reserved.
            outcome: "ok", or in a few words what came instead ("timeout", "http 500", "refused"); no key, no book text.
        """

    def cancel(self, *, outcome: str) -> None:
        """Nothing was charged: it was not sent, or the endpoint turned it away (connection refused, 400, 401, 429)."""


class Till(Protocol):
    """Where a provider pays. It knows the book in work, the caps and the prices.

    Reserve directly before sending, after the wait for the limiter: once for every HTTP request, retries included.
    """

    def reserve(self, call: Call) -> Reservation:
        """Set the worst-case price of a call aside, unless that passes a cap.

        Raises:
            Held: A cap would be passed or the price is unknown: the book waits for a person. Send nothing; let it rise.
        """
