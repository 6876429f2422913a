"""Measure and show the pictures of a book: what is drawn, how often it repeats, and a sheet of all plates to judge."""

import argparse
import multiprocessing
import time
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from imaginized.guide.sheets import parse_style, style_md
from imaginized.providers.api import ImageRequest, TextRequest
from imaginized.providers.builtin.plates.canvas import tile
from imaginized.providers.builtin.plates.compose import compose_plate
from imaginized.providers.builtin.styling import guess_style
from imaginized.providers.builtin.words import read_chapter
from imaginized.reading.book import read_book
from imaginized.story.elements import Element, Scene, is_present
from imaginized.story.looking import as_of
from imaginized.story.merging import merge_elements

MOST_OF_ONE = 0.08  # of the plates of a book that may have one composition
FEWEST = 25  # plates from which such a share says anything


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """One plate of a book as it was drawn."""

    chapter: int
    number: int
    composition: str
    frame: str
    seen: str
    alt: str
    drawn: int
    present: int
    seconds: float
    quote: str
    data: bytes


def main() -> int:
    """Draw a book and print its measures; 1 where a composition repeats too often."""
    parser = argparse.ArgumentParser(prog="scripts/quality plates", description="Measure the pictures of books.")
    parser.add_argument("books", nargs="+", type=Path, help="books to draw")
    parser.add_argument("--scenes", type=int, default=2, help="scenes a chapter (2)")
    parser.add_argument("--most", type=int, default=60, help="plates a book, spread over its chapters (60)")
    parser.add_argument("--sheets", type=Path, help="write a contact sheet of each book into this folder")
    parser.add_argument("-v", "--verbose", action="store_true", help="print every plate with its passage")
    arguments = parser.parse_args()
    worst = 0.0
    for path in arguments.books:
        requests = requests_of(path, scenes=arguments.scenes, most=arguments.most)
        with multiprocessing.get_context("fork").Pool(2) as pool:
            plates = pool.map(draw, requests, chunksize=4)
        worst = max(worst, report(path.stem, plates, verbose=arguments.verbose))
        if arguments.sheets:
            arguments.sheets.mkdir(parents=True, exist_ok=True)
            sheet = tile([plate.data for plate in plates], columns=6, width=320)
            (arguments.sheets / f"{path.stem}.png").write_bytes(sheet)
    return int(worst > MOST_OF_ONE)


def requests_of(path: Path, *, scenes: int, most: int) -> list[ImageRequest]:
    """What the illustrate stage would ask for a book, at most so many."""
    book = read_book(path, original_name=path.name)
    replies = [
        read_chapter(
            TextRequest(
                book_title=book.title,
                language=book.language,
                chapter=chapter,
                scenes=scenes,
                scenes_before=scenes * before,
            )
        )
        for before, chapter in enumerate(book.chapters)
    ]
    elements = merge_elements([reply.elements for reply in replies])
    guess = guess_style((chapter.text for chapter in book.chapters), language=book.language)
    style = parse_style(style_md(guess, title=book.title))
    asked = [
        replace(_request(book.title, chapter.title, scene, elements), style=style)
        for chapter, reply in zip(book.chapters, replies, strict=True)
        for scene in reply.scenes
    ]
    step = max(len(asked) / most, 1.0)
    return [asked[int(index * step)] for index in range(min(most, len(asked)))]


def _request(book: str, chapter: str, scene: Scene, elements: tuple[Element, ...]) -> ImageRequest:
    present = tuple(as_of(each, chapter=scene.chapter) for each in elements if is_present(each, scene=scene))
    return ImageRequest(book_title=book, chapter_title=chapter, scene=scene, elements=present)


def draw(request: ImageRequest) -> Plate:
    """Draw one plate and keep what it shows."""
    started = time.process_time()
    data, drawn = compose_plate(request)
    staging = request.scene.staging
    return Plate(
        chapter=request.scene.chapter,
        number=request.scene.number,
        composition=drawn.composition,
        frame=drawn.frame,
        seen=drawn.seen,
        alt=drawn.alt,
        drawn=drawn.people,
        present=sum(figure.count for figure in staging.figures) if staging else 0,
        seconds=time.process_time() - started,
        quote=" ".join(request.scene.quote.text.split()),
        data=data,
    )


def report(title: str, plates: list[Plate], *, verbose: bool) -> float:
    """Print the measures of a book; return the share of what a reader takes for its most frequent composition."""
    if not plates:
        print(f"{title}: no plates")
        return 0.0
    compositions = Counter(plate.seen for plate in plates)
    views = Counter(plate.composition.partition("/")[0] for plate in plates)
    twins = sum(one.frame == two.frame for one, two in pairwise(plates))
    same = sum(plate.drawn == plate.present or plate.composition.startswith(("object", "typo")) for plate in plates)
    name, most = compositions.most_common(1)[0]
    print(f"{title}: {len(plates)} plates, {sum(plate.seconds for plate in plates) / len(plates):.3f} s of CPU each")
    print(f"  views: {', '.join(f'{view} {count / len(plates):.0%}' for view, count in views.most_common())}")
    print(f"  compositions: {len(compositions)}, most {name} {most / len(plates):.0%}, neighbours alike {twins}")
    print(f"  figures drawn = figures told: {same / len(plates):.0%}")
    if verbose:
        for plate in plates:
            print(f"  {plate.chapter}.{plate.number} [{plate.seen}] {plate.alt}\n      {plate.quote[:400]}")
    return most / len(plates) if len(plates) >= FEWEST else 0.0


if __name__ == "__main__":
    raise SystemExit(main())
