"""`explain`: why a path is or is not picked up, in the intake's own words."""

import hashlib
import os
from pathlib import Path

import pytest

from imaginized.clock import ManualClock
from imaginized.inbox.aside import put_duplicate, reject
from imaginized.inbox.explain import Explanation, Told, explain, judge_file
from imaginized.reasons import Code, Reason
from imaginized.settings.file import load_settings
from imaginized.settings.model import Settings
from imaginized.store.files import MANIFEST
from imaginized.store.library import Library
from imaginized.store.originals import Original
from tests.support.intakes import epub_bytes, make_settings

CONTENT = Told()  # a daemon runs, and has nothing to say


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = make_settings(tmp_path)
    made.paths.inbox.mkdir()
    return made


def why(settings: Settings, path: Path, *, told: Told | None = CONTENT) -> Explanation:
    return explain(path, inbox=settings.paths.inbox, library=settings.paths.library, settings=settings, told=told)


def test_whole_book_waits_only_to_be_left_alone(settings: Settings, tmp_path: Path) -> None:
    """A book with nothing wrong is taken after the settle time."""
    path = settings.paths.inbox / "a.epub"
    path.write_bytes(epub_bytes(tmp_path))

    found = why(settings, path)
    assert (found.verdict, "0.1 s" in found.reason) == ("waiting", True)


def test_book_that_is_written_incomplete_or_asked_for_wrongly_says_so(settings: Settings, tmp_path: Path) -> None:
    """An open writer, a missing end, a sidecar with a mistake."""
    inbox = settings.paths.inbox
    (inbox / "half.epub").write_bytes(epub_bytes(tmp_path)[:-40])
    (inbox / "wrong.epub").write_bytes(epub_bytes(tmp_path))
    (inbox / "wrong.toml").write_text("colour = 1\n")
    with (inbox / "open.epub").open("wb") as writing:
        writing.write(epub_bytes(tmp_path))
        writing.flush()
        written = why(settings, inbox / "open.epub")

    half, wrong = why(settings, inbox / "half.epub"), why(settings, inbox / "wrong.epub")
    assert (written.verdict, written.reason) == ("waiting", "a program still writes it")
    assert (half.verdict, "not complete" in half.reason) == ("waiting", True)
    assert (wrong.verdict, "wrong.toml:1: colour" in wrong.reason) == ("refused", True)


@pytest.mark.parametrize(
    ("name", "verdict", "reason"),
    [
        ("a.epub.part", "ignored", "half-made copy"),
        ("notes.txt", "ignored", "not a supported file: "),
        (".hidden/a.epub", "ignored", "folder .hidden is hidden"),
        ("b.epub/inner.epub", "refused", "named like a book"),
        ("/".join(["d"] * 17) + "/a.epub", "ignored", "16 folders deep"),
        ("lonely.toml", "waiting", "what is asked for a book called lonely"),
    ],
)
def test_names_and_places_that_are_passed_over(settings: Settings, name: str, verdict: str, reason: str) -> None:
    """A name or a folder can be the whole answer."""
    path = settings.paths.inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")

    found = why(settings, path)
    assert found.verdict == verdict
    assert reason in found.reason


def test_links_pipes_and_folders(settings: Settings, tmp_path: Path) -> None:
    """What is no file is refused without being opened; a plain folder tells how many books are in it."""
    inbox = settings.paths.inbox
    (inbox / "link.epub").symlink_to("/etc/passwd")
    os.mkfifo(inbox / "pipe.epub")
    (inbox / "shelf").mkdir()
    (inbox / "shelf" / "a.epub").write_bytes(epub_bytes(tmp_path))

    assert why(settings, inbox / "link.epub").verdict == "refused"
    assert "pipe" in why(settings, inbox / "pipe.epub").reason
    assert "1 book is in it; what is whole is taken" in why(settings, inbox / "shelf").reason
    told = Told(blocked={"shelf/a.epub": "the daemon may not read it"})
    blocked = explain(inbox / "shelf", inbox=inbox, library=settings.paths.library, settings=settings, told=told).reason
    assert "1 of them blocked: shelf/a.epub: the daemon may not read it" in blocked
    assert why(settings, tmp_path / "none.epub").verdict == "outside"
    assert "no such file" in why(settings, tmp_path / "none.epub").reason


def test_what_has_left_the_inbox_is_found_again(settings: Settings, tmp_path: Path) -> None:
    """A book, a refused file, a duplicate, or nothing: what vanished is said to have vanished."""
    inbox, clock = settings.paths.inbox, ManualClock()
    for name in ("a.epub", "b.epub", "c.epub"):
        (inbox / name).write_bytes(epub_bytes(tmp_path, text=name))
    library = Library(settings.paths.library, clock=clock)
    with (inbox / "a.epub").open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        original = Original(fd=file.fileno(), size=file.tell(), digest=digest)
        book = library.admit(original, original_name="a.epub", arrival="")
    (inbox / "a.epub").unlink()
    reject(
        inbox / "b.epub",
        inbox=inbox,
        reason=Reason(Code.DAMAGED, "it is torn", "Mend it."),
        reference="",
        now=clock.now(),
    )
    aside = put_duplicate(
        inbox / "c.epub", inbox=inbox, book=book, folder=library.files(book).root, reference="", now=clock.now()
    )

    assert why(settings, inbox / "a.epub") == Explanation(
        verdict="taken", reason=f"it is the book {book}", next_step=f"imaginizectl status {book}"
    )
    assert "it is torn" in why(settings, inbox / "b.epub").reason
    assert why(settings, inbox / "b.epub").next_step == "Mend it."
    assert why(settings, aside).reason == why(settings, inbox / "c.epub").reason.removeprefix(
        "it is in .duplicates now: "
    )
    assert "vanished" in why(settings, inbox / "d.epub").reason
    assert why(settings, library.files(book).manifest).verdict == "taken"


