"""How much of what a passage gives to see its staging would show, and how much of that is only guessed. English only.

A reader holds the passage against the picture: what is told and lacks, what is drawn and was not told, spoils it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from imaginized.providers.builtin import acting_words as table
from imaginized.providers.builtin import gate_words as cues
from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import people_words as people_table
from imaginized.providers.builtin import repeated, verb_forms, vocabulary
from imaginized.providers.builtin.actors import HE, ME, NARRATOR, SHE, THEY, WE
from imaginized.providers.builtin.gate_scope import DENIED
from imaginized.providers.builtin.nobodies import PLURAL_TITLES, is_said_of_a_thing, names_several
from imaginized.providers.builtin.phrases import Phrase
from imaginized.providers.builtin.presence import is_beside_unknown, leads_stranger
from imaginized.providers.builtin.sentences import Token
from imaginized.providers.builtin.staging import Stage
from imaginized.providers.builtin.thing_words import THINGS
from imaginized.story.stage_lists import Deed, Setting
from imaginized.story.staging import Being, Figure, Sex, Source, Staging, View

SOMEBODY, MANY, DONE, UNDRAWN, THING, PLACE, LIGHT = 1.0, 1.2, 0.5, 0.5, 0.5, 0.8, 0.3
ALOOF = 0.25  # of a deed that hardly shows: talk, looks
EVEN = 0.6  # what is taken as told and shown before anything is counted, so that one word more or less is not all
THIN, LEAST = 0.75, 1.2  # what remains of a passage that gives hardly anything to see
# Guesses, and what each takes away.
BY_PRONOUN, ABSENT, SEXLESS, TELLER, SHAPELESS, MANY_THERE, MASS, MISREAD, REMEMBERED, LANDLESS = (
    0.12, 0.5, 0.3, 0.2, 0.7, 0.25, 0.15, 0.2, 0.22, 0.1,
)  # fmt: skip
TALKED, GATED = 0.5, 0.9
# Deeds that are told by verbs of many senses, and so are drawn wrongly more often than others.
SLIPPERY = frozenset({Deed.FALL, Deed.JUMP, Deed.KNEEL, Deed.LIE, Deed.PULL, Deed.LOOK_OUT, Deed.LIE_DEAD, Deed.THROW})
STILL = frozenset({Deed.STAND, Deed.TALK, Deed.LOOK, Deed.LISTEN, Deed.LAUGH, Deed.SMILE, Deed.WHISPER, Deed.UNKNOWN})
# Verbs that mean a deed of bodies seldom or only with certain words after them.
MANIFOLD = vocabulary.words(
    "tear bolt fly dart spring drop sink fall draw cross follow pass support present charge snap sting fire shoot lash "
    "bear cast pitch advance proceed journey travel attack assail battle struggle drive lead light play hunt pursue "
    "haul float return knock extend heave bury capture arrest collar pounce"
)
RECURRING = 0.6  # for each deed that is told as a habit
WHEN = vocabulary.words(
    "then now presently suddenly instantly immediately directly soon again still once already just only also too even "
    "quickly slowly quietly there here"
)
# More than the plates draw of one kind, whatever a group may be said to count.
UNCOUNTED = vocabulary.words(
    "five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty "
    "thirty forty fifty sixty seventy eighty ninety dozen dozens score scores hundred hundreds thousand thousands "
    "million"
)
OTHERS, PAIRS = vocabulary.words("another other"), vocabulary.words("each one no every some")
SOMEBODIES = vocabulary.words("somebody someone anybody anyone")
ROUND = vocabulary.words("about around round behind of after")  # "looked about him": nobody else
AWAY = vocabulary.words("away off past behind before ahead after")  # after a verb, or whom it is done to
GONE = vocabulary.words("gone absent hiding hidden")  # who is so is not there
OUT_OF = vocabulary.words("sight hearing earshot")  # who is so, neither
COMING = vocabulary.words("come return arrive")
ADDRESSING = vocabulary.words("to told tells telling asked thought")
OBJECTS = verb_forms.OBJECTS | {"her"}
WHOLE = vocabulary.words("whole entire")
COMPANIES = vocabulary.words("party company household family assembly crew regiment")
SMALL_NUMBERS = vocabulary.words("two three four")
SOME = vocabulary.words("some much large numerous")  # "some company was there"; not "for company"
OWNERS = vocabulary.POSSESSIVES - vocabulary.words("her its your")
_COMPANY = WHOLE | GONE | SMALL_NUMBERS | UNCOUNTED | PLURAL_TITLES | OWNERS | {"miss", "company", "out"}
FORCES = vocabulary.words("army armies troops cavalry infantry regiment regiments battalion battalions")  # no phrases
_TELLING = _COMPANY | FORCES | SOMEBODIES | cues.ONESELF | OBJECTS | AWAY | OTHERS | {"and"}
COUNTED_NEAR = 3  # words from a number to those whom it counts
# What is only in somebody's mind is in no picture: the first kind shows nothing besides, the second shows less.
IMAGINED = vocabulary.words("picture imagine fancy dream conjure envision foresee recall recollect remember")
MINDED = vocabulary.words(
    "think know believe suppose wonder hope wish feel seem understand consider realize realise doubt expect forget "
    "decide resolve mean intend want perceive conceive conclude reflect guess suspect"
)
PICTURED = vocabulary.words("painted carved embroidered engraved portrayed depicted sketched")
MUSING, THINKING = 0.5, 0.85
SEATED = frozenset({Deed.SIT, Deed.ROW, Deed.SAIL, Deed.POINT, Deed.SHOUT}) | STILL
MOST_DRAWN = 4
SIGHTS = lex.ITEM | lex.WEAR | lex.FOOD | lex.PLANT | lex.STUFF
PLACES = lex.PLACE | lex.NATURE


@dataclass(slots=True)
class Count:
    """What a passage tells that could be seen, each once.

    Attributes:
        who: Names and nouns of those who are told of; `many` of several.
        deeds: What is done, by the closed list; `acts` beyond it.
        content: Words that mean something by themselves.
        unshown: Of these, those that no picture shows: no name, nobody, no deed, thing or place, and no mere "then".
        numbers: How often more people or beasts are told of than are drawn.
        unseen: How often somebody is told of whom no figure stands for.
        objects: How often a pronoun tells to whom something is done, besides who does it: "left him", "with them".
        joined: How often something or somebody more is told: by "and", or by a participle.
        parting: How often a verb goes on with "away", "past", "before" or the like.
        gone: How often "gone", "absent", "out of sight" or "not come" is said: of somebody, or of a thing as well.
        owned: How often something is somebody's by a word for him: "their way".
        counted: How often it is said how many things or places there are.
    """

    names: set[str] = field(default_factory=set)
    nouns: set[str] = field(default_factory=set)
    many: set[str] = field(default_factory=set)
    pronouns: set[str] = field(default_factory=set)
    deeds: list[Deed] = field(default_factory=list)
    acts: int = 0
    things: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    lights: int = 0
    unlikely: set[str] = field(default_factory=set)
    imagined: int = 0
    minded: int = 0
    happened: set[Deed] = field(default_factory=set)
    habits: int = 0
    spoken: int = 0
    gated: int = 0
    words: int = 0
    content: int = 0
    unshown: int = 0
    numbers: int = 0
    unseen: int = 0
    objects: int = 0
    joined: int = 0
    parting: int = 0
    gone: int = 0
    owned: int = 0
    counted: int = 0

    def with_next(self, other: "Count") -> "Count":
        """The same for the sentence after it, too."""
        return Count(
            names=self.names | other.names,
            nouns=self.nouns | other.nouns,
            many=self.many | other.many,
            pronouns=self.pronouns | other.pronouns,
            deeds=self.deeds + other.deeds,
            acts=self.acts + other.acts,
            things=self.things | other.things,
            places=self.places | other.places,
            lights=self.lights + other.lights,
            unlikely=self.unlikely | other.unlikely,
            imagined=self.imagined + other.imagined,
            minded=self.minded + other.minded,
            happened=self.happened | other.happened,
            habits=self.habits + other.habits,
            spoken=self.spoken + other.spoken,
            gated=self.gated + other.gated,
            words=self.words + other.words,
            content=self.content + other.content,
            unshown=self.unshown + other.unshown,
            numbers=self.numbers + other.numbers,
            unseen=self.unseen + other.unseen,
            objects=self.objects + other.objects,
            joined=self.joined + other.joined,
            parting=self.parting + other.parting,
            gone=self.gone + other.gone,
            owned=self.owned + other.owned,
            counted=self.counted + other.counted,
        )


def read_count(stage: Stage, number: int) -> Count:
    """What one sentence of a chapter gives to see."""
    sentence = stage.passage.sentences[number]
    return count_within(stage, number, (sentence.first, sentence.last))


def count_within(stage: Stage, number: int, span: tuple[int, int]) -> Count:
    """What some tokens of a sentence, the last excluded, give to see."""
    count = Count()
    first, last = span
    heads = {phrase.head: phrase for phrase in stage.phrases[number]}
    tokens, unreal, names = stage.passage.tokens, stage.unreal, stage.people.names
    count.words = last - first
    for at in range(first, last):
        token = tokens[at]
        count.unseen += at not in names and leads_stranger(tokens, at)
        if not token.facts & lex.FUNCTION:
            count.content += 1
            count.unshown += at not in names and not _is_shown(token, heads.get(at))
        if not token.spoken:
            if token.lower in _TELLING:
                _note_telling(count, stage, at, heads)
            elif at > first and verb_forms.is_doing(tokens, at, stage.passage.sentences[number]):
                count.joined += 1
        if token.spoken:
            count.spoken += 1
        elif unreal[at]:
            count.gated += 1
            count.gone += unreal[at] == DENIED and token.base in COMING  # who has not come yet is not there
        elif token.facts & _NOTED_FACTS or token.lower in _NOTED or at in heads or at in names:
            _note(count, stage, at, heads.get(at))
    return count


def _note_telling(count: Count, stage: Stage, at: int, heads: Mapping[int, Phrase]) -> None:
    """What a word tells that stands for nobody and nothing by itself."""
    tokens = stage.passage.tokens
    word = tokens[at].lower
    if word in _COMPANY:
        _note_company(count, stage, at)
    if word in FORCES:
        count.many |= {tokens[at].base} if not (stage.unreal[at] or at in heads) else set()
    if word in UNCOUNTED:
        count.numbers += not stage.unreal[at] and _counts_somebody(tokens, at, heads)
    elif word in OBJECTS:
        is_owner = word == "her" and any(phrase.first == at for phrase in heads.values())  # "her hat"
        count.objects += not is_owner and not (at > 0 and tokens[at - 1].lower in ROUND)
    elif word in cues.ONESELF:
        count.minded += at > 0 and tokens[at - 1].lower in ADDRESSING  # "said to himself"
    elif word in AWAY:
        count.parting += at > 0 and bool(tokens[at - 1].facts & lex.VERB or tokens[at - 1].lower in OBJECTS)
    elif word == "and":
        count.joined += 1
    elif word in SOMEBODIES or (word in OTHERS and _stands_alone(tokens, at) and tokens[at - 1].lower not in PAIRS):
        count.unseen += 1


def _note_company(count: Count, stage: Stage, at: int) -> None:
    """Whether several or somebody's things are told of without a noun for those, or that somebody is not there."""
    tokens = stage.passage.tokens
    word, following = tokens[at].lower, tokens[at + 1].lower if at + 1 < len(tokens) and tokens[at].gap == " " else ""
    if word in GONE or (word == "out" and _is_out_of_sight(tokens, at)):
        count.gone += word != "hiding" or (at > 0 and tokens[at - 1].lower == "in")
    elif stage.unreal[at]:
        return
    elif word in OWNERS:
        count.owned += 1
    elif word in WHOLE:
        count.many |= {tokens[at + 1].base} & COMPANIES if following else set()  # "the whole party"
    elif word in PLURAL_TITLES or word == "miss":
        count.many |= {word} if names_several(tokens, at) else set()
    elif word == "company":
        count.many |= {word} if at > 0 and tokens[at - 1].lower in SOME else set()
    elif word != "out" and _is_number_of_people(tokens, at, following):
        count.many.add(word)


