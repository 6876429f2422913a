"""What a call costs that brought nothing, by how it ended; and that an outage spends no book's money."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from imaginized.errors import ImaginizedError, Unanswered
from imaginized.money.calls import Call, Usage
from imaginized.providers.openai.calling import Endpoint
from imaginized.providers.openai.client import Manner, OpenAIProvider
from imaginized.providers.openai.prompt_texts import load_prompts
from imaginized.providers.openai.usage import usage_of
from imaginized.providers.scripted import Fault, Script, scripted
from imaginized.reading.quotes import find_quote
from imaginized.settings.model import Budget
from tests.acceptance.test_money import spent_by
from tests.integration.test_openai import Waits, text_request
from tests.support import unbound
from tests.support.paying import CALL_USD, customer, make_till
from tests.support.waiting import DEADLINE_SECONDS

USAGE = {"prompt_tokens": 7, "completion_tokens": 5}


class Slip:
    """A till for one call after the other that keeps what each came to, in words."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def reserve(self, call: Call) -> "Slip":  # noqa: ARG002
        return self

    def settle(self, usage: Usage, *, outcome: str) -> float:  # noqa: ARG002
        self.lines.append("in full" if usage == Usage() else f"usage {usage.tokens_in}+{usage.tokens_out}")
        return 0.0

    def cancel(self, *, outcome: str) -> None:  # noqa: ARG002
        self.lines.append("nothing")


def asked_of(base_url: str, till: Slip, *, deadline_seconds: float = 20.0) -> None:
    """Ask about a chapter, whatever comes of it."""
    conditions = unbound.conditions(
        wait=Waits(), till=till, retry_seconds=0.01, timeout_seconds=0.3,
        deadline_seconds=deadline_seconds,
    )  # fmt: skip
    manner = Manner(prompts=load_prompts(None, profile="general"), find_quote=find_quote)
    provider = OpenAIProvider(Endpoint(base_url=base_url, model="m"), conditions=conditions, manner=manner)
    try:
        provider.write(text_request())
    except ImaginizedError:
        return


@contextmanager
def refusing() -> Iterator[str]:
    """A port that nobody listens on."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}/v1"


@contextmanager
def deaf() -> Iterator[str]:
    """A port that takes no connection: its queue is full, and nobody empties it."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server, socket.socket() as first:
        first.connect(server.getsockname())
        yield f"http://127.0.0.1:{server.getsockname()[1]}/v1"


@contextmanager
def unreading() -> Iterator[str]:
    """A port whose endpoint closes after the first bytes of a request: it is never there whole."""
    import threading

    def serve() -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            found.append(server.getsockname()[1])
            ready.set()
            server.settimeout(DEADLINE_SECONDS)
            connection, _ = server.accept()
            connection.close()

    found: list[int] = []
    ready = threading.Event()
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    ready.wait(10.0)
    yield f"http://127.0.0.1:{found[0]}/v1"
    thread.join(DEADLINE_SECONDS)


def fault(kind: str, status: int = 500, **values: object) -> Fault:
    return replace(Fault(kind=kind, status=status), **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wrong", "cost"),
    [
        # An error is no work: it costs nothing, unless it says what it took.
        (fault("status", 500), "nothing"),
        (fault("status", 502), "nothing"),
        (fault("status", 503), "nothing"),
        (fault("status", 504), "nothing"),
        (fault("status", 529), "nothing"),
        (fault("status", 400), "nothing"),
        (fault("status", 401), "nothing"),
        (fault("status", 404), "nothing"),
        (fault("status", 408), "nothing"),
        (fault("status", 429), "nothing"),
        (fault("moderation"), "nothing"),
        (fault("redirect", message="http://127.0.0.1/"), "nothing"),
        (fault("error200", 502), "nothing"),
        (fault("endless", 500), "nothing"),
        (fault("html"), "nothing"),  # of a gateway
        (fault("status", 500, usage=USAGE), "usage 7+5"),
        (fault("status", 400, usage=USAGE), "usage 7+5"),
        (fault("error200", 502, usage=USAGE), "usage 7+5"),
        (fault("status", 500, usage={"prompt_tokens": 7}), "usage 7+0"),
        (fault("status", 500, usage={"prompt_tokens": -1}), "nothing"),
        # An answer costs what it says, whatever it is worth.
        (fault("empty"), "usage"),
        (fault("refusal"), "usage"),
        # Sent whole, and no answer, or one that says nothing of what it took: it may have been worked on.
        (fault("hang"), "in full"),
        (fault("drop"), "in full"),
        (fault("cut"), "in full"),
        (fault("malformed"), "in full"),
        (fault("drip", 200), "in full"),
        (fault("drip_head", 200), "in full"),
        (fault("endless", 200), "in full"),
        (fault("bomb", 200), "in full"),
        (fault("lie", 200), "in full"),
    ],
    ids=lambda each: f"{each.kind}-{each.status}{'-usage' if each.usage else ''}" if isinstance(each, Fault) else each,
)
def test_what_a_call_costs_that_brought_nothing(wrong: Fault, cost: str) -> None:
    """The whole table, by what came back after the request was sent."""
    slip = Slip()
    with scripted(Script(text=(wrong,) * 30)) as server:
        asked_of(server.base_url, slip, deadline_seconds=1.0)

    assert slip.lines[0].startswith(cost)
    assert set(slip.lines) == {slip.lines[0]}


