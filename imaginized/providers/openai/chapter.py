"""Reading a chapter by a chat model: asked whole or in parts, checked against the book, asked again once."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import zip_longest

from imaginized.errors import Held, Paused, Rejected, Retryable, Unanswered
from imaginized.logs.log import get_log
from imaginized.money.estimating import MOST_ANSWER_TOKENS, MOST_SCENE_TOKENS
from imaginized.providers.api import TextReply, TextRequest
from imaginized.providers.openai.calling import Caller, Endpoint, Question
from imaginized.providers.openai.failures import Declined
from imaginized.providers.openai.ladder import Limit, Rung, Way, step_down
from imaginized.providers.openai.prompt_texts import Prompts
from imaginized.providers.openai.prompting import Part, chapter_prompt, parts_of, schema, system_prompt
from imaginized.providers.openai.replies import read_reply
from imaginized.providers.openai.said import NoScene, Said, SaidScene, Unusable, Why
from imaginized.providers.openai.signs import with_signs
from imaginized.providers.openai.spread import Missing, in_turn, is_narrow, missing_of
from imaginized.providers.openai.transport import Body
from imaginized.providers.openai.verbatim import Checked, FindQuote, check_quotes, choose
from imaginized.reasons import Code
from imaginized.story.elements import Element, Scene
from imaginized.story.merging import merge_elements

MAY_BE_BARE = 100  # words of a part up to which "no scene" is an answer: a note of the author, a motto

_log = get_log()


def read_chapter(
    request: TextRequest,
    *,
    caller: Caller,
    endpoint: Endpoint,
    prompts: Prompts,
    find: FindQuote,
    part_words: int,
    parameters: Mapping[str, object],
) -> TextReply:
    """Ask about a chapter; every quote of the result is the chapter's own.

    Raises:
        Rejected: None of the scenes is from the chapter.
    """
    asked: list[Question[Said]] = []
    build = partial(_question, request, endpoint=endpoint, prompts=prompts, parameters=parameters)

    def ask(part: Part, *, invented: Sequence[SaidScene] = (), missing: Missing | None = None) -> Checked:
        question = build(part, invented, missing=missing)
        asked.append(question)
        return caller.use(question, partial(check_quotes, chapter=request.chapter, find=find))

    parts = parts_of(request.chapter, scenes=request.scenes, most_words=part_words)
    answers, dropped = _ask_all(parts, ask)
    found = _take_turns([answer.scenes for answer in answers], most=request.scenes)
    scenes = choose(found, most=request.scenes)
    if not scenes and dropped:
        for question in asked:
            caller.disown(question)
        raise _invented(endpoint.model, dropped)
    if len(answers) == 1 and _is_narrow(scenes, request):  # one call more at the most
        more = _ask_elsewhere(partial(ask, parts[0]), scenes, request)
        answers.append(more)
        scenes = choose(in_turn(scenes, more.scenes, wanted=request.scenes), most=request.scenes)
    return TextReply(
        scenes=scenes,
        elements=with_signs(_elements(answers), request),
        method=endpoint.model,
        by_model=True,
        invented=dropped,
        is_narrow=_is_narrow(scenes, request),
    )


def _invented(model: str, dropped: int) -> Rejected:
    return Rejected(
        f"{model} invented its quotes: none of the {dropped} it gave, asked twice, is in the chapter",
        code=Code.QUOTES_INVENTED,
        advice="set another openai.text_model, then retry",
    )


def _elements(answers: Sequence[Checked]) -> tuple[Element, ...]:
    return merge_elements([answer.elements for answer in answers]) if len(answers) > 1 else answers[0].elements


def _ask_all(parts: Sequence[Part], ask: Callable[..., Checked]) -> tuple[list[Checked], int]:
    """An answer about each part, with what a second one adds; and how many scenes were dropped as invented."""
    answers: list[Checked] = []
    dropped = 0
    for part in parts:
        first = ask(part)
        answers.append(first)
        if first.invented:
            again = _ask_again(partial(ask, part, invented=first.invented))
            answers.append(again)
            dropped += max(len(first.invented) - len(again.scenes), 0)
    return answers, dropped


def _is_narrow(scenes: Sequence[Scene], request: TextRequest) -> bool:
    return is_narrow(scenes, text=request.chapter.text, wanted=request.scenes)


def _ask_elsewhere(ask: Callable[..., Checked], scenes: Sequence[Scene], request: TextRequest) -> Checked:
    """Scenes from where the first answer has none; nothing where that may not be paid, or brings nothing."""
    missing = missing_of(scenes, text=request.chapter.text, wanted=request.scenes)
    try:
        return ask(missing=missing)
    # What was answered first is an answer, and was paid: no cap and no trouble with a better one holds it up.
    except (Unanswered, Declined, Rejected, Held, Retryable, Paused) as error:
        _log.warning("error_caught", reason=f"the scenes stay in one part of the chapter: {error}")
        return Checked()


def read_part(
    request: TextRequest,
    part: Part,
    *,
    caller: Caller,
    endpoint: Endpoint,
    prompts: Prompts,
    find: FindQuote,
    parameters: Mapping[str, object],
) -> None:
    """Ask about one part of a chapter, as `read_chapter` does, so that it finds the answers."""

    def ask(part: Part, *, invented: Sequence[SaidScene] = ()) -> Checked:
        question = _question(
            request, part, invented, missing=None, endpoint=endpoint, prompts=prompts, parameters=parameters
        )
        return caller.use(question, partial(check_quotes, chapter=request.chapter, find=find))

    _ask_all([part], ask)


def _ask_again(ask: Callable[[], Checked]) -> Checked:
    """What a second answer adds; where it is none, the first one stands as it is."""
    try:
        return ask()
    except (Unanswered, Declined):
        return Checked()


def _take_turns(found: Sequence[Sequence[Scene]], *, most: int) -> list[Scene]:
    """The first scene of each answer, then the second of each, and so on: every part gets its share.

    Of a turn with more scenes than there is room for, those come first that are spread over all of it.
    """
    taken: list[Scene] = []
    for turn in zip_longest(*found):
        scenes = [scene for scene in turn if scene is not None]
        room = max(most - len(taken), 1)
        step = max(len(scenes) / room, 1.0)
        spread = [scenes[int((place + 0.5) * step)] for place in range(min(room, len(scenes)))]
        taken += [*spread, *(scene for scene in scenes if scene not in spread)]
    return taken


def _question(
    request: TextRequest,
    part: Part,
    invented: Sequence[SaidScene],
    *,
    missing: Missing | None,
    endpoint: Endpoint,
    prompts: Prompts,
    parameters: Mapping[str, object],
) -> Question[Said]:
    tokens = MOST_ANSWER_TOKENS + MOST_SCENE_TOKENS * part.scenes
    system = system_prompt(prompts)
    user = chapter_prompt(prompts, request, part=part, invented=invented, missing=missing)

    def build(way: Way, room: int) -> Body:
        return {**parameters, **_body(system, user, model=endpoint.model, way=way, tokens=tokens * room)}

    # Without the names of other chapters: of a part that is asked about again after a kill there may be more of them.
    told = [endpoint.base_url, endpoint.model, prompts.version, request.book_title, request.chapter.title, part.text]
    told += [str(part.scenes), request.language, *(str(scene) for scene in invented)]
    told += [f"missing {missing}"] if missing is not None else []
    told += [json.dumps(parameters, sort_keys=True)] if parameters else []
    told += [str(request.asking)] if request.asking else []
    return Question(
        kind="text",
        about=f"chapter {request.chapter.number} of {request.book_title}",
        asked=hashlib.sha256("\0".join(told).encode()).hexdigest(),
        build=build,
        read=read_chat if part.words > MAY_BE_BARE else _read_bare,
        step_down=step_down,
        tokens_out=tokens,
        most_unusable=1 if missing is not None else 0,
    )


def _body(system: str, user: str, *, model: str, way: Way, tokens: int) -> Body:
    body: dict[str, object] = {
        "model": model,
        "messages": [{"role": "system", "content": system}, {"role": "user", "content": user}],
    }
    if way.limit is not Limit.NONE:
        body[way.limit.value] = tokens
    if way.rung is Rung.SCHEMA:
        told = {"name": "scenes_and_elements", "strict": True, "schema": schema(bounded=way.bounded)}
        body["response_format"] = {"type": "json_schema", "json_schema": told}
    elif way.rung is Rung.OBJECT:
        body["response_format"] = {"type": "json_object"}
    return body


def _read_bare(answer: Mapping[str, object]) -> Said:
    try:
        return read_chat(answer)
    except NoScene:
        return Said(scenes=())


def read_chat(answer: Mapping[str, object]) -> Said:
    """The scenes and elements of a chat completion.

    Raises:
        Unusable: There is none in it; says why.
    """
    choices = answer.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        raise Unusable("the answer is not a chat completion", why=Why.UNREADABLE)
    content = message.get("content")
    if isinstance(content, list):
        content = "".join(str(part.get("text") or "") for part in content if isinstance(part, dict))
    return read_reply(
        content if isinstance(content, str) else None,
        finish_reason=str(choice.get("finish_reason") or ""),
        refusal=str(message.get("refusal") or ""),
    )
