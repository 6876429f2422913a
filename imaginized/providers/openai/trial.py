"""A trial of one endpoint and model with an invented text: how it wants to be asked, and what its answers say.

It asks through the same provider as a book does, so that what is learned is what a book would have to learn.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from imaginized.errors import Held, ImaginizedError
from imaginized.limits.gate import ASKED, Wait
from imaginized.limits.outages import Miss, Silence
from imaginized.limits.rules import Limits
from imaginized.money.calls import Call, Usage
from imaginized.money.estimating import MOST_ANSWER_TOKENS, MOST_SCENE_TOKENS
from imaginized.providers.api import ImageRequest, Reference, TextRequest
from imaginized.providers.openai.bodies import load_body
from imaginized.providers.openai.calling import Caller, Conditions, Endpoint, Question
from imaginized.providers.openai.client import Manner, OpenAIProvider
from imaginized.providers.openai.failures import Failure
from imaginized.providers.openai.images import as_answer, find_image, kind_of
from imaginized.providers.openai.ladder import Limit, Memory, Way, sizes_in
from imaginized.providers.openai.picture import TOKENS_OUT as PICTURE_TOKENS_OUT
from imaginized.providers.openai.transport import Answer, Body, Dropped, Patience, Transport, Unfit
from imaginized.providers.openai.usage import usage_of
from imaginized.providers.raster import NoImage, size_of
from imaginized.reasons import Code
from imaginized.story.elements import Element, ElementType, Quote, Scene
from imaginized.story.text import ChapterText, Paragraph

TITLE = "The Lamp at Gull Point"
TEXT = (
    "The lamp on Gull Point had burned for a hundred years before Maren Holt came up the stairs to trim it.",
    "She was a tall woman in a green oilskin coat, and her grey dog Pilot followed her on every step.",
    "That night a small red boat ran onto the rocks below the tower, and the sea broke white over its bow.",
    "Maren took the brass lantern from its hook, tied a rope around her waist and climbed down to the water.",
    "By morning three wet sailors slept beside her stove, and the dog lay across the door and kept watch.",
)
LOOKS = "a tall woman in a green oilskin coat, with a brass lantern"
ODD_SIZE = "96x80"  # of no endpoint's list: what refuses it names its sizes, what draws it draws any
COUNTING = "Write the numbers from one to two hundred in words."
SHORT_TOKENS = 16
TOKENS_IN = 4_000  # of the invented text with all that stands around it
PICTURE_TOKENS_IN = 8_000  # of a prompt with one picture
TEXT_CALLS, PICTURE_CALLS = 2, 3
MOST_SIZES = 12
MOST_ENTRIES, DEEPEST = 5_000, 3
LEAST_CONTEXT, LARGEST_CONTEXT = 256, 100_000_000
_OF_CONTEXT = re.compile(r"context|ctx|model_?len|max_?seq|input_?token", re.IGNORECASE)
_CONTEXT_SAID = re.compile(
    r"(?:context[ _](?:length|window|size)|n_ctx|max_?(?:model|seq)_?len)\D{0,30}(\d{3,9})", re.IGNORECASE
)


class Listing(Transport, Protocol):
    """A transport that knows the list of models, too."""

    def models(self, *, timeout_seconds: float) -> Answer:
        """The endpoint's list of models; raises Dropped, Unfit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a trial has found out.

    Attributes:
        way: How it wants to be asked; None where nothing usable came.
        problem: Why the trial did not come to its end, for a person; "" where it did.
        calls: Requests that were sent, those that were refused included.
        is_listed: Whether its list of models has the model; None where there is no such list.
        context_tokens: Of the model; 0 where nobody said.
        usage: What its answers say of what they took: "tokens", "cached tokens", "cost".
        ends: Its words for how an answer ends.
        sizes: The sizes that it names, or "any"; empty where it names none.
        drawn: Pixels of the picture that came ("1536x1024"), and how it came ("png, base64").
        references: Whether pictures can be sent along; None where that was not tried.
    """

    way: Way | None = None
    problem: str = ""
    calls: int = 0
    is_listed: bool | None = None
    context_tokens: int = 0
    usage: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    drawn: str = ""
    form: str = ""
    references: bool | None = None


class Fresh:
    """The ways of one trial, which begins with the best one whatever was learned before."""

    def __init__(self) -> None:
        """Know nothing."""
        self._known: dict[tuple[str, str], Way] = {}

    def recall(self, endpoint: str, model: str) -> Way:
        """What this trial has found."""
        return self._known.get((endpoint, model), Way())

    def remember(self, endpoint: str, model: str, way: Way) -> None:
        """Keep it for this trial."""
        self._known[endpoint, model] = way


class Unkept:
    """Keeps no answer: a trial that is made again asks again."""

    def load(self, asked: str) -> bytes | None:  # noqa: ARG002 - nothing is kept by any name
        """Nothing."""
        return None

    def save(self, asked: str, data: bytes) -> None:
        """Nothing is kept."""


class Unpaced:
    """Lets the few calls of a trial pass, also where a person has been asked to see to the endpoint: that is why."""

    @contextmanager
    def permit(self, key: str, limits: Limits, *, wait: Wait, tokens: int, spacing: str) -> Iterator[None]:  # noqa: ARG002
        """Pass at once."""
        yield

    def missed(self, key: str, miss: Miss) -> bool:  # noqa: ARG002
        """Whether nobody is there: then waiting for somebody teaches nothing."""
        return miss.silence is Silence.UNCONNECTED

    def answered(self, key: str) -> None:
        """Tell nobody."""

    def hold(self, key: str, seconds: float, *, reason: str = ASKED) -> None:
        """The caller itself waits."""

    def slow_down(self, key: str) -> None:
        """Tell nobody."""

    def speed_up(self, key: str) -> None:
        """Tell nobody."""

    def use(self, key: str, tokens: int) -> None:
        """Tell nobody."""

    def pause(self, key: str, reason: str) -> None:
        """The caller itself stops."""

    def learn(self, key: str, headers: Mapping[str, str]) -> None:
        """Tell nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    """A request and its answer, in JSON; None for what was none."""

    body: Body
    status: int
    raw: bytes
    loaded: object
    is_image: bool

    @property
    def has_pictures(self) -> bool:
        """Whether pictures were sent along."""
        return bool(self.body.get("image")) or '"image_url"' in json.dumps(self.body.get("messages") or "")


