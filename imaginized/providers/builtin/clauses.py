"""Where the parts of a sentence are that tell looks: verbs, asides, what is likened, who is spoken to. English.

Nothing is said here of whom anything is; `portraits` puts the two together.
"""

from dataclasses import dataclass

from imaginized.providers.builtin import appearance, vocabulary
from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin.appearance import Noun, find_nouns
from imaginized.providers.builtin.names import Name
from imaginized.providers.builtin.sentences import Passage, Sentence, Token

BEINGS = vocabulary.words("was is were are being be")
TURNS = vocabulary.words("looked seemed appeared grew became turned got felt proved")
HAVING = vocabulary.words("had has having bore possessed wore wears wearing")
VERBS = BEINGS | TURNS | HAVING
NOW = vocabulary.words("now then suddenly instantly moment to-day today to-night tonight evening morning")
USUALLY = vocabulary.words(
    "only simply merely just both perhaps quite always usually generally habitually ever invariably still also "
    "certainly indeed plainly"
)
NOT_A_LOOK = vocabulary.words("like as than if though no not never without neither nor")
OUTSIDE = vocabulary.words("whose which that who")
ONCE = vocabulary.words("when while since until till before if unless after whether")
LEADS = vocabulary.words("and but when while as that")
NAMING = (("name", "was"), ("name", "is"), ("must", "be"))
# "He was NAME", unless "who" goes on about it.
BEING_ONE = vocabulary.words("he she it this that")
PRESENTING = (("i", "am"), ("name", "is"))
INTRODUCING = (("this", "is"), ("here", "is"), ("that", "is"), ("it", "is"), ("that", "was"), ("it", "was"))
SHOWING = ("that's", "it's", "here's", "there's")
DASHES = ("—", "–", "--")
MOST_ADVERBS = 3
# Verbs before the one who stands there: "In the corner sat NAME".
POSED = vocabulary.words("sat stood came lay entered appeared reclined leaned leant knelt walked was is")
MODALS = vocabulary.words("must might may could would can cannot")
MOST_BETWEEN = 5  # words of ", the eldest," between a name and "a fine young man"
PLACING = vocabulary.words("the his her my our their your")
MOST_ASIDE = 14  # words of ", who had come in, was a …"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sentence with its names and its noun phrases of looks, by their first token.

    Attributes:
        is_speech: Whether all of it is said by somebody of the tale.
        tokens: All of the chapter; the sentence has `first` to `last` (excluded) of them.
    """

    passage: Passage
    number: int
    sentence: Sentence
    names: dict[int, Name]
    nouns: dict[int, Noun]
    is_speech: bool
    tokens: list[Token]
    first: int
    last: int

    def before(self, at: int) -> Token | None:
        """The token before, if it is of this sentence."""
        return self.tokens[at - 1] if at > self.first else None

    def words_before(self, at: int, *, most: int) -> tuple[str, ...]:
        """Up to so many words before a token."""
        return tuple(token.lower for token in self.tokens[max(at - most, self.first) : at])

    def end_of_name(self, at: int) -> int:
        """The token after a name."""
        last = at
        while last < self.last and self.names.get(last) is self.names[at]:
            last += 1
        while last < self.last and self._is_surname(last):
            last += 1
        return last

    def _is_surname(self, at: int) -> bool:
        """Whether a capital goes on with a name that the chapter knows without it."""
        before = self.tokens[at - 1]
        is_name = (
            at not in self.names and self.tokens[at].word[0].isupper() and not self.tokens[at].facts & lex.FUNCTION
        )
        return is_name and before.gap == " " and not before.lower.endswith("'s")

    def is_owner(self, last: int) -> bool:
        """Whether what ends before a token owns what follows: "Anna's"."""
        return self.tokens[last - 1].lower.endswith("'s")

    def presents(self, at: int) -> bool:
        """Whether "This was a tall man" begins at a token; not "It was a soft thing"."""
        if at != self.first or at + 2 >= self.last or self.tokens[at + 1].lower != "was":
            return False
        noun = self.nouns.get(at + 2)
        return noun is not None and noun.kind == "being" and self.tokens[noun.head].lower != "thing"

    def verb(self, at: int) -> int:
        """Where the verb of a subject is: right after it, or after "the lawyer", ", who …," or an aside; -1 if none."""
        noun = self.nouns.get(at)
        if noun and noun.kind == "being" and noun.determiner == "the":
            at = noun.last
        while at < self.last and self.tokens[at].lower.endswith("ly") and self.tokens[at - 1].gap == " ":
            at += 1
        if at >= self.last:
            return -1
        token, gap = self.tokens[at], self.tokens[at - 1].gap
        if token.lower in VERBS and gap[:1] != ";":
            return at
        return self._after_aside(at) if breaks(gap) or token.lower == "who" else -1

    def end_of_predicate(self, at: int) -> int:
        """Where "was a tall man" ends that begins at a token; 0 if there is none."""
        verb = self.verb(at)
        noun = self.nouns.get(self.skip_adverbs(verb + 1)) if verb >= 0 else None
        return noun.last if noun is not None and noun.kind == "being" else 0

    def _after_aside(self, at: int) -> int:
        tokens = self.tokens
        if tokens[at].lower == "who" and at + 2 < self.last and tokens[at + 1].lower in VERBS:
            is_past = tokens[at + 1].lower == "had" and tokens[at + 2].facts & lex.VERB  # "who had come in"
            if not is_past:
                return at + 1
        for i in range(at + 1, min(at + MOST_ASIDE, self.last)):
            token, gap = tokens[i], tokens[i - 1].gap
            if breaks(gap) and token.lower in VERBS:
                return i
            if gap[:1] in (";", ":") or token.lower in OUTSIDE or token.spoken != tokens[at].spoken:
                return -1
        return -1

    def skip_adverbs(self, at: int) -> int:
        """The token after "always", "now", "usually"."""
        for _ in range(MOST_ADVERBS):
            if at + 1 < self.last and self.tokens[at].lower == "to" and self.tokens[at + 1].lower == "be":
                at += 2  # "proved to be"
            if at >= self.last or at in self.nouns or appearance.tells(self.tokens[at]):
                break
            if not (self.tokens[at].facts & lex.ADVERB or self.tokens[at].lower in USUALLY | NOW):
                break
            at += 1
        return at

    def measure(self, at: int) -> int:
        """Where "of middle height" ends that begins at a token; 0 if there is none."""
        if at >= self.last or self.tokens[at].lower not in ("of", "above", "below", "under", "over", "about"):
            return 0
        return appearance.measure(self.tokens, at + 1, "being", last=self.last, taken=self.names)

    def is_joined(self, at: int) -> bool:
        """Whether "and had …", "but was …" goes on about the subject."""
        before = self.before(at)
        joined = self.tokens[at].lower in VERBS and before is not None and before.lower in ("and", "but", "yet")
        return joined and not self._is_of_another(at)

    def _is_of_another(self, at: int) -> bool:
        """Whether "the trader who … and had" goes on about somebody in between."""
        for i in range(at - 1, self.first, -1):
            if self.tokens[i].gap[:1] in (";", ":"):
                return False
            if self.tokens[i].lower == "who":
                return i - 1 not in self.names and i - 2 not in self.names
        return False

    def is_aside(self, at: int) -> int:
        """1 where "hair, which was thin" goes on at a token, else 0."""
        is_which = at + 1 < self.last and self.tokens[at].lower == "which" and self.tokens[at - 1].gap in (" ", ", ")
        return int(is_which and self.tokens[at + 1].lower in BEINGS)

    def follows(self, who: object) -> bool:
        """Whether the sentence before begins with a name and is of the same paragraph."""
        if self.number == 0:
            return False
        before = self.passage.sentences[self.number - 1]
        return before.paragraph == self.sentence.paragraph and self.names.get(before.first) is who

    def has_another(self, first: int, last: int) -> bool:
        """Whether a noun of persons stands among tokens: who is told of after it may be that one."""
        return any(
            token.facts & lex.PERSON and not token.facts & (lex.RARE_NOUN | lex.FUNCTION) and i not in self.names
            for i, token in enumerate(self.tokens[first:last], first)
            if not token.word[0].isupper() and not token.lower.endswith("'s")
        )

    def is_somebody(self, at: int) -> bool:
        """Whether "One was short …" begins at a token."""
        before = self.before(at)
        starts = before is None or before.gap[:1] in (";", ":")
        return starts and at + 1 < self.last and self.tokens[at + 1].lower in BEINGS | HAVING | TURNS

    def is_one(self, first: int, last: int) -> bool:
        """Whether "he was NAME" says who he is; not "it was NAME who …"."""
        before = self.words_before(first, most=2)
        if len(before) < 2 or before[1] not in ("was", "is"):
            return False
        is_noun = first - 2 >= self.first and appearance.kind_of(self.tokens[first - 2]) == "being"
        if before[0] not in BEING_ONE and not is_noun:
            return False
        return last >= self.last or self.tokens[last - 1].gap != " "

    def is_set_off(self, at: int) -> bool:
        """Whether "; a young man, who …" goes on about the name before it."""
        noun = self.nouns.get(at)
        if not self.tokens[at - 1].gap.startswith(";") or noun is None or noun.kind != "being":
            return False
        goes_on = noun.last < self.last and self.tokens[noun.last].lower in ("of", "with", "in", "who", "whose")
        return goes_on or noun.last >= self.last or self.tokens[noun.last - 1].gap != " "

    def before_name(self, at: int) -> int:
        """Where "pale, dark-eyed" begins that stands right before a name; the name if there is none."""
        first = at
        while first > self.first and self.tokens[first - 1].gap in (" ", ", ") and self._is_epithet(first - 1):
            first -= 1
        return first if first < at and self.tokens[at - 1].gap == " " else at

    def _is_epithet(self, at: int) -> bool:
        token = self.tokens[at]
        before = self.before(at)
        if at in self.names or not appearance.tells(token) or (token.word[0].isupper() and at > self.first):
            return False
        if token.facts & lex.NATURE and token.facts & lex.NOUN:
            return False  # "in the warm hollow NAME lay"
        if token.lower.endswith("ing") and before is not None and before.gap != " ":
            return False  # ", striking NAME dumb"
        is_deed = token.facts & lex.VERB and not token.facts & lex.COLOUR and token.lower.endswith(("ing", "ed"))
        if is_deed or (token.facts & lex.VERB and before is not None and before.lower in MODALS | {"to", "not"}):
            return False  # "to snub NAME", "puffed NAME", "must spare NAME"
        return token.lower not in appearance.WEAK and not appearance.is_state(token)

    def is_posed(self, at: int) -> bool:
        """Whether a name comes after its verb: "Here, by the door, sat NAME"."""
        before = self.before(at)
        if before is None or before.lower not in POSED or before.gap != " ":
            return False
        for i in range(at - 2, self.first - 1, -1):
            if self.tokens[i].gap != " ":
                return True
            if i in self.names or self.tokens[i].lower in vocabulary.PRONOUNS:
                return False
        return at - 2 < self.first or self.tokens[self.first].lower in vocabulary.PREPOSITIONS | {
            "there",
            "here",
            "then",
        }

    def after_title(self, at: int) -> int:
        """Where what follows ", the eldest," begins; the same token if there is none."""
        if at >= self.last or self.tokens[at].lower not in PLACING:
            return at
        for i in range(at, min(at + MOST_BETWEEN, self.last)):
            token = self.tokens[i]
            if token.facts & lex.VERB and token.facts & lex.INFLECTED and not token.facts & lex.NOUN:
                return at
            if token.gap != " ":
                return i + 1 if token.gap == ", " else at
        return at

    def age(self, at: int) -> int:
        """Where "about fifty" ends that begins at a token, or after "must have been"; 0 if there is none."""
        if at >= self.last:
            return 0
        if self.tokens[at].lower in MODALS:
            for i in range(at + 1, min(at + 5, self.last)):
                if self.tokens[i].lower in ("be", "been"):
                    return appearance.years(self.tokens, i + 1, self.last)
            return 0
        return appearance.years(self.tokens, at, self.last)

    def leads(self, noun: Noun) -> bool:
        """Whether a clause begins with a phrase, or its verb follows."""
        before = self.before(noun.first)
        if before is None or before.gap != " " or before.lower in LEADS:
            return True
        if noun.last >= self.last or self.tokens[noun.last - 1].gap != " ":
            return False
        after = self.tokens[noun.last]
        acts = after.lower in BEINGS | HAVING or bool(after.facts & lex.INFLECTED)
        return acts and before.lower not in vocabulary.PREPOSITIONS

    def is_likened(self, noun: Noun) -> bool:
        """Whether somebody is only compared with a phrase, or it is of something: "like a man", "of a man"."""
        before = self.words_before(noun.first, most=3)
        return not NOT_A_LOOK.isdisjoint(before) or before[-1:] == ("of",)

    def is_fragment(self, noun: Noun) -> bool:
        """Whether a sentence begins with "A big, loud man, …" and goes on about him."""
        if noun.first != self.first or noun.determiner not in ("a", "an") or not noun.lasting:
            return False
        return noun.last >= self.last or self.tokens[noun.last - 1].gap[:1] in (",", ";", ".", "—")

    def acts(self, at: int) -> bool:
        """Whether a verb stands somewhere from a token on."""
        return any(token.facts & lex.INFLECTED and token.facts & lex.VERB for token in self.tokens[at : self.last])

    def second(self, at: int) -> Noun | None:
        """The second of "her eyes and hair were …"."""
        if at + 1 >= self.last or self.tokens[at].lower != "and":
            return None
        noun = self.nouns.get(at + 1)
        is_joined = noun is not None and noun.kind == "body" and noun.last < self.last
        return noun if is_joined and self.tokens[at - 1].gap == " " else None

    def is_called(self, first: int, last: int) -> bool:
        """Whether a name in a speech is who is spoken to: "she was very handsome, NAME, and …"."""
        before = self.tokens[first - 1].gap.strip()[:1] if first > self.first else ","
        return before in (",", "“", '"', "‘") and self.tokens[last - 1].gap.strip()[:1] in (",", "!", "?", ".")

    def owns(self, at: int) -> bool:
        """Whether "her" goes on with what is hers."""
        if self.tokens[at].lower == "him" or at + 1 >= self.last or self.tokens[at].gap != " ":
            return False
        after = self.tokens[at + 1]
        return not after.facts & lex.FUNCTION and not after.lower.endswith("ly")

    def is_looked_at(self, at: int) -> bool:
        """Whether a verb of the senses stands right before: "saw X", "looked at him"."""
        before = self.tokens[max(at - 2, self.first) : at]
        return any(token.facts & lex.SENSE and token.facts & lex.INFLECTED for token in before)

    def is_said(self, at: int) -> bool:
        """Whether a pronoun follows a verb of saying or thinking: "Anna says she has …", and who "she" is, is open."""
        before = self.before(at)
        if before is None or before.gap != " ":
            return False
        return bool(before.facts & (lex.SPEECH | lex.MIND))


def read_line(passage: Passage, number: int, names: dict[int, Name]) -> Line:
    """A sentence of a chapter with its noun phrases of looks."""
    sentence = passage.sentences[number]
    is_speech = sentence.spoken >= 1.0 and not sentence.told
    found = () if is_speech else find_nouns(passage.tokens, sentence, taken=names)
    nouns = {noun.first: noun for noun in found}
    return Line(
        is_speech=is_speech,
        passage=passage,
        number=number,
        sentence=sentence,
        names=names,
        nouns=nouns,
        tokens=passage.tokens,
        first=sentence.first,
        last=sentence.last,
    )


def breaks(gap: str) -> bool:
    """Whether what stands between two words sets the second apart from the first."""
    return gap == ", " or gap.startswith((*DASHES, ": "))
