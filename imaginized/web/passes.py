"""Who may use the page: signed passes, and the file that holds the key which signs them.

A ticket is for one login within minutes; a session is the cookie that a ticket is exchanged for; a device's pass is a
password for a reading app. None of them is kept: whoever has the key can tell whether a pass is one. A new key ends
them all.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from imaginized.control.protocol import Role
from imaginized.store.beneath import opened
from imaginized.store.writing import write_atomic

FILE = ".imaginized.web.json"
KEY_BYTES = 32
MAC_BYTES = 18
TICKET_LIFE = timedelta(minutes=10)
SESSION_LIFE = timedelta(days=30)
LONGEST = 500  # characters of a pass that is looked at
LONGEST_FILE = 10_000

Kind = Literal["ticket", "session", "device"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What somebody may do.

    Attributes:
        kind: What it is good for.
        role: What its holder may do: read, or work as well.
        until: When it ends; None for never.
        nonce: Tells it from all others.
    """

    kind: Kind
    role: Role
    until: datetime | None
    nonce: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What the page and the command that lets people in have in common.

    Attributes:
        key: What passes are signed with.
        url: Where the page is: scheme, host and port, without a slash at the end; "" where no page was ever started.
    """

    key: bytes
    url: str = ""

    def issue(self, kind: Kind, *, role: Role, now: datetime) -> str:
        """A new pass, as text for a header or an address."""
        life = {"ticket": TICKET_LIFE, "session": SESSION_LIFE}.get(kind)
        until = None if life is None else int((now + life).timestamp())
        payload = _packed(json.dumps([kind, int(role), until, secrets.token_hex(8)]).encode())
        return f"{payload}.{self._mac(payload)}"

    def read(self, text: str, kind: Kind, *, now: datetime) -> Pass | None:
        """The pass; None for one of another kind, one that is over, and what was not signed with our key."""
        payload, _, mac = text.partition(".")
        if len(text) > LONGEST or not text.isascii() or not hmac.compare_digest(mac, self._mac(payload)):
            return None
        found, role, until, nonce = json.loads(_unpacked(payload))
        if found != kind or (until is not None and until < now.timestamp()):
            return None
        ends = None if until is None else datetime.fromtimestamp(until, tz=now.tzinfo)
        return Pass(kind=kind, role=Role(role), until=ends, nonce=nonce)

    def stamp(self, text: str) -> str:
        """What nobody without the key can make for this text: for addresses that are good without a cookie."""
        return self._mac(f"stamp {text}")

    def _mac(self, text: str) -> str:
        return _packed(hmac.digest(self.key, text.encode(), hashlib.sha256)[:MAC_BYTES])


@dataclass(slots=True, kw_only=True)
class Porter:
    """The door as a page keeps it for as long as it runs: a new key in the file ends all that was let in, at once.

    Attributes:
        library: Whose door it is.
        door: As it was made or last found. One that is gone or damaged stays as it was.
    """

    library: Path
    door: Door
    _seen: tuple[int, int, int] = (0, 0, 0)

    def now(self) -> Door:
        """The door with the key that counts."""
        try:
            found = (self.library / FILE).stat(follow_symlinks=False)
            seen = (found.st_ino, found.st_mtime_ns, found.st_size)
            if seen != self._seen:
                self.door, self._seen = load_door(self.library) or self.door, seen
        except OSError:
            pass
        return self.door


def _packed(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def load_door(library: Path) -> Door | None:
    """The library's door; None where no page was ever started for it.

    Raises:
        OSError: It cannot be read: it is for the daemon's own user alone.
    """
    try:
        with opened(library / FILE) as fd:  # not a pipe, at which we would stand for ever
            found = json.loads(os.read(fd, LONGEST_FILE))
        key, url = bytes.fromhex(found["key"]), str(found["url"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None  # damaged: the next start of the page makes a new one, and everybody logs in again
    return Door(key=key, url=url) if len(key) == KEY_BYTES else None  # with a part of a key anybody could sign


def make_door(library: Path, *, url: str, is_new: bool = False) -> Door:
    """The library's door, with a new key where there is none or where that is wanted: then nobody is let in any more.

    Raises:
        OSError: It cannot be written.
    """
    before = None if is_new else load_door(library)
    door = Door(key=before.key if before else secrets.token_bytes(KEY_BYTES), url=url)
    path = library / FILE
    data = json.dumps({"key": door.key.hex(), "url": door.url}).encode()
    previous = os.umask(0o077)  # from its first moment on nobody else may read it
    try:
        write_atomic(path, data, durable=True)
        if os.geteuid() == 0:  # by sudo: the page, which is the owner of the library, could not read root's
            owner = library.stat()
            os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)
    finally:
        os.umask(previous)
    return door
