"""What a name names: a person, a creature, a place or a thing, by all that the book says around it. Pure."""

from collections.abc import Mapping

from imaginized.story.elements import ElementType

# A chapter's head noun ("Baker Street", "the Golden Cap") decides where at least this share of the mentions has it.
MOSTLY = 0.5
BY_NOUN = {kind: f"noun_{kind.value}" for kind in ElementType}
# What a beast must be called, have or do to be one, a mention.
BEASTLY = 0.025
# How often one is told of as a beast of a kind, a mention, and how many hands and hats for each do not matter.
SPECIFIC, HANDY = 0.02, 3
# What a list of given names weighs, and what must be said of a place, a mention.
GIVEN = 3
PLACELY = 0.3
# Whom nothing alive is said of is a place after fewer "to" and "from".
SILENT_PLACELY = 0.25
# A thing is a ship where this share of its mentions say so, be there a "the" or not.
SHIPLY = 0.2
# Who is called Street speaks and does something in more of the mentions.
STREETLY = 4
FEW = 4
SPEAKING = ("speech", "called", "owns", "title", "given", "human", "beast")
# What only people have; what they do, and a club now and then; of how many mentions that is nothing.
PERSONAL = (
    *("speech", "title", "called", "given", "given_man", "given_woman"),
    *("human", "species", "narrator", "label", "noun"),
)
DOING, HARDLY = ("acts", "is", "he", "she", "owns"), 0.15
SAID_ONLY = 0.9
ALIVE_SIGNS = ("speech", "acts", "is", "owns", "called", "human", "he", "she", "beast", "given", "noun_character")


def judge_kind(counts: Mapping[str, int], *, mentions: int) -> ElementType:
    """Say what a name names from the sums of its signs over a chapter or a book."""
    speech, title = counts.get("speech", 0), counts.get("title", 0)
    alive = speech + counts.get("acts", 0) + counts.get("is", 0)
    if counts.get("church", 0) > alive or counts.get("street", 0) > STREETLY * alive:
        return ElementType.PLACE
    the = counts.get("the", 0) * 2 >= mentions
    if title * 2 >= mentions:
        is_sign = the and not speech and is_place({**counts, "title": 0}, mentions=mentions)
        return ElementType.PLACE if is_sign else ElementType.CHARACTER  # an inn called the Admiral Nelson
    inside = counts.get("inside", 0)
    if (
        the
        and not speech + counts.get("ship", 0)
        and inside * 4 >= mentions
        and is_place({**counts, "beast": 0}, mentions=mentions)
    ):
        return ElementType.PLACE  # "on the Yukon", where the dogs are
    if is_beast(counts, mentions=mentions) and counts.get(BY_NOUN[ElementType.PLACE], 0) <= MOSTLY * mentions:
        return ElementType.CREATURE
    ship = counts.get("ship", 0)
    if ship > speech + title and (the or (ship > 1 and ship >= SHIPLY * mentions and not counts.get("given"))):
        return ElementType.ITEM
    if (
        the
        and not any(counts.get(sign, 0) for sign in ALIVE_SIGNS)
        and counts.get("inside", 0) + counts.get("toward", 0)
    ):
        return ElementType.PLACE  # "to the Pincio": nothing is ever done, said or owned by it
    noun = max(ElementType, key=lambda kind: counts.get(BY_NOUN[kind], 0))
    if counts.get(BY_NOUN[noun], 0) > MOSTLY * mentions:
        return noun
    return ElementType.PLACE if is_place(counts, mentions=mentions) else ElementType.CHARACTER


def is_beast(counts: Mapping[str, int], *, mentions: int) -> bool:
    """Weigh fur, paws, barking and "a dog" against talk; a rider of a horse has some of them, too."""
    species = counts.get("species", 0)
    if species >= max(1.0, SPECIFIC * mentions) and counts.get("human", 0) <= HANDY * species >= counts.get("title", 0):
        return True  # "Rab, the dog", whatever he says in a tale of beasts that talk
    beast = counts.get("beast", 0)
    person = counts.get("speech", 0) + 2 * counts.get("title", 0) + counts.get("human", 0) / 2
    is_person = counts.get(BY_NOUN[ElementType.CHARACTER], 0) > MOSTLY * mentions and counts.get("human", 0) > 0
    least = 2.0 if is_person else 1.0
    return beast >= max(least, BEASTLY * mentions) and 2 * beast > person


def is_nobody(counts: Mapping[str, int], *, mentions: int) -> bool:
    """Tell whether a name that looks like a person's is hardly one: nobody of it speaks, is called or has a title.

    A club, a newspaper, a word of a dialect: it does nothing, or has an article and is no more than spoken of.
    """
    if any(counts.get(sign, 0) for sign in PERSONAL) or not mentions:
        return False
    done = sum(counts.get(sign, 0) for sign in DOING)
    if done > HARDLY * mentions:
        return counts.get("the", 0) * 2 >= mentions
    talked_of = counts.get("spoken", 0) >= SAID_ONLY * mentions
    return talked_of or any(counts.get(sign, 0) for sign in ("the", "inside", "toward"))


def is_place(counts: Mapping[str, int], *, mentions: int) -> bool:
    """Weigh what is done in it or near it against what it does, says and owns; most mentions of a place say so."""
    person = 3 * counts.get("speech", 0) + 2 * counts.get("acts", 0) + counts.get("is", 0) + counts.get("owns", 0)
    person += counts.get("called", 0) + 4 * counts.get("title", 0) + (GIVEN if counts.get("given") else 0)
    inside, toward, geo = (counts.get(sign, 0) for sign in ("inside", "toward", "geo"))
    if counts.get("given"):
        geo = min(geo, 2 * inside + toward)  # a town is called like her, but nobody goes there
    if 2 * inside + toward // 2 + 3 * geo > max(person, PLACELY * mentions):
        return True
    return not any(counts.get(sign, 0) for sign in SPEAKING) and _is_place_of_few_words(counts, mentions, person)


def _is_place_of_few_words(counts: Mapping[str, int], mentions: int, person: int) -> bool:
    """Weigh the same where nobody of this name speaks, is called or owns: "to Brindisi", "from Cairo" prove it."""
    place = 2 * counts.get("inside", 0) + counts.get("toward", 0) + 3 * counts.get("geo", 0)
    person += counts.get("he", 0) + counts.get("she", 0)
    bare = counts.get("the", 0) * 2 < mentions  # "from the Company" is from no town
    return bare and mentions >= FEW and place > max(person, SILENT_PLACELY * mentions)
