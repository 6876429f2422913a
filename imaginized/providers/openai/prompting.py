"""Filling the texts that models are asked with. Book text goes only inside a fenced, marked block."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from string import Template

from imaginized.providers.api import ImageRequest, TextRequest
from imaginized.providers.openai.labels import label_elements, without_names
from imaginized.providers.openai.numbered import Numbered
from imaginized.providers.openai.plain_words import shorten
from imaginized.providers.openai.prompt_texts import Prompts
from imaginized.providers.openai.said import SaidScene
from imaginized.providers.openai.spread import Missing
from imaginized.story.text import PARAGRAPH_BREAK, WORDS_PER_PAGE, ChapterText, count_words

DEFAULT_STYLE = "A detailed, painterly storybook illustration, true to the period and place of the story."
STYLE = "Style of every picture in it: {}."
ALIKE = "Attached pictures, if any, show in this order: {}. Draw the same faces, builds and clothes.\n"
KNOWN = (
    "Other chapters of this book have these names, each with other names of the same one in brackets. They are "
    "material, too. Call whoever is in this chapter by the first of them. Leave out who is not in this chapter."
)
LANGUAGE = ' The book\'s language has the tag {}: write in it, and only "picture" in English.'
ELSEWHERE = (
    "An earlier answer took all its scenes from one part of the chapter. Choose {} other scenes, only from its "
    "sentences {}, spread over them, the most worth drawing first."
)
FORM = 'Answer with one JSON object in the form of the example: {"scenes": […], "elements": […]}'
OVERLAP_WORDS = WORDS_PER_PAGE
MOST_LOOKS = 8
MARK_DIGITS = 16
SCENE = "Scene:"  # how the paragraph begins in an image's prompt that says what to draw
_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")

MOST_SCENES, MOST_ELEMENTS, MOST_NAMES, MOST_QUOTES = 40, 80, 8, 3
LONGEST_KNOWN = 240  # of a name with its other names
LONGEST_DESCRIPTION, LONGEST_FEW_WORDS, LONGEST_NAME = 600, 80, 80


def schema(*, bounded: bool) -> Mapping[str, object]:
    """What a strict endpoint makes the model keep to; strict schemas want every key required and no other.

    Args:
        bounded: Whether lengths are said: without, a small model can loop until its tokens end. Endpoints that make a
            grammar of them take no 2,000 repetitions, and in all no 960 items; some know no bounds at all.
    """

    def text(longest: int) -> dict[str, object]:
        return {"type": "string", **({"maxLength": longest} if bounded else {})}

    def array(items: object, most: int) -> dict[str, object]:
        return {"type": "array", "items": items, **({"maxItems": most} if bounded else {})}

    def record(properties: dict[str, object]) -> dict[str, object]:
        required = list(properties)
        return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}

    number = {"type": "integer"}
    scene = record(
        {
            "first": number,
            "last": number,
            "begins": text(LONGEST_FEW_WORDS),
            "description": text(LONGEST_DESCRIPTION),
            "picture": text(LONGEST_DESCRIPTION),
            "mood": text(LONGEST_FEW_WORDS),
            "lighting": text(LONGEST_FEW_WORDS),
            "elements": array(text(LONGEST_NAME), MOST_NAMES),
        }
    )
    element = record(
        {
            "type": {"type": "string", "enum": ["character", "creature", "place", "item"]},
            "name": text(LONGEST_NAME),
            "aliases": array(text(LONGEST_NAME), MOST_NAMES),
            "description": text(LONGEST_DESCRIPTION),
            "sentences": array(number, MOST_QUOTES),
        }
    )
    return record({"scenes": array(scene, MOST_SCENES), "elements": array(element, MOST_ELEMENTS)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A stretch of a chapter that is asked about at once.

    Attributes:
        text: Its words as they are shown: each sentence with its number in the chapter before it.
        words: How many those are, without the numbers.
        scenes: How many are wanted from it.
    """

    text: str
    words: int
    scenes: int


def system_prompt(prompts: Prompts) -> str:
    """What the model is told before the chapter."""
    return _fill(prompts.system, profile=prompts.profile)


def chapter_prompt(
    prompts: Prompts,
    request: TextRequest,
    *,
    part: Part,
    invented: Sequence[SaidScene] = (),
    missing: Missing | None = None,
) -> str:
    """The user's message about a part of a chapter; all that comes from book or model stands inside a fence.

    The chapter comes first and is the same to the letter however it is asked about: endpoints take less for a prompt
    that begins as an earlier one did.

    Args:
        prompts: The texts.
        request: Whose book and chapter it is.
        part: What to read.
        invented: Scenes of an earlier answer whose passages are not in the chapter.
        missing: What an earlier answer left out, whose scenes were all from one part of the chapter.
    """
    title = " ".join(request.book_title.split())
    fenced = _fence(f"{title}\n{' '.join(request.chapter.title.split())}\n\n{part.text}")
    language = LANGUAGE.format(request.language) if _TAG.fullmatch(request.language) else ""
    if invented:
        said = _fence("\n".join(_told(scene) for scene in invented), name="QUOTES")
        asked = _fill(prompts.again, scenes=str(len(invented)), invented=said, fenced=fenced, language=language)
        return f"{asked}\n\n{FORM}"
    if missing is not None:
        places = " and ".join(f"{first} to {last}" for first, last in missing.spans)
        return f"{fenced}\n\n{ELSEWHERE.format(missing.scenes, places)}{language}\n\n{FORM}"
    asked = _fill(prompts.chapter, scenes=str(part.scenes), fenced=fenced, language=language)
    return f"{asked}{_known(request.names)}\n\n{FORM}"


