"""Filling the records of `answers` from manifests, limits and the intake's last words."""

import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from math import isfinite
from pathlib import Path
from types import MappingProxyType
from typing import TypeGuard, cast

from imaginized.control.answers import Book, Head
from imaginized.control.asked import AskedRow, PacingRow
from imaginized.control.book_sources import UNKNOWN, read_origin
from imaginized.control.event_rows import EventRow
from imaginized.control.inbox_rows import Inbox
from imaginized.control.money_rows import DoubtRow
from imaginized.control.pausing import by_account
from imaginized.control.process_rows import ClaimRow
from imaginized.control.protocol import STATUS_OF_BOOK, AnySignature
from imaginized.control.rows import (
    BookRow,
    ChapterCounts,
    FoundRow,
    Held,
    KnownBook,
    LimitRow,
    OutageRow,
    PartsRow,
    ReasonRow,
    Sandbox,
    TaskRow,
)
from imaginized.errors import ControlError, ExitCode, ManifestCorrupt
from imaginized.limits.limiter import url_of
from imaginized.limits.rules import Standing
from imaginized.money.ledger import CERTAIN, Doubt
from imaginized.process.channel import Message
from imaginized.process.confinement import Confinement
from imaginized.queue.manifest import Entry, Hold, Manifest, Status
from imaginized.queue.plan import (
    cancelled_chapters,
    failed_chapters,
    is_rejected,
    live_claims,
    phase,
    progress,
    was_cancelled,
)
from imaginized.reasons import Code, Reason
from imaginized.settings.model import Settings, Workers, target_of
from imaginized.settings.near import is_private
from imaginized.settings.vendors import USES
from imaginized.store.eventlog import moment_text
from imaginized.store.eventwalk import Told
from imaginized.store.files import BookFiles
from imaginized.store.library import Library, NoSuchBook
from imaginized.version import PROTOCOL, VERSION

SHOWN_BOOKS = 20
SHOWN_CHAPTERS = 100  # of a book in a page; 50 of them with thousands each would be no page


def head(method: AnySignature) -> Head:
    """What an answer of this method begins with: its schema, and who speaks."""
    return {"schema": f"imaginized.{method.schema}/1", "protocol": PROTOCOL, "version": VERSION}


def book_summary(manifest: Manifest, *, root: Path, spent_usd: float, doubt: Doubt = CERTAIN) -> BookRow:
    """One line of `status`: a book, how far it is, and what is wrong with it."""
    counts = Counter(_status(entry) for entry in manifest.chapters.values())
    ended = next((entry for entry in manifest.steps.values() if entry.status is Status.FAILED), None)
    return {
        "book": manifest.book_id,
        "title": manifest.book_title or manifest.original_name,
        "phase": str(phase(manifest)),
        "progress": round(progress(manifest), 4),
        "chapters": cast(ChapterCounts, {"total": len(manifest.chapters), **counts}),
        "failed": failed_chapters(manifest),
        "failed_for": _failed_for(manifest),
        "cancelled": cancelled_chapters(manifest),
        "error": None if ended is None else ended.error,
        "reason": _reason(ended),
        "rejected": is_rejected(manifest),
        "held": _hold(manifest.hold),
        "spent_usd": round(spent_usd, 6),
        "maybe_usd": round(doubt.most, 6),
        "maybe_usual_usd": round(doubt.usual, 6),
        "guide": guide_path(manifest, root=root),
        "folder": str(root / manifest.book_id),
    }


def _doubt(doubt: Doubt) -> DoubtRow:
    return {"maybe_usd": round(doubt.most, 6), "maybe_usual_usd": round(doubt.usual, 6)}


def _failed_for(manifest: Manifest) -> dict[str, int]:
    """How many chapters failed for each code."""
    reasons = (manifest.chapters[number].reason for number in failed_chapters(manifest))
    return dict(Counter(str(reason.code if reason else Code.UNKNOWN) for reason in reasons))


