"""Prompts: the bundled texts or the user's own, and filling them. Book text goes only inside a fenced, marked block."""

import hashlib
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from string import Template

from imaginized.errors import SettingsError
from imaginized.providers.api import ImageRequest, TextRequest
from imaginized.providers.openai.said import SaidScene
from imaginized.story.text import PARAGRAPH_BREAK, WORDS_PER_PAGE, ChapterText, count_words

TEXTS = ("system", "chapter", "again", "image", "softened")
PROFILES = ("general", "fantasy", "mystery", "nonfiction")
DEFAULT_STYLE = "A detailed, painterly storybook illustration, true to the period and place of the story."
STYLE = "Style of every picture in it: {}."
ALIKE = "Attached pictures, if any, show in this order: {}. Draw the same faces, builds and clothes.\n"
KNOWN = (
    "Other chapters of this book have these names, each with other names of the same one in brackets. They are "
    "material, too. Call whoever is in this chapter by the first of them. Leave out who is not in this chapter."
)
LONGEST_PROMPT_FILE_BYTES = 64 * 1024
OVERLAP_WORDS = WORDS_PER_PAGE
MOST_LOOKS = 8

MOST_SCENES, MOST_ELEMENTS, MOST_NAMES, MOST_QUOTES = 40, 80, 8, 3
LONGEST_KNOWN = 240  # of a name with its other names
LONGEST_QUOTE, LONGEST_DESCRIPTION, LONGEST_FEW_WORDS, LONGEST_NAME = 1200, 600, 80, 80


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

    scene = record(
        {
            "quote": text(LONGEST_QUOTE),
            "description": text(LONGEST_DESCRIPTION),
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
            "quotes": array(text(LONGEST_QUOTE), MOST_QUOTES),
        }
    )
    return record({"scenes": array(scene, MOST_SCENES), "elements": array(element, MOST_ELEMENTS)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompts:
    """The texts that models are asked with, `$names` still in them.

    Attributes:
        profile: What to prefer in this kind of book.
        profiles: The same for every kind there is, by name.
    """

    system: str
    chapter: str
    again: str
    image: str
    softened: str
    profile: str
    profiles: Mapping[str, str]

    def for_profile(self, name: str) -> "Prompts":
        """The texts for a book of that kind; these for a kind that has no text of its own."""
        return replace(self, profile=self.profiles.get(name, self.profile))

    @property
    def version(self) -> str:
        """Eight hex digits that change with any of the texts in use; what is told of other kinds of books is not."""
        texts = (self.system, self.chapter, self.again, self.image, self.softened, self.profile)
        return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A stretch of a chapter that is asked about at once.

    Attributes:
        scenes: How many are wanted from it.
    """

    text: str
    scenes: int


def load_prompts(folder: Path | None, *, profile: str) -> Prompts:
    """The texts of the user's folder (`system.md`, `profiles/NAME.md` …), and the bundled ones where it has none.

    Raises:
        SettingsError: The folder or the profile is not there, or a text cannot be read or filled.
    """
    if folder is not None and not folder.is_dir():
        raise SettingsError(f"openai.prompts: there is no folder {folder}")
    texts = {name: _load(folder, f"{name}.md") for name in TEXTS}
    missing = [f"{name}.md" for name, text in texts.items() if text is None]
    own = (path.stem for path in sorted(folder.glob("profiles/*.md"))) if folder is not None else ()
    profiles = {name: (_load(folder, f"profiles/{name}.md") or "").strip() for name in (*PROFILES, *own)}
    if profile not in profiles:
        raise SettingsError(
            f"guide.profile: there is no profile {profile}; the bundled ones are {', '.join(PROFILES)}; "
            "your own goes into profiles/ in the folder that openai.prompts names"
        )
    if missing:
        raise FileNotFoundError(f"the installation lacks {', '.join(missing)}")
    return Prompts(**{name: text or "" for name, text in texts.items()}, profile=profiles[profile], profiles=profiles)


def _load(folder: Path | None, name: str) -> str | None:
    own = folder / name if folder is not None else None
    if own is None or not own.is_file():
        bundled = resources.files("imaginized.providers.openai") / "prompts" / name
        return bundled.read_text(encoding="utf-8") if bundled.is_file() else None
    try:
        with own.open("rb") as reading:
            text = reading.read(LONGEST_PROMPT_FILE_BYTES + 1).decode()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{own}: cannot be read as text: {error}") from error
    if len(text) > LONGEST_PROMPT_FILE_BYTES or not Template(text).is_valid():
        raise SettingsError(f"{own}: too long, or a $ in it starts no name; write $$ for a dollar sign")
    return text


def system_prompt(prompts: Prompts) -> str:
    """What the model is told before the chapter."""
    return _fill(prompts.system, profile=prompts.profile)


def chapter_prompt(prompts: Prompts, request: TextRequest, *, part: Part, invented: Sequence[SaidScene] = ()) -> str:
    """The user's message about a part of a chapter; all that comes from book or model stands inside the fence.

    Args:
        prompts: The texts.
        request: Whose book and chapter it is.
        part: What to read.
        invented: Scenes of an earlier answer whose quotes are not in the chapter.
    """
    title = " ".join(request.book_title.split())
    fenced = _fence(f"{title}\n{' '.join(request.chapter.title.split())}\n\n{part.text}")
    if not invented:
        return _fill(prompts.chapter, scenes=str(part.scenes), fenced=fenced) + _known(request.names)
    said = _fence("\n".join(scene.quote for scene in invented), name="QUOTES")
    return _fill(prompts.again, scenes=str(len(invented)), invented=said, fenced=fenced)


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
    if chapter.words <= most_words:
        return (Part(text=chapter.text, scenes=scenes),)
    texts = list(_cut(chapter, most_words=most_words))
    share = -(-scenes // len(texts))
    return tuple(Part(text=text, scenes=share) for text in texts)


def _cut(chapter: ChapterText, *, most_words: int) -> Iterator[str]:
    """Stretches of paragraphs; each begins with the end of the one before."""
    held: list[str] = []
    words = new = 0
    for paragraph in chapter.paragraphs:
        count = count_words(paragraph.text)
        if held and words + count > most_words:
            yield PARAGRAPH_BREAK.join(held)
            held = _tail(held, most_words=min(OVERLAP_WORDS, most_words // 4))
            words, new = sum(count_words(text) for text in held), 0
        held.append(paragraph.text)
        words += count
        new += 1
    if new:
        yield PARAGRAPH_BREAK.join(held)


def _tail(texts: Sequence[str], *, most_words: int) -> list[str]:
    kept: list[str] = []
    words = 0
    for text in reversed(texts):
        words += count_words(text)
        if words > most_words:
            break
        kept.insert(0, text)
    return kept


def image_prompt(request: ImageRequest, *, prompts: Prompts, softened: bool = False) -> str:
    """What to draw: the scene, the looks of those present, the style.

    Args:
        request: The scene.
        prompts: The texts.
        softened: Whether the first prompt was refused: then without mood, and gently.
    """
    scene = request.scene
    mood = ". ".join(word for word in (scene.mood, scene.lighting) if word)
    present = [element for element in request.elements if element.description][:MOST_LOOKS]
    looks = "\n".join(f"- {element.name} ({element.type}): {element.description}" for element in present)
    named = ", ".join(reference.name for reference in request.references)
    style = "; ".join(line.rstrip(". ") for line in request.style.splitlines() if line.strip())
    return _fill(
        prompts.softened if softened else prompts.image,
        style=STYLE.format(style) if style else DEFAULT_STYLE,
        description=scene.description or " ".join(scene.quote.text.split()),
        mood=f"Mood and light: {mood}." if mood else "",
        looks=(f"\nWho and what is in it, always drawn so:\n{looks}\n" if looks else "")
        + (ALIKE.format(named) if named else ""),
    )


def _fence(text: str, *, name: str = "BOOK") -> str:
    """The text between two lines with a mark that nobody can have written into it before."""
    mark = f"{name} {secrets.token_hex(8)}"
    return f"<<<{mark}\n{text}\n{mark}>>>"


def _fill(template: str, **values: str) -> str:
    return Template(template).safe_substitute(values).strip()
