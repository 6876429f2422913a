"""When a process that hangs is killed. Pure: moments are monotonic seconds.

Who works says until when it will be heard of again. Past that it hangs: it is aborted, so that its log shows where it
stands, and killed if it does not end of that.
"""

ABORT_SECONDS = 5.0  # to write where it stands


def is_hung(*, next_by: float | None, now: float) -> bool:
    """Whether a process is silent past the moment that it named itself; one that named none is idle."""
    return next_by is not None and now >= next_by


def is_to_be_killed(*, aborted_at: float, now: float) -> bool:
    """Whether one that was told to abort has had its time. For good: a late beat does not call it back."""
    return now - aborted_at >= ABORT_SECONDS
