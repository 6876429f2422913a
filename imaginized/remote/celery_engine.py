"""Celery brings offers to hosts, and does nothing else: no result, no retry, no expiry. The only celery import.

Whatever Celery knows of liveness, retries or results would be a second truth. So an offer is acknowledged before it is
begun, and one that is lost is made again by home.
"""

import base64
import warnings
from collections.abc import Callable, Sequence
from typing import Any

# Else Celery imports them with the first message, in each process anew.
import celery.app.amqp
import celery.backends.base
import celery.canvas
import celery.loaders.app  # noqa: F401
from celery import Celery, signals
from celery.exceptions import SecurityWarning
from kombu.exceptions import OperationalError

from imaginized.remote.celery_transport import TASK, Accepts, take_only_offers
from imaginized.remote.offer import Offer
from imaginized.remote.seal import Seal

PREFETCHED = 1

Take = Callable[[bytes, str], None]


def app_of(url: str, *, accepts: Accepts = lambda sealed, _queue: bool(sealed)) -> Celery:
    """Celery on this broker, with all that is its own switched off; a sealed offer that is not accepted is dropped."""
    take_only_offers()
    app = Celery("imaginized", broker=url, set_as_current=False)
    app.conf.update(
        task_acks_late=False,
        task_ignore_result=True,
        task_store_errors_even_if_ignored=False,
        task_serializer="json",
        accept_content=["json"],
        worker_prefetch_multiplier=PREFETCHED,
        worker_disable_prefetch=True,
        # Anybody at the broker could send orders by it.
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_transport_options={"socket_timeout": 10.0, "socket_connect_timeout": 5.0, "accepts": accepts},
    )
    return app


class CeleryEngine:
    """Brings offers to the hosts that take from one queue."""

    def __init__(self, url: str, *, queue: str, seal: Seal, length: Callable[[str], int]) -> None:
        """Use this broker; `length` tells how much lies in a queue."""
        self._app = app_of(url)
        self._queue = queue
        self._seal = seal
        self._length = length

    def offer(self, offer: Offer) -> bool:
        """See Engine."""
        text = base64.b64encode(offer.sealed(self._seal, queue=self._queue)).decode()
        try:
            self._app.send_task(TASK, args=[text], queue=self._queue, ignore_result=True, retry=False)
        except (OperationalError, OSError):
            return False
        return True

    def is_waiting(self) -> bool:
        """See Engine."""
        return self._length(self._queue) > 0


def serve(
    app: Celery,
    *,
    queues: Sequence[str],
    slots: int,
    name: str,
    take: Take,
    started: Callable[[], None],
    draining: Callable[[], None],
    busy: Callable[[Callable[[], int]], None],
) -> None:
    """Take offers until told to stop: each in one of `slots` processes.

    Args:
        app: From `app_of`.
        queues: To take from.
        slots: How many at once.
        name: Of this host.
        take: Works on one sealed offer of a queue, in a process of its own.
        started: Called in this process once it listens.
        draining: Called in this process when it is told to stop.
        busy: Given what tells how many slots are busy.
    """

    def offer(self: Any, sealed: object) -> None:
        queue = str(self.request.delivery_info.get("routing_key", ""))
        try:
            data = base64.b64decode(str(sealed), validate=True)
        except ValueError:
            return
        take(data, queue)

    app.task(name=TASK, bind=True, ignore_result=True)(offer)
    signals.worker_ready.connect(lambda **_: started(), weak=False)
    signals.worker_shutting_down.connect(lambda **_: draining(), weak=False)
    from celery.worker import state

    busy(lambda: len(state.active_requests))
    _worker(app, queues=queues, slots=slots, name=name).start()


def _worker(app: Celery, *, queues: Sequence[str], slots: int, name: str) -> Any:
    # Of root, and of a user whom /etc/passwd does not list; it advises an option that is not ours. JSON alone is taken.
    warnings.simplefilter("ignore", SecurityWarning)
    return app.Worker(
        hostname=f"imaginized@{name}",
        queues=list(queues),
        concurrency=slots,
        pool="prefork",
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        loglevel="WARNING",
        optimization="fair",
        quiet=True,
    )
