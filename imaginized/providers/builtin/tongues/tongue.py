"""What is known of a language by word lists: the record that every language of this folder fills. No text is read."""

from dataclasses import dataclass

from imaginized.story.foreign_titles import Titles


def words(text: str) -> frozenset[str]:
    """Return the words of a text parted by blanks."""
    return frozenset(text.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongue:
    """A language's words, in small letters, with the spellings that older books use beside today's.

    Attributes:
        code: ISO 639-1.
        name: As a reader of the guide calls it.
        common: The commonest words; a text is in the language when they make up enough of it.
        function: Words that are no part of a name where they only begin a sentence, and no verb behind one.
        titles: Titles and kin words that stand before a name.
        abbreviations: Shortened words whose dot ends no sentence.
        particles: What stands small inside a name ("von", "de", "della").
        elisions: What an apostrophe parts from the word behind it ("l", "d").
        articles: Articles alone.
        determiners: Articles, contractions with one, possessives: what stands before a noun and not before a name.
        speech: Verbs of speech as a narrator inflects them.
        being: Forms of be, have and the modals.
        he: Pronouns that tell of a man.
        she: Pronouns that tell of a woman.
        inside: Prepositions and verbs before a place one is in or comes to.
        listing: What stands between two names that are listed together ("und").
        toward: Prepositions before a place that go with people, too.
        places: Countries, cities and rivers as the language calls them.
        place_heads: Nouns of places that are part of a name ("rue", "straße").
        place_endings: How words end that are a name's last part and a place ("straße", "burg").
        animals: Common beasts.
        never: Capital words that name nobody: months, feasts, peoples, God.
        bland: Nouns of people that name nobody by themselves.
        noun_endings: How nouns end that no name ends in, where all nouns are capital; nothing for other languages.
        names_take_articles: Whether people's names stand behind articles in a plain text ("il Griso", "o José").
        also_they: Those of `she` that are "they", too.
        plurals: What stands before many ("les"), and what those end in, none of them a person's name ("les Indiens").
        cases: Endings that a name takes ("Karls", in old books "Karln"), longest first.
    """

    code: str
    name: str
    common: frozenset[str]
    function: frozenset[str]
    titles: Titles
    abbreviations: frozenset[str]
    particles: frozenset[str]
    articles: frozenset[str]
    determiners: frozenset[str]
    speech: frozenset[str]
    being: frozenset[str]
    he: frozenset[str]
    she: frozenset[str]
    inside: frozenset[str]
    toward: frozenset[str]
    listing: frozenset[str]
    places: frozenset[str]
    place_heads: frozenset[str]
    animals: frozenset[str]
    never: frozenset[str]
    bland: frozenset[str]
    elisions: frozenset[str] = frozenset()
    place_endings: tuple[str, ...] = ()
    noun_endings: tuple[str, ...] = ()
    names_take_articles: bool = False
    also_they: frozenset[str] = frozenset()
    plurals: tuple[frozenset[str], tuple[str, ...]] = (frozenset(), ())
    cases: tuple[str, ...] = ()

    @property
    def capital_nouns(self) -> bool:
        """Whether every noun has a capital, which then proves nothing."""
        return bool(self.noun_endings)
