"""Say what the pictures of books would show, by their words alone, without drawing: kinds, places, people, evidence."""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from imaginized.providers.api import TextRequest
from imaginized.providers.builtin.gate import mark_unreal
from imaginized.providers.builtin.lexicon import load_lexicon
from imaginized.providers.builtin.sentences import read_passage
from imaginized.providers.builtin.telling import tell
from imaginized.providers.builtin.thing_words import THINGS
from imaginized.providers.builtin.words import read_chapter
from imaginized.reading.book import read_book
from imaginized.story.elements import Element, Scene
from imaginized.story.staging import Staging, View
from imaginized.story.text import WORDS_PER_PAGE, ChapterText

PAGES_PER_IMAGE = 10


@dataclass(slots=True, kw_only=True)
class Tally:
    """What the scenes of one book would show.

    Attributes:
        views: How many of each kind of picture.
        placed: Scenes whose place is sure.
        sources: Where the sure places are known from.
        people: Figures over all scenes.
        idle: Figures that only stand.
        crowds: Scenes with a crowd.
        leaks: Things that are staged though every word of theirs in the passage is gated, as "chapter N: thing".
        stages: How often each pair of place and main deed comes back.
        bare: Chapters without a scene.
    """

    title: str
    scenes: int = 0
    words: int = 0
    seconds: float = 0.0
    views: Counter[str] = field(default_factory=Counter)
    placed: int = 0
    sources: Counter[str] = field(default_factory=Counter)
    people: int = 0
    idle: int = 0
    crowds: int = 0
    leaks: list[str] = field(default_factory=list)
    stages: Counter[str] = field(default_factory=Counter)
    bare: int = 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line a book; with -v every scene as it would be told. 1 where a word that does not happen is staged."""
    parser = argparse.ArgumentParser(prog="scripts/quality pictures", description="What pictures would show.")
    parser.add_argument("books", nargs="+", type=Path, help="books of any format")
    parser.add_argument("-v", "--verbose", action="store_true", help="tell every scene")
    chosen = parser.parse_args(arguments)
    print(
        f"{'book':26} scenes scene portr group object type  placed from passage/chapter/signs people idle crowd "
        "repeat leaks  words/s"
    )
    tallies = [tally_book(path, verbose=chosen.verbose) for path in chosen.books]
    for tally in tallies:
        print(_line(tally))
        for leak in tally.leaks:
            print(f"    {leak}")
    return int(any(tally.leaks for tally in tallies))


def tally_book(path: Path, *, verbose: bool) -> Tally:
    """Read a book as the analyze stage would at default settings, and count."""
    book = read_book(path, original_name=path.name)
    tally = Tally(title=book.title)
    for chapter in book.chapters:
        wanted = max(1, int(chapter.words / WORDS_PER_PAGE / PAGES_PER_IMAGE + 0.5))
        request = TextRequest(book_title=book.title, language=book.language, chapter=chapter, scenes=wanted)
        start = time.process_time()
        reply = read_chapter(request)
        tally.seconds += time.process_time() - start
        tally.words += chapter.words
        tally.bare += not reply.scenes
        for scene in reply.scenes:
            if scene.staging is not None:
                _count(tally, scene, scene.staging)
                tally.leaks += [f"chapter {scene.chapter}: {thing}" for thing in find_leaks(chapter, scene)]
            if verbose:
                print(_told(scene, reply.elements))
    return tally


def _count(tally: Tally, scene: Scene, staging: Staging) -> None:
    tally.scenes += 1
    tally.views[staging.view] += 1
    if staging.is_placed:
        tally.placed += 1
        tally.sources[staging.source] += 1
    tally.people += len(staging.figures)
    tally.idle += sum(figure.deed == "stand" for figure in staging.figures)
    tally.crowds += staging.crowd
    deed = staging.figures[0].deed if staging.figures else ""
    place = staging.setting if staging.view is View.SCENE else staging.view
    tally.stages[f"{place}, {deed}"] += 1
    assert staging.evidence or not staging.setting, scene


def find_leaks(chapter: ChapterText, scene: Scene) -> Iterator[str]:
    """Things that a scene stages though every word for them in its passage is gated."""
    passage = read_passage(chapter, lexicon=load_lexicon())
    unreal = mark_unreal(passage)
    first, last = scene.quote.start, scene.quote.start + len(scene.quote.text)
    real = {
        THINGS[token.base]
        for at, token in enumerate(passage.tokens)
        if first <= token.start < last and not unreal[at] and token.base in THINGS
    }
    for thing in scene.staging.things if scene.staging is not None else ():
        if thing not in real:
            yield str(thing)


def _told(scene: Scene, elements: tuple[Element, ...]) -> str:
    staging = scene.staging
    if staging is None:
        return f"{scene.chapter}.{scene.number} not staged"
    place = f"{staging.setting or '?'} {staging.confidence:.2f} “{staging.evidence}”"
    quote = " ".join(scene.quote.text.split())[:160]
    return f"{scene.chapter}.{scene.number} [{staging.view}] {tell(staging, elements)}\n     {place} | {quote}…"


def _line(tally: Tally) -> str:
    most = max(tally.scenes, 1)
    shares = " ".join(
        f"{tally.views[view] / most:6.0%}"
        for view in (View.SCENE, View.PORTRAIT, View.GROUP, View.OBJECT, View.TYPOGRAPHIC)
    )
    sources = "/".join(str(tally.sources[source]) for source in ("passage", "chapter", "signs"))
    repeat = max(tally.stages.values(), default=0) / most
    speed = tally.words / max(tally.seconds, 1e-9)
    return (
        f"{tally.title[:26]:26} {tally.scenes:6} {shares} {tally.placed / most:6.0%} {sources:>12} "
        f"{tally.people / most:6.1f} {tally.idle / max(tally.people, 1):5.0%} {tally.crowds:5} {repeat:6.0%} "
        f"{len(tally.leaks):5} {speed:8.0f}" + (f"  {tally.bare} chapters without a scene" if tally.bare else "")
    )


if __name__ == "__main__":
    sys.exit(main())
