"""The cues of the gate, and what each marks: a rule looks at the words around its cue. English only."""

from collections import defaultdict
from collections.abc import Callable

from imaginized.providers.builtin import gate_past as past
from imaginized.providers.builtin import gate_turns as turns
from imaginized.providers.builtin import gate_words as cues
from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.acting_words import PARTICIPLES
from imaginized.providers.builtin.gate_scope import (
    DENIED,
    IDIOM,
    MEMORY,
    METAPHOR,
    SEEN_NOUN,
    SIMILE,
    SUPPOSED,
    TOLD,
    Marks,
    clause_start,
    reach,
)
from imaginized.providers.builtin.sentences import Token

Rule = Callable[[Marks, int], None]


# like, as, than


def _like(marks: Marks, at: int) -> None:
    if marks.lower(at - 1) in cues.WOULD_LIKE or marks.lower(at + 1) in ("to", "", "ing"):
        return
    marks.mark(at + 1, _end_of_likeness(marks, at + 1, reach(marks, at + 1)), SIMILE)


def _end_of_likeness(marks: Marks, first: int, last: int) -> int:
    """Where it ends: "fought like a lion on the bridge" is on the bridge, "like a ship on the sea" is not."""
    for at in range(first + 1, last - 2):
        if marks.lower(at) in cues.STANDING and marks.lower(at + 1) in ("the", "his", "her", "this"):
            head = _head(marks.tokens, at + 2, last)
            if head is not None and head.facts & lex.PLACE and head.base not in cues.ANYWHERE:
                return at
    return last


def _as(marks: Marks, at: int) -> None:
    following = marks.lower(at + 1)
    if following in ("if", "though"):
        marks.mark(at + 2, reach(marks, at + 2), SIMILE)
        return
    tokens = marks.tokens
    before = next((i for i in range(at - 1, max(at - 4, marks.first - 1), -1) if tokens[i].lower in ("as", "so")), -1)
    if before >= 0:
        if not any(tokens[i].lower in cues.NO_SIMILE for i in range(before + 1, at)):
            marks.mark(at + 1, reach(marks, at + 1, noun=True), SIMILE)
        return
    before_is_quality = at > marks.first and bool(tokens[at - 1].facts & lex.QUALITY) and tokens[at - 1].gap == " "
    if following in ("a", "an") and (before_is_quality or _is_beast(marks, at + 2)):
        marks.mark(at + 1, reach(marks, at + 1, noun=True), SIMILE)
    elif following in ("the", "a") and _is_beast(marks, at + 2) and marks.lower(at + 3).endswith("s"):
        marks.mark(at + 1, reach(marks, at + 1), SIMILE)
    elif following == "it" and marks.lower(at + 2) == "were":
        marks.mark(at + 3, reach(marks, at + 3, noun=True), SIMILE)
        marks.mark(max(marks.first, at - 3), at, SIMILE)
    else:
        turns.liken_place(marks, at)


def _is_beast(marks: Marks, at: int) -> bool:
    return marks.first <= at < marks.last and bool(marks.tokens[at].facts & lex.ANIMAL)


def _than(marks: Marks, at: int) -> None:
    near = range(max(marks.first, at - SOONER_WITHIN), at - 1)
    if any((marks.lower(i), marks.lower(i + 1)) == ("no", "sooner") for i in near):
        return  # "no sooner had he gone than Anna wept": she does
    if marks.lower(at - 1) not in ("rather", "other", "sooner", "less", "more"):
        alone = marks.lower(at + 1) in vocabulary.PRONOUNS
        marks.mark(at + 1, at + 2 if alone else reach(marks, at + 1, noun=True), SIMILE)


SOONER_WITHIN = 9  # words from "no sooner" to "than"


def _resemble(marks: Marks, at: int) -> None:
    if marks.tokens[at].facts & lex.VERB:
        marks.mark(at + 1, reach(marks, at + 1), SIMILE)


def _mere(marks: Marks, at: int) -> None:
    """A perfect lion, a sort of box; "a very tall man" and "this kind of box" are none."""
    article = marks.lower(at - 1) in ("a", "an")
    if marks.tokens[at].lower in ("sort", "kind", "type"):
        if article and marks.lower(at + 1) == "of":
            marks.mark(at + 2, reach(marks, at + 2, noun=True), SIMILE)
    elif article and marks.tokens[at].lower != "very":
        marks.mark(at + 1, reach(marks, at + 1, noun=True), METAPHOR)


