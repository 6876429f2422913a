"""A key is hidden in words for people and in what is kept, never in a picture, and no other word is taken for one."""

import base64
import json

import pytest

from imaginized.errors import ImaginizedError
from imaginized.providers.keys import Key, origin_of
from imaginized.providers.openai.calling import Endpoint
from imaginized.providers.openai.client import Manner, OpenAIProvider
from imaginized.providers.openai.prompt_texts import load_prompts
from imaginized.providers.scripted import Fault, Script, ScriptedServer, scripted, small_jpeg
from imaginized.reading.quotes import find_quote
from tests.integration.test_openai import Shelf, Waits, image_request, text_request
from tests.support import unbound

SECRET = "sk-canary+3f9c/2a81"
DUMMIES = ("none", "x", "e", "9j", "json", "EMPTY", "ollama", "lm-studio", "not-needed", "placeholder", "description")


def asking(server: ScriptedServer, *, key: str, shelf: Shelf | None = None) -> OpenAIProvider:
    conditions = unbound.conditions(wait=Waits(), archive=Shelf() if shelf is None else shelf, retry_seconds=0.01)
    manner = Manner(prompts=load_prompts(None, profile="general"), find_quote=find_quote)
    endpoint = Endpoint(base_url=server.base_url, model="m", key=Key(key, origin=origin_of(server.base_url)))
    return OpenAIProvider(endpoint, conditions=conditions, manner=manner)


@pytest.mark.parametrize("key", [*DUMMIES, "/9j/4AAQSkZJRgABAQ1", base64.b64encode(small_jpeg("x")).decode()[40:60]])
@pytest.mark.parametrize(("route", "shape"), [("images", "b64_json"), ("images", "data_uri"), ("chat", "markdown")])
def test_no_key_is_replaced_inside_a_picture(key: str, route: str, shape: str) -> None:
    """However short or silly, and though its characters stand in the picture's: one call, and the picture as it was."""
    shelf = Shelf()
    with scripted(Script(image_route=route, image_as=shape)) as server:
        asking(server, key=key, shelf=shelf).draw(image_request())
        reply = asking(server, key="sk-another-0123456789", shelf=shelf).draw(image_request())  # out of what was kept
        plain = asking(server, key="other", shelf=Shelf()).draw(image_request())

    (kept,) = shelf.values()
    assert b"[key]" not in kept
    assert reply.data == plain.data
    assert server.counts.requests["image"] - server.counts.failed["image"] == 2


@pytest.mark.parametrize("key", DUMMIES)
def test_a_dummy_key_is_a_word_like_others(key: str) -> None:
    """Neither an answer nor a reason is garbled for it."""
    words = f"the {key} server has no model {key}: description none e x"
    with scripted(Script(text=(Fault(kind="noted", message=words),))) as server:
        reply = asking(server, key=key).write(text_request())
    with (
        scripted(Script(text=(Fault(kind="status", status=404, message=words),))) as server,
        pytest.raises(ImaginizedError) as caught,
    ):
        asking(server, key=key).write(text_request())

    assert reply.scenes[0].mood == words
    assert words in str(caught.value)


def coded(text: str) -> list[str]:
    plain = base64.b64encode(text.encode()).decode()
    return [text, text.upper(), plain, plain.rstrip("="), text.encode().hex(), "sk-canary%2B3f9c%2F2a81"]


@pytest.mark.parametrize("form", coded(SECRET))
def test_a_key_in_an_answer_is_neither_used_nor_kept(form: str) -> None:
    """As it is and in the usual codings: the scenes and the kept answer have "[key]" in its place."""
    shelf = Shelf()
    with scripted(Script(text=(Fault(kind="noted", message=f"calm ({form}), at dusk"),))) as server:
        reply = asking(server, key=SECRET, shelf=shelf).write(text_request())

    (kept,) = shelf.values()
    assert reply.scenes[0].mood.startswith("calm ([key]")
    assert form.encode() not in kept and form not in json.dumps(json.loads(kept), ensure_ascii=False)


@pytest.mark.parametrize("form", coded(SECRET))
@pytest.mark.parametrize("kind", ["status", "error200", "redirect"])
def test_a_key_in_an_error_is_not_shown(form: str, kind: str) -> None:
    """Nor where the words are cut short in its middle, nor in the place that a redirect names."""
    words = f"{'w ' * 144}{form}" if kind != "redirect" else f"http://127.0.0.1/?key={form}"
    with (
        scripted(Script(text=(Fault(kind=kind, status=404, message=words),))) as server,
        pytest.raises(ImaginizedError) as caught,
    ):
        asking(server, key=SECRET).write(text_request())

    assert form not in str(caught.value)
    assert form[:10] not in str(caught.value)


def test_words_that_only_hold_a_key_are_left() -> None:
    """A longer word is another word; a key that stands alone is hidden, however long the run of signs around it."""
    key = Key("abcd1234", origin="http://a:1")
    long = f"{'/' * 5000}abcd1234{'+' * 5000}"

    assert key.hide("abcd1234 xabcd1234 abcd12345 (abcd1234) key=abcd1234,") == (
        "[key] xabcd1234 abcd12345 ([key]) key=[key],"
    )
    assert "abcd1234" not in key.hide(long)
    assert key.hide_in({"abcd1234": ["abcd1234", 1, None]}) == {"[key]": ["[key]", 1, None]}
