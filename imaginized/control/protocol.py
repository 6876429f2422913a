"""What can be asked on the control socket: every method with its parameters, who may call it, and its answer.

The one list of methods: the server answers what is in it, the client asks by it, docs/control-protocol.md is made of
it. A new method is a row here, a record in `answers`, and the function of that name in `methods`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, TypedDict

from imaginized.control import answers, event_rows, order_answers, series_rows
from imaginized.control.signature import Answer as Answer
from imaginized.control.signature import AnySignature as AnySignature
from imaginized.control.signature import Notification as Notification
from imaginized.control.signature import Role as Role
from imaginized.control.signature import Signature as Signature


class Kind(Enum):
    """What a parameter may be, in words; `parameters` has the check of each."""

    BOOK_ID = "the exact id of a book, as `status` has it"
    BOOK_NAME = "the id of a book, the beginning of one, or a part of its title or id; 1 to 500 characters"
    SCENE = 'a scene: its chapter and its number there, such as "7.2"'
    CHAPTERS = 'chapters: a text such as "1-5,8", or a list of numbers; at most 5000'
    SWITCH = "true or false"
    USD = "dollars: a number above 0, at most 1000000"
    DIGEST = "the SHA-256 of a file: 64 digits from 0 to f"
    PROFILE = "the name of a profile"
    ACTION = "one of keep, drop, merge, split, rename, undo, reset, apply"
    SCENE_ACTION = "one of use, drop, undo"
    NOTICE = "one of done, partial, failed, held, paused, budget, disk"
    PASSAGE = "a passage of a book, to the letter: a text of 1 to 5000 characters"
    ORDER = "one of retry, recast, divide"
    CAST_ACTION = "one of merge, split, rename, kind, drop, undo, reset, apply"
    SERIES_ACTION = "one of set, none, undo, apply"
    NAMES = 'names, or rows of `cast` as texts such as "3", or "3.2" for its second other name: a list, at most 50'
    ROWS = 'rows of pieces, as `chapters` has them: a list of texts such as "3" or "3.2"; at most 500'
    TEXT = "a text of 1 to 500 characters"
    STATE = "one of all, open, ended, unwell, or a phase, such as failed, partial, held or done"
    PAGE = "the number of a page: a whole number from 1 to 1000000"
    CURSOR = "a cursor as it came in an answer or a message"


@dataclass(frozen=True, slots=True)
class Takes:
    """What one parameter may be, and what it means when it is absent or null.

    Attributes:
        kind: What it may be.
        absent: What its absence means, and null; "" for one that must be given.
    """

    kind: Kind
    absent: str = ""


BookId = Annotated[str, Takes(Kind.BOOK_ID)]
BookName = Annotated[str, Takes(Kind.BOOK_NAME)]
Chapters = str | list[int] | tuple[int, ...] | None


class Nothing(TypedDict):
    """No parameters."""


class StatusOf(TypedDict, total=False):
    """Of what the status is asked."""

    book: Annotated[str | None, Takes(Kind.BOOK_NAME, absent="the whole daemon")]
    state: Annotated[str | None, Takes(Kind.STATE, absent="all")]
    page: Annotated[int | None, Takes(Kind.PAGE, absent="1, and `problems` says so where there are more")]


class OneBook(TypedDict):
    """One book, to be read about."""

    book: BookName


class Content(TypedDict, total=False):
    """A file that somebody may drop."""

    digest: Annotated[str, Takes(Kind.DIGEST)]
    profile: Annotated[str | None, Takes(Kind.PROFILE, absent="none is asked for")]


class ToRetry(TypedDict, total=False):
    """What to try again."""

    book: Annotated[str | None, Takes(Kind.BOOK_ID, absent="none; all_failed must be given")]
    chapters: Annotated[Chapters, Takes(Kind.CHAPTERS, absent="all that failed")]
    all_failed: Annotated[bool | None, Takes(Kind.SWITCH, absent="false; a book must be given")]
    scene: Annotated[str | None, Takes(Kind.SCENE, absent="whole chapters")]
    text: Annotated[
        bool | None, Takes(Kind.SWITCH, absent="false; of finished chapters, only the pictures are drawn again")
    ]


class ToCancel(TypedDict, total=False):
    """What to cancel."""

    book: BookId
    chapters: Annotated[Chapters, Takes(Kind.CHAPTERS, absent="all that is unfinished")]


class ToApprove(TypedDict, total=False):
    """What to approve."""

    book: BookId
    usd: Annotated[float | None, Takes(Kind.USD, absent="the sum that the book's `held` names")]


class ToDivide(TypedDict, total=False):
    """How to divide a book."""

    book: BookId
    action: Annotated[str, Takes(Kind.ACTION)]
    rows: Annotated[list[str] | tuple[str, ...] | None, Takes(Kind.ROWS, absent="none")]
    at: Annotated[str | None, Takes(Kind.TEXT, absent="nothing is split")]
    title: Annotated[str | None, Takes(Kind.TEXT, absent="the title that it has")]


class ToRecast(TypedDict, total=False):
    """How to change who is who in a book."""

    book: BookId
    action: Annotated[str, Takes(Kind.CAST_ACTION)]
    who: Annotated[list[str] | tuple[str, ...] | None, Takes(Kind.NAMES, absent="nobody")]
    to: Annotated[str | None, Takes(Kind.TEXT, absent="no new name and no kind")]


class ToForetell(TypedDict, total=False):
    """An order that is not given yet, with what it takes."""

    book: BookId
    order: Annotated[str, Takes(Kind.ORDER)]
    chapters: Annotated[Chapters, Takes(Kind.CHAPTERS, absent="all that failed")]
    scene: Annotated[str | None, Takes(Kind.SCENE, absent="whole chapters")]
    text: Annotated[bool | None, Takes(Kind.SWITCH, absent="false")]
    action: Annotated[str | None, Takes(Kind.TEXT, absent="none; recast and divide need one of theirs")]
    who: Annotated[list[str] | tuple[str, ...] | None, Takes(Kind.NAMES, absent="nobody")]
    to: Annotated[str | None, Takes(Kind.TEXT, absent="no new name and no kind")]
    rows: Annotated[list[str] | tuple[str, ...] | None, Takes(Kind.ROWS, absent="none")]


class InSeries(TypedDict, total=False):
    """Of which series is asked."""

    book: Annotated[str | None, Takes(Kind.BOOK_NAME, absent="all series of the library")]


class ToEnlist(TypedDict, total=False):
    """Which volume of which series a book is."""

    book: BookId
    action: Annotated[str, Takes(Kind.SERIES_ACTION)]
    name: Annotated[str | None, Takes(Kind.TEXT, absent="none; set needs one")]
    volume: Annotated[str | None, Takes(Kind.TEXT, absent="it has no number, so it shares no cast")]


class OneScene(TypedDict):
    """One scene, to be read about."""

    book: BookName
    scene: Annotated[str, Takes(Kind.SCENE)]


class ToRescene(TypedDict, total=False):
    """What a person wants of a scene."""

    book: BookId
    scene: Annotated[str, Takes(Kind.SCENE)]
    action: Annotated[str, Takes(Kind.SCENE_ACTION)]
    version: Annotated[str | None, Takes(Kind.TEXT, absent="none; use needs one")]


class ToDraw(TypedDict):
    """Which passage is to be drawn."""

    book: BookId
    quote: Annotated[str, Takes(Kind.PASSAGE)]


class ToRename(TypedDict):
    """How a book is to be called."""

    book: BookId
    title: Annotated[str, Takes(Kind.TEXT)]


class ToRemove(TypedDict):
    """Which book is to leave the library."""

    book: BookId


class ToUndo(TypedDict):
    """Which removed book is to come back."""

    book: BookName


class ToNotify(TypedDict):
    """What a message is to be about."""

    about: Annotated[str, Takes(Kind.NOTICE)]


class Since(TypedDict, total=False):
    """From where a stream goes on."""

    since: Annotated[str | None, Takes(Kind.CURSOR, absent="from now on")]


STATUS = Signature(
    name="status",
    takes=StatusOf,
    schema="status",
    answer=answers.Status,
    answer_of_book=answers.Book,
    meaning="The daemon's state, and why; with a book, every step and chapter.",
)
STATUS_OF_BOOK = Signature(
    name="status",
    takes=OneBook,
    schema="book",
    answer=answers.Book,
    meaning="Of one book, every step and chapter.",
)
CHAPTERS = Signature(
    name="chapters",
    takes=OneBook,
    schema="chapters",
    answer=answers.Chapters,
    meaning="Every piece of a book: what was found, what is a chapter, what is left out, and why.",
)
CAST = Signature(
    name="cast",
    takes=OneBook,
    schema="cast",
    answer=answers.Cast,
    meaning="Who is who in a book: everybody that its chapters found, as one list, and what a person changed about it.",
)
SERIES = Signature(
    name="series",
    takes=InSeries,
    schema="series",
    answer=series_rows.Shelved,
    meaning="Which books are volumes of one series, and from which earlier ones each knows its cast.",
)
FORETELL = Signature(
    name="foretell",
    takes=ToForetell,
    schema="foretell",
    answer=order_answers.Foretold,
    meaning="What an order would have made again, and what that costs at most. Nothing is changed.",
)
FIND = Signature(
    name="find",
    takes=OneBook,
    schema="find",
    answer=answers.Found,
    meaning="Which books a name may mean. Calls that change a book take its exact id only; this is how to get it.",
)
WORKERS = Signature(
    name="workers",
    takes=Nothing,
    schema="workers",
    answer=answers.Workers,
    meaning="The daemon's processes and what each is working on.",
)
CLAIMS = Signature(
    name="claims",
    takes=Nothing,
    schema="claims",
    answer=answers.Claims,
    meaning="Every claim: each chapter and step in work, and its owner.",
)
HOSTS = Signature(name="hosts", takes=Nothing, schema="hosts", answer=answers.Hosts, meaning="Who else does chapters.")
DOCTOR = Signature(
    name="doctor",
    takes=Nothing,
    schema="facts",
    answer=answers.Facts,
    meaning="Facts about the machine as the daemon sees it.",
)
VERSION = Signature(name="version", takes=Nothing, schema="version", answer=answers.Version, meaning="Who answers.")
METRICS = Signature(
    name="metrics", takes=Nothing, schema="metrics", answer=answers.Metrics, meaning="Figures for a monitoring system."
)
NOTIFY = Signature(
    name="notify",
    takes=ToNotify,
    schema="notify",
    answer=answers.Notified,
    role=Role.WORK,
    meaning="Send a message that is marked as a test by every way of [notify], and say what became of it.",
)
JUDGE = Signature(
    name="judge",
    takes=Content,
    schema="judge",
    answer=answers.Judged,
    meaning="What would become of a file with this content; the file itself is not opened.",
)
EVENT = Notification(
    name="event",
    takes=event_rows.EventTold,
    meaning="A change of a book.",
)
GAP = Notification(
    name="gap",
    takes=event_rows.Gap,
    meaning="Events are missing and will not come; ask for `status`. Each gap is told once, where the events would be.",
)
SUBSCRIBE = Signature(
    name="subscribe",
    takes=Since,
    schema="subscribe",
    answer=answers.Subscribed,
    tells=(EVENT, GAP),
    meaning="Make a stream of the connection: after the answer come all events of the library, each once.",
)
RETRY = Signature(
    name="retry",
    takes=ToRetry,
    schema="retry",
    answer=answers.Retried,
    answer_of_book=answers.RetriedBook,
    role=Role.WORK,
    meaning="Try again what failed, or redo chapters. With all_failed: of every book, but for what was cancelled.",
)
CANCEL = Signature(
    name="cancel",
    takes=ToCancel,
    schema="cancel",
    answer=answers.Cancelled,
    role=Role.WORK,
    meaning="Stop work on what is unfinished of a book; what is done stays.",
)
APPROVE = Signature(
    name="approve",
    takes=ToApprove,
    schema="approve",
    answer=answers.Approved,
    role=Role.WORK,
    meaning="Let a held book continue.",
)
DIVIDE = Signature(
    name="divide",
    takes=ToDivide,
    schema="divide",
    answer=answers.Divided,
    role=Role.WORK,
    meaning="Change how a book is divided into chapters; chapters whose text stays keep all that was made for them.",
)
RECAST = Signature(
    name="recast",
    takes=ToRecast,
    schema="recast",
    answer=answers.Recast,
    role=Role.WORK,
    meaning="Change who is who in a book; only pictures in which somebody stands that is changed are made again.",
)
ENLIST = Signature(
    name="enlist",
    takes=ToEnlist,
    schema="enlist",
    answer=series_rows.Enlisted,
    role=Role.WORK,
    meaning="Say which volume of which series a book is; its cast is put together again with those before it.",
)
SCENE = Signature(
    name="scene",
    takes=OneScene,
    schema="scene",
    answer=order_answers.Scene,
    meaning="A scene of a book: its passage, its picture, and the pictures that it had before.",
)
RESCENE = Signature(
    name="rescene",
    takes=ToRescene,
    schema="rescene",
    answer=order_answers.SceneOrdered,
    role=Role.WORK,
    meaning="Give a scene a picture that it had before (use), leave it out (drop), or neither of both (undo).",
)
DRAW = Signature(
    name="draw",
    takes=ToDraw,
    schema="draw",
    answer=order_answers.Drawn,
    role=Role.WORK,
    meaning="Make a scene of a passage that a reader chose, and draw it.",
)
RENAME = Signature(
    name="rename",
    takes=ToRename,
    schema="rename",
    answer=order_answers.Renamed,
    role=Role.WORK,
    meaning="Give a book another title; its id and its folder stay, and its guide is rewritten.",
)
REMOVE = Signature(
    name="remove",
    takes=ToRemove,
    schema="remove",
    answer=order_answers.Removed,
    role=Role.WORK,
    meaning="Take a book out of the library, into .trash there for 30 days; its file may be dropped again.",
)
UNDO = Signature(
    name="undo",
    takes=ToUndo,
    schema="undo",
    answer=order_answers.BroughtBack,
    role=Role.WORK,
    meaning="Bring a removed book back, as it was.",
)
PAUSE = Signature(
    name="pause",
    takes=Nothing,
    schema="pause",
    answer=answers.Pausing,
    role=Role.WORK,
    meaning="Finish the steps under way and begin none, also after a restart, until `resume`.",
)
RESUME = Signature(
    name="resume",
    takes=Nothing,
    schema="resume",
    answer=answers.Pausing,
    role=Role.WORK,
    meaning="Continue after `pause`, or after an endpoint rejected its key.",
)
SCAN = Signature(
    name="scan",
    takes=Nothing,
    schema="scan",
    answer=answers.Scanned,
    role=Role.WORK,
    meaning="Look through the inbox now.",
)
RESET = Signature(
    name="reset",
    takes=Nothing,
    schema="reset",
    answer=answers.Reset,
    role=Role.RULE,
    meaning="Close the breaker that a crash loop has opened, and start every worker now.",
)
RELOAD = Signature(
    name="reload",
    takes=Nothing,
    schema="reload",
    answer=answers.Reloaded,
    role=Role.RULE,
    meaning="Reload the settings; if they have errors, the old ones stay in force.",
)
DRAIN = Signature(
    name="drain",
    takes=Nothing,
    schema="drain",
    answer=answers.Pausing,
    role=Role.RULE,
    meaning="Let every worker finish its step, then stop the daemon; a second call ends the steps at once.",
)

METHODS: tuple[AnySignature, ...] = (
    *(STATUS, CHAPTERS, CAST, SERIES, SCENE, FORETELL, FIND, WORKERS, CLAIMS, HOSTS),
    *(DOCTOR, METRICS, VERSION, JUDGE, SUBSCRIBE),
    *(RETRY, CANCEL, APPROVE, DIVIDE, RECAST, ENLIST, RESCENE, DRAW, RENAME, REMOVE, UNDO),
    *(PAUSE, RESUME, SCAN, NOTIFY, RESET, RELOAD, DRAIN),
)
BY_NAME: Mapping[str, AnySignature] = {method.name: method for method in METHODS}