# a sea of faces


def _figure(marks: Marks, at: int) -> None:
    """Mark "a sea of faces"; "the shore of the sea" is one."""
    tokens = marks.tokens
    if marks.lower(at + 1) != "of" or tokens[at].gap != " ":
        _feeling(marks, at)
        return
    end = reach(marks, at + 2, noun=True)
    head = _head(tokens, at + 2, end)
    if head is None or head.facts & (lex.PLACE | lex.NATURE) or head.word[0].isupper():
        return
    if tokens[at].lower in _OF_BODY and not head.facts & (lex.ABSTRACT | lex.BODY):
        return
    marks.mark(at, at + 1, METAPHOR)


_OF_BODY = vocabulary.words(
    "heart jaws teeth arms bosom mouth foot head brow lap tower wall chain net web veil cloak mantle mask army"
)


def _head(tokens: list[Token], first: int, last: int) -> Token | None:
    """The noun that a phrase is about."""
    found = None
    for token in tokens[first:last]:
        if token.facts & SEEN_NOUN or not token.facts:
            found = token
        elif found is not None:
            break
        if token.gap != " ":
            break
    return found


def _feeling(marks: Marks, at: int) -> None:
    """Mark the storm in a heart and the fire of an eye."""
    if not marks.tokens[at].facts & lex.NATURE and marks.tokens[at].lower not in cues.WEATHERED:
        return
    there = marks.lower(at - 1) == "the" and marks.lower(at - 2) in cues.STANDING | {"in", "under", "by"}
    if there or (marks.lower(at - 1) == "the" and marks.lower(at + 1) in cues.BLOWING):
        return  # "sat in the snow", "the rain beat upon her face"
    near = marks.tokens[max(marks.first, at - 4) : min(marks.last, at + 5)]
    if any(token.lower in cues.FEELINGS for token in near) and not any(token.facts & lex.PLACE for token in near):
        marks.mark(at, at + 1, METAPHOR)


def _be(marks: Marks, at: int) -> None:
    """Mark "he was a lion", "her eyes were stars"; a dog that "was a lion" of a dog is rare."""
    tokens = marks.tokens
    if marks.lower(at + 1) not in ("a", "an", "two", "the") or at == marks.first:
        return
    subject = tokens[at - 1]
    living = subject.lower in ("he", "she", "i", "they", "you", "we") or bool(subject.facts & (lex.BODY | lex.PERSON))
    end = reach(marks, at + 2, noun=True)
    head = _head(tokens, at + 2, end)
    if living and head is not None and head.lower in cues.METAPHOR_BEASTS:
        marks.mark(at + 1, end, METAPHOR)


# no, not, without


def _deny(marks: Marks, at: int) -> None:
    word, following = marks.tokens[at].lower, marks.lower(at + 1)
    if word in cues.DENIED_CLAUSE:
        _deny_clause(marks, at, following)
    elif word == "without":
        if marks.tokens[at].gap == " ":
            marks.mark(at + 1, _end_of_likeness(marks, at + 1, reach(marks, at + 1, noun=True)), DENIED)
    elif word == "none":
        marks.mark(at + 1, reach(marks, at + 1), DENIED)
    elif word == "nothing" and following in ("to", "about", "of", "for"):
        return  # "said nothing to her father"
    elif word == "no" and following == "more" and marks.tokens[min(at + 2, marks.last - 1)].facts & lex.PLURAL:
        marks.mark(at + 2, reach(marks, at + 2), DENIED)  # "no more boats came"
    elif not (word == "no" and (following in cues.AFTER_NO or marks.tokens[at].gap != " ")):
        marks.mark(at + 1, reach(marks, at + 1, noun=True), DENIED)


def _deny_clause(marks: Marks, at: int, following: str) -> None:
    if following in cues.AFTER_NOT or following == "but" or marks.lower(at + 2) == "before":
        return
    if any(marks.lower(at + k) in cues.HELPLESS for k in (1, 2)):
        return
    if marks.tokens[at].lower == "never" and any(marks.lower(at + k) in cues.EVER[k > 1] for k in range(1, 13)):
        return  # "never had she seen such a storm": now she does
    noun = following in ("a", "an", "the", "one", "even", "another", "any") and marks.lower(at - 1) not in _VERBAL
    marks.mark(at + 1, reach(marks, at + 1, noun=noun), DENIED)


