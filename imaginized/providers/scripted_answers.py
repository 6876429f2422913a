"""What the scripted server answers about a chapter: sentences of its prompt, or what a fault makes of them. Pure."""

import re
from collections import Counter
from collections.abc import Mapping

_FENCE = re.compile(r"<<<(BOOK [0-9a-f]{16})\n(.*)\n\1>>>", re.DOTALL)
_NUMBERED = re.compile(r"[\[{](\d+)[\]}] (.+?)\s*(?=[\[{]\d+[\]}] |\n\n|\Z)", re.DOTALL)
_SENTENCE = re.compile(r"[^.!?\s][^.!?]{15,300}[.!?]['\"”’]?(?=\s|$)")
_WANTED = re.compile(r"Choose (\d+) ")
_WITHIN = re.compile(r"only from its sentences ([^,]+)")
_SIDES = re.compile(r"(\d+) to (\d+)")
MISCOUNTED = 3


def answer_about(user: str, *, kind: str = "", mood: str = "") -> Mapping[str, object]:
    """Scenes and elements for a prompt, by the numbers of its sentences, or wrong in the way of a fault.

    Args:
        user: The message with the fenced chapter.
        kind: Of the fault, as in `scripted.Fault`; "" for none.
        mood: For "noted".
    """
    fenced = _FENCE.search(user)
    wanted = int(found[1]) if (found := _WANTED.search(user)) else 1
    text = fenced[2].partition("\n\n")[2] if fenced else ""
    numbered = [(int(match[1]), match[2]) for match in _NUMBERED.finditer(text) if _SENTENCE.match(match[2])]
    if kind == "empty":
        numbered = []
    if kind == "narrow":
        numbered = numbered[: len(numbered) // 8]
    elif within := _WITHIN.search(user):
        sides = [(int(first), int(last)) for first, last in _SIDES.findall(within[1])]
        numbered = [each for each in numbered if any(first <= each[0] <= last for first, last in sides)]
    step = max(len(numbered) // wanted, 1)
    chosen = numbered[step // 2 :: step][:wanted]
    words = " ".join(sentence for _, sentence in numbered)
    names = [name for name, _ in Counter(re.findall(r"(?<=[a-z] )[A-Z][a-z]{3,}", words)).most_common(2)]
    looks = {
        "description": "What the passage says",
        "mood": mood if kind == "noted" else "calm",
        "lighting": "day",
        "elements": names,
    }
    scenes = [{**_where(number, sentence, kind=kind), **looks} for number, sentence in chosen]
    shown = [number for number, _ in chosen[:1]]
    elements = [
        {"type": "character", "name": name, "aliases": [], "description": "dressed in grey", "sentences": shown}
        for name in names
    ]
    return {"scenes": scenes, "elements": elements}


def _where(number: int, passage: str, *, kind: str) -> Mapping[str, object]:
    """How a passage is told: by its number, or in the way of a fault."""
    parts = passage.split()
    if kind == "invented":
        return {"first": 99_999, "last": 99_999, "begins": f"Zyx qwv {number} jkl"}
    if kind == "quoted":
        return {"quote": passage}
    if kind == "paraphrased":
        return {"quote": " ".join(word if place % 2 else f"{word[::-1]}ly" for place, word in enumerate(parts))}
    shift = MISCOUNTED if kind == "miscounted" else 0
    return {"first": number + shift, "last": number + shift, "begins": " ".join(parts[:5])}


def shared_length(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    least = min(len(one), len(other))
    return next((at for at in range(least) if one[at] != other[at]), least)