def _told(scene: SaidScene) -> str:
    """How a model told a passage that is not there."""
    if scene.span is None:
        return scene.quote
    return f"{scene.span.first}-{scene.span.last} {scene.span.begins or scene.quote}"


def _known(names: Sequence[str]) -> str:
    """The names of other chapters: they are the book's or a model's words, so they stand inside a fence, too."""
    if not names:
        return ""
    lines = (" ".join(name.split())[:LONGEST_KNOWN] for name in names)
    return f"\n\n{KNOWN}\n\n{_fence(chr(10).join(lines), name='NAMES')}"


def parts_of(chapter: ChapterText, *, scenes: int, most_words: int) -> tuple[Part, ...]:
    """The chapter whole, or cut at paragraphs into overlapping parts of about so many words.

    Each part is asked for its share of the scenes, at least one: rather some too many, of which the best are taken.
    """
    numbered = Numbered(chapter.text)
    if chapter.words <= most_words:
        return (Part(text=numbered.marked(0, len(chapter.text)), words=chapter.words, scenes=scenes),)
    places = list(_cut(chapter, most_words=most_words))
    share = -(-scenes // len(places))
    return tuple(
        Part(text=numbered.marked(start, end), words=count_words(chapter.text[start:end]), scenes=share)
        for start, end in places
    )


def _cut(chapter: ChapterText, *, most_words: int) -> Iterator[tuple[int, int]]:
    """(start, end) of stretches of paragraphs in the chapter's text; each begins with the end of the one before."""
    lengths = [len(paragraph.text) + len(PARAGRAPH_BREAK) for paragraph in chapter.paragraphs]
    starts = [0, *accumulate(lengths)]
    counts = [count_words(paragraph.text) for paragraph in chapter.paragraphs]
    first = words = 0
    for index, count in enumerate(counts):
        if index > first and words + count > most_words:
            yield starts[first], starts[index] - len(PARAGRAPH_BREAK)
            first = _tail(counts[:index], most_words=min(OVERLAP_WORDS, most_words // 4))
            words = sum(counts[first:index])
        words += count
    yield starts[first], starts[-1] - len(PARAGRAPH_BREAK)


def _tail(counts: Sequence[int], *, most_words: int) -> int:
    """The index from which on the last paragraphs have at most so many words."""
    words = 0
    for index in range(len(counts) - 1, -1, -1):
        words += counts[index]
        if words > most_words:
            return index + 1
    return 0


def image_prompt(request: ImageRequest, *, prompts: Prompts, softened: bool = False) -> str:
    """What to draw: the scene, the looks of those present, the style; nobody by name.

    Args:
        request: The scene.
        prompts: The texts.
        softened: Whether the first prompt was refused: then without mood, and gently.
    """
    scene = request.scene
    mood = ". ".join(word for word in (scene.mood, scene.lighting) if word)
    labels = label_elements(request.elements)
    present = [element for element in request.elements if element.description][:MOST_LOOKS]
    looks = "\n".join(
        f"- {labels[element.name]}: {_nameless(element.description, request, labels)}" for element in present
    )
    named = ", ".join(labels.get(reference.name, reference.name) for reference in request.references)
    style = "; ".join(line.rstrip(". ") for line in request.style.splitlines() if line.strip())
    return _fill(
        prompts.softened if softened else prompts.image,
        style=STYLE.format(style) if style else DEFAULT_STYLE,
        description=_nameless(scene.picture or scene.description or scene.quote.text, request, labels),
        mood=f"Mood and light: {mood}." if mood else "",
        looks=(f"\nWho and what is in it, always drawn so:\n{looks}\n" if looks else "")
        + (ALIKE.format(named) if named else ""),
    )


def shorten_prompt(prompt: str, longest: int) -> str:
    """An image's prompt of at most so many characters; 0 for any length. The scene stays, what is told beside it goes.

    The paragraphs are, in the bundled texts, the style, the scene, the looks, the rules.
    """
    if not longest or len(prompt) <= longest:
        return prompt
    paragraphs = [" ".join(each.split()) for each in prompt.split("\n\n") if each.strip()]
    scene = next((each for each in paragraphs if each.startswith(SCENE)), prompt)
    kept = shorten(scene, longest)
    for each in reversed(paragraphs):  # the rules first: no letters, one picture
        if each != scene and len(kept) + len(each) + 2 <= longest:
            kept = f"{kept}\n\n{each}"
    return kept


def _nameless(text: str, request: ImageRequest, labels: Mapping[str, str]) -> str:
    return without_names(" ".join(text.split()), request.elements, labels)


def _fence(text: str, *, name: str = "BOOK") -> str:
    """The text between two lines with a mark that nobody can have written into it: it is made of all of the text."""
    mark = f"{name} {hashlib.sha256(text.encode()).hexdigest()[:MARK_DIGITS]}"
    return f"<<<{mark}\n{text}\n{mark}>>>"


def _fill(template: str, **values: str) -> str:
    return Template(template).safe_substitute(values).strip()
