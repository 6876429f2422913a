"""What a phrase of body or dress tells, and of whom: "his hair was grey", "…, with a long nose". English only."""

from dataclasses import dataclass, field
from typing import NamedTuple

from imaginized.providers.builtin import appearance, vocabulary
from imaginized.providers.builtin.antecedents import Antecedents, Person, Stranger, real
from imaginized.providers.builtin.appearance import ALWAYS_WORN, BODY, DEGREES, STEADY, Noun, adjectives
from imaginized.providers.builtin.clauses import BEINGS, HAVING, NOT_A_LOOK, Line
from imaginized.providers.builtin.owners import SEXES, Owners
from imaginized.providers.builtin.sentences import Passage

LONGEST = 420
DRESSED = vocabulary.words("dressed clad attired clothed garbed arrayed")
LINKS = vocabulary.words("with and in of a an but having wearing had by")
SO_SMALL = 2  # words of a look that only says how much
COMPARED = vocabulary.words("small little big large great heavy light low high strong hard")
MOST_LINKS = 3  # words between two looks of a list
WITHIN = 14  # words after a look in which "with grey hair" still goes on
SUPPOSED = vocabulary.words("if wish wished imagine imagined would should could might fancy dreamed dream whether")
SUPPOSED_WITHIN = 6
DONE = ("cut", "laid", "struck", "set", "made")  # "was cut short", "was laid low"
AND = vocabulary.words("and but being though yet")
# After an adjective: "hard to please", "light of foot".
ELSEWHERE = vocabulary.words(
    "up out off away down by short to for at of about as than enough on upon into over against"
)


