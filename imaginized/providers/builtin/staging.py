"""What is to be seen in a passage, as the record that pictures are drawn from: place, light, people, deeds, things.

Works on a passage of a chapter that was read, and on a bare quote, of which less is sure.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter

from imaginized.providers.builtin import acting_words as table
from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import people_words as people_table
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.acting import find_acts, read_lead
from imaginized.providers.builtin.actors import Cast, Known, People
from imaginized.providers.builtin.approaching import in_the_open, on_the_way
from imaginized.providers.builtin.bearings import heed
from imaginized.providers.builtin.chunks import Walks
from imaginized.providers.builtin.cold import without_fire
from imaginized.providers.builtin.element_types import judge_type
from imaginized.providers.builtin.gate import mark_unreal
from imaginized.providers.builtin.known import know, species_by_name
from imaginized.providers.builtin.lexicon import load_lexicon
from imaginized.providers.builtin.names import Name
from imaginized.providers.builtin.narrators import LEAST_BEASTLY, read_narrator, sex_of_narrator, species_of
from imaginized.providers.builtin.nobodies import is_of_many
from imaginized.providers.builtin.owners import Owners
from imaginized.providers.builtin.phrases import Phrase, find_phrases
from imaginized.providers.builtin.roadside import on_road, outside
from imaginized.providers.builtin.sentences import Passage, read_passage
from imaginized.providers.builtin.setting import Clues, find_clues
from imaginized.providers.builtin.settling import SEEN, Acts
from imaginized.providers.builtin.sky import Sky, find_sky
from imaginized.providers.builtin.whereabouts import PASSED, Whereabouts, find_whereabouts
from imaginized.story.elements import Element, ElementType
from imaginized.story.stage_lists import ROOFED, Deed, Setting
from imaginized.story.stage_things import Species, Thing
from imaginized.story.staging import SURE, Being, Sex, Source, Staging, View
from imaginized.story.text import ChapterText, Paragraph

# A bare quote knows nothing of the chapter before it.
QUOTE_TRUST = 0.85
TALKED = 0.55  # share of speech from which a passage is talk
MOST_THINGS = 8
LAST_NAMED = 320  # tokens before a passage in which "he" may have been named
RIVALLED = 0.4  # of the mentions of one: somebody else of that sex with so many may be meant as well
HALF_FORGOTTEN = 110  # tokens after which a mention counts half
FEW_WORDS, KNOWN_SHARE = 12, 0.5  # a quote too short for its language to be told by its commonest words
FIRST_PERSON, LEAST_TOKENS = 0.004, 250  # share of "I" in the telling from which a narrator is there
CHILDISH = 0.003  # share of words of children from which a girl is a child
_OF_CHILDREN = ("child", "children", "boys", "girls", "nurse", "nursery", "baby", "toy", "toys", "mamma", "governess")
DOUBTED = 2  # idle figures from which a group without a place is a portrait
CERTAIN, HALF_PROVED = 0.8, 0.7  # of a place by signs alone
LOST = 0.5  # confidence of a remembered place in which nobody does anything: its side of the door is kept
_ON_ROADS = frozenset({Deed.RIDE, Deed.DRIVE})  # on a horse or behind one: on earth, under a sky
_OPEN_AIR = frozenset({Deed.DIG, Deed.RIDE, Deed.DRIVE, Deed.ROW, Deed.SAIL, Deed.SWIM, Deed.CHASE, Deed.CHOP})
TALE = 2  # kinds of beast with an article for a name from which a chapter is a tale of beasts
BUSY = 1.5  # weight of deeds from which a passage is an event, not a thing's portrait


@dataclass(slots=True)
class Memo:
    """What is worked out once for all passages of a chapter.

    Attributes:
        leading: Each mention of somebody of known sex that begins there: token, who, how much it counts.
        beasts: The tokens of beasts with names, and whose they are.
        walks: Those through its sentences.
        leads: Who is known where a passage begins, by its first token.
        staged: The stagings of passages and how faithful they are, by their tokens, how many sentences they are, and
            the trust in their place; a chapter whose sentence is parted once more shares them.
    """

    leading: list[tuple[int, Known, float]] | None = None
    beasts: list[tuple[int, Known]] | None = None
    walks: Walks = field(default_factory=dict)
    leads: dict[int, Cast] = field(default_factory=dict)
    staged: dict[tuple[int, int, int, float], tuple[Staging, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What is known of a chapter before one of its passages is staged; one that is cut otherwise has its own `memo`."""

    passage: Passage
    unreal: Sequence[int]
    clues: Clues
    phrases: Sequence[Sequence[Phrase]]
    people: People
    memo: Memo = field(default_factory=Memo)


