"""Giving back dead claims: of children that exited, of processes that are provably gone, of hosts that fell silent."""

from functools import partial

from imaginized.book.manifest import Claim, Manifest
from imaginized.book.plan import live_claims
from imaginized.book.transitions import reap
from imaginized.clock import Clock
from imaginized.errors import LibraryBusy, ManifestCorrupt
from imaginized.logs import Log
from imaginized.store.library import Library, NoSuchBook
from imaginized.store.owners import Liveness, Owner, liveness


class Reaper:
    """Finds claims that are over and frees them.

    Ages are counted on the monotonic clock from the moment a claim was first seen here, so that neither a clock step
    nor a suspend ends one.
    """

    def __init__(
        self, library: Library, *, clock: Clock, stale_after_seconds: float, max_attempts: int, log: Log
    ) -> None:
        """Reap in this library."""
        self._library = library
        self._clock = clock
        self._stale_after_seconds = stale_after_seconds
        self._max_attempts = max_attempts
        self._log = log
        self._first_seen: dict[str, float] = {}
        self._ended: dict[str, str] = {}

    def note_exit(self, owner: str, reason: str) -> None:
        """A child was collected: its claims are over, whatever they say."""
        self._ended[owner] = reason

    def reap(self) -> list[str]:
        """Look at every live claim once; returns the books in which one was freed, or could not be looked at yet."""
        freed: list[str] = []
        seen: set[str] = set()
        for book in self._library.books():
            try:
                manifest = self._library.read(book)
                seen |= {entry.claim.claim_id for _, entry in live_claims(manifest) if entry.claim}
                if self._has_over(manifest):
                    self._reap_book(book)
                    freed.append(book)
            except LibraryBusy:
                freed.append(book)
            except (NoSuchBook, ManifestCorrupt):
                continue
        self._first_seen = {claim: at for claim, at in self._first_seen.items() if claim in seen}
        return freed

    def _has_over(self, manifest: Manifest) -> bool:
        return any(entry.claim and self._is_over(entry.claim) for _, entry in live_claims(manifest))

    def _reap_book(self, book: str) -> None:
        """Free what is over. Waits for no lock: the supervisor has other things to do, and comes again."""
        transition = partial(reap, is_over=self._is_over, now=self._clock.now(), max_attempts=self._max_attempts)
        before = {task: entry.fence for task, entry in live_claims(self._library.read(book))}
        after = self._library.update(book, transition, durable=True, wait_seconds=0)
        still = {task: entry.fence for task, entry in live_claims(after)}
        for task, fence in before.items():
            if still.get(task) != fence:
                entry = after.entry(task)
                reason = entry.error if entry else None
                self._log.warning("claim_reaped", book=book, chapter=task.chapter, stage=str(task.stage), reason=reason)
        self._library.tidy(book, wait_seconds=0)

    def _is_over(self, claim: Claim) -> str | None:
        """Why a claim is over; None while its owner may live."""
        if claim.owner in self._ended:
            return self._ended[claim.owner]
        first_seen = self._first_seen.setdefault(claim.claim_id, self._clock.monotonic())
        owner = Owner.of(claim)
        state = Liveness.UNKNOWN if owner is None else liveness(owner)
        if state is Liveness.DEAD:
            return f"{claim.owner} ended without a word"
        age = self._clock.monotonic() - first_seen
        if state is Liveness.UNKNOWN and age > self._stale_after_seconds:
            return f"{claim.owner} cannot be asked and was silent for {age:.0f} s"
        return None