class Summaries:
    """The summaries of all books, made anew only for a manifest that has changed: clients ask many times a second."""

    def __init__(self) -> None:
        """Know none yet."""
        self._known: dict[str, tuple[Manifest, BookRow, Path]] = {}

    def of(
        self,
        books: Sequence[Manifest],
        *,
        root: Path,
        spent_usd: Mapping[str, float],
        doubts: Mapping[str, Doubt] = MappingProxyType({}),
    ) -> list[BookRow]:
        """One for each book, in their order; of others nothing is kept."""
        known = [self._one(manifest, root=root) for manifest in books]
        self._known = {one[0].book_id: one for one in known}
        return [
            {
                **summary,
                "failed": summary["failed"][:SHOWN_CHAPTERS],
                "cancelled": summary["cancelled"][:SHOWN_CHAPTERS],
                "spent_usd": round(spent_usd.get(manifest.book_id, 0.0), 6),
                **_doubt(doubts.get(manifest.book_id, CERTAIN)),
                "guide": _page(page),
            }
            for manifest, summary, page in known
        ]

    def _one(self, manifest: Manifest, *, root: Path) -> tuple[Manifest, BookRow, Path]:
        known = self._known.get(manifest.book_id)
        if known is not None and known[0] is manifest:
            return known
        page = BookFiles(root / manifest.book_id).guide("index.html")
        return manifest, book_summary(manifest, root=root, spent_usd=0.0), page


def guide_path(manifest: Manifest, *, root: Path) -> str | None:
    """The page to open; None while there is none."""
    return _page(BookFiles(root / manifest.book_id).guide("index.html"))


def _page(path: Path) -> str | None:
    return str(path) if path.exists() else None


def event_row(line: Told, *, book: str) -> EventRow:
    """An event of a book."""
    event = line.event
    return {
        "book": book,
        "number": line.place.count,
        "at": moment_text(event.at),
        "event": event.name,
        "chapter": event.chapter,
        "stage": None if event.stage is None else str(event.stage),
        "attempt": event.attempt,
        "worker": event.worker,
        "reason": event.reason,
        "code": None if event.code is None else str(event.code),
        "again": event.again,
        "details": {name: value for name, value in event.details.items() if _is_plain(value)},
    }


def _is_plain(value: object) -> TypeGuard[str | float | bool | None]:
    """Whether JSON has it for sure: an edited line may hold what is too deep or too large to be written again."""
    return isfinite(value) if isinstance(value, float) else value is None or isinstance(value, str | int)


def limit_rows(standings: Mapping[str, Standing]) -> list[LimitRow]:
    """Who waits for which endpoint, for what, and until when."""
    return [
        {
            "endpoint": url_of(key),
            "in_flight": standing.in_flight,
            "window": standing.window,
            "waiting": standing.waiting,
            "requests_today": standing.today,
            "waits_for": standing.reason,
            "until": standing.until.isoformat(timespec="seconds") if standing.until else None,
            "paused": standing.paused,
            "unreachable": _outage(standing),
            "code": _standing_code(standing),
        }
        for key, standing in by_account(standings).items()
    ]


def unreachable_text(standings: Mapping[str, Standing]) -> str:
    """Which endpoints nobody can reach, since when, why, and when they are tried again; "" for none."""
    texts = []
    for key, standing in standings.items():
        if (outage := standing.outage) is not None:
            since = f"{datetime.fromisoformat(outage.since):%Y-%m-%d %H:%M:%S} UTC"
            seconds = standing.next_try_seconds
            then = "it is being tried now" if seconds is None else f"next try in {seconds:.0f} s"
            told = f"endpoint {url_of(key)} unreachable since {since} ({outage.reason})"
            texts.append(f"{told}, tried {outage.tries} times, {then}")
    return "; ".join(texts)


