"""Cues of the gate that turn on what is around them: "saw himself", "before he came", "had she known". English only."""

from imaginized.providers.builtin import gate_words as cues
from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import verb_forms, vocabulary
from imaginized.providers.builtin.acting_words import DEEDS, PARTICIPLES
from imaginized.providers.builtin.gate_scope import (
    DENIED,
    SIMILE,
    SUPPOSED,
    TOLD,
    Marks,
    clause_start,
    is_finite,
    reach,
)
from imaginized.story.stage_lists import Deed

OPENED = 5  # words from "before" to the verb of its clause
DONE = cues.HARDLY | vocabulary.words("sooner not never long had hadn't moment minute minutes instant seconds")

UNTIL = 9  # words from "until" to the verb of its clause
OVER = cues.DENIALS | cues.HARDLY | {"had", "hadn't"}  # "had waited until they went": now they do
ARRIVING = vocabulary.words("come reach arrive get meet find see fall")
GOING = frozenset({Deed.WALK, Deed.RUN, Deed.RIDE, Deed.DRIVE, Deed.CLIMB, Deed.SWIM, Deed.ROW, Deed.SAIL})
SAID = 5  # words from a verb to the "little" that it is done
FOLLOWING_LITTLE = vocabulary.FUNCTION_WORDS - {"by"} | {"during"}
DRESSES = vocabulary.words("dress dresses costume costumes")
PRESENTLY = vocabulary.words("now then already when while as")  # of a moment: "was going to London when"
PLACING = vocabulary.words("in on at upon under within")
GOING_ON = cues.JOINTS | {"and"}  # "could bear it no longer and ran": he does
PARTED = 9  # words from what lies between two to "between"
# What lies between those who are far from each other; a table or a fence does not.
WIDE = vocabulary.words(
    "sea seas ocean channel water country countries county continent world mile miles league leagues distance space "
    "river mountain mountains city town street streets hour hours day days night year years ages"
)


def see_oneself(marks: Marks, at: int) -> None:
    """Mark the rest of "he saw himself going along it", which is in the mind, unless in a mirror."""
    seer = marks.tokens[at - 1] if at > marks.first else None
    if seer is None or not (seer.base in cues.SEEING_ONESELF or seer.lower == "pictured"):
        return
    if not any(marks.lower(i) in cues.MIRRORS for i in range(at + 1, at + 8)):
        marks.mark(at, reach(marks, at + 1, comma=False), SUPPOSED)


def speak_of_only(marks: Marks, at: int) -> None:
    """Mark who is only on the lips or in the mind: "talked of nothing but Tom"; not "saw nothing but the sea"."""
    if marks.lower(at - 1) in ("of", "about") and marks.lower(at + 1) == "but":
        marks.mark(at + 2, reach(marks, at + 2, noun=True), TOLD)


def be_anything_but(marks: Marks, at: int) -> None:
    """Mark what is not so: "there was anything but peace in the hall", of which nothing is told but that."""
    if marks.lower(at + 1) == "but" and marks.tokens[at].gap == " ":
        marks.mark(at + 2, reach(marks, at + 2), DENIED)


def liken_place(marks: Marks, at: int) -> None:
    """Mark the place of "moved as in a dream"; not of "as in the hall he turned", when he did."""
    if marks.lower(at + 1) not in PLACING or marks.lower(at + 2) not in vocabulary.DETERMINERS:
        return
    end = reach(marks, at + 2, noun=True)
    goes_on = end < marks.last and marks.tokens[end - 1].gap == " "
    if not (goes_on and (marks.lower(end) in cues.SUBJECTS or is_finite(marks.tokens, end, marks.last))):
        marks.mark(at + 1, end, SIMILE)


def be_no_reason(marks: Marks, at: int) -> None:
    """Mark the clause of "he needn't go because she wept", of what may be; who "must not" has a true reason."""
    near = range(clause_start(marks, at), at)
    if any(marks.lower(i) == "needn't" or (marks.lower(i), marks.lower(i + 1)) == ("need", "not") for i in near):
        marks.mark(at + 1, reach(marks, at + 1), SUPPOSED)


def do_no_longer(marks: Marks, at: int) -> None:
    """Mark what is over: "looked no more at him", "no longer walked"; not "no more than", "was no more afraid"."""
    tokens = marks.tokens
    if marks.lower(at + 1) not in ("more", "longer") or marks.lower(at + 2) == "than":
        return
    verb = at - 1
    done = verb >= marks.first and tokens[verb].gap == " " and is_finite(tokens, verb, marks.last)
    if done and tokens[verb].lower not in vocabulary.AUXILIARIES:
        ends = (i for i in range(at + 2, marks.last) if marks.lower(i) == "as" and marks.lower(i + 1) in cues.SUBJECTS)
        marks.mark(verb, min(reach(marks, verb), next(ends, marks.last)), DENIED)  # "as they went" they do
    elif marks.lower(at + 1) == "longer" and tokens[at + 1].gap == " " and marks.lower(at + 2) not in GOING_ON:
        marks.mark(at + 2, reach(marks, at + 2), DENIED)


