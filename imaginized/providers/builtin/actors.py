"""Who is in a passage: names, nouns and pronouns gathered into figures, each one person once. English only."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from operator import attrgetter

from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import people_words as people_table
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.groups import count_of, is_counted, keep_together, meant_by_us
from imaginized.providers.builtin.naming import (
    BRIDGING,
    age_told,
    is_nobody_here,
    is_of_another_age,
    leads_aside,
    likened,
    meets_one,
)
from imaginized.providers.builtin.phrases import Phrase
from imaginized.providers.builtin.sentences import Passage, Token
from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Species, Thing
from imaginized.story.staging import Age, Being, Sex

HE, SHE = vocabulary.words("he him himself"), vocabulary.words("she her herself")
THEY, ME = vocabulary.words("they them themselves"), vocabulary.words("i me myself")
WE = vocabulary.words("we us ourselves")
PRONOUNS = HE | SHE | THEY | ME | WE | {"it", "itself"}
DEFINITE = vocabulary.words("the this that his her their my our its these those both")
NARRATOR = "narrator"
MOST_FIGURES, MOST_PEOPLE, TWO = 4, 5, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Somebody with a name, as the passage's words find them; of one who is `bare` "the" never stands before it."""

    name: str
    being: Being = Being.PERSON
    sex: Sex = Sex.UNKNOWN
    species: Species = Species.UNKNOWN
    bare: bool = False


@dataclass(slots=True)
class Actor:
    """Somebody who is there, while the passage is read.

    Attributes:
        parts: How often as a subject, an object, or `beside` one; as the subject of a clause twice.
        called: How often by a name or a noun.
        general: Several without a word before them: "men", "boars".
        mass: Several whose number is not told, and of whom there are many where something happens: "the soldiers".
        guessed: Only "he" or "she" says it, and another may be meant as well.
        seen_at: The sentence in which it was last spoken of.
        unread: How often it does what was not read.
        apart: Names of those it surely is not.
        low: A word says that it lies: "the wounded man".
        gone: It is told to have left, or to be dead.
        ours: Several, of whom who tells it is one: "we".
        whole: Several of whom it says that they are those who are there: "the two men".
        passing: Only spoken of as somebody's, or after a preposition: "he thought of his brother", "called to a boy".
    """

    index: int
    name: str = ""
    noun: str = ""
    being: Being = Being.PERSON
    species: Species = Species.UNKNOWN
    sex: Sex = Sex.UNKNOWN
    age: Age = Age.UNKNOWN
    count: int = 1
    general: bool = False
    mass: bool = False
    mentions: int = 0
    parts: int = 0
    called: int = 0
    beside: bool = False
    deeds: list["Act"] = field(default_factory=list)
    holds: Thing = Thing.NONE
    guessed: bool = False
    seen_at: int = -1
    unread: int = 0
    apart: frozenset[str] = frozenset()
    low: bool = False
    gone: bool = False
    ours: bool = False
    whole: bool = False
    passing: bool = False


