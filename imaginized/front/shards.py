"""The homes behind one address, and which of them takes a book. Pure."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """A home: a library with its inbox and its daemon.

    Attributes:
        name: What answers call it; it decides which books are its, so it must not change.
        socket: Its control socket, or one that is forwarded to it.
        inbox: Where this machine has its inbox; None where it has the path that the home itself names.
    """

    name: str
    socket: Path
    inbox: Path | None = None


def shard_of(digest: str, names: Iterable[str]) -> str:
    """The home that takes a book, by rendezvous hash of its SHA-256: the same for everybody who knows these names.

    A home more takes its part of all books, one less gives its books to the others; no other book moves.
    Thaler and Ravishankar, Using name-based mappings to increase hit rates (1998).
    """
    return max(names, key=lambda name: (hashlib.sha256(f"{name}\0{digest.lower()}".encode()).digest(), name))


def shard_from(text: str) -> Shard:
    """A home as the command line has it: NAME=SOCKET or NAME=SOCKET,INBOX.

    Raises:
        ValueError: It is not of that form.
    """
    name, is_there, places = text.partition("=")
    socket, _, inbox = places.partition(",")
    if not (is_there and socket and NAME.fullmatch(name)):
        raise ValueError(f"{text!r} is not NAME=SOCKET or NAME=SOCKET,INBOX; a name has a to z, 0 to 9, '.', '_', '-'")
    path = Path(inbox).expanduser().absolute() if inbox else None
    return Shard(name=name, socket=Path(socket).expanduser().absolute(), inbox=path)