def _is_out_of_sight(tokens: Sequence[Token], at: int) -> bool:
    """Tell "were out", "were out of the way" and "out of sight" from "jumped out of the way"."""
    after = [token.lower for token in tokens[at + 1 : at + 4]]
    being = any(token.lower in verb_forms.BEINGS for token in tokens[max(at - 2, 0) : at])
    out = after[:1] == ["of"] and (not OUT_OF.isdisjoint(after[1:2]) or (being and after[1:] == ["the", "way"]))
    return out or (being and tokens[at].gap != " ")


def _is_number_of_people(tokens: Sequence[Token], at: int, following: str) -> bool:
    """Tell "there were four in the room" and "two of us" from "four chairs" and "there were four of the chairs"."""
    after = tokens[at + 2].lower if at + 2 < len(tokens) else ""
    if following == "of":
        return after in OBJECTS
    before = {token.lower for token in tokens[max(at - 3, 0) : at]}
    return {"there", "were"} <= before and (not following or following in vocabulary.PREPOSITIONS)


def _counts_somebody(tokens: Sequence[Token], at: int, heads: Mapping[int, Phrase]) -> bool:
    """Tell "five of them" and "twenty armed men" from "ten o'clock"."""
    near = (heads.get(other) for other in range(at + 1, at + 1 + COUNTED_NEAR))
    return tokens[at].gap == " " and (
        tokens[at + 1].lower == "of"
        or any(each and each.first <= at and each.kind & (lex.PERSON | lex.ANIMAL) for each in near)
    )


