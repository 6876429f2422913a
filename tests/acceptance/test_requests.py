"""What is asked for a book: sidecars, profiles, chapters; from the inbox to the guide."""

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from imaginized.cli.wishes import check_asked
from imaginized.errors import Rejected
from imaginized.inbox.aside import FAILED
from imaginized.inbox.dropping import copy_into
from imaginized.inbox.sidecar import ProfileUnusable, books_of_sidecar, find_sidecar, is_still_needed, read_asked
from imaginized.reading.formats import SUFFIXES
from imaginized.stages.split import as_asked
from imaginized.story.sidecar_keys import BookRequest, chapter_ranges, make_request, problem_with, sidecar_text
from imaginized.story.text import BookText, ChapterText, Paragraph
from tests.support.daemons import daemon_in
from tests.support.epubs import make_epub
from tests.support.intakes import drop, epub_bytes, library_of, make_settings, names, running
from tests.support.waiting import PROGRAM_SECONDS


def write(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def book_of(chapters: int) -> BookText:
    texts = tuple(
        ChapterText(number=n, title=f"Chapter {n}", paragraphs=(Paragraph(text="It rained.", file="c.xhtml"),))
        for n in range(1, chapters + 1)
    )
    return BookText(title="A Book", language="de", chapters=texts)


def test_chapters_are_ranges_that_a_person_writes() -> None:
    """Parts are numbers or ranges, with or without blanks."""
    assert chapter_ranges("1-5, 8") == [(1, 5), (8, 8)]
    assert chapter_ranges(" 1 - 5 ,8 ") == [(1, 5), (8, 8)]
    assert [n for n in range(1, 12) if BookRequest(chapters="1-5,8").wants(n)] == [1, 2, 3, 4, 5, 8]


@pytest.mark.parametrize("text", ["", "x", "5-3", "0", "1,,2", "1-", "-3", "123456", "1 2", "1 2-3", "1- 2 3"])
def test_chapters_that_are_none_are_refused(text: str) -> None:
    """Anything else is named, with what to write."""
    assert problem_with("chapters", text)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("style", ""), ("style", 3), ("style", "x" * 2001),
        ("budget_usd", -1), ("budget_usd", True), ("budget_usd", "1"),
        ("language", "../en"), ("language", "e"), ("pages_per_image", 0), ("pages_per_image", 2.5), ("chapters", 5),
        ("base_url", "http://127.0.0.1"), ("api_key", "k"), ("path", "/"),
    ],
)  # fmt: skip
def test_values_out_of_bounds_and_other_keys_are_refused(key: str, value: object) -> None:
    """Wrong kinds, wrong sizes; URLs, keys and paths are no keys at all."""
    assert problem_with(key, value)


def test_sidecar_overrules_its_profile_and_the_profile_the_settings(tmp_path: Path) -> None:
    """A subfolder's profile gives the defaults, the sidecar the last word."""
    book = write(tmp_path / "inbox" / "comics" / "deep" / "a.epub")
    write(book.with_name("a.toml"), 'chapters = "1-2"\nstyle = "ink"\nforce = true\n')
    write(tmp_path / "profiles" / "comics.toml", 'style = "watercolour"\npages_per_image = 3\nbudget_usd = 2\n')
    asked = read_asked(book, inbox=tmp_path / "inbox", profiles=tmp_path / "profiles")

    assert asked.request == BookRequest(
        profile="comics", style="ink", chapters="1-2", pages_per_image=3, budget_usd=2.0
    )
    assert asked.force
    assert asked.sidecar == book.with_name("a.toml")


def test_subfolder_without_a_profile_only_groups(tmp_path: Path) -> None:
    """Its name is kept with the book, and nothing else changes."""
    book = write(tmp_path / "inbox" / "by author" / "a.epub")
    asked = read_asked(book, inbox=tmp_path / "inbox", profiles=tmp_path / "profiles")

    assert asked.request == BookRequest(profile="by author")
    assert asked.sidecar is None


