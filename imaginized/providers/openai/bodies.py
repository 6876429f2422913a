"""What stands in the bytes of an answer: JSON, however it is wrapped; and whether all that was sent was read. Pure."""

import json
import re
from collections.abc import Iterator, Mapping

from imaginized.money.calls import Usage

MOST_CHARACTERS_PER_TOKEN = 8  # of any language; a prompt that counts fewer tokens was not read whole
LEAST_CONTEXT_TOKENS = 1_000  # fewer are no count of what was read, as from servers that only pretend
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_EVENT = re.compile(r"^data:[ \t]*(.*)$", re.MULTILINE)
_COMMENTS = re.compile(r"\A(?:\s*:[^\n]*(?:\n|\Z))+")


def load_body(body: bytes, headers: Mapping[str, str]) -> object:
    """What an answer says; None where it is no JSON.

    It may come in the charset that its header declares, behind lines of comment that keep a connection open, or as a
    stream of events though nobody asked for one.
    """
    try:
        return as_chat(json.loads(body))
    except (ValueError, RecursionError):
        text = _text(body, headers)
    text = _COMMENTS.sub("", text)
    try:
        return as_chat(json.loads(text))
    except (ValueError, RecursionError):
        return _joined(text) if _EVENT.search(text) else None


def as_chat(loaded: object) -> object:
    """The same; an answer of another interface that a proxy passes on as it is has choices, too.

    One whose only choice is a message, or its text, that stands alone; what it took may have names of its own.
    """
    if not isinstance(loaded, dict) or loaded.get("error"):
        return loaded
    choice = _first(loaded.get("choices"))
    if loaded.get("choices"):
        text = choice.get("text")
        is_bare = isinstance(text, str) and not choice.get("message")
        return {**loaded, "choices": [{**choice, "message": {"content": text}}]} if is_bare else loaded
    outer = _first(loaded.get("candidates")) or loaded
    message = outer.get("message") or outer.get("content") or outer.get("output")
    words = _words_in(message)
    if not words:
        return loaded
    ends = ("finish_reason", "finishReason", "stop_reason", "done_reason")
    finish = next((str(outer[key]) for key in ends if outer.get(key)), "stop")
    message = {"role": "assistant", "content": words}
    choices = [{"index": 0, "finish_reason": finish, "message": message}]
    return {**loaded, "usage": loaded.get("usage") or _counts(loaded), "choices": choices}


def _words_in(message: object) -> str:
    """The text of a message: its content, or the parts of that which are told aloud."""
    if isinstance(message, dict):
        content = message.get("content") or message.get("parts")
        return content if isinstance(content, str) else _words_in(content)
    if not isinstance(message, list):
        return ""
    parts = [part for part in message if isinstance(part, dict) and not part.get("thought")]
    return "".join(text if isinstance(text := part.get("text"), str) else _words_in(part) for part in parts)


def _counts(loaded: Mapping[str, object]) -> object:
    told = loaded.get("usageMetadata")
    counts = told if isinstance(told, dict) else loaded
    names = {"prompt_tokens": ("prompt_eval_count", "promptTokenCount")}
    names["completion_tokens"] = ("eval_count", "candidatesTokenCount")
    found = {ours: next((counts[key] for key in keys if key in counts), None) for ours, keys in names.items()}
    return {ours: count for ours, count in found.items() if count is not None} or None


def _text(body: bytes, headers: Mapping[str, str]) -> str:
    declared = _CHARSET.search(headers.get("content-type", ""))
    try:
        return body.decode(declared[1] if declared else "utf-8-sig")
    except (LookupError, ValueError):
        return body.decode("utf-8", "replace")


def _joined(text: str) -> object:
    """The one answer that a stream of events tells in pieces."""
    content: dict[str, list[str]] = {}
    whole: dict[str, object] = {}
    finish: object = None
    events = list(_events(text))
    for event in events:
        if event.get("error"):
            return event
        whole.update({key: value for key, value in event.items() if key != "choices" and value is not None})
        choice = _first(event.get("choices"))
        finish = choice.get("finish_reason") or finish
        piece = choice.get("delta") or choice.get("message")
        for key, value in piece.items() if isinstance(piece, dict) else ():
            if isinstance(value, str) and key != "role":
                content.setdefault(key, []).append(value)
    if not events:
        return None
    message = {"role": "assistant", **{key: "".join(pieces) for key, pieces in content.items()}}
    return {**whole, "choices": [{"index": 0, "finish_reason": finish, "message": message}]}


def _events(text: str) -> Iterator[dict[str, object]]:
    for found in _EVENT.finditer(text):
        try:
            event = json.loads(found[1])
        except (ValueError, RecursionError):
            continue  # "[DONE]", and whatever else is no event
        if isinstance(event, dict):
            yield event


def _first(choices: object) -> Mapping[str, object]:
    first = choices[0] if isinstance(choices, list) and choices else None
    return first if isinstance(first, dict) else {}


def stored(body: bytes, loaded: object) -> bytes:
    """An answer as it is kept: its own bytes, unless they hold what was hidden in it, or are no JSON by themselves."""
    try:
        is_same = json.loads(body) == loaded
    except (ValueError, RecursionError):
        is_same = False
    return body if is_same else json.dumps(loaded, ensure_ascii=False).encode()


def load_kept(body: bytes) -> Mapping[str, object] | None:
    """An answer that was kept; None where it is none."""
    try:
        loaded = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return loaded if isinstance(loaded, dict) else None


def was_cut(usage: Usage, *, words: Mapping[str, object]) -> bool:
    """Whether the endpoint says that it read less than it was sent, as Ollama does beyond its context."""
    read = usage.tokens_in or 0
    return LEAST_CONTEXT_TOKENS <= read < len(str(words.get("messages"))) / MOST_CHARACTERS_PER_TOKEN


def unread(usage: Usage) -> str:
    """What to say of that."""
    return (
        f"it read {usage.tokens_in} tokens of it and silently dropped the rest; give the model a larger context "
        "(Ollama: OLLAMA_CONTEXT_LENGTH), or set a smaller openai.part_words, then retry"
    )