def _stands_alone(tokens: Sequence[Token], at: int) -> bool:
    """Tell "another came" and "walked up to the other" from "another door"."""
    return tokens[at].gap != " " or bool(tokens[at + 1].facts & lex.VERB and tokens[at + 1].facts & lex.INFLECTED)


def _is_shown(token: Token, phrase: Phrase | None) -> bool:
    """Whether a word may be seen in a picture, or takes nothing from one."""
    if phrase is not None:
        return bool(phrase.kind & (lex.PERSON | lex.ANIMAL | PLACES | SIGHTS)) or token.base in THINGS
    return token.lower in WHEN or table.PARTICIPLES.get(token.lower, token.base) in table.DEEDS


def weigh_coverage(count: Count, staging: Staging) -> float:
    """From 0 to 1, how well a staging does for the passage that it was made from."""
    told, shown = _people(count, staging)
    for more_told, more_shown in (_deeds(count, staging), _things(count, staging), _places(count, staging)):
        told, shown = told + more_told, shown + more_shown
    return _share(told, shown) * (1.0 - min(_risk(count, staging), 0.9)) * _clearness(count) * _kind(staging)


def most_coverage(count: Count) -> float:
    """The most that any staging of a passage can reach, by what nobody can draw of it."""
    people = len(count.names) + len(count.nouns)
    drawable = sum(base in THINGS for base in count.things)
    lacking = UNDRAWN * count.acts + THING * (len(count.things) - drawable)
    lacking += PLACE * max(len(count.places) - 2, 0) + SOMEBODY * max(people - MOST_DRAWN, 0)
    told = SOMEBODY * people + MANY * len(count.many) + DONE * len(set(count.deeds)) + PLACE * min(len(count.places), 3)
    told += THING * drawable
    return _share(told + lacking, told) * _clearness(count)


