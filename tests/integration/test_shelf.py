"""The shelf of a library: every book with what is wrong with it, read and written only where something changed."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html

from imaginized.clock import SystemClock
from imaginized.guide.shelf import ON_A_PAGE, ShelfBook, shelf_pages
from imaginized.logs.log import get_log
from imaginized.queue.codec import encode
from imaginized.queue.manifest import Manifest, Stage, Status
from imaginized.reasons import Code, Reason
from imaginized.store.library import Library
from imaginized.work.shelf import KNOWN, write_shelf
from tests.support.manifests import done_book, merged_book, with_step

HOSTILE = "<script>alert(1)</script>\u202e\"'><img src=x onerror=y>"


def put(root: Path, manifest: Manifest, *, book_id: str, title: str, page: bool = True) -> None:
    folder = root / book_id
    folder.mkdir(exist_ok=True)
    manifest = replace(manifest, book_id=book_id, book_title=title)
    (folder / ".imaginize.manifest.json").write_bytes(encode(manifest))
    if page:
        (folder / "index.html").touch()


def shelf(root: Path) -> html.HtmlElement:
    write_shelf(Library(root, clock=SystemClock()), log=get_log())
    return html.document_fromstring((root / "index.html").read_text())


def test_every_book_is_there_with_what_is_wrong_with_it(tmp_path: Path) -> None:
    """A finished one is a link, one in work has its progress, one that failed says why, also at the top."""
    put(tmp_path, done_book(5, 3), book_id="done-00000001", title="Done")
    put(tmp_path, merged_book(5, 3), book_id="works-00000002", title="In Work", page=False)
    failed = with_step(merged_book(5, 3), Stage.COMPILE, status=Status.FAILED)
    entry = replace(failed.steps[Stage.COMPILE], reason=Reason(Code.UNKNOWN, "the disk broke"))
    failed = replace(failed, steps={**failed.steps, Stage.COMPILE: entry})
    put(tmp_path, failed, book_id="bad-00000003", title="Bad")

    page = shelf(tmp_path)

    assert page.xpath("//li[@class='volume']//strong/text()") == ["Bad", "Done", "In Work"]
    assert page.xpath("//li[@class='volume']/a/@href") == ["bad-00000003/index.html", "done-00000001/index.html"]
    assert len(page.xpath("//progress")) == 1
    assert "the disk broke" in page.xpath("//ul[@class='waiting']/li")[0].text_content()


def test_a_book_that_did_not_change_is_not_read_again(tmp_path: Path) -> None:
    """What the shelf was made of is kept; a page that says the same is not written."""
    put(tmp_path, done_book(5, 3), book_id="one-00000001", title="One")
    put(tmp_path, done_book(5, 3), book_id="two-00000002", title="Two")
    shelf(tmp_path)
    before = (tmp_path / "index.html").stat().st_ino
    manifest = tmp_path / "one-00000001" / ".imaginize.manifest.json"
    status = manifest.stat()
    data = manifest.read_bytes()
    manifest.write_bytes(b" " * len(data))  # the same inode, size and time: only who reads it again would notice
    os.utime(manifest, ns=(status.st_atime_ns, status.st_mtime_ns))

    page = shelf(tmp_path)

    assert page.xpath("//li[@class='volume']//strong/text()") == ["One", "Two"]
    assert (tmp_path / "index.html").stat().st_ino == before


def test_a_lost_record_is_made_anew_and_a_lost_book_goes(tmp_path: Path) -> None:
    """The record is no truth: the manifests are."""
    put(tmp_path, done_book(5, 3), book_id="one-00000001", title="One")
    put(tmp_path, done_book(5, 3), book_id="two-00000002", title="Two")
    shelf(tmp_path)
    (tmp_path / KNOWN).write_text("{")
    (tmp_path / "one-00000001" / ".imaginize.manifest.json").unlink()

    assert shelf(tmp_path).xpath("//li[@class='volume']//strong/text()") == ["Two"]


def test_somebodys_own_page_is_left_alone(tmp_path: Path) -> None:
    """An index.html that is not ours is neither replaced nor touched."""
    put(tmp_path, done_book(5, 3), book_id="one-00000001", title="One")
    (tmp_path / "index.html").write_text("<html>mine</html>")

    write_shelf(Library(tmp_path, clock=SystemClock()), log=get_log())

    assert (tmp_path / "index.html").read_text() == "<html>mine</html>"


def test_many_books_are_on_many_pages() -> None:
    """10,000 books are on pages of some hundred; each is on one, and the first has those that wait for a person."""
    books = [
        ShelfBook(book=f"b-{n:08x}", title=f"Book {n:05d}", phase="held" if n == 9000 else "done")
        for n in range(10_000)
    ]

    pages = shelf_pages(books)

    assert len(pages) == -(-10_000 // ON_A_PAGE)
    assert sum(text.count('class="volume"') for text in pages.values()) == 10_000
    assert "Book 09000" in pages["index.html"]
    assert max(len(text.encode()) for text in pages.values()) < 300_000


@pytest.mark.parametrize("phase", ["done", "held", "failed", "drawing"])
def test_no_title_becomes_markup(phase: str) -> None:
    """Whatever a book is called, the page has the tags of a harmless one."""

    def shape(text: str) -> list[tuple[str, list[str]]]:
        book = ShelfBook(book="b-00000000", title=text, authors=(text,), phase=phase, reason=text, page="index.html")
        page = html.document_fromstring(shelf_pages([book])["index.html"])
        return [(element.tag, sorted(element.keys())) for element in page.iter()]

    assert shape(HOSTILE) == shape("Oz!")
