"""Answers about orders to a book's scenes and to a book as a whole; `answers` has all others."""

from imaginized.control.answers import Head
from imaginized.control.scene_rows import VersionRow


class Foretold(Head):
    """The answer of `foretell`.

    Attributes:
        book: Its id.
        pictures: How many are drawn again at most; those that the book has kept of before cost nothing.
        texts: How many chapters an endpoint is asked to read again at most.
        cost_usd: What both cost at most, 0 where nobody charges; null when a price is unknown.
    """

    book: str
    pictures: int
    texts: int
    cost_usd: float | None


class Scene(Head):
    """The answer of `scene`.

    Attributes:
        book: Its id.
        scene: Chapter and number.
        quote: Its passage; "" of one that is left out.
        is_dropped: Whether it is left out of the guide.
        versions: Its pictures, the one in the guide first, then those it had before, the last one first.
    """

    book: str
    scene: str
    quote: str
    is_dropped: bool
    versions: list[VersionRow]


class SceneOrdered(Head):
    """The answer of `rescene`.

    Attributes:
        book: Its id.
        scene: Chapter and number.
    """

    book: str
    scene: str


class Drawn(Head):
    """The answer of `draw`.

    Attributes:
        book: Its id.
        scene: Chapter and number that the passage has now as a scene.
        quote: It, as the book has it.
    """

    book: str
    scene: str
    quote: str


class Renamed(Head):
    """The answer of `rename`.

    Attributes:
        book: Its id, which stays.
        title: Its title now.
    """

    book: str
    title: str


class Removed(Head):
    """The answer of `remove`.

    Attributes:
        book: Its id.
        folder: Where it is now.
        until: When it goes for good.
    """

    book: str
    folder: str
    until: str


class BroughtBack(Head):
    """The answer of `undo`.

    Attributes:
        book: Its id.
    """

    book: str