_VERBAL = vocabulary.AUXILIARIES


def _instead(marks: Marks, at: int) -> None:
    """Mark "instead of a hat", "rather than run"."""
    pair = (marks.lower(at), marks.lower(at + 1))
    if pair in cues.INSTEAD:
        marks.mark(at + 2, reach(marks, at + 2, noun=pair[0] != "rather"), DENIED)


def _fail(marks: Marks, at: int) -> None:
    verb = marks.tokens[at]
    fails = marks.lower(at + 1) in ("to", "from", "the", "a") and verb.base not in cues.ENDING_VERBS
    ends = verb.gap == " " and marks.lower(at + 1) in PARTICIPLES  # not "stopped, looking"
    if verb.facts & lex.VERB and (fails or ends):
        marks.mark(at + 1, reach(marks, at + 1), DENIED)


# had been, used to


def _past_time(marks: Marks, at: int) -> None:
    phrase = _phrase_at(marks, at, _PAST_PHRASES)
    if phrase:
        marks.mark(clause_start(marks, at), reach(marks, at + len(phrase)), MEMORY)


def _phrase_at(marks: Marks, at: int, phrases: dict[tuple[str, str], list[tuple[str, ...]]]) -> tuple[str, ...]:
    """The first of the phrases that stands at a token, found by its first two words; () where none does."""
    if at + 1 >= marks.last:
        return ()
    for phrase in phrases.get((marks.tokens[at].lower, marks.tokens[at + 1].lower), ()):
        if all(marks.lower(at + k) == word for k, word in enumerate(phrase[2:], 2)):
            return phrase
    return ()


def _remember(marks: Marks, at: int) -> None:
    if marks.tokens[at].gap == " " and marks.lower(at + 1) not in ("and", "to"):
        marks.mark(at + 1, reach(marks, at + 1, comma=False), MEMORY)


# if, would, to …


def _modal(marks: Marks, at: int) -> None:
    word = marks.tokens[at].lower
    if word in ("could", "can", "couldn't") and any(marks.lower(at + k) in cues.PERCEIVED for k in (1, 2)):
        return
    following = marks.lower(at + 1)
    if word == "will" and marks.lower(at - 1) in vocabulary.DETERMINERS:
        return  # "the will to live"
    if marks.tokens[at].gap != " " or following in vocabulary.PREPOSITIONS or marks.lower(at + 2) in cues.HELPLESS:
        return  # "as fast as he could to the gate", "could not help laughing"
    if word in cues.CONTRACTED and marks.tokens[min(at + 1, marks.last - 1)].facts & lex.INFLECTED:
        marks.mark(at + 1, reach(marks, at + 1), MEMORY)
        return
    marks.mark(at + 1, reach(marks, at + 1), SUPPOSED)


def _suppose(marks: Marks, at: int) -> None:
    if marks.lower(at - 1) in ("as", "even") and marks.tokens[at].lower == "if" and marks.lower(at - 1) == "as":
        return
    if marks.tokens[at].lower in ("perhaps", "maybe") and marks.lower(at + 1) in vocabulary.DETERMINERS:
        return  # "perhaps forty people"
    comma = marks.tokens[at].lower != "unless"
    marks.mark(at + 1, reach(marks, at + 1, comma=comma), SUPPOSED)


def _wish(marks: Marks, at: int) -> None:
    if marks.tokens[at].facts & lex.VERB or marks.tokens[at].lower in cues.EXPECTANT:
        following = marks.lower(at + 1)
        if following in ("to", "that", "for", "of", "lest") or marks.tokens[at].base in cues.SOUGHT | cues.WISHING:
            if following in ("", "and", ",") or marks.tokens[at].gap != " ":
                return
            marks.mark(at + 1, reach(marks, at + 1), SUPPOSED)


def _to(marks: Marks, at: int) -> None:
    """Mark what is still to be done: "went to fetch a lamp"; "began to run" runs."""
    if at + 1 >= marks.last or marks.tokens[at].gap != " ":
        return
    verb = marks.tokens[at + 1]
    if not verb.facts & lex.VERB and verb.lower not in cues.COMMON_VERBS:
        return
    if verb.facts & lex.INFLECTED or verb.lower.endswith("ing"):
        return
    if verb.facts & SEEN_NOUN and not verb.facts & lex.RARE_NOUN and verb.facts & lex.RARE_VERB:
        return
    if marks.lower(at - 1) in _OBLIGED and marks.tokens[at - 1].gap == " ":
        marks.mark(at + 1, reach(marks, at + 1), SUPPOSED)  # "everybody had to ride"; who did is told otherwise
        return
    near = MEETS_WITHIN if verb.lower in _MEETING else 3
    if any(_is_done(marks, i) for i in range(max(marks.first, at - near), at)):
        return
    marks.mark(at + 1, reach(marks, at + 1), SUPPOSED)


