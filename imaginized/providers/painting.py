"""Drawing a scene by an image model: asked, softened once if declined, then a plate with the quote in its place."""

import hashlib
from collections.abc import Mapping

from imaginized.errors import Rejected
from imaginized.providers.api import ImageReply, ImageRequest
from imaginized.providers.builtin.plates.declined import set_declined
from imaginized.providers.calling import Body, Caller, Endpoint, Question
from imaginized.providers.download import NotFetched, fetch
from imaginized.providers.failures import Declined
from imaginized.providers.images import Sent, find_image
from imaginized.providers.ladder import Way, step_down_image
from imaginized.providers.prompting import Prompts, image_prompt
from imaginized.providers.raster import NoImage, to_jpeg
from imaginized.providers.replies import Unusable, Why

TOKENS_OUT = 8000  # what the largest images of models that count them so take


def paint_scene(
    request: ImageRequest, *, caller: Caller, endpoint: Endpoint, prompts: Prompts, size: str, timeout_seconds: float
) -> ImageReply:
    """Draw a scene; where the model will not, the reply is a plate that says so."""
    try:
        return _paint(
            request, caller, endpoint, size, prompt=image_prompt(request, prompts=prompts), timeout=timeout_seconds
        )
    except Declined:
        softened = image_prompt(request, prompts=prompts, softened=True)
    try:
        return _paint(request, caller, endpoint, size, prompt=softened, timeout=timeout_seconds)
    except Declined as error:
        return set_declined(request, reason=str(error), prompt=softened)


def _paint(
    request: ImageRequest, caller: Caller, endpoint: Endpoint, size: str, *, prompt: str, timeout: float
) -> ImageReply:
    sent = caller.ask(_question(request, endpoint, prompt=prompt, size=size))
    try:
        data = sent.data or fetch(sent.url, key=endpoint.key, timeout_seconds=timeout)
        jpeg = to_jpeg(data)
    except (NotFetched, NoImage) as error:
        raise Rejected(f"{endpoint.model}: {error}") from error
    alt = request.scene.description or " ".join(request.scene.quote.text.split())
    return ImageReply(data=jpeg, alt=alt, method=endpoint.model, prompt=prompt)


def _question(request: ImageRequest, endpoint: Endpoint, *, prompt: str, size: str) -> Question[Sent]:
    def build(way: Way, room: int) -> Body:  # noqa: ARG001 - an image has no length
        return _body(prompt, model=endpoint.model, way=way, size=size)

    told = (endpoint.base_url, endpoint.model, size, request.book_title, prompt, str(request.scene))
    return Question(
        kind="image",
        about=f"chapter {request.scene.chapter} of {request.book_title}",
        asked=hashlib.sha256("\0".join(told).encode()).hexdigest(),
        build=build,
        read=_read,
        step_down=step_down_image,
        tokens_out=TOKENS_OUT,
        images=1,
        size=size,
    )


def _body(prompt: str, *, model: str, way: Way, size: str) -> Body:
    if way.draws_in_chat:
        messages = [{"role": "user", "content": prompt}]
        return {"model": model, "messages": messages, "modalities": ["image", "text"]}
    return {"model": model, "prompt": prompt, "n": 1, **({"size": size} if size and way.sizes else {})}


def _read(answer: Mapping[str, object]) -> Sent:
    """The image of an answer; a refusal in its place is one.

    Raises:
        Unusable: There is no image in it.
    """
    sent = find_image(answer)
    if sent is not None:
        return sent
    choices = answer.get("choices")
    message = (
        choices[0].get("message") if isinstance(choices, list) and choices and isinstance(choices[0], dict) else None
    )
    words = str(message.get("refusal") or message.get("content") or "") if isinstance(message, dict) else ""
    if words:
        raise Unusable(" ".join(words.split())[:200], why=Why.REFUSED)
    raise Unusable("the answer holds no image", why=Why.EMPTY)
