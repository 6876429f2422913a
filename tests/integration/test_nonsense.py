"""Answers with nonsense in them: each costs its own call at the most, and no worker, no cap and no key."""

import json
import socket
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from imaginized.clock import SystemClock
from imaginized.errors import Retryable, Unreachable
from imaginized.money.calls import Usage
from imaginized.providers.keys import Key
from imaginized.providers.openai.calling import Endpoint
from imaginized.providers.openai.client import Manner, OpenAIProvider
from imaginized.providers.openai.failures import LONGEST_AFTER_SECONDS, judge, retry_after
from imaginized.providers.openai.images import find_image
from imaginized.providers.openai.prompt_texts import load_prompts
from imaginized.providers.openai.replies import read_reply
from imaginized.providers.openai.said import Unusable
from imaginized.providers.openai.usage import usage_of
from imaginized.providers.scripted import Fault, Script, scripted
from imaginized.reading.quotes import find_quote
from imaginized.settings.model import Budget
from tests.integration.test_openai import Waits, text_request
from tests.support import unbound
from tests.support.paying import CALL, customer, make_till

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SECRET = "sk-canary-8d21c0ffee"


@pytest.mark.parametrize(
    "text",
    ["9" * 400 + "s", "9" * 9, "Mon, 01 Jan 99999999999999999999 00:00:00 GMT", "Mon, 01 Jan 9999 00:00:00 GMT"],
)
def test_a_retry_after_without_measure_is_bounded_or_none(text: str) -> None:
    """Whoever waits for it waits a week at the most, and no clock overflows."""
    seconds = retry_after({"retry-after": text}, now=NOW)

    assert seconds is None or 0 <= seconds <= LONGEST_AFTER_SECONDS


def test_a_code_of_thousands_of_digits_is_an_error_like_others() -> None:
    """It is no status; Python refuses to make a number of it."""
    failure = judge(400, json.dumps({"error": {"code": "4" * 5000, "message": "no"}}).encode(), {}, now=NOW)

    assert (failure.status, failure.words) == (400, "no")


@pytest.mark.parametrize(
    "usage", [{"prompt_tokens": 10**30}, {"cost": 1e300}, {"prompt_tokens": 10**400}, {"cost": True}]
)
def test_numbers_that_no_call_takes_are_not_said(usage: dict[str, object]) -> None:
    """The call is booked as if nothing had been said."""
    assert usage_of({"usage": usage}) == Usage()


def test_a_cost_far_beyond_the_worst_is_booked_as_the_worst(tmp_path: Path) -> None:
    """One answer stops no other book, and what a person approves stays a sum that means something."""
    till = make_till(tmp_path, budget=Budget(max_usd_per_book=10, approve_above_usd=10), clock=SystemClock())
    with till.serve(customer(tmp_path)):
        cost = till.reserve(CALL).settle(Usage(tokens_in=90_000_000, tokens_out=1), outcome="ok")

    assert cost == pytest.approx(0.05)


def test_a_redirect_s_place_is_cut_and_has_no_key() -> None:
    """Its words end in guides and logs, as all of an error's do."""
    key = Key(SECRET, origin="http://127.0.0.1:80")
    place = f"http://x/?k={SECRET}{'/' * 5000}"
    failure = judge(307, b"", {"location": key.hide(place)}, now=NOW)

    assert len(failure.words) < 500
    assert SECRET not in failure.words


def test_a_key_in_a_long_run_of_letters_is_hidden_where_it_stands_alone() -> None:
    """Length makes no text a picture; within the letters of one a key is there by chance."""
    key = Key(SECRET, origin="http://127.0.0.1:80")
    alone, within = f"{'/' * 9000}{SECRET}{'=' * 9000}", f"{'A' * 9000}{SECRET}{'A' * 9000}"

    assert SECRET not in key.hide(alone)
    assert key.hide(within) == within


@pytest.mark.parametrize("text", ["![" * 400_000, "<think>" * 200_000, "<think><reasoning>" * 100_000 + "</x>"])
def test_text_of_a_model_is_read_in_one_pass(text: str) -> None:
    """Half a megabyte that a pattern could go over again and again takes a moment of processor time."""
    before = time.process_time()
    find_image({"choices": [{"message": {"content": text}}]})
    with pytest.raises(Unusable):
        read_reply(text)

    assert time.process_time() - before < 5.0


def provider_at(base_url: str, *, timeout_seconds: float, deadline_seconds: float) -> OpenAIProvider:
    conditions = unbound.conditions(wait=Waits(), timeout_seconds=timeout_seconds, deadline_seconds=deadline_seconds)
    manner = Manner(prompts=load_prompts(None, profile="general"), find_quote=find_quote)
    return OpenAIProvider(Endpoint(base_url=base_url, model="m"), conditions=conditions, manner=manner)


def test_a_long_retry_after_of_a_broken_endpoint_uses_no_attempt() -> None:
    """An hour of maintenance is no fault of a chapter: it is given back, and tried again soon."""
    broken = Fault(kind="status", status=503, retry_after="3600")
    with scripted(Script(text=[broken])) as server, pytest.raises(Retryable) as caught:
        provider_at(server.base_url, timeout_seconds=5, deadline_seconds=10).write(text_request())

    assert caught.value.after_seconds <= 60


def test_one_chapter_that_meets_silence_is_not_to_blame() -> None:
    """An endpoint that takes connections and answers nothing, not even which models it has, is out for all."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        base_url = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        with pytest.raises(Unreachable):
            provider_at(base_url, timeout_seconds=0.2, deadline_seconds=0.5).write(text_request())
