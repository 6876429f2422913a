"""What a chapter tells about who is who: which names meet in a sentence, which are listed together, "he" or "she"."""

import itertools
from bisect import bisect_right
from collections import Counter

from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.ages import weigh_ages
from imaginized.providers.builtin.dialogue import is_called, weigh_talk
from imaginized.providers.builtin.names import Name
from imaginized.providers.builtin.sentences import Passage, Sentence
from imaginized.story.elements import SELF, Signs
from imaginized.story.traits import AGED

HE, SHE = vocabulary.words("he his him himself"), vocabulary.words("she her hers herself")
OWN = vocabulary.words("his her its")
# What a beast has and a person has not.
BEAST_PARTS = vocabulary.words(
    "fur paw paws forepaw forepaws forefeet forelegs hind hindquarters haunch haunches tail muzzle snout mane hoof "
    "hoofs hooves fetlock fetlocks fang fangs hackles withers flanks beak claws feathers udder tusks "
    "harness traces bridle halter kennel stall manger"
)
PERSON_PARTS = vocabulary.words(
    "hand hands finger fingers thumb fist fists palm elbow arm arms hat cap bonnet boots gloves pocket pockets sleeve "
    "sleeves pipe cigar spectacles glasses dress gown skirt apron waistcoat trousers handkerchief beard moustache "
    "cheeks lap wife husband money purse book pen knife gun rifle whip"
)
PARTS = dict.fromkeys(PERSON_PARTS, "human") | dict.fromkeys(BEAST_PARTS, "beast")
WEDDING = vocabulary.words(
    "marry marries married marrying marriage wedding wedded wed bride bridegroom bridal wife wives husband husbands "
    "engaged engagement honeymoon"
)
LISTING = vocabulary.words("and or nor with to than")


def read_signs(
    passage: Passage, names: list[Name], named: dict[int, Name], roles: dict[str, Counter[str]]
) -> dict[str, Signs]:
    """For each name what speaks for its kind, its sex and for its being another than the names around it.

    And for "I" how old others say that is.
    """
    near: dict[str, Counter[str]] = {name.text: Counter() for name in names}
    along: dict[str, Counter[str]] = {name.text: Counter() for name in names}
    weds: dict[str, Counter[str]] = {name.text: Counter() for name in names}
    weddings = {passage.sentence_of_token[at] for at in passage.places_of(WEDDING)}
    by_sentence: dict[int, list[tuple[int, int, Name]]] = {}
    for name in names:
        for first, last in name.mentions:
            by_sentence.setdefault(passage.sentence_of_token[first], []).append((first, last, name))
    _weigh_bodies(passage, named)
    weigh_ages(passage, names, named)
    for number, spans in by_sentence.items():
        spans.sort(key=lambda span: span[0])
        _relate(passage, spans, near, along)
        if len({id(name) for _, _, name in spans}) == 1:
            _add_sex(passage, number, spans[0], named)
    for number in sorted(weddings):
        _count_pairs(_named_around(passage, number, by_sentence), weds)
    talk = weigh_talk(passage, names)
    teller = {SELF: Signs(counts=dict(sorted({**talk.ages[SELF], AGED: 1}.items())))} if SELF in talk.ages else {}
    return teller | {
        name.text: Signs(
            counts=dict(sorted({**(name.evidence + talk.ages.get(name.text, Counter())), AGED: 1}.items())),
            near=dict(near[name.text]),
            along=dict(along[name.text]),
            callers=dict(talk.callers[name.text]),
            answers=dict(talk.answers[name.text]),
            weds=dict(weds[name.text]),
            roles=dict(roles.get(name.text, {})),
        )
        for name in names
    }


def read_noun(passage: Passage, heads: list[int], named: dict[int, Name]) -> Signs:
    """What speaks for who a nameless one is: the names in its sentences, both told or spoken, and "he" or "she"."""
    near: Counter[str] = Counter()
    counts = Counter({"noun": len(heads)})
    for number in sorted({passage.sentence_of_token[head] for head in heads}):
        sentence = passage.sentences[number]
        there = [at for at in heads if sentence.first <= at < sentence.last]
        spoken = {passage.tokens[at].spoken for at in there}
        names = [at for at in range(sentence.first, sentence.last) if at in named]
        near.update(sorted({named[at].text for at in names if passage.tokens[at].spoken in spoken}))
        told = _told_sex(passage, number, (there[-1], there[-1] + 1), named) if not names else ""
        if told:
            counts[told] += 1
    return Signs(counts=dict(counts), near=dict(near))


