"""What models call the parts of an answer: keys, kinds of elements, in the words and spellings in use. Pure tables."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

from imaginized.providers.builtin.lexicon import ANIMAL, PERSON, PLACE, load_lexicon
from imaginized.story.elements import ElementType

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BETWEEN = re.compile(r"[\W_]+")
_NUMBERED = re.compile(r"_?\d+$")
LONGEST_WORD = 80


@lru_cache(maxsize=4096)
def fold(word: str) -> str:
    """A key or kind for comparing: "sourceQuote", "Source quote" and "source-quote" are "source_quote"; no accents."""
    parted = _CAMEL.sub("_", word[:LONGEST_WORD])
    bare = "".join(each for each in unicodedata.normalize("NFKD", parted) if not unicodedata.combining(each))
    return _BETWEEN.sub("_", bare.casefold()).strip("_")


def _keys(words: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fold(word) for word in words.split()))


SCENES = _keys(
    "scenes scene key_scenes key_scene moments moment key_moments illustrations illustration visual_scenes "
    "visual_moments scene_list selected_scenes shots szenen szene scènes escenas escena"
    " scena cenas cena сцены сцена 场景 場景 シーン"
)
ELEMENTS = _keys(
    "elements element entities entity visual_elements story_elements scene_elements characters_and_places cast"
    " elemente éléments elementos elementi элементы 元素 要素"
)
QUOTE = _keys(
    "quote quotation exact_quote verbatim_quote source_quote quoted_text excerpt passage source_text original_text text"
    " zitat citation cita citazione citação цитата 引用 引文 原文"
)
# Of a passage that is told by the numbers of its sentences.
FIRST = _keys("first first_sentence from start start_sentence from_sentence sentence_start")
LAST = _keys("last last_sentence to end end_sentence to_sentence sentence_end through until")
NUMBERS = _keys(
    "sentences sentence sentence_numbers sentence_number sentence_no sentence_ids sentence_id numbers"
    " sentence_range range span lines line line_numbers line_number satz sätze frases phrases"
)
BEGINS = _keys("begins begins_with opening opening_words first_words starts_with")
PICTURE = _keys("picture picture_prompt drawing image image_prompt illustration_prompt")
DESCRIPTION = _keys(
    "description visual_description scene_description image_description image_prompt prompt visual summary caption"
    " beschreibung descripción descrizione descrição описание 描述 説明"
)
MOOD = _keys(
    "mood tone atmosphere emotion stimmung ambiance humeur ambiente atmósfera atmosfera настроение 氛围 雰囲気"
)
LIGHTING = _keys(
    "lighting light time_of_day licht beleuchtung lumière éclairage iluminación luz illuminazione luce свет 光线 照明"
)
PRESENT = _keys(
    "elements elements_present present characters characters_present people entities creatures places locations items"
    " objects elemente éléments elementos elementi 元素"
)
NAME = _keys("name title label full_name element_name nom nombre nome имя 名称 名字 名前")
LOOKS = _keys(
    "description looks permanent_looks appearance physical_description visual_description physical_appearance visual"
    " details traits features beschreibung aussehen descripción apparence apariencia descrizione descrição описание"
    " 描述 外貌"
)
ALIASES = _keys(
    "aliases alias other_names also_known_as aka alternate_names alternative_names nicknames nickname alternativnamen"
    " autres_noms otros_nombres псевдонимы 别名 別名"
)
QUOTES = _keys("quotes quote evidence excerpts excerpt passages textual_evidence zitate citations citas цитаты 引用")
TYPE = _keys("type kind category element_type entity_type class role typ art catégorie tipo тип 类型 種類")

_MEANINGS: Mapping[ElementType, tuple[str, ...]] = MappingProxyType(
    {
        ElementType.CHARACTER: _keys(
            "character person people human humanoid man woman boy girl child men women children protagonist antagonist"
            " hero heroine villain narrator npc figure cast group family crowd crew deity god goddess figur mensch"
            " personnage personne personaje persona personaggio personagem pessoa персонаж человек 人物 角色 登場人物"
        ),
        ElementType.CREATURE: _keys(
            "creature animal monster beast being pet bird fish insect kreatur tier wesen créature bête criatura"
            " creatura animale существо животное 生物 动物 動物"
        ),
        ElementType.PLACE: _keys(
            "place location locale setting building room landscape environment site area region scenery interior"
            " exterior structure architecture geography world ort schauplatz gebäude lieu endroit décor lugar sitio"
            " luogo место локация 地点 地點 场所 場所"
        ),
        ElementType.ITEM: _keys(
            "item object thing prop artifact artefact clothing weapon tool vehicle plant food document weather"
            " gegenstand objekt ding objet objeto cosa oggetto предмет вещь 物品 物体 道具"
        ),
    }
)
_KINDS = MappingProxyType({word: kind for kind, words in _MEANINGS.items() for word in words})


def kind_of_key(key: str) -> ElementType | None:
    """The kind of elements that a key such as "mainCharacters" holds; None for any other key."""
    folded = fold(key)
    return _known(folded) or _known(folded.rpartition("_")[2]) if folded else None


def kind_of(words: str) -> ElementType:
    """The kind that some words for one mean: "Main Character", "PLACES", "horse"; a thing where none is known."""
    parts = [part for part in fold(words).split("_") if part]
    # The last word says what it is, the others of what sort; what a bracket adds comes after both.
    for part in reversed(parts):
        if kind := _known(part):
            return kind
    return next((kind for part in reversed(parts) if (kind := _by_lexicon(part))), ElementType.ITEM)


def is_scene_word(word: str) -> bool:
    """Whether a key or kind speaks of scenes, also of a numbered one."""
    return _NUMBERED.sub("", fold(word)) in SCENES


def _known(word: str) -> ElementType | None:
    return next((_KINDS[form] for form in _forms(word) if form in _KINDS), None)


def _forms(word: str) -> Iterator[str]:
    yield word
    if word.endswith("s"):
        yield word[:-1]
    if word.endswith("es"):
        yield word[:-2]
    if word.endswith("ies"):
        yield f"{word[:-3]}y"


def _by_lexicon(word: str) -> ElementType | None:
    facts = load_lexicon().facts(word)
    found = ((ANIMAL, ElementType.CREATURE), (PLACE, ElementType.PLACE), (PERSON, ElementType.CHARACTER))
    return next((kind for fact, kind in found if facts & fact), None)


def first_of(folded: Mapping[str, object], names: Iterable[str]) -> object:
    """What stands under the first of these keys that says anything."""
    return next((folded[name] for name in names if folded.get(name) is not None), None)