_OBLIGED = frozenset({"had", "have", "has", "having"})
MEETS_WITHIN, _MEETING = 9, frozenset({"meet", "greet"})  # "ran down the hill to meet her": she is there


def _is_done(marks: Marks, at: int) -> bool:
    token = marks.tokens[at]
    return (token.base in cues.DONE_TO or token.lower in cues.DONE_TO) and "," not in token.gap


def _seek(marks: Marks, at: int) -> None:
    if marks.tokens[at].facts & lex.VERB and any(marks.lower(at + k) == "for" for k in (1, 2, 3)):
        start = next(at + k for k in (1, 2, 3) if marks.lower(at + k) == "for")
        marks.mark(start + 1, reach(marks, start + 1, noun=True), SUPPOSED)


def _imagine(marks: Marks, at: int) -> None:
    """Mark the rest of "he saw in his mind a broken man"."""
    own = marks.lower(at - 1) in vocabulary.POSSESSIVES and marks.lower(at - 2) in ("in", "before", "with")
    saw = any(marks.lower(i) in cues.SEEN_WITHIN for i in range(max(marks.first, at - 6), at))
    if own and saw:
        marks.mark(at + 1, reach(marks, at + 1, comma=False), SUPPOSED)


# said that, the picture of


def _tell(marks: Marks, at: int) -> None:
    token = marks.tokens[at]
    if not token.facts & lex.VERB and not token.lower.endswith("ed") and token.lower not in _SAYING:
        return
    start = next((at + k for k in (1, 2, 3) if marks.lower(at + k) in cues.CLAUSE_OPENERS), -1)
    if start >= 0 and "," not in token.gap and _opens(marks, start):
        marks.mark(start, reach(marks, start + 1, comma=False), TOLD)
        return
    about = next((at + k for k in (1, 2) if marks.lower(at + k) in cues.ABOUT), -1)
    if about >= 0 and token.gap == " ":
        marks.mark(about + 1, reach(marks, about + 1), TOLD)
    elif token.base in _THINKING and token.gap == " " and _opens_clause(marks, at + 1):
        marks.mark(at + 1, reach(marks, at + 1), TOLD)
    elif token.base in _INFORMING and marks.lower(at + 1) in _INFORMED and _opens_clause(marks, at + 2):
        marks.mark(at + 2, reach(marks, at + 2), TOLD)  # "told them the officers were breakfasting"


def _opens(marks: Marks, at: int) -> bool:
    """Tell whether "that" opens a clause: not "that evening", nor "he knew not why, for …"."""
    return marks.tokens[at].gap == " " and not (marks.lower(at) == "that" and marks.lower(at + 1) in cues.MOMENTS)


_SAYING = vocabulary.words("said says told heard thought knew believed")
_INFORMING = vocabulary.words("tell inform assure warn remind promise")
_INFORMED = vocabulary.words("him her them me us it himself herself you")
_THINKING = vocabulary.words("think know believe suppose fancy imagine suspect guess doubt say hear declare swear")


def _opens_clause(marks: Marks, at: int) -> bool:
    """Tell whether a subject with its verb follows, with no "that": "thought he saw"; not "knew the man"."""
    return marks.lower(at) in cues.SUBJECTS - {"who"} or (
        marks.lower(at) in vocabulary.DETERMINERS
        and any(marks.lower(i) in ("was", "were", "had", "would", "is", "could") for i in range(at + 2, at + 8))
    )


def _deposed(marks: Marks, at: int) -> None:
    """Mark each of "…; that he went up; that on the stairs he fell" of a report."""
    begins = at == marks.first or any(mark in marks.tokens[at - 1].gap for mark in ";:")
    following = marks.lower(at + 1)
    if begins and (following in cues.SUBJECTS or following in vocabulary.PREPOSITIONS):
        marks.mark(at, reach(marks, at + 1, comma=False), TOLD)


