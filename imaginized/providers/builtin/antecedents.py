"""Whom "he", "her", "the boy" or "the stranger" means: who was named before, by sex and by being the subject. English.

Nothing is claimed where it is open: then the answer is nobody.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.appearance import HERS, HIS, Noun, is_beast
from imaginized.providers.builtin.element_types import judge_type
from imaginized.providers.builtin.names import Name
from imaginized.providers.builtin.owners import SEXES, Owners
from imaginized.providers.builtin.people_words import STRANGE
from imaginized.providers.builtin.sentences import Passage
from imaginized.story.elements import ElementType

MOST_BACK = 4  # sentences
MOST_PARAGRAPHS = 2
# Paragraphs between somebody without a name and the name that is given then.
NAMED_WITHIN = 8
# Paragraphs within which two strangers may both be who is named then.
RIVALS_WITHIN = 3
AT_FIRST = 3  # paragraphs
# Paragraphs for which somebody who was named is taken to be still there.
MET_BEFORE = 5
# Words of looks for a guess at the name and for a portrait, and the paragraphs for which that is remembered.
FOR_A_GUESS, PORTRAIT, FULLY_TOLD_WITHIN = 2, 4, 20
TITLES = {
    "doctor": ("dr", "doctor"), "captain": ("captain", "cap'n", "capt"), "squire": ("squire",),
    "professor": ("professor", "prof"), "colonel": ("colonel", "col"), "inspector": ("inspector",),
    "baronet": ("sir",), "major": ("major",), "general": ("general",), "count": ("count",),
}  # fmt: skip

NEW = ("a", "an", "another", "one")
SHOWN = vocabulary.words("figure form picture portrait sight face image likeness appearance shape")
# What somebody may be called who was named before.
PLAIN = vocabulary.words(
    "man woman boy girl lad lady gentleman fellow stranger youth child visitor newcomer person personage"
)

Sex = frozenset[str]


@dataclass(slots=True, eq=False, kw_only=True)
class Stranger:
    """Somebody who is described before a name is known; `named` once it is, `guessed` if only by coming next."""

    noun: str
    sex: Sex | None
    paragraph: int
    is_beast: bool = False
    looks: int = 0
    named: Name | None = None
    guessed: bool = False
    is_open: bool = False
    since: int = 0

    @property
    def is_described(self) -> bool:
        """Whether lasting looks of theirs were told."""
        return self.looks > 0


Person = Name | Stranger


class Mention(NamedTuple):
    """Somebody in a sentence.

    Attributes:
        is_new: Met for the first time in the chapter.
        is_spoken: Met in a speech; who speaks is "I" there, and "he" is nobody of the tale around it.
        is_owner: Only there as whose something is ("Anna's").
    """

    who: Person
    sex: Sex | None
    sentence: int
    is_subject: bool
    is_new: bool
    is_owner: bool = False
    is_spoken: bool = False


@dataclass(slots=True, kw_only=True)
class Antecedents:
    """Who was met, in reading order, and what follows from it for a pronoun."""

    passage: Passage
    owners: Owners
    mentions: list[Mention] = field(default_factory=list)
    strangers: list[Stranger] = field(default_factory=list)
    met: set[str] = field(default_factory=set)
    acted: set[str] = field(default_factory=set)
    seen: dict[str, int] = field(default_factory=dict)
    alive: dict[str, bool] = field(default_factory=dict)
    heard: list[tuple[Name, int]] = field(default_factory=list)
    is_spoken: bool = False
    portrayed: tuple[Person, int] | None = None

    def name(
        self, name: Name, *, sentence: int, is_subject: bool, is_owner: bool = False, is_seen: bool = False
    ) -> None:
        """Note a name; somebody described just before, whom nobody else can be, is this one."""
        key = name.text.split()[-1]
        is_new = key not in self.met
        if not self.is_spoken:
            if is_subject and key not in self.acted:
                self._introduce(name, sentence=sentence)
            self.met.add(key)
            self.seen[key] = self.passage.sentences[sentence].paragraph
            self.acted |= {key} if is_subject and not is_owner else set()
        sex = self.owners.sex_of(name)
        if self._is_alive(name):
            self.mentions.append(Mention(name, sex, sentence, is_subject, is_new or is_seen, is_owner, self.is_spoken))

    def stranger(self, noun: Noun, *, sentence: int, is_subject: bool) -> Stranger:
        """Note somebody new without a name: "a stout man"."""
        token = self.passage.tokens[noun.head]
        paragraph = self.passage.sentences[sentence].paragraph
        word = token.lower.removesuffix("'s")
        stranger = Stranger(noun=word, sex=sex_of_noun(word), paragraph=paragraph, is_beast=is_beast(token))
        before = [token.lower for token in self.passage.tokens[max(noun.first - 2, 0) : noun.first]]
        shown = before[-1:] == ["of"] and before[0] in SHOWN  # "the figure of a man"
        is_of = before[-1:] == ["of"] and not shown  # nobody is there in "the heart of a girl", "the gait of a soldier"
        if not is_of and (noun.determiner in ("a", "an") or is_subject or word in TITLES):
            self.strangers.append(stranger)
        is_plain = self.passage.tokens[noun.head].lower in PLAIN and before[-1:] not in (["of"], ["to"], ["for"])
        is_new = noun.determiner in NEW and (is_subject or noun.lasting > 0 or shown or is_plain)
        self._note(stranger, stranger.sex, sentence=sentence, is_subject=is_subject, is_new=is_new)
        return stranger

    def one(self, *, sentence: int) -> Stranger:
        """Note the first of several who are told apart: "One was short, the other …"."""
        stranger = Stranger(noun="one", sex=None, paragraph=self.passage.sentences[sentence].paragraph)
        self.strangers.append(stranger)
        self._note(stranger, None, sentence=sentence, is_subject=True, is_new=True)
        return stranger

    def definite(self, noun: Noun, *, sentence: int, is_subject: bool) -> Person | None:
        """Whom "the boy", "the old man" means: who bears the title, the last stranger so called, or who alone fits."""
        word = self.passage.tokens[noun.head].lower.removesuffix("'s")
        sex = sex_of_noun(word)
        who = self._titled(word) or self._last_stranger(word, sentence=sentence)
        is_plain = word in PLAIN and noun.determiner in ("the", "this") and not noun.lasting
        is_plain = is_plain and all(each.lower not in STRANGE for each in self.passage.tokens[noun.core : noun.head])
        if who is None and sex is not None and is_plain:
            who = self._before(sex, sentence=sentence)
        if who is None and is_subject and word not in PLAIN:
            who = self._only_stranger(sentence=sentence, sex=sex)
        if who is None and not (is_subject or word in PLAIN or word in TITLES):
            return None  # "something of the grand seigneur" brings in nobody
        if who is None:
            stranger = self.stranger(noun, sentence=sentence, is_subject=is_subject)
            near = self._within_reach(sex, sentence=sentence) if sex is not None else []
            stranger.is_open = any(m.who is not stranger and isinstance(real(m.who), Name) for m in near)
            return stranger
        self._note(who, sex, sentence=sentence, is_subject=is_subject, is_new=False)
        return who

    def _only_stranger(self, *, sentence: int, sex: Sex | None) -> Stranger | None:
        """The one without a name who was met last, if there is nobody else: "the applicant"."""
        lately = [m.who for m in self.mentions[-12:] if sentence - m.sentence <= MOST_BACK]
        if len({id(real(who)) for who in lately}) != 1 or not isinstance(real(lately[0]), Stranger):
            return None
        only = lately[0]
        return only if isinstance(only, Stranger) and only.is_described and sex in (None, only.sex) else None

    def _before(self, sex: Sex, *, sentence: int) -> Person | None:
        """Whom a pronoun would mean, if nobody of the sex is in the sentence itself."""
        if any(m.sentence == sentence and m.sex in (None, sex) for m in self.mentions[-6:]):
            return None
        return self.resolve(sex, sentence=sentence)

    def pronoun(self, sex: Sex, *, sentence: int) -> Person | None:
        """Whom "he" means, who is then the subject."""
        who = self.resolve(sex, sentence=sentence)
        if who is None:
            return self._somebody(sex, sentence=sentence)
        self._note(who, sex, sentence=sentence, is_subject=True, is_new=False)
        return who

    def object(self, sex: Sex, *, sentence: int, is_seen: bool) -> None:
        """Note "him": somebody else than the subject, and whom the next sentence tells of if he is looked at."""
        here = [real(m.who) for m in self.mentions[-12:] if m.sentence == sentence and m.is_subject]
        before = [m for m in self._within_reach(sex, sentence=sentence) if real(m.who) not in here]
        who = _alone([m for m in before if m.sentence == before[0].sentence], is_here=False) if before else None
        paragraph = self.passage.sentences[sentence].paragraph
        meant = who if who is not None else Stranger(noun="", sex=sex, paragraph=paragraph)
        self._note(meant, sex, sentence=sentence, is_subject=False, is_new=is_seen)

    def _somebody(self, sex: Sex, *, sentence: int) -> Stranger | None:
        """Somebody who is only "he" as yet, if nobody with a name can be meant."""
        if any(isinstance(real(m.who), Name) for m in self._within_reach(sex, sentence=sentence)):
            self.nobody(sex, sentence=sentence)
            return None
        paragraph = self.passage.sentences[sentence].paragraph
        unknown = Stranger(noun="", sex=sex, paragraph=paragraph)
        self.strangers.append(unknown)
        self._note(unknown, sex, sentence=sentence, is_subject=True, is_new=False)
        return unknown

    def nobody(self, sex: Sex, *, sentence: int) -> None:
        """Note that "he" is somebody, and open who."""
        paragraph = self.passage.sentences[sentence].paragraph
        unknown = Stranger(noun="", sex=sex, paragraph=paragraph)
        self._note(unknown, sex, sentence=sentence, is_subject=True, is_new=False)

    def correct(self, noun: Noun, *, sentence: int) -> Stranger:
        """Take the last "he" for somebody else: "He was a shaggy pony"."""
        meant = self.mentions.pop()
        stranger = self.stranger(noun, sentence=sentence, is_subject=True)
        self.mentions[-1] = self.mentions[-1]._replace(sex=meant.sex)
        return stranger

    def resolve(self, sex: Sex, *, sentence: int) -> Person | None:
        """Whom a pronoun of a sex means at this point; None where it is open."""
        fitting = self._within_reach(sex, sentence=sentence)
        by_sentence: dict[int, list[Mention]] = {}
        for mention in [m for m in fitting if not m.is_owner] or fitting:
            by_sentence.setdefault(mention.sentence, []).append(mention)
        for number in sorted(by_sentence, reverse=True):
            here = by_sentence[number]
            sure = [
                m
                for m in here
                if m.sex is sex
                or _may_be_either(m)
                or (m.is_new and isinstance(m.who, Stranger) and m.who.is_described)
            ]
            who = _alone(sure or here, is_here=number == sentence)
            return who if who is not None or number == sentence else self._still_portrayed(sure or here, number)
        return None

    def still(self, *, sentence: int) -> Person | None:
        """Whose looks the last sentence told, so that "The hair was black" goes on with them."""
        is_near = self.portrayed is not None and self.portrayed[1] == sentence - 1
        return self.portrayed[0] if self.portrayed is not None and is_near else None

    def _still_portrayed(self, mentions: list[Mention], sentence: int) -> Person | None:
        """Of several, the one whose looks the last sentence told: a portrait goes on."""
        if self.portrayed is None or self.portrayed[1] != sentence:
            return None
        return next((m.who for m in mentions if real(m.who) is real(self.portrayed[0])), None)

    def _within_reach(self, sex: Sex, *, sentence: int) -> list[Mention]:
        """Who was met lately and may be of a sex, the last one first."""
        paragraph = self.passage.sentences[sentence].paragraph
        found: list[Mention] = []
        for mention in reversed(self.mentions):
            if sentence - mention.sentence > MOST_BACK:
                break
            if paragraph - self.passage.sentences[mention.sentence].paragraph > MOST_PARAGRAPHS:
                break
            if mention.sex in (None, sex) and mention.is_spoken is self.is_spoken:
                found.append(mention)
        return found

    def is_alone(self, who: Person, sex: Sex, *, sentence: int) -> bool:
        """Whether nobody else of the sex is in the sentence so far."""
        others = (m for m in reversed(self.mentions) if m.sentence == sentence and m.sex in (None, sex))
        return all(real(mention.who) is real(who) for mention in others)

    def is_rivalled(self, who: Person, sex: Sex | None, *, sentence: int) -> bool:
        """Whether another of a sex was met as lately, so that "he" may be that one."""
        near = self._within_reach(sex, sentence=sentence) if sex is not None else []
        return any(real(mention.who) is not real(who) for mention in near)

    def give_name(self, name: Name, *, sentence: int, is_called: bool = False, noun: str = "") -> None:
        """Take a name that is given ("I am …", "whose name was …") for the last stranger whom it fits.

        Args:
            name: The name.
            sentence: Where it is given.
            is_called: Whether it is what somebody is called by.
            noun: What they are in "the victim was NAME".
        """
        stranger = self._unnamed(name, sentence=sentence, is_said=True, is_called=is_called, noun=noun)
        if stranger is not None:
            stranger.named, stranger.guessed = name, False

    def hear(self, name: Name, *, sentence: int) -> None:
        """Take a name by which somebody is first addressed for the stranger it may belong to."""
        if name.text.split()[-1] not in self.met:
            self.met.add(name.text.split()[-1])
            self.heard.append((name, sentence))
        self.seen[name.text.split()[-1]] = self.passage.sentences[sentence].paragraph

    def leave_paragraph(self) -> None:
        """Decide whose the names are that were called in it: not those of who spoke there."""
        for name, sentence in self.heard:
            paragraph = self.passage.sentences[sentence].paragraph
            acting = [
                real(m.who)
                for m in self.mentions[-24:]
                if m.is_subject and self.passage.sentences[m.sentence].paragraph == paragraph
            ]
            stranger = self._unnamed(name, sentence=sentence)
            if stranger is not None and real(stranger) not in acting:
                self._introduce(name, sentence=sentence, is_heard=True)
        self.heard.clear()

    def told_apart(self, *, sentence: int, is_latter: bool) -> Person | None:
        """Whom "the latter" or "the former" means: of those of the sentence before, the last or the first."""
        before = [m.who for m in self.mentions if m.sentence == sentence - 1]
        return before[-1 if is_latter else 0] if len({id(real(who)) for who in before}) > 1 else None

    def last_named(self, *, sentence: int) -> Person | None:
        """The last one of the sentence before, whom "This was a …" means."""
        last = self.mentions[-1] if self.mentions else None
        return last.who if last is not None and last.sentence == sentence - 1 else None

    def _introduce(self, name: Name, *, sentence: int, is_heard: bool = False) -> None:
        stranger = self._unnamed(name, sentence=sentence)
        last = self.seen.get(name.text.split()[-1], -MET_BEFORE)
        if stranger is None or (stranger.since - last < MET_BEFORE and not is_heard):
            return  # who was named just before somebody came in is another
        if self._is_told(stranger) and self._is_alive(name):
            stranger.named, stranger.guessed = name, True

    def _is_told(self, stranger: Stranger) -> bool:
        """Whether enough was told of a stranger for a guess, and of nobody else of the sex as lately."""
        others = (
            each
            for each in self.strangers[:-13:-1]
            if each is not stranger and each.looks > 1 and each.named is None and each.sex in (None, stranger.sex)
        )
        is_rivalled = any(stranger.paragraph - each.paragraph < RIVALS_WITHIN for each in others)
        is_met = bool(stranger.noun) or stranger.since < AT_FIRST  # a mere "he" may be anybody, but where all begins
        return is_met and stranger.looks >= FOR_A_GUESS and not stranger.is_open and not is_rivalled

    def _unnamed(
        self, name: Name, *, sentence: int, is_said: bool = False, is_called: bool = False, noun: str = ""
    ) -> Stranger | None:
        """The last one described without a name, unless another was named since."""
        paragraph = self.passage.sentences[sentence].paragraph
        sex = self.owners.sex_of(name)
        lately = self.strangers[:-13:-1]
        described = [each for each in lately if each.is_described]
        for stranger in [*described, *(each for each in lately if is_said and not each.is_described)]:
            within = (NAMED_WITHIN, FULLY_TOLD_WITHIN)[stranger.looks >= PORTRAIT]
            if paragraph - stranger.paragraph > (within if is_said else within // 2):
                continue
            if noun not in PLAIN | {"", stranger.noun}:
                continue  # "the victim was NAME" is not the clerk who came in
            is_known = stranger.sex is sex and (sex is not None or is_said or stranger.noun == "one")
            fits = is_known or (is_said and None in (sex, stranger.sex))
            if fits and (is_called or stranger.is_beast <= (name.evidence["beast"] > 0)):
                return stranger if stranger.named in (None, name) or (stranger.guessed and is_said) else None
        return None

    def _is_alive(self, name: Name) -> bool:
        """Whether a name is somebody's, not a place's."""
        if name.text not in self.alive:
            self.alive[name.text] = judge_type(name) in (ElementType.CHARACTER, ElementType.CREATURE)
        return self.alive[name.text]

    def _titled(self, word: str) -> Name | None:
        titles = TITLES.get(word)
        if titles is None:
            return None
        found = {
            id(m.who): m.who
            for m in self.mentions
            if isinstance(m.who, Name) and m.who.text.split()[0].casefold().rstrip(".") in titles
        }
        return next(iter(found.values())) if len({who.text.split()[-1] for who in found.values()}) == 1 else None

    def _last_stranger(self, word: str, *, sentence: int) -> Stranger | None:
        paragraph = self.passage.sentences[sentence].paragraph
        for stranger in reversed(self.strangers[-4:]):
            if stranger.noun == word and paragraph - stranger.paragraph <= NAMED_WITHIN:
                return stranger
        return None

    def _note(self, who: Person, sex: Sex | None, *, sentence: int, is_subject: bool, is_new: bool) -> None:
        if isinstance(who, Stranger):
            who.since = who.since or self.passage.sentences[sentence].paragraph
            who.paragraph = self.passage.sentences[sentence].paragraph  # still there, and may be named yet
        self.mentions.append(Mention(who, sex, sentence, is_subject, is_new, False, self.is_spoken))


def link_titles(people: Antecedents, names: list[Name]) -> None:
    """Give "the squire" the name of the only one in the chapter who bears that title."""
    for stranger in people.strangers:
        titles = TITLES.get(stranger.noun, ())
        borne = [name for name in names if name.text.split()[0].casefold().rstrip(".") in titles]
        if borne and len({name.text.split()[-1] for name in borne}) == 1:
            stranger.named, stranger.guessed = borne[0], False


def real(who: Person) -> Person:
    """The name of a stranger who has got one, else who it is."""
    return who.named if isinstance(who, Stranger) and who.named is not None else who


def sex_of_noun(word: str) -> Sex | None:
    """His words or hers, by the noun; None for "person" or "dog"."""
    if word in HERS or word.endswith(("woman", "ess", "maid")):
        return SEXES[1]
    return SEXES[0] if word in HIS or word.endswith("man") else None


def _may_be_either(mention: Mention) -> bool:
    """Whether "he" and "she" may be a stranger, a visitor: people who do something."""
    if not isinstance(mention.who, Stranger) or mention.sex is not None or mention.who.is_beast:
        return False
    return mention.is_subject or (mention.is_new and mention.who.noun in PLAIN)


def _alone(mentions: list[Mention], *, is_here: bool) -> Person | None:
    """The one of a sentence whom "he" means: the only one, who is new there, or its subject."""
    people = {id(real(m.who)): m.who for m in mentions}
    if len(people) == 1:
        return next(iter(people.values()))
    new = {id(real(m.who)): m.who for m in mentions if m.is_new and not is_here}
    if len(new) == 1 or (new and all(isinstance(real(who), Stranger) for who in new.values())):
        return next(iter(new.values()))  # the last one: "a clerk let in another man"
    subjects = [m for m in mentions if m.is_subject]  # the last one first
    if any(m.sex is None for m in subjects):
        return None
    return subjects[-1].who if len({id(real(m.who)) for m in subjects}) == 1 else None