def _share(told: float, shown: float) -> float:
    return (min(shown, told) + EVEN) / (told + EVEN) * (THIN if told < LEAST else 1.0)


def _clearness(count: Count) -> float:
    """What speech, what does not happen and what is always so leave of a moment."""
    words = max(count.words, 1)
    heard = max(1.0 - TALKED * count.spoken / words - GATED * count.gated / words, 0.0)
    real = MUSING ** min(count.imagined, 1) * THINKING ** min(count.minded, 3)
    return float(heard * real * RECURRING ** min(count.habits, 2))


def _kind(staging: Staging) -> float:
    """Best a sure place with somebody who does something; a face alone does for little but its own description."""
    busy = any(figure.deed not in STILL for figure in staging.figures)
    if staging.view is View.SCENE:
        return 1.0 if busy else 0.8 if staging.figures else 0.7
    if staging.view is View.GROUP:
        return 0.9 if busy else 0.6
    return {View.PORTRAIT: 0.75 if busy else 0.5, View.OBJECT: 0.7}.get(staging.view, 0.2)


def _note(count: Count, stage: Stage, at: int, phrase: Phrase | None) -> None:
    token = stage.passage.tokens[at]
    known = stage.people.names.get(at)
    if known is not None:
        if not token.lower.endswith("'s"):
            count.names.add(known.name)
            if token.facts & PLACES and not token.facts & lex.PERSON and stage.people.names.get(at + 1) is not known:
                count.unlikely.add(known.name)  # "Table Rock" may be no one
            tokens = stage.passage.tokens
            count.unseen += is_said_of_a_thing(tokens, at) + is_beside_unknown(tokens, stage.people.names, at)
    elif phrase is not None:
        _note_phrase(count, token, phrase)
    elif token.lower in _PRONOUNS:
        count.pronouns.add(_PRONOUNS[token.lower])
    elif token.facts & lex.LIGHT:
        count.lights += 1
    elif token.lower in repeated.CUES:
        count.habits += repeated.is_told_of_a_time(stage.passage.tokens, at)
    elif token.lower in PICTURED:
        count.imagined += 1
    elif (token.facts & lex.VERB and token.facts & lex.INFLECTED) or token.lower in table.PARTICIPLES:
        _note_verb(count, token)


