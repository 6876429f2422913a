"""Giving back dead claims: of children that exited, of processes that are provably gone, of hosts that fell silent."""

from collections.abc import Iterable
from functools import partial

from imaginized.clock import Clock
from imaginized.errors import LibraryBusy, ManifestCorrupt
from imaginized.logs.log import Log
from imaginized.queue.change import Change
from imaginized.queue.claimable import was_admitted
from imaginized.queue.manifest import Claim, Manifest, Task
from imaginized.queue.plan import live_claims
from imaginized.queue.transitions import reap, release
from imaginized.reasons import Code, Reason
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
        self._first_seen: dict[Claim, float] = {}
        self._ours: set[str] = set()
        self._ended: dict[str, str] = {}
        self._stopped: set[str] = set()
        self._tidied: set[str] = set()
        self._set_aside: dict[str, Reason] = {}

    def follow(self, *, stale_after_seconds: float, max_attempts: int) -> None:
        """Go by these limits from now on."""
        self._stale_after_seconds = stale_after_seconds
        self._max_attempts = max_attempts

    def note_start(self, owner: str) -> None:
        """A child was started. Whether it lives is not asked: its exit will be told, and how it came about."""
        self._ours.add(owner)

    def note_exit(self, owner: str, reason: str, *, was_stopped: bool = False) -> None:
        """A child was collected: its claims are over, whatever they say.

        Args:
            owner: It; an empty one is nobody.
            reason: How it ended.
            was_stopped: Whether we ended it because the daemon stops: no fault of its task, which loses no attempt.
        """
        self._ours.discard(owner)
        if owner:
            self._ended[owner] = reason
        if owner and was_stopped:
            self._stopped.add(owner)
        self._tidied.clear()  # it may have been writing where it held no claim: a claim to be, a progress report

    def reap(self) -> list[str]:
        """Look at every live claim once; returns the books in which one was freed, or could not be looked at yet."""
        busy: list[str] = []
        live: set[Claim] = set()
        books = list(self._library.open_books())
        for book in books:
            try:
                claims = _live_claims(self._library.read(book))
                self._set_aside.pop(book, None)
                live |= claims
                if any(self._is_over(claim) for claim in claims):
                    busy.append(book)
                    self._reap_book(book)
            except LibraryBusy:
                busy.append(book)
            except ManifestCorrupt as error:
                self._say_set_aside(book, Reason(Code.MANIFEST_CORRUPT, str(error)))
            except NoSuchBook:
                continue
            except OSError as error:  # the disk is full, or failing: one book must not end the daemon
                self._log.error("error_caught", book=book, reason=f"cannot be reaped: {error}")
        self._forget(live=live, books=books)
        return busy

    def tidy(self, *, seconds: float) -> bool:
        """Remove what dead writers left in the books, for about so long; returns whether that was all of it.

        It takes half a millisecond a book, too long for a library of hundreds while clients wait.
        """
        ends_at = self._clock.monotonic() + seconds
        was_busy = False
        untidy = [book for book in self._library.open_books() if book not in self._tidied]
        for number, book in enumerate(untidy):
            # At least one each time, or a slow disk would keep it from ever coming to an end.
            if number and self._clock.monotonic() >= ends_at:
                return False
            try:
                self._library.tidy(book, wait_seconds=0)
                self._tidied.add(book)
            except LibraryBusy:
                was_busy = True
            except (ManifestCorrupt, NoSuchBook):
                continue  # reaping says so
            except OSError as error:
                self._log.error("error_caught", book=book, reason=f"cannot be tidied: {error}")
        return not was_busy

    def has_claims_besides(self, owners: Iterable[str]) -> bool:
        """Whether a claim stands that none of these owners holds, such as one of another daemon's worker."""
        ours = set(owners)
        claims = [entry.claim for _, manifest in self._library.open_manifests() for _, entry in live_claims(manifest)]
        return any(claim is not None and claim.owner not in ours for claim in claims)

    def _reap_book(self, book: str) -> None:
        """Free what is over. Waits for no lock: the supervisor has other things to do, and comes again."""
        freed: list[tuple[Task, str | None]] = []

        def transition(manifest: Manifest) -> Change:
            # Asked again under the lock: since the look without it the task may have been completed, or claimed anew.
            reasons = {task: self._is_over(entry.claim) for task, entry in live_claims(manifest) if entry.claim}
            freed.extend((task, reason) for task, reason in reasons.items() if reason is not None)
            change = Change(manifest)
            for task, entry in live_claims(manifest):
                if entry.claim and entry.fence and entry.claim.owner in self._stopped:
                    # Before `reap`, which would take an attempt from a task that only its daemon's stop has ended.
                    change = change.then(partial(release, task=task, fence=entry.fence))
            now, limit = self._clock.now(), self._max_attempts
            return change.then(partial(reap, is_over=self._is_over, now=now, max_attempts=limit))

        self._library.update(book, transition, durable=True, wait_seconds=0)
        self._tidied.discard(book)
        for task, reason in freed:
            self._log.warning("claim_reaped", book=book, chapter=task.chapter, stage=str(task.stage), reason=reason)

    def _say_set_aside(self, book: str, why: Reason) -> None:
        if self._set_aside.get(book) != why:
            self._set_aside[book] = why
            self._log.error("manifest_set_aside", book=book, reason=why.text)

    def _forget(self, *, live: set[Claim], books: list[str]) -> None:
        """Keep nothing about claims and books that are gone."""
        self._first_seen = {claim: at for claim, at in self._first_seen.items() if claim in live}
        owners = {claim.owner for claim in live}
        self._ended = {owner: reason for owner, reason in self._ended.items() if owner in owners}
        self._stopped &= owners
        self._tidied.intersection_update(books)

    def _is_over(self, claim: Claim) -> str | None:
        """Why a claim is over; None while its owner may live."""
        if claim.owner in self._ended:
            return self._ended[claim.owner]
        if claim.owner in self._ours:
            return None
        now = self._clock.monotonic()
        # Silent since we first saw it, by a monotonic clock: the claim's own time is another host's, and clocks jump.
        first_seen = self._first_seen.setdefault(claim, now)
        owner = Owner.of(claim)
        # A claim in a form that we do not write is another program's: age alone ends it.
        state = Liveness.UNKNOWN if owner is None else liveness(owner)
        if state is Liveness.DEAD:
            return f"{claim.owner} ended without a message"
        age = now - first_seen
        if state is Liveness.UNKNOWN and age > self._stale_after_seconds:
            return f"{claim.owner or 'an unnamed owner'} cannot be asked and was silent for {age:.0f} s"
        return None


def _live_claims(manifest: Manifest) -> set[Claim]:
    """Of a book that came in here: what another program does in a folder of its own is no business of ours."""
    return {entry.claim for _, entry in live_claims(manifest) if entry.claim and was_admitted(manifest)}
