"""What Celery's own transport for Redis believes of a message is not believed: all but the sealed offer is made anew.

Anybody who reaches the broker could end a host by one message that is not JSON, or by its headers have a chapter killed
(`timelimit`), put off (`eta`) or unpacked without end (`compression`); and could stop home by the table of bindings.
"""

import base64
import json
import logging
import threading
import time
from collections.abc import Callable
from typing import Any, cast
from uuid import uuid4

from kombu.transport import TRANSPORT_ALIASES, redis, virtual

TASK = "imaginized.offer"
LONGEST_BYTES = 10_000
# What kombu 5.6 raises of an item that is no message: by its JSON, or by the types that it reads in there.
_NO_MESSAGE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)

REFUSED_SECONDS = 0.5
SAID_SECONDS = 60.0

Accepts = Callable[[bytes, str], bool]

logger = logging.getLogger(__name__)
_never = threading.Event()


def take_only_offers() -> None:
    """From now on every broker at Redis is spoken with so, in this process."""
    place = f"{__name__}:{OfferTransport.__name__}"
    TRANSPORT_ALIASES.update(redis=place, rediss=place)


class _Kept(virtual.QoS):
    """What is being taken, in this process alone: home offers again what is lost, and nobody reads a list of it."""

    restore_at_shutdown = False

    def restore_visible(self, **_options: object) -> None:
        """Nothing is in Redis."""


class OfferChannel(redis.Channel):
    """A channel on which nothing but offers comes."""

    QoS = cast(Any, _Kept)
    _said_at = float("-inf")

    def get_table(self, exchange: str) -> list[tuple[str, str, str]]:
        """Where what is sent goes: each queue has an exchange of its name, whatever stands in Redis."""
        return [(exchange, "", exchange)]

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        """Nobody reads it."""

    def _brpop_read(self, **options: Any) -> Any:
        try:
            return cast(Any, super())._brpop_read(**options)
        except _NO_MESSAGE:
            self.connection.accepts(b"", "")
        except self.ResponseError as error:
            # A key of another kind stands there, or we may not read it: it would end the host. Asked in a loop.
            self._say(error)
            _never.wait(REFUSED_SECONDS)
        return True

    def _say(self, error: Exception) -> None:
        now = time.monotonic()
        if now - self._said_at > SAID_SECONDS:
            self._said_at = now
            logger.warning("the Redis server refuses to give offers: %s", error)


class OfferTransport(redis.Transport):
    """Delivers the offers that are accepted; all else is gone."""

    Channel = OfferChannel

    def accepts(self, sealed: bytes, queue: str) -> bool:
        """Whether an offer is one of ours, for this queue."""
        accepts: Accepts = cast(Any, self.client).transport_options["accepts"]
        return accepts(sealed, queue)

    def _deliver(self, message: object, queue: str) -> None:
        sealed = _sealed_in(message)
        if self.accepts(sealed, queue):
            cast(Any, super())._deliver(_made_anew(sealed, queue), queue)


def _sealed_in(message: Any) -> bytes:
    """What an offer's message carries; nothing for what is none."""
    try:
        body = message["body"]
        if len(body) > LONGEST_BYTES:
            return b""
        (sealed,), *_ = json.loads(base64.b64decode(body, validate=True))
        return base64.b64decode(sealed, validate=True)
    except _NO_MESSAGE:
        return b""


def _made_anew(sealed: bytes, queue: str) -> dict[str, object]:
    """The message of an offer, as Celery's protocol 2 has it."""
    name, body = str(uuid4()), json.dumps([[base64.b64encode(sealed).decode()], {}, {}])
    return {
        "body": base64.b64encode(body.encode()).decode(),
        "content-type": "application/json",
        "content-encoding": "utf-8",
        "headers": {"lang": "py", "task": TASK, "id": name, "root_id": name, "ignore_result": True},
        "properties": {
            "correlation_id": name,
            "delivery_tag": name,
            "delivery_info": {"exchange": "", "routing_key": queue},
            "body_encoding": "base64",
        },
    }
