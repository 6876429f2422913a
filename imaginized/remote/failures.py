"""An error as it travels between a host and home: whoever gets it is to do the same next as if it were its own."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from imaginized.errors import (
    ClaimLost,
    Held,
    ImaginizedError,
    Interrupted,
    LibraryBusy,
    Paused,
    Rejected,
    Retryable,
    Unanswered,
    Unreachable,
    WorkLost,
)
from imaginized.reasons import Code
from imaginized.store.records import RecordUnreadable

_PLAIN: Mapping[str, type[ImaginizedError]] = {
    "paused": Paused,
    "claim_lost": ClaimLost,
    "interrupted": Interrupted,
    "busy": LibraryBusy,
}


class HostFailed(ImaginizedError):
    """A stage has failed at a host by an error that nobody raises on purpose; counts as a failed attempt."""


class HostSilent(Unanswered):
    """A host was not heard for too long; counts as a failed attempt. What it has reserved counts in full."""

    def __init__(self, host: str, *, seconds: float, strangers: int = 0) -> None:
        """Say which, for how long, and how many messages came instead that our key did not open."""
        name = host or "the host"
        instead = f"; {strangers} messages were not sealed with our key" if strangers else ""
        super().__init__(
            f"{name} was silent for {seconds:.0f} s{instead}", code=Code.HOST_SILENT, advice="see imaginizectl hosts"
        )


class OfferRefused(Retryable):
    """No host has begun in time; no attempt is used."""


class ConnectionLost(ImaginizedError):
    """Home gives no answer: a host leaves the task. Nothing that matters was only there."""


def error_row(error: Exception, *, root: Path) -> dict[str, object]:
    """An error as it travels; paths count from the book's folder."""
    row: dict[str, object] = {"kind": "crashed", "text": str(error)}
    plain = next((kind for kind, made in _PLAIN.items() if isinstance(error, made)), None)
    if plain is not None:
        row["kind"] = plain
    elif isinstance(error, Retryable):
        row |= {"kind": "unreachable" if isinstance(error, Unreachable) else "retryable", "after": error.after_seconds}
    elif isinstance(error, Rejected | Unanswered | WorkLost):
        reason = error.reason
        row |= {"kind": type(error).__name__.lower(), "text": reason.text, "code": reason.code, "advice": reason.advice}
        row["is_final"] = isinstance(error, Unanswered) and error.is_final
    elif isinstance(error, Held):
        until = error.until.isoformat() if error.until else None
        row |= {"kind": "held", "code": error.code, "until": until}
        row |= {"approve_usd": error.approve_usd, "any_price": error.any_price}
    elif isinstance(error, RecordUnreadable):
        row |= {"kind": "record", "path": _relative(error.path, root=root)}
        row["text"] = str(error).replace(f"{root}/", "")
    elif isinstance(error, OSError):
        row |= {"kind": "os", "errno": error.errno, "text": error.strerror or str(error)}
    else:
        row["text"] = f"{type(error).__name__}: {error}"
    return row


def error_of(row: Mapping[str, object], *, root: Path) -> Exception:
    """The error that was sent."""
    kind, text = str(row.get("kind")), str(row.get("text"))
    if (plain := _PLAIN.get(kind)) is not None:
        return plain(text)
    if kind in ("retryable", "unreachable"):
        made = Unreachable if kind == "unreachable" else Retryable
        return made(text, after_seconds=float(str(row["after"])))
    if kind == "os":
        number = row.get("errno")
        return OSError(number if isinstance(number, int) else 5, text)
    if kind == "record":
        return RecordUnreadable(text, path=root / str(row["path"]) if row.get("path") else None)
    return _with_reason(kind, text, row)


def _with_reason(kind: str, text: str, row: Mapping[str, object]) -> Exception:
    advice = str(row.get("advice", ""))
    if kind == "worklost":
        return WorkLost(text, advice=advice)
    if kind not in ("rejected", "unanswered", "held"):
        return HostFailed(text)
    code = Code(str(row["code"]))
    if kind == "rejected":
        return Rejected(text, code=code, advice=advice)
    if kind == "unanswered":
        return Unanswered(text, code=code, advice=advice, is_final=row.get("is_final") is True)
    until = row.get("until")
    return Held(
        text,
        code=code,
        until=datetime.fromisoformat(str(until)) if until else None,
        approve_usd=float(str(row["approve_usd"])),
        any_price=row.get("any_price") is True,
    )


def _relative(path: Path | None, *, root: Path) -> str | None:
    return str(path.relative_to(root)) if path is not None and path.is_relative_to(root) else None
