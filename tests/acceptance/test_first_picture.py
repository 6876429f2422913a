"""The first pictures of a book, through the real daemon: drawn before the book is read whole, each paid once."""

import os
import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from imaginized.providers.scripted import Fault, Script, ScriptedServer, scripted
from imaginized.queue.codec import decode
from imaginized.stages.records import IllustrationRecord
from imaginized.store.files import MANIFEST, BookFiles
from imaginized.store.records import load
from tests.acceptance.test_openai_daemon import KEY, running
from tests.support.daemons import Daemon, daemon_in
from tests.support.epubs import build_epub, contents, page
from tests.support.replaying import contradictions

CHAPTERS = 4


def book_in(folder: Path) -> Path:
    """A book whose people nobody can take for others, two pictures a chapter."""
    pages = {}
    for chapter in range(1, CHAPTERS + 1):
        told = "".join(
            f"<p>On day {day * chapter} the lamp that Alice had found in house {day * 7} stood by the river. She wrote "
            f"{day * 3} letters, and she hid them from Edward, who had come at {day}; he said that he knew.</p>"
            for day in range(1, 15)
        )
        pages[f"c{chapter}.xhtml"] = page(f"<h2>Chapter {chapter}</h2>{told}")
    nav = contents(*((f"Chapter {n}", f"c{n}.xhtml") for n in range(1, CHAPTERS + 1)))
    return build_epub(folder, pages=pages, nav=nav, name="early.epub")


@contextmanager
def reading(
    folder: Path, *, text: Sequence[Fault | None] = (), workers: int = 1, faults: str = ""
) -> Iterator[tuple[Daemon, ScriptedServer]]:
    """A daemon whose endpoint answers chats as listed, and the book, dropped."""
    options: dict[str, object] = {"workers__max_concurrency": workers, "guide__pages_per_image": 1}
    with (
        scripted(Script(key=KEY, text=text)) as server,
        running(server, folder, faults=faults, **options) as daemon,
    ):
        daemon.drop(book_in(folder))
        yield daemon, server


def has_page(daemon: Daemon) -> bool:
    """Whether there is anything to be seen of the book."""
    return any(book["guide"] for book in daemon.books())


def assert_whole(daemon: Daemon, server: ScriptedServer, *, again: int = 0) -> None:
    """Everything is drawn, each picture asked for once but for those that were in flight at a kill."""
    (book,) = [path.parent for path in daemon.library.glob(f"*/{MANIFEST}")]
    pictures = len(list((book / "images").glob("chapter_*.jpg")))
    assert pictures >= CHAPTERS
    assert pictures <= server.counts.requests["image"] <= pictures + again
    assert server.counts.requests["text"] <= CHAPTERS + again
    assert list(contradictions(BookFiles(book), decode((book / MANIFEST).read_bytes()))) == []
    assert not list(book.glob("**/.*.staged"))


def test_the_first_picture_takes_one_chapter_and_one_call(tmp_path: Path) -> None:
    """The second chapter is not answered before somebody sees the pictures of the first, on a page of their own."""
    with reading(tmp_path, text=[None, *[Fault(kind="held")] * 3]) as (daemon, server):
        daemon.wait_for(lambda: has_page(daemon), "a page while the book is read")
        (book,) = [path.parent for path in daemon.library.glob(f"*/{MANIFEST}")]
        shown = (book / "index.html").read_text()
        manifest = decode((book / MANIFEST).read_bytes())

        assert "images/chapter_1_scene_1.jpg" in shown
        assert (book / "images" / "chapter_1_scene_1.jpg").exists()
        assert server.counts.requests["text"] <= 2 and server.counts.requests["image"] >= 1
        assert not (book / "data" / "elements.json").exists()
        assert str(manifest.chapters[1].stage) == "illustrate"
        server.let_go.set()
        daemon.wait_for_phases("done")
        assert_whole(daemon, server)


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize(
    ("fault", "again"),
    [
        ("preview-1", 0),
        ("asking", 1),
        ("reply_stored", 0),
        ("artifacts_staged", 0),
        ("part_kept", 0),
        ("answers_let_go", 0),
        ("task_done", 0),
        ("task_committed", 0),
    ],
)
def test_a_kill_at_an_early_picture_pays_nothing_twice(tmp_path: Path, fault: str, again: int, workers: int) -> None:
    """At whichever line."""
    token = tmp_path / "token"
    with reading(tmp_path, workers=workers, faults=f"{fault}:kill:{token}") as (daemon, server):
        daemon.wait_for(lambda: server.counts.requests["text"] > 0, "a chapter that is asked about")
        token.touch()
        daemon.wait_for_phases("done")

        assert_whole(daemon, server, again=again)


def test_cancel_and_retry_between_an_early_picture_and_the_merge_ask_nothing_again(tmp_path: Path) -> None:
    """What is there stays, and what was asked for it is not asked for again."""
    with reading(tmp_path, text=[None, *[Fault(kind="held")] * 3]) as (daemon, server):
        daemon.wait_for(lambda: has_page(daemon), "a page while the book is read")
        before = Counter(server.counts.requests)
        book = str(daemon.books()[0]["book"])
        for _ in range(2):
            daemon.call("cancel", book=book, chapters=[1])
            daemon.call("retry", book=book, chapters=[1])
        server.let_go.set()
        daemon.wait_for_phases("done")

        assert before["image"] > 0
        assert_whole(daemon, server)


STRANGERS = 8  # chapters in which nobody can be sure who is who
TOLD = "<p>Tarrant stood by the river and raised the lamp. “Wait,” said Tarrant, and knelt by the water.</p>"


def test_a_plate_is_shown_early_also_where_nothing_is_settled(tmp_path: Path) -> None:
    """It costs nothing, and is compared once the book is read. A later chapter waits until somebody has seen it."""
    pages = {f"c{n}.xhtml": page(f"<h2>Chapter {n}</h2>{TOLD * 40}") for n in range(1, STRANGERS + 1)}
    nav = contents(*((f"Chapter {n}", f"c{n}.xhtml") for n in range(1, STRANGERS + 1)))
    book = build_epub(tmp_path, pages=pages, nav=nav, name="strangers.epub")
    once = tmp_path / "once"
    once.touch()
    faults = f"analyze-{STRANGERS}:stop:{once}"
    with daemon_in(tmp_path, drawing=True, faults=faults, workers__max_concurrency=1) as daemon:
        daemon.drop(book)
        daemon.wait_for(lambda: not once.exists(), "the last chapter is begun")
        (folder,) = [path.parent for path in daemon.library.glob(f"*/{MANIFEST}")]
        files = BookFiles(folder)
        early = load(files.illustration(1, 1), IllustrationRecord)

        assert "images/chapter_1_scene_1.jpg" in (folder / "index.html").read_text()
        assert early.early is not None and not files.elements.exists()
        assert not files.illustration(2, 1).exists(), "of those behind it only what is settled"
        os.kill(int(str(daemon.workers()[0]["pid"])), signal.SIGCONT)
        daemon.wait_for_phases("done")
        assert load(files.illustration(1, 1), IllustrationRecord).early is None
        assert list(contradictions(files, decode((folder / MANIFEST).read_bytes()))) == []
