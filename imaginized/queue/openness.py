"""Whether a book has anything left to be looked at: claimable, claimed, held, waiting, or to be expelled. Pure."""

from imaginized.queue.claimable import was_admitted
from imaginized.queue.manifest import STEPS, Manifest, Stage, Status
from imaginized.queue.plan import is_rejected, live_claims
from imaginized.queue.way import next_unfinished


def may_be_closed(manifest: Manifest) -> bool:
    """Whether the book may be closed, asked of its steps alone: of an open one with thousands of chapters for nothing.

    Every closed book is one of these.
    """
    is_over = any(entry.status is Status.FAILED for entry in manifest.steps.values())
    is_over = is_over or manifest.steps[Stage.COMPILE].status is Status.COMPLETED
    return is_over or not was_admitted(manifest)


def is_open(manifest: Manifest) -> bool:
    """Whether anything of the book can be claimed or is, now or once what it waits for has come.

    A book that is not open stays as it is until somebody changes its manifest.
    """
    if not may_be_closed(manifest):
        return True
    if not was_admitted(manifest):
        return False  # another program's: nothing of it is ours to do
    if manifest.hold is not None or is_rejected(manifest) or live_claims(manifest):
        return True
    stage = next_unfinished(manifest)
    if stage is None:
        return False
    # A step that failed is in the way of all that follows.
    return stage not in STEPS or manifest.steps[stage].status is not Status.FAILED
