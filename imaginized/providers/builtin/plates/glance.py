"""What a reader sees of a plate at a glance: the words by which compositions of a book are told apart and counted."""

from collections.abc import Sequence

from imaginized.providers.builtin.plates.blocking import LYING, SEATED
from imaginized.providers.builtin.plates.parts import Player
from imaginized.providers.builtin.plates.sides import OUTDOORS, is_high

_COUNTS = ("nobody", "one", "two", "three")
_POSTURES: dict[str, str] = {
    **dict.fromkeys(SEATED, "sits"),
    **dict.fromkeys((*LYING, "fall"), "lies"),
    **dict.fromkeys(("walk", "run", "climb", "swim", "fly", "jump", "dance", "lead", "led"), "goes"),
    **dict.fromkeys(("fight", "fence", "strike", "stab", "push", "seize", "aim", "throw", "draw bow"), "fights"),
    **dict.fromkeys(("embrace", "embrace low", "whisper", "touch", "help", "lean", "carry"), "holds"),
    **dict.fromkeys(("kneel", "pray", "crouch", "dig"), "kneels"),
}


def ground_seen(ground: str) -> str:
    """A ground as a reader tells it from others: not by a beam of light or the exact height of a horizon."""
    if ground in OUTDOORS:
        return "open high" if is_high(ground) else "open low"
    return ground.removeprefix("bare ").removeprefix("lit ")


def company_seen(players: Sequence[Player], *, crowd: bool) -> str:
    """How many there are and what the first of them does."""
    if not players:
        return "a crowd" if crowd else "nobody"
    first, count = players[0], sum(max(len(player.crew), 1) for player in players)
    word = _COUNTS[count] if count < len(_COUNTS) else "many"
    doing = "rides" if first.mount is not None or first.vehicle else _POSTURES.get(first.deed, "stands")
    kind = "" if first.actor.kind == "person" else f" {first.actor.kind}"
    return f"{word}{kind}, {doing}{' before a crowd' if crowd else ''}"
