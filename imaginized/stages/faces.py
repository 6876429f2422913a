"""The portraits on the cards of the guide: drawn from words as the plates are, and anew only for other looks."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from imaginized.guide.dating import first_chapter, owner_by_name, undated
from imaginized.guide.model import Guide
from imaginized.providers.api import ImageRequest
from imaginized.providers.builtin.known import know
from imaginized.providers.builtin.plates.miniature import METHOD, draw_miniature
from imaginized.stages.sheets import read_guidance
from imaginized.store.files import BookFiles
from imaginized.store.records import dump
from imaginized.story.elements import Element, ElementType
from imaginized.story.looking import as_of
from imaginized.story.staging import Being, Figure, Sex

MOST_FACES = 30  # 20 ms each, once
Files = dict[Path, bytes | Path | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sitter:
    """Who is to be seen, as the first chapter with this person tells of them."""

    element: Element
    figure: Figure
    title: str
    style: str

    @property
    def digest(self) -> str:
        """Another for what would be drawn otherwise."""
        seen = (METHOD, self.title, self.style, self.element.name, self.element.aliases, self.element.description)
        return sha256(dump((seen, self.figure))).hexdigest()[:16]

    def draw(self) -> bytes | None:
        """A small JPEG; None for who is no person."""
        return draw_miniature(self.element, figure=self.figure, book_title=self.title, style=self.style)


def with_faces(guide: Guide, *, files: BookFiles) -> tuple[Guide, Files]:
    """The guide with portraits of its main characters, and the files to write and to remove.

    Beside a model's pictures only a person's own are shown: ours would show somebody else.
    """
    known = list(guide.known or map(undated, guide.elements))
    made: Files = {}
    kept: set[Path] = set()
    for at, own, sitter in _sitters(guide, files=files):
        path = own or files.guide(f"images/face_{sitter.digest}.jpg")
        if own is None and guide.image_method and guide.image_by_model:
            continue
        if own is None and not path.is_file():
            data = sitter.draw()
            if data is None:
                continue
            made[path] = data
        kept.add(path)
        known[at] = replace(known[at], face=str(path.relative_to(files.root)))
    stale = set(files.guide("images").glob("face_*.jpg")) - kept
    return replace(guide, known=tuple(known)), {**made, **dict.fromkeys(sorted(stale))}


def _sitters(guide: Guide, *, files: BookFiles) -> Iterator[tuple[int, Path | None, _Sitter]]:
    """The main characters by their place: a person's own picture of each, if there is one, and how we would draw it."""
    people = [at for at, element in enumerate(guide.elements) if element.type is ElementType.CHARACTER][:MOST_FACES]
    scene = next((plate.scene for plate in guide.illustrations), None)
    if scene is None or not people:
        return
    guidance, figures = read_guidance(files, elements=guide.elements, scenes=()), _figures(guide)
    for at in people:
        element = guide.elements[at]
        element = as_of(element, chapter=first_chapter(element))
        plain = ImageRequest(book_title=guide.title, chapter_title="", scene=scene, elements=(element,))
        request = guidance.apply(plain)
        own = next((Path(each.path) for each in request.references if each.sha256), None)
        figure = figures.get(at) or Figure(name=element.name)
        if figure.sex is Sex.UNKNOWN:
            figure = replace(figure, sex=sex_of(guide.elements[at]))
        if own is None and figure.sex is Sex.UNKNOWN:
            continue  # half of the faces would be wrong
        yield at, own, _Sitter(element=request.elements[0], figure=figure, title=guide.title, style=request.style)


def sex_of(element: Element) -> Sex:
    """The sex by name, title and all that the book says of somebody who stands in no picture."""
    said = (*element.quotes, *(look.quote for look in element.looks if look.quote is not None))
    return know(replace(element, quotes=tuple({quote.text: quote for quote in said}.values()))).sex


def _figures(guide: Guide) -> dict[int, Figure]:
    """What the first passage that shows somebody says of sex and age, by the place of the element."""
    names = owner_by_name(guide.elements)
    found: dict[int, Figure] = {}
    for figure in _all_figures(guide):
        if figure.name in names and figure.being is Being.PERSON:
            plain = Figure(name=figure.name, noun=figure.noun, sex=figure.sex, age=figure.age)
            found.setdefault(names[figure.name], plain)
    return found


def _all_figures(guide: Guide) -> Iterator[Figure]:
    for plate in guide.illustrations:
        if plate.scene.staging is not None:
            yield from plate.scene.staging.figures