def book_detail(manifest: Manifest, *, root: Path, spent_usd: float, doubt: Doubt = CERTAIN) -> Book:
    """`status BOOK`: every step and chapter, where it came from, and what of the book is no chapter."""
    origin = read_origin(BookFiles(root / manifest.book_id).book)
    return {
        **head(STATUS_OF_BOOK),
        **book_summary(manifest, root=root, spent_usd=spent_usd, doubt=doubt),
        "original": manifest.original_name,
        "steps": [{"stage": str(stage), **_entry(entry)} for stage, entry in manifest.steps.items()],
        "chapter_list": [
            {
                "number": number,
                "title": entry.title,
                "stage": str(entry.stage),
                "words": entry.words,
                "parts": _parts(entry),
                "differs": list(entry.differs),
                **_entry(entry),
                **origin.chapters.get(number, UNKNOWN),
            }
            for number, entry in sorted(manifest.chapters.items())
        ],
        "reader": origin.reader,
        "sandbox": origin.sandbox,
        "division": origin.division,
        "skipped": list(origin.skipped),
        "warnings": list(origin.warnings),
        "findings": list(origin.findings),
    }


def claim_rows(manifest: Manifest) -> list[ClaimRow]:
    """Every live claim on a book."""
    return [
        {
            "book": manifest.book_id,
            "stage": str(task.stage),
            "chapter": task.chapter,
            "part": task.part,
            "owner": entry.claim.owner,
            "attempt": entry.attempt,
            "claimed_at": entry.claim.claimed_at.isoformat(timespec="milliseconds"),
        }
        for task, entry in live_claims(manifest)
        if entry.claim is not None
    ]


def inbox_report(message: Message) -> Inbox:
    """The intake's last picture of the inbox, without the envelope of its message."""
    return cast(Inbox, {key: value for key, value in message.items() if key != "event"})


def sandbox_report(found: Confinement | None, *, is_required: bool) -> Sandbox | None:
    """What keeps readers of books from the rest of the machine; None while that is not known."""
    if found is None:
        return None
    return {
        "is_required": is_required,
        "is_whole": found.is_whole,
        "text": str(found),
        "files": found.files,
        "network": found.network,
        "signals": found.signals,
        "sockets": found.sockets,
        "reasons": list(found.reasons),
    }


def books_meant(name: str, books: Sequence[Manifest]) -> list[Manifest]:
    """The books a person may mean: the id itself, else ids that begin so, else titles or ids that contain it."""
    exact = [manifest for manifest in books if manifest.book_id == name]
    wanted = name.casefold()
    begins = [manifest for manifest in books if manifest.book_id.startswith(wanted)]
    return exact or begins or [one for one in books if wanted in one.book_title.casefold() or wanted in one.book_id]


def changed_chapters(before: Manifest, after: Manifest) -> list[int]:
    """The chapters whose status is another now."""
    return sorted(
        n for n, entry in after.chapters.items() if n in before.chapters and entry.status != before.chapters[n].status
    )


def known_book(library: Library, book: str, *, digest: str) -> KnownBook | None:
    """A book, if its content is this and not only the digits in its name."""
    try:
        manifest = library.read(book)
    except ManifestCorrupt:
        return {"book": book, "phase": "unreadable"}  # the intake takes it for known, too
    except NoSuchBook:
        return None
    return {"book": book, "phase": str(phase(manifest))} if manifest.digest == digest else None


def found_row(manifest: Manifest) -> FoundRow:
    """A book among those that a name may mean."""
    title = manifest.book_title or manifest.original_name
    return {"book": manifest.book_id, "title": title, "phase": str(phase(manifest))}


def _standing_code(standing: Standing) -> str | None:
    if standing.paused:
        return str(Code.PROVIDER)
    return str(Code.UNREACHABLE) if standing.outage is not None else None


def _outage(standing: Standing) -> OutageRow | None:
    if (outage := standing.outage) is None:
        return None
    seconds = standing.next_try_seconds
    return {
        "since": outage.since,
        "reason": outage.reason,
        "tries": outage.tries,
        "next_try_seconds": None if seconds is None else round(seconds, 1),
    }


