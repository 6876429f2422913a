"""What two chunks of a sentence make together: an apposition, a list after one preposition, a clause. English only."""

import itertools

from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin.actors import DEFINITE, PRONOUNS, Actor
from imaginized.providers.builtin.chunks import ODD_VERBS, Chunk
from imaginized.providers.builtin.naming import is_of_body
from imaginized.providers.builtin.sentences import Passage, Token
from imaginized.providers.builtin.verb_forms import OBJECTS
from imaginized.providers.builtin.vocabulary import HONORIFICS, words
from imaginized.story.staging import Being

OF_TIME = words("before after until till since")


def join_chunks(passage: Passage, chunks: list[Chunk]) -> list[Chunk]:
    """The chunks of a sentence, with what belongs together joined and what begins anew parted."""
    chunks = _join_bodies(passage, chunks)
    _join_apposed(passage, chunks)
    _join_close(passage, chunks)
    _spread_prepositions(passage, chunks)
    _keep_limbs(passage, chunks)
    return _part_clauses(passage, chunks)


def _join_bodies(passage: Passage, chunks: list[Chunk]) -> list[Chunk]:
    """Make one of "a body" and "of horsemen": they do what it does."""
    found: list[Chunk] = []
    for chunk in chunks:
        of_body = chunk.prep == "of" and chunk.phrase is not None and is_of_body(passage.tokens, chunk.phrase)
        if of_body and chunk.who and found and found[-1].kind == "n" and not found[-1].who:
            chunk.prep = found.pop().prep
            chunk.who[0].general = False
        found.append(chunk)
    return found


def _keep_limbs(passage: Passage, chunks: list[Chunk]) -> None:
    """Her finger "on her lip" is on nobody else's, and his hand "on his brow" neither."""
    tokens = passage.tokens
    for limb, part in itertools.pairwise(chunks):
        on = tokens[limb.at + 1 : limb.at + 1 + ON_HER_LIP]
        if limb.phrase is None or len(on) < ON_HER_LIP or tokens[limb.at].base not in LIMBS:
            continue
        own = limb.phrase.determiner in ("his", "her", "my") and on[1].lower == limb.phrase.determiner
        if own and on[0].lower in ON_PARTS and on[2].base in OWN_PARTS:
            limb.owner = limb.other = None
            if part.at <= limb.at + len(on):
                part.owner, part.other, part.who = None, None, []


ON_HER_LIP = 3  # words
LIMBS = words("hand finger forefinger arm palm fist")
ON_PARTS = words("on upon to over against before across in")
OWN_PARTS = words(
    "lip lips mouth chin brow brows forehead head temple temples heart breast bosom chest eye eyes ear ears hip hips "
    "side nose cheek cheeks face"
)


def told_after(passage: Passage, chunks: list[Chunk], number: int) -> list[Actor]:
    """Who does it that is not the subject: "he looked at Tom, stretched by the fire", "and from it came a man"."""
    if number < BACK:
        return []
    before, earlier = chunks[number - 1], chunks[number - BACK]
    if chunks[number].kind == "p":
        return before.who if passage.tokens[before.at].lower in OBJECTS else []  # "saw him collared by two men"
    if passage.tokens[chunks[number].at].lower in SETTLED:
        noun = earlier if before.kind == "," else before
        return noun.who if noun.kind == "n" and noun.prep else []
    after = chunks[number + 1] if number + 1 < len(chunks) else None
    placed = before.kind == "n" and bool(before.prep) and not before.who and earlier.kind == ","
    if not placed or after is None or after.kind != "n" or after.prep or after.at <= chunks[number].at:
        return []
    tight = all(token.gap == " " for token in passage.tokens[before.at : after.at])
    return after.who or [Actor(-1, count=0)] if tight and passage.tokens[chunks[number].at].base in INVERTED else []


BACK = 2  # chunks
SETTLED = words("stretched seated huddled curled sprawled perched propped")
INVERTED = words("come stand sit lie hang rise kneel run fly go walk ride sleep")


def is_idea_doing(passage: Passage, chunks: list[Chunk], number: int) -> bool:
    """Whether what is nobody does something to somebody: "I think, his pride carried him away"."""
    after = chunks[number + 1 : number + 3]
    parted = passage.tokens[chunks[number - 1].at].lower != "and" and not chunks[number].who
    told = len(after) > 1 and after[0].kind == "v" and after[1].kind == "n" and not after[1].prep
    return parted and told


def is_only_befallen(tokens: list[Token], chunks: list[Chunk], number: int) -> bool:
    """Whether an idea did something to somebody, or a thing only to his mind: "the thought struck the boys"."""
    verb = chunks[number - 1] if number else None
    if verb is None or verb.kind not in "vx" or chunks[number].prep:
        return False
    is_of_mind = tokens[verb.at].base in TO_MINDS  # "the boat carried Tom", "it bit him" are seen
    before = chunks[number - BACK] if number >= BACK else None
    if before is not None and before.kind == "n" and not before.prep:
        named = bool(before.who) or tokens[before.at].facts & (lex.PERSON | lex.ANIMAL)  # "the crowd cheered Tom"
        subject = tokens[before.at : verb.at]  # from "the" on where no list has its noun
        if not named and any(token.lower in THOUGHTS for token in subject):
            return True
        return is_of_mind and not named and all(token.lower not in BODIES for token in subject)
    at = verb.at - 1
    while at > 0 and tokens[at].lower.endswith("ly") and tokens[at].gap == " ":
        at -= 1
    return is_of_mind and at >= 0 and tokens[at].lower in THAT and tokens[at].gap == " "


