"""Whatever file of a finished book is deleted: it is made again by the next retry, or named with what to do."""

import json
import os
import random
import shutil
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import pytest

from imaginized.clock import SystemClock
from imaginized.errors import ManifestCorrupt
from imaginized.process.channel import channel_pair
from imaginized.queue.manifest import Manifest
from imaginized.queue.plan import Phase, phase
from imaginized.queue.redoing import retry
from imaginized.reasons import Code
from imaginized.store.library import Library
from imaginized.work.task import perform
from imaginized.work.worker import claim_next
from tests.support.crash_steps import Place, live, prepare, tree, workshop
from tests.support.epubs import make_epub

PAIRS = int(os.environ.get("LOST_PAIRS", "60"))  # CI asks for 500
PAIRS_AT_ONCE = 20
MOST_TASKS = 60
ORIGINAL = "source.epub"
MANIFEST = ".imaginize.manifest.json"
# What a person asked for, and the provider's own words, kept so that they are not paid twice: we cannot say them again.
NOT_OURS = ("request.json",)
REPLIES = "/data/replies/"


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A library with one finished book."""
    folder = tmp_path_factory.mktemp("finished")
    place = prepare(folder / "place", book=make_epub(folder / "book.epub", chapters=3, paragraphs=2))
    live(place)
    return place


def copied(place: Place, root: Path) -> Place:
    shutil.copytree(place.root, root)
    return Place(root=root)


def test_nothing_but_what_is_lost_is_made_again(finished: Place, tmp_path: Path) -> None:
    """A lost picture is drawn again; its chapter is not read again, which may cost money."""
    place = copied(finished, tmp_path / "place")
    (folder,) = (each for each in place.library.iterdir() if each.is_dir())
    log = folder / "data" / "events.jsonl"
    before = len(log.read_text().splitlines())
    next((folder / "images").glob("chapter_2_*")).unlink()

    manifest = mended(place)

    events = [json.loads(line) for line in log.read_text().splitlines()[before:]]
    claims = [(each["chapter"], each["stage"]) for each in events if each["event"] == "chapter_claimed"]
    assert claims == [(2, "illustrate")]
    assert manifest.chapters[2].analyzed_at is not None


def files_of(place: Place) -> list[str]:
    return [name for name in tree(place) if name.startswith("library/") and "/." not in name.removeprefix("library/.")]


def mended(place: Place) -> Manifest:
    """The book after a person's `retry` and all the work that comes of it."""
    library = Library(place.library, clock=SystemClock())
    (book,) = library.books()
    library.update(book, retry)
    ours, theirs = channel_pair()
    with ours, theirs:
        shop = workshop(place.settings(), library, end=theirs)
        for held in islice(iter(lambda: claim_next(shop), None), MOST_TASKS):
            perform(shop, held)
    return library.read(book)


def problem_with(place: Place, names: Sequence[str], *, expected: dict[str, str]) -> str:
    """What is not as it was before these files were deleted; "" where all is, or what is not is named."""
    for name in names:
        (place.root / name).unlink(missing_ok=True)
    manifest = mended(place)
    reasons = " ".join(entry.error or "" for _, entry in manifest.entries())
    if phase(manifest) is not Phase.DONE:
        source = next(name for name in expected if name.endswith(ORIGINAL))
        is_named = source in names and str(place.root / source) in reasons
        return "" if is_named else f"{phase(manifest)}: {reasons}"
    found = tree(place)
    gone = [name for name in expected if found.get(name) != expected[name]]
    return ", ".join(name for name in gone if REPLIES not in name and not name.endswith((ORIGINAL, *NOT_OURS)))


def test_each_file_that_is_deleted_is_made_again(finished: Place, tmp_path: Path) -> None:
    """One by one, but for the manifest, whose loss makes a folder no book, and the original, which we cannot make."""
    expected = tree(finished)
    names = [name for name in files_of(finished) if not name.endswith(MANIFEST)]
    problems = {
        name: problem
        for number, name in enumerate(names)
        if (problem := problem_with(copied(finished, tmp_path / str(number)), [name], expected=expected))
    }

    assert len(names) > 20
    assert problems == {}