def _hold(hold: Hold | None) -> Held | None:
    if hold is None:
        return None
    return {
        "reason": hold.reason,
        "code": str(hold.code),
        "since": hold.since.isoformat(),
        "until": hold.until.isoformat() if hold.until else None,
        "approve_usd": hold.approve_usd,
        "any_price": hold.any_price,
    }


def _status(entry: Entry) -> str:
    """As people have it: on disk, what a person ended is `failed`, which is a word that every program knows."""
    return "cancelled" if was_cancelled(entry) else str(entry.status)


def asked_rows(settings: Settings) -> list[AskedRow]:
    """Who is told of books under these settings."""
    targets = ((use, target_of(settings, use)) for use in USES)
    return [
        {"use": use, "endpoint": target.base_url, "model": target.model, "is_own": is_private(target.base_url)}
        for use, target in targets
        if target is not None
    ]


def pacing_row(workers: Workers) -> PacingRow:
    """How chapters follow each other under these settings."""
    batch = workers.batch_chapters
    most = 1 if workers.rate_limit == "free" else workers.max_concurrency
    return {"rate_limit": workers.rate_limit, "batch": batch, "at_once": min(most, batch or most)}


def reason_row(reason: Reason) -> ReasonRow:
    """Why, for programs."""
    return {"code": str(reason.code), "text": reason.text, "advice": reason.advice}


def _reason(entry: Entry | None) -> ReasonRow | None:
    """Why it failed or was cancelled, for programs; `error` has the same in words."""
    return None if entry is None or entry.reason is None else reason_row(entry.reason)


def _entry(entry: Entry) -> TaskRow:
    return {
        "status": _status(entry),
        "attempt": entry.attempt,
        "retry_count": entry.retry_count,
        "owner": entry.claim.owner if entry.claim and entry.is_live else None,
        "error": entry.error,
        "reason": _reason(entry),
    }


def _parts(entry: Entry) -> PartsRow | None:
    """How far the parts of a chapter are, while it is shared out."""
    if not entry.parts.of:
        return None
    owners = [entry.claim] if entry.claim and entry.is_live else []
    owners += [part.claim for part in entry.parts.out.values()]
    workers = dict.fromkeys(owner.owner.partition("@")[0] for owner in owners)
    return {"of": entry.parts.of, "done": entry.parts.done, "workers": list(workers)}


def none_meant(name: str, found: Sequence[Manifest]) -> ControlError:
    """Why a name means no book, or not one."""
    ids = ", ".join(manifest.book_id for manifest in found[:SHOWN_BOOKS])
    more = f" and {len(found) - SHOWN_BOOKS} more" if len(found) > SHOWN_BOOKS else ""
    many = f"{name!r} may be {ids}{more}" if found else f"no book {name!r} in the library"
    code = Code.AMBIGUOUS if found else Code.NO_BOOK
    return ControlError(f"{many}; `imaginizectl status` lists them", exit_code=ExitCode.NO_SUCH_BOOK, code=code)


def why_lost(original: Path, *, twins: Sequence[str]) -> Reason:
    """What a folder without a manifest means to a person; `twins` are the books with the same digits."""
    folder = original.parent
    again = next(iter(twins), None)
    advice = f"`imaginizectl add {shlex.quote(str(original))}` processes the book again"
    if not original.exists():
        advice = "its original is gone, too: drop that into the inbox again"
    if again is not None:
        advice = (
            f"{again} is made of the same file, so `rm -r {shlex.quote(str(folder))}` loses only the old pictures and "
            "what you changed there (style.md, elements/, names); copy what you want to keep first"
        )
    return Reason(Code.MANIFEST_LOST, f"{folder} has lost its manifest", advice)


def why_corrupt(error: ManifestCorrupt, manifest: Path) -> Reason:
    """What a manifest that cannot be read means to a person."""
    path = shlex.quote(str(manifest))
    advice = (
        f"repair it, or give it up: `mv {path} {path}.bad`, and `imaginizectl status` says how to do the book again"
    )
    return Reason(Code.MANIFEST_CORRUPT, str(error), advice)