@dataclass(slots=True)
class Act:
    """A deed as it is told: to whom, on what; who `rises` no longer sits or lies; `aside` by a participle."""

    deed: Deed
    toward: int | None = None
    upon: Thing = Thing.NONE
    rises: bool = False
    aside: bool = False
    doubtful: bool = False  # it may not be meant so


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Those with names, by token, and who was meant last before the passage, by sex; `childish`: a girl is a child.

    `beast` is the one of these that was named last, or most: it is meant where "his forefeet" are spoken of. Of the
    `rivalled` sexes another was named before the passage nearly as much: who is meant is open.
    """

    names: Mapping[int, Known]
    before: Mapping[Sex, Known] = field(default_factory=dict)
    rivalled: frozenset[Sex] = frozenset()
    narrator: Known = Known(name="")
    beast: Known | None = None
    first_person: bool = True
    childish: bool = True


class Cast:
    """The figures found so far, the last mentioned last."""

    _values = attrgetter(*(each.name for each in fields(Actor)))

    def __init__(self, passage: Passage, people: People) -> None:
        """Begin with nobody."""
        self.passage = passage
        self.people = people
        self.actors: list[Actor] = []
        self._recent: list[Actor] = []
        self.crowd = False
        self.doubts = 0.0  # how often it was open who is meant
        self.afloat = False  # a ship is "she"
        self.unseen = 0  # things held or done something to that no picture has
        self.mounted = False  # saddles or reins are spoken of
        self._clause: list[Actor] = []
        self._elided: Actor | None = None  # who did what the clause before tells
        self.headed = self.verbed = False  # whether the clause has had a noun, and a verb
        self._opened, self._lone = 0, ""  # where in the clause its last doer is; the kind of the chunk before
        self.beastly = Sex.UNKNOWN  # the sentence speaks of "his paws"
        self.number = -1  # the sentence that is read
        self.handled = (-1, Thing.NONE)  # of which sentence the thing is that was named last
        self._leading: tuple[int, Actor | None] = (-1, None)  # of which sentence who was named first

    def begin(self) -> None:
        """Who was met so far is known, and not there until mentioned again."""
        for actor in self.actors:
            actor.mentions = actor.parts = actor.called = actor.unread = 0
            actor.beside = actor.guessed = actor.gone = False
        self.crowd = self.afloat = self.mounted = False
        self.doubts, self.unseen = 0.0, 0

    def copy(self) -> "Cast":
        """The same before anybody has done anything."""
        twins = {id(actor): Actor(*self._values(actor)) for actor in self.actors}  # a fifth of the time of `replace`
        for twin in twins.values():
            twin.deeds = []
        cast = Cast(self.passage, self.people)
        cast.actors = list(twins.values())
        cast._recent = [twins[id(actor)] for actor in self._recent]
        cast._clause = [twins[id(actor)] for actor in self._clause]
        number, leading = self._leading
        cast._leading = (number, twins[id(leading)] if leading is not None else None)
        return cast

    def new_clause(self) -> None:
        """Another clause begins: "him" may be whoever was its subject before, if it has one of its own."""
        self._elided = self._clause[self._opened] if self._clause else self._elided
        self._clause, self.headed, self.verbed, self._opened = [], False, False, 0

    def heed(self, kind: str) -> None:
        """Note that a clause has a verb, or a noun before it, by the kind of a chunk."""
        self.verbed = self.verbed or kind in ("v", "g", "x")
        self.headed = self.headed or (kind == "n" and not self.verbed)
        if kind == "n" and self._lone == "v," and len(self._clause) > 1:
            self._opened = len(self._clause) - 1  # "he fell and Tom helped him": Tom does that
        self._lone = "v," if (self._lone, kind) == ("v", ",") else kind or self._lone

    def new_sentence(self) -> None:
        """Another sentence begins."""
        self.new_clause()
        self._elided = None

    def forget(self) -> None:
        """Who was named before the passage is no longer surely whom a pronoun means."""
        self.people = replace(self.people, before={})
        self._recent = [actor for actor in self._recent if actor.mentions and actor.called]

    def named(self, known: Known) -> Actor:
        """The figure of somebody with a name."""
        for actor in self.actors:
            if actor.name == known.name:
                return self.mention(actor)
        return self.add(name=known.name, being=known.being, sex=known.sex, species=known.species)

    def pronoun(self, word: str, *, apart: frozenset[str] = frozenset(), joined: Actor | None = None) -> list[Actor]:
        """Whom a pronoun means, none of those `apart`, by name, nor who is `joined`; nobody where it is open."""
        if word in WE:
            return meant_by_us(self)
        if word in ME:
            return [self._narrator()] if self.people.first_person else []
        if word in THEY:
            several = [actor for actor in self._recent if actor.count > 1]
            people = [actor for actor in several if actor.being is Being.PERSON and actor.mentions]
            self.doubts += bool(people) and several[-1] is not people[-1]
            several = people or several  # "watered their horses, and they drank": the men as well as the beasts
            if several and several[-1].mentions:
                return [self.mention(several[-1])]
            self.doubts += 0.7
            here = [actor for actor in self._recent if actor.mentions]
            parted = len({actor.seen_at == self.number for actor in here}) > 1  # "Anna started when they drove up"
            return [] if len(here) != TWO or parted else [self.mention(actor) for actor in here]  # of three it is open
        if word.startswith("it"):
            beasts = [actor for actor in self._recent if actor.being is Being.CREATURE and actor.mentions]
            return [self.mention(beasts[-1])] if beasts else []
        sex = Sex.MAN if word in HE else Sex.WOMAN
        but = self.doer() if word in ("him", "her") else joined
        found = self._of_sex(sex, but=but, subject=word in ("he", "she"), apart=apart)
        for actor in found if apart else ():
            actor.apart |= apart
        return found

    def doer(self) -> Actor | None:
        """Who does it in this clause, as far as it was read."""
        elided = self._elided if self.verbed and not self.headed else None
        return self._clause[self._opened] if self._clause else elided

    def phrase(self, phrase: Phrase, prep: str = "") -> Actor | None:
        """The figure of a noun phrase; None for what is nobody who is there."""
        head = self.passage.tokens[phrase.head]
        is_host = head.base == "host" and phrase.determiner in vocabulary.POSSESSIVES
        if head.base in people_table.CROWD and not is_host:
            self.crowd = True
            return None
        if (
            phrase.determiner in people_table.UNREAL
            or head.base in people_table.NOBODY
            or not phrase.kind & (lex.PERSON | lex.ANIMAL)
        ):
            self.unseen += head.base == "creature" and not prep and phrase.determiner in ("the", "a", "this", "that")
            if not prep and phrase.determiner in ("the", "this") and head.base in people_table.ANYBODY:
                self.forget()  # "he" may be this one from here on
            return None
        if is_nobody_here(self.passage.tokens, phrase, prep):
            return None
        if phrase.kind & lex.ANIMAL and (whose := likened(self.passage.tokens, phrase)):
            return self.add(noun=whose, sex=people_table.sex_of(whose))  # "a bulldog of a man"
        species = people_table.SPECIES.get(head.base, Species.UNKNOWN)
        beast = bool(phrase.kind & lex.ANIMAL) or bool(species) or head.base in people_table.BEASTS
        sex = people_table.sex_of(head.base)
        count, counted = count_of(self.passage, phrase), is_counted(self.passage.tokens, phrase)
        low = any(self.passage.tokens[i].lower in people_table.LOW for i in range(phrase.first, phrase.head))
        same = self._same(head, phrase, beast=beast, sex=sex, count=count)
        if same is not None:
            same.low |= low
            return self.mention(same)
        new = self.add(
            noun=head.base,
            being=Being.CREATURE if beast else Being.PERSON,
            species=species,
            sex=sex,
            age=age_told(self.passage.tokens, phrase, childish=self.people.childish),
            count=count,
            general=count > 1 and not phrase.determiner and not counted,
            mass=count > 1 and head.base in people_table.MASS and not counted,
        )
        keep_together(self.passage, phrase, self._clause)
        aside = bool(prep) and sex in self.people.before and bool(self._clause[:-1] or self._elided)
        new.low, new.passing = low, aside or (phrase.determiner in vocabulary.POSSESSIVES and len(self._clause) > 1)
        new.whole = count > 1 and phrase.determiner in ("the", "both", "these") and counted
        return new

    def one_of(self, people: str) -> Actor:
        """Somebody who is called by his people: "the German"."""
        for actor in self.actors:
            if actor.noun == people:
                actor.called += 1
                return self.mention(actor)
        actor = self.add(noun=people, sex=people_table.sex_of(people), age=people_table.AGES.get(people, Age.UNKNOWN))
        actor.called += 1
        return actor

    def thing(self) -> Thing:
        """What "it" means of things: the one that was named last, in this sentence or the one before."""
        return self.handled[1] if self.handled[0] >= self.number - 1 else Thing.NONE

    def is_others(self, word: str) -> bool:
        """Whether "his" or "her" cannot be of who does it: "he laid a hand on her arm"."""
        other = Sex.WOMAN if word == "his" else Sex.MAN
        return any(who.count > 1 or who.sex is other for who in self._clause[:1])

    def told_apart(self, word: str) -> list[Actor]:
        """Whom "the latter" or "the former" means."""
        here = [actor for actor in self._recent if actor.mentions][-TWO:]
        return [self.mention(here[-1 if word == "latter" else 0])] if len(here) == TWO else []

    def meant(self, word: str, *, new: bool) -> Actor | None:
        """Whose something is by "his" or "her", among those who are there already; or else somebody new, if wanted."""
        if word == "my":
            return self._narrator() if self.people.first_person else None
        sex = Sex.MAN if word == "his" else Sex.WOMAN
        fit = [actor for actor in reversed(self._recent) if actor.sex is sex and actor.count == 1]
        found = next((actor for actor in fit if actor.mentions), fit[0] if fit else None)
        return found or (next(iter(self._of_sex(sex)), None) if new else None)

    def other_than(self, actor: Actor, word: str) -> Actor | None:
        """Whose arm "his arm" is where it is not his own: another who is there and may be of that sex."""
        sex = Sex.MAN if word == "his" else Sex.WOMAN
        fit = (each for each in reversed(self._recent) if each is not actor and each.mentions and each.count == 1)
        return next((each for each in fit if each.sex in (sex, Sex.UNKNOWN) and each.noun != NARRATOR), None)

    def fits(self, actor: Actor, phrase: Phrase) -> bool:
        """Whether a noun can describe somebody: one for one, a man for a man."""
        head = self.passage.tokens[phrase.head]
        if (
            head.facts & lex.PLURAL
            or head.base in people_table.GROUPS
            or actor.count > 1
            or not phrase.kind & (lex.PERSON | lex.ANIMAL)
        ):
            return False
        sex = people_table.sex_of(head.base)
        beast = bool(people_table.SPECIES.get(head.base))
        return not (sex and actor.sex and sex is not actor.sex) and not (beast and actor.sex and not actor.name)

    def describe(self, actor: Actor, phrase: Phrase) -> None:
        """Take over what a predicate says: "he was a boy", "Toto, a little dog"."""
        head = self.passage.tokens[phrase.head]
        if head.facts & lex.ANIMAL and people_table.SPECIES.get(head.base) and not actor.noun:
            actor.being, actor.species = Being.CREATURE, people_table.SPECIES[head.base]
        if head.facts & (lex.PERSON | lex.ANIMAL) and head.base not in people_table.NOBODY:
            actor.noun = actor.noun or head.base
            actor.sex = actor.sex or people_table.sex_of(head.base)
            age = age_told(self.passage.tokens, phrase, childish=self.people.childish)
            actor.age = actor.age or (Age.UNKNOWN if actor.name and age is Age.YOUNG and head.base == "girl" else age)

    def here(self) -> list[Actor]:
        """Those who are spoken of in the passage, the last one last."""
        return [actor for actor in self._recent if actor.mentions]

    def several(self) -> Actor | None:
        """Those several who were told of last."""
        return next((actor for actor in reversed(self._recent) if actor.count > 1 and not actor.ours), None)

    def around(self) -> list[Actor]:
        """Those people besides who tells it who were told of shortly before, or are."""
        return [a for a in self._recent if a.being is Being.PERSON and a.noun != NARRATOR and not a.ours and a.deeds]

    def mention(self, actor: Actor) -> Actor:
        """Have somebody spoken of once more."""
        actor.mentions += 1
        actor.passing = actor.passing and bool(self._clause)
        actor.seen_at = self.number
        if self._leading[0] != self.number:
            self._leading = (self.number, actor)
        self._clause.append(actor)
        if self._recent and self._recent[-1] is actor:
            return actor
        if actor in self._recent:
            self._recent.remove(actor)
        self._recent.append(actor)
        return actor

    def add(
        self,
        *,
        name: str = "",
        noun: str = "",
        being: Being = Being.PERSON,
        species: Species = Species.UNKNOWN,
        sex: Sex = Sex.UNKNOWN,
        age: Age = Age.UNKNOWN,
        count: int = 1,
        general: bool = False,
        mass: bool = False,
    ) -> Actor:
        """Somebody new, who is spoken of."""
        actor = Actor(len(self.actors), name, noun, being, species, sex, age, count, general, mass)
        self.actors.append(actor)
        return self.mention(actor)

    def _narrator(self) -> Actor:
        for actor in self.actors:
            if actor.noun == NARRATOR:
                return self.mention(actor)
        known = self.people.narrator
        return self.add(noun=NARRATOR, being=known.being, sex=known.sex, species=known.species)

    def _of_sex(
        self, sex: Sex, *, but: Actor | None = None, subject: bool = False, apart: frozenset[str] = frozenset()
    ) -> list[Actor]:
        """Whom "he" or "she" means: who is known to be one before who may be one; as a subject who was told of most."""
        if sex is self.beastly and (beast := self._beast(sex)) is not None and beast is not but:
            return [beast]
        known = self.people.before.get(sex)
        known = known if known is None or known.name not in apart else None
        fit = [
            actor
            for actor in reversed(self._recent)
            if actor.count == 1
            and actor.noun != NARRATOR
            and actor.sex in (sex, Sex.UNKNOWN)
            and actor is not but
            and not (actor.name and actor.name in apart)
        ]
        # A beast in passing is "he" only where there is nobody else.
        people = [each for each in fit if each.being is Being.PERSON or each.name or each.sex]
        fit = people or ([] if known else fit)
        here = [each for each in fit if each.mentions]
        self.doubts += len(here) > 1
        same = [each for each in here if subject and self._opens(each, after=True)]
        same = same or [each for each in here if each.sex is sex]
        same = same or [each for each in here if not (each.name and known) or (subject and self._opens(each))]
        if subject:
            same.sort(key=lambda each: (-min(each.called, 1), -each.mentions, -self._recent.index(each)))
        if same:
            if not same[0].sex and (known is not None or same[0].name):
                self.doubts += 0.5  # somebody of no known sex is here, who may be another
            same[0].sex = sex
            return [self.mention(same[0])]
        if sex is Sex.WOMAN and self.afloat:
            return []
        sure = [each for each in fit if each.sex is sex and not each.passing]
        if sure:
            sure[0].guessed = not self._is_plainly(sure[0], fit)
            return [self.mention(sure[0])]
        if known is not None and not (but and but.name == known.name):
            meant = self.named(known)
            meant.guessed = sex in self.people.rivalled or any(each.sex is sex for each in fit)
            return [meant]
        return [self.add(sex=sex)]

    def _opens(self, actor: Actor, *, after: bool = False) -> bool:
        """Whether the sentence begins with it in a clause of its own ("As the Angel saw him, she …"), or before one."""
        leads = self.number >= 0 and self._leading == (self.number, actor)
        return leads and leads_aside(self.passage, self.number, after=after)

    def _is_plainly(self, actor: Actor, fit: list[Actor]) -> bool:
        """Whether nobody else can be meant: the others were spoken of before, or in the same sentence after them."""
        rivals = [each for each in fit if each is not actor and each.sex is actor.sex]
        latest = max((each.seen_at for each in rivals), default=-1)
        return actor.seen_at > latest or self._leading == (actor.seen_at, actor)

    def _beast(self, sex: Sex) -> Actor | None:
        """Whom "he" means beside "his paws": the beast that is there or was told of, but nobody who was just called."""
        here = [actor for actor in reversed(self._recent) if actor.mentions and actor.count == 1]
        beasts = [actor for actor in here if actor.being is Being.CREATURE and actor.sex in (sex, Sex.UNKNOWN)]
        if beasts:
            return self.mention(beasts[0])
        if any(actor.sex is sex and actor.called and actor.noun != NARRATOR for actor in here):
            return None
        if self.people.beast is not None and self.people.beast.sex in (sex, Sex.UNKNOWN):
            return self.named(self.people.beast)
        return self.add(being=Being.CREATURE, sex=sex)

    def _same(self, head: Token, phrase: Phrase, *, beast: bool, sex: Sex, count: int) -> Actor | None:
        """The figure that a noun means again: "the man", "the captain" of Captain Brown, "the child" who has a name."""
        if phrase.determiner in ("a", "an", "another") or (phrase.determiner not in DEFINITE and count == 1):
            return None
        being = Being.CREATURE if beast else Being.PERSON
        for actor in reversed(self._recent):
            if actor.noun == head.base and actor.being is being and actor.count == count:
                if is_of_another_age(self.passage.tokens, phrase, actor.age, childish=self.people.childish):
                    continue
                return actor
            is_owned = phrase.determiner in vocabulary.POSSESSIVES and head.base in ("master", "mistress", "lady")
            if count == 1 and not is_owned and head.base in actor.name.lower().replace("dr.", "doctor").split():
                return actor  # not so "their master": no title
        if count > 1 or beast:
            return None
        return self._bridge(phrase, head, sex)

    def _bridge(self, phrase: Phrase, head: Token, sex: Sex) -> Actor | None:
        """Whom "the young man" means: of two who are there the one named first, as a writer says "he" of the last."""
        if phrase.determiner not in ("the", "this", "that") or head.base not in BRIDGING:
            return None
        if any(self.passage.tokens[i].lower in people_table.STRANGE for i in range(phrase.first, phrase.head)):
            return None
        age = age_told(self.passage.tokens, phrase, childish=self.people.childish)
        fit = [
            actor
            for actor in self._recent
            if (actor.name or (actor.sex and not actor.noun))
            and actor is not (self._clause[0] if self._clause else self.doer())  # "he lifted the boy"
            and actor.being is Being.PERSON
            and actor.count == 1
            and actor.noun != NARRATOR
            and (actor.sex in (sex, Sex.UNKNOWN) or head.base == "child")
            and not (age and (age is Age.OLD) is not (actor.age is Age.OLD))
            and not (age is Age.CHILD and actor.name.split(" ", 1)[0].rstrip(".") in vocabulary.HONORIFICS)
        ]
        known = [actor for actor in fit if actor.sex is sex] or fit
        here = [each for each in known if each.mentions and not meets_one(self.passage.tokens, phrase, each.sex)]
        if not here or (len(here) > 1 and age):
            return None  # which of them is open: somebody without a name is never wrong
        same = here[-2:][0]
        self.describe(same, phrase)
        return same
