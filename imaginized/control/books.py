"""Finding the book that a call is about, and changing it without ever waiting in the kernel: the loop has others."""

import asyncio
from dataclasses import dataclass

from imaginized.control import protocol
from imaginized.control.answers import Hosts
from imaginized.control.catalogue import books_named
from imaginized.control.daemon import Daemon
from imaginized.control.host_rows import host_rows
from imaginized.control.reporting import head, none_meant, why_corrupt
from imaginized.errors import ControlError, ExitCode, LibraryBusy, ManifestCorrupt, Rejected
from imaginized.queue.change import Change, Transition
from imaginized.queue.claimable import was_admitted
from imaginized.queue.manifest import Manifest
from imaginized.reasons import Code
from imaginized.store.library import NoSuchBook

LOCK_POLL_SECONDS = 0.02
LOCK_TRIES = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """The books of the library that calls are about."""

    daemon: Daemon

    async def hosts(self, _parameters: protocol.Nothing) -> Hosts:
        """Which other machines do chapters of them."""
        return {**head(protocol.HOSTS), **host_rows(self.daemon.settings)}

    async def change(self, book: str, transition: Transition) -> tuple[Manifest, Manifest]:
        """Update a book; returns what it was and what it is. Reading, deciding and writing have a turn each.

        All three at once take 70 ms of a book of 2,000 chapters.
        """
        before = self.daemon.library.read_for_update(book)
        await asyncio.sleep(0)
        try:
            decided = transition(before)
            await asyncio.sleep(0)
            seen = [before]

            def decide(found: Manifest) -> Change:
                if found is before:
                    return decided
                seen.append(found)  # somebody was faster
                return transition(found)

            after = await self._update(book, decide)
        except Rejected as error:
            raise ControlError(str(error), exit_code=ExitCode.USAGE, code=error.reason.code) from error
        await asyncio.sleep(0)
        return seen[-1], after

    async def _update(self, book: str, transition: Transition) -> Manifest:
        """Update without ever waiting in the kernel: the loop has other clients."""
        for _ in range(LOCK_TRIES):
            try:
                return self.daemon.library.update(book, transition, durable=True, wait_seconds=0)
            except LibraryBusy:
                await asyncio.sleep(LOCK_POLL_SECONDS)
        raise ControlError(f"{book} is locked by another process; try again", exit_code=ExitCode.TIMED_OUT)

    async def one(self, name: str) -> Manifest:
        """The one book that a name means; for calls that only read."""
        exact = self.readable(name)
        found = [exact] if exact is not None else await books_named(self.daemon.library, name)
        if len(found) != 1:
            raise none_meant(name, found)
        return found[0]

    def readable(self, name: str) -> Manifest | None:
        """The book with this exact id; None where there is none.

        Raises:
            ControlError: It is there, and cannot be read: it must not be said that there is none.
        """
        if not self.daemon.library.has(name):
            return None
        try:
            return self.daemon.library.read(name)
        except ManifestCorrupt as error:
            why = why_corrupt(error, self.daemon.library.files(name).manifest)
            raise ControlError(why.text, exit_code=ExitCode.BUG, code=why.code, advice=why.advice) from error
        except NoSuchBook:
            return None

    async def exact(self, name: str) -> str:
        """The name, if it is the exact id of a book; for calls that change one: a part of a title may mean another."""
        exact = self.readable(name)
        if exact is not None:
            # Of another program's book nothing is ours to change, and nothing would come of it.
            if exact.hold is not None and not was_admitted(exact):
                text = f"{name}: {exact.hold.reason}"
                raise ControlError(text, exit_code=ExitCode.NOTHING_TO_DO, code=exact.hold.code)
            return name
        found = await books_named(self.daemon.library, name)
        if len(found) != 1:
            raise none_meant(name, found)
        text = f"no book has the id {name!r}; to change {found[0].book_id}, give that id"
        raise ControlError(text, exit_code=ExitCode.NO_SUCH_BOOK, code=Code.NO_BOOK)

    async def change_and_tell(self, book: str, transition: Transition) -> tuple[Manifest, Manifest]:
        """Update a book, and have the workers look at it; returns what it was and what it is."""
        changed = await self.change(book, transition)
        self.daemon.order_all("check")
        self.daemon.wake_workers()
        return changed