THAT = words("it this that which what")
THOUGHTS = words(
    "thought thoughts idea ideas notion memory memories recollection remembrance reflection fact question doubt "
    "doubts hope fear fears terror sorrow grief joy anger shame pride curiosity love jealousy despair remorse "
    "conscience desire beauty resemblance likeness absurdity strangeness conviction suspicion temptation"
)
BODIES = words(  # of men: they are somebody
    "enemy company party audience army regiment troop troops band family household mob crew court police council jury "
    "committee couple pair group gang staff congregation assembly throng rabble patrol tribe clan"
)
TO_MINDS = words(
    "amuse vex reprove rebuke please displease delight charm enchant fascinate interest bore tire weary comfort "
    "console cheer gladden sadden grieve distress pain trouble worry annoy irritate anger enrage infuriate provoke "
    "offend shock horrify disgust sicken alarm frighten scare terrify appal astonish astound amaze surprise puzzle "
    "perplex bewilder embarrass shame humiliate flatter reassure encourage discourage inspire impress affect satisfy "
    "disappoint tempt convince persuade remind warn tell teach inform reproach accuse reward haunt torment concern "
    "suit become"
)


def over_aside(chunks: list[Chunk], at: int) -> int:
    """The first chunk after a participle between commas: "and Tom, laughing at him, ran"."""
    if [chunk.kind for chunk in chunks[at : at + 2]] != [",", "g"]:
        return at
    end = at + 2
    while end < len(chunks) and chunks[end].kind == "n":
        end += 1
    return end + 1 if end < len(chunks) and chunks[end].kind == "," else at


def over_prepositions(chunks: list[Chunk], at: int) -> int:
    """The first chunk from one on that is no noun after a preposition."""
    while at < len(chunks) and chunks[at].kind == "n" and chunks[at].prep:
        at += 1
    return at


def before_participle(chunks: list[Chunk], at: int) -> int:
    """Who does it in "saw Tom riding down the road and waving": the chunk before the first participle."""
    here = at
    while here > 0 and chunks[here].kind == "n" and chunks[here].prep:
        here -= 1
    return here - 1 if here > 0 and chunks[here].kind == "g" else at


def is_told_there(passage: Passage, chunks: list[Chunk], number: int) -> bool:
    """Tell "there were two men at the door, who bowed" from who is only spoken of."""
    verb = chunks[number - 1] if number else None
    there = verb is not None and verb.kind == "b" and verb.at > 0 and passage.tokens[verb.at - 1].lower == "there"
    return there and any(passage.tokens[each.at].lower == "who" for each in chunks[number + 1 : number + 4])


def _part_clauses(passage: Passage, chunks: list[Chunk]) -> list[Chunk]:
    """Tell "before he came" from "before the king": a clause begins, and its noun is who does it."""
    found: list[Chunk] = []
    for at, chunk in enumerate(chunks):
        after = chunks[at + 1] if at + 1 < len(chunks) else None
        if chunk.kind == "n" and chunk.prep in OF_TIME and after is not None and _is_said(passage, chunk, after):
            found.append(Chunk(";", chunk.at))
            chunk.prep = ""
        found.append(chunk)
    return found


def _is_said(passage: Passage, noun: Chunk, verb: Chunk) -> bool:
    """Whether a verb right after a noun is its own: "had" or an adverb may stand between them."""
    tokens = passage.tokens
    if (
        verb.kind not in "vbx"
        or tokens[noun.at].lower in OBJECTS
        or any(token.gap != " " for token in tokens[noun.at : verb.at])
    ):
        return False
    token = tokens[verb.at]
    return token.lower not in ODD_VERBS and not (token.facts & lex.QUALITY and not token.facts & lex.INFLECTED)


def _spread_prepositions(passage: Passage, chunks: list[Chunk]) -> None:
    """In "from the shopkeepers and cottagers" the second stands after the preposition, too."""
    for at in range(2, len(chunks)):
        first, joint, second = chunks[at - 2 : at + 1]
        if first.kind != "n" or joint.kind != "," or second.kind != "n" or not first.prep or second.prep:
            continue
        tight = passage.tokens[joint.at].lower in ("and", "or") and passage.tokens[joint.at - 1].gap == " "
        opens = at + 1 < len(chunks) and chunks[at + 1].kind in "vb" and not _shares_its_word(passage, second)
        if tight and not opens:
            second.prep = first.prep


def _shares_its_word(passage: Passage, noun: Chunk) -> bool:
    """Whether the word before a noun stands before "and": the mother of "his father and mother" is where he is."""
    phrase = noun.phrase
    parted = phrase is not None and phrase.first == phrase.head and bool(phrase.determiner)
    return parted and phrase is not None and passage.tokens[phrase.first - 1].lower == "and"


