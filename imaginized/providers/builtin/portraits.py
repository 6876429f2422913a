"""Who looks how, by the sentence's subject: "He was tall", "She had grey eyes", "NAME, a stout man". English only."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from imaginized.providers.builtin import appearance, vocabulary
from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin.antecedents import Antecedents, Person, Stranger, link_titles, real, sex_of_noun
from imaginized.providers.builtin.appearance import ALWAYS_WORN, BODY, HERS, HIS, Noun, adjectives, find_nouns, is_beast
from imaginized.providers.builtin.names import Name
from imaginized.providers.builtin.owners import SEXES, Owners
from imaginized.providers.builtin.sentences import Passage, Sentence, Token

LONGEST = 420
BEINGS = vocabulary.words("was is were being be")
TURNS = vocabulary.words("looked seemed appeared grew became turned got felt")
HAVING = vocabulary.words("had has having bore possessed with wore wears wearing")
WEARING = vocabulary.words("wore wears wearing")
DRESSED = vocabulary.words("dressed clad attired clothed garbed arrayed")
LINKS = vocabulary.words("with and in of a an but having wearing had by")
DASHES = ("—", "–", "--")
MOST_LINKS = 3  # words between two looks of a list
MOST_ADVERBS = 3
WITHIN = 14  # words after a look in which "with grey hair" still goes on
MOST_ASIDE = 14  # words of ", who had come in, was a …"
NOW = vocabulary.words("now then suddenly instantly moment to-day today to-night tonight evening morning")
USUALLY = vocabulary.words("always usually generally habitually ever invariably")
NOT_A_LOOK = vocabulary.words("like as than if though no not never without neither nor")
ONCE = vocabulary.words("when since until till before if unless after")
SUPPOSED = vocabulary.words("if wish wished imagine imagined would should could might fancy dreamed dream")
OUTSIDE = vocabulary.words("whose which that who")


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


@dataclass(slots=True, kw_only=True)
class Portraits:
    """Reads a chapter once, sentence by sentence."""

    passage: Passage
    owners: Owners
    people: Antecedents
    found: list[tuple[Person, Told]] = field(default_factory=list)
    nouns: dict[int, Noun] = field(default_factory=dict)

    def read(self) -> dict[str, list[Told]]:
        """For each name what is told of its bearer, in reading order."""
        for number, sentence in enumerate(self.passage.sentences):
            self._read(number, sentence)
        link_titles(self.people, list({id(name): name for name in self.owners.names.values()}.values()))
        by_name: dict[str, list[Told]] = {}
        for who, told in self.found:
            name = real(who)
            if isinstance(name, Name):
                guessed = isinstance(who, Stranger) and who.guessed
                by_name.setdefault(name.text, []).append(told._replace(is_guessed=guessed))
        return by_name

    def _read(self, number: int, sentence: Sentence) -> None:
        tokens, names = self.passage.tokens, self.owners.names
        nouns = find_nouns(tokens, sentence, taken=names)
        self.nouns = {noun.first: noun for noun in nouns}
        heads = {noun.head: noun for noun in nouns}
        clause, i = Clause(), sentence.first
        while i < sentence.last:
            token = tokens[i]
            self.people.is_spoken = token.spoken
            if token.spoken and not sentence.told:
                i += self._hear(number, sentence, i)
            elif i in names:
                i = self._name(number, sentence, i, clause)
            elif token.lower in ("he", "she") or (
                token.lower in ("him", "her") and [t.lower for t in tokens[i + 1 : i + 3]] == ["to", "be"]
            ):
                self._pronoun(number, sentence, i, clause)
                i += 1
            elif token.lower in ("his", "her") and i == sentence.first:
                clause.who = self.people.pronoun(SEXES[token.lower == "her"], sentence=number)
                i += 1
            elif token.lower in ("latter", "former") and i > sentence.first and tokens[i - 1].lower == "the":
                clause.who = self.people.told_apart(sentence=number, is_latter=token.lower == "latter")
                self._predicate(number, sentence, i + 1, clause)
                i += 1
            elif token.lower in ("this", "it") and i == sentence.first:
                clause.who = self.people.last_named(sentence=number)
                if i + 2 < sentence.last and tokens[i + 1].lower == "was" and self._is_somebody(i + 2):
                    self._is(number, sentence, i + 2, clause)
                clause.who = None
                i = max(i + 1, clause.read)
            elif i in heads:
                self._noun(number, sentence, heads[i], clause)
                i = max(heads[i].last, i + 1)
            else:
                i += 1

    def _pronoun(self, number: int, sentence: Sentence, at: int, clause: Clause) -> None:
        tokens = self.passage.tokens
        sex, before = SEXES[tokens[at].lower in ("she", "her")], tokens[at - 1] if at > sentence.first else None
        clause.who, clause.listed = None, -WITHIN
        says = tokens[at].lower in ("he", "she")
        if says and before is not None and before.facts & (lex.SPEECH | lex.MIND) and before.facts & lex.VERB and before.gap == " ":
            self.people.nobody(sex, sentence=number)  # "Anna says she has fair hair"
            return
        clause.who = self.people.pronoun(sex, sentence=number)
        if before is None or before.lower not in ONCE:
            self._predicate(number, sentence, at + 1, clause)

    def _is_somebody(self, at: int) -> bool:
        noun = self.nouns.get(at)
        return noun is not None and noun.kind == "being" and self.passage.tokens[noun.head].lower != "thing"

    def _hear(self, number: int, sentence: Sentence, at: int) -> int:
        """Take "I am NAME" and "my name is NAME" for whoever came in; return how many tokens to go on."""
        names, tokens = self.owners.names, self.passage.tokens
        name = names.get(at)
        if name is None:
            return 1
        before = [token.lower for token in tokens[max(at - 3, sentence.first) : at]]
        last, is_called = self._end_of_name(at, sentence), before[-1:] == ["called"]
        if is_called or before[-2:] in (["i", "am"], ["name", "is"]) or before[-1:] in (["i'm"], ["name's"]):
            self.people.give_name(name, sentence=number, is_called=is_called)
        elif _is_called(tokens, at, last, sentence) or before[-2:] in (["this", "is"], ["here", "is"]):
            self.people.hear(name, sentence=number)
        return last - at

    def _end_of_name(self, at: int, sentence: Sentence) -> int:
        names, last = self.owners.names, at
        while last < sentence.last and names.get(last) is names[at]:
            last += 1
        return last

    def _name(self, number: int, sentence: Sentence, at: int, clause: Clause) -> int:
        tokens, name = self.passage.tokens, self.owners.names[at]
        last = self._end_of_name(at, sentence)
        before = [token.lower for token in tokens[max(at - 3, sentence.first) : at]]
        if before[-2:] in (["name", "was"], ["name", "is"]) or before[-1:] in (["named"], ["called"]) or before[-2:] == ["must", "be"]:
            self.people.give_name(name, sentence=number)
        if tokens[at].spoken and _is_called(tokens, at, last, sentence):
            return last
        is_owner = tokens[last - 1].lower.endswith("'s")
        is_subject = not is_owner and self._is_subject((at, last), sentence)
        self.people.name(name, sentence=number, is_subject=is_subject, is_owner=is_owner)
        if is_subject:
            clause.who, clause.listed = name, -WITHIN
            self._apposed(number, sentence, last, clause)
            self._predicate(number, sentence, last, clause)
        elif not is_owner and self._apposed(number, sentence, last, Clause(who=name)):
            clause.who, clause.listed, clause.read = name, self.nouns[last].last, self.nouns[last].last
        elif not is_owner or real(name) is not clause.who:
            clause.listed = -WITHIN  # what follows may be another's
        return last

    def _is_subject(self, span: tuple[int, int], sentence: Sentence) -> bool:
        """Whether a name is who the clause is about; "asked X" and "said X" at its end count, too."""
        tokens = self.passage.tokens
        if self.owners.is_subject(span, sentence):
            return True
        before = tokens[span[0] - 1].lower
        if before in vocabulary.SPEECH_VERBS:
            return True
        if before in vocabulary.PREPOSITIONS or tokens[span[0] - 1].facts & lex.VERB:
            return False
        return self._verb(span[1], sentence) >= 0

    def _noun(self, number: int, sentence: Sentence, noun: Noun, clause: Clause) -> None:
        if noun.kind == "being":
            self._being(number, sentence, noun, clause)
        elif noun.first >= clause.read:
            self._borne(number, sentence, noun, clause)

    def _being(self, number: int, sentence: Sentence, noun: Noun, clause: Clause) -> None:
        """A person without a name: new after "a", known after "the"; who is of or like somebody is nobody here."""
        tokens = self.passage.tokens
        if noun.first < clause.read or tokens[noun.head].lower == "thing":
            return
        word = tokens[noun.head].lower
        if self._is_apart(noun, sentence, clause) and self._fits(noun, clause.who):
            self._tell(number, noun.first, noun.last, clause, is_lasting=True)
            return
        is_subject = self._leads(noun, sentence)
        alone = self._meant_by_fragment(number, sentence, noun)
        if alone is not None:
            clause.who, clause.listed = alone, -WITHIN
            self._tell(number, noun.first, noun.last, clause, is_lasting=True)
            return
        if noun.determiner in ("a", "an", "another", "one") and not self._is_likened(noun, sentence):
            who: Person | None = self.people.stranger(noun, sentence=number, is_subject=is_subject)
        elif noun.determiner in ("a", "an") and noun.first and tokens[noun.first - 1].lower == "of":
            who = self.people.stranger(noun, sentence=number, is_subject=False)  # "the picture of a girl"
        elif noun.determiner in ("the", "this", "that", "'s") or noun.determiner in vocabulary.POSSESSIVES:
            who = self.people.definite(noun, sentence=number, is_subject=is_subject)
        else:
            return
        named = self.owners.names.get(noun.last) if tokens[noun.last - 1].gap == ", " else None
        if isinstance(who, Stranger) and named is not None and self._fits(noun, named) and is_subject:
            who.named = named  # "my sister, Mrs. X, …"
        if is_subject or (noun.determiner in ("a", "an") and noun.lasting and word not in vocabulary.HONORIFICS):
            clause.who, clause.listed = who, -WITHIN
            if noun.lasting and noun.determiner in ("a", "an"):
                self._tell(number, noun.first, noun.last, clause, is_lasting=True)
            self._predicate(number, sentence, noun.last, clause)
        else:
            clause.listed = -WITHIN

    def _meant_by_fragment(self, number: int, sentence: Sentence, noun: Noun) -> Person | None:
        """Whom "A big, loud man, with a stare." means: the subject named after it, else who was spoken of before."""
        tokens, names = self.passage.tokens, self.owners.names
        breaks = noun.last >= sentence.last or tokens[noun.last - 1].gap[:1] in (",", ";", ".", "—")
        if noun.first != sentence.first or noun.determiner not in ("a", "an") or not (noun.lasting and breaks):
            return None
        acts = any(token.facts & lex.INFLECTED and token.facts & lex.VERB for token in tokens[noun.last : sentence.last])
        for i in range(noun.last, sentence.last):
            if i in names and _breaks(tokens[i - 1].gap) and not tokens[i].spoken:
                last = self._end_of_name(i, sentence)
                is_owner = tokens[last - 1].lower.endswith("'s")
                return names[i] if self._fits(noun, names[i]) and not is_owner else None
        sex = sex_of_noun(tokens[noun.head].lower)
        return self.people.resolve(sex, sentence=number) if sex is not None and not acts else None

    def _is_apart(self, noun: Noun, sentence: Sentence, clause: Clause) -> bool:
        """Whether "—a large, well-made man—" or ", a tall man," goes on about the subject."""
        if clause.who is None or not noun.lasting or noun.determiner not in ("a", "an"):
            return False
        before = self.passage.tokens[noun.first - 1] if noun.first > sentence.first else None
        if before is None:
            return False
        return before.gap.startswith(DASHES) or (before.gap == ", " and noun.first == clause.listed)

    def _leads(self, noun: Noun, sentence: Sentence) -> bool:
        """Whether a clause begins with the phrase, or it is what "there stood" brings in."""
        tokens = self.passage.tokens
        before = tokens[noun.first - 1] if noun.first > sentence.first else None
        if before is None or before.gap != " " or before.lower in ("and", "but", "when", "while", "as", "that"):
            return True
        after = tokens[noun.last] if noun.last < sentence.last and tokens[noun.last - 1].gap == " " else None
        acts = after is not None and (after.lower in BEINGS | HAVING - {"with"} or bool(after.facts & lex.INFLECTED))
        return acts and before.lower not in vocabulary.PREPOSITIONS

    def _is_likened(self, noun: Noun, sentence: Sentence) -> bool:
        tokens = self.passage.tokens
        before = [token.lower for token in tokens[max(noun.first - 3, sentence.first) : noun.first]]
        return not NOT_A_LOOK.isdisjoint(before) or before[-1:] == ["of"]

    def _fits(self, noun: Noun, who: Person | None) -> bool:
        """Whether "a pretty girl" can be who it is said of."""
        word = self.passage.tokens[noun.head].lower
        sex = self._sex(who)
        return not (word in HERS and sex is SEXES[0]) and not (word in HIS and sex is SEXES[1])

    def _is_beast(self, who: Person | None) -> bool:
        """Whether somebody may be called a dog: a name that is a beast's by other signs, or that was just said."""
        who = real(who) if who is not None else None
        return who.is_beast if isinstance(who, Stranger) else who is not None and who.evidence["beast"] > 0

    def _sex(self, who: Person | None) -> frozenset[str] | None:
        who = real(who) if who is not None else None
        return who.sex if isinstance(who, Stranger) else self.owners.sex_of(who)

    def _apposed(self, number: int, sentence: Sentence, at: int, clause: Clause) -> bool:
        """Read "NAME, a tall man, …" and "NAME, tall and thin, …"."""
        if at >= sentence.last or not _breaks(self.passage.tokens[at - 1].gap):
            return False
        noun = self.nouns.get(at)
        if noun is None:
            end, lasting, _ = adjectives(self.passage.tokens, at, sentence.last)
            if lasting > 1 and end < sentence.last and self.passage.tokens[end - 1].gap == ", ":
                self._adjectives(number, sentence, at, clause, is_led=True)
            return False
        if noun.kind != "being" or noun.determiner not in ("a", "an") or not noun.lasting:
            return False
        if not self._fits(noun, clause.who):
            return False
        self._tell(number, noun.first, noun.last, clause, is_lasting=True)
        self._go_on(number, sentence, noun.last, clause)
        return True

    def _predicate(self, number: int, sentence: Sentence, at: int, clause: Clause) -> None:
        """Read what is said of a subject that ends at a token: was, had, wore, was dressed in."""
        if clause.who is None:
            return
        tokens = self.passage.tokens
        at = at + 1 if at + 1 < sentence.last and tokens[at + 1].lower == "be" else self._verb(at, sentence)
        if at < 0:
            return
        verb = tokens[at].lower
        after = self._skip_adverbs(at + 1, sentence)
        clause.is_passing = verb in TURNS or any(t.lower in NOW for t in tokens[at:after])
        if after >= sentence.last or any(t.lower in NOT_A_LOOK for t in tokens[at : after + 1]):
            return
        if verb in BEINGS | TURNS:
            self._is(number, sentence, after, clause)
        elif verb in HAVING:
            noun = self.nouns.get(after)
            if noun is not None and noun.kind != "being":
                self._bear(number, noun, clause, is_worn=verb in WEARING)

    def _verb(self, at: int, sentence: Sentence) -> int:
        """Where the verb of a subject is: right after it, or after "the lawyer", ", who …," or an aside; -1 if none."""
        tokens = self.passage.tokens
        verbs = BEINGS | TURNS | HAVING - {"with"}
        if at >= sentence.last:
            return -1
        noun = self.nouns.get(at)
        if noun and noun.kind == "being" and noun.determiner == "the":
            at = noun.last
        while at < sentence.last and tokens[at].facts & lex.ADVERB and tokens[at - 1].gap == " " and tokens[at].lower.endswith("ly"):
            at += 1
        if at >= sentence.last:
            return -1
        if tokens[at].lower in verbs and tokens[at - 1].gap[:1] != ";":
            return at
        if not _breaks(tokens[at - 1].gap) and tokens[at].lower != "who":
            return -1
        return self._after_aside(at, sentence, verbs)

    def _after_aside(self, at: int, sentence: Sentence, verbs: frozenset[str]) -> int:
        tokens = self.passage.tokens
        if tokens[at].lower == "who" and at + 2 < sentence.last and tokens[at + 1].lower in verbs:
            if not (tokens[at + 1].lower == "had" and tokens[at + 2].facts & lex.INFLECTED):
                return at + 1
        for i in range(at + 1, min(at + MOST_ASIDE, sentence.last)):
            if _breaks(tokens[i - 1].gap) and tokens[i].lower in verbs:
                return i
            if tokens[i - 1].gap[:1] in (";", ":") or tokens[i].lower in OUTSIDE or tokens[i].spoken != tokens[at].spoken:
                return -1
        return -1

    def _skip_adverbs(self, at: int, sentence: Sentence) -> int:
        tokens = self.passage.tokens
        for _ in range(MOST_ADVERBS):
            is_adverb = at < sentence.last and (tokens[at].facts & lex.ADVERB or tokens[at].lower in USUALLY | NOW | {"still", "also", "certainly", "indeed", "plainly"})
            if not is_adverb or appearance.tells(tokens[at]) or at in self.nouns:
                break
            at += 1
        return at

    def _is(self, number: int, sentence: Sentence, at: int, clause: Clause) -> None:
        """Read what stands after "was": "a tall man", "tall and thin", "dressed in black"."""
        tokens = self.passage.tokens
        noun = self.nouns.get(at)
        if noun is not None and noun.kind == "being":
            clause.read = noun.last  # who is the daughter of somebody is nobody else
            if is_beast(tokens[noun.head]) and not self._is_beast(clause.who):
                clause.who = self.people.correct(noun, sentence=number)
            if noun.determiner in ("a", "an") and self._fits(noun, clause.who):
                if noun.lasting:
                    self._tell(number, noun.first, noun.last, clause, is_lasting=True)
                clause.read = noun.last
                clause.listed = noun.last
                self._go_on(number, sentence, noun.last, clause)
            return
        if tokens[at].lower == "of":
            end = appearance.measure(tokens, at + 1, "being", last=sentence.last, taken=self.owners.names)
            if end > 0:
                self._tell(number, at, end, clause, is_lasting=True)
                self._go_on(number, sentence, end, clause)
            return
        self._adjectives(number, sentence, at, clause, is_led=False)

    def _adjectives(self, number: int, sentence: Sentence, at: int, clause: Clause, *, is_led: bool) -> bool:
        tokens = self.passage.tokens
        if at < sentence.last and tokens[at].lower in DRESSED:
            clause.listed = at + 1
            self._go_on(number, sentence, at + 1, clause)
            return True
        end, lasting, passing = adjectives(tokens, at, sentence.last)
        if end == at or not (lasting or passing) or (end == at + 1 and tokens[at].lower.endswith("ing")):
            return False
        noun = next((n for n in self.nouns.values() if n.core < end <= n.head or n.first < end <= n.head), None)
        if noun is not None:
            return False  # they stand before a noun
        follows = tokens[end].lower if end < sentence.last and tokens[end - 1].gap == " " else ""
        if follows in ("to", "for", "at", "of", "that", "about", "as", "than", "enough", "on") and lasting < 2:
            return False  # "hard to please", "light of foot"
        self._tell(number, at, end, clause, is_lasting=lasting > 0 and not (follows == "with" and passing))
        self._go_on(number, sentence, end, clause)
        return True

    def _go_on(self, number: int, sentence: Sentence, at: int, clause: Clause) -> None:
        """Go on after a look with ", tall, handsome" or "and dressed in black"; nouns come by themselves."""
        tokens = self.passage.tokens
        clause.read = max(clause.read, at)
        i = at
        while i < sentence.last and tokens[i].lower in ("and", "but", "being", "though", "yet"):
            i += 1
        linked = i > at or (at > sentence.first and tokens[at - 1].gap == ", ")
        if linked and i < sentence.last and i not in self.nouns and i not in self.owners.names:
            self._adjectives(number, sentence, i, clause, is_led=True)

    def _borne(self, number: int, sentence: Sentence, noun: Noun, clause: Clause) -> None:
        """Body or dress: in a list about the subject, "his thin hands", or "her hair was yellow"."""
        tokens = self.passage.tokens
        who = self._owner(number, sentence, noun)
        if who is not None and self._stated(number, sentence, noun, who, clause):
            return
        between = tokens[max(clause.listed, sentence.first) : noun.first]
        near = 0 <= noun.first - clause.listed <= MOST_LINKS and all(t.lower in LINKS for t in between)
        before = tokens[noun.first - 1].lower if noun.first > sentence.first else ""
        listed = near or (0 <= noun.first - clause.listed <= WITHIN and (before in HAVING or tokens[noun.first - 1].gap == ", "))
        if clause.who is not None and listed and noun.determiner in ("", "a", "an", "the"):
            if before != "of" or noun.determiner != "the":
                self._bear(number, noun, clause, is_worn=False)
                return
        if who is not None and noun.lasting and noun.kind == "body" and not noun.passing:
            own = Clause(who=who)
            self._tell(number, noun.core, noun.last, own, is_lasting=True)
        elif noun.determiner in vocabulary.POSSESSIVES and who is None:
            clause.listed = -WITHIN

    def _owner(self, number: int, sentence: Sentence, noun: Noun) -> Person | None:
        """Whose it is by "his", "her" or a name's "'s"; None where that is open or unsaid."""
        tokens, names = self.passage.tokens, self.owners.names
        if noun.determiner == "'s":
            name = names.get(noun.core - 1)
            return name
        if noun.determiner in ("his", "her"):
            sex = SEXES[noun.determiner == "her"]
            who = self.people.resolve(sex, sentence=number)
            return who if who is not None and self.people.is_alone(who, sex, sentence=number) else None
        return None

    def _stated(self, number: int, sentence: Sentence, noun: Noun, who: Person, clause: Clause) -> bool:
        """Read "his hair was nearly white", "her eyes were a yellowish brown"."""
        tokens = self.passage.tokens
        at = noun.last
        other = self._second(at, sentence)
        at = other.last if other is not None else at
        if at + 1 >= sentence.last or tokens[at - 1].gap != " " or tokens[at].lower not in BEINGS - {"being"}:
            return False
        own = Clause(who=who)
        i = self._skip_adverbs(at + 1, sentence)
        if tokens[i if i < sentence.last else at].lower in NOT_A_LOOK:
            return False
        if i < sentence.last and tokens[i].lower == "of":
            end = appearance.measure(tokens, i + 1, "being", last=sentence.last, taken=self.owners.names)
            if end > 0:
                self._tell(number, noun.core, end, own, is_lasting=True)
                clause.who, clause.listed, clause.read = who, end, end
                return True
        i += i < sentence.last and tokens[i].lower in ("a", "an", "of")
        end, lasting, passing = adjectives(tokens, i, sentence.last) if i < sentence.last else (i, 0, 0)
        if end == i:
            return False
        telling = sum(appearance.tells(token) for token in tokens[i:end])
        is_steady = telling > 1 or (telling > 0 and tokens[noun.head].lower in STEADY)
        is_lasting = lasting > passing or is_steady
        self._tell(number, noun.core, end, own, is_lasting=is_lasting)
        clause.who, clause.listed, clause.read = who, end, end
        return True

    def _second(self, at: int, sentence: Sentence) -> Noun | None:
        """The second of "her eyes and hair were …"."""
        tokens = self.passage.tokens
        if at + 1 >= sentence.last or tokens[at].lower != "and":
            return None
        noun = self.nouns.get(at + 1)
        return noun if noun is not None and noun.kind == "body" and noun.last < sentence.last else None

    def _bear(self, number: int, noun: Noun, clause: Clause, *, is_worn: bool) -> None:
        """Tell a phrase of body or dress of the subject, if a word in it can be seen."""
        word = self.passage.tokens[noun.head].lower
        always = word in ALWAYS_WORN or word in BODY
        if noun.lasting or word in ALWAYS_WORN or (noun.kind == "wear" and noun.determiner in ("a", "an", "")):
            first = noun.core if noun.determiner in vocabulary.POSSESSIVES | {"the"} else noun.first
            self._tell(number, first, noun.last, clause, is_lasting=always and bool(noun.lasting or word in ALWAYS_WORN))
        else:
            clause.listed = noun.last

    def _tell(self, number: int, first: int, last: int, clause: Clause, *, is_lasting: bool) -> None:
        tokens, sentence = self.passage.tokens, self.passage.sentences[number]
        clause.listed, clause.read = last, max(clause.read, last)
        if clause.who is None or any(t.lower in SUPPOSED for t in tokens[max(sentence.first, first - 6) : first]):
            return
        if isinstance(clause.who, Stranger):
            clause.who.is_described = True
        start, end = tokens[first].start, tokens[last - 1].end
        end -= 2 if tokens[last - 1].lower.endswith("'s") else 0
        quote = _around(sentence, start, end)
        lasting = is_lasting and not clause.is_passing
        self.found.append((clause.who, Told(self.passage.text[start:end], *quote, lasting, False)))


STEADY = vocabulary.words("hair eyebrows beard whiskers nose skin complexion figure height build forehead chin teeth lashes mustache moustache features")


def _is_called(tokens: list[Token], first: int, last: int, sentence: Sentence) -> bool:
    """Whether a name in a speech is who is spoken to: "she was very handsome, NAME, and …"."""
    before = tokens[first - 1].gap.strip()[:1] if first > sentence.first else ","
    return before in (",", "“", '"', "‘") and tokens[last - 1].gap.strip()[:1] in (",", "!", "?", ".")


def _breaks(gap: str) -> bool:
    """Whether what stands between two words sets the second apart from the first."""
    return gap == ", " or gap.startswith((*DASHES, ": "))


def _around(sentence: Sentence, start: int, end: int) -> tuple[int, int]:
    """The sentence; of a very long one what stands around the look."""
    if sentence.end - sentence.start <= LONGEST:
        return sentence.start, sentence.end
    return start, end


def find_portraits(passage: Passage, owners: Owners) -> dict[str, list[Told]]:
    """For each name of a chapter what is told of how its bearer looks."""
    return Portraits(passage=passage, owners=owners, people=Antecedents(passage=passage, owners=owners)).read()
