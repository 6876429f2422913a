"""Who looks how, by the sentence's subject: "He was tall", "She had grey eyes", "NAME, a stout man". English only."""

from dataclasses import dataclass

from imaginized.providers.builtin import appearance, vocabulary
from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin.antecedents import Antecedents, Person, Stranger, link_titles, real, sex_of_noun
from imaginized.providers.builtin.appearance import Noun, adjectives, is_beast
from imaginized.providers.builtin.clauses import (
    BEING_ONE,
    BEINGS,
    DASHES,
    HAVING,
    INTRODUCING,
    MODALS,
    NAMING,
    NOT_A_LOOK,
    NOW,
    ONCE,
    PRESENTING,
    SHOWING,
    TURNS,
    VERBS,
    Line,
    breaks,
    read_line,
)
from imaginized.providers.builtin.element_types import judge_type
from imaginized.providers.builtin.features import WITHIN, Clause, Features, Told
from imaginized.providers.builtin.names import Name
from imaginized.providers.builtin.owners import SEXES, Owners, sex_by_name
from imaginized.providers.builtin.sentences import Passage
from imaginized.story.elements import ElementType

SCRAPS = ("thing", "wisp", "bundle", "slip", "scrap")  # of a person only now and then
SHOWN = tuple((word,) for word in SHOWING)
NEW = ("a", "an", "another", "one")
POINTING = vocabulary.words("he she him her his latter former this it")


