"""The shelf: `index.html` of a library, with every book on it. Pure: rows in, pages out."""

from collections.abc import Sequence
from dataclasses import dataclass

from imaginized.guide.gallery import shelf_html
from imaginized.guide.wording import ENGLISH, words_for

ON_A_PAGE = 120
FIRST = "index.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfBook:
    """A book as the shelf shows it.

    Attributes:
        book: Its id, which is the name of its folder.
        sort: What it is sorted by.
        cover: Relative path below its folder; "" for none.
        page: What a click opens, below its folder; "" while there is nothing.
        phase: As in `status`.
        share: How much is done, 0 to 1.
        chapters: How many it has; 0 while that is not known.
        reason: Why it is held, failed or not whole; "" where all is well.
    """

    book: str
    title: str
    sort: str = ""
    authors: tuple[str, ...] = ()
    cover: str = ""
    page: str = ""
    phase: str
    share: float = 0.0
    chapters: int = 0
    reason: str = ""


def shelf_pages(books: Sequence[ShelfBook]) -> dict[str, str]:
    """Every page of the shelf by its name; those that a person has to do with are on the first one, too."""
    words = words_for(ENGLISH)
    ranked = sorted(books, key=lambda each: ((each.sort or each.title).casefold(), each.book))
    starts = range(0, max(len(ranked), 1), ON_A_PAGE)
    names = [FIRST if start == 0 else f"shelf-{start // ON_A_PAGE + 1}.html" for start in starts]
    waiting = [each for each in ranked if each.phase in ("held", "failed")]
    pages = {}
    for name, start in zip(names, starts, strict=True):
        shown = ranked[start : start + ON_A_PAGE]
        labels = [_label(ranked[at : at + ON_A_PAGE]) for at in starts]
        pages[name] = shelf_html(
            {
                "t": words,
                "books": shown,
                "waiting": waiting[:ON_A_PAGE] if name == FIRST else [],
                "total": len(ranked),
                "name": name,
                "pages": list(zip(names, labels, strict=True)) if len(names) > 1 else [],
                "states": {key: words(f"shelf.{key}") for key in ("done", "partial", "held", "failed", "cancelled")},
            }
        )
    return pages


def _label(books: Sequence[ShelfBook]) -> str:
    """From which title to which a page goes: "Ab – Em"."""
    ends = [(each.sort or each.title).strip()[:3] for each in (books[0], books[-1])] if books else [""]
    return " – ".join(dict.fromkeys(ends))