def test_elsewhere_and_a_full_disk(settings: Settings, tmp_path: Path) -> None:
    """Outside the inbox: how to add it. Too little room: that it is paused."""
    path = settings.paths.inbox / "a.epub"
    path.write_bytes(epub_bytes(tmp_path))
    overrides = {
        "paths.inbox": settings.paths.inbox,
        "paths.library": settings.paths.library,
        "disk.min_free_bytes": 10**15,
    }
    short = load_settings(None, environment={"HOME": str(tmp_path)}, overrides=overrides)

    assert why(settings, tmp_path / "b.epub").verdict == "outside"
    assert "PAUSED(disk): no room" in why(settings, path, told=Told(shortage="no room")).reason
    assert "PAUSED(disk)" in why(short, path, told=None).reason
    assert "PAUSED" not in why(short, path).reason  # the daemon that runs has other settings, or it would have said so


def test_what_is_in_the_library_belongs_to_a_book_only_where_there_is_one(settings: Settings) -> None:
    """Files of our own and a folder that has lost its manifest are no books; the latter has its code."""
    book, lost = settings.paths.library / "a-00000000", settings.paths.library / "b-11111111"
    (book / "data").mkdir(parents=True)
    lost.mkdir()
    (book / MANIFEST).touch()
    (settings.paths.library / ".imaginized.lock").touch()

    found = [
        why(settings, path)
        for path in (book / "data", lost / "source.epub", settings.paths.library / ".imaginized.lock")
    ]
    assert [(one.verdict, one.code) for one in found] == [
        ("taken", None),
        ("outside", Code.MANIFEST_LOST),
        ("outside", None),
    ]


def test_the_daemons_word_counts_for_rights_and_for_the_inbox_as_a_whole(settings: Settings, tmp_path: Path) -> None:
    """Who asks may read what the daemon may not; an inbox that is degraded, or left alone, is an answer, too."""
    path = settings.paths.inbox / "a.epub"
    path.write_bytes(epub_bytes(tmp_path))
    blocked = why(settings, path, told=Told(blocked={"a.epub": "give its user access to the file"}))
    degraded = why(settings, path, told=Told(degraded="the inbox cannot be read"))
    gone = why(settings, settings.paths.inbox / "b.epub", told=Told(degraded="the inbox cannot be read"))
    timed = why(settings, path, told=Told(settle_seconds=7.0))
    unattended = why(settings, path, told=None)

    assert blocked.reason == "give its user access to the file"
    assert degraded.reason.endswith("DEGRADED: the inbox cannot be read")
    assert gone.verdict == "absent" and gone.reason.endswith("DEGRADED: the inbox cannot be read")
    assert timed.reason.endswith("once nothing touched it for 7 s")
    assert unattended.reason.endswith("but imaginized is not running")
    assert "imaginized run" in unattended.next_step


def test_links_on_the_way_to_the_inbox_are_followed_and_those_inside_are_not_looked_behind(
    settings: Settings, tmp_path: Path
) -> None:
    """A path by way of a link to the inbox is in it; what lies behind a link in the inbox is not."""
    (tmp_path / "to-inbox").symlink_to(settings.paths.inbox)
    (settings.paths.inbox / "a.epub").write_bytes(epub_bytes(tmp_path))
    (tmp_path / "shelf").mkdir()
    (tmp_path / "shelf" / "b.epub").write_bytes(epub_bytes(tmp_path))
    (settings.paths.inbox / "to-shelf").symlink_to(tmp_path / "shelf")

    assert "it is whole" in why(settings, tmp_path / "to-inbox" / "a.epub").reason
    assert why(settings, settings.paths.inbox / "to-shelf" / "b.epub").verdict == "outside"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.epub", b"whole"), ("a.EPUB", b"whole"), ("a.epub", b"half"), ("a.epub", b"BOOKMOBI"), ("a.epub", b""),
        ("a.mobi", b"whole"), ("a.docx", b"PK"), (".a.epub", b"whole"), ("a.epub.part", b"whole"), ("a.pdf", b"PK"),
        ("a.toml", b""),
    ],
)  # fmt: skip
def test_add_judges_a_file_as_the_intake_would(settings: Settings, tmp_path: Path, name: str, data: bytes) -> None:
    """What `add` refuses would never be taken from the inbox, and what it takes would be, by the same rules."""
    whole = epub_bytes(tmp_path)
    content = {b"whole": whole, b"half": whole[:-40]}.get(data, data)
    for folder in (settings.paths.inbox, tmp_path):
        (folder / name).write_bytes(content)

    judged, found = judge_file(tmp_path / name), why(settings, settings.paths.inbox / name)
    assert (judged is None) == (found.verdict == "waiting" and "it is whole" in found.reason)
    assert judged is None or (judged.verdict, bool(judged.reason and judged.next_step)) == ("refused", True)
