"""A book waits, and goes on: held for a person or for a day, approved, let go. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256

from imaginized.errors import Rejected
from imaginized.queue.change import Change
from imaginized.queue.events import RESUMED, Happening, held
from imaginized.queue.manifest import Approval, Hold, Manifest
from imaginized.queue.stored_reasons import writable
from imaginized.reasons import Code


def hold(manifest: Manifest, *, why: Hold) -> Change:
    """The book waits: nothing of it is claimed until it is approved. What is under way may end well.

    Of two reasons the one that a person must decide stays.
    """
    if manifest.hold is not None and (manifest.hold.until is None or why.until is not None):
        return Change(manifest)
    why = replace(why, reason=writable(why.reason))
    return Change(replace(manifest, hold=why), () if why == manifest.hold else (held(why),))


def division_mark(words: Iterable[int]) -> str:
    """What a division into chapters is known by again: the lengths of these, in order."""
    return sha256(",".join(map(str, words)).encode()).hexdigest()[:16]


def approve(manifest: Manifest, *, usd: float | None = None) -> Change:
    """A person lets the book go on, and allows what it asks for.

    Args:
        manifest: The book.
        usd: What it may cost in all; None for what it asks for. What was allowed before is not taken back.

    Raises:
        Rejected: It waits for no approval.
    """
    why = manifest.hold
    if why is None:
        raise Rejected(f"{manifest.book_id} is not held, so there is nothing to approve", code=Code.NOT_HELD)
    if why.until is not None:
        raise Rejected(
            f"{manifest.book_id} resumes automatically at {why.until:%Y-%m-%d %H:%M} UTC: {why.reason}",
            code=Code.DAY_BUDGET,
            advice="To continue now, raise max_usd_per_day in [budget] and `imaginizectl reload`",
        )
    if manifest.chapters:  # it waits after its split, and whoever lets it go on has seen its chapters
        mark = division_mark(entry.words for _, entry in sorted(manifest.chapters.items()))
        manifest = replace(manifest, seen_division=mark)
    if why.code is Code.DOUBTFUL and usd is None:
        # Nothing was said of money, and an approval of nothing would be a cap of 0.
        return Change(replace(manifest, hold=None), (RESUMED,))
    before = manifest.approval or Approval()
    allowed = Approval(
        usd=max(before.usd, why.approve_usd if usd is None else usd),
        any_price=before.any_price or why.any_price,
    )
    details = {"may_cost_usd": allowed.usd, "any_price": allowed.any_price}
    # One that allows what was allowed before only lets the book go on.
    event = RESUMED if allowed == manifest.approval else Happening(name="book_approved", details=details)
    return Change(replace(manifest, hold=None, approval=allowed), (event,))


def let_go(manifest: Manifest) -> Change:
    """A book that waits for another day may try now, and is held again if it must; the same manifest if it does not."""
    is_for_a_day = manifest.hold is not None and manifest.hold.until is not None
    return Change(replace(manifest, hold=None), (RESUMED,)) if is_for_a_day else Change(manifest)
