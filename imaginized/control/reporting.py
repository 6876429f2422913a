"""What `status` says: plain JSON objects made from manifests, the pool and the intake's last words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from imaginized.control.book_sources import UNKNOWN, read_origin
from imaginized.limits.limiter import url_of
from imaginized.limits.rules import Standing
from imaginized.process.channel import Message
from imaginized.process.confinement import Confinement
from imaginized.queue.manifest import Entry, Hold, Manifest
from imaginized.queue.plan import (
    cancelled_chapters,
    failed_chapters,
    is_rejected,
    live_claims,
    phase,
    progress,
    was_cancelled,
)
from imaginized.store.files import BookFiles
from imaginized.version import PROTOCOL, VERSION

Report = dict[str, object]


def envelope(schema: str, **values: object) -> Report:
    """A reply: its schema, who speaks, and the values."""
    return {"schema": f"imaginized.{schema}/1", "protocol": PROTOCOL, "version": VERSION, **values}


def book_summary(manifest: Manifest, *, root: Path, spent_usd: float) -> Report:
    """One line of `status`: a book, how far it is, and what is wrong with it."""
    counts = Counter(_status(entry) for entry in manifest.chapters.values())
    ended = next((entry for entry in manifest.steps.values() if entry.failed_at), None)
    return {
        "book": manifest.book_id,
        "title": manifest.book_title or manifest.original_name,
        "phase": str(phase(manifest)),
        "progress": round(progress(manifest), 4),
        "chapters": {"total": len(manifest.chapters), **counts},
        "failed": failed_chapters(manifest),
        "cancelled": cancelled_chapters(manifest),
        "error": None if ended is None else ended.error,
        "reason": _reason(ended),
        "rejected": is_rejected(manifest),
        "held": _hold(manifest.hold),
        "spent_usd": round(spent_usd, 6),
        "guide": guide_path(manifest, root=root),
        "folder": str(root / manifest.book_id),
    }


class Summaries:
    """The summaries of all books, made anew only for a manifest that has changed: clients ask many times a second."""

    def __init__(self) -> None:
        """Know none yet."""
        self._known: dict[str, tuple[Manifest, Report, Path]] = {}

    def of(self, books: Sequence[Manifest], *, root: Path, spent_usd: Mapping[str, float]) -> list[Report]:
        """One for each book, in their order; of others nothing is kept."""
        known = [self._one(manifest, root=root) for manifest in books]
        self._known = {one[0].book_id: one for one in known}
        return [
            {**summary, "spent_usd": round(spent_usd.get(manifest.book_id, 0.0), 6), "guide": _page(page)}
            for manifest, summary, page in known
        ]

    def _one(self, manifest: Manifest, *, root: Path) -> tuple[Manifest, Report, Path]:
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


def limit_rows(standings: Mapping[str, Standing]) -> list[Report]:
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
        }
        for key, standing in standings.items()
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


def book_detail(manifest: Manifest, *, root: Path, spent_usd: float) -> Report:
    """`status BOOK`: every step and chapter, where it came from, and what of the book is no chapter."""
    origin = read_origin(BookFiles(root / manifest.book_id).book)
    return {
        **book_summary(manifest, root=root, spent_usd=spent_usd),
        "original": manifest.original_name,
        "steps": [{"stage": str(stage), **_entry(entry)} for stage, entry in manifest.steps.items()],
        "chapter_list": [
            {
                **{"number": number, "title": entry.title, "stage": str(entry.stage), "words": entry.words},
                **_entry(entry),
                **origin.chapters.get(number, UNKNOWN),
            }
            for number, entry in sorted(manifest.chapters.items())
        ],
        "reader": origin.reader,
        "sandbox": origin.sandbox,
        "skipped": origin.skipped,
        "warnings": origin.warnings,
    }


def claim_rows(manifest: Manifest) -> list[Report]:
    """Every live claim on a book."""
    return [
        {
            "book": manifest.book_id,
            "stage": str(task.stage),
            "chapter": task.chapter,
            "owner": entry.claim.owner,
            "attempt": entry.attempt,
            "claimed_at": entry.claim.claimed_at.isoformat(timespec="milliseconds"),
        }
        for task, entry in live_claims(manifest)
        if entry.claim is not None
    ]


def inbox_report(message: Message) -> Report:
    """The intake's last picture of the inbox, without the envelope of its message."""
    return {key: value for key, value in message.items() if key != "event"}


def sandbox_report(found: Confinement | None, *, is_required: bool) -> Report | None:
    """What keeps readers of books from the rest of the machine; None while that is not known."""
    if found is None:
        return None
    return {"is_required": is_required, "is_whole": found.is_whole, "text": str(found), **asdict(found)}


def find_book(name: str, titles: Mapping[str, str]) -> list[str]:
    """The books a person may mean: the id itself, else ids that begin so, else titles or ids that contain it."""
    if name in titles:
        return [name]
    wanted = name.casefold()
    begins = [book for book in titles if book.startswith(wanted)]
    return begins or [book for book, title in titles.items() if wanted in title.casefold() or wanted in book]


def _outage(standing: Standing) -> Report | None:
    if (outage := standing.outage) is None:
        return None
    seconds = standing.next_try_seconds
    return {
        "since": outage.since,
        "reason": outage.reason,
        "tries": outage.tries,
        "next_try_seconds": None if seconds is None else round(seconds, 1),
    }


def _hold(hold: Hold | None) -> Report | None:
    if hold is None:
        return None
    until = hold.until.isoformat() if hold.until else None
    asks = {"approve_usd": hold.approve_usd, "any_price": hold.any_price}
    return {"reason": hold.reason, "code": str(hold.code), "since": hold.since.isoformat(), "until": until, **asks}


def _status(entry: Entry) -> str:
    """As people have it: on disk, what a person ended is `failed`, which is a word that every program knows."""
    return "cancelled" if was_cancelled(entry) else str(entry.status)


def _reason(entry: Entry | None) -> Report | None:
    """Why it failed or was cancelled, for programs; `error` has the same in words."""
    return None if entry is None or entry.reason is None else {**entry.reason.row()}


def _entry(entry: Entry) -> Report:
    return {
        "status": _status(entry),
        "attempt": entry.attempt,
        "retry_count": entry.retry_count,
        "owner": entry.claim.owner if entry.claim and entry.is_live else None,
        "error": entry.error,
        "reason": _reason(entry),
    }
