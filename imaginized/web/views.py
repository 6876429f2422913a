"""What the page shows of the daemon's answers: in words for a reader, with the one button that helps. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from imaginized.control.answers import Book, Status
from imaginized.control.rows import BookRow, ChapterRow
from imaginized.money.amounts import dollars
from imaginized.queue.phases import ENDED
from imaginized.reasons import Code
from imaginized.story.volumes import Volume, series_of
from imaginized.web.facts import Facts

PHASES = {
    "queued": "Waiting for a worker",
    "splitting": "Finding its chapters",
    "analyzing": "Reading the chapters",
    "merging": "Working out who is who",
    "illustrating": "Drawing",
    "compiling": "Writing the guide",
    "done": "Done",
    "partial": "Done, but for some chapters",
    "failed": "Failed",
    "cancelled": "Cancelled",
    "held": "Waits for you",
}
TONES = {"done": "good", "partial": "bad", "failed": "bad", "held": "ask", "cancelled": "quiet", "queued": "quiet"}
STATUSES = {"pending": "waiting", "in_progress": "in work", "completed": "done", "failed": "failed"}
MOST_NAMED = 5  # files of the inbox of which the same is said
STATES = {"ended": "finished", "held": "waits for you", "unwell": "needs a look", "working": "in work"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A form with one button.

    Attributes:
        action: The last part of its address below the book's.
        label: What it does, in words.
        fields: What is sent with it.
        is_main: Whether it is the one that helps now.
        asks: Whether a person should think twice.
    """

    action: str
    label: str
    fields: tuple[tuple[str, str], ...] = ()
    is_main: bool = False
    asks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A book on the shelf.

    Attributes:
        words: What happens to it, in a few words.
        why: Why it waits or failed; "" where it does neither.
        advice: What to do about that; "" for nothing.
        percent: How far it is, 0 to 100.
        tone: good, bad, ask, busy or quiet: how it is coloured.
        cost: What it has cost; "" for nothing.
        time_left: How long it will still take; "" where nobody can tell.
    """

    book: str
    title: str
    words: str
    why: str
    advice: str
    percent: int
    tone: str
    cost: str
    has_guide: bool
    button: Button | None
    time_left: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What holds all work up, or is wrong with the daemon.

    Attributes:
        text: What is wrong.
        advice: What to do about it; "" for nothing.
        is_crash_loop: Whether a person can have every worker started now.
    """

    text: str
    advice: str = ""
    is_crash_loop: bool = False


def card_of(book: BookRow, *, time_left: str = "") -> Card:
    """A book as the shelf shows it."""
    phase, reason = book["phase"], book["reason"]
    return Card(
        book=book["book"],
        title=book["title"] or book["book"],
        words=_words(book),
        why=_why(book),
        advice=reason["advice"] if reason and not book["held"] else "",
        percent=round(book["progress"] * 100),
        tone=TONES.get(phase, "busy"),
        cost=cost_words(book),
        has_guide=book["guide"] is not None,
        button=button_for(book),
        time_left="" if phase in TONES else time_left,
    )


def _words(book: BookRow) -> str:
    words, counts = PHASES.get(book["phase"], book["phase"]), book["chapters"]
    if book["phase"] in ENDED or not counts["total"]:
        return words
    return f"{words}: {counts.get('completed', 0)} of {counts['total']} chapters done"


def _why(book: BookRow) -> str:
    if book["held"]:
        return book["held"]["reason"]
    if book["error"]:
        return book["error"]
    if book["failed"]:
        number = len(book["failed"])
        return f"{number} {'chapter' if number == 1 else 'chapters'} could not be done"
    return ""


def cost_words(book: BookRow) -> str:
    """What a book has cost so far; what may not have been charged is said beside it."""
    if not book["spent_usd"]:
        return ""
    words = f"{dollars(book['spent_usd'])} USD so far"
    if book["maybe_usd"]:
        words += f"; {dollars(book['maybe_usd'])} of it may not have been charged"
    return words


def button_for(book: BookRow) -> Button | None:
    """The one button that helps a book that does not go on; None where it needs none."""
    held, phase = book["held"], book["phase"]
    if held:
        usd = held["approve_usd"]
        label = f"Approve up to {dollars(usd)} USD" if usd else "Continue"
        return Button(action="approve", label=label, is_main=True, asks=bool(usd))
    if book["rejected"]:
        return Button(action="remove", label="Remove it", is_main=True, asks=True)
    if phase in ("partial", "failed"):
        return Button(action="retry", label="Try again what failed", is_main=True)
    if phase == "cancelled":
        return Button(action="retry", label="Take it up again", is_main=True)
    return None