def part_from(marks: Marks, at: int) -> None:
    """Mark who is far away: "put the sea between himself and Tom"; who has a table between them is there."""
    apart = any(marks.lower(i) in WIDE for i in range(max(marks.first, at - PARTED), at))
    if apart and marks.lower(at + 1) in cues.ONESELF and marks.lower(at + 2) == "and":
        marks.mark(at + 3, reach(marks, at + 3, noun=True), TOLD)


def come_before(marks: Marks, at: int) -> None:
    """Mark the clause of "before he followed her, the sergeant …", of what comes after; not "had hardly … before"."""
    if marks.tokens[at].gap != " " or any(marks.lower(i) in DONE for i in range(marks.first, at)):
        return
    verbs = range(at + 2, min(at + OPENED, marks.last))
    verb = next((i for i in verbs if is_finite(marks.tokens, i, marks.last)), -1)
    if verb < 0 or any(marks.tokens[i].gap != " " for i in range(at, verb)):
        return
    named = marks.lower(verb - 1) in cues.SUBJECTS or marks.tokens[verb - 1].facts & (lex.PERSON | lex.ADVERB)
    if named or marks.tokens[verb - 1].word[0].isupper():
        marks.mark(at + 1, reach(marks, at + 1), SUPPOSED)


def invert(marks: Marks, at: int) -> None:
    """Mark the condition "Had the boy been older" or "Were he to run"; not "who were the first"."""
    tokens = marks.tokens
    following = tokens[at + 1] if at + 1 < marks.last else None
    if following is None or (at > marks.first and tokens[at - 1].gap == " ") or clause_start(marks, at) != at:
        return
    meant = following.lower in cues.SUBJECTS
    if at == marks.first or "," not in tokens[at - 1].gap:
        meant = meant or following.lower in vocabulary.DETERMINERS or following.word[0].isupper()
    done = any(is_finite(tokens, i, marks.last) or marks.lower(i) == "been" for i in range(at + 2, at + UNTIL))
    if meant and (done or tokens[at].lower == "were"):
        marks.mark(at, reach(marks, at + 1), SUPPOSED)


def last_until(marks: Marks, at: int) -> None:
    """Mark the clause of "waited until they went", of what comes after; not "spoke not until he came"."""
    tokens = marks.tokens
    begins = clause_start(marks, max(at - 1, marks.first))
    if tokens[at].gap != " " or any(marks.lower(i) in OVER for i in range(begins, at)):
        return
    verbs = range(at + 2, min(at + UNTIL, marks.last))
    verb = next((i for i in verbs if is_finite(tokens, i, marks.last) or marks.lower(i) in cues.MODALS | {"could"}), -1)
    if verb < 0 or any(tokens[i].gap != " " for i in range(at, verb)):
        return
    if tokens[verb].base in ARRIVING and any(DEEDS.get(tokens[i].base) in GOING for i in range(begins, at)):
        return  # "walked until he came to a river": there
    opens = marks.lower(at + 1) in cues.SUBJECTS | vocabulary.DETERMINERS or tokens[at + 1].word[0].isupper()
    if not opens or any(marks.lower(i) in cues.SUBJECTS - {"you"} for i in range(at + 2, verb)):
        return  # "until then he walked", "till the evening they walked"
    end = reach(marks, at + 1)
    while end < marks.last and tokens[end].lower == "and" and is_finite(tokens, end + 1, marks.last):
        end = reach(marks, end + 1)  # "till they came and sat"
    marks.mark(at + 1, end, SUPPOSED)


def hardly_do(marks: Marks, at: int) -> None:
    """Mark the verb of "hardly spoke"; not of "had hardly spoken when"."""
    verb = at + 1 + (marks.lower(at + 1) in ("ever", "even"))
    if any(marks.lower(i) in cues.HAPPENED for i in range(at, marks.last)):
        return
    if is_finite(marks.tokens, verb, marks.last) and marks.lower(verb) not in vocabulary.AUXILIARIES:
        marks.mark(verb, verb + 1, DENIED)


COMPARED = vocabulary.words("more less better")
SEEMING = vocabulary.words("look seem feel appear grow become")


