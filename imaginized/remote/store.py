"""Large files on their way between a host and home lie in a store beside the broker, sealed like all that passes there.

What is not there, or is not what was sent, is sent again under another name; where the store does not work, in the
message. So a store that is away costs time, and nothing is ever made of wrong bytes.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from typing import Protocol

from imaginized.logs.log import get_log
from imaginized.remote.line import HostLine
from imaginized.remote.offer import Offer
from imaginized.remote.questions import Answer, Ask, Question, Said, Stored
from imaginized.remote.seal import Seal

LEAST_BYTES = 64 * 1024  # what is smaller costs the broker less than the store's round trips
SEALED_BYTES = 256  # more than a seal adds
TRIES = 3
AGAIN_SECONDS = 0.5
REST_SECONDS = 60.0
PROBES = "im-probe-"  # how the names of files begin that only try whether a store works
LEFT_SECONDS = 6 * 3600.0  # far longer than a file is needed, whatever a clock says


_log = get_log()


class StoreFailed(Exception):
    """A file could not be put into the store, or had from it."""


class Store(Protocol):
    """Home's store, with its credentials. All of it raises StoreFailed."""

    def put(self, name: str, data: bytes) -> None:
        """Lay a file there; one of the name that is there already stays."""

    def get(self, name: str, *, most_bytes: int) -> bytes:
        """What lies there, up to so many bytes."""

    def url(self, name: str, *, method: str) -> str:
        """Where whoever has no credentials puts or gets it, for an hour."""

    def drop(self, names: Iterable[str]) -> None:
        """Remove them; those that are not there, too."""

    def sweep(self, start: str, *, older_seconds: float) -> int:
        """Remove what begins so and is that old; how many there were."""

    def problem(self) -> str:
        """Why it cannot be used; "" where it can."""


class Reach(Protocol):
    """The store as a host reaches it, by the URLs that home makes. Both raise StoreFailed."""

    def put(self, url: str, data: bytes) -> None:
        """See Store."""

    def get(self, url: str, *, most_bytes: int) -> bytes:
        """See Store."""


class HomeStore:
    """The store in one conversation, at home: what was put for it goes with it."""

    def __init__(self, store: Store, seal: Seal, *, offer: Offer) -> None:
        """Use this store for what is said about this offer."""
        self._store = store
        self._wrap = _Wrap(seal, offer)
        self._offer = offer
        self._names: set[str] = set()
        self._rest = _Rest()

    def answer(self, question: Question, answer: Callable[[Question], Answer]) -> Answer:
        """Answer with the files in place, and lay those of the answer there, too."""
        if question.ask is Ask.PLACE:
            return Answer(number=question.number, said=Said.OK, values=self._places(question))
        try:
            blobs = self._wrap.whole(question.blobs, question.stored, get=self._get)
        except StoreFailed:
            return Answer(number=question.number, said=Said.ABSENT)
        answered = answer(replace(question, blobs=blobs, stored=()))
        return answered if question.values.get("in_message") is True else self._light(answered)

    def close(self) -> None:
        """Remove what was put; what cannot be removed now is swept later."""
        with suppress(StoreFailed):
            if self._names:
                self._store.drop(sorted(self._names))

    def _places(self, question: Question) -> Mapping[str, object]:
        told = question.values
        name = self._wrap.name("host", question.run, str(told.get("digest")), str(told.get("count")))
        self._names.add(name)
        try:
            return {"name": name, "url": self._store.url(name, method="PUT")}
        except StoreFailed:
            return {"name": name, "url": ""}

    def _get(self, stored: Stored) -> bytes:
        # Names are ours: nobody makes this home read, or later remove, what is something else's.
        if not stored.name.startswith(prefix(self._offer.home)):
            raise StoreFailed("not a name of ours")
        self._names.add(stored.name)  # maybe placed by a process at home before this one
        return self._store.get(stored.name, most_bytes=stored.size + SEALED_BYTES)

    def _light(self, answer: Answer) -> Answer:
        stored = tuple(self._laid(blob) for blob in answer.blobs)
        return replace(answer, blobs=_left(answer.blobs, stored), stored=stored) if any(stored) else answer

    def _laid(self, blob: bytes) -> Stored | None:
        if len(blob) < self._offer.store_bytes or self._rest.is_on:
            return None
        digest = sha256(blob).hexdigest()
        name = self._wrap.name("home", self._offer.epoch, digest)
        self._names.add(name)
        try:
            self._store.put(name, self._wrap.sealed(name, blob))
            return Stored(name=name, digest=digest, size=len(blob), url=self._store.url(name, method="GET"))
        except StoreFailed as error:
            self._rest.begin(error)
            return None


def without_store(question: Question, answer: Callable[[Question], Answer]) -> Answer:
    """Answer where home has no store, though the host may use one: the settings of the home before this one had it."""
    if question.ask is Ask.PLACE:
        return Answer(number=question.number, said=Said.OK, values={"name": "", "url": ""})
    if any(question.stored):
        return Answer(number=question.number, said=Said.ABSENT)
    return answer(question)


