"""Reasons as manifests have them: with their codes since 2.1, in words alone before. Pure."""

from collections.abc import Mapping

from imaginized.reasons import Code, Reason

REASON_LENGTH = 1000
UNSAID = Reason(Code.UNKNOWN, "it is marked as failed, and nothing says why")


def read_reason(value: Mapping[str, object]) -> Reason | None:
    """Why it failed, in the words of `error`, which every program of this format writes.

    A program that knows no `reason` keeps ours as it was, beside an error of its own or none: then ours is out of date.
    """
    error, row = value.get("error"), value.get("reason")
    if error is None:
        # No program of this format has to say why; every failure has a code all the same.
        return UNSAID if value.get("status") == "failed" else None
    if isinstance(row, dict):
        reason = Reason(Code.read(row.get("code")), str(row.get("text", "")), str(row.get("advice", "")))
        if str(reason) == str(error):
            return reason
    return _old_reason(str(error))


def _old_reason(error: str) -> Reason:
    """What a 2.0.0 manifest has: words alone. The one place where they are recognised."""
    is_cancelled = error == Code.CANCELLED or error.startswith(f"{Code.CANCELLED}; `imaginizectl retry ")
    if not is_cancelled:
        return Reason(Code.UNKNOWN, error)
    text, _, advice = error.partition("; ")
    return Reason(Code.CANCELLED, text, advice)


def read_hold_code(row: Mapping[str, object]) -> Code:
    """Of a hold; older ones name none, but what ends by itself waits for another day."""
    if "code" in row:
        return Code.read(row["code"])
    return Code.APPROVAL if row.get("until") is None else Code.DAY_BUDGET


def writable(text: str) -> str:
    """A text that fits a manifest; names of files may hold what JSON cannot."""
    return text[:REASON_LENGTH].encode(errors="replace").decode()