@pytest.mark.parametrize("seed", range(PAIRS // PAIRS_AT_ONCE))
def test_pairs_of_files_that_are_deleted_are_made_again(finished: Place, tmp_path: Path, seed: int) -> None:
    """Two at a time, at random: what one was made from may be the other."""
    expected = tree(finished)
    names = [name for name in files_of(finished) if not name.endswith(MANIFEST)]
    choose = random.Random(seed)
    problems = {}
    for number in range(PAIRS_AT_ONCE):
        pair = choose.sample(names, 2)
        place = copied(finished, tmp_path / str(number))
        if problem := problem_with(place, pair, expected=expected):
            problems[tuple(pair)] = problem
        shutil.rmtree(place.root)

    assert problems == {}


def test_a_data_file_that_cannot_be_read_is_named_with_what_works(finished: Place, tmp_path: Path) -> None:
    """Cut short or changed by hand, it fails its book again and again; what the reason says to type mends it."""
    expected, problems, named = tree(finished), {}, 0
    wanted = [
        name for name in files_of(finished) if name.endswith(".json") and "/data/" in name and REPLIES not in name
    ]
    for number, name in enumerate(wanted):
        place = copied(finished, tmp_path / str(number))
        path = place.root / name
        path.write_bytes(path.read_bytes()[:-20])
        manifest = mended(place)
        if phase(manifest) is not Phase.DONE:
            named += 1
            (reason,) = (entry.reason for _, entry in manifest.entries() if entry.reason is not None)
            assert reason.code is Code.RECORD_UNREADABLE
            assert f"`rm {path}` and `imaginizectl retry {manifest.book_id}`" in reason.advice
            path.unlink()
            manifest = mended(place)
        found = tree(place)
        if phase(manifest) is not Phase.DONE or any(found.get(one) != expected[one] for one in expected):
            problems[name] = phase(manifest)

    assert problems == {}
    assert named > 4


@pytest.mark.parametrize("gone", [("2",), ("1", "3"), ("1", "2", "3")])
def test_chapters_that_vanish_from_a_manifest_come_back(finished: Place, tmp_path: Path, gone: Sequence[str]) -> None:
    """Another program took them out, or wrote the file anew without them: the book's own record has them."""
    expected, place = tree(finished), copied(finished, tmp_path / "place")
    (path,) = place.library.glob(f"*/{MANIFEST}")
    book = json.loads(path.read_bytes())
    for number in gone:
        del book["chapters"][number]
    path.write_text(json.dumps(book))

    manifest = mended(place)

    assert phase(manifest) is Phase.DONE
    assert sorted(manifest.chapters) == [1, 2, 3]
    found = tree(place)
    assert [name for name in expected if found.get(name) != expected[name]] == []


def test_a_folder_without_its_manifest_is_named(finished: Place, tmp_path: Path) -> None:
    """It is no book any more; its original is told, so that a person can add it again."""
    place = copied(finished, tmp_path / "place")
    (manifest,) = place.library.glob(f"*/{MANIFEST}")
    manifest.unlink()
    library = Library(place.library, clock=SystemClock())

    assert library.books() == []
    assert [path.name for path in library.orphans()] == [ORIGINAL]


def test_a_folder_without_manifest_and_original_is_named(finished: Place, tmp_path: Path) -> None:
    """What was made of the book is still there: it does not vanish from `status` without a word."""
    place = copied(finished, tmp_path / "place")
    for path in [*place.library.glob(f"*/{MANIFEST}"), *place.library.glob("*/source.*")]:
        path.unlink()
    library = Library(place.library, clock=SystemClock())

    assert library.books() == []
    (original,) = library.orphans()
    assert not original.exists()
    assert original.parent.is_dir()


def test_a_manifest_that_cannot_be_read_is_no_orphan(finished: Place, tmp_path: Path) -> None:
    """It is set aside with its reason, as before."""
    place = copied(finished, tmp_path / "place")
    (manifest,) = place.library.glob(f"*/{MANIFEST}")
    manifest.write_text("{")
    library = Library(place.library, clock=SystemClock())
    (book,) = library.books()

    assert library.orphans() == []
    with pytest.raises(ManifestCorrupt):
        library.read(book)
