"""Drawing a scene by an image model: asked, softened once if declined, then a plate with the quote in its place."""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from imaginized.errors import Rejected
from imaginized.logs.log import get_log
from imaginized.providers.api import ImageReply, ImageRequest, Reference, told_twin
from imaginized.providers.builtin.plates.declined import set_declined
from imaginized.providers.openai.calling import Caller, Conditions, Endpoint, Question
from imaginized.providers.openai.download import NotFetched, fetch
from imaginized.providers.openai.failures import Declined, Failure
from imaginized.providers.openai.images import Sent, as_answer, find_image, withheld
from imaginized.providers.openai.ladder import Drawing, Way, step_down_image
from imaginized.providers.openai.prompting import Prompts, image_prompt, shorten_prompt
from imaginized.providers.openai.replies import is_refusal
from imaginized.providers.openai.said import Unusable, Why
from imaginized.providers.openai.transport import Body
from imaginized.providers.raster import NoImage, to_reference
from imaginized.reasons import Code

TOKENS_OUT = 8000  # what the largest images of models that count them so take
MOST_REFERENCES = 4
SOFTENED = "softened"
MOST_BREAKS = 3  # in a row of one picture's tries; one may be an endpoint's bad moment
_BREAKS = frozenset((500, 501))
_PIXELS = re.compile(r"[1-9]\d{1,4}x[1-9]\d{1,4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How pictures are asked for.

    Attributes:
        size: As the endpoint names it; "" leaves it to the endpoint.
        parameters: Sent along with every request; what is said by this program goes before.
    """

    size: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)

    @property
    def quality(self) -> str:
        """As the price table knows it; "" where it is not said."""
        return str(self.parameters.get("quality") or "")


_log = get_log()


def paint_scene(
    request: ImageRequest, *, caller: Caller, endpoint: Endpoint, prompts: Prompts, look: Look, conditions: Conditions
) -> ImageReply:
    """Draw a scene; where the model will not, the reply is a plate that says so."""
    before = caller.spent_usd
    told = _told(request, endpoint=endpoint, prompts=prompts, look=look)
    request, pictures = _with_pictures(request)
    paint = partial(_paint, request, caller, endpoint, look, pictures=pictures, conditions=conditions)
    try:
        reply = paint(prompt=image_prompt(request, prompts=prompts), told=told)
    except Declined:
        softened = image_prompt(request, prompts=prompts, softened=True)
        try:
            reply = paint(prompt=softened, told=(*told, SOFTENED))
        except Declined as error:
            reply = set_declined(request, reason=str(error), prompt=softened)
    after = caller.spent_usd
    return replace(reply, cost_usd=None if before is None or after is None else round(after - before, 6))


def _told(request: ImageRequest, *, endpoint: Endpoint, prompts: Prompts, look: Look) -> list[str]:
    # Of the scene its passage alone, and which of the scenes of that it is: chapters get other numbers.
    told = [sent_for(request, endpoint=endpoint, prompts=prompts, look=look), request.scene.quote.text]
    return [*told, *([str(request.asking)] if request.asking else []), *told_twin(request.twin)]


def answer_names(request: ImageRequest, *, endpoint: Endpoint, prompts: Prompts, look: Look) -> tuple[str, ...]:
    """The names by which the answers are kept of which a picture is made."""
    told = _told(request, endpoint=endpoint, prompts=prompts, look=look)
    return (_name(told), _name((*told, SOFTENED)))


def _name(told: Sequence[str]) -> str:
    return hashlib.sha256("\0".join(told).encode()).hexdigest()


def sent_for(request: ImageRequest, *, endpoint: Endpoint, prompts: Prompts, look: Look) -> str:
    """Where a picture is asked for and in which words; of pictures that are sent along, those that a person placed."""
    # Pictures of our own come and go with the scenes that are drawn by then, and the words name them.
    placed = tuple(reference for reference in request.references if reference.sha256)
    words = image_prompt(replace(request, references=placed), prompts=prompts)
    more = (json.dumps(look.parameters, sort_keys=True),) if look.parameters else ()
    return "\0".join((endpoint.base_url, endpoint.model, look.size, words, *(one.sha256 for one in placed), *more))


def _with_pictures(request: ImageRequest) -> tuple[ImageRequest, tuple[str, ...]]:
    """The request with the references that can be sent along, and these as data URIs."""
    pictures = {reference: _picture(reference) for reference in request.references[:MOST_REFERENCES]}
    sent = {reference: picture for reference, picture in pictures.items() if picture}
    return replace(request, references=tuple(sent)), tuple(sent.values())


def _picture(reference: Reference) -> str:
    """A picture as a data URI; "" for one of our own that cannot be read.

    Raises:
        Rejected: A person's cannot.
    """
    try:
        jpeg = to_reference(Path(reference.path).read_bytes())
    except (OSError, NoImage) as error:
        if reference.sha256:
            text = f"the picture of {reference.name} in elements/ cannot be used: {error}"
            advice = "replace or remove it, then retry the chapter"
            raise Rejected(text, code=Code.SHEET_UNUSABLE, advice=advice) from error
        return ""
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"


def _paint(
    request: ImageRequest,
    caller: Caller,
    endpoint: Endpoint,
    look: Look,
    *,
    prompt: str,
    told: Sequence[str],
    pictures: Sequence[str],
    conditions: Conditions,
) -> ImageReply:
    begin = conditions.begin
    question = _question(request, endpoint, prompt=prompt, told=told, look=look, pictures=pictures, begin=begin)

    def whole(sent: Sent) -> bytes:
        if sent.data:
            return conditions.decode(sent.data)
        data = fetch(
            sent.url, endpoint=endpoint.base_url, key=endpoint.key, patience=conditions.patience, beat=conditions.beat
        )
        jpeg = conditions.decode(data)
        # In the place of where it was: it may be gone from there when the answer is all that a power cut has left.
        conditions.archive.save(question.asked, json.dumps(as_answer(jpeg)).encode())
        return jpeg

    try:
        jpeg = caller.use(question, whole)
    except (NotFetched, NoImage) as first:
        if isinstance(first, NotFetched) and not first.is_gone:  # refused, or too large: it would be so again
            raise Rejected(f"{endpoint.model}: {first}", code=Code.ANSWER_UNUSABLE) from first
        _log.warning("error_caught", reason=f"{endpoint.model}: {first}; asking once more")
        try:
            jpeg = caller.use(question, whole)
        except (NotFetched, NoImage) as error:
            raise Rejected(f"{endpoint.model}: {error}", code=Code.ANSWER_UNUSABLE) from error
    alt = request.scene.description or " ".join(request.scene.quote.text.split())
    return ImageReply(data=jpeg, alt=alt, method=endpoint.model, by_model=True, prompt=prompt)


def _question(
    request: ImageRequest,
    endpoint: Endpoint,
    *,
    prompt: str,
    told: Sequence[str],
    look: Look,
    pictures: Sequence[str],
    begin: Callable[[bytes], None],
) -> Question[Sent]:
    def read(answer: Mapping[str, object]) -> Sent:
        sent = _read(answer)
        if sent.data:
            begin(sent.data)
        return sent

    def build(way: Way, room: int) -> Body:  # noqa: ARG001 - an image has no length
        words = shorten_prompt(prompt, way.prompt_characters)
        sent = pictures if way.references else ()
        return {**look.parameters, **_body(words, model=endpoint.model, way=way, size=look.size, pictures=sent)}

    size = look.size
    drawing = Drawing(
        size=size if _PIXELS.fullmatch(size) else "", characters=len(prompt), has_references=bool(pictures)
    )
    return Question(
        kind="image",
        about=f"chapter {request.scene.chapter} of {request.book_title}",
        asked=_name(told),
        build=build,
        read=read,
        step_down=_stepping_down(drawing),
        tokens_out=TOKENS_OUT,
        images=1,
        size=size,
        quality=look.quality,
        pictures=pictures,
    )


def _stepping_down(drawing: Drawing) -> Callable[[Way, Failure], Way | None]:
    """The next way after a failure; pictures sent along are left out where the endpoint breaks at them each time."""
    broken = 0

    def step_down(way: Way, failure: Failure) -> Way | None:
        nonlocal broken
        is_with_pictures = drawing.has_references and way.references
        broken += is_with_pictures and failure.status in _BREAKS
        if is_with_pictures and broken >= MOST_BREAKS:
            return replace(way, references=False)
        return step_down_image(way, failure, drawing=drawing)

    return step_down


def _body(prompt: str, *, model: str, way: Way, size: str, pictures: Sequence[str]) -> Body:
    if way.draws_in_chat:
        shown = [{"type": "image_url", "image_url": {"url": uri}} for uri in pictures]
        content = [{"type": "text", "text": prompt}, *shown] if shown else prompt
        return {"model": model, "messages": [{"role": "user", "content": content}], "modalities": ["image", "text"]}
    # Without "n": some refuse it, and one picture is what all draw who are not told.
    sized = {"size": way.size or size} if size and way.sizes else {}
    return {"model": model, "prompt": prompt, **sized, **({"image": list(pictures)} if pictures else {})}


def _read(answer: Mapping[str, object]) -> Sent:
    """The image of an answer; a refusal in its place is one.

    Raises:
        Unusable: There is no image in it.
    """
    if reason := withheld(answer):
        raise Unusable(reason, why=Why.REFUSED)
    sent = find_image(answer)
    if sent is not None:
        return sent
    choices = answer.get("choices")
    message = (
        choices[0].get("message") if isinstance(choices, list) and choices and isinstance(choices[0], dict) else None
    )
    words = str(message.get("refusal") or message.get("content") or "") if isinstance(message, dict) else ""
    said = " ".join(words.split())[:200]
    if said and (is_refusal(words) or (isinstance(message, dict) and message.get("refusal"))):
        raise Unusable(said, why=Why.REFUSED)
    told = f"it holds words instead of a picture: {said}" if said else f"it holds no picture, only {_named(answer)}"
    raise Unusable(told, why=Why.EMPTY)


def _named(answer: Mapping[str, object]) -> str:
    """What an answer has, in a few words."""
    return ", ".join(str(key)[:40] for key in list(answer)[:6]) or "nothing"