def _note_verb(count: Count, token: Token) -> None:
    base = table.PARTICIPLES.get(token.lower, token.base)
    count.imagined += base in IMAGINED
    count.minded += base in MINDED
    deed = table.DEEDS.get(base)
    if deed is not None:
        count.deeds.append(deed)
        if base not in MANIFOLD:
            count.happened.add(deed)
    elif token.facts & lex.ACT and not token.facts & lex.NOUN:
        count.acts += 1


_PRONOUNS = {
    **dict.fromkeys(HE, "he"),
    **dict.fromkeys(SHE, "she"),
    **dict.fromkeys(THEY | WE, "they"),
    **dict.fromkeys(ME, "i"),
}
# Of all other words, half of a text, there is nothing to note.
_NOTED = frozenset({*_PRONOUNS, *repeated.CUES, *PICTURED, *table.PARTICIPLES})
_NOTED_FACTS = lex.LIGHT | lex.VERB


def _note_phrase(count: Count, token: Token, phrase: Phrase) -> None:
    if phrase.determiner in people_table.UNREAL:
        return
    if phrase.kind & (lex.PERSON | lex.ANIMAL):
        several = bool(token.facts & lex.PLURAL and token.lower != token.base) or token.base in people_table.GROUPS
        if token.base in people_table.CROWD or several:
            count.many.add(token.base)
        elif token.base not in people_table.NOBODY and not token.lower.endswith("'s"):
            count.nouns.add(token.base)
        return
    count.counted += phrase.determiner in SMALL_NUMBERS | UNCOUNTED
    if phrase.kind & PLACES:
        count.places.add(token.lower)
    elif phrase.kind & SIGHTS or token.base in THINGS:
        count.things.add(token.base)


def _people(count: Count, staging: Staging) -> tuple[float, float]:
    """Those told of and those drawn; a noun with "the" for a name counts once."""
    figures = list(staging.figures)
    named = sum(any(figure.name == name for figure in figures) for name in count.names)
    loose = [figure for figure in figures if figure.name not in count.names]
    nouns = {noun for noun in count.nouns if not any(noun in name.lower() for name in count.names)}
    described = {figure.noun for figure in figures}
    matched = sum(noun in described or any(noun == figure.species for figure in figures) for noun in nouns)
    free = [figure for figure in loose if figure.noun not in nouns and figure.count == 1]
    bridged = min(len(nouns) - matched, len(free))
    several = [figure for figure in figures if figure.count > 1]
    massed = min(len(count.many), len(several) + staging.crowd)
    told = SOMEBODY * (len(count.names) + len(nouns)) + MANY * len(count.many)
    shown = SOMEBODY * (named + matched) + 0.5 * bridged + MANY * massed
    if "they" in count.pronouns and not count.many:
        told, shown = told + 0.6, shown + 0.6 * (len(figures) > 1 or bool(several))
    here = not (count.names or nouns)
    for word, sex in (("he", Sex.MAN), ("she", Sex.WOMAN)):
        drawn = any(figure.sex is sex for figure in figures)
        if word in count.pronouns and (here or not drawn):
            told, shown = told + 0.8, shown + 0.8 * drawn
    if "i" in count.pronouns:
        told, shown = told + 0.5, shown + 0.5 * any(figure.noun == NARRATOR for figure in figures)
    return told, shown


