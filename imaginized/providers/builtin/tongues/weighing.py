"""What the words around a name speak for, in one of the languages of this folder. Counts only; nothing is judged."""

import itertools
from collections import Counter
from collections.abc import Mapping

from imaginized.providers.builtin.names import Name
from imaginized.providers.builtin.sentences import Token
from imaginized.providers.builtin.tongues.believing import all_titles, is_title, joins
from imaginized.providers.builtin.tongues.splitting import Splitting
from imaginized.providers.builtin.tongues.tongue import Tongue, words
from imaginized.story.element_types import BY_NOUN
from imaginized.story.elements import ElementType, Signs
from imaginized.story.foreign_titles import BEFORE_GIVEN
from imaginized.story.names import name_key, title_of

Span = tuple[int, int]
# Words before a name in which the article of "the dog Rollo" may stand.
NEAR = 3
MOSTLY = 4
# As English places end in print elsewhere: "Saville-row".
ENGLISH_ENDINGS = ("-row", "-street", "-square", "-hill", "-park", "-house", "-hall", "-club", "-road", "-lane")
# "à bord du X", "an Bord der X", "a bordo del X", "aan boord van de X": the words between, and those before.
ABOARD = words("bord bordo boord")
WEDDING = words(
    "heiraten heiratet heiratete geheiratet verheiratet heirat hochzeit ehe gatte gatten gattin braut bräutigam "
    "verlobt "
    "verlobung verlobte trauung vermählt vermählung épouser épousa épousé épouse épouserai mariage mari noces fiancé "
    "fiancée mariée marier casarse casar casó casó casado casada casamiento boda bodas marido novio novia esposo "
    "esposa "
    "sposare sposò sposato sposata sposi sposa sposo nozze matrimonio marito casou casamento noivo noiva trouwen "
    "trouwde getrouwd huwelijk bruiloft bruid bruidegom verloofd echtgenoot"
)
OF_ABOARD = words("du de la le l des der dem den del della dello do da van het")


def weigh(splitting: Splitting, span: Span, tongue: Tongue, evidence: Counter[str]) -> None:
    """Add what this mention speaks for, under the keys that the English reading has."""
    tokens = splitting.tokens
    first, last = span
    evidence["middle"] += not tokens[first].first
    if is_title(tokens, first, all_titles(tongue), capital=tongue.capital_nouns) and last - first > 1:
        evidence["title"] += 1
    lead = first
    while lead and tokens[lead - 1].lower in tongue.articles and joins(tokens[lead - 1]):
        lead -= 1
    evidence["the"] += lead < first
    many, endings = tongue.plurals
    evidence["many"] += (
        first > 0 and tokens[first - 1].lower in many and tokens[last - 1].lower.endswith(endings or "?")
    )
    if lead and joins(tokens[lead - 1]):
        _weigh_before(tokens, lead, tongue, evidence)
    if last < len(tokens) and tokens[last - 1].gap == " ":
        _weigh_after(tokens[last], tongue, evidence)
    before = tokens[first - 1] if first else None
    if before is not None and tokens[first].spoken and before.gap.strip() == ",":
        evidence["called"] += tokens[last - 1].gap.strip()[:1] in (",", "!", "?", ".")
    evidence["beast"] += _is_said_to_be_beast(tokens, span, tongue)
    evidence["ship"] += 2 * _is_said_to_be_ship(tokens, first)  # once is proof


def _weigh_before(tokens: list[Token], lead: int, tongue: Tongue, evidence: Counter[str]) -> None:
    before = tokens[lead - 1].lower
    if before in tongue.speech:
        evidence["speech"] += 1
    elif before in tongue.inside:
        evidence["inside"] += 1
    elif before in tongue.toward:
        evidence["toward"] += 1
    head = lead - 1
    while head > 0 and lead - head < NEAR and tokens[head].lower in tongue.particles:
        head -= 1
    if tokens[head].lower in tongue.place_heads and not evidence["title"]:
        evidence["inside"] += 2


def _weigh_after(after: Token, tongue: Tongue, evidence: Counter[str]) -> None:
    if after.lower in tongue.speech:
        evidence["speech"] += 1
    elif after.lower in tongue.being:
        evidence["is"] += 1
    elif after.word[0].islower() and after.lower not in tongue.function and after.lower not in tongue.particles:
        evidence["acts"] += 1


def _is_said_to_be_ship(tokens: list[Token], first: int) -> bool:
    """Find "à bord du Mongolia"."""
    at = first - 1
    while at > 0 and first - at <= NEAR and tokens[at].lower in OF_ABOARD:
        at -= 1
    return 0 <= at < first - 1 and tokens[at].lower in ABOARD


def _is_said_to_be_beast(tokens: list[Token], span: Span, tongue: Tongue) -> bool:
    """Find "der Hund Rollo", "Djali, la levrette"."""
    first, last = span
    if first and tokens[first - 1].gap == " " and tokens[first - 1].lower in tongue.animals:
        return True
    if last + 1 >= len(tokens) or tokens[last - 1].gap.strip() != "," or tokens[last].lower not in tongue.articles:
        return False
    return tokens[last].gap == " " and tokens[last + 1].lower in tongue.animals


