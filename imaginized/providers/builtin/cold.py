"""Hearths that a passage says are cold, and rooms without a light: nothing burns there in the picture. English only."""

from collections.abc import Sequence
from dataclasses import replace

from imaginized.providers.builtin import gate_scope as gate
from imaginized.providers.builtin.sentences import Passage, Token
from imaginized.providers.builtin.settling import Acts
from imaginized.providers.builtin.vocabulary import words
from imaginized.providers.builtin.whereabouts import LONE, Whereabouts
from imaginized.story.stage_lists import Setting
from imaginized.story.stage_things import Thing

FIRES = words("fire hearth grate fireplace stove")
LIGHTS = words("light lamp candle lantern")
COLD = words("no cold empty dead black fireless unlit unlighted extinguished rusty")
OUT = words("out dead cold died extinguished")
ASHES = words("ashes cinders")
_NEAR = 4  # tokens from the fire to what becomes of it
_CUES = FIRES | LIGHTS | ASHES
_BURNING = frozenset({Thing.HEARTH, Thing.FIRE, Thing.STOVE})
_SHINING = frozenset({Thing.LAMP, Thing.CANDLE, Thing.LANTERN})
# Rooms that are drawn with a fire in them.
_HEATED = frozenset({Setting.ROOM, Setting.DRAWING_ROOM, Setting.KITCHEN, Setting.INN, Setting.CABIN})
_HAPPENS = (0, gate.DENIED, gate.MEMORY)


def without_fire(
    passage: Passage, unreal: Sequence[int], span: tuple[int, int], acts: Acts, where: Whereabouts
) -> tuple[Acts, Whereabouts]:
    """Those things without a hearth or a lamp that does not burn, and no room for sure, which would have one.

    Args:
        passage: The chapter.
        unreal: What of it does not happen.
        span: First token of the passage and the token after it.
        acts: What the passage shows.
        where: Where it is.
    """
    tokens = passage.tokens
    out = {
        tokens[at].base in LIGHTS
        for at in passage.between(_CUES, *span)
        if unreal[at] in _HAPPENS and not tokens[at].spoken and _is_out(tokens, at, span[1])
    }
    if not out:
        return acts, where
    gone = _BURNING | _SHINING if True in out else _BURNING
    acts = replace(acts, things=tuple(thing for thing in acts.things if thing not in gone))
    return acts, replace(where, confidence=min(where.confidence, LONE)) if where.setting in _HEATED else where


def _is_out(tokens: list[Token], at: int, last: int) -> bool:
    """Tell "the cold hearth", "no light burned", "the fire had gone out" and "the ashes in the grate"."""
    before = tokens[at - 1].lower if at else ""
    if tokens[at].lower in ASHES:
        near = {token.base for token in tokens[max(at - 6, 0) : min(at + 8, last)]}
        return bool(near & (FIRES - {"fire"}))
    if before in COLD and (tokens[at].base in FIRES or before == "no"):
        return True
    after = tokens[at + 1 : min(at + 1 + _NEAR, last)]
    ends = next((i for i, token in enumerate(after) if token.gap != " "), len(after))
    told = [token.lower for token in after[: ends + 1]]
    while told and told[0] in _BETWEEN:
        told.pop(0)
    return len(told) < len(after[: ends + 1]) and bool(told) and told[0] in OUT


_BETWEEN = words("had was is has went gone burned burnt been blown put quite black almost already all long nearly")