def _depict(marks: Marks, at: int) -> None:
    if marks.lower(at + 1) in cues.ABOUT and marks.tokens[at].gap == " ":
        marks.mark(at + 2, reach(marks, at + 2, noun=True), TOLD)


def _idiom(marks: Marks, at: int) -> None:
    phrase = _phrase_at(marks, at, _IDIOM_PHRASES)
    if phrase[:1] == ("struck",) and phrase[1] in ("me", "him", "her") and turns.is_blow(marks, at):
        return
    marks.mark(at, at + len(phrase), IDIOM)
    if phrase and phrase[-2:] in cues.ABOUT_TO:
        marks.mark(at + len(phrase), reach(marks, at + len(phrase)), SUPPOSED)


def _by_first(phrases: tuple[tuple[str, ...], ...]) -> dict[tuple[str, str], list[tuple[str, ...]]]:
    found: dict[tuple[str, str], list[tuple[str, ...]]] = defaultdict(list)
    for phrase in phrases:
        found[phrase[0], phrase[1]].append(phrase)
    return dict(found)


_PAST_PHRASES = _by_first(cues.PAST_TIMES + cues.HABITS)
_IDIOM_PHRASES = _by_first(cues.IDIOMS)


def _forms(stems: frozenset[str]) -> frozenset[str]:
    """The stems with their inflected forms, regular and irregular, so that a rule is found by the printed word."""
    irregular = {form for form, stem in vocabulary.IRREGULAR_VERBS.items() if stem in stems}
    made: set[str] = set()
    for stem in stems:
        base = stem.removesuffix("e")
        made |= {stem, stem + "s", base + "ed", base + "ing", stem + stem[-1] + "ed", stem + stem[-1] + "ing"}
        if stem.endswith("y"):
            made |= {stem[:-1] + "ied", stem[:-1] + "ies"}
    return frozenset(made) | irregular


def _collect() -> dict[str, Rule]:
    """Every cue with its rules, as one call."""
    rules: dict[str, list[Rule]] = defaultdict(list)
    table: tuple[tuple[frozenset[str], Rule], ...] = (
        (frozenset(first for first, _ in _IDIOM_PHRASES), _idiom),
        (frozenset(first for first, _ in _PAST_PHRASES), _past_time),
        (frozenset({"like"}), _like),
        (frozenset({"as"}), _as),
        (frozenset({"than"}), _than),
        (_forms(cues.LIKENING), _resemble),
        (cues.MERE, _mere),
        (cues.FIGURES | cues.WEATHERED, _figure),
        (frozenset({"was", "were", "is", "are"}), _be),
        (cues.DENIALS, _deny),
        (frozenset(first for first, _ in cues.INSTEAD) | {"far"}, _instead),
        (_forms(cues.NEGATIVE_VERBS | cues.ENDING_VERBS), _fail),
        (frozenset({"had", "were"}), turns.invert),
        (frozenset({"had", "hadn't"}), past.had_done),
        (frozenset({"having"}), past.having_done),
        (cues.PAST_WORDS | cues.HABIT_WORDS, past.past_word),
        (frozenset({"often", "sometimes"}), past.do_often),
        (cues.MEALS, past.eat_meals),
        (_forms(cues.REMEMBERING), _remember),
        (cues.MODALS | cues.CONTRACTED | frozenset({"could", "can"}), _modal),
        (cues.SUPPOSING, _suppose),
        (_forms(cues.WISHING | cues.SOUGHT) | cues.EXPECTANT, _wish),
        (frozenset({"to"}), _to),
        (_forms(cues.SEEKING), _seek),
        (_forms(cues.TELLING_OF), _tell),
        (cues.WITHIN, _imagine),
        (cues.IN_MIND, turns.do_in_mind),
        (cues.ONESELF, turns.see_oneself),
        *turns.BY_WORD,
        (frozenset({"that"}), _deposed),
        (cues.DEPICTED | frozenset(word + "s" for word in cues.DEPICTED), _depict),
    )
    for words, rule in table:
        for word in words:
            rules[word].append(rule)
    return {word: each[0] if len(each) == 1 else _in_turn(tuple(each)) for word, each in rules.items()}


def _in_turn(rules: tuple[Rule, ...]) -> Rule:
    def apply(marks: Marks, at: int) -> None:
        for rule in rules:
            rule(marks, at)

    return apply


RULES = _collect()
