"""Provider `openai` against two OpenAI-compatible servers that nobody here wrote: llmock and aimock."""

import base64
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from imaginized.clock import SystemClock
from imaginized.errors import Rejected, Retryable
from imaginized.providers.calling import Conditions, Endpoint
from imaginized.providers.openai import Manner, OpenAIProvider
from imaginized.providers.prompting import load_prompts
from imaginized.providers.scripted import small_jpeg
from imaginized.reading.quotes import find_quote
from tests.support import eventually
from tests.test_openai import Waits, chapter, image_request, text_request

PEERS = Path(os.environ.get("IMAGINIZED_PEERS", Path(__file__).parents[1] / ".peers"))


@contextmanager
def serving(command: Sequence[str], *, port: int, environment: dict[str, str] | None = None) -> Iterator[str]:
    """A server's process until the context ends; gives its base URL once it answers."""

    def answers() -> bool:
        with suppress(ConnectionError), socket.create_connection(("127.0.0.1", port), timeout=1.0):
            return True
        assert process.poll() is None, "the server ended"
        return False

    process = subprocess.Popen(
        command, env={**os.environ, **(environment or {})}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        eventually(answers, deadline_seconds=60.0)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def llmock(*options: str) -> Iterator[str]:
    folder = PEERS / "llmock"
    if not (folder / "llmock").is_dir():
        pytest.skip(f"llmock is not in {folder}: run scripts/peers (needs the Python package index)")
    port = free_port()
    command = [sys.executable, "-m", "llmock.cli", "serve", "--port", str(port), *options]
    with serving(command, port=port, environment={"PYTHONPATH": str(folder)}) as base_url:
        yield base_url


@contextmanager
def aimock(fixtures: Path, *options: str) -> Iterator[str]:
    program = PEERS / "node_modules" / ".bin" / "llmock"
    if not program.exists() or shutil.which("node") is None:
        pytest.skip(f"aimock is not in {PEERS}: run scripts/peers (needs npm and its registry)")
    port = free_port()
    command = [str(program), "--port", str(port), "--fixtures", str(fixtures), *options]
    with serving(command, port=port) as base_url:
        yield base_url


def provider(base_url: str, *, wait: Waits | None = None, deadline_seconds: float = 20.0) -> OpenAIProvider:
    conditions = Conditions(
        wait=wait or Waits(), clock=SystemClock(), deadline_seconds=deadline_seconds, retry_seconds=0.01
    )
    manner = Manner(prompts=load_prompts(None, profile="general"), find_quote=find_quote)
    endpoint = Endpoint(base_url=base_url, model="gpt-4o")
    return OpenAIProvider(endpoint, conditions=conditions, manner=manner)


def test_llmock_invents_quotes_and_is_found_out() -> None:
    """Its answers fit the schema, its quotes are from no book: the chapter fails for that reason."""
    with llmock() as base_url, pytest.raises(Rejected, match="invented its quotes"):
        provider(base_url).write(text_request())


def test_llmock_sends_drawings_that_cannot_be_stored() -> None:
    """An SVG in a data URI is refused in so many words."""
    with llmock() as base_url, pytest.raises(Rejected, match="SVG"):
        provider(base_url).draw(image_request())


def test_llmock_enforces_a_quota_that_is_waited_for() -> None:
    """Its 429 names a wait; one that a chapter cannot sit out gives the chapter back with that wait."""
    with llmock("--rpm", "1") as base_url, pytest.raises(Retryable) as caught:
        provider(base_url, deadline_seconds=1.0).write(text_request())

    assert 1.0 <= caught.value.after_seconds <= 61.0


@pytest.fixture
def fixtures(tmp_path: Path) -> Path:
    """Answers for aimock made from the chapter: a real quote for every chat, a small JPEG for every image."""
    quote = chapter().paragraphs[5].text.partition(". ")[0] + "."
    said = {
        "scenes": [{"quote": quote, "description": "d", "mood": "", "lighting": "", "elements": []}],
        "elements": [],
    }
    image = {"b64Json": base64.b64encode(small_jpeg()).decode()}
    loaded = [
        {"match": {"userMessage": "An illustration for a book"}, "response": {"image": image}},
        {"match": {"userMessage": "Choose"}, "response": {"content": json.dumps(said)}},
    ]
    path = tmp_path / "fixtures.json"
    path.write_text(json.dumps({"fixtures": loaded}))
    return path


def test_aimock_answers_a_chapter(fixtures: Path) -> None:
    """A chapter is read through it, its quote verbatim."""
    with aimock(fixtures) as base_url:
        reply = provider(base_url).write(text_request())

    assert [scene.quote.text in chapter().text for scene in reply.scenes] == [True]


def test_aimock_draws_a_scene(fixtures: Path) -> None:
    """An image comes through it."""
    with aimock(fixtures) as base_url:
        reply = provider(base_url).draw(image_request())

    assert reply.data.startswith(b"\xff\xd8\xff")


def test_aimock_in_chaos_is_survived(fixtures: Path) -> None:
    """With errors, broken connections and 429s at random every chapter is read in the end."""
    chaos = ("--chaos-drop", "0.2", "--chaos-disconnect", "0.2", "--chaos-ratelimit", "0.2")
    with aimock(fixtures, *chaos) as base_url:
        replies = [provider(base_url).write(text_request()) for _ in range(5)]

    assert [len(reply.scenes) for reply in replies] == [1] * 5