def do_little(marks: Marks, at: int) -> None:
    """Mark the verb of "said little" and "talked to him very little"; not of "said a little", "took little Anna"."""
    tokens = marks.tokens
    following = tokens[at + 1] if at + 1 < marks.last and tokens[at].gap == " " else None
    if following is not None and following.lower not in FOLLOWING_LITTLE - COMPARED:
        return
    most = SAID if marks.lower(at - 1) in ("very", "but", "so", "too") else 1
    for verb in range(at - 1, at - most - 1, -1):
        if verb < marks.first or tokens[verb].gap != " ":
            return
        if is_finite(tokens, verb, marks.last):
            if tokens[verb].lower not in vocabulary.AUXILIARIES and tokens[verb].base not in SEEMING:  # "looked little"
                marks.mark(verb, verb + 1, DENIED)
            return


def do_in_mind(marks: Marks, at: int) -> None:
    """Mark what is done "mentally", "in imagination" or "In his mind he …"; not "stood in thought"."""
    word = marks.lower(at)
    own = marks.lower(at - 1) in vocabulary.POSSESSIVES
    opens = at - 1 - own
    if word == "mentally":
        _suppose_verb(marks, clause_start(marks, at), reach(marks, at))
    elif marks.lower(at + 1) in DRESSES:
        return  # "in fancy dress"
    elif marks.lower(opens) == "in" and (own or word in cues.BARELY_IN_MIND | {"thought"}):
        begins = clause_start(marks, opens)
        described = opens > begins and marks.tokens[opens - 1].facts & lex.QUALITY  # "broken in spirit"
        ends = marks.tokens[at].gap != " " or marks.tokens[min(at + 1, marks.last - 1)].facts & lex.FUNCTION
        anywhere = word in cues.BARELY_IN_MIND and not described and ends  # not "in spirit shops"
        if anywhere or (begins == opens and marks.tokens[at].gap == " "):
            _suppose_verb(marks, begins, reach(marks, at))


def _suppose_verb(marks: Marks, first: int, last: int) -> None:
    """Mark a clause from its verb on: who does it in the mind is there."""
    verb = next((at for at in range(first, last) if is_finite(marks.tokens, at, marks.last)), first)
    marks.mark(verb, last, SUPPOSED)


def plan_to_go(marks: Marks, at: int) -> None:
    """Mark "was going to London", which is a plan; not "was going to the door", nor at a moment."""
    tokens = marks.tokens
    be = at - 1 - (marks.lower(at - 1) in cues.ADVERBS_BETWEEN)
    if marks.lower(be) not in verb_forms.BEINGS or marks.lower(at + 1) != "to" or at + 2 >= marks.last:
        return
    goal = tokens[at + 2]
    named = goal.word[0].isupper() and not goal.facts & lex.PERSON and goal.word not in vocabulary.HONORIFICS
    named = named and not goal.facts & lex.FUNCTION and not goal.lower.endswith("'s")
    named = named and goal.lower not in lex.load_lexicon().given  # Florence may be the town, and mostly is not
    if named and not any(marks.lower(i) in PRESENTLY for i in range(marks.first, marks.last)):
        marks.mark(at, reach(marks, at + 1), SUPPOSED)


def plan_for_later(marks: Marks, at: int) -> None:
    """Mark the verb of "was leaving tomorrow" and "were coming back next week"; not "the next day he was leaving"."""
    if not _is_later(marks, at):
        return
    verb = at - 1
    while verb > marks.first and marks.tokens[verb].gap == " " and not marks.lower(verb).endswith("ing"):
        if marks.lower(verb) in ELSE_DATED:
            return
        verb -= 1
    be = verb - 1 - (marks.lower(verb - 1) in cues.ADVERBS_BETWEEN)
    if (
        marks.lower(be) in verb_forms.BEINGS
        and DEEDS.get(PARTICIPLES.get(marks.lower(verb), marks.tokens[verb].base)) in PLANNED
    ):
        marks.mark(verb, reach(marks, verb), SUPPOSED)


def _is_later(marks: Marks, at: int) -> bool:
    word, before = marks.lower(at), marks.lower(at - 1)
    if marks.tokens[max(at - 1, 0)].gap != " ":
        return False
    if word == "next":
        return marks.lower(at + 1) in NEXT
    if word in vocabulary.WEEKDAYS:
        return before == "on"
    if word in IN_TIME:
        within = next((i for i in (at - 2, at - 3) if marks.lower(i) == "in"), 0)  # "in a week", "in a few days"
        return within > 0 and marks.lower(within - 1) != "time"  # "for the first time in three weeks"
    return word != "soon" or before not in ("as", "so", "too", "very")


ELSE_DATED = vocabulary.words("and but or when who which that")  # "was riding home and soon reached": "reached" is
PLANNED = GOING | {Deed.LEAVE, Deed.ENTER, Deed.GIVE, Deed.TAKE, Deed.DANCE, Deed.FIGHT, Deed.BURY}