@dataclass(slots=True, kw_only=True)
class Portraits(Features):
    """Reads a chapter once, sentence by sentence."""

    def read(self) -> dict[str, list[Told]]:
        """For each name what is told of its bearer, in reading order."""
        paragraph = 0
        for number, sentence in enumerate(self.passage.sentences):
            if sentence.paragraph != paragraph:
                self.people.leave_paragraph()
                paragraph = sentence.paragraph
            line = read_line(self.passage, number, self.owners.names)
            if line.is_speech:
                self._listen(line)
            else:
                self._read(line)
        self.people.leave_paragraph()
        link_titles(self.people, list({id(name): name for name in self.owners.names.values()}.values()))
        by_name: dict[str, list[Told]] = {}
        for who, told in self.found:
            name = real(who)
            if isinstance(name, Name):
                guessed = isinstance(who, Stranger) and who.guessed
                by_name.setdefault(name.text, []).append(told._replace(is_guessed=guessed or told.is_guessed))
        return by_name

    def _listen(self, line: Line) -> None:
        """Read what is all speech, and short: only for whom it names."""
        self.people.is_spoken = True
        i = line.first
        while i < line.last:
            i = self._hear(line, i)

    def _read(self, line: Line) -> None:
        heads = {noun.head: noun for noun in line.nouns.values()}
        clause, i = Clause(ahead=self._ahead(line)), line.first
        while i < line.last:
            token = line.tokens[i]
            self.people.is_spoken = token.spoken
            if token.spoken and not line.sentence.told:
                i = self._hear(line, i)
            elif i in line.names:
                i = self._name(line, i, clause)
            elif token.lower in POINTING:
                i = self._point(line, i, clause)
            elif token.lower == "one" and line.is_somebody(i):
                clause.turn_to(self.people.one(sentence=line.number))
                self._predicate(line, i + 1, clause)
                i += 1
            elif i in heads:
                self._noun(line, heads[i], clause)
                i = max(heads[i].last, i + 1)
            elif token.lower in VERBS and i >= clause.read and line.is_joined(i):
                self._predicate(line, i, clause)
                i = max(clause.read, i + 1)
            else:
                i += 1

    def _ahead(self, line: Line) -> tuple[int, int] | None:
        """The words of "Tall and thin, he …", which are told of a subject to come."""
        end, lasting, passing = adjectives(line.tokens, line.first, line.last)
        is_told = lasting > passing and end < line.last and line.tokens[end - 1].gap == ", "
        is_told = is_told and not any(i in line.names for i in range(line.first, end))
        return (line.first, end) if is_told and not line.tokens[line.first].spoken else None

    def _turn(self, line: Line, clause: Clause) -> None:
        """Tell of a subject what stood before it."""
        if clause.ahead is not None and clause.who is not None:
            (first, last), clause.ahead = clause.ahead, None
            self._tell(line, first, last, clause, is_lasting=True)
            clause.listed = -WITHIN

    def _point(self, line: Line, at: int, clause: Clause) -> int:
        """Take a word that means somebody else named: "he", "her", "the latter", "this"; return where to go on."""
        word = line.tokens[at].lower
        to_be = tuple(token.lower for token in line.tokens[at + 1 : at + 3]) == ("to", "be")
        if word in ("he", "she") or (to_be and word in ("him", "her")):
            self._pronoun(line, at, clause)
        elif word in ("his", "her") and at == line.first:
            clause.who = self.people.pronoun(SEXES[word == "her"], sentence=line.number)
        elif word in ("him", "her") and not line.owns(at):
            self.people.object(SEXES[word == "her"], sentence=line.number, is_seen=line.is_looked_at(at))
        elif word in ("latter", "former") and line.words_before(at, most=1) == ("the",):
            clause.who = self.people.told_apart(sentence=line.number, is_latter=word == "latter")
            self._predicate(line, at + 1, clause)
        elif word in ("this", "it") and line.presents(at):
            clause.who = self.people.last_named(sentence=line.number)
            self._is(line, at + 2, clause)
            return max(at + 1, clause.read)
        return at + 1

    def _pronoun(self, line: Line, at: int, clause: Clause) -> None:
        word = line.tokens[at].lower
        sex, before = SEXES[word in ("she", "her")], line.before(at)
        clause.turn_to(None)
        if word in ("he", "she") and line.is_said(at):
            self.people.nobody(sex, sentence=line.number)
            return
        clause.who = self.people.pronoun(sex, sentence=line.number)
        clause.is_meant = True
        if clause.who is None:
            clause.read = line.end_of_predicate(at + 1)  # "a tall man" is then nobody new
        elif before is None or before.lower not in ONCE:
            self._turn(line, clause)
            self._predicate(line, at + 1, clause)

    def _hear(self, line: Line, at: int) -> int:
        """Take "I am NAME" and "my name is NAME" for whoever came in; return where to go on."""
        name = line.names.get(at)
        if name is None:
            return at + 1
        last, before = line.end_of_name(at), line.words_before(at, most=2)
        is_called = before[-1:] == ("called",)
        if is_called or before in PRESENTING or before[-1:] in (("i'm",), ("name's",)):
            self.people.give_name(name, sentence=line.number, is_called=is_called)
        elif line.is_called(at, last) or before in INTRODUCING or before[-1:] in SHOWN:
            self.people.hear(name, sentence=line.number)
        return last

    def _name(self, line: Line, at: int, clause: Clause) -> int:
        name, last = line.names[at], line.end_of_name(at)
        before = line.words_before(at, most=2)
        if before in NAMING or before[-1:] in (("named",), ("called",)):
            self.people.give_name(name, sentence=line.number)
        elif line.is_one(at, last):
            noun = "" if before[0] in BEING_ONE else before[0]
            self.people.give_name(name, sentence=line.number, noun=noun)
        if line.tokens[at].spoken and line.is_called(at, last):
            return last
        is_owner = line.is_owner(last)
        is_subject = not is_owner and self._is_subject(line, at, last)
        is_seen = not is_subject and not is_owner and line.is_looked_at(at)
        self.people.name(name, sentence=line.number, is_subject=is_subject, is_owner=is_owner, is_seen=is_seen)
        if not is_owner:
            self._before_name(line, at, name)
        if is_subject:
            clause.turn_to(name)
            self._turn(line, clause)
            self._apposed(line, last, clause)
            if ONCE.isdisjoint(before[-1:]):
                self._predicate(line, last, clause)
        elif not is_owner and self._apposed(line, last, apart := Clause(who=name)):
            clause.who, clause.listed, clause.read = name, apart.listed, apart.read
        elif not is_owner or name is not clause.who:
            clause.listed = -WITHIN  # what follows may be another's
        return last

    def _is_subject(self, line: Line, at: int, last: int) -> bool:
        """Whether a name is who the clause is about; "said X" at its end counts, too."""
        if self.owners.is_subject((at, last), line.sentence):
            return True
        before = line.tokens[at - 1]
        if before.lower in vocabulary.SPEECH_VERBS or line.is_posed(at):
            return True
        if before.lower in vocabulary.PREPOSITIONS or before.facts & lex.VERB:
            return False
        return line.verb(last) >= 0

    def _noun(self, line: Line, noun: Noun, clause: Clause) -> None:
        if noun.first < clause.read:
            return
        if noun.kind != "being":
            self._borne(line, noun, clause)
        elif line.tokens[noun.head].lower not in SCRAPS:
            self._being(line, noun, clause)

    def _being(self, line: Line, noun: Noun, clause: Clause) -> None:
        """A person without a name: new after "a", known after "the"."""
        if self._is_apart(line, noun, clause) and self._fits(line, noun, clause.who):
            self._tell(line, noun.first, noun.last, clause, is_lasting=True)
            return
        if clause.who is not None and noun.determiner in ("a", "an") and line.is_set_off(noun.first):
            clause.listed = noun.last  # "NAME was a widow; a person of distinction, who …" is nobody else
            return
        is_subject = line.leads(noun)
        alone = self._meant_by_fragment(line, noun)
        if alone is not None:
            clause.turn_to(alone)
            self._tell(line, noun.first, noun.last, clause, is_lasting=True)
            return
        who = self._met(line, noun, is_subject=is_subject)
        if who is None:
            return
        is_new = noun.determiner in ("a", "an") and noun.lasting > 0
        clause.turn_to(who if is_subject or is_new else clause.who)
        if is_new:
            self._tell(line, noun.first, noun.last, clause, is_lasting=True)
        if is_subject or is_new:
            self._go_on(line, noun.last, clause)
            self._predicate(line, noun.last, clause)

    def _met(self, line: Line, noun: Noun, *, is_subject: bool) -> Person | None:
        """Who a phrase brings in: somebody new, somebody known; None for one who is only compared with."""
        if noun.determiner in NEW and not line.is_likened(noun):
            is_seen = is_subject or line.is_looked_at(noun.first)
            who: Person | None = self.people.stranger(noun, sentence=line.number, is_subject=is_seen)
        elif noun.determiner in ("a", "an") and line.words_before(noun.first, most=1) == ("of",):
            who = self.people.stranger(noun, sentence=line.number, is_subject=False)  # "the picture of a girl"
        elif noun.determiner in ("the", "this", "that", "'s") or noun.determiner in vocabulary.POSSESSIVES:
            who = self.people.definite(noun, sentence=line.number, is_subject=is_subject)
        else:
            return None
        named = line.names.get(noun.last) if line.tokens[noun.last - 1].gap == ", " else None
        if isinstance(who, Stranger) and named is not None and is_subject and self._fits(line, noun, named):
            who.named = named  # "my sister, Mrs. X, …"
        return who

    def _meant_by_fragment(self, line: Line, noun: Noun) -> Person | None:
        """Whom "A big, loud man, with a stare." means: the subject named after it, else who was spoken of before."""
        if not line.is_fragment(noun) or line.tokens[noun.head].spoken:
            return None  # "A young woman!" he cried
        for i in range(noun.last, line.last):
            if i in line.names and breaks(line.tokens[i - 1].gap) and not line.tokens[i].spoken:
                is_owner = line.is_owner(line.end_of_name(i))
                fits = self._fits(line, noun, line.names[i]) and not _is_other_kind(line, noun, line.names[i])
                return line.names[i] if fits and not is_owner else None
        sex = sex_of_noun(line.tokens[noun.head].lower)
        if sex is None or line.acts(noun.last):
            return None
        return self.people.resolve(sex, sentence=line.number)

    def _is_apart(self, line: Line, noun: Noun, clause: Clause) -> bool:
        """Whether "—a large, well-made man—" or ", a tall man," goes on about the subject."""
        before = line.before(noun.first)
        if clause.who is None or before is None or not noun.lasting or noun.determiner not in ("a", "an"):
            return False
        if _is_other_kind(line, noun, clause.who):
            return False  # "he wondered what they ate: a fat spider, for one, …"
        if line.has_another(clause.listed if clause.listed > line.first else line.first, noun.first):
            return noun.first == clause.listed  # "louder than the clerk—an old man"
        is_set_off = before.gap.startswith(DASHES) or line.is_set_off(noun.first)
        return is_set_off or (before.gap == ", " and noun.first == clause.listed)

    def _fits(self, line: Line, noun: Noun, who: Person | None) -> bool:
        """Whether "a pretty girl" can be who it is said of."""
        told = sex_of_noun(line.tokens[noun.head].lower)
        who = real(who) if who is not None else None
        sex = who.sex if isinstance(who, Stranger) else self.owners.sex_of(who)
        return None in (told, sex) or told is sex

    def _may_be(self, line: Line, noun: Noun, who: Person | None) -> bool:
        """The same for "NAME, a pretty girl": what is said of a name tells more than pronouns near it."""
        told = sex_of_noun(line.tokens[noun.head].lower)
        sex = sex_by_name(who) if isinstance(who, Name) else None
        return None in (told, sex) or told is sex

    def _apposed(self, line: Line, at: int, clause: Clause) -> bool:
        """Read "NAME, a tall man, …" and "NAME, tall and thin, …"; tell whether it was the first."""
        if at >= line.last or not (breaks(line.tokens[at - 1].gap) or line.is_set_off(at)):
            return False
        noun = line.nouns.get(at)
        if noun is None or noun.kind != "being" or not noun.lasting:
            at = line.after_title(at)
            noun = line.nouns.get(at)
        if noun is None:
            end, lasting, _ = adjectives(line.tokens, at, line.last)
            if lasting > 1 and end < line.last and line.tokens[end - 1].gap == ", ":
                self._adjectives(line, at, clause)
            return False
        is_new = noun.determiner in ("a", "an") and noun.lasting > 0
        is_plain = noun.determiner in ("a", "an") and not noun.lasting
        is_told = is_plain or is_new or (noun.determiner == "the" and self._is_shown(line, noun))
        if noun.kind != "being" or not is_told or not self._may_be(line, noun, clause.who):
            return False
        if is_plain:
            clause.listed = clause.read = noun.last  # "NAME, a lawyer, …" is nobody else
            return True
        self._tell(line, noun.first, noun.last, clause, is_lasting=True, is_sure=True)
        self._go_on(line, noun.last, clause)
        return True

    def _is_shown(self, line: Line, noun: Noun) -> bool:
        """Whether "the pale girl" tells by a word before the noun."""
        mods = line.tokens[noun.core : noun.head]
        return any(appearance.tells(token) and token.lower not in appearance.WEAK for token in mods)

    def _predicate(self, line: Line, at: int, clause: Clause) -> None:
        """Read what is said of a subject that ends at a token: was, had, wore, was dressed in."""
        if clause.who is None:
            return
        tokens = line.tokens
        end = line.age(at) if at < line.last and tokens[at].lower in MODALS else 0
        if end > 0:
            self._tell(line, at + 2 + (tokens[at + 1].lower == "have"), end, clause, is_lasting=True, is_sure=True)
            self._go_on(line, end, clause)
            return
        at = at + 1 if at + 1 < line.last and tokens[at + 1].lower == "be" else line.verb(at)
        if at < 0:
            return
        verb, after = tokens[at].lower, line.skip_adverbs(at + 1)
        clause.is_passing = verb in TURNS or any(token.lower in NOW for token in tokens[at:after])
        if after >= line.last or any(token.lower in NOT_A_LOOK for token in tokens[at : after + 1]):
            return
        noun = line.nouns.get(after)
        if verb in BEINGS | TURNS:
            self._is(line, after, clause)
        elif noun is not None and noun.kind != "being":
            self._bear(line, noun, clause)
        elif verb in HAVING and not self._is_participle(line, after):
            clause.listed = after

    def _is_participle(self, line: Line, at: int) -> bool:
        """Whether "had" only helps a verb: who "had carried his way with a high hand" has no such hand."""
        facts = line.tokens[at].facts
        return bool(facts & lex.VERB and facts & lex.INFLECTED) and not facts & (lex.QUALITY | lex.NOUN)

    def _is(self, line: Line, at: int, clause: Clause) -> None:
        """Read what stands after "was": "a tall man", "of middle height", "tall and thin", "dressed in black"."""
        noun, end = line.nouns.get(at), line.measure(at) or line.age(at)
        if noun is not None and noun.kind == "being":
            self._is_one(line, noun, clause)
        elif end > 0:
            self._tell(line, at, end, clause, is_lasting=True)
            self._go_on(line, end, clause)
        else:
            self._adjectives(line, at, clause)

    def _is_one(self, line: Line, noun: Noun, clause: Clause) -> None:
        """Read "was a tall man"; "was the daughter of somebody" brings in nobody else."""
        clause.read, clause.is_passing = noun.last, False  # "was then a pallid young man"
        if _is_other_kind(line, noun, clause.who):
            clause.who = self.people.correct(noun, sentence=line.number)
        if noun.determiner not in ("a", "an") or not self._fits(line, noun, clause.who):
            return
        if clause.is_meant and clause.who is not None and not line.follows(real(clause.who)):
            self.doubted = clause.who, line.sentence.paragraph
        if noun.lasting:
            self._tell(line, noun.first, noun.last, clause, is_lasting=True)
        clause.listed = noun.last
        self._go_on(line, noun.last, clause)

    def _before_name(self, line: Line, at: int, name: Name) -> None:
        """Read "pale, dark-eyed" before a name."""
        first = line.before_name(at)
        if first < at:
            self._tell(line, first, at, Clause(who=name), is_lasting=True)


def _is_other_kind(line: Line, noun: Noun, who: Person | None) -> bool:
    """Whether "a fat spider" is said of somebody who is no beast: it is another, or a likeness."""
    meant = real(who) if who is not None else None
    may_be = meant.is_beast if isinstance(meant, Stranger) else meant is not None and _may_be_beast(meant)
    return is_beast(line.tokens[noun.head]) and not may_be


def _may_be_beast(name: Name) -> bool:
    """Whether more speaks for a beast than for who speaks: of a girl it may be said once that she darted off."""
    told = name.evidence
    return told["beast"] > told["speech"] + told["title"] or judge_type(name) is ElementType.CREATURE


def find_portraits(passage: Passage, owners: Owners) -> dict[str, list[Told]]:
    """For each name of a chapter what is told of how its bearer looks."""
    return Portraits(passage=passage, owners=owners, people=Antecedents(passage=passage, owners=owners)).read()
