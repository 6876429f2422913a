"""Check the prompts of books: form, fences, numbers, language, names and looks. Sends nothing, needs no key."""

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from imaginized.errors import ImaginizedError
from imaginized.providers.api import ImageRequest, TextRequest
from imaginized.providers.builtin.words import read_chapter
from imaginized.providers.openai.numbered import Numbered, without_numbers
from imaginized.providers.openai.prompt_texts import Prompts, load_prompts
from imaginized.providers.openai.prompting import FORM, chapter_prompt, image_prompt, parts_of, system_prompt
from imaginized.providers.openai.said import SaidScene, SaidSpan
from imaginized.reading.book import read_book
from imaginized.story.elements import Element, ElementType, Scene, is_present
from imaginized.story.merging import merge_elements
from imaginized.story.text import BookText, ChapterText

PART_WORDS = 12_000
SCENES = 3
LONGEST_IMAGE_PROMPT = 4_000  # characters; the shortest bound of the models in common use
CHARACTERS_A_TOKEN = 4
ALIVE = (ElementType.CHARACTER, ElementType.CREATURE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Linted:
    """What was found in one book's prompts.

    Attributes:
        tokens: About so many in all text prompts.
        problems: Each as "chapter N: what".
    """

    title: str
    texts: int
    images: int
    tokens: int
    problems: tuple[str, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line a book and what is wrong with its prompts. 1 where anything is."""
    parser = argparse.ArgumentParser(prog="scripts/promptlint", description=__doc__)
    parser.add_argument("books", nargs="+", type=Path, help="books of any format")
    parser.add_argument("--prompts", type=Path, help="folder with prompts of your own, as openai.prompts names it")
    parser.add_argument("--profile", default="general", help="as guide.profile")
    parser.add_argument("-v", "--verbose", action="store_true", help="show one text and one image prompt of each book")
    chosen = parser.parse_args(arguments)
    try:
        prompts = load_prompts(chosen.prompts, profile=chosen.profile)
        books = [lint_book(path, prompts, verbose=chosen.verbose) for path in chosen.books]
    except ImaginizedError as error:
        print(f"scripts/promptlint: {error}", file=sys.stderr)
        return 2
    for book in books:
        print(
            f"{book.title}: {book.texts} text prompts of about {book.tokens} tokens, {book.images} image prompts, "
            f"{len(book.problems)} problems"
        )
        for problem in book.problems:
            print(f"    {problem}")
    return int(any(book.problems for book in books))


def lint_book(path: Path, prompts: Prompts, *, verbose: bool) -> Linted:
    """Make every prompt that a book would be asked by, with scenes and looks from its words, and check each."""
    book = read_book(path, original_name=path.name)
    requests = [
        TextRequest(book_title=book.title, language=book.language, chapter=chapter, scenes=SCENES)
        for chapter in book.chapters
    ]
    replies = [read_chapter(request) for request in requests]
    cast = merge_elements([reply.elements for reply in replies])
    texts = [(request, text) for request in requests for text in _texts(prompts, request)]
    asked = [
        _image(request, book, scene, cast)
        for request, reply in zip(requests, replies, strict=True)
        for scene in reply.scenes
    ]
    images = [(each, image_prompt(each, prompts=prompts)) for each in asked]
    problems = [f"system: {problem}" for problem in _in_system(prompts)]
    for request in requests:
        problems += [f"chapter {request.chapter.number}: {each}" for each in _in_text(prompts, request)]
    for image, prompt in images:
        problems += [f"chapter {image.scene.chapter}, image: {each}" for each in _in_image(prompt, image.elements)]
    if verbose and texts:
        print(system_prompt(prompts), texts[0][1][:2000], *(prompt for _, prompt in images[:1]), sep="\n\n----\n\n")
    length = sum(len(text) + len(system_prompt(prompts)) for _, text in texts)
    return Linted(
        title=book.title,
        texts=len(texts),
        images=len(images),
        tokens=length // CHARACTERS_A_TOKEN,
        problems=tuple(problems),
    )


def _texts(prompts: Prompts, request: TextRequest) -> list[str]:
    parts = parts_of(request.chapter, scenes=request.scenes, most_words=PART_WORDS)
    return [chapter_prompt(prompts, request, part=part) for part in parts]


def _image(request: TextRequest, book: BookText, scene: Scene, cast: Sequence[Element]) -> ImageRequest:
    present = tuple(each for each in cast if is_present(each, scene=scene))
    return ImageRequest(
        book_title=book.title,
        chapter_title=request.chapter.title,
        scene=scene,
        elements=present,
    )


def _in_system(prompts: Prompts) -> Iterator[str]:
    told = system_prompt(prompts)
    if "$" in told:
        yield "a name that begins with $ was not filled in"
    for word in ('"first"', '"last"', '"begins"', '"picture"', '"elements"'):
        if word not in told:
            yield f"does not ask for {word}"
    if not re.search(r'"first":\s*\d+', told):
        yield "shows no filled example"
    if not prompts.profile.strip():
        yield "says nothing of the kind of book"


def _in_text(prompts: Prompts, request: TextRequest) -> Iterator[str]:
    chapter = request.chapter
    numbers: set[int] = set()
    for part in parts_of(chapter, scenes=request.scenes, most_words=PART_WORDS):
        prompt = chapter_prompt(prompts, request, part=part)
        again = chapter_prompt(prompts, request, part=part, invented=(_no_scene(),))
        fenced, closed, question = prompt.partition(">>>")
        if not fenced.startswith("<<<BOOK ") or not closed:
            yield "does not begin with the chapter"
            continue
        if again.partition(">>>")[0] != fenced:
            yield "begins otherwise when it is asked again: no prompt cache helps"
        if not question.rstrip().endswith(FORM):
            yield "does not end with the form of the answer"
        if request.language and f"tag {request.language}" not in question and request.language.isascii():
            yield f"does not tell the language {request.language}"
        if any(words in question for words in _long_words(chapter)):
            yield "has words of the book outside the fence"
        if without_numbers(part.text, chapter.text) not in chapter.text:
            yield "is not the chapter's own text"
        numbers |= {int(number) for number in re.findall(r"[\[{](\d+)[\]}] ", part.text)}
    missing = set(range(1, len(Numbered(chapter.text).spans) + 1)) - numbers
    if missing:
        yield f"{len(missing)} sentences have no number"


def _no_scene() -> SaidScene:
    return SaidScene(span=SaidSpan(first=0, last=0, begins="nothing"), description="")


def _long_words(chapter: ChapterText) -> Iterator[str]:
    """Some passages by which the book's own words are known."""
    return (paragraph.text[:60] for paragraph in chapter.paragraphs[:20] if len(paragraph.text) > 60)


def _in_image(prompt: str, present: Sequence[Element]) -> Iterator[str]:
    if len(prompt) > LONGEST_IMAGE_PROMPT:
        yield f"has {len(prompt)} characters, more than {LONGEST_IMAGE_PROMPT}"
    if "$" in prompt:
        yield "has a name that was not filled in"
    alive = [element.name for element in present if element.type in ALIVE and not element.name[0].islower()]
    named = sorted({name for name in alive if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", prompt)})
    if named:
        yield f"names {', '.join(named[:3])}: a drawing model knows them as somebody else, or as nobody"
    if "No text" not in prompt and "no text" not in prompt:
        yield "does not forbid letters"


if __name__ == "__main__":
    sys.exit(main())
