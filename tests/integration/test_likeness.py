"""Sameness from picture to picture: what provider `openai` is sent of style guide, sheets and reference pictures."""

from dataclasses import replace
from pathlib import Path

import pytest

from imaginized.errors import Rejected
from imaginized.money.calls import Call, Usage
from imaginized.providers.api import ImageReply, ImageRequest, Reference
from imaginized.providers.openai.calling import PICTURE_TOKENS, Endpoint
from imaginized.providers.openai.client import Manner, OpenAIProvider
from imaginized.providers.openai.prompt_texts import load_prompts
from imaginized.providers.scripted import Fault, Script, ScriptedServer, scripted, small_jpeg
from imaginized.reading.quotes import find_quote
from tests.integration.test_openai import Waits, image_request
from tests.support import unbound
from tests.support.unbound import NoMemory

JPEG = "ffd8ffe0"
DECLINED = Fault(kind="moderation")


class Scales:
    """A till that remembers the calls, and takes a quarter for each that is charged."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def reserve(self, call: Call) -> "Scales":
        self.calls.append(call)
        return self

    def settle(self, usage: Usage, *, outcome: str) -> float:  # noqa: ARG002
        return 0.25

    def cancel(self, *, outcome: str) -> None:
        """Nothing."""


@pytest.fixture
def portrait(tmp_path: Path) -> Reference:
    path = tmp_path / "anna.jpg"
    path.write_bytes(small_jpeg("anna"))
    return Reference(name="Anna", path=str(path))


def request(*references: Reference) -> ImageRequest:
    return replace(image_request(), style="Genre: sea story\nPalette: teal, gold", references=references)


def draw(
    server: ScriptedServer, asked: ImageRequest, *, memory: NoMemory | None = None, till: Scales | None = None
) -> ImageReply:
    conditions = unbound.conditions(
        wait=Waits(), memory=memory or NoMemory(), till=till or Scales(), retry_seconds=0.01
    )
    manner = Manner(prompts=load_prompts(None, profile="general"), find_quote=find_quote)
    return OpenAIProvider(Endpoint(base_url=server.base_url, model="m"), conditions=conditions, manner=manner).draw(
        asked
    )


def test_the_style_guide_is_in_every_prompt() -> None:
    """What style.md says is what the model is told, in the first prompt and in the softened one."""
    with scripted(Script(image=(DECLINED,))) as server:
        draw(server, request())

    prompts = [str(body["prompt"]) for _, body in server.counts.bodies]
    assert ["Genre: sea story; Palette: teal, gold." in prompt for prompt in prompts] == [True, True]
    assert ["woman A: tall, a red coat" in prompt for prompt in prompts] == [True, True]


def test_a_picture_of_a_character_goes_to_the_path_for_edits(portrait: Reference) -> None:
    """The images endpoint gets the picture as a file, named in the prompt, and its tokens are set aside."""
    till, plain = Scales(), Scales()
    with scripted(Script()) as server:
        reply = draw(server, request(portrait), till=till)
        draw(server, request(), till=plain)

    (_, first), (_, second) = server.counts.bodies
    assert (first["image"], "image" in second) == ([JPEG], False)
    assert "show in this order: woman A." in reply.prompt
    assert PICTURE_TOKENS <= till.calls[0].tokens_in - plain.calls[0].tokens_in < PICTURE_TOKENS + 100


def test_a_chat_that_draws_gets_the_picture_in_its_message(portrait: Reference) -> None:
    """Where images come from a chat, the picture is a part of what the user says."""
    with scripted(Script(image_route="chat", image_as="message")) as server:
        draw(server, request(portrait))

    content = server.counts.bodies[-1][1]["messages"][0]["content"]  # type: ignore[index]
    assert [part["type"] for part in content] == ["text", "image_url"]


def test_an_endpoint_without_references_draws_all_the_same(portrait: Reference) -> None:
    """That it takes none is found out once, and remembered."""
    memory = NoMemory()
    with scripted(Script(takes_references=False)) as server:
        draw(server, request(portrait), memory=memory)
        draw(server, request(portrait), memory=memory)

    assert ["image" in body for _, body in server.counts.bodies] == [True, False, False]


def test_a_persons_picture_that_is_broken_is_said(portrait: Reference) -> None:
    """It is named; one of our own that went is left out."""
    Path(portrait.path).write_bytes(b"\xff\xd8\xff broken")
    with scripted(Script()) as server:
        with pytest.raises(Rejected, match="the picture of Anna in elements/"):
            draw(server, request(replace(portrait, sha256="ab")))
        draw(server, request(portrait))

    assert ["image" in body for _, body in server.counts.bodies] == [False]


def test_an_image_knows_what_it_cost() -> None:
    """All tries are in it: what was charged for a broken answer is the picture's cost, too."""
    with scripted(Script(image=(Fault(kind="malformed"),))) as server:
        reply = draw(server, request())

    assert reply.cost_usd == 0.5