def do_whenever(marks: Marks, at: int) -> None:
    """Mark the clause of "when he came in, he would look round" and "would look round when he came in"."""
    end = reach(marks, at + 1)
    after = range(end, _told_until(marks, end))
    begins = clause_start(marks, max(at - 1, marks.first))
    before = range(max(begins, at - WOULD_WITHIN), at) if marks.tokens[max(at - 1, 0)].gap == " " else range(0)
    is_denied = any(marks.lower(i) in cues.DENIALS | {"have"} for i in (*before, *after))
    if not is_denied and any(marks.lower(i) == "would" or _is_would(marks, i) for i in (*before, *after)):
        marks.mark(at + 1, end, SUPPOSED)


def _told_until(marks: Marks, first: int) -> int:
    """Where a "would" is that of another clause: that of "she swore she would stay" is no habit."""
    last = min(first + WOULD_WITHIN, marks.last)
    seen = False
    for at in range(first, last):
        token = marks.tokens[at]
        is_subject = token.lower in cues.SUBJECTS - {"there"} or token.lower in cues.CONTRACTED
        is_verb = is_finite(marks.tokens, at, marks.last) and not token.facts & lex.QUALITY
        if is_verb or token.base in cues.TELLING | cues.WISHING or (seen and is_subject):
            return at
        seen = seen or is_subject
    return last


def _is_would(marks: Marks, at: int) -> bool:
    """Tell "he'd look round" from "he'd looked round"; "he'd put" may be either, and is not taken for a habit."""
    following = at + 1 + (marks.lower(at + 1) in cues.ADVERBS_BETWEEN)
    told = marks.tokens[following] if following < marks.last else None
    if told is None or told.facts & lex.INFLECTED or told.lower in ALSO_PARTICIPLES:
        return False
    return marks.lower(at) in cues.CONTRACTED


ALSO_PARTICIPLES = vocabulary.words(
    "put come become overcome run cut shut set let hit hurt cast spread split burst bet beat shed thrust rid read upset"
)
WOULD_WITHIN = 4  # words from the end of a clause to the "would" of the next
IN_TIME = vocabulary.words("week weeks days fortnight month months year")
NEXT = vocabulary.WEEKDAYS | vocabulary.words("week month year spring summer autumn winter time term season")


def is_blow(marks: Marks, at: int) -> bool:
    """Tell "he struck her" and "Tom ran up and struck her" from "it struck her", "struck her as pale"."""
    if SEEMED.intersection(marks.lower(i) for i in range(at + 2, at + STRUCK_AS)):
        return False
    before = at - 1
    while before > marks.first and (marks.lower(before).endswith("ly") or marks.lower(before) in cues.ADVERBS_BETWEEN):
        before -= 1
    if marks.lower(before) != "and":
        return before >= marks.first and _is_somebody(marks, before)
    first = clause_start(marks, before)
    led = first + (marks.lower(first) in vocabulary.DETERMINERS)
    return _is_somebody(marks, led) and IDEAS.isdisjoint(marks.lower(i) for i in range(first, before))


def _is_somebody(marks: Marks, at: int) -> bool:
    """Whether a word alone is a pronoun, a name or a noun of a person, of whom no preposition speaks."""
    token = marks.tokens[at]
    lead = at - 1 - (marks.lower(at - 1) in vocabulary.DETERMINERS)
    if token.gap != " " or marks.lower(lead) in vocabulary.PREPOSITIONS:
        return False
    named = token.word[0].isupper() and not token.facts & lex.FUNCTION and not token.lower.endswith("'s")
    return named or marks.lower(at) in STRIKERS or bool(token.facts & lex.PERSON)


SEEMED = vocabulary.words("that as how what light")
STRUCK_AS = 7  # words from "struck" to "as" of "struck her at first sight as"
IDEAS = vocabulary.words("it which what that this something thought idea")
STRIKERS = vocabulary.words("he she they we i")

BY_WORD = (
    (frozenset({"nothing"}), speak_of_only),
    (frozenset({"anything"}), be_anything_but),
    (frozenset({"because"}), be_no_reason),
    (frozenset({"no"}), do_no_longer),
    (frozenset({"between"}), part_from),
    (frozenset({"before"}), come_before),
    (frozenset({"till", "until"}), last_until),
    (cues.HARDLY, hardly_do),
    (frozenset({"little"}), do_little),
    (frozenset({"going"}), plan_to_go),
    (frozenset({"when", "whenever"}), do_whenever),
    (frozenset({"tomorrow", "to-morrow", "next", "soon", "shortly"}) | vocabulary.WEEKDAYS | IN_TIME, plan_for_later),
)
