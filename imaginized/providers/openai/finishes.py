"""What an answer of HTTP 200 says that it ended by: every vendor's word for it, as one of ours. Pure."""

import json
from collections.abc import Mapping

from imaginized.providers.openai.errors_said import plain
from imaginized.providers.openai.failures import Failure, Next
from imaginized.providers.openai.said import Why

REPEATING = "repeating"
# By the word in lower case without "_" and "-"; a word that is not here ends an answer as usual.
_CUT = frozenset(
    ("length", "maxtokens", "maxoutputtokens", "maxlength", "modellength", "tokenlimit", "modelcontextwindowexceeded")
)
_DECLINED = frozenset(
    (
        *("contentfilter", "contentfiltered", "safety", "prohibitedcontent", "blocklist", "spii", "refusal"),
        *("guardrail", "guardrailintervened", "imagesafety", "imageprohibitedcontent", "sensitive", "blocked"),
        *("moderation", "language"),
    )
)
_REPEATS_A_TEXT = frozenset(("recitation", "imagerecitation", "copyright"))
_BROKEN = frozenset(("error", "failed", "insufficientsystemresource", "malformedfunctioncall", "networkerror"))


def judge_finish(answer: Mapping[str, object], *, was_repeating: bool) -> Failure | None:
    """What an answer means that ended before it was one; None where it is for its reader.

    Args:
        answer: As it came.
        was_repeating: Whether an answer to the same question was stopped before because it repeats a text.
    """
    choices = answer.get("choices")
    if choices == []:
        return _failure(Next.DECLINED, Why.REFUSED, "it answered with no choice at all, as filters do")
    choice = _choice(choices)
    error = choice.get("error")
    if isinstance(error, dict):
        words = plain(str(error.get("message") or "no reason given"))
        return Failure(next=Next.RETRY, code=str(error.get("code") or "error"), words=f"upstream: {words}")
    told = [str(choice.get(key) or "") for key in ("native_finish_reason", "finish_reason")]
    kinds = [word.lower().replace("_", "").replace("-", "") for word in told]
    for word, kind in zip(told, kinds, strict=True):
        if kind in _REPEATS_A_TEXT:
            what = Next.DECLINED if was_repeating else Next.RETRY
            return _failure(what, REPEATING, f"the answer was stopped: {word}")
        if kind in _DECLINED and not _content(choice):
            return _failure(Next.DECLINED, Why.REFUSED, f"the answer was stopped: {word}")
        if kind in _BROKEN and not _content(choice):
            return Failure(next=Next.RETRY, code=word, words=f"the answer ended by {word}")
    return None


def in_our_words(answer: Mapping[str, object]) -> Mapping[str, object]:
    """The answer with the end that readers know, and with the text in its place where it stands among the thoughts."""
    choice = _choice(answer.get("choices"))
    message = choice.get("message")
    if not isinstance(message, dict):
        return answer
    kind = str(choice.get("finish_reason") or "").lower().replace("_", "").replace("-", "")
    changed = dict(choice)
    if kind in _CUT:
        changed["finish_reason"] = "length"
    elif kind in _DECLINED:
        changed["finish_reason"] = "content_filter"
    thoughts = message.get("reasoning_content") or message.get("reasoning")
    called = _arguments(message.get("tool_calls"))
    if not _content(choice) and called:
        changed["message"] = {**message, "content": called}
    elif not _content(choice) and isinstance(thoughts, str) and "{" in thoughts and kind not in _CUT:
        changed["message"] = {**message, "content": thoughts}
    choices = answer["choices"]
    assert isinstance(choices, list)
    return answer if changed == choice else {**answer, "choices": [changed, *choices[1:]]}


def _arguments(calls: object) -> str:
    """What a model fills into a form that nobody offered it: the answer, put as a call."""
    call = calls[0] if isinstance(calls, list) and calls else None
    function = call.get("function") if isinstance(call, dict) else None
    told = function.get("arguments") if isinstance(function, dict) else None
    return told if isinstance(told, str) else json.dumps(told) if isinstance(told, dict) else ""


def _failure(what: Next, code: str, words: str) -> Failure:
    return Failure(next=what, code=str(code), words=words, was_charged=True)


def _choice(choices: object) -> Mapping[str, object]:
    first = choices[0] if isinstance(choices, list) and choices else None
    return first if isinstance(first, dict) else {}


def _content(choice: Mapping[str, object]) -> bool:
    message = choice.get("message")
    return isinstance(message, dict) and bool(message.get("content") or message.get("refusal") or message.get("images"))
