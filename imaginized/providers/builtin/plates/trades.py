"""What people of a book are by trade, as it says of them, and what the others of such a book are. No drawing here."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from imaginized.providers.builtin.lexicon import load_lexicon
from imaginized.providers.builtin.plates.words import word_set
from imaginized.story.elements import Element

ROLES: dict[str, frozenset[str]] = {
    role: word_set(words)
    for role, words in {
        "witch": "witch wizard sorcerer enchanter enchantress magician",
        "royal": "king queen prince princess emperor empress",
        "knight": "knight knights",
        "monk": "monk monks friar friars abbot nun nuns prioress abbess",
        "cleric": "priest vicar parson curate rector clergyman bishop pastor chaplain preacher deacon",
        "sailor": "sailor sailors seaman seamen mate boatswain harpooneer harpooner mariner steersman oarsman skipper"
        " crew pirate pirates buccaneer helmsman coxswain",
        "soldier": "soldier soldiers hussar hussars dragoon dragoons sergeant corporal trooper troopers grenadier"
        " cavalry infantry troops private regiment sentry sentinel guard guards"
        " musketeer guardsman artilleryman recruit",
        "officer": "general colonel major lieutenant marshal ensign officer admiral commander adjutant brigadier",
        "captain": "captain",
        "servant": "maid maidservant housemaid cook housekeeper nurse servant parlourmaid butler footman valet"
        " manservant waiter steward",
        "police": "policeman policemen constable inspector gendarme gendarmes",
        "convict": "convict convicts prisoner",
        "miner": "miner miners collier pitman",
        "farmer": "farmer peasant peasants ploughman shepherd gardener farmhand",
        "worker": "labourer laborer workman workmen worker workers woodman woodcutter groom blacksmith miller"
        " coachman driver carpenter fisherman butcher porter mason mechanic engineer teamster carter",
        "cowboy": "cowboy cowboys ranger sheriff trapper hunter rancher rustler rustlers outlaw prospector scout"
        " herder",
        "eastern": "sheikh sheik sultan caliph vizier emir pasha rajah maharajah lama fakir dervish brahmin mullah"
        " arab arabs bedouin bedouins turk turks hindu hindus hindoo sepoy sepoys lascar lascars saracen saracens"
        " persian persians muezzin effendi",
        "gentleman": "gentleman sir lord baron count duke marquis viscount earl squire baronet banker lawyer attorney"
        " doctor dr professor judge vicomte comte marquis chevalier senator detective magistrate notary solicitor",
        "mister": "mr monsieur herr signor",
    }.items()
}
_EVERY = frozenset().union(*ROLES.values())
_ANY_SERVICE = frozenset({"officer", "commander"})  # of police, of a ship, of an army
_LIGHT = frozenset({"gentleman", "mister"})  # a manner of address says less than what somebody is
_COMPANIES = {"war story": "soldier", "sea story": "sailor", "western": "cowboy"}
_WILDS = frozenset({"camp", "prairie", "mountains", "forest", "jungle", "river", "snow", "desert", "hills"})
_TOWNS = frozenset(
    {"street", "town", "modern city", "market", "station", "park", "garden", "house front", "castle", "village"}
)
_PHRASE = r"(?:(?:a|an|the|our|his|her|their|young|old) )?(?:[\w-]+ ){0,2}?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """What the people of a book are of whom it says nothing.

    Attributes:
        role: The trade of its men.
        rough: Whether they live in the wilds.
        children: Whether it is told of or for children: who goes by a given name alone is one.
        eastern: Whether it is told of the East: who has no trade or title of the West is dressed as there.
    """

    role: str = ""
    rough: bool = False
    children: bool = False
    eastern: bool = False


NOTHING_TOLD = Company()


def company_of(style: str) -> Company:
    """The company that the style guide's lines "Genre: …" and "Place: …" speak of."""
    lines = dict(line.casefold().split(":", 1) for line in style.splitlines() if ":" in line)
    genre, places = lines.get("genre", "").strip(), {part.strip() for part in lines.get("place", "").split(",")}
    role = next((role for name, role in _COMPANIES.items() if name in genre), "")
    eastern = "the east" in places
    rough = bool(places & _WILDS) and not places & _TOWNS and not eastern
    return Company(
        role=role,
        rough=rough and "children" not in genre,
        children="children" in genre or "fairy" in genre,
        eastern=eastern,
    )


def role_of(words: Sequence[str]) -> str:
    """The station that the words for somebody name, or ""; a trade goes before a manner of address."""
    found = [role for role, names in ROLES.items() if any(word in names for word in words)]
    return next((role for role in found if role not in _LIGHT), found[0] if found else "")


def role_told(element: Element) -> str:
    """The station that the looks or the sentences about somebody tell: "Ames, the mate,", "a grey-haired sailor"."""
    for phrase in re.split(r"[;,] ", element.description.lower()):
        head = re.split(r" (?:of|with|in|on|at|from) ", phrase)[0].split()
        if head and head[-1] not in _ANY_SERVICE and (role := role_of(head[-1:])):
            return role
    names = "|".join(re.escape(name) for name in (element.name, *element.aliases) if name)
    after = re.compile(rf"\b(?:{names})(?:,| was| is) {_PHRASE}([a-z]+)\b(?=[,.;:!?]| (?:of|who|at|in)\b)")
    before = re.compile(rf"\b(?:the|our|his|young|old) ([a-z]+),? (?:{names})\b")
    for quote in element.quotes:
        text = " ".join(quote.text.split())
        for word in (*after.findall(text), *before.findall(text)):
            if word in _EVERY and (role := role_of([word])) not in {"royal", "witch", "mister"}:
                return role
    return ""


def is_one_of_children(element: Element, company: Company) -> bool:
    """Whether somebody of a book of children is one: called by a given name alone, and nowhere a man or a lady."""
    if not company.children or role_told(element):
        return False
    given = load_lexicon().given
    names = [name for name in (element.name, *element.aliases) if " " not in name and "." not in name]
    plain = element.name in names and (element.name in given or element.name.lower() in given)
    told = " ".join((element.description, *(quote.text for quote in element.quotes)))
    titled = re.search(rf"\b(?:Mr|Mrs|Aunt|Uncle)\.? {re.escape(element.name)}\b", told)
    grown = r"(?:man|woman|gentleman|lady|wife|husband)\b"
    is_grown = re.search(rf"\b{re.escape(element.name)}(?:,| was| is) (?:[\w-]+ ){{0,3}}{grown}", told)
    return plain and not titled and not is_grown and not re.search(rf"\b{grown}", element.description)


def is_called_boy(element: Element) -> bool:
    """Whether the sentences about somebody speak of a boy or a lad again and again: no beard is drawn on him."""
    speaking = sum(bool(re.search(r"\b(?:boy|boys|lad|lads)\b", quote.text)) for quote in element.quotes)
    return speaking >= max(len(element.quotes) / 3, 2)