def test_a_sidecar_names_its_profile(tmp_path: Path) -> None:
    """A bundled kind of book, or one with a file in profiles/, goes before the subfolder; any other name is refused."""
    book = tmp_path / "other" / "a.epub"
    book.parent.mkdir()
    book.write_bytes(b"x")
    sidecar = book.with_name("a.toml")

    def asked() -> BookRequest:
        return read_asked(book, inbox=tmp_path, profiles=tmp_path / "profiles").request

    sidecar.write_text('profile = "fantasy"')
    assert asked().profile == "fantasy"
    sidecar.write_text('profile = "horses"')
    with pytest.raises(Rejected, match="there is no profile horses: use general, fantasy"):
        asked()
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "horses.toml").write_text('style = "ink"')
    assert (asked().profile, asked().style) == ("horses", "ink")


def test_every_mistake_of_a_sidecar_is_named_with_file_line_and_key(tmp_path: Path) -> None:
    """All at once, so that one look mends them."""
    book = write(tmp_path / "a.epub")
    write(tmp_path / "a.epub.toml", '# mine\nstyle = "ink"\nbase_url = "http://example"\n\npages_per_image = 0\n')
    with pytest.raises(Rejected) as caught:
        read_asked(book, inbox=tmp_path, profiles=tmp_path / "none")

    assert "a.epub.toml:3: base_url = http://example: unknown; allowed are style, chapters" in str(caught.value)
    assert "a.epub.toml:5: pages_per_image = 0: must be a whole number from 1 to 1000" in str(caught.value)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"style = \n", "a.toml:1: not valid TOML"),
        (b'x = 1\nstyle = "\xff"\n', "a.toml:2: not UTF-8"),
        (b"a=[" * 4000, "a.toml: longer than 8192 bytes"),
        (b"a=" + b"[" * 4000, "a.toml"),
        (b"\n" * 201, "a.toml: longer than"),
        (b"force = 1\n", "a.toml:1: force = 1: must be true or false"),
        (b"[style]\nurl = 1\n", "a.toml:1: style ="),
        (b"# mine\nstyle = " + b"0" * 5000, "a.toml:2: "),
        (b"# mine\nstyle = " + b"1" * 5000, "a.toml:2: a number is too large"),
        (b"# mine\nstyle = 0x" + b"f" * 5000, "a.toml:2: style: a number is too large"),
        (b"# mine\nstyle." + b"a." * 3000 + b"a = 1", "a.toml:2: style: nested too deeply"),
        (b"style = " + b"{a=" * 900 + b"1" + b"}" * 900, "a.toml: nested too deeply"),
        ("profile = '{}'".format("\U00020000" * 64).encode(), "there is no profile"),
        (b"budget_usd = nan", "a.toml:1: budget_usd = nan: must be"),
        (b"budget_usd = 1e999", "a.toml:1: budget_usd = inf: must be"),
        (b"language = 0000-00-00", "a.toml:1: not valid TOML"),
    ],
)
def test_sidecar_that_is_no_toml_is_refused_with_its_place(tmp_path: Path, data: bytes, reason: str) -> None:
    """Whatever bytes a sidecar has, the answer is a reason."""
    book = write(tmp_path / "a.epub")
    (tmp_path / "a.toml").write_bytes(data)
    with pytest.raises(Rejected) as caught:
        read_asked(book, inbox=tmp_path, profiles=tmp_path)

    assert reason in str(caught.value)


def test_profile_with_mistakes_holds_its_books_until_it_is_mended(tmp_path: Path) -> None:
    """It is the operator's mistake, not the book's; force is no word for a profile."""
    book = write(tmp_path / "inbox" / "p" / "a.epub")
    write(tmp_path / "p.toml", "force = true\n")
    with pytest.raises(ProfileUnusable, match=r"p\.toml:1: force"):
        read_asked(book, inbox=tmp_path / "inbox", profiles=tmp_path)


def test_link_is_no_sidecar_and_a_shared_one_serves_every_book_of_its_stem(tmp_path: Path) -> None:
    """Links are not followed; `a.toml` stays while another `a` waits."""
    book = write(tmp_path / "a.epub")
    (tmp_path / "a.epub.toml").symlink_to("/etc/passwd")
    shared = write(tmp_path / "a.toml")
    write(tmp_path / "a.pdf")

    assert find_sidecar(book) == shared
    assert is_still_needed(shared, book=book)
    assert books_of_sidecar("sub/a.toml") == {"sub/a", *(f"sub/a{suffix}" for suffix in SUFFIXES)}
    assert {".epub", ".pdf"} <= set(SUFFIXES)
    assert find_sidecar(tmp_path / ("x" * 250 + ".epub")) is None