def weigh_words(name: Name, tongue: Tongue, *, given: Mapping[str, str]) -> None:
    """Add what the words of the name itself speak for: a given name with its sex, a place, a beast."""
    titles, mentions = all_titles(tongue), len(name.mentions)
    parts = [part.strip(".").lower() for part in name.text.split()]
    core = [part for part in parts if part not in titles and part not in tongue.particles]
    name.with_the = name.evidence["the"]
    if not core:
        return
    sex = given.get(core[0], "")
    if sex and not (parts[0] in titles and len(core) == 1 and parts[0] not in _before_given(tongue)):
        name.evidence[f"given_{sex}"] += mentions
        name.evidence["given"] += mentions
    if " ".join(core) in tongue.places and parts[0] not in titles and not sex:
        name.evidence["geo"] += mentions
        name.evidence["inside"] += mentions
    if (
        core[-1] in tongue.place_heads
        or core[0] in tongue.place_heads
        or core[-1].endswith((*tongue.place_endings, *ENGLISH_ENDINGS))
    ):
        name.evidence[BY_NOUN[ElementType.PLACE]] += mentions
    elif core[-1] in tongue.animals and parts[0] not in titles:
        name.evidence[BY_NOUN[ElementType.CREATURE]] += mentions


def _before_given(tongue: Tongue) -> frozenset[str]:
    return BEFORE_GIVEN & all_titles(tongue)


def find_sexes(splitting: Splitting, names: list[Name], tongue: Tongue) -> None:
    """Count "he" or "she" behind the only name of a sentence, or at the head of the next one."""
    tokens, numbers = splitting.tokens, splitting.sentences
    spans = spans_by_sentence(splitting, names)
    ends = {number: at + 1 for at, number in enumerate(numbers)}
    for number, found in spans.items():
        if len({id(name) for _, _, name in found}) > 1:
            continue
        _, last, name = found[0]
        after = ends[number]
        told = next((sex for at in range(last, after) if (sex := _sex_at(tokens, at, tongue))), "")
        if not told and after < len(tokens) and numbers[after] not in spans:
            told = _sex_at(tokens, after, tongue)
        if told:
            name.evidence[told] += 1


def _sex_at(tokens: list[Token], at: int, tongue: Tongue) -> str:
    """Tell "he" or "she" for a pronoun; "" for another word, for "they" and for a capital "Sie", which is "you"."""
    token = tokens[at]
    if token.lower in tongue.he:
        return "he"
    if token.lower not in tongue.she or (token.word[0].isupper() and not token.first):
        return ""
    following = tokens[at + 1].lower if at + 1 < len(tokens) else ""
    many = token.lower in tongue.also_they and (token.gap != " " or following.endswith("en"))
    return "" if many else "she"


def spans_by_sentence(splitting: Splitting, names: list[Name]) -> dict[int, list[tuple[int, int, Name]]]:
    """The mentions of each sentence, in order."""
    found: dict[int, list[tuple[int, int, Name]]] = {}
    for name in names:
        for first, last in name.mentions:
            found.setdefault(splitting.sentences[first], []).append((first, last, name))
    for spans in found.values():
        spans.sort(key=lambda span: span[0])
    return found


def read_signs(splitting: Splitting, names: list[Name], *, listing: frozenset[str]) -> dict[str, Signs]:
    """For each name what the chapter says of its kind, its sex, and of who else it is not."""
    near: dict[str, Counter[str]] = {name.text: Counter() for name in names}
    along: dict[str, Counter[str]] = {name.text: Counter() for name in names}
    weds: dict[str, Counter[str]] = {name.text: Counter() for name in names}
    tokens = splitting.tokens
    by_sentence = spans_by_sentence(splitting, names)
    for number in sorted({number for at, number in enumerate(splitting.sentences) if tokens[at].lower in WEDDING}):
        for one, other in itertools.permutations(sorted({name.text for *_, name in by_sentence.get(number, ())}), 2):
            weds[one][other] += 1
    for spans in by_sentence.values():
        texts = sorted({name.text for _, _, name in spans})
        for one, other in itertools.permutations(texts, 2):
            near[one][other] += 1
        for (_, last, one_name), (first, _, other_name) in itertools.pairwise(spans):
            listed = first - last == 1 and tokens[last].lower in listing
            if listed and one_name is not other_name:
                along[one_name.text][other_name.text] += 1
                along[other_name.text][one_name.text] += 1
    return {
        name.text: Signs(
            counts=dict(name.evidence),
            near=dict(near[name.text]),
            along=dict(along[name.text]),
            weds=dict(weds[name.text]),
        )
        for name in names
    }


def fold_titled(names: list[Name], tongue: Tongue) -> list[Name]:
    """Give "Frau Anna" to Anna, who is mostly called so in the chapter: what follows the title is no last name."""
    known = {name.text: name for name in names}
    kept = []
    for name in names:
        title, *rest = name.text.split()
        whole = known.get(" ".join(word for word in rest if word not in tongue.particles))
        if whole is None or title.lower() not in tongue.titles.women or not _is_mostly(whole, name):
            kept.append(name)
            if (
                whole is not None
                and title_of(name_key(name.text)) == "mrs"
                and whole.evidence["she"] <= whole.evidence["he"]
            ):
                whole.evidence["he"] += len(name.mentions)  # beside "Frau Briest" plain Briest is her husband
            continue
        whole.mentions = sorted(whole.mentions + name.mentions)
        whole.evidence.update(name.evidence)
    return kept


def _is_mostly(whole: Name, titled: Name) -> bool:
    """Tell whether she bears the name without a title, and is a woman by her pronouns or her given name."""
    she, he = (
        whole.evidence[key] + 3 * (whole.evidence[f"given_{sex}"] > 0) for key, sex in (("she", "woman"), ("he", "man"))
    )
    return len(whole.mentions) >= MOSTLY * len(titled.mentions) and she > 2 * he