@dataclass(slots=True)
class Listener:
    """A transport that remembers what came."""

    inner: Listing
    heard: list[_Heard] = field(default_factory=list)

    def chat(self, body: Body, *, patience: Patience) -> Answer:
        """Post a chat completion."""
        return self._note(body, self.inner.chat(body, patience=patience), is_image="modalities" in body)

    def image(self, body: Body, *, patience: Patience) -> Answer:
        """Post an image generation."""
        return self._note(body, self.inner.image(body, patience=patience), is_image=True)

    def knock(self, *, timeout_seconds: float) -> None:
        """Send something that costs nothing."""
        self.inner.knock(timeout_seconds=timeout_seconds)

    def _note(self, body: Body, answer: Answer, *, is_image: bool) -> Answer:
        loaded: object = None
        with suppress(ValueError, RecursionError):
            loaded = as_answer(answer.body) or load_body(answer.body, answer.headers)
        self.heard.append(
            _Heard(body=body, status=answer.status, raw=answer.body[:20_000], loaded=loaded, is_image=is_image)
        )
        return answer


@dataclass(slots=True, kw_only=True)
class Trial:
    """One endpoint and model on trial.

    Attributes:
        folder: Where the picture is kept that is sent along.
    """

    endpoint: Endpoint
    conditions: Conditions
    manner: Manner
    transport: Listing
    folder: Path

    def read(self) -> Tried:
        """Try it with a text: two calls where nothing is refused, and its list of models."""
        listener = Listener(self.transport)
        found = self._listed()
        chapter = ChapterText(number=1, title="The Lamp", paragraphs=tuple(Paragraph(text=line) for line in TEXT))
        try:
            self._provider(listener).write(TextRequest(book_title=TITLE, language="en", chapter=chapter, scenes=1))
        except ImaginizedError as error:
            return self._told(replace(found, problem=_problem(error)), listener)
        with suppress(ImaginizedError):  # one word less is known then
            Caller(listener, self.endpoint, self.conditions).ask(_counting(self.endpoint.model))
        return self._told(replace(found, way=self._way()), listener)

    def draw(self) -> Tried:
        """Try it with a scene: a picture, one of a size that nobody has, and one with a picture sent along."""
        listener = Listener(self.transport)
        found = self._listed()
        try:
            reply = self._provider(listener).draw(_request())
        except ImaginizedError as error:
            return self._told(replace(found, problem=_problem(error)), listener)
        if reply.declined:
            return self._told(replace(found, problem=f"it declined a harmless scene: {reply.declined}"), listener)
        found = replace(found, drawn=_pixels(reply.data), form=_form(listener.heard))
        way = self._way()
        sizes = self._sizes(listener, way=way)
        path = self.folder / "reference.jpg"
        path.write_bytes(reply.data)
        references: bool | None = None
        with suppress(ImaginizedError):  # what it says of its own list is known all the same
            self._provider(listener).draw(_request(Reference(name="Maren Holt", path=str(path))))
            references = listener.heard[-1].has_pictures
        found = replace(found, way=self._way(), sizes=sizes, references=references)
        return self._told(found, listener)

    def _sizes(self, listener: Listener, *, way: Way) -> tuple[str, ...]:
        """The sizes that it names where it is asked for another, or "any" where it draws that."""
        if not way.draws_in_chat and way.sizes:
            with suppress(ImaginizedError):
                answer = Caller(listener, self.endpoint, self.conditions).ask(_odd(self.endpoint.model, self.manner))
                if self._has_size(answer, ODD_SIZE):
                    return ("any",)
        wanted = {ODD_SIZE, *(str(each.body.get("size")) for each in listener.heard)}
        told = [
            size
            for each in listener.heard
            if each.status >= 400
            for size in sizes_in(each.raw.decode(errors="replace"))
        ]
        drawn = [str(each.body["size"]) for each in listener.heard if each.status < 300 and each.body.get("size")]
        return tuple(dict.fromkeys((*drawn[:1], *(size for size in told if size not in wanted))))[:MOST_SIZES]

    def _has_size(self, answer: Mapping[str, object], size: str) -> bool:
        sent = find_image(answer)
        try:
            return sent is not None and _pixels(self.conditions.decode(sent.data)) == size
        except NoImage:
            return False

    def _listed(self) -> Tried:
        """What the list of models says, at no cost."""
        try:
            answer = self.transport.models(timeout_seconds=self.conditions.timeout_seconds)
            entries = _entries(json.loads(answer.body)) if answer.status < 300 else []
        except (Dropped, Unfit, ValueError, RecursionError):
            return Tried()
        if not entries:
            return Tried()
        own = next((entry for entry in entries if _is_named(entry, self.endpoint.model)), None)
        return Tried(is_listed=own is not None, context_tokens=context_of(own) if own else 0)

    def _told(self, found: Tried, listener: Listener) -> Tried:
        heard = listener.heard
        said = [each for each in heard if each.status >= 400]
        words = [int(match[1]) for each in said for match in _CONTEXT_SAID.finditer(each.raw.decode(errors="replace"))]
        context = found.context_tokens or next((count for count in words if _is_context(count)), 0)
        answers = [each.loaded for each in heard if each.status < 300 and isinstance(each.loaded, dict)]
        return replace(
            found,
            calls=len(heard),
            context_tokens=context,
            usage=tuple(dict.fromkeys(name for answer in answers for name in _named(usage_of(answer)))),
            ends=tuple(dict.fromkeys(word for answer in answers for word in _ends(answer))),
        )

    def _provider(self, listener: Listener) -> OpenAIProvider:
        return OpenAIProvider(self.endpoint, conditions=self.conditions, manner=self.manner, transport=listener)

    def _way(self) -> Way:
        return self.conditions.memory.recall(self.endpoint.base_url, self.endpoint.model)


