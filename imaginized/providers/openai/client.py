"""Provider `openai`: any OpenAI-compatible endpoint. The only openai import; made in the process that uses it."""

import base64
import json
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol, cast

import openai

# The package imports these at the first call; imported before the fork, they lie on pages that all workers share.
import openai.resources.chat.chat
import openai.resources.images
import openai.resources.models
from openai import OpenAI
from openai.types.chat import ChatCompletionMessageParam

from imaginized.limits.outages import Miss
from imaginized.logs.log import get_log
from imaginized.providers.api import ImageReply, ImageRequest, TextReply, TextRequest
from imaginized.providers.openai.calling import Caller, Conditions, Endpoint
from imaginized.providers.openai.chapter import read_chapter, read_part
from imaginized.providers.openai.download import LARGEST_IMAGE_BYTES
from imaginized.providers.openai.failures import TooLong
from imaginized.providers.openai.picture import Look, answer_names, paint_scene, sent_for
from imaginized.providers.openai.prompt_texts import Prompts
from imaginized.providers.openai.prompting import parts_of
from imaginized.providers.openai.transport import Answer, Body, Patience, Transport
from imaginized.providers.openai.verbatim import FindQuote
from imaginized.providers.openai.wire import Beat, Bounds, Wire

LEAST_PART_WORDS = 200
LARGEST_TEXT_BYTES = 16 * 1024 * 1024
LARGEST_PICTURED_BYTES = LARGEST_IMAGE_BYTES * 4 // 3 + 1024 * 1024  # base64 takes a third more; what stands around it

