"""Who looks how, by the sentence's subject: "He was tall", "She had grey eyes", "NAME, a stout man". English only."""

from dataclasses import dataclass, field
from typing import NamedTuple

from imaginized.providers.builtin import appearance, vocabulary
from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin.antecedents import Antecedents, Person, Stranger, link_titles, real, sex_of_noun
from imaginized.providers.builtin.appearance import ALWAYS_WORN, BODY, DEGREES, STEADY, Noun, adjectives, is_beast
from imaginized.providers.builtin.clauses import (
    BEINGS,
    DASHES,
    HAVING,
    MODALS,
    INTRODUCING,
    NAMING,
    NOT_A_LOOK,
    NOW,
    ONCE,
    PRESENTING,
    SHOWING,
    TURNS,
    Line,
    breaks,
    read_line,
)
from imaginized.providers.builtin.names import Name
from imaginized.providers.builtin.owners import SEXES, Owners, sex_by_name
from imaginized.providers.builtin.sentences import Passage

LONGEST = 420
SCRAPS = ("thing", "wisp", "bundle", "slip", "scrap")  # of a person only now and then
SHOWN = tuple((word,) for word in SHOWING)
DRESSED = vocabulary.words("dressed clad attired clothed garbed arrayed")
LINKS = vocabulary.words("with and in of a an but having wearing had by")
MOST_LINKS = 3  # words between two looks of a list
WITHIN = 14  # words after a look in which "with grey hair" still goes on
SUPPOSED = vocabulary.words("if wish wished imagine imagined would should could might fancy dreamed dream")
SUPPOSED_WITHIN = 6
AND = vocabulary.words("and but being though yet")
# After an adjective: "hard to please", "light of foot".
ELSEWHERE = vocabulary.words("up out off away down by short to for at of about as than enough on upon into over against")
NEW = ("a", "an", "another", "one")
POINTING = vocabulary.words("he she him her his latter former this it")


class Told(NamedTuple):
    """A look of somebody: its words, the passage they stand in, whether it lasts, whether the name is a guess."""

    text: str
    start: int
    end: int
    is_lasting: bool
    is_guessed: bool


@dataclass(slots=True)
class Clause:
    """Where a sentence has come to: whom it is about, where the last look ended, what is read already."""

    who: Person | None = None
    listed: int = -WITHIN
    read: int = 0
    is_passing: bool = False
    ahead: tuple[int, int] | None = None
    is_meant: bool = False

    def turn_to(self, who: Person | None) -> None:
        """Go on about somebody, without a look as yet."""
        self.who, self.listed, self.is_meant = who, -WITHIN, False