def calls_at_most(endpoint: Endpoint, manner: Manner, *, is_image: bool) -> list[Call]:
    """The calls of a trial that may be charged, as large as they can be."""
    if is_image:
        call = Call(
            kind="image",
            model=endpoint.model,
            endpoint=endpoint.base_url,
            prompt_digest="",
            tokens_in=PICTURE_TOKENS_IN,
            tokens_out_max=PICTURE_TOKENS_OUT,
            images=1,
            quality=str(manner.image_parameters.get("quality") or ""),
        )
        return [call] * PICTURE_CALLS
    call = Call(
        kind="text",
        model=endpoint.model,
        endpoint=endpoint.base_url,
        prompt_digest="",
        tokens_in=TOKENS_IN,
        tokens_out_max=MOST_ANSWER_TOKENS + MOST_SCENE_TOKENS,
    )
    return [call] * TEXT_CALLS


def remember(tried: Tried, endpoint: Endpoint, memory: Memory) -> None:
    """Keep what a trial has found where the daemon's next call looks for it; nothing where nothing usable came."""
    if tried.way is not None:
        way = replace(tried.way, context_tokens=tried.context_tokens)
        memory.remember(endpoint.base_url, endpoint.model, way)


def context_of(entry: Mapping[str, object]) -> int:
    """How many tokens a model holds, by its entry in a list of models: of several numbers the least; 0 for none."""
    found: list[int] = []
    todo: list[tuple[str, object, int]] = [("", entry, 0)]
    while todo and len(todo) < MOST_ENTRIES:
        name, value, depth = todo.pop()
        if isinstance(value, dict) and depth < DEEPEST:
            todo += [(str(key), inner, depth + 1) for key, inner in value.items()]
        elif isinstance(value, int) and _OF_CONTEXT.search(name) and _is_context(value):
            found.append(value)
    return min(found, default=0)