def stage_passage(stage: Stage, first: int, last: int, *, trust: float = 1.0) -> Staging:
    """Stage the sentences first..last (last excluded) of a chapter.

    Args:
        stage: The chapter.
        first: Its first sentence.
        last: The sentence after it.
        trust: Factor on the confidence of the place.
    """
    return stage_faithfully(stage, first, last, trust=trust)[0]


def stage_faithfully(stage: Stage, first: int, last: int, *, trust: float = 1.0) -> tuple[Staging, float]:
    """Stage some sentences, and say from 0 to 1 how much of what they tell the picture would show, and how surely."""
    begin, end = stage.passage.sentences[first].first, stage.passage.sentences[last - 1].last
    key = (begin, end, last - first, trust)
    staged = stage.memo.staged.get(key)
    if staged is None:
        staged = stage.memo.staged[key] = _stage(stage, first, last, trust=trust)
    return staged


def _stage(stage: Stage, first: int, last: int, *, trust: float) -> tuple[Staging, float]:
    passage = stage.passage
    if not passage.english:
        return Staging(why="language is not read: typographic"), 1.0
    begin, end = passage.sentences[first].first, passage.sentences[last - 1].last
    where = find_whereabouts(passage, stage.clues, begin, end)
    where = on_the_way(passage, stage.clues, stage.unreal, (begin, end), where, names=stage.people.names)
    sky = find_sky(passage, stage.unreal, begin, end)
    lead = stage.memo.leads.get(begin)
    if lead is None:
        lead = stage.memo.leads[begin] = _read_lead(stage, first)
    cast = lead.copy()
    cast.passage = passage  # a sentence may be parted otherwise since the lead was read
    acts = find_acts(cast, (first, last), unreal=stage.unreal, phrases=stage.phrases, walks=stage.memo.walks)
    acts = on_road(passage, stage.unreal, (begin, end), acts, where)
    where = in_the_open(outside(passage, where, (begin, end), stage.unreal, acts), acts)
    acts, where = without_fire(passage, stage.unreal, (begin, end), acts, where)
    spoken = (passage.speech_before[end] - passage.speech_before[begin]) / max(end - begin, 1)
    staging = heed(_compose(where, sky, acts, trust=trust, spoken=spoken), passage, begin, end)
    return staging, acts.faith * _honesty(staging)


def _read_lead(stage: Stage, first: int) -> Cast:
    """Who is known where a passage begins that begins with a sentence."""
    begin = stage.passage.sentences[first].first
    before, rivalled = _before(stage, begin)
    people = replace(stage.people, before=before, rivalled=rivalled, beast=_beast_before(stage, begin))
    if _is_of_another(stage.passage, first):
        people = replace(people, first_person=False)
    return read_lead(
        stage.passage, first, unreal=stage.unreal, phrases=stage.phrases, people=people, walks=stage.memo.walks
    )


def _is_of_another(passage: Passage, first: int) -> bool:
    """Whether a passage begins within a speech that goes on for paragraphs: "I" is then who tells that tale."""
    sentence = passage.sentences[first]
    paragraph = next(
        i for i in range(first, -1, -1) if i == 0 or passage.sentences[i - 1].paragraph != sentence.paragraph
    )
    before = passage.text[passage.sentences[paragraph].start : sentence.start].rstrip()
    opens = passage.text[sentence.start : sentence.start + 1] in ("“", '"')
    inside = before.count("“") > before.count("”") or before.count('"') % 2 == 1
    return inside or (opens and sentence.spoken == 0)


