"""Reading a chapter by its words alone: the text half of provider `builtin`. No model, no network, no chance."""

from collections import Counter
from dataclasses import dataclass, field, replace

from imaginized.garbage import held_collector
from imaginized.providers.api import TextReply, TextRequest
from imaginized.providers.builtin.actors import NARRATOR as FIGURE_OF_NARRATOR
from imaginized.providers.builtin.captions import describe, find_lighting, find_mood
from imaginized.providers.builtin.cutting import cut_long
from imaginized.providers.builtin.element_types import add_kinds, judge_type
from imaginized.providers.builtin.features import Told
from imaginized.providers.builtin.lexicon import Lexicon, load_lexicon
from imaginized.providers.builtin.looks import Looks, Observer, choose_looks
from imaginized.providers.builtin.names import Name, find_bynames, find_names, spans_by_token
from imaginized.providers.builtin.narrators import read_narrator
from imaginized.providers.builtin.owners import Owners
from imaginized.providers.builtin.phrases import Phrase, find_phrases
from imaginized.providers.builtin.pieces import Window
from imaginized.providers.builtin.portraits import find_portraits
from imaginized.providers.builtin.roles import count_species, find_roles
from imaginized.providers.builtin.scenes import pick_windows
from imaginized.providers.builtin.sentences import Passage, read_passage
from imaginized.providers.builtin.signs import read_noun, read_signs
from imaginized.providers.builtin.staging import Stage, set_stage, stage_passage
from imaginized.providers.builtin.telling import tell
from imaginized.providers.builtin.things import Thing, find_things
from imaginized.providers.builtin.tongues.reading import Found, read_elements
from imaginized.story.elements import NARRATOR, SELF, Element, ElementType, Look, Quote, Scene, Signs
from imaginized.story.merging import group_names, join_aliases
from imaginized.story.methods import WordMethod
from imaginized.story.names import name_key
from imaginized.story.staging import Staging, View
from imaginized.story.text import ChapterText, PageIndex
from imaginized.story.traits import TOLD_HE, TOLD_SHE

