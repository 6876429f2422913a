"""The control socket's file: bound by the holder of the lock beside it only, looked at on the tick, bound anew.

What is said at the socket is not known here.
"""

import errno
import os
import socket
import stat
import time
from pathlib import Path
from typing import Self

from imaginized.errors import LibraryBusy, SocketInUse
from imaginized.logs.log import Log
from imaginized.reasons import Code, Reason
from imaginized.settings.places import ELSEWHERE, holder_of, lock_beside
from imaginized.store.locking import LifeLock

LONGEST_PATH_BYTES = 107  # sun_path, less its closing NUL
ANOTHER = "name another socket (paths.socket; of a front, --socket)"
TAKE_SECONDS = 1.0  # a client that wants to know who holds the lock has it for a moment
RETRY_SECONDS = 10.0
LOCK_MODE = 0o600  # whoever can open it can hold it


class SocketFile:
    """The path of one listening socket, for as long as its daemon runs."""

    def __init__(self, path: Path, *, note: str, log: Log) -> None:
        """Touch nothing yet; `note` names us in the lock."""
        self._path = path
        self._log = log
        self._lock = LifeLock(lock_beside(path), mode=LOCK_MODE, note=note)
        self._bound: os.stat_result | None = None
        self._is_ours = True
        self._trouble: Reason | None = None
        self._retry_at = 0.0

    @classmethod
    def adopted(cls, listening: socket.socket, *, note: str, log: Log) -> Self | None:
        """That of a socket which systemd has bound: it is never bound or removed here. None where it has no file."""
        name = listening.getsockname()
        if not isinstance(name, str) or not name.startswith("/"):
            return None
        file = cls(Path(name), note=note, log=log)
        file._is_ours = False
        try:
            file._bound = os.lstat(name)
            file._lock.take(wait_seconds=0)
        except (LibraryBusy, OSError) as error:  # the socket is ours all the same
            log.warning("error_caught", reason=f"cannot tell who listens at {name}: {error}")
        return file

    @property
    def problems(self) -> list[Reason]:
        """Why clients cannot come in, for `status`."""
        return [self._trouble] if self._trouble else []

    def bind(self) -> socket.socket:
        """A socket that is bound there, in place of one that was left over.

        Raises:
            SocketInUse: Somebody else listens there, or what is there is not a socket.
            OSError: The folder cannot be made or written.
        """
        try:
            if len(os.fsencode(self._path)) > LONGEST_PATH_BYTES:
                raise OSError(errno.ENAMETOOLONG, f"a socket's path has {LONGEST_PATH_BYTES} bytes at most")
            self._make_folder()
            self._lock.take(wait_seconds=TAKE_SECONDS)
        except LibraryBusy as error:
            raise SocketInUse(self._taken(holder_of(self._path) or str(error))) from error
        except OSError as error:
            text = f"the control socket {self._path} cannot be made: {error.strerror or error}; {ELSEWHERE}"
            raise type(error)(text) from error
        try:
            return self._bind()
        except BaseException:
            self._lock.close()
            raise

    def is_sound(self) -> bool:
        """Whether clients that go by the path come to us, and nobody else may think it free."""
        try:
            return (self._lock.is_kept() or not self._is_ours) and self._is_there()
        except OSError:
            return False

    def bind_again(self) -> socket.socket | None:
        """Another socket for a file that was removed or replaced; None where there is none to be had, or none needed.

        Says so in the log, once.
        """
        if self.is_sound():
            self._trouble = None
            return None
        now = time.monotonic()
        # Not every second: each try opens the lock's file, which may lie on a disk that fails.
        if self._trouble and now < self._retry_at:
            return None
        # Who has the lock the first time may be a client that looks who holds it.
        self._retry_at = now + (RETRY_SECONDS if self._trouble else TAKE_SECONDS)
        try:
            return self._restored()
        except LibraryBusy as error:
            self._say(self._taken(holder_of(self._path) or str(error)))
        except (SocketInUse, OSError) as error:
            self._say(f"the control socket cannot be bound again: {error}")
        return None

    def remove(self) -> None:
        """Remove the file, if it is ours, and free the lock, whose file stays."""
        try:
            # Ours no more, it is that of the daemon that came after us.
            if self._is_ours and self.is_sound():
                self._path.unlink(missing_ok=True)
        except OSError as error:
            self._log.warning("error_caught", reason=f"the control socket is left behind: {error}")
        finally:
            self._lock.close()

    def _restored(self) -> socket.socket | None:
        if not self._is_ours:
            self._say(
                f"the control socket {self._path} was removed or replaced, and it is systemd's: "
                "`systemctl restart imaginized.socket imaginized.service`"
            )
            return None
        self._make_folder()
        if self._lock.was_retaken():
            self._log.warning("lock_restored", path=str(self._lock.path), reason="it was removed or replaced")
        listening = None if self._is_there() else self._bind()
        if listening is not None:
            self._log.warning("socket_restored", path=str(self._path), reason="it was removed or replaced")
        self._trouble = None
        return listening

    def _make_folder(self) -> None:
        """A user's own folder is for that user alone: their group may be everybody."""
        self._path.parent.mkdir(mode=0o777 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)

    def _is_there(self) -> bool:
        try:
            return self._bound is not None and os.path.samestat(os.lstat(self._path), self._bound)
        except (FileNotFoundError, NotADirectoryError):
            return False

    def _bind(self) -> socket.socket:
        self._clear()
        listening = socket.socket(socket.AF_UNIX)
        try:
            listening.setblocking(False)
            # Under the umask the file could be open to nobody, or to all, for a moment: nobody can connect before
            # listen.
            listening.bind(str(self._path))
            self._path.chmod(0o660)
            # Device and inode: a path says nothing of who has bound it.
            self._bound = os.lstat(self._path)
        except BaseException:
            listening.close()
            raise
        return listening

    def _clear(self) -> None:
        """Remove a socket at which nobody listens. Others do without the lock: an older version, systemd."""
        try:
            mode = os.lstat(self._path).st_mode
        except FileNotFoundError:
            return
        if not stat.S_ISSOCK(mode):
            raise SocketInUse(f"{self._path} is not a socket; remove it, or {ANOTHER}")
        with socket.socket(socket.AF_UNIX) as probe:
            # A full backlog would block the connect, and with it the start of the daemon.
            probe.setblocking(False)
            try:
                probe.connect(str(self._path))
            # Refused means that nobody listens: the file outlived a daemon that was killed.
            except (ConnectionRefusedError, FileNotFoundError):
                self._path.unlink(missing_ok=True)
                return
            except PermissionError as error:
                text = f"{self._path} belongs to another user; remove it, or {ANOTHER}"
                raise SocketInUse(text) from error
            except BlockingIOError:
                pass  # too many wait to be let in: somebody listens
        raise SocketInUse(self._taken("which keeps no lock: an older version, or systemd's imaginized.socket"))

    def _taken(self, holder: str) -> str:
        return f"another daemon ({holder}) has the control socket {self._path}; stop it, or {ANOTHER}"

    def _say(self, trouble: str) -> None:
        why = Reason(Code.SOCKET_LOST, trouble)
        if why != self._trouble:
            self._trouble = why
            self._log.error("socket_lost", path=str(self._path), reason=trouble)
