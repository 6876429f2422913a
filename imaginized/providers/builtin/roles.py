"""What a chapter says its people are: "Bitzer, the light porter", "the vicar, Mr. Bunting", "Rab the dog"."""

from collections import Counter

from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.lexicon import Lexicon
from imaginized.providers.builtin.names import Name
from imaginized.providers.builtin.sentences import Passage, Token

MOST_WORDS = 4
EVERY_SECOND = 2
STOPS = (",", ".", ";", ":", "!", "?", ")", "—", "-")
KIN = vocabulary.words(
    "father mother brother sister son daughter uncle aunt cousin nephew niece husband wife widow child heir grandson "
    "granddaughter grandfather grandmother bride orphan twin"
)


def find_roles(passage: Passage, names: list[Name]) -> dict[str, Counter[str]]:
    """For each name the nouns of a person that stand in apposition to it, each with its usual adjective and without."""
    tokens = passage.tokens
    found: dict[str, Counter[str]] = {}
    for name in names:
        for first, last in name.mentions:
            before = () if _goes_on(tokens, last - 1) else _before(tokens, first)
            for role in (*_after(tokens, last), *before):
                found.setdefault(name.text, Counter())[role] += 1
    _take_over(passage, names, found)
    return found


def _take_over(passage: Passage, names: list[Name], found: dict[str, Counter[str]]) -> None:
    """Find who takes the place of "The Flower Girl" in a play: she had every second speech, now "Liza" has it."""
    heads = {start for start, _ in passage.labels.values()}
    labels = {first: name for name in names for first, _ in name.mentions if passage.tokens[first].start in heads}
    turns = [labels[first] for first in sorted(labels)]
    begin = {name.text: at for at, name in reversed(list(enumerate(turns)))}
    end = {name.text: at for at, name in enumerate(turns)}
    for name in {id(each): each for each in turns}.values():
        after = end[name.text] + EVERY_SECOND
        if name.with_the * 2 < len(name.mentions) or after >= len(turns) or begin[turns[after].text] != after:
            continue
        if turns[after - 1] is not name and turns[after].with_the * 2 < len(turns[after].mentions):
            found.setdefault(turns[after].text, Counter())[name.text.lower()] += 1


def _after(tokens: list[Token], last: int) -> list[str]:
    """The role in ", the light porter," or " the lawyer" right after a name."""
    tail = tokens[last - 1]
    if last >= len(tokens) or tail.gap not in (", ", " ") or tokens[last].lower != "the" or tail.lower.endswith("'s"):
        return []
    for head in range(last + 1, min(last + 1 + MOST_WORDS, len(tokens))):
        if tokens[head].gap != " ":
            ends = tokens[head].gap.strip()[:1] in STOPS
            return _role(tokens, last + 1, head) if ends and not _goes_on(tokens, head) else []
        if tail.gap == " " and _is_role(tokens[head]) and not tokens[head + 1].facts & lex.NOUN:
            return _role(tokens, last + 1, head)
        if tokens[head].facts & lex.FUNCTION:
            return []
    return []


def _before(tokens: list[Token], first: int) -> list[str]:
    """The role in "the light porter, " or "the coachman " right before a name."""
    head = first - 1
    if head < 1 or tokens[head].gap not in (", ", " ") or not _is_role(tokens[head]):
        return []
    for at in range(head - 1, max(head - 1 - MOST_WORDS, -1), -1):
        if tokens[at].gap != " ":
            return []
        if tokens[at].lower == "the":
            listed = tokens[head].gap == ", " and at and tokens[at - 1].gap == ", "
            return _role(tokens, at + 1, head) if not listed else []
        if tokens[at].facts & lex.FUNCTION:
            return []
    return []


def role_at(tokens: list[Token], core: int) -> str:
    """The role of a phrase after "the" ("light porter"); "" for what is none."""
    for head in range(core, min(core + MOST_WORDS, len(tokens))):
        last = tokens[head].gap != " " or head + 1 >= len(tokens) or not tokens[head + 1].facts & (lex.NOUN | lex.LOOKS)
        if last or tokens[head].facts & lex.FUNCTION:
            return "".join(_role(tokens, core, head)[-1:])
    return ""


def _goes_on(tokens: list[Token], at: int) -> bool:
    """Tell whether a list goes on after a token: "the squire, Captain Smollett, and …"."""
    if at + 1 >= len(tokens) or tokens[at].gap not in (", ", " "):
        return False
    after = tokens[at + 1]
    return after.lower in ("and", "or") or (tokens[at].gap == ", " and after.word[0].isupper())


def _role(tokens: list[Token], core: int, head: int) -> list[str]:
    if not _is_role(tokens[head]):
        return []
    bare = tokens[head].lower.removesuffix("'s")
    return [bare] if head == core else [bare, f"{tokens[head - 1].lower} {bare}"]


def count_species(roles: Counter[str], lexicon: Lexicon) -> int:
    """How often somebody is said to be a beast of a kind ("the owl"); "the beast" is what one calls a man."""
    return sum(
        count
        for role, count in roles.items()
        if " " not in role and role not in vocabulary.BLAND_PEOPLE and _is_species(lexicon.facts(role))
    )


def _is_species(facts: int) -> bool:
    return bool(facts & lex.ANIMAL) and not facts & (lex.PERSON | lex.PLURAL)


def _is_role(token: Token) -> bool:
    facts = token.facts
    if _is_species(facts):
        return not (token.spoken or token.lower.endswith("'s") or token.lower in vocabulary.BLAND_PEOPLE)
    if not facts & lex.PERSON or facts & (lex.PLURAL | lex.RARE_NOUN) or token.lower.endswith("'s"):
        return False
    return token.lower not in vocabulary.BLAND_PEOPLE and token.lower not in KIN