def _honesty(staging: Staging) -> float:
    """How well a kind of picture does for its passage: best a sure place with somebody who does something."""
    busy = any(figure.deed not in _STILL for figure in staging.figures)
    if staging.view is View.SCENE:
        sure = 1.0 if staging.source is Source.PASSAGE else 0.95
        return sure if busy else 0.9 * sure if staging.figures else 0.7
    if staging.view is View.GROUP:
        return 0.95 if busy and any(figure.toward is not None for figure in staging.figures) else 0.6
    return {View.PORTRAIT: 0.8 if busy else 0.65, View.OBJECT: 0.65}.get(staging.view, 0.3)


_STILL = frozenset({Deed.STAND, Deed.TALK, Deed.LOOK, Deed.UNKNOWN})


def set_stage(
    passage: Passage,
    *,
    phrases: Sequence[Sequence[Phrase]],
    names: Mapping[int, Name],
    called: Mapping[str, str],
    owners: Owners,
) -> Stage:
    """Get ready to stage passages of a chapter.

    Args:
        passage: The chapter.
        phrases: Noun phrases of each sentence.
        names: The name each token belongs to.
        called: Name of the element for each name of somebody alive.
        owners: Who knows of what sex somebody is.
    """
    unreal = mark_unreal(passage)
    # Once for each name, not for each time it is told: that took the square of a chapter's length.
    those = {id(name): name for name in names.values() if name.text in called}
    named = [name for name in those.values() if 2 * name.with_the >= len(name.mentions)]
    beasts = {species for name in named if (species := species_by_name(name.text))}
    known = {
        one: _know(name, called[name.text], owners, fond=len(beasts) >= TALE)
        for one, name in those.items()
        if not is_of_many(name)
    }
    living = {at: known[id(name)] for at, name in names.items() if id(name) in known}
    people = People(
        names=living,
        beast=_most_named_beast(living),
        narrator=_know_narrator(passage),
        first_person=_is_told_by_one(passage),
        childish=len(passage.places_of(_OF_CHILDREN)) >= CHILDISH * len(passage.tokens),
    )
    return Stage(passage=passage, unreal=unreal, clues=find_clues(passage, unreal), phrases=phrases, people=people)


def _is_told_by_one(passage: Passage) -> bool:
    """Whether somebody who says "I" tells the chapter, and is no voice that only speaks to the reader once."""
    told = sum(not passage.tokens[at].spoken for at in passage.places_of(("i",)))
    return told >= FIRST_PERSON * max(len(passage.tokens), LEAST_TOKENS)


def _know_narrator(passage: Passage) -> Known:
    """Who tells the chapter, as far as it alone says: a beast by its own mane, a man or a woman."""
    signs = read_narrator(passage) if passage.english else {}
    if signs.get("beast", 0) >= LEAST_BEASTLY:
        return Known(name="", being=Being.CREATURE, species=species_of(signs))
    return Known(name="", sex=sex_of_narrator(signs))


