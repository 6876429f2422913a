"""What is to be seen in a passage, as the record that pictures are drawn from: place, light, people, deeds, things.

Works on a passage of a chapter that was read, and on a bare quote, of which less is sure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from imaginized.providers.builtin import acting_words as table
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.acting import Acts, find_acts
from imaginized.providers.builtin.actors import Known, People
from imaginized.providers.builtin.element_types import judge_type
from imaginized.providers.builtin.gate import mark_unreal
from imaginized.providers.builtin.lexicon import load_lexicon
from imaginized.providers.builtin.names import Name
from imaginized.providers.builtin.owners import Owners
from imaginized.providers.builtin.phrases import Phrase, find_phrases
from imaginized.providers.builtin.sentences import Passage, read_passage
from imaginized.providers.builtin.setting import Clues, Whereabouts, find_clues, find_whereabouts
from imaginized.providers.builtin.sky import Sky, find_sky
from imaginized.story.elements import Element, ElementType
from imaginized.story.names import MEN, WOMEN, name_key
from imaginized.story.stage_things import Species
from imaginized.story.staging import SURE, Being, Figure, Sex, Staging, View
from imaginized.story.text import ChapterText, Paragraph

# A bare quote knows nothing of the chapter before it.
QUOTE_TRUST = 0.85
TALKED = 0.55  # share of speech from which a passage is talk
MOST_THINGS = 8
LAST_NAMED = 160  # tokens before a passage in which "he" may have been named
BUSY = 1.5  # weight of deeds from which a passage is an event, not a thing's portrait


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What is known of a chapter before one of its passages is staged."""

    passage: Passage
    unreal: Sequence[int]
    clues: Clues
    phrases: Sequence[Sequence[Phrase]]
    people: People


def stage_passage(stage: Stage, first: int, last: int, *, trust: float = 1.0) -> Staging:
    """Stage the sentences first..last (last excluded) of a chapter.

    Args:
        stage: The chapter.
        first: Its first sentence.
        last: The sentence after it.
        trust: Factor on the confidence of the place.
    """
    passage = stage.passage
    if not passage.english:
        return Staging(why="language is not read: typographic")
    begin, end = passage.sentences[first].first, passage.sentences[last - 1].last
    where = find_whereabouts(passage, stage.clues, begin, end)
    sky = find_sky(passage, stage.unreal, begin, end)
    people = replace(stage.people, before=_before(stage, begin))
    acts = find_acts(passage, (first, last), unreal=stage.unreal, phrases=stage.phrases, people=people)
    spoken = sum(passage.tokens[i].spoken for i in range(begin, end)) / max(end - begin, 1)
    return _compose(where, sky, acts, trust=trust, spoken=spoken)


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
    known = {id(name): _know(name, called[name.text], owners) for name in names.values() if name.text in called}
    people = People(names={at: known[id(name)] for at, name in names.items() if id(name) in known})
    return Stage(passage=passage, unreal=unreal, clues=find_clues(passage, unreal), phrases=phrases, people=people)


def _know(name: Name, element: str, owners: Owners) -> Known:
    words = owners.sex_of(name)
    sex = Sex.UNKNOWN if words is None else Sex.MAN if "he" in words else Sex.WOMAN
    if judge_type(name) is not ElementType.CREATURE:
        return Known(name=element, sex=sex)
    nouns = {token.base for first, _ in name.mentions[:40] for token in owners.passage.tokens[max(first - 3, 0) : first + 8]}
    species = next((table.SPECIES[noun] for noun in sorted(nouns) if noun in table.SPECIES), Species.UNKNOWN)
    return Known(name=element, being=Being.CREATURE, sex=sex, species=species)


def _before(stage: Stage, begin: int) -> dict[Sex, Known]:
    """Who was named last before a token, by sex."""
    found: dict[Sex, Known] = {}
    for at in range(begin - 1, max(begin - LAST_NAMED, -1), -1):
        known = stage.people.names.get(at)
        if known is not None and known.sex and not stage.unreal[at]:
            found.setdefault(known.sex, known)
            if len(found) > 1:
                break
    return found


def _compose(where: Whereabouts, sky: Sky, acts: Acts, *, trust: float, spoken: float) -> Staging:
    confidence = round(where.confidence * trust, 2)
    view, why = _choose_view(acts, placed=bool(where.setting) and confidence >= SURE, spoken=spoken)
    return Staging(
        setting=where.setting,
        confidence=confidence,
        source=where.source,
        evidence=where.evidence,
        indoors=where.indoors,
        time=sky.time,
        weather=sky.weather,
        weather_words=sky.words,
        season=sky.season,
        figures=acts.figures,
        things=acts.things[:MOST_THINGS],
        crowd=acts.crowd,
        view=view,
        why=why,
    )


def _choose_view(acts: Acts, *, placed: bool, spoken: float) -> tuple[View, str]:
    """The widest picture that does not lie."""
    people = len(acts.figures)
    hero = next((thing for thing in acts.things if thing not in table.DULL), None)
    if placed and spoken < TALKED:
        return View.SCENE, "place is known"
    if placed:
        return (View.SCENE, "place is known, talk") if people > 1 else (View.PORTRAIT, "talk: portrait") if people else _bare(hero)
    if hero is not None and acts.weight < BUSY:
        return View.OBJECT, "place not sure, little happens: object"
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
    if not passage.english or not passage.sentences:
        return Staging(why="language is not read: typographic")
    unreal = mark_unreal(passage)
    names = find_known(passage, elements)
    taken = frozenset(names)
    phrases = [find_phrases(passage, sentence, taken=taken) for sentence in passage.sentences]
    clues = find_clues(passage, unreal)
    stage = Stage(passage=passage, unreal=unreal, clues=clues, phrases=phrases, people=People(names=names))
    return stage_passage(stage, 0, len(passage.sentences), trust=QUOTE_TRUST)


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


def know(element: Element, *, sex: Sex | None = None) -> Known:
    """Somebody of the cast as the stage knows them: sex by title, noun or looks; of a beast its species."""
    said = f"{element.name} {element.description}".lower().replace(",", " ").replace(";", " ").split()
    if element.type is ElementType.CREATURE:
        species = next((table.SPECIES[word] for word in said if word in table.SPECIES), Species.UNKNOWN)
        return Known(name=element.name, being=Being.CREATURE, species=species, sex=sex or Sex.UNKNOWN)
    first = (name_key(element.name) or ("",))[0]
    by_title = Sex.MAN if said and said[0].rstrip(".") in MEN else Sex.WOMAN if said and said[0].rstrip(".") in WOMEN else None
    by_name = load_lexicon().given.get(first) or load_lexicon().given.get(first.capitalize())
    listed = {"given_man": Sex.MAN, "given_woman": Sex.WOMAN}.get(by_name or "")
    by_noun = next((table.SEXES[word] for word in said if word in table.SEXES), None)
    return Known(name=element.name, sex=sex or by_title or listed or by_noun or Sex.UNKNOWN)


def main_figure(staging: Staging) -> Figure | None:
    """Who the picture is about; None where nobody is there."""
    return staging.figures[0] if staging.figures else None
