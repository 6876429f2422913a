"""Who goes by train, coach or ship: no step of theirs is told, and no horse. English only."""

from imaginized.providers.builtin import verb_bearing, vocabulary
from imaginized.providers.builtin.sentences import Token
from imaginized.providers.builtin.thing_words import THINGS
from imaginized.providers.builtin.verb_senses import Clause
from imaginized.providers.builtin.vocabulary import words
from imaginized.story.staging import Age

CONVEYED = 7  # words from a verb to "by train"
PASSING = words("pass walk run march stride creep hurry rush ride trot")
WHICH = words("the a an his her their its my our this that")  # "passed by the train"
CONVEYANCES = words(
    "train railway rail mail coach cab taxi car motor motor-car omnibus bus carriage buggy gig wagon waggon tram "
    "steamer liner ferry aeroplane airship balloon sleigh"
)
COACHES = ("coach", "coaches")


def is_conveyed(tokens: list[Token], clause: Clause) -> bool:
    """Whether "went all the way by train" and "came in the carriage" tell of no step; a baby is always carried."""
    at = clause.verb.at
    if any(doer.age is Age.BABY for doer in clause.doers):
        return True
    for here in range(at + 1, min(at + 1 + CONVEYED, clause.end, len(tokens))):
        if tokens[here].lower in ("in", "by", "aboard") and tokens[here].gap == " ":
            near = tokens[here + 1 : here + 1 + verb_bearing.AFTER_WHOM]
            if any(token.base in CONVEYANCES or token.base.endswith(COACHES) for token in near):
                past = tokens[here].lower == "by" and tokens[here + 1].lower in WHICH
                return not past or tokens[at].base not in PASSING
    return False


def is_on_the_line(tokens: list[Token], clause: Clause) -> bool:
    """Whether "rode on trains" and "rode in the tram" tell of no horse; whoever rides in a carriage is seen in it."""
    at = clause.verb.at + 1
    if at + 1 >= min(clause.end, len(tokens)) or tokens[at].lower not in ("in", "on", "upon", "by"):
        return False
    end = min(at + 1 + verb_bearing.AFTER_WHOM, clause.end, len(tokens))
    what = next((token for token in tokens[at + 1 : end] if CONVEYANCES & {token.base, token.lower}), None)
    bare = tokens[at + 1].lower not in vocabulary.DETERMINERS
    return what is not None and (bare or what.base not in THINGS)