_log = get_log()


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How chapters are read and scenes drawn.

    Attributes:
        prompts: The texts that models are asked with.
        find_quote: Finds a quote in a chapter's text.
        part_words: Chapters longer than so many words are asked about in parts.
        image_size: As the endpoint names it; "" leaves it to the endpoint.
        text_parameters: Sent along with every text request; what is said by this program goes before.
        image_parameters: Likewise with every image request.
    """

    prompts: Prompts
    find_quote: FindQuote
    part_words: int = 12_000
    image_size: str = "1536x1024"
    text_parameters: Mapping[str, object] = field(default_factory=dict)
    image_parameters: Mapping[str, object] = field(default_factory=dict)


class OpenAIProvider:
    """Reads chapters by a chat model, draws scenes by an image model."""

    def __init__(
        self, endpoint: Endpoint, *, conditions: Conditions, manner: Manner, transport: Transport | None = None
    ) -> None:
        """Make the client. Not to be carried over a fork.

        Args:
            endpoint: Who is asked.
            conditions: What it is made with.
            manner: How.
            transport: Another way to send requests; None for the package's client.
        """
        self._endpoint = endpoint
        self._manner = manner
        self._conditions = conditions
        self._caller = Caller(transport or OpenAITransport(endpoint, beat=conditions.beat), endpoint, conditions)
        self._part_words = manner.part_words

    @property
    def identity(self) -> str:
        """Endpoint, model, prompts and what else makes answers differ."""
        manner = self._manner
        told = f"openai/{self._endpoint.base_url} {self._endpoint.model} {manner.prompts.version} {manner.image_size}"
        more = {**manner.text_parameters, **manner.image_parameters}
        return f"{told} {json.dumps(more, sort_keys=True)}" if more else told

    def knock(self) -> Miss | None:
        """What became of an attempt to connect where it failed; None where somebody is there."""
        return self._caller.knock()

    def write(self, request: TextRequest) -> TextReply:
        """Ask the model about a chapter; quotes that the chapter does not have are asked for again once.

        What does not fit into the model's context is asked about in parts half as long, and so is all that follows.
        """
        while True:
            try:
                return self._read(request)
            except TooLong as error:
                shorter = min(self._most_words, request.chapter.words) // 2
                if shorter < LEAST_PART_WORDS:
                    raise
                self._part_words = shorter
                _log.warning("error_caught", reason=f"{error}; asking in parts of {shorter} words")

    def pieces(self, request: TextRequest) -> int:
        """How many parts the chapter is asked about in."""
        return len(parts_of(request.chapter, scenes=request.scenes, most_words=self._part_words))

    def read_piece(self, request: TextRequest, number: int) -> None:
        """Ask about one of them; its answer is kept, and `write` finds it."""
        parts = parts_of(request.chapter, scenes=request.scenes, most_words=self._part_words)
        read_part(
            request,
            parts[number - 1],
            caller=self._caller,
            endpoint=self._endpoint,
            prompts=self._manner.prompts.for_profile(request.profile),
            find=self._manner.find_quote,
            parameters=self._manner.text_parameters,
        )

    def _read(self, request: TextRequest) -> TextReply:
        return read_chapter(
            request,
            caller=self._caller,
            endpoint=self._endpoint,
            prompts=self._manner.prompts.for_profile(request.profile),
            find=self._manner.find_quote,
            part_words=self._most_words,
            parameters=self._manner.text_parameters,
        )

    @property
    def _most_words(self) -> int:
        """How long a part may be: as is set or was learned, and as the model is known to hold."""
        way = self._conditions.memory.recall(self._endpoint.base_url, self._endpoint.model)
        return min(self._part_words, way.most_words or self._part_words)

    def draw(self, request: ImageRequest) -> ImageReply:
        """Ask the model for an image; one that is declined twice becomes a plate with the quote."""
        return paint_scene(
            request,
            caller=self._caller,
            endpoint=self._endpoint,
            prompts=self._manner.prompts,
            look=self._look,
            conditions=self._conditions,
        )

    def sent_for(self, request: ImageRequest) -> str:
        """Where a picture is asked for and in which words."""
        return sent_for(request, endpoint=self._endpoint, prompts=self._manner.prompts, look=self._look)

    def answer_names(self, request: ImageRequest) -> tuple[str, ...]:
        """By which names what was answered for a picture is kept."""
        return answer_names(request, endpoint=self._endpoint, prompts=self._manner.prompts, look=self._look)

    @property
    def _look(self) -> Look:
        return Look(size=self._manner.image_size, parameters=self._manner.image_parameters)


class OpenAITransport:
    """The package's client, with retries, parsing and waiting left to us."""

    def __init__(self, endpoint: Endpoint, *, beat: Beat) -> None:
        """Open nothing yet; the first request connects. `beat` is called whenever bytes of an answer come."""
        self._wire = Wire(beat=beat)
        # Neither the key nor the book is for whoever the endpoint points to. Proxies are for the wire to choose.
        http = openai.DefaultHttpxClient(follow_redirects=False, transport=self._wire, trust_env=False)
        weakref.finalize(self, http.close)
        self._client = OpenAI(
            # The client insists on a key; endpoints that need none do not look at it.
            api_key=endpoint.key.reveal() if endpoint.key else "none",
            base_url=endpoint.base_url,
            max_retries=0,
            http_client=http,
            timeout=None,  # the wire keeps the time, over the whole of a call
        )

    def chat(self, body: Body, *, patience: Patience) -> Answer:
        """Post a chat completion."""
        messages = cast(list[ChatCompletionMessageParam], body["messages"])
        rest = {name: value for name, value in body.items() if name not in ("model", "messages")}
        create = self._client.chat.completions.with_raw_response.create
        # Some models draw in a chat.
        most = LARGEST_PICTURED_BYTES if "modalities" in body else LARGEST_TEXT_BYTES
        self._wire.expect(Bounds(patience=patience, most_bytes=most))
        return _send(partial(create, model=str(body["model"]), messages=messages, extra_body=rest))

    def image(self, body: Body, *, patience: Patience) -> Answer:
        """Post an image generation; one with pictures goes to the path for edits, as a form."""
        rest = {name: value for name, value in body.items() if name not in ("prompt", "image")}
        images = self._client.images.with_raw_response
        post = partial(images.generate, prompt=str(body["prompt"]), extra_body=rest)
        if pictures := body.get("image"):
            files = [_file(number, str(uri)) for number, uri in enumerate(cast(list[str], pictures), 1)]
            post = partial(images.edit, image=files, prompt=str(body["prompt"]), extra_body=rest)
        self._wire.expect(Bounds(patience=patience, most_bytes=LARGEST_PICTURED_BYTES))
        return _send(post)

    def knock(self, *, timeout_seconds: float) -> None:
        """Ask for the list of models; whatever it says, somebody is there."""
        self.models(timeout_seconds=timeout_seconds)

    def models(self, *, timeout_seconds: float) -> Answer:
        """The endpoint's list of models."""
        patience = Patience(silence_seconds=timeout_seconds, total_seconds=timeout_seconds)
        self._wire.expect(Bounds(patience=patience, most_bytes=LARGEST_TEXT_BYTES))
        return _send(self._client.models.with_raw_response.list)


class _Raw(Protocol):
    """An answer of which nothing is parsed: with an error in the body of an HTTP 200 the package's parser breaks."""

    @property
    def status_code(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def content(self) -> bytes: ...


def _send(post: Callable[[], _Raw]) -> Answer:
    """What was answered; Dropped and Unfit come through the package from the wire as they are."""
    try:
        raw = post()
    except openai.APIStatusError as error:
        return _answer(error.status_code, error.response.headers, error.response.content)
    return _answer(raw.status_code, raw.headers, raw.content)


def _file(number: int, uri: str) -> tuple[str, bytes, str]:
    """A data URI as a file of a form."""
    kind, _, data = uri.removeprefix("data:").partition(";base64,")
    return f"reference-{number}.{kind.rpartition('/')[2]}", base64.b64decode(data), kind


def _answer(status: int, headers: Mapping[str, str], body: bytes) -> Answer:
    return Answer(status=status, headers={name.lower(): value for name, value in headers.items()}, body=body)
