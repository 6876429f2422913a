"""The inbox as a folder that may go and come back: removed and made again, unmounted and mounted."""

import errno
import os
import stat
import threading
from pathlib import Path

from imaginized.inbox.folder import MOUNTS, Mount, find_mount
from imaginized.inbox.watcher import Watcher
from imaginized.logs.log import Log
from imaginized.reasons import Code, Reason


class Root:
    """Knows whether the inbox is there, and keeps it watched while it is.

    Attributes:
        watcher: For its hints.
        lost: Why the inbox cannot be looked at; None while it can.
    """

    def __init__(self, inbox: Path, *, wake: threading.Event, log: Log) -> None:
        """Watch nothing yet; `wake` will be set at every event."""
        self.watcher = Watcher(inbox, wake=wake)
        self.lost: Reason | None = None
        self._inbox = inbox
        self._log = log
        self._identity: tuple[int, int] | None = None
        self._mount: Mount | None = None

    def find(self) -> tuple[bool, bool]:
        """Whether the inbox is there, and whether it is another folder than at the last call, watched anew."""
        try:
            # Followed: people put a link to another disk in the inbox's place, and that is theirs to do.
            status = self._inbox.stat()
            if not stat.S_ISDIR(status.st_mode):
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        except OSError as error:
            self._lose(f"the inbox cannot be read: {error.strerror}")
            return False, False
        identity = (status.st_dev, status.st_ino)
        if identity == self._identity:
            return True, False
        return self._meet(identity)

    def _meet(self, identity: tuple[int, int]) -> tuple[bool, bool]:
        mount = find_mount(self._inbox.resolve(), table=MOUNTS.read_text(errors="surrogateescape"))
        if self._mount is not None and mount.point != self._mount.point:
            # What lies below the mount point is another folder; books dropped there would vanish at the next mount.
            self._lose(f"the file system of the inbox, {self._mount.point}, is not mounted")
            return False, False
        if self._identity is not None:
            self._lose("the inbox was replaced by another folder")
        was_lost, self.lost = self.lost is not None, None
        self._identity, self._mount = identity, mount
        # After the identity is noted and before the first look: what comes in between is seen by the look.
        self.watcher.start(mount)
        if was_lost:
            self._log.info("watch_restored", inbox=str(self._inbox))
        if self.watcher.polling:
            self._log.warning("polling_started", reason=self.watcher.polling)
        return True, True

    def _lose(self, text: str) -> None:
        why = Reason(Code.INBOX_LOST, text)
        if why != self.lost:
            self.lost = why
            self._log.error("watch_lost", reason=text, inbox=str(self._inbox))
        self._identity = None
        self.watcher.stop()