@pytest.mark.parametrize("place", [refusing, deaf])
def test_what_was_never_sent_costs_nothing(place: Callable[[], object]) -> None:
    """A refused connection and one that is not taken in time."""
    slip = Slip()
    with place() as base_url:  # type: ignore[attr-defined]
        asked_of(base_url, slip, deadline_seconds=0.5)
    asked_of("http://no-such-host.invalid/v1", slip, deadline_seconds=0.5)

    assert set(slip.lines) == {"nothing"}


def test_a_request_that_did_not_go_out_whole_costs_nothing() -> None:
    """Nobody works on a part of one; 8 MB are more than any buffer on the way takes."""
    from imaginized.providers.openai.client import OpenAITransport
    from imaginized.providers.openai.transport import Dropped, Patience

    with unreading() as base_url:
        transport = OpenAITransport(Endpoint(base_url=base_url, model="m"), beat=lambda: None)
        body = {"model": "m", "messages": [{"role": "user", "content": "x" * 8_000_000}]}
        with pytest.raises(Dropped) as caught:
            transport.chat(body, patience=Patience(silence_seconds=5.0, total_seconds=10.0))

    assert not caught.value.was_sent


def test_29_answers_of_http_500_hold_no_book(tmp_path: Path) -> None:
    """With money for two calls: an outage of 24 tries and then 5 spends nothing, and the answer is paid."""
    budget = Budget(max_usd_per_book=20.0, approve_above_usd=20.0)
    till = make_till(tmp_path, budget=budget)
    manner = Manner(prompts=load_prompts(None, profile="general"), find_quote=find_quote)
    with scripted(Script(text=(fault("status", 500),) * 29)) as server, till.serve(customer(tmp_path)):
        endpoint = Endpoint(base_url=server.base_url, model="dear")
        conditions = unbound.conditions(wait=Waits(), till=till, retry_seconds=0.001)
        provider = OpenAIProvider(endpoint, conditions=conditions, manner=manner)
        with pytest.raises(Unanswered):
            provider.write(text_request())
        reply = provider.write(text_request())

    files = (tmp_path / "a-book" / "data" / "calls").glob("*.json")
    calls = [json.loads(path.read_text()) for path in sorted(files, key=lambda path: int(path.stem))]
    paid = [call["cost_usd"] for call in calls if call["cost_usd"]]
    assert len(reply.scenes) == 3
    assert [call["outcome"] for call in calls] == ["http 500"] * 29 + ["ok"]
    assert len(paid) == 1
    assert spent_by(tmp_path) == paid[0] > CALL_USD


@pytest.mark.parametrize("cost", [float("inf"), float("nan"), -1, True, "1", None])
def test_a_cost_that_is_no_amount_is_not_counted(cost: object) -> None:
    """What an endpoint says it charged is used only where it can be an amount."""
    assert usage_of({"usage": {"cost": cost, "prompt_tokens": 1}}).cost_usd is None
    assert usage_of({"usage": {"cost": 0.25}}).cost_usd == 0.25