def _know(name: Name, element: str, owners: Owners, *, fond: bool) -> Known:
    words = owners.sex_to_draw(name)
    sex = Sex.UNKNOWN if words is None else Sex.MAN if "he" in words else Sex.WOMAN
    by_name = species_by_name(name.text, fond=fond)
    if by_name and (fond or 2 * name.with_the >= len(name.mentions)):
        return Known(name=element, being=Being.CREATURE, sex=sex, species=by_name)
    if judge_type(name) is not ElementType.CREATURE:
        return Known(name=element, sex=sex, bare=0 < 4 * name.with_the < len(name.mentions))
    counts = Counter(
        species
        for first, _ in name.mentions[:40]
        for token in owners.passage.tokens[max(first - 3, 0) : first + 8]
        if (species := people_table.SPECIES.get(token.base)) and token.facts & lex.NOUN and token.word.islower()
    )
    least = max(2, len(name.mentions[:40]) // 8)  # a beast that only comes near it is another
    told = [species for species, count in counts.most_common(2) if count >= least]
    alike = len(told) > 1 and counts[told[0]] < 2 * counts[told[1]]
    species = told[0] if told and not alike else Species.UNKNOWN
    return Known(name=element, being=Being.CREATURE, sex=sex, species=species)


def _before(stage: Stage, begin: int) -> tuple[dict[Sex, Known], frozenset[Sex]]:
    """Who "he" and "she" are before anybody is named: who was named last, often and as a subject.

    And the sexes of which another was named nearly as much.
    """
    if stage.memo.leading is None:
        stage.memo.leading = list(_leading(stage))
    mentions = stage.memo.leading
    scores: dict[Known, float] = {}
    for number in range(bisect_left(mentions, begin - LAST_NAMED, key=_PLACE), len(mentions)):
        at, known, worth = mentions[number]
        if at >= begin:
            break
        scores[known] = scores.get(known, 0.0) + worth * 0.5 ** ((begin - at) / HALF_FORGOTTEN)
    found: dict[Sex, Known] = {}
    for known in sorted(scores, key=lambda each: (-scores[each], each.name)):
        found.setdefault(known.sex, known)
    rivals = (known for known in scores if known is not found[known.sex])
    return found, frozenset(known.sex for known in rivals if scores[known] > RIVALLED * scores[found[known.sex]])


_PLACE: Callable[[tuple[int, *tuple[object, ...]]], int] = itemgetter(0)


def _leading(stage: Stage) -> Iterator[tuple[int, Known, float]]:
    """Who of known sex is named where, where a name begins; as a subject it counts more."""
    names, tokens = stage.people.names, stage.passage.tokens
    for at in sorted(names):
        known = names[at]
        if known.sex and not stage.unreal[at] and names.get(at - 1) is not known:
            yield at, known, 1.6 if tokens[at].first or (at > 0 and tokens[at - 1].gap != " ") else 1.0


def _beast_before(stage: Stage, begin: int) -> Known | None:
    """The beast that was named last before a passage; the chapter's most named one where none was lately."""
    if stage.people.beast is None:
        return None  # most chapters have none
    if stage.memo.beasts is None:
        names = stage.people.names
        stage.memo.beasts = [(at, names[at]) for at in sorted(names) if names[at].being is Being.CREATURE]
    before = bisect_left(stage.memo.beasts, begin, key=_PLACE) - 1
    at, known = stage.memo.beasts[before] if before >= 0 else (-LAST_NAMED, stage.people.beast)
    return known if at >= begin - LAST_NAMED else stage.people.beast


def _most_named_beast(names: Mapping[int, Known]) -> Known | None:
    beasts = [known for known in names.values() if known.being is Being.CREATURE]
    counts = Counter(known.name for known in beasts)
    most = min(counts, key=lambda name: (-counts[name], name), default="")
    return next((known for known in beasts if known.name == most), None)


def _compose(where: Whereabouts, sky: Sky, acts: Acts, *, trust: float, spoken: float) -> Staging:
    confidence = round(where.confidence * trust * _proved(where, acts), 2)
    if where.source is Source.CHAPTER and confidence >= SURE and not _is_acted_in(acts):
        confidence = LOST  # a thought, an argument: the place of a page ago is not what it tells
    if where.source is Source.CHAPTER and where.setting in PASSED and not _is_on_the_way(acts):
        confidence = min(confidence, LOST)  # who sits or weeps has come to a room since
    placed = bool(where.setting) and confidence >= SURE
    acts = _afloat(acts) if placed and where.setting in _BOATS else acts
    acts = _inside(acts) if placed and where.setting in ROOFED else acts if placed else _surest(acts)
    doing = {figure.deed for figure in acts.figures}
    ridden = not doing.isdisjoint(_OPEN_AIR)  # no room, whatever the page before says
    open_air = False if not doing.isdisjoint(_ON_ROADS) else None
    view, why = _choose_view(acts, placed=placed, spoken=spoken)
    return Staging(
        setting=where.setting,
        confidence=confidence,
        source=where.source,
        evidence=where.evidence,
        indoors=open_air if where.indoors is not False and not placed and ridden else where.indoors,
        time=sky.time,
        weather=sky.weather,
        weather_words=sky.words,
        season=sky.season,
        figures=acts.figures,
        things=acts.things[:MOST_THINGS],
        fallen=acts.fallen,
        crowd=acts.crowd,
        view=view,
        why=why,
        lacks=acts.lacks,
    )


def _surest(acts: Acts) -> Acts:
    """Where neither the place is sure nor what two of several do: the one who is surely there."""
    aimed = {figure.toward for figure in acts.figures}
    doubtful = [
        figure for at, figure in enumerate(acts.figures) if figure.deed is Deed.STAND and at not in aimed and at > 0
    ]
    if len(acts.figures) <= DOUBTED or len(doubtful) < DOUBTED:
        return acts
    return replace(acts, figures=(replace(acts.figures[0], toward=None),))


def _afloat(acts: Acts) -> Acts:
    """Who thrusts or races in a boat where oars are told of rows it."""
    if Thing.OAR not in {*acts.things, *(figure.upon for figure in acts.figures)}:
        return acts
    rowing = (
        replace(figure, deed=Deed.ROW, toward=None, upon=Thing.NONE) if figure.deed in _PLIED else figure
        for figure in acts.figures
    )
    return replace(acts, figures=tuple(rowing))


_BOATS = frozenset({Setting.BOAT})
_PLIED = frozenset({Deed.RUN, Deed.PUSH, Deed.PULL, Deed.STRIKE, Deed.DIG, Deed.RAISE})


def _inside(acts: Acts) -> Acts:
    """Without the nameless beasts that are only seen out of the window of a room."""
    used = {figure.upon for figure in acts.figures}
    if Thing.WINDOW not in used | set(acts.things):
        return acts
    aimed = {figure.toward for figure in acts.figures}
    kept = [
        at
        for at, figure in enumerate(acts.figures)
        if figure.name or figure.being is Being.PERSON or at in aimed or figure.toward is not None
    ]
    places: dict[int | None, int] = {old: new for new, old in enumerate(kept)}
    return replace(
        acts, figures=tuple(replace(acts.figures[at], toward=places.get(acts.figures[at].toward)) for at in kept)
    )


def _is_on_the_way(acts: Acts) -> bool:
    return any(figure.deed in _PASSING for figure in acts.figures)


_PASSING = frozenset(
    {Deed.WALK, Deed.RUN, Deed.ENTER, Deed.LEAVE, Deed.CLIMB, Deed.CHASE, Deed.FALL, Deed.OPEN, Deed.CLOSE, Deed.KNOCK}
)


def _is_acted_in(acts: Acts) -> bool:
    """Whether somebody does what is seen to be done in a place, or many are there: who only stands is anywhere."""
    return acts.crowd or any(figure.deed not in _STILL for figure in acts.figures)


def _proved(where: Whereabouts, acts: Acts) -> float:
    """A room that only signs speak for needs another: what stands in rooms and is not the sign itself."""
    doing = {figure.deed for figure in acts.figures}
    if where.setting in ROOFED and where.source is not Source.PASSAGE and not doing.isdisjoint(_OPEN_AIR):
        return HALF_PROVED
    if where.setting is not Setting.ROOM or where.source is not Source.SIGNS or where.confidence >= CERTAIN:
        return 1.0
    inside = [thing for thing in acts.things if thing in table.INDOORS and thing.value not in where.evidence]
    return 1.0 if inside else HALF_PROVED


def _choose_view(acts: Acts, *, placed: bool, spoken: float) -> tuple[View, str]:
    """The widest picture that does not lie."""
    people = len(acts.figures)
    hero = next((thing for thing in acts.things if thing not in table.DULL), None)
    if placed and acts.hero and not people and not acts.crowd:
        return View.OBJECT, "nobody there, one thing told of: object"
    if placed and spoken < TALKED:
        return View.SCENE, "place is known"
    if placed:
        return (
            (View.SCENE, "place is known, talk")
            if people > 1
            else (View.PORTRAIT, "talk: portrait")
            if people
            else _bare(hero)
        )
    if hero is not None and acts.weight < BUSY and not any(figure.name or figure.sex for figure in acts.figures):
        return View.OBJECT, "place not sure, little happens: object"
    if acts.hero and acts.weight < SEEN and hero is acts.hero:
        return View.OBJECT, "place not sure, nothing done, one thing told of: object"
    if people > 1 or any(figure.count > 1 for figure in acts.figures):
        return View.GROUP, "place not sure: group"
    if people == 1:
        return View.PORTRAIT, "place not sure: portrait"
    return _bare(hero)


def _bare(hero: object) -> tuple[View, str]:
    if hero is not None:
        return View.OBJECT, "place not sure, nobody there: object"
    return View.TYPOGRAPHIC, "nothing sure to be seen: typographic"


def stage_quote(text: str, elements: Iterable[Element] = ()) -> Staging:
    """Stage a bare quote, of a scene that came without staging, with the elements that are said to be in it."""
    paragraphs = tuple(Paragraph(part) for part in text.split("\n\n") if part.strip())
    if not paragraphs:
        return Staging(why="no words: typographic")
    lexicon = load_lexicon()
    passage = read_passage(ChapterText(number=1, title="", paragraphs=paragraphs), lexicon=lexicon)
    passage.english = passage.english or _is_known(passage)
    if not passage.english or not passage.sentences:
        return Staging(why="language is not read: typographic")
    unreal = mark_unreal(passage)
    names = find_known(passage, elements)
    taken = frozenset(names)
    phrases = [find_phrases(passage, sentence, taken=taken) for sentence in passage.sentences]
    clues = find_clues(passage, unreal)
    people = People(names=names, beast=_most_named_beast(names))
    stage = Stage(passage=passage, unreal=unreal, clues=clues, phrases=phrases, people=people)
    return stage_passage(stage, 0, len(passage.sentences), trust=QUOTE_TRUST)


def _is_known(passage: Passage) -> bool:
    """Tell English in a few words, which may have none of the commonest: most are in the lexicon."""
    known = sum(bool(token.facts) for token in passage.tokens)
    few = 0 < len(passage.tokens) <= FEW_WORDS
    return few and passage.text.isascii() | ("’" in passage.text) and known >= KNOWN_SHARE * len(passage.tokens)


def find_known(passage: Passage, elements: Iterable[Element]) -> dict[int, Known]:
    """Which tokens of a passage name one of the living elements, by a name, an alias, or the last part of one."""
    ways: dict[str, list[tuple[tuple[str, ...], Known]]] = {}
    for element in elements:
        if element.type in (ElementType.CHARACTER, ElementType.CREATURE):
            known = know(element)
            for name in (element.name, *element.aliases):
                for way in _ways(name):
                    ways.setdefault(way[0], []).append((way, known))
    tokens = passage.tokens
    found: dict[int, Known] = {}
    at = 0
    while at < len(tokens):
        length = 0
        for way, known in ways.get(tokens[at].lower.removesuffix("'s"), ()):
            said = tuple(token.lower.removesuffix("'s") for token in tokens[at : at + len(way)])
            if said == way and len(way) > length and tokens[at].word[0].isupper() | (known.being is Being.CREATURE):
                length = len(way)
                found.update(dict.fromkeys(range(at, at + length), known))
        at += max(length, 1)
    return found


def _ways(name: str) -> list[tuple[str, ...]]:
    """How a name may stand in the text: whole, without its article or title, and its first or last part alone."""
    parts = tuple(part.strip(".,").lower().replace("’", "'") for part in name.split())
    parts = parts[1:] if parts[:1] in (("the",), ("a",), ("an",)) else parts
    found = [parts]
    plain = tuple(part for part in parts if part.capitalize() not in vocabulary.HONORIFICS)
    if len(parts) > 1 and plain:
        found += [plain, plain[-1:], plain[:1]]
    return [way for way in dict.fromkeys(found) if way and all(way)]