def more_buttons(book: Book) -> list[Button]:
    """What else can be done with a book as it stands."""
    found = []
    if book["phase"] not in ENDED:
        found.append(Button(action="cancel", label="Stop work on it", asks=True))
    if not book["rejected"]:
        found.append(Button(action="remove", label="Remove from the library", asks=True))
    return found


DRAWING = ("preview", "illustrate")


def chapter_words(row: ChapterRow) -> str:
    """How a chapter stands."""
    if row["status"] == "in_progress":
        return "being read" if row["stage"] == "analyze" else "being drawn" if row["stage"] in DRAWING else "in work"
    return STATUSES.get(row["status"], row["status"])


def state_of(book: BookRow) -> str:
    """Under which of the shelf's filters a book is."""
    if book["phase"] == "held":
        return "held"
    if book["phase"] in ("partial", "failed"):
        return "unwell"
    return "ended" if book["phase"] in ENDED else "working"


def chosen(books: Iterable[BookRow], *, state: str, words: str) -> list[BookRow]:
    """The books that a reader looks for, those first that wait for a person, then those in work, the newest first."""
    order = {"held": 0, "unwell": 1, "working": 2, "ended": 3}
    wanted = words.casefold().split()
    found = [
        (order[state_of(book)], -place, book)
        for place, book in enumerate(books)
        if state in ("", state_of(book))
        and all(word in f"{book['title']} {book['book']}".casefold() for word in wanted)
    ]
    return [book for _, _, book in sorted(found, key=lambda one: one[:2])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """Books that stand together on the shelf.

    Attributes:
        series: What they are volumes of; "" for books that stand alone.
        books: Each with what its own file says.
    """

    series: str
    books: tuple[tuple[Card, Facts], ...]


def in_series(books: Iterable[tuple[Card, Facts]]) -> list[Shelved]:
    """The books of a page with the volumes of a series together, in order, where the first of them would stand."""
    shown = list(books)
    series = {card.book: _volume(card, facts) for card, facts in shown}
    groups = {volume.book: one for one in series_of(series.values()) if len(one.volumes) > 1 for volume in one.volumes}
    by_id, told, found = {card.book: (card, facts) for card, facts in shown}, set[str](), list[Shelved]()
    for card, facts in shown:
        group = groups.get(card.book)
        if card.book in told:
            continue
        volumes = [volume.book for volume in group.volumes] if group else [card.book]
        told.update(volumes)
        alone = found[-1] if found and not found[-1].series and not group else None
        if alone is not None:
            found[-1] = replace(alone, books=(*alone.books, (card, facts)))
        else:
            found.append(Shelved(series=group.name if group else "", books=tuple(by_id[each] for each in volumes)))
    return found


def _volume(card: Card, facts: Facts) -> Volume:
    return Volume(book=card.book, authors=facts.authors, series=facts.series, volume=facts.series_index)


def troubles_of(status: Status) -> list[Trouble]:
    """What holds all work up, or is wrong with the daemon: each with what to do about it."""
    # That somebody paused it is said with the button that ends it.
    pauses = [row for row in status["pauses"] if row["code"] != Code.OPERATOR]
    rows = [*pauses, *status["problem_reasons"]]
    found = [Trouble(text=row["text"], advice=row["advice"]) for row in rows]
    inbox = status["inbox"]
    if inbox.get("degraded"):
        found.append(Trouble(text=f"the inbox takes nothing just now: {inbox['degraded']}"))
    if status["breaker"] == "open":
        text, advice = "workers keep crashing; one is tried a minute", "Look into the daemon's log, then Start workers."
        found.append(Trouble(text=text, advice=advice, is_crash_loop=True))
    return found


def inbox_words(status: Status) -> list[str]:
    """What lies in the inbox and is no book yet."""
    inbox = status["inbox"]
    lines = _named(inbox.get("settling", ()), "waits until no program writes to it")
    lines += _named(inbox.get("written", ()), "is still being written")
    for row in (*inbox.get("incomplete", ()), *inbox.get("blocked", ())):
        lines.append(f"{row['name']}: {row['reason']}")
    rejected = inbox.get("rejected")
    if rejected and rejected["count"]:
        files = "file was" if rejected["count"] == 1 else "files were"
        lines.append(f"{rejected['count']} {files} not taken, the last one {rejected['name']}: {rejected['reason']}")
    return lines


def _named(names: Sequence[str], words: str) -> list[str]:
    more = len(names) - MOST_NAMED
    return [f"{name}: {words}" for name in names[:MOST_NAMED]] + ([f"{more} more: {words}"] if more > 0 else [])
