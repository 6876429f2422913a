"""Replies are kept: what a provider answered is durable as it arrives, and nobody asks the same thing twice."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from imaginized.process.fault_points import fault_point
from imaginized.providers.api import ImageRequest, Provider, Sending, TextRequest, told_twin
from imaginized.stages.job import Job
from imaginized.stages.sheets import Shown
from imaginized.store.records import RecordUnreadable, dump, dump_without, load
from imaginized.store.reserved import is_filled

Reply = TypeVar("Reply")


def digest(provider: Provider, request: TextRequest | ImageRequest | Shown) -> str:
    """What was asked of whom, as 64 hex digits."""
    # Names of other chapters are no part of it: which chapters are done by then may differ when it is asked again, and
    # the same text would be paid for twice. Nor is the number of a first asking: what older versions paid for counts.
    # A scene's place is in it, and so is which of the scenes of one passage it is; not how many scenes come before.
    told = dump_without(request, "names", "twin", "scenes_before", *(() if request.asking else ("asking",)))
    return hashlib.sha256(provider.identity.encode() + b"\0" + told).hexdigest()


def sent_digests(provider: Sending, request: ImageRequest, *, twins: Sequence[int]) -> list[str]:
    """What an endpoint is sent for a passage, as 64 hex digits: what else is known of the scene changes no picture.

    Args:
        provider: Who sends it.
        request: For a picture.
        twins: In the place of the request's own `twin`, one after the other.
    """
    told = (provider.sent_for(request), request.scene.quote.text, str(request.asking))
    return [hashlib.sha256("\0".join((*told, *told_twin(twin))).encode(errors="replace")).hexdigest() for twin in twins]


def _every(_reply: object) -> bool:
    return True


def answered(
    job: Job,
    *,
    asked: str,
    kind: type[Reply],
    ask: Callable[[], Reply],
    is_stored: Callable[[Reply], bool] = _every,
) -> Reply:
    """The reply to what was asked: the one that arrived before, else a new one, which is stored before it is returned.

    Args:
        job: Whose book it is about.
        asked: The digest of the request.
        kind: The record it is.
        ask: Asks the provider.
        is_stored: Whether a new one is; one that can be made again at no cost need not be written twice.
    """
    path = job.files.reply(asked)
    if (kept := _kept(path, kind)) is not None:
        return kept
    job.step()
    # One whose claim was lost may still be asking: cancelled and tried again, the same would be paid for twice.
    with job.alone(asked):
        if (kept := _kept(path, kind)) is not None:
            return kept
        if is_stored is _every:
            job.reserve((asked,), is_now=False)  # durable with the answers that the reply is made of
        fault_point("asking")
        reply = ask()
        if is_stored(reply):
            job.store_reply(path, dump(reply))
    return reply


def has_reply(job: Job, asked: str) -> bool:
    """Whether a reply to that has come."""
    return is_filled(job.files.reply(asked))


def _kept(path: Path, kind: type[Reply]) -> Reply | None:
    try:
        return load(path, kind)
    except (FileNotFoundError, RecordUnreadable):
        return None


def forget(job: Job, *, asked: str, kept: Iterable[Path]) -> None:
    """A reply whose content is in these files now; it goes once their names are durable."""
    job.forget(job.files.reply(asked), {path.parent for path in kept})