def _is_context(count: int) -> bool:
    return LEAST_CONTEXT <= count <= LARGEST_CONTEXT


def _entries(loaded: object) -> list[Mapping[str, object]]:
    rows = loaded.get("data") or loaded.get("models") if isinstance(loaded, dict) else loaded
    return [row for row in rows[:MOST_ENTRIES] if isinstance(row, dict)] if isinstance(rows, list) else []


def _is_named(entry: Mapping[str, object], model: str) -> bool:
    names = [str(entry.get(key) or "") for key in ("id", "name", "model")]
    return any(model in (name, name.rpartition("/")[2], name.removesuffix(":latest")) for name in names)


def _request(*references: Reference) -> ImageRequest:
    quote = Quote(text=TEXT[3], chapter=1, start=0, page=1)
    scene = Scene(
        chapter=1,
        number=1,
        quote=quote,
        description="A woman with a lantern climbs down wet rocks to a small red boat at night",
        elements=("Maren Holt",),
        pages=(1, 1),
    )
    maren = Element(type=ElementType.CHARACTER, name="Maren Holt", description=LOOKS)
    return ImageRequest(
        book_title=TITLE, chapter_title="The Lamp", scene=scene, elements=(maren,), references=references
    )


def _counting(model: str) -> Question[Mapping[str, object]]:
    """A question whose answer is cut: by which word, it says."""

    def build(way: Way, room: int) -> Body:  # noqa: ARG001 - it is to be too short
        limit = {way.limit.value: SHORT_TOKENS} if way.limit is not Limit.NONE else {}
        return {"model": model, "messages": [{"role": "user", "content": COUNTING}], **limit}

    return Question(
        kind="text",
        about=TITLE,
        asked="counting",
        build=build,
        read=_as_it_is,
        step_down=_no_other_way,
        tokens_out=MOST_ANSWER_TOKENS,  # where the limit is not heeded
    )


def _odd(model: str, manner: Manner) -> Question[Mapping[str, object]]:
    def build(way: Way, room: int) -> Body:  # noqa: ARG001 - an image has no length
        return {**manner.image_parameters, "model": model, "prompt": TEXT[2], "size": ODD_SIZE}

    return Question(
        kind="image",
        about=TITLE,
        asked="odd size",
        build=build,
        read=_as_it_is,
        step_down=_no_other_way,
        tokens_out=PICTURE_TOKENS_OUT,
        images=1,
        quality=str(manner.image_parameters.get("quality") or ""),
    )


def _as_it_is(answer: Mapping[str, object]) -> Mapping[str, object]:
    return answer


def _no_other_way(way: Way, failure: Failure) -> Way | None:  # noqa: ARG001 - the refusal is what is asked for
    return None


def _problem(error: ImaginizedError) -> str:
    if isinstance(error, Held) and error.code is Code.BOOK_BUDGET:
        return "no answer could be used for as much as a trial may cost"
    return str(error)


def _form(heard: Sequence[_Heard]) -> str:
    """How the last picture came: its kind, and as what."""
    loaded = next((each.loaded for each in reversed(heard) if each.is_image and each.status < 300), None)
    sent = find_image(loaded) if isinstance(loaded, dict) else None
    if sent is None:
        return ""
    return f"{kind_of(sent.data)}, within the answer" if sent.data else "a URL to fetch it from"


def _pixels(jpeg: bytes) -> str:
    width, height = size_of(jpeg)
    return f"{width}x{height}"


def _named(usage: Usage) -> Iterator[str]:
    told: dict[str, Callable[[], bool]] = {
        "tokens": lambda: usage.tokens_in is not None or usage.tokens_out is not None,
        "cached tokens": lambda: usage.tokens_cached > 0,
        "cost": lambda: usage.cost_usd is not None,
    }
    return (name for name, is_said in told.items() if is_said())


def _ends(answer: Mapping[str, object]) -> Iterator[str]:
    choices = answer.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    for key in ("finish_reason", "native_finish_reason"):
        word = choice.get(key) if isinstance(choice, dict) else None
        if isinstance(word, str) and word:
            yield word[:40]