class HostStore:
    """A host's line to home whose large files go through the store."""

    def __init__(self, line: HostLine, seal: Seal, *, offer: Offer, reach: Reach) -> None:
        """Ask by this line."""
        self._line = line
        self._wrap = _Wrap(seal, offer)
        self._offer = offer
        self._reach = reach
        self._there: dict[str, Stored] = {}
        self._rest = _Rest()

    def ask(self, ask: Ask, *, blobs: Sequence[bytes] = (), **values: object) -> Answer:
        """See Line."""
        for count in range(TRIES):
            stored = tuple(self._laid(blob, count=count) for blob in blobs)
            answer = self._line.ask_with(ask, values, blobs=_left(blobs, stored), stored=stored)
            if answer.said is not Said.ABSENT:
                return self._whole(answer, ask, blobs=blobs, values=values)
            for each in filter(None, stored):
                self._there.pop(each.digest, None)
            self._wait(AGAIN_SECONDS * 2**count)
        self._rest.begin(StoreFailed("home does not find what was put there"))
        return self._whole(self._line.ask_with(ask, values, blobs=blobs), ask, blobs=blobs, values=values)

    def _whole(self, answer: Answer, ask: Ask, *, blobs: Sequence[bytes], values: Mapping[str, object]) -> Answer:
        if not any(answer.stored):
            return answer
        try:
            got = self._wrap.whole(answer.blobs, answer.stored, get=self._get)
            return replace(answer, blobs=got, stored=())
        except StoreFailed as error:
            self._rest.begin(error)
            # Whatever is answered by files may be asked again.
            return self._line.ask_with(ask, {**values, "in_message": True}, blobs=blobs)

    def _laid(self, blob: bytes, *, count: int) -> Stored | None:
        if not 0 < self._offer.store_bytes <= len(blob) or self._rest.is_on:
            return None
        digest = sha256(blob).hexdigest()
        if digest not in self._there:
            place = self._line.ask(Ask.PLACE, digest=digest, count=count).values
            name, url = str(place.get("name", "")), str(place.get("url", ""))
            try:
                self._reach.put(url, self._wrap.sealed(name, blob))
            except StoreFailed as error:
                self._rest.begin(error)
                return None
            self._there[digest] = Stored(name=name, digest=digest, size=len(blob))
        return self._there[digest]

    def _get(self, stored: Stored) -> bytes:
        self._line.on_wait()
        return self._reach.get(stored.url, most_bytes=stored.size + SEALED_BYTES)

    def _wait(self, seconds: float) -> None:
        time.sleep(seconds)
        self._line.on_wait()


class _Rest:
    """While a store is away, each file would wait for it in vain: for a while none is put there."""

    def __init__(self) -> None:
        self._until = float("-inf")

    @property
    def is_on(self) -> bool:
        return time.monotonic() < self._until

    def begin(self, error: StoreFailed) -> None:
        self._until = time.monotonic() + REST_SECONDS
        _log.warning("error_caught", reason=f"the store of hosts.blobs: {error}; files go through the broker")


class _Wrap:
    """Seals files for one conversation."""

    def __init__(self, seal: Seal, offer: Offer) -> None:
        self._seal = seal
        self._offer = offer

    def name(self, *parts: str) -> str:
        """A name in the store; it tells nobody what lies there."""
        return f"{prefix(self._offer.home)}{self._seal.name('file', self._offer.talk, *parts)}"

    def sealed(self, name: str, blob: bytes) -> bytes:
        return self._seal.close(blob, about=self._about(name))

    def whole(
        self, blobs: Sequence[bytes], stored: Sequence[Stored | None], *, get: Callable[[Stored], bytes]
    ) -> tuple[bytes, ...]:
        """Files with those from the store in their places. Raises StoreFailed: one is not what was sent."""
        if not any(stored):
            return tuple(blobs)
        pairs = zip(blobs, stored, strict=True)
        return tuple(self._opened(each, get(each)) if each else blob for blob, each in pairs)

    def _opened(self, stored: Stored, sealed: bytes) -> bytes:
        blob = self._seal.open(sealed, about=self._about(stored.name))
        if blob is None or sha256(blob).hexdigest() != stored.digest:
            raise StoreFailed("it is not what was put there")
        return blob

    def _about(self, name: str) -> str:
        # Not the epoch: another process at home may take up the conversation between the two.
        return f"{name}|{self._offer.talk}"


def prefix(home: str) -> str:
    """How the names of all files of a home begin."""
    return f"im-{home}-"


def _left(blobs: Sequence[bytes], stored: Sequence[Stored | None]) -> tuple[bytes, ...]:
    return tuple(b"" if there else blob for blob, there in zip(blobs, stored, strict=True))