QUOTES_PER_CHAPTER = 3
MOST_PIECES = 5
MOST_ELEMENTS = 80
MOST_LASTING, MOST_PASSING = 12, 4  # looks of somebody in a chapter
# Of the words of a chapter that somebody tells of himself, so many are "I".
FIRST_PERSON, LEAST_TOKENS = 0.008, 500
ALIVE = (ElementType.CHARACTER, ElementType.CREATURE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A chapter with all that was found in it before anything is chosen."""

    passage: Passage
    lexicon: Lexicon
    names: list[Name]
    named: dict[int, Name]
    phrases: list[list[Phrase]]
    things: list[Thing]
    pages: PageIndex
    owners: Owners
    roles: dict[str, Counter[str]] = field(default_factory=dict)
    foreign: Found | None = None


@held_collector()
def read_chapter(request: TextRequest) -> TextReply:
    """Find the scenes worth drawing and the elements of a chapter by its words alone.

    Every quote is verbatim by construction. In a language other than English scenes are spread over the chapter by
    their length and little talk, described by their own beginning, and elements have names and quotes but no looks;
    `method` says how far the reading went.
    """
    reading = _read(request.chapter, language=request.language)
    elements = _elements_of(reading)
    method = WordMethod.WHOLE if reading.foreign is None else reading.foreign.method
    scenes = _scenes(reading, join_aliases(elements), most=request.scenes, before=request.scenes_before)
    return TextReply(scenes=scenes, elements=elements, method=method, by_model=False)


@held_collector()
def elements_in(request: TextRequest) -> tuple[Element, ...]:
    """The elements of a chapter alone: its scenes take two thirds of the time of a reading."""
    return _elements_of(_read(request.chapter, language=request.language))


def _elements_of(reading: Reading) -> tuple[Element, ...]:
    return _elements(reading) if reading.foreign is None else reading.foreign.elements


def _read(chapter: ChapterText, *, language: str) -> Reading:
    lexicon = load_lexicon()
    passage = read_passage(chapter, lexicon=lexicon)
    if not passage.english:
        return _read_foreign(passage, lexicon, language=language)
    names = find_names(passage, lexicon=lexicon)
    roles = find_roles(passage, names)
    for name in names:
        add_kinds(name, lexicon=lexicon)
        name.evidence["species"] = count_species(roles.get(name.text, Counter()), lexicon)
    named = spans_by_token(names)
    taken = frozenset(named)
    phrases = [find_phrases(passage, s, taken=taken) for s in passage.sentences]
    things = find_things(passage, phrases)
    return Reading(
        passage=passage,
        lexicon=lexicon,
        names=names,
        named=named,
        phrases=phrases,
        things=things,
        pages=chapter.pages(),
        owners=Owners(passage=passage, names=named),
        roles=roles,
    )


def _read_foreign(passage: Passage, lexicon: Lexicon, *, language: str) -> Reading:
    """Read names only: what looks and moods are said by, the lists know of English alone."""
    pages = passage.chapter.pages()
    found = read_elements(passage, language=language, pages=pages)
    named = spans_by_token(found.names)
    return Reading(
        passage=passage,
        lexicon=lexicon,
        names=found.names,
        named=named,
        phrases=[[] for _ in passage.sentences],
        things=[],
        pages=pages,
        owners=Owners(passage=passage, names=named),
        foreign=found,
    )


def _elements(reading: Reading) -> tuple[Element, ...]:
    observer = Observer(passage=reading.passage, phrases=reading.phrases)
    portraits = find_portraits(reading.passage, reading.owners)
    bynames = find_bynames(reading.passage, reading.names)
    signs = read_signs(reading.passage, reading.names, reading.named, reading.roles)
    found = []
    for name in reading.names[:MOST_ELEMENTS]:
        element_type = judge_type(name)
        seen = observer.look_at(name.mentions, is_thing=element_type not in ALIVE)
        told = portraits.get(name.text, []) if element_type in ALIVE else []
        element = _element(reading, element_type, name.text, len(name.mentions), seen + observer.quote_told(told))
        looks = _looks(reading, told)
        pieces = list(dict.fromkeys(look.text for look in looks if look.is_lasting))
        if told:
            described = "; ".join(_lowered(piece) for piece in pieces[:MOST_PIECES])
        else:  # what stands near the name of a person is as often said of somebody else: an old man beside a boy
            described = "" if element_type is ElementType.CHARACTER else element.description
        element = replace(element, description=described, looks=looks)
        own = _with_tally(signs[name.text], reading, name) if element_type in ALIVE else signs[name.text]
        found.append(replace(element, aliases=bynames.get(name.text, ()), signs=own))
    for thing in reading.things[:MOST_ELEMENTS]:
        spans = [(phrase.head, phrase.head + 1) for phrase in thing.phrases]
        seen = observer.look_at(spans, is_thing=True)
        found.append(
            replace(
                _element(reading, thing.type, thing.name, thing.mentions, seen),
                signs=read_noun(reading.passage, [head for head, _ in spans], reading.named),
            )
        )
    found += _narrator(reading, signs.get(SELF))
    strongest = sorted(group_names(found), key=lambda element: (-element.mentions, element.name))
    return tuple(strongest[:MOST_ELEMENTS])


def _with_tally(signs: Signs, reading: Reading, name: Name) -> Signs:
    """With how clearly the telling says "he" and "she" of somebody, which "he" and "she" near a name do not."""
    he, she = reading.owners.tally(name)
    return replace(signs, counts={**signs.counts, TOLD_HE: he, TOLD_SHE: she}) if he or she else signs


def _narrator(reading: Reading, called: Signs | None) -> list[Element]:
    """Who says "I" in the telling of this chapter; a play has none, whatever its directions say."""
    if reading.passage.labels:
        return []
    told = sum(not reading.passage.tokens[at].spoken for at in reading.passage.places_of((SELF.lower(),)))
    if told < FIRST_PERSON * max(len(reading.passage.tokens), LEAST_TOKENS):
        return []
    signs = read_narrator(reading.passage) if reading.passage.english else {}
    signs |= called.counts if called is not None else {}
    kind = ElementType.CREATURE if signs.get("beast") else ElementType.CHARACTER
    element = _element(reading, kind, NARRATOR, told, [])
    return [replace(element, signs=Signs(counts={**dict(sorted(signs.items())), "noun": told, "narrator": told}))]


def _element(reading: Reading, element_type: ElementType, name: str, mentions: int, seen: list[Looks]) -> Element:
    chosen = choose_looks(seen, most=QUOTES_PER_CHAPTER)
    pieces = list(dict.fromkeys(phrase for looks in chosen for phrase in looks.phrases))
    return Element(
        type=element_type,
        name=name,
        description="; ".join(_lowered(piece) for piece in pieces[:MOST_PIECES]),
        quotes=tuple(_quote(reading, looks.start, looks.end) for looks in chosen),
        mentions=mentions,
        chapters=(reading.passage.chapter.number,),
    )


def _looks(reading: Reading, told: list[Told]) -> tuple[Look, ...]:
    """What a chapter tells of somebody's looks, each with its quote, in reading order."""
    lasting = [each for each in told if each.is_lasting][:MOST_LASTING]
    passing = [each for each in told if not each.is_lasting][:MOST_PASSING]
    return tuple(
        Look(
            text=_lowered(each.text),
            quote=_quote(reading, each.start, each.end),
            is_lasting=each.is_lasting,
            is_guessed=each.is_guessed,
        )
        for each in sorted(lasting + passing, key=lambda each: each.start)
    )


def _lowered(piece: str) -> str:
    first, _, rest = piece.partition(" ")
    return f"{first.lower()} {rest}" if first in ("A", "An", "The", "His", "Her", "Its", "Their") else piece


def _quote(reading: Reading, start: int, end: int) -> Quote:
    chapter = reading.passage.chapter
    page = reading.pages.page_at(start)
    return Quote(text=reading.passage.text[start:end], chapter=chapter.number, start=start, page=page)


def _scenes(reading: Reading, elements: tuple[Element, ...], *, most: int, before: int | None) -> tuple[Scene, ...]:
    called = {name_key(alias): element.name for element in elements for alias in (element.name, *element.aliases)}
    alive = {
        name.text: called.get(name_key(name.text), name.text) for name in reading.names if judge_type(name) in ALIVE
    }
    stage = set_stage(
        reading.passage, phrases=reading.phrases, names=reading.named, called=alive, owners=reading.owners
    )
    cut = cut_long(stage)
    windows = pick_windows(
        reading.passage, reading.phrases, reading.named, stage=stage, cut=cut, most=most, before=before
    )
    maker = SceneMaker(reading=reading, stage=cut.stage, called=called, elements=elements)
    return tuple(maker.make(window, number) for number, window in enumerate(windows, start=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneMaker:
    """What is needed to make scenes of the windows of a chapter."""

    reading: Reading
    stage: Stage
    called: dict[tuple[str, ...], str]
    elements: tuple[Element, ...]

    def make(self, window: Window, number: int) -> Scene:
        """The scene of a window, with what is to be seen in it."""
        reading, stage = self.reading, window.within or self.stage
        passage = stage.passage
        first, last = passage.sentences[window.first].first, passage.sentences[window.last - 1].last
        quote = _quote(reading, window.start, window.end)
        staging = stage_passage(stage, window.first, window.last)
        if window.view is View.TYPOGRAPHIC:
            staging = replace(staging, view=View.TYPOGRAPHIC, why="a picture would be a guess: typographic")
        elif window.view is View.GROUP and staging.view is View.PORTRAIT:
            staging = replace(staging, view=View.GROUP, why="place not sure, one does something: group")
        seen = [token for at, token in enumerate(passage.tokens[first:last], first) if not self.stage.unreal[at]]
        return Scene(
            chapter=passage.chapter.number,
            number=number,
            quote=quote,
            description=self._describe(window, staging),
            mood=find_mood(seen) if passage.english else "",
            lighting=find_lighting(seen) if passage.english else "",
            elements=self._present(staging, first, last),
            pages=(quote.page, reading.pages.page_at(max(window.end - 1, 0))),
            staging=staging,
        )

    def _describe(self, window: Window, staging: Staging) -> str:
        """What is to be seen; where nobody and nothing is sure, the nouns of the passage."""
        if staging.view is not View.TYPOGRAPHIC:
            return tell(staging, self.elements)
        stage = window.within or self.stage
        phrases = [
            phrase
            for group in stage.phrases[window.first : window.last]
            for phrase in group
            if not self.stage.unreal[phrase.head]
        ]
        return describe(stage.passage, window, phrases, ())

    def _present(self, staging: Staging, first: int, last: int) -> tuple[str, ...]:
        """Names of the elements in a passage, in order of mention: who lives only if there; then the nameless."""
        reading = self.reading
        there = {figure.name for figure in staging.figures if figure.name}
        names = list({id(name): name for i in range(first, last) if (name := reading.named.get(i))}.values())
        texts = [
            name.text
            for name in names
            if not reading.passage.english
            or judge_type(name) not in ALIVE
            or self.called.get(name_key(name.text), name.text) in there
        ]
        texts += sorted(there)
        texts += [NARRATOR for figure in staging.figures if figure.noun == FIGURE_OF_NARRATOR]
        texts += [
            thing.name for thing in reading.things if any(first <= phrase.head < last for phrase in thing.phrases)
        ]
        return tuple(dict.fromkeys(self.called[key] for text in texts if (key := name_key(text)) in self.called))
