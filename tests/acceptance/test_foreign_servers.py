"""Provider `openai` against two OpenAI-compatible servers that nobody here wrote: llmock and aimock."""

import base64
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from imaginized.errors import Rejected, Retryable
from imaginized.providers.openai.calling import Endpoint
from imaginized.providers.openai.client import Manner, OpenAIProvider
from imaginized.providers.openai.prompt_texts import load_prompts
from imaginized.providers.openai.prompting import parts_of
from imaginized.providers.scripted import small_jpeg
from imaginized.reading.book import read_book
from imaginized.reading.quotes import find_quote
from imaginized.stages.records import IllustrationRecord, ScenesRecord
from imaginized.store.records import load
from imaginized.story.text import PARAGRAPH_BREAK, BookText, ChapterText
from tests.integration.test_openai import Waits, chapter, image_request, text_request
from tests.support import unbound
from tests.support.daemons import Daemon, daemon_in
from tests.support.epubs import make_epub
from tests.support.waiting import eventually
from tests.support.webs import free_port

PEERS = Path(os.environ.get("IMAGINIZED_PEERS", Path(__file__).parents[2] / ".peers"))


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
        eventually(answers)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.kill()
        process.wait()


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
    conditions = unbound.conditions(wait=wait or Waits(), deadline_seconds=deadline_seconds, retry_seconds=0.01)
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


def opening_of(chapter: ChapterText) -> str:
    """Words that stand in this chapter only, as the request has them."""
    shown = parts_of(chapter, scenes=1, most_words=1_000_000)[0].text
    return shown[: shown.index(PARAGRAPH_BREAK)][:80]


def answers_from(book: BookText, path: Path) -> Path:
    """Answers for aimock made from the book: for each chapter a sentence of its own, for every image a JPEG."""
    image = {"b64Json": base64.b64encode(small_jpeg()).decode()}
    loaded: list[object] = [{"match": {"userMessage": "An illustration for a book"}, "response": {"image": image}}]
    for read in book.chapters:
        quote = next(found for each in read.paragraphs if (found := re.search(r"[A-Z][^.“”]{40,200}\.", each.text)))
        scene = {"quote": quote[0], "description": "d", "mood": "m", "lighting": "l", "elements": ["Dorothy"]}
        looks = {"type": "character", "name": "Dorothy", "aliases": [], "description": "a girl", "quotes": [quote[0]]}
        said = {"scenes": [scene], "elements": [looks]}
        match = {"userMessage": opening_of(read)}
        loaded.append({"match": match, "response": {"content": json.dumps(said)}})
    path.write_text(json.dumps({"fixtures": loaded}))
    return path


PRICES = """
[[text]]
model = "gpt-4o"
input_usd_per_million = 2.5
output_usd_per_million = 10.0
date = 2026-01-31
[[image]]
model = "gpt-image-1"
usd_per_image = 0.01
date = 2026-01-31
"""


@contextmanager
def running(base_url: str, folder: Path, **options: object) -> Iterator[Daemon]:
    """A daemon whose chapters are read, and where it is said scenes drawn, by the server."""
    settings = {"provider__text": "openai", "openai__base_url": base_url, "openai__text_model": "gpt-4o", **options}
    with daemon_in(folder, **settings) as daemon:  # type: ignore[arg-type]
        yield daemon


def test_a_novel_comes_through_aimock(tmp_path: Path) -> None:
    """The bundled novel, whole: its guide is complete, each quote the book's own characters, each cost recorded."""
    novel = Path(__file__).parents[2] / "imaginized" / "assets" / "wizard-of-oz-se.epub"
    book = read_book(novel, original_name=novel.name)
    (tmp_path / "prices.toml").write_text(PRICES)
    drawing = {"provider__image": "openai", "openai__image_model": "gpt-image-1"}
    budget = {"budget__price_file": str(tmp_path / "prices.toml"), "openai__requests_per_minute": 6000}
    with (
        aimock(answers_from(book, tmp_path / "fixtures.json")) as base_url,
        running(base_url, tmp_path, **drawing, **budget) as daemon,
    ):
        daemon.drop(novel)
        daemon.wait_for_phases("done")
        (folder,) = daemon.library.glob("*/data")
        scenes = [load(path, ScenesRecord) for path in sorted((folder / "scenes").iterdir())]
        pictures = [load(path, IllustrationRecord) for path in sorted((folder / "illustrations").iterdir())]
        calls = [json.loads(path.read_text()) for path in (folder / "calls").iterdir()]
        chapters_md, has_gallery = (folder.parent / "Chapters.md").read_text(), (folder.parent / "index.html").is_file()

    texts = {chapter.number: chapter.text for chapter in book.chapters}
    assert [record.chapter for record in scenes] == [record.chapter for record in pictures] == sorted(texts)
    quotes = [(record.chapter, scene.quote) for record in scenes for scene in record.scenes]
    assert all(texts[number].startswith(quote.text, quote.start) for number, quote in quotes)
    assert all(picture.image and not picture.declined and picture.cost_usd == 0.01 for picture in pictures)
    assert chapters_md.count("images/chapter_") >= len(pictures)
    assert has_gallery
    assert Counter(call["kind"] for call in calls) == {"text": len(texts), "image": len(texts)}
    assert all(call["cost_usd"] > 0 and call["outcome"] == "ok" for call in calls)


def test_a_book_that_llmock_read_fails_visibly(tmp_path: Path) -> None:
    """The quotes it invents are refused: each chapter fails for that reason, none is completed with nothing."""
    with llmock() as base_url, running(base_url, tmp_path) as daemon:
        daemon.drop(make_epub(tmp_path / "b.epub", chapters=3))
        daemon.wait_for(lambda: len(daemon.events("chapter_failed")) == 3, "all chapters fail")
        daemon.wait_for(lambda: daemon.books()[0]["phase"] in ("partial", "failed"), "the book ends")
        (folder,) = daemon.library.glob("*/data")
        shown = daemon.call("status", book=daemon.books()[0]["book"])
        found = list((folder / "scenes").glob("*"))
        reasons = [str(event["reason"]) for event in daemon.events("chapter_failed")]

    assert found == []
    assert ["invented its quotes" in reason for reason in reasons] == [True] * 3
    assert json.dumps(shown).count("invented its quotes") >= 3


def test_aimock_in_chaos_is_survived(fixtures: Path) -> None:
    """With errors, broken connections and 429s at random every chapter is read in the end."""
    chaos = ("--chaos-drop", "0.2", "--chaos-disconnect", "0.2", "--chaos-ratelimit", "0.2")
    with aimock(fixtures, *chaos) as base_url:
        replies = [provider(base_url).write(text_request()) for _ in range(5)]

    assert [len(reply.scenes) for reply in replies] == [1] * 5