@dataclass(slots=True, kw_only=True)
class Portraits:
    """Reads a chapter once, sentence by sentence."""

    passage: Passage
    owners: Owners
    people: Antecedents
    found: list[tuple[Person, Told]] = field(default_factory=list)
    doubted: tuple[Person, int] | None = None  # "He was a tall man" may bring in somebody new

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
            elif i >= clause.read and line.is_joined(i):
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
        if before in NAMING or before[-1:] in (("named",), ("called",)) or line.is_one(at, last):
            self.people.give_name(name, sentence=line.number)
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
            if before[-1:] != ("when",):
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
                return line.names[i] if not is_owner and self._fits(line, noun, line.names[i]) else None
        sex = sex_of_noun(line.tokens[noun.head].lower)
        if sex is None or line.acts(noun.last):
            return None
        return self.people.resolve(sex, sentence=line.number)

    def _is_apart(self, line: Line, noun: Noun, clause: Clause) -> bool:
        """Whether "—a large, well-made man—" or ", a tall man," goes on about the subject."""
        before = line.before(noun.first)
        if clause.who is None or before is None or not noun.lasting or noun.determiner not in ("a", "an"):
            return False
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
        elif verb in HAVING:
            clause.listed = after

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
        who = real(clause.who) if clause.who is not None else None
        may_be = who.is_beast if isinstance(who, Stranger) else who is not None and who.evidence["beast"] > 0
        if is_beast(line.tokens[noun.head]) and not may_be:
            clause.who = self.people.correct(noun, sentence=line.number)
        if noun.determiner not in ("a", "an") or not self._fits(line, noun, clause.who):
            return
        if clause.is_meant and clause.who is not None and not line.follows(real(clause.who)):
            self.doubted = clause.who, line.sentence.paragraph
        if noun.lasting:
            self._tell(line, noun.first, noun.last, clause, is_lasting=True)
        clause.listed = noun.last
        self._go_on(line, noun.last, clause)

    def _adjectives(self, line: Line, at: int, clause: Clause) -> None:
        tokens = line.tokens
        if at < line.last and tokens[at].lower in DRESSED:
            clause.listed = at + 1
            self._go_on(line, at + 1, clause)
            return
        end, lasting, passing = adjectives(tokens, at, line.last)
        if end == at or not (lasting or passing) or (end == at + 1 and tokens[at].lower.endswith("ing")):
            return
        if any(noun.first < end <= noun.head for noun in line.nouns.values()):
            return  # they stand before a noun
        follows = tokens[end].lower if end < line.last and tokens[end - 1].gap == " " else ""
        if follows in ELSEWHERE and lasting < 2:
            return
        self._tell(line, at, end, clause, is_lasting=lasting > 0 and not (follows == "with" and passing))
        self._go_on(line, end, clause)

    def _go_on(self, line: Line, at: int, clause: Clause) -> None:
        """Go on after a look with ", tall, handsome" or "and dressed in black"; nouns come by themselves."""
        clause.read = max(clause.read, at)
        i = at
        while i < line.last and line.tokens[i].lower in AND:
            i += 1
        linked = i > at or line.tokens[at - 1].gap == ", "
        if linked and i < line.last and i not in line.nouns and i not in line.names:
            self._adjectives(line, i, clause)

    def _borne(self, line: Line, noun: Noun, clause: Clause) -> None:
        """Body or dress: "her hair was yellow", in a list about the subject, or "his thin hands"."""
        who = self._owner(line, noun)
        if who is not None and self._stated(line, noun, who, clause):
            return
        if clause.who is not None and self._is_listed(line, noun, clause):
            self._bear(line, noun, clause)
        elif who is not None and self._stays(line, noun) and self._is_own(line, noun, who, clause):
            self._tell(line, noun.core, noun.last, Clause(who=who), is_lasting=True)
        elif noun.determiner in vocabulary.POSSESSIVES and who is None:
            clause.listed = -WITHIN

    def _is_own(self, line: Line, noun: Noun, who: Person, clause: Clause) -> bool:
        """Whether "his thin hands" are who acts; "looked into her little face" is another's, and tells too little."""
        mods = line.tokens[noun.core : noun.head]
        is_weak = all(token.lower in appearance.WEAK or not appearance.tells(token) for token in mods)
        before = line.before(noun.first)
        is_met = before is not None and before.lower in ("into", "at", "toward", "towards") and noun.determiner != "'s"
        is_actor = clause.who is not None and real(clause.who) is real(who)
        return not (is_weak and line.tokens[noun.head].lower not in STEADY) and not (is_met and is_actor)

    def _stays(self, line: Line, noun: Noun) -> bool:
        """Whether "his thin hands" tells what lasts; "her white face" does not, "his white beard" does."""
        is_steady = not noun.passing or line.tokens[noun.head].lower in STEADY
        return noun.kind == "body" and noun.lasting > 0 and is_steady

    def _is_listed(self, line: Line, noun: Noun, clause: Clause) -> bool:
        """Whether a phrase goes on after a look: "…, with a red face", "…, a high nose"."""
        before, since = line.before(noun.first), noun.first - clause.listed
        if before is None or noun.determiner not in ("", "a", "an", "the") or not 0 <= since <= WITHIN:
            return False
        if before.lower in ("of", "with") and noun.determiner == "the":
            return False
        between = line.tokens[clause.listed : noun.first]
        near = since <= MOST_LINKS and all(token.lower in LINKS for token in between)
        is_above = line.words_before(noun.first, most=2) in (("which", "was"), ("which", "were"))
        listed = is_above or before.gap in (", ", "; ") or (before.lower == "and" and line.tokens[noun.first - 2].gap == ", ")
        return near or before.lower in HAVING or before.lower == "with" or listed

    def _owner(self, line: Line, noun: Noun) -> Person | None:
        """Whose it is by "his", "her" or a name's "'s"; None where that is open or unsaid."""
        if noun.determiner == "'s":
            return line.names.get(noun.core - 1)
        if noun.determiner == "the" and noun.first == line.first and noun.kind == "body":
            return self.people.still(sentence=line.number)
        if noun.determiner not in ("his", "her"):
            return None
        sex = SEXES[noun.determiner == "her"]
        who = self.people.resolve(sex, sentence=line.number)
        return who if who is not None and self.people.is_alone(who, sex, sentence=line.number) else None

    def _stated(self, line: Line, noun: Noun, who: Person, clause: Clause) -> bool:
        """Read "his hair was nearly white", "her eyes were of a rich hazel"."""
        tokens, other = line.tokens, line.second(noun.last)
        at = noun.last if other is None else other.last
        if self._gapped(line, noun, who, clause):
            return True
        at += line.is_aside(at)
        if at + 1 >= line.last or tokens[at - 1].gap != " " or tokens[at].lower not in BEINGS:
            return False
        i = line.skip_adverbs(at + 1)
        if i >= line.last or tokens[i].lower in NOT_A_LOOK:
            return False
        end, is_lasting, passing = line.measure(i), True, 0
        if end <= 0:
            i += tokens[i].lower in ("a", "an", "of")
            end, lasting, passing = adjectives(tokens, i, line.last)
            telling = sum(appearance.tells(token) and token.lower not in DEGREES for token in tokens[i:end])
            is_steady = telling > 1 or (telling > 0 and tokens[noun.head].lower in STEADY)
            is_lasting = lasting > passing or is_steady or self._is_native(line, noun, i, end)
        if end == i or (end < line.last and tokens[end - 1].gap == " " and tokens[end].lower in ELSEWHERE):
            return False
        if not (is_lasting or passing or self._stays(line, noun)):
            return False
        if not is_lasting and self._stays(line, noun):
            self._tell(line, noun.core, noun.last, Clause(who=who), is_lasting=True)  # "his long beard was wet"
        self._tell(line, noun.core, end, Clause(who=who), is_lasting=is_lasting)
        clause.who, clause.listed, clause.read = who, end, end
        return True

    def _is_native(self, line: Line, noun: Noun, first: int, last: int) -> bool:
        """Whether "eyes were blue" or "mouth was wide" tells what somebody is born with."""
        word, told = line.tokens[noun.head].lower, {token.lower for token in line.tokens[first:last]}
        if word in ("eye", "eyes"):
            return not told.isdisjoint(appearance.EYE_COLOURS)
        return word in BODY and word not in appearance.OPENING and not told.isdisjoint(appearance.SIZES)

    def _gapped(self, line: Line, noun: Noun, who: Person, clause: Clause) -> bool:
        """Read the second of "his face was long, his nose hooked"."""
        if not 0 <= noun.first - clause.listed <= 1 or clause.who is not who or noun.kind != "body":
            return False
        end, lasting, passing = adjectives(line.tokens, noun.last, line.last)
        if line.tokens[noun.last - 1].gap != " " or not (lasting > passing or self._is_native(line, noun, noun.last, end)):
            return False
        self._tell(line, noun.core, end, Clause(who=who), is_lasting=True)
        clause.listed = clause.read = end
        return True

    def _bear(self, line: Line, noun: Noun, clause: Clause) -> None:
        """Tell a phrase of body or dress of the subject, if a word in it can be seen."""
        word = line.tokens[noun.head].lower
        is_worn = noun.kind == "wear" and noun.determiner in ("a", "an", "")
        is_told = noun.lasting > 0 or (noun.kind == "body" and appearance.describes(line.tokens, noun))
        if not (is_told or word in ALWAYS_WORN or is_worn):
            clause.listed = noun.last
            return
        first = noun.core if noun.determiner in vocabulary.POSSESSIVES | {"the"} else noun.first
        lasts = word in ALWAYS_WORN or (word in BODY and is_told)
        self._tell(line, first, noun.last, clause, is_lasting=lasts)

    def _before_name(self, line: Line, at: int, name: Name) -> None:
        """Read "pale, dark-eyed" before a name."""
        first = line.before_name(at)
        if first < at:
            self._tell(line, first, at, Clause(who=name), is_lasting=True)

    def _tell(
        self, line: Line, first: int, last: int, clause: Clause, *, is_lasting: bool, is_sure: bool = False
    ) -> None:
        tokens = line.tokens
        clause.listed, clause.read = last, max(clause.read, last)
        if clause.who is not None and is_lasting:
            self.people.portrayed = (clause.who, line.number)
        if clause.who is None or not is_sure and not SUPPOSED.isdisjoint(line.words_before(first, most=SUPPOSED_WITHIN)):
            return
        if isinstance(clause.who, Stranger):
            clause.who.looks += is_lasting * max(1, sum(appearance.tells(token) for token in tokens[first:last]))
        start, end = tokens[first].start, tokens[last - 1].end
        end -= 2 if tokens[last - 1].lower.endswith("'s") else 0
        quote = _around(line, first, last)
        lasts = is_lasting and not clause.is_passing
        is_guessed = self.doubted == (clause.who, line.sentence.paragraph)
        self.found.append((clause.who, Told(self.passage.text[start:end], *quote, lasts, is_guessed)))


def _around(line: Line, first: int, last: int) -> tuple[int, int]:
    """The sentence; of a very long one the clauses around tokens, as far as they fit."""
    tokens, sentence = line.tokens, line.sentence
    if sentence.end - sentence.start <= LONGEST:
        return sentence.start, sentence.end
    begin, end = first, last
    for i in range(first, sentence.first, -1):
        if tokens[last - 1].end - tokens[i - 1].start > LONGEST // 2:
            break
        begin = i - 1 if i - 1 == sentence.first or tokens[i - 2].gap != " " else begin
    for i in range(last, sentence.last):
        if tokens[i].end - tokens[begin].start > LONGEST:
            break
        end = i + 1 if tokens[i].gap != " " else end
    return tokens[begin].start, tokens[end - 1].end


def find_portraits(passage: Passage, owners: Owners) -> dict[str, list[Told]]:
    """For each name of a chapter what is told of how its bearer looks."""
    return Portraits(passage=passage, owners=owners, people=Antecedents(passage=passage, owners=owners)).read()