HOW = ("in", "with")  # "hands were crooked in supplication"
AJAR = ("open", "shut", "closed")
FULL = ("big", "heavy", "thick", "short")  # "big with news", "short with him"


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
class Features:
    """Reads what stands in a sentence about one person; who that is, `portraits` finds."""

    passage: Passage
    owners: Owners
    people: Antecedents
    found: list[tuple[Person, Told]] = field(default_factory=list)
    doubted: tuple[Person, int] | None = None  # "He was a tall man" may bring in somebody new

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
        listed = (
            is_above
            or before.gap in (", ", "; ")
            or (before.lower == "and" and line.tokens[noun.first - 2].gap == ", ")
        )
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
            if end == i + 1 and tokens[i].lower.endswith("ing"):
                return False  # "her eyes were twinkling"
            telling = sum(appearance.tells(token) and token.lower not in DEGREES for token in tokens[i:end])
            is_steady = telling > 1 or (telling > 0 and tokens[noun.head].lower in STEADY)
            is_lasting = lasting > passing or is_steady or self._is_native(line, noun, i, end)
        follows = tokens[end].lower if end < line.last and tokens[end - 1].gap == " " else ""
        if end == i or follows in ELSEWHERE or (follows in HOW and tokens[noun.head].lower in appearance.OPENING):
            return False
        if not (is_lasting or passing or self._stays(line, noun)):
            return False
        if not is_lasting and self._stays(line, noun):
            self._tell(line, noun.core, noun.last, Clause(who=who), is_lasting=True)  # "his long beard was wet"
        is_lasting = is_lasting and (noun.kind != "wear" or tokens[noun.head].lower in ALWAYS_WORN)
        self._tell(line, noun.core, end, Clause(who=who), is_lasting=is_lasting)
        clause.who, clause.listed, clause.read = who, end, end
        return True

    def _is_native(self, line: Line, noun: Noun, first: int, last: int) -> bool:
        """Whether "eyes were blue" or "mouth was wide" tells what somebody is born with."""
        word, told = line.tokens[noun.head].lower, {token.lower for token in line.tokens[first:last]}
        if not told.isdisjoint(AJAR):
            return False  # "mouth was wide open"
        if word in ("eye", "eyes"):
            return not told.isdisjoint(appearance.EYE_COLOURS)
        return word in BODY and word not in appearance.OPENING and not told.isdisjoint(appearance.SIZES)

    def _gapped(self, line: Line, noun: Noun, who: Person, clause: Clause) -> bool:
        """Read the second of "his face was long, his nose hooked"."""
        if not 0 <= noun.first - clause.listed <= 1 or clause.who is not who or noun.kind != "body":
            return False
        end, lasting, passing = adjectives(line.tokens, noun.last, line.last)
        if line.tokens[noun.last - 1].gap != " " or not (
            lasting > passing or self._is_native(line, noun, noun.last, end)
        ):
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

    def _tell(
        self, line: Line, first: int, last: int, clause: Clause, *, is_lasting: bool, is_sure: bool = False
    ) -> None:
        tokens = line.tokens
        clause.listed, clause.read = last, max(clause.read, last)
        if clause.who is not None and is_lasting:
            self.people.portrayed = (clause.who, line.number)
        if clause.who is None or (
            not is_sure and not SUPPOSED.isdisjoint(line.words_before(first, most=SUPPOSED_WITHIN))
        ):
            return
        if isinstance(clause.who, Stranger):
            clause.who.looks += is_lasting * max(1, sum(appearance.tells(token) for token in tokens[first:last]))
        start, end = tokens[first].start, tokens[last - 1].end
        end -= 2 if tokens[last - 1].lower.endswith("'s") else 0
        quote = _around(line, first, last)
        lasts = is_lasting and not clause.is_passing
        is_guessed = self.doubted == (clause.who, line.sentence.paragraph) or self._is_open(line, last, clause.who)
        self.found.append((clause.who, Told(self.passage.text[start:end], *quote, lasts, is_guessed)))

    def _is_open(self, line: Line, last: int, who: Person) -> bool:
        """Whether only "he" or "his" says whose a look is, and another of the sex was met as lately."""
        meant = real(who)
        if isinstance(meant, Stranger) or any(line.names.get(i) is meant for i in range(line.first, last + 1)):
            return False
        return self.people.is_rivalled(who, self.owners.sex_of(meant), sentence=line.number)

    def _go_on(self, line: Line, at: int, clause: Clause) -> None:
        """Go on after a look with ", tall, handsome" or "and dressed in black"; nouns come by themselves."""
        clause.read = max(clause.read, at)
        i = at
        while i < line.last and line.tokens[i].lower in AND:
            i += 1
        linked = i > at or line.tokens[at - 1].gap == ", "
        if linked and i < line.last and i not in line.nouns and i not in line.names:
            self._adjectives(line, i, clause)

    def _is_measured(self, line: Line, first: int, last: int) -> bool:
        """Whether it only says what for: "too tall for the door", "so small that the wind took her"; not "so stout"."""
        follows = line.tokens[last].lower if last < line.last else ""
        degrees = {token.lower for token in line.tokens[first:last]}
        is_size = last - first == SO_SMALL and line.tokens[last - 1].lower in COMPARED
        return "too" in degrees or ("so" in degrees and is_size and follows in ("that", "as"))

    def _adjectives(self, line: Line, at: int, clause: Clause) -> None:
        tokens = line.tokens
        if at < line.last and tokens[at].lower in DRESSED:
            clause.listed = at + 1
            self._go_on(line, at + 1, clause)
            return
        end, lasting, passing = adjectives(tokens, at, line.last)
        if at < line.last and tokens[at].lower in DONE:
            return
        if end == at or not (lasting or passing) or (end == at + 1 and tokens[at].lower.endswith("ing")):
            return
        if any(noun.first < end <= noun.head for noun in line.nouns.values()) or self._is_measured(line, at, end):
            return  # they stand before a noun
        follows = tokens[end].lower if end < line.last and tokens[end - 1].gap == " " else ""
        if (follows in ELSEWHERE and lasting < 2) or (follows == "with" and tokens[at].lower in FULL):
            return
        self._tell(line, at, end, clause, is_lasting=lasting > 0 and not (follows == "with" and passing))
        self._go_on(line, end, clause)


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
