"""Who does what: the deed of each actor, as far as the order of the words tells it. No drawing here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from imaginized.providers.builtin.plates.cast import Actor
from imaginized.providers.builtin.plates.words import DEED_WEIGHT, DEEDS, GALLOPS, RIDERS, WOMEN, word_set

FOLLOWED = frozenset({"walk", "run", "ride", "sit", "fly"})  # what companions who are only present do as well
_STOPS = frozenset(".!?;:")
_JOINTS = word_set(", — and but while as when who that then where until so")
_PLAIN_VERBS = word_set("saw was were is are had has could would did found took made gave let kept heard felt")
_ADVERBS = word_set("then again also now never not to at last once both had was were all soon still would")
_NOUN_SIGNS = word_set("a an the this that his her my our your their its for of no some any")  # "for a walk"
_INVERTIBLE = frozenset({"sit", "stand", "lie", "kneel"})  # "by the bedside sat Van Helsing"
_LEADERS = word_set("a an the my his her our old young little tall great poor dear good dr mr mrs miss")
_NEAR = 3  # words between a noun and the participle that tells what it is doing
_Who = frozenset[int]
_NOBODY: _Who = frozenset()


@dataclass(slots=True)
class _Sentence:
    """How far a sentence is read: its subject so far, the noun last named, whether its clause has a verb yet.

    `inverted` is a verb that waits for its doer, `excepting` is true after "all but".
    """

    subject: _Who = _NOBODY
    gathered: _Who = _NOBODY
    latest: _Who = _NOBODY
    since: int = 0
    has_verb: bool = False
    has_other_noun: bool = False
    inverted: str = ""
    excepting: bool = False

    def stop(self) -> None:
        self.subject = self.gathered = self.latest = _NOBODY
        self.has_verb = self.has_other_noun = self.excepting = False
        self.inverted = ""

    def join(self) -> None:
        self.inverted = ""
        if self.has_verb:
            self.gathered = _NOBODY
        self.has_verb = self.has_other_noun = False

    def noun(self, who: _Who) -> None:
        if not self.has_verb:
            self.gathered |= who
            self.subject = self.gathered
        self.latest, self.since, self.inverted = who, 0, ""

    def verb(self, word: str) -> _Who:
        """Who does it; nobody when something else stands before the verb: fog lies and roads run, too."""
        if word.endswith("ing") and self.latest and self.since <= _NEAR:
            return self.latest
        self.has_verb = True
        who = _NOBODY if self.has_other_noun and not self.gathered else self.subject
        self.inverted = word if not who and DEEDS[word] in _INVERTIBLE else ""
        return who

    def other(self, word: str) -> None:
        self.since += 1
        self.inverted = self.inverted if word in _LEADERS else ""
        if word in _PLAIN_VERBS:
            self.has_verb = True
        elif not self.has_verb and word not in _ADVERBS and not word.endswith("ly"):
            self.has_other_noun = True


def deeds_of(actors: Sequence[Actor], words: Sequence[str]) -> tuple[str, ...]:
    """The deed of each actor: what the sentence says of it, "stand" for one it only looks at, "" when it is silent.

    An actor that the words do not name follows the first that walks, runs, rides, sits or flies.
    """
    scores: list[dict[str, float]] = [{} for _ in actors]
    mentioned: set[int] = set()
    sentence = _Sentence()
    for before, word in zip(("", *words), words, strict=False):
        who = _meant(word, actors, mentioned)
        mentioned |= who
        if word in _STOPS:
            sentence.stop()
        elif word in _JOINTS:
            sentence.join()
            sentence.excepting = sentence.excepting or (before, word) == ("all", "but")
        elif who:
            for index in who:
                if sentence.excepting:
                    scores[index] = {"stand": 1.0}
                elif sentence.inverted:
                    _count(scores[index], _deed(actors[index], sentence.inverted))
            sentence.noun(who)
        elif word in DEEDS and before not in _NOUN_SIGNS:
            for index in sentence.verb(word):
                _count(scores[index], _deed(actors[index], word))
        else:
            sentence.other(word)
    return _settled(actors, [_best(score) for score in scores], mentioned)


def _count(scores: dict[str, float], deed: str) -> None:
    scores[deed] = scores.get(deed, 0.0) + DEED_WEIGHT.get(deed, 1.0)


def _best(scores: dict[str, float]) -> str:
    return min(scores, key=lambda deed: (-scores[deed], deed), default="")


def _settled(actors: Sequence[Actor], own: list[str], mentioned: set[int]) -> tuple[str, ...]:
    own = [deed or ("ride" if actor.called & RIDERS else "") for actor, deed in zip(actors, own, strict=True)]
    if not any(own):
        return tuple(own)
    lead = next((deed for deed in own if deed in FOLLOWED), "stand")
    lead = "walk" if lead == "ride" else lead
    return tuple(deed or ("stand" if index in mentioned else lead) for index, deed in enumerate(own))


def _deed(actor: Actor, verb: str) -> str:
    deed = DEEDS[verb]
    if actor.kind != "person":
        return "run" if deed == "ride" else deed
    return "ride" if verb in GALLOPS or (actor.called & RIDERS and deed in FOLLOWED) else deed


def _meant(word: str, actors: Sequence[Actor], mentioned: set[int]) -> _Who:
    """Which actors a word speaks of, by name, noun or pronoun."""
    named = frozenset(index for index, actor in enumerate(actors) if word in actor.called)
    if named or word not in _PRONOUNS:
        return named
    fit = frozenset(index for index, actor in enumerate(actors) if _PRONOUNS[word](actor))
    if word in {"they", "we"} and len(fit) < 2:
        return _NOBODY
    return (fit & mentioned) or fit


def _is_woman(actor: Actor) -> bool:
    return actor.kind == "person" and (actor.look.garment == "dress" or bool(actor.called & WOMEN))


_PRONOUNS: dict[str, Callable[[Actor], bool]] = {
    "she": _is_woman,
    "he": lambda actor: not _is_woman(actor) and (actor.kind == "person" or bool(actor.name)),
    "i": lambda actor: actor.kind == "person",
    "it": lambda actor: actor.kind != "person",
    "they": bool,
    "we": lambda actor: actor.kind == "person",
}
