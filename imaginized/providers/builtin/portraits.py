"""Sentences that go on about somebody: the subject of a paragraph, carried over "He …" and "Her …". English only.

What `looks` finds beside a name is near it; first descriptions often come a sentence or two later, or after "This was".
"""

from dataclasses import dataclass

from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.looks import Looks, Observer
from imaginized.providers.builtin.names import Name
from imaginized.providers.builtin.owners import MOSTLY_TOLD, SEXES
from imaginized.providers.builtin.phrases import Phrase, show_phrase
from imaginized.providers.builtin.sentences import Sentence

SUBJECTS = vocabulary.words("he she his her")
BEINGS = vocabulary.words("was is were")
BEARING = vocabulary.words("with wore wearing had and in")
LONGEST = 420
# Words after something said of somebody in which "with grey hair" still goes on.
WITHIN = 14


@dataclass(slots=True)
class Subject:
    """Whom the paragraph is about, and where the last sentence left that; `open` while "he" may be another."""

    name: Name | None = None
    open: bool = False
    paragraph: int = -1


def find_portraits(observer: Observer) -> dict[str, list[Looks]]:
    """For each name the sentences that tell how its bearer looks, by the subject of the sentence."""
    found: dict[str, list[Looks]] = {}
    subject = Subject()
    for number, sentence in enumerate(observer.passage.sentences):
        at = _follow(observer, number, sentence, subject)
        if at < 0 or subject.name is None:
            continue
        phrases = _told_of(observer, number, at, subject.name)
        if phrases:
            start = sentence.start
            end = min(sentence.end, observer.passage.text.index(phrases[-1], start) + len(phrases[-1]) + LONGEST // 8)
            if sentence.end - start <= LONGEST or end - start > LONGEST:
                end = sentence.end
            looks = Looks(start=start, end=end, worth=2.5 * len(phrases), phrases=tuple(phrases))
            found.setdefault(subject.name.text, []).append(looks)
    return found


def _follow(observer: Observer, number: int, sentence: Sentence, subject: Subject) -> int:
    """Move on to the subject of a sentence; return the token after it, -1 where it is open who that is."""
    tokens, names = observer.passage.tokens, observer.owners.names
    if sentence.first >= sentence.last or sentence.spoken >= MOSTLY_TOLD:
        return -1
    first = sentence.first + (tokens[sentence.first].lower == "the")
    lead = tokens[sentence.first].lower
    if first in names:
        subject.name, subject.paragraph = names[first], sentence.paragraph
        subject.open = observer.owners.is_open(sentence, subject.name)
        while first < sentence.last and names.get(first) is subject.name:
            first += 1
        return first if not tokens[first - 1].lower.endswith("'s") else -1
    if lead in SUBJECTS:
        sex = next(sex for sex in SEXES if lead in sex)
        fits = subject.name is not None and observer.owners.sex_of(subject.name) is sex
        if not fits or subject.open or sentence.paragraph - subject.paragraph > 1:
            subject.name = None
            return -1
        subject.paragraph = sentence.paragraph
        subject.open = observer.owners.is_open(sentence, subject.name)
        return sentence.first + (lead in ("he", "she"))
    return _after_this(observer, number, sentence, subject)


def _after_this(observer: Observer, number: int, sentence: Sentence, subject: Subject) -> int:
    """Take "This was a …" for the last one named in the sentence before; else whoever alone is named here."""
    tokens, names = observer.passage.tokens, observer.owners.names
    if (
        tokens[sentence.first].lower in ("this", "it")
        and tokens[min(sentence.first + 1, sentence.last - 1)].lower == "was"
    ):
        before = observer.passage.sentences[number - 1] if number else sentence
        named = [names[i] for i in range(before.first, before.last) if i in names]
        if named and before.paragraph == sentence.paragraph:
            subject.name, subject.paragraph, subject.open = named[-1], sentence.paragraph, False
            return sentence.first + 1
    here = {id(names[i]): names[i] for i in range(sentence.first, sentence.last) if i in names}
    subject.open = True  # "Never was such a face": whose it is only the next name says
    if not here:
        return -1
    first, last = _first_span(observer, sentence)
    is_subject = observer.owners.is_subject((first, last), sentence)
    subject.name = names[first] if is_subject else next(iter(here.values())) if len(here) == 1 else None
    subject.paragraph = sentence.paragraph
    subject.open = observer.owners.is_open(sentence, subject.name)
    return last if is_subject and not tokens[last - 1].lower.endswith("'s") else -1


def _first_span(observer: Observer, sentence: Sentence) -> tuple[int, int]:
    """The first name in a sentence that has one."""
    names = observer.owners.names
    first = next(i for i in range(sentence.first, sentence.last) if i in names)
    last = first
    while last < sentence.last and names.get(last) is names[first]:
        last += 1
    return first, last


def _told_of(observer: Observer, number: int, at: int, name: Name) -> list[str]:
    """The phrases of a sentence that tell looks of its subject, until somebody else is named."""
    tokens, sentence = observer.passage.tokens, observer.passage.sentences[number]
    names = observer.owners.names
    found = [plain for plain in observer.plain_looks(at, sentence.last) if " and " in plain or "," in plain]
    accepted = at if found else -WITHIN
    for phrase in observer.phrases[number]:
        if phrase.first < at - 1 or tokens[phrase.head].spoken:
            continue
        if any(names.get(i) not in (None, name) for i in range(at, phrase.first)):
            break
        stated = observer.stated(phrase, sentence)
        if stated:
            found.append(stated)
        elif _is_kind(observer, phrase, at, name) or _is_borne(observer, phrase, name, accepted):
            found.append(_shown(observer, phrase))
        else:
            continue
        accepted = phrase.last
    return list(dict.fromkeys(found))


def _is_kind(observer: Observer, phrase: Phrase, at: int, name: Name) -> bool:
    """Find "was a tall man", and "…—a large, well-made man of fifty" set apart by dashes or after the subject."""
    if not phrase.kind & (lex.PERSON | lex.ANIMAL) or phrase.determiner not in ("a", "an"):
        return False
    before = observer.passage.tokens[phrase.first - 1]
    is_said = before.lower in BEINGS and phrase.first - 1 - at <= 2
    apart = before.gap[:1] in ("—", "–") or (before.gap == ", " and phrase.first == at)
    return (is_said or apart) and observer.tells(phrase) and observer.fits_sex(phrase, name)


def _is_borne(observer: Observer, phrase: Phrase, name: Name, accepted: int) -> bool:
    """Find "her brown hair", and "with a grey beard" in a list that goes on about the subject."""
    if not phrase.kind & (lex.BODY | lex.WEAR) or not phrase.looks:
        return False
    sex = next((sex for sex in SEXES if phrase.determiner in sex), None)
    if sex is not None:
        return observer.owners.sex_of(name) is sex
    before = observer.passage.tokens[phrase.first - 1]
    listed = before.lower in BEARING or before.gap == ", "
    return phrase.determiner in ("", "a", "an") and listed and 0 <= phrase.first - accepted <= WITHIN


def _shown(observer: Observer, phrase: Phrase) -> str:
    text = show_phrase(observer.passage, phrase)
    first, _, rest = text.partition(" ")
    return rest if first.lower() in vocabulary.POSSESSIVES else text