def test_chapters_that_were_not_asked_for_are_skipped_with_the_reason() -> None:
    """The wanted ones keep their numbers; the language asked for wins."""
    book = as_asked(book_of(9), make_request({"chapters": "2-3,8", "language": "en"}))

    assert [chapter.number for chapter in book.chapters] == [2, 3, 8]
    assert [skipped.title for skipped in book.skipped] == [f"Chapter {n}" for n in (1, 4, 5, 6, 7, 9)]
    assert "not among the chapters asked for (2-3,8)" in book.skipped[0].reason
    assert (book.language, book.warnings) == ("en", ())


def test_chapters_beyond_the_last_are_a_warning_and_none_at_all_a_refusal() -> None:
    """ "1-99" of nine is a slip; "50" of nine is a mistake."""
    assert as_asked(book_of(9), BookRequest(chapters="8-99")).warnings == (
        "chapters 8-99 were asked for; the book has 9",
    )
    with pytest.raises(Rejected, match="the book has chapters 1 to 9"):
        as_asked(book_of(9), BookRequest(chapters="50"))


def test_values_survive_the_way_into_a_sidecar_and_back(tmp_path: Path) -> None:
    """What the command line writes is read as it was meant."""
    book = write(tmp_path / "a.epub")
    write(tmp_path / "a.epub.toml", sidecar_text({"style": 'a "quoted" \\ line\n“é”', "chapters": "1", "force": True}))
    asked = read_asked(book, inbox=tmp_path, profiles=tmp_path)

    assert asked.request.style == 'a "quoted" \\ line\n“é”'
    assert (asked.request.chapters, asked.force) == ("1", True)


def test_asked_for_chapters_are_the_only_ones_done_and_force_does_the_book_again(tmp_path: Path) -> None:
    """From the sidecar to the guide: chosen chapters, denser images, the request beside the book; then all of it."""
    with daemon_in(tmp_path) as daemon:
        book = make_epub(tmp_path / "a.epub", chapters=4, paragraphs=40)
        write(daemon.inbox / "calm" / "a.toml", 'chapters = "2,4"\npages_per_image = 1\nlanguage = "fr"\n')
        (daemon.inbox / "calm" / "a.epub").write_bytes(book.read_bytes())
        (first,) = daemon.wait_for_phases("done")
        folder = Path(str(first["folder"]))
        manifest = json.loads((folder / ".imaginize.manifest.json").read_text())
        kept = json.loads((folder / "data" / "request.json").read_text())
        scenes = json.loads((folder / "data" / "scenes" / "002.json").read_text())["scenes"]
        left = sorted(path.name for path in (daemon.inbox / "calm").iterdir())
        write(daemon.inbox / "again.epub.toml", "force = true\n")
        (daemon.inbox / "again.epub").write_bytes(book.read_bytes())
        daemon.wait_for(lambda: len(daemon.events("book_restarted")) == 1, "the book is done again")
        daemon.wait_for(lambda: _chapters(folder) == ["1", "2", "3", "4"], "all chapters are there")
        (again,) = daemon.wait_for_phases("done")

    assert list(manifest["chapters"]) == ["2", "4"]
    assert manifest["profile"] == "calm"
    assert (kept["chapters"], kept["language"], kept["profile"]) == ("2,4", "fr", "calm")
    assert len(scenes) > 1
    assert left == []
    assert again["book"] == first["book"]


def _chapters(folder: Path) -> list[str]:
    return list(json.loads((folder / ".imaginize.manifest.json").read_text())["chapters"])


def test_profile_with_mistakes_is_shown_and_its_book_taken_once_it_is_mended(tmp_path: Path) -> None:
    """The intake waits for the operator, says what is wrong, and goes on by itself."""
    settings = make_settings(tmp_path)
    profiles = settings.paths.profiles
    write(profiles / "calm.toml", "nonsense = 1\n")
    with running(settings) as intake:
        drop(settings, "calm/a.epub", epub_bytes(tmp_path))
        seen = intake.wait_for("inbox", waiting=1)
        while not seen["blocked"]:
            seen = intake.wait_for("inbox", waiting=1)
        write(profiles / "calm.toml", 'style = "ink"\n')
        message = intake.wait_for("book_admitted")

    files = library_of(settings).files(str(message["book"]))
    assert "calm.toml:1: nonsense" in str(seen["blocked"])
    assert json.loads(files.request.read_text())["style"] == "ink"


