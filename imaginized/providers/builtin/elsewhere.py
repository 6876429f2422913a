"""Who goes to a town by its name, sits "in it" or in a chair of their own is not in the place of a page ago.

Only remembered places are doubted here: what the passage itself names stays. English only.
"""

from bisect import bisect_left
from collections.abc import Container, Sequence
from dataclasses import replace

from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin.sentences import Passage, Token
from imaginized.providers.builtin.setting import Clues
from imaginized.providers.builtin.vocabulary import HONORIFICS, NEVER_NAMES, POSSESSIVES, words
from imaginized.providers.builtin.whereabouts import AFLOAT, LONE, MEANT, OF_ANOTHER, SOON, Whereabouts
from imaginized.story.stage_lists import Setting
from imaginized.story.staging import Source

TRAVELLING = words(
    "go come return get ride drive sail travel journey walk run hurry hasten start set depart arrive move migrate take "
    "bring carry escort accompany march trudge tramp land stop alight leave"
)
ARRIVING = words("reach arrive return come get enter land alight")
DIRECTLY = words("reach enter leave quit")  # "reached the Grove"
ROOMS = words("room chamber library parlour parlor kitchen study office gallery")  # "the Council chamber"
_NAMED_ROOMS = words("room chamber")
TO, IN = words("to for towards toward into"), words("at in")
ARRIVED_IN = words("arrive land stop alight")
_TRAVELLED = 3  # tokens from the verb to the preposition: "went back again to"
_WITHIN = words("in into inside within")
_THINGS = words("it them which")
BEING_IN = words(
    "sit lie stand sleep live wait get climb step jump leap crouch crawl creep scramble tumble seat settle ride walk "
    "run be"
)
# Who has a chair, a bed or a desk in one of these has it at home.
_CALLED_AT = frozenset({
    Setting.CHURCH, Setting.SHOP, Setting.COURT, Setting.THEATRE, Setting.STATION, Setting.MARKET,
})  # fmt: skip
_LODGED_AT = _CALLED_AT | {Setting.HOSPITAL, Setting.PRISON, Setting.INN, Setting.SCHOOLROOM}
OWN = {
    **dict.fromkeys(words("armchair arm-chair easy-chair rocking-chair fireside hearth fire"), _LODGED_AT),
    "desk": _LODGED_AT - {Setting.SHOP, Setting.COURT, Setting.STATION, Setting.SCHOOLROOM},
    "bed": _CALLED_AT,
}
WHOSE = POSSESSIVES - words("its your")
_NO_PLACES = HONORIFICS | NEVER_NAMES
_CUES = TO | IN | DIRECTLY | _THINGS | frozenset(OWN)
_UNDER_WAY = AFLOAT | {Setting.ROAD, Setting.CARRIAGE, Setting.TRAIN}


def elsewhere(
    passage: Passage,
    clues: Clues,
    unreal: Sequence[int],
    span: tuple[int, int],
    where: Whereabouts,
    names: Container[int],
) -> Whereabouts:
    """A remembered place with less confidence where the passage tells that they are not there.

    Args:
        passage: The chapter.
        clues: Its clues.
        unreal: What of it does not happen.
        span: First token of the passage and the token after it.
        where: What the clues say.
        names: The tokens that name somebody alive: who goes to them goes to no town.
    """
    if where.source is Source.PASSAGE or not where.setting:
        return where
    tokens, (first, last) = passage.tokens, span
    since = _last_place(clues, first)
    told = [at for at in passage.between(_CUES, since, last) if not unreal[at] and not tokens[at].spoken]
    apart = any(_is_gone_to_a_name(tokens, at, where.setting, names) for at in told) or any(
        _is_in_a_thing(tokens, at, first) or where.setting in _own_place(tokens, at) for at in told if at >= first
    )
    return replace(where, confidence=min(where.confidence, LONE), indoors=None) if apart else where


def _last_place(clues: Clues, first: int) -> int:
    """From where on a journey is told that no place was named after: the last place on the page, or a while ago."""
    for number in range(bisect_left(clues.starts, first) - 1, -1, -1):
        clue = clues.clues[number]
        if clue.at < first - SOON:
            break
        if clue.weight >= (OF_ANOTHER if clue.sign else MEANT):
            return clue.at
    return max(first - SOON, 0)


def _is_gone_to_a_name(tokens: list[Token], at: int, setting: Setting, names: Container[int]) -> bool:
    """Tell "returned to Dover", "arrived in Rome" and "reached the Grove"; who is still on the road stays on it."""
    preposition = tokens[at].lower in TO | IN
    verbs = [at] if tokens[at].base in DIRECTLY and not preposition else []
    for i in range(at - 1, max(at - 1 - _TRAVELLED, -1), -1):
        if verbs or not preposition or tokens[i].gap != " ":
            break
        verbs += [i] * (tokens[i].base in (ARRIVED_IN if tokens[at].lower in IN else TRAVELLING))
    if not verbs or not _is_place(tokens, at + 1, names):
        return False
    return setting not in (AFLOAT if tokens[verbs[0]].base in ARRIVING else _UNDER_WAY)


def _is_place(tokens: list[Token], at: int, names: Container[int]) -> bool:
    """Whether a name begins there that is nobody's, as far as is known: of a town, a house, an island."""
    if at < len(tokens) and tokens[at].lower == "the":
        at += 1
    if at >= len(tokens) or at in names or tokens[at - 1].gap != " ":
        return False
    token = tokens[at]
    if not token.word[0].isupper() or token.lower in lex.load_lexicon().given:
        return False
    if any(each.lower in ROOMS and not _is_of_a_name(tokens, at, each) for each in tokens[at : at + 3]):
        return False
    return not (token.word in _NO_PLACES or token.facts & lex.PERSON or token.lower.endswith(("'s", "’s")))


def _is_of_a_name(tokens: list[Token], at: int, room: Token) -> bool:
    """Tell "the Pump Room", which may be anywhere, from "the Council chamber" and "the Red Library" of a house."""
    return room is not tokens[at] and room.word[0].isupper() and room.lower in _NAMED_ROOMS


def _is_in_a_thing(tokens: list[Token], at: int, first: int) -> bool:
    """Tell "in it sat a boy" and "she got into them", where nothing before it in the passage is what they mean."""
    if tokens[at].lower not in _THINGS or at <= first or tokens[at - 1].lower not in _WITHIN:
        return False
    begins = at - 1 == first or tokens[at - 2].gap != " "
    near = tokens[at + 1 : at + 3] if begins else tokens[max(at - 3, first) : at - 1]
    named = any(token.facts & (lex.ITEM | lex.PLACE) for token in tokens[first : at - 1])
    return not named and any(token.base in BEING_IN for token in near)


def _own_place(tokens: list[Token], at: int) -> frozenset[Setting]:
    """The places in which nobody has a chair of his own: "in his armchair", "by her own fire"."""
    before = [token.lower for token in tokens[max(at - 3, 0) : at]]
    own = "own" in before if tokens[at].lower == "fire" else True
    return OWN.get(tokens[at].lower, frozenset()) if own and not WHOSE.isdisjoint(before) else frozenset()