def _relate(
    passage: Passage,
    spans: list[tuple[int, int, Name]],
    near: dict[str, Counter[str]],
    along: dict[str, Counter[str]],
) -> None:
    """Count the pairs of one sentence: both told or both spoken, since a speaker calls people otherwise."""
    tokens = passage.tokens
    pairs = {
        frozenset((a.text, b.text))
        for i, (first, _, a) in enumerate(spans)
        for other, _, b in spans[i + 1 :]
        if a is not b and tokens[first].spoken == tokens[other].spoken
    }
    for a, b in sorted(sorted(pair) for pair in pairs):  # a set has another order in each process
        near[a][b] += 1
        near[b][a] += 1
    for (_, last, one), (first, _, other) in itertools.pairwise(spans):
        between = [token.lower for token in tokens[last:first]]
        listed = len(between) == 1 and between[0] in LISTING and tokens[last - 1].gap in (" ", ", ")
        if listed and one is not other and tokens[last].gap == " ":
            along[one.text][other.text] += 1
            along[other.text][one.text] += 1


def _named_around(passage: Passage, number: int, by_sentence: dict[int, list[tuple[int, int, Name]]]) -> set[str]:
    """Who is named in a sentence or next to it in its paragraph."""
    paragraph = passage.sentences[number].paragraph
    around = range(max(number - 1, 0), min(number + 2, len(passage.sentences)))
    near = [at for at in around if passage.sentences[at].paragraph == paragraph]
    return {name.text for at in near for _, _, name in by_sentence.get(at, ())}


def _count_pairs(texts: set[str], counts: dict[str, Counter[str]]) -> None:
    for one, other in itertools.permutations(sorted(texts), 2):
        counts[one][other] += 1


def _add_sex(passage: Passage, number: int, span: tuple[int, int, Name], named: dict[int, Name]) -> None:
    """Count "he" or "she" after the only name of a sentence, or at the head of the next sentence."""
    told = _told_sex(passage, number, span[:2], named)
    if told:
        span[2].evidence[told] += 1


def _told_sex(passage: Passage, number: int, span: tuple[int, int], named: dict[int, Name]) -> str:
    first, last = span
    tokens, sentence = passage.tokens, passage.sentences[number]
    if tokens[first].spoken and (not sentence.told or is_called(tokens, first, last)):
        return ""  # who is addressed is "you", and "he" somebody else
    rest = [token.lower for token in tokens[last : sentence.last] if token.spoken == tokens[first].spoken]
    word = next((word for word in rest if word in HE or word in SHE), "") or _next_head(
        passage, sentence, number, named
    )
    return ("he" if word in HE else "she") if word else ""


def _weigh_bodies(passage: Passage, named: dict[int, Name]) -> None:
    """Count "his thick fur", "Buck's paws", "her hands" for whom the paragraph, or the one before, named last."""
    tokens = passage.tokens
    places = sorted(i for i in named if not tokens[i].spoken)
    for i in passage.places_of(PARTS):
        kind = PARTS[tokens[i].lower]
        if tokens[i].spoken:
            continue
        at = bisect_right(places, i) - 1
        before = tokens[max(i - 3, 0) : i]
        if at >= 0 and any(word.lower in OWN or word.lower.endswith("'s") for word in before):
            named[places[at]].evidence[kind] += 1


def _next_head(passage: Passage, sentence: Sentence, number: int, named: dict[int, Name]) -> str:
    if number + 1 >= len(passage.sentences):
        return ""
    after = passage.sentences[number + 1]
    if after.paragraph != sentence.paragraph or after.first >= after.last or after.first in named:
        return ""
    word = passage.tokens[after.first].lower
    return word if word in HE or word in SHE else ""