def test_book_with_a_bad_sidecar_goes_to_failed_with_it(tmp_path: Path) -> None:
    """Both lie together, beside the reason that names file, line and key."""
    settings = make_settings(tmp_path)
    settings.paths.inbox.mkdir()
    write(settings.paths.inbox / "a.toml", 'style = "ink"\napi_key = "k"\n')
    drop(settings, "a.epub", epub_bytes(tmp_path))
    with running(settings) as intake:
        message = intake.wait_for("book_rejected")

    assert "a.toml:2: api_key" in str(message["reason"])
    assert names(settings.paths.inbox / FAILED) == ["a.epub", "a.epub.error.txt", "a.epub.toml"]


def test_illustrate_does_only_the_chapters_asked_for_and_others_when_asked_again(tmp_path: Path) -> None:
    """`illustrate --chapters` needs no daemon; asked for other chapters it does the book anew."""
    book = make_epub(tmp_path / "a.epub", chapters=3)

    def run(chapters: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "imaginized", "illustrate", str(book), "--out", str(tmp_path / "out")]
        return subprocess.run(
            [*command, "--chapters", chapters], capture_output=True, text=True, timeout=PROGRAM_SECONDS, check=False
        )

    first, refused, second = run("2"), run("x"), run("1,3")

    guide = Path(second.stdout.splitlines()[-1])
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert (refused.returncode, "not a chapter list: 'x' (example: 1-5,8)" in refused.stderr) == (2, True)
    assert _chapters(guide.parent) == ["1", "3"]


def test_add_writes_what_is_asked_before_the_book(tmp_path: Path) -> None:
    """A sidecar under the book's own name, so that the book is never taken without it."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    file = write(tmp_path / "a.epub", "x")
    copy_into(inbox, file, asked=check_asked({"chapters": "1-2", "budget_usd": 1.5, "style": None, "force": False}))
    copy_into(inbox, file, asked=check_asked({"force": True}))

    assert names(inbox) == ["a-2.epub", "a-2.epub.toml", "a.epub", "a.epub.toml"]
    assert (inbox / "a.epub.toml").read_text() == 'chapters = "1-2"\nbudget_usd = 1.5\n'
    assert (inbox / "a-2.epub.toml").read_text() == "force = true\n"


def test_a_copy_that_fails_leaves_no_sidecar(tmp_path: Path) -> None:
    """What was asked for it, `force` first of all, would count for the next book of that name."""
    inbox, file = tmp_path / "inbox", tmp_path / "a.epub"
    inbox.mkdir()
    file.write_bytes(b"x" * 10_000)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, before[1]))  # to the copy, the disk is full
    try:
        with pytest.raises(OSError, match="File too large"):
            copy_into(inbox, file, asked={"force": True})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert list(inbox.iterdir()) == []


def test_sidecar_that_comes_after_its_book_starts_the_books_settle_time_anew(tmp_path: Path) -> None:
    """Dropped together in any order, the book is taken with what its sidecar says, and the sidecar is gone after."""
    settings = make_settings(tmp_path)
    with running(settings) as intake:
        intake.wait_for("ready")
        with (settings.paths.inbox / "a.epub").open("wb") as writing:  # nobody takes it before the sidecar is there
            writing.write(epub_bytes(tmp_path))
            writing.flush()
            intake.wait_for("inbox", written=["a.epub"])
            write(settings.paths.inbox / "a.toml", 'style = "ink"\n')
            intake.wait_for("inbox", settling=["a.epub"])
        message = intake.wait_for("book_admitted")
        intake.wait_for("inbox", waiting=0)

    files = library_of(settings).files(str(message["book"]))
    assert json.loads(files.request.read_text())["style"] == "ink"
    assert not (settings.paths.inbox / "a.toml").exists()