def _join_apposed(passage: Passage, chunks: list[Chunk]) -> None:
    """Make one of "the mate, Mr. Brown," and of "Toto, a little dog,"."""
    for first, comma, second in zip(chunks, chunks[1:], chunks[2:], strict=False):
        if (
            first.kind != "n"
            or comma.kind != ","
            or second.kind != "n"
            or second.prep
            or not (first.who and second.who)
        ):
            continue
        one, other = first.who[0], second.who[0]
        listed = passage.tokens[comma.at].lower in ("and", "or") or passage.tokens[comma.at + 1].lower in ("and", "or")
        if one is other or listed or bool(one.name) == bool(other.name) or max(one.count, other.count) > 1:
            continue
        name, noun = (one, other) if one.name else (other, one)
        pronoun = PRONOUNS.intersection((passage.tokens[first.at].lower, passage.tokens[second.at].lower))
        if (
            noun.noun
            and not pronoun
            and noun.mentions <= 1
            and not (name.sex and noun.sex and name.sex is not noun.sex)
        ):
            _merge(name, Chunk("n", first.at, who=[noun]))
            first.who, second.who = [name], [name]


def _join_close(passage: Passage, chunks: list[Chunk]) -> None:
    """Make one of "his sister Anna", "Brown the butler", and of "her neighbour, a young lady,"."""
    tokens = passage.tokens
    for at, (first, second) in enumerate(itertools.pairwise(chunks)):
        if first.kind == "n" == second.kind and first.who and second.who and not second.prep:
            tight = all(_is_close(token) for token in tokens[first.at : second.at])
            one, other = first.who[0], second.who[0]
            if tight and _is_office(passage, chunks, at) and one is not other and other.mentions <= 1:
                other.count, second.who = 0, first.who
                continue
            title = second.phrase is not None and second.phrase.determiner == "the" and not _gives(passage, chunks, at)
            if tight and _may_be_one(one, other) and bool(one.name) != bool(other.name) and (bool(other.name) or title):
                name, noun = (one, other) if one.name else (other, one)
                _merge(name, Chunk("n", first.at, who=[noun]))
                first.who = second.who = [name]
        third = chunks[at + 2] if at + 2 < len(chunks) else None
        if third is not None and first.kind == "n" == third.kind and second.kind == "," and first.who and third.who:
            _describe_new(passage, first, second, third)


def _is_close(token: Token) -> bool:
    """Whether no stop follows but that of "Mr."."""
    return token.gap == " " or (token.gap == ". " and token.word in HONORIFICS)


def _is_office(passage: Passage, chunks: list[Chunk], at: int) -> bool:
    """Whether a name goes on with what somebody is, where that is taken for a name, too: "Mr. Brown the Manager"."""
    tokens, (first, second) = passage.tokens, chunks[at : at + 2]
    if not first.who[0].name or not second.who[0].name or tokens[second.at - 1].lower != "the":
        return False
    return bool(tokens[second.at].facts & lex.PERSON) and not _gives(passage, chunks, at)


def _describe_new(passage: Passage, first: Chunk, comma: Chunk, second: Chunk) -> None:
    """The second of "one of the children, a little boy," is the first."""
    one, other = first.who[0], second.who[0]
    new = second.phrase is not None and second.phrase.determiner in ("a", "an") and not second.prep
    listed = passage.tokens[comma.at].lower in ("and", "or") or passage.tokens[comma.at + 1].lower in ("and", "or")
    fixed = first.phrase is None or first.phrase.determiner in DEFINITE
    pronoun = passage.tokens[first.at].lower in PRONOUNS
    if new and fixed and not listed and not pronoun and not (one.name or other.name) and _may_be_one(one, other):
        one.noun, one.age = other.noun, other.age or one.age
        _merge(one, Chunk("n", second.at, who=[other]))
        second.who = [one]


def _may_be_one(one: Actor, other: Actor) -> bool:
    sexes = one.sex and other.sex and one.sex is not other.sex
    return not (one is other or sexes or max(one.count, other.count) > 1 or one.being is not other.being)


def _gives(passage: Passage, chunks: list[Chunk], at: int) -> bool:
    """Whether the verb before has two objects: "showed Tom the boy"."""
    verb = next((chunk for chunk in reversed(chunks[:at]) if chunk.kind in "vgpx"), None)
    return verb is not None and passage.tokens[verb.at].base in GIVING


GIVING = words("give show bring send tell offer hand call make name lend sell teach introduce")


def _merge(actor: Actor, chunk: Chunk) -> None:
    """Make "a boy" of "he was a boy" the one who is meant, not a second figure."""
    for other in chunk.who:
        if other is not actor and other.mentions <= 1 and not other.name and not other.deeds:
            actor.noun = actor.noun or other.noun
            actor.sex, actor.age = actor.sex or other.sex, actor.age or other.age
            if other.being is Being.CREATURE and not actor.species:
                actor.being, actor.species = other.being, other.species
            other.count = 0
