"""Boxes and marks in Redis. The only redis import. What the server loses, or cannot do now, is said again later."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import redis

BOX_SECONDS = 300  # nothing is left behind for longer, whoever was killed
CONNECT_SECONDS = 5.0
BROKEN_SECONDS = 0.5
KEYS_A_LOOK = 1000
MOST_KEYS = 50_000  # looked through each second, by each process for hosts
MOST_NAMES = 1000


class RedisPost:
    """A post by one server."""

    def __init__(self, url: str) -> None:
        """Use this server; nothing is connected yet."""
        # Celery has a name of its own for a socket in the file system.
        self._redis = redis.Redis.from_url(
            url.replace("redis+socket://", "unix://", 1),
            socket_connect_timeout=CONNECT_SECONDS,
            socket_timeout=CONNECT_SECONDS,
            health_check_interval=15,
        )
        self._broken = threading.Event()

    def put(self, box: str, data: bytes) -> None:
        """See Post."""
        with self._passing(), self._redis.pipeline(transaction=False) as pipe:
            pipe.rpush(box, data)
            pipe.expire(box, BOX_SECONDS)
            pipe.execute()

    def take(self, box: str, *, seconds: float) -> bytes | None:
        """See Post."""
        found: object = None
        is_heard = False
        with self._passing():
            found = self._redis.blpop([box], timeout=max(0.01, seconds))
            is_heard = True
        if not is_heard:
            self._broken.wait(min(seconds, BROKEN_SECONDS))  # never set: whoever asks in a loop is not to spin
        return cast(tuple[bytes, bytes], found)[1] if found else None

    def drop(self, *names: str) -> None:
        """See Post."""
        with self._passing():
            self._redis.delete(*names)

    def mark(self, name: str, *, seconds: int, data: bytes = b"1") -> None:
        """See Post."""
        with self._passing():
            self._redis.set(name, data, ex=seconds)

    def marked(self, name: str) -> bytes | None:
        """See Post."""
        with self._passing():
            return cast(bytes | None, self._redis.get(name))
        return None

    def names(self, start: str) -> list[str]:
        """The marks that begin so; nobody else's have such names. Of a server that somebody fills, only the first."""
        found: set[bytes] = set()
        with self._passing():
            cursor, looks = 0, 0
            while looks < MOST_KEYS // KEYS_A_LOOK and len(found) < MOST_NAMES:
                cursor, names = cast(
                    tuple[int, list[bytes]], self._redis.scan(cursor, match=f"{start}*", count=KEYS_A_LOOK)
                )
                found.update(names)
                looks += 1
                if cursor == 0:
                    break
        return sorted(name.decode(errors="replace") for name in found)

    def length(self, box: str) -> int:
        """How much lies in a box."""
        with self._passing():
            return self._redis.llen(box)
        return 0

    def problem(self) -> str:
        """Why the server cannot be used; "" where it can."""
        try:
            keys = self._redis.dbsize()
        except (redis.RedisError, OSError) as error:
            return str(error) or type(error).__name__
        return f"it holds {keys} keys, too many to look for hosts in; give us a database of our own" * (
            keys > MOST_KEYS
        )

    @contextmanager
    def _passing(self) -> Iterator[None]:
        """What fails now is tried again by whoever needs it."""
        try:
            yield
        except (redis.RedisError, OSError):
            return