def _deeds(count: Count, staging: Staging) -> tuple[float, float]:
    """What is done and what is shown of it; a verb with a sense of its own counts for one that is shown besides."""
    drawn = {figure.deed for figure in staging.figures}
    busy = sorted(set(count.deeds), key=lambda deed: -table.WEIGHT.get(deed, 1.0))
    told = shown = 0.0
    senses = len(drawn - set(count.deeds) - STILL)
    for deed in busy:
        worth = ALOOF if deed in STILL else DONE + 0.15 * table.WEIGHT.get(deed, 1.0)
        told += worth
        if deed in drawn:
            shown += worth
        elif senses and deed not in STILL:
            shown, senses = shown + worth, senses - 1
    return told + UNDRAWN * count.acts, shown


def _things(count: Count, staging: Staging) -> tuple[float, float]:
    held = {thing for figure in staging.figures for thing in (figure.holds, figure.upon) if thing}
    told = shown = 0.0
    for base in count.things:
        thing = THINGS.get(base)
        told += THING
        if thing is None:
            continue
        if thing in held or (staging.view is View.OBJECT and staging.things[:1] == (thing,)):
            shown += THING
        elif thing in staging.things and staging.view is View.SCENE:
            shown += THING * (0.3 if thing in table.HANDLED else 0.8)
        elif thing in staging.things and staging.view is View.GROUP:
            shown += THING * (0.0 if thing in table.HANDLED else 0.4)
    return told, shown


def _places(count: Count, staging: Staging) -> tuple[float, float]:
    scene = staging.view is View.SCENE
    evidence = staging.evidence.lower()
    seen = sum(word in evidence for word in count.places) if scene else 0
    more = 0.3 * (len(count.places) - seen) if scene and staging.source is Source.PASSAGE else 0.0
    told = PLACE * min(len(count.places), 3)
    shown = PLACE * min(seen + more, 3.0)
    if count.lights:
        told, shown = told + LIGHT, shown + LIGHT * bool(staging.time or staging.weather)
    return told, shown


def _risk(count: Count, staging: Staging) -> float:
    """What the picture would claim and the passage does not say, or says in words of many senses."""
    risk = sum(_risks_of(figure, count) for figure in staging.figures)
    risk += MANY_THERE * (len(staging.figures) > 2) + MASS * staging.crowd
    if staging.view is View.SCENE and staging.source is not Source.PASSAGE:
        risk += REMEMBERED
    afloat = staging.view is View.SCENE and staging.setting is Setting.BOAT
    if afloat and any(figure.deed not in SEATED for figure in staging.figures):
        risk += SEXLESS  # in a boat everybody sits
    if staging.view is View.GROUP and all(figure.deed in STILL for figure in staging.figures):
        risk += LANDLESS
    return risk


def _risks_of(figure: Figure, count: Count) -> float:
    if figure.being is Being.CREATURE:
        return SHAPELESS * (not figure.species)
    unsure = figure.deed not in STILL and figure.deed not in count.happened
    risk = MISREAD * (figure.deed in SLIPPERY or unsure)
    if figure.noun == NARRATOR:
        return risk + (TELLER if figure.sex else SEXLESS)
    risk += ABSENT * (figure.name in count.unlikely)
    said = figure.name in count.names or figure.noun in count.nouns | count.many
    if not said:
        meant = {Sex.MAN: "he", Sex.WOMAN: "she"}.get(figure.sex, "they") in count.pronouns
        risk += (BY_PRONOUN if figure.name else 3 * BY_PRONOUN) if meant else ABSENT
    return risk + SEXLESS * (not figure.sex and not figure.noun and figure.count == 1)
