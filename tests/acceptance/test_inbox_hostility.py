"""F12 to F17 of the failures an inbox meets: copies, folders, hostile files and full disks; with the real daemon."""

import json
import os
import stat
import subprocess
import zipfile
from pathlib import Path
from typing import cast

import pytest

from imaginized.inbox.aside import DUPLICATES, FAILED
from tests.acceptance.test_inbox_failures import mounted
from tests.support.daemons import Daemon, Row, daemon_in
from tests.support.epubs import build_epub, make_epub, page, prose
from tests.support.intakes import drop, epub_bytes, library_of, make_settings, names, running
from tests.support.pdfs import Text, build_pdf

MEBIBYTE = 1 << 20
LEFTOVERS = (".*.tmp", ".*.staged", ".incoming-*")


def reason_of(inbox: Path, name: str) -> str:
    return (inbox / FAILED / f"{name}.error.txt").read_text()


def test_f12_same_content_later_is_a_duplicate_and_same_name_with_other_content_is_a_book(tmp_path: Path) -> None:
    """F12: one guide a content; every further copy lies in duplicates beside a note that points to the book."""
    settings = make_settings(tmp_path)
    data = epub_bytes(tmp_path)
    with running(settings) as intake:
        drop(settings, "a.epub", data)
        first = intake.wait_for("book_admitted")
        drop(settings, "a.epub", data)
        second = intake.wait_for("duplicate")
        drop(settings, "a.epub", epub_bytes(tmp_path, text="another"))
        third = intake.wait_for("book_admitted")

    pointer = (settings.paths.inbox / DUPLICATES / "a.epub.pointer.txt").read_text()
    assert second["book"] == first["book"] != third["book"]
    assert str(first["book"]) in pointer
    assert "--force" in pointer
    assert library_of(settings).books() == sorted([str(first["book"]), str(third["book"])])


def test_f12_many_books_are_admitted_without_reading_the_library_for_each(tmp_path: Path) -> None:
    """F12: a copy is found among books that this process, a former one and a person put into the library."""
    settings = make_settings(tmp_path)
    data = [epub_bytes(tmp_path, text=f"book {number}") for number in range(3)]
    drop(settings, "0.epub", data[0])
    with running(settings) as intake:
        intake.wait_for("book_admitted")
        intake.order("drain")
        intake.ended()
    with running(settings) as intake:
        drop(settings, "1.epub", data[1])
        intake.wait_for("book_admitted")
        for number in (0, 1):
            drop(settings, f"copy-{number}.epub", data[number])
            intake.wait_for("duplicate", name=f"copy-{number}.epub")
        (book,) = (one for one in library_of(settings).books() if one.startswith("1-"))
        (settings.paths.library / book).rename(tmp_path / "taken away")
        drop(settings, "again.epub", data[1])
        intake.wait_for("book_admitted", name="again.epub")

    assert len(library_of(settings).books()) == 2


def test_f13_folders_moved_in_give_their_books_and_a_folder_named_like_a_book_a_reason(tmp_path: Path) -> None:
    """F13: a tree moved in from outside raises one event; every book in it is found, with its profile."""
    settings = make_settings(tmp_path)
    outside = tmp_path / "shelf"
    (outside / "deep" / "deeper").mkdir(parents=True)
    (outside / "a.epub").write_bytes(epub_bytes(tmp_path, text="a"))
    (outside / "deep" / "deeper" / "b.epub").write_bytes(epub_bytes(tmp_path, text="b"))
    (outside / "deep" / "unzipped.epub" / "META-INF").mkdir(parents=True)
    (outside / "deep" / "unzipped.epub" / "META-INF" / "container.xml").write_text("<container/>")
    with running(settings) as intake:
        intake.wait_for("ready")
        outside.rename(settings.paths.inbox / "shelf")
        for _ in range(2):
            intake.wait_for("book_admitted")
        intake.wait_for("inbox", waiting=0)

    library = library_of(settings)
    assert [library.read(book).profile for book in library.books()] == ["shelf", "shelf"]
    assert "Zip its content" in reason_of(settings.paths.inbox, "unzipped.epub")
    assert (settings.paths.inbox / FAILED / "unzipped.epub" / "META-INF" / "container.xml").exists()


def test_f14_links_pipes_and_devices_are_refused_and_hostile_names_are_handled(tmp_path: Path) -> None:
    """F14: nothing is followed, nothing blocks; any name a file system allows makes a book."""
    settings = make_settings(tmp_path)
    inbox = settings.paths.inbox
    inbox.mkdir()
    secret = tmp_path / "secret.epub"
    secret.write_bytes(epub_bytes(tmp_path, text="secret"))
    (inbox / "link.epub").symlink_to(secret)
    (inbox / "dangling.epub").symlink_to(tmp_path / "nowhere")
    os.mkfifo(inbox / "pipe.epub")
    refused = {"link.epub", "dangling.epub", "pipe.epub"}
    if os.geteuid() == 0:
        os.mknod(inbox / "device.epub", stat.S_IFCHR | 0o600, os.makedev(1, 5))
        refused.add("device.epub")
    hostile = [
        b"new\nline.epub",
        b"\xff\xfe.epub",
        b"x" * 250 + b".epub",
        b"a..\\..\\up.epub",
        b"-rf .epub",
        b"'$(id).epub",
    ]
    for number, name in enumerate(hostile):
        (inbox / os.fsdecode(name)).write_bytes(epub_bytes(tmp_path, text=f"{number}"))
    with running(settings) as intake:
        for _ in hostile:
            intake.wait_for("book_admitted")
        intake.wait_for("inbox", waiting=0)

    assert {name for name in names(inbox / FAILED) if not name.endswith(".error.txt")} == refused
    assert (inbox / FAILED / "link.epub").is_symlink()
    assert secret.exists()
    assert len(library_of(settings).books()) == len(hostile)


def test_f14_names_too_long_to_tell_all_of_are_counted(tmp_path: Path) -> None:
    """However long the paths of what waits are, the supervisor is told how many there are, and as many names as fit."""
    settings = make_settings(tmp_path)
    folder = settings.paths.inbox.joinpath(*["x" * 240] * 14)
    folder.mkdir(parents=True)
    for number in range(30):
        (folder / f"{number}.epub").write_bytes(b"PK\x03\x04, and the rest is on its way")
    with running(settings) as intake:
        told = intake.wait_for("inbox", waiting=30)

    assert 0 < len(cast(list[object], told["settling"])) < 30


def bomb(path: Path) -> None:
    build_epub(path.parent, pages={"a.xhtml": page(prose(20))}, name=path.name)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("zeros.xhtml", "w") as member:
        for _ in range(65):
            member.write(bytes(MEBIBYTE))


def drm(path: Path) -> None:
    extra = {"META-INF/rights.xml": "<rights/>"}
    build_epub(path.parent, pages={"a.xhtml": page(prose(20))}, extra=extra, name=path.name)


def locked(path: Path) -> None:
    noise = "<" + "5a" * 32 + ">"
    trailer = f"/Encrypt << /Filter /Standard /V 1 /R 2 /O {noise} /U {noise} /P -4 >> /ID [<00> <00>]"
    build_pdf(path, [[Text(text="It rained.", y=700)]], trailer=trailer)


def vast(path: Path) -> None:
    """2 GB, almost all of it a hole, with a proper head and trailer."""
    with path.open("wb") as file:
        file.write(b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n")
        file.seek(2_000_000_000)
        file.write(b"xref\n0 1\n0000000000 65535 f \ntrailer << /Root 1 0 R /Size 2 >>\nstartxref\n2000000000\n%%EOF\n")


def test_f15_hostile_books_end_in_failed_with_a_reason_and_the_daemon_lives(tmp_path: Path) -> None:
    """F15: empty, HTML, DRM, a password, a zip bomb, 2 GB of PDF: each has a reason, a good book is done."""
    reasons = {
        "empty.epub": "truncated",
        "page.epub": "it is",
        "drm.epub": "DRM",
        "locked.pdf": "password",
        "bomb.epub": "zip bomb",
        "vast.pdf": "",
    }
    makers = {"drm.epub": drm, "locked.pdf": locked, "bomb.epub": bomb, "vast.pdf": vast}
    with daemon_in(tmp_path, inbox__incomplete_timeout_seconds=1.0) as daemon:
        assert daemon.process is not None
        pid = daemon.process.pid
        for name, make in makers.items():
            make(tmp_path / name)
            (tmp_path / name).rename(daemon.inbox / name)
        (daemon.inbox / "empty.epub").touch()
        (daemon.inbox / "page.epub").write_text("<!DOCTYPE html><html><body>404</body></html>")
        failed = daemon.inbox / FAILED
        wanted = sorted(f"{name}{suffix}" for name in reasons for suffix in ("", ".error.txt"))
        daemon.wait_for(lambda: failed.exists() and names(failed) == wanted, "all are in failed")
        found = {name: reason_of(daemon.inbox, name) for name in reasons}
        daemon.drop(make_epub(tmp_path / "good.epub", chapters=1))
        daemon.wait_for_phases("done")
        is_alive = daemon.process.poll() is None and daemon.process.pid == pid

    assert [name for name, reason in reasons.items() if reason not in found[name]] == []
    assert all("What to do: " in text for text in found.values())
    assert is_alive


def test_f16_unreadable_file_is_not_taken_said_once_and_taken_when_it_may_be(tmp_path: Path) -> None:
    """F16: a file of another user, mode 0600: one log line, no loop; after `chmod` it is taken."""
    wrapper = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
    if os.geteuid() != 0 or subprocess.run([*wrapper, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("dropping root's rights is not permitted here")
    with daemon_in(tmp_path, wrapper=wrapper) as daemon:
        theirs = daemon.inbox / "a.epub"
        make_epub(tmp_path / "a.epub", chapters=1)
        theirs.touch(mode=0o600)
        os.chown(theirs, 65534, 65534)
        theirs.write_bytes((tmp_path / "a.epub").read_bytes())
        daemon.wait_for(lambda: bool(cast(Row, daemon.status()["inbox"]).get("blocked")), "it is blocked")
        marker = daemon.inbox / "b.epub"
        marker.write_bytes(make_epub(tmp_path / "b.epub", title="Mine", chapters=1).read_bytes())
        marker.chmod(0o644)
        daemon.wait_for_phases("done")
        said = daemon.events("arrival_blocked")
        theirs.chmod(0o644)
        daemon.wait_for_phases("done", "done")

    assert [event["name"] for event in said] == ["a.epub"]
    assert "give its user access" in str(said[0]["reason"])


def test_f17_disk_below_the_limit_pauses_everything_and_resumes_by_itself(tmp_path: Path) -> None:
    """F17: nothing is taken or claimed, `status` says PAUSED(disk); with room it goes on, without cost."""
    with mounted(tmp_path / "small", megabytes=24) as disk:
        ballast = disk / "ballast"
        library, limit = str(disk / "library"), 8 * MEBIBYTE
        with daemon_in(
            tmp_path, drawing=True, paths__library=library, disk__min_free_bytes=limit, inbox__reconcile_seconds=0.5
        ) as daemon:
            fill(ballast, disk, leave=4 * MEBIBYTE)
            daemon.wait_for(lambda: "disk" in cast(Row, daemon.status()["paused"]), "it is paused")
            daemon.drop(make_epub(tmp_path / "a.epub", chapters=1))
            daemon.wait_for(lambda: bool(daemon.events("disk_paused")), "the intake says it")
            during = daemon.books(), [name for name in names(daemon.inbox) if not name.startswith(".")]
            ballast.unlink()
            (book,) = daemon.wait_for_phases("done")
            attempts = attempts_of(Path(str(book["folder"])))
            after = daemon.status()["paused"]

    assert during == ([], ["a.epub"])
    assert after == {}
    assert set(attempts) == {1, 2}  # one a stage: a chapter goes through two


def test_f17_disk_that_is_full_to_the_last_byte_tears_nothing(tmp_path: Path) -> None:
    """F17: full during take, manifest and image writes: whole files only, no failure, and done when there is room."""
    with mounted(tmp_path / "small", megabytes=24) as disk:
        ballast = disk / "ballast"
        with daemon_in(
            tmp_path, drawing=True, paths__library=str(disk / "library"), inbox__reconcile_seconds=0.5
        ) as daemon:
            fill(ballast, disk, leave=0)
            daemon.drop(make_epub(tmp_path / "a.epub", chapters=2))
            daemon.wait_for(lambda: bool(cast(Row, daemon.status()["inbox"]).get("degraded")), "the disk is full")
            os.truncate(ballast, ballast.stat().st_size - 128 * 1024)  # room to take and read it, not for every image
            daemon.wait_for(lambda: released_by_a_full_disk(daemon), "a claim is given back")
            during = manifest_of(disk / "library" / str(daemon.events("book_admitted")[0]["book"]))
            ballast.unlink()
            (book,) = daemon.wait_for_phases("done")
            manifest = manifest_of(Path(str(book["folder"])))
            left = [path.name for pattern in LEFTOVERS for path in (disk / "library").rglob(pattern)]

    for entry in [*during["chapters"].values(), *manifest["chapters"].values()]:
        assert (entry.get("retryCount", 0), entry.get("error")) in ((0, None), (1, None))  # 1 while it is claimed
    assert all("retryCount" not in entry for entry in manifest["chapters"].values())
    assert left == []


def fill(ballast: Path, disk: Path, *, leave: int) -> None:
    """Write until only so many bytes are left."""
    status = os.statvfs(disk)
    with ballast.open("wb") as file:
        file.write(bytes(status.f_bavail * status.f_frsize - leave))


def manifest_of(folder: Path) -> dict[str, dict[str, dict[str, object]]]:
    return cast(dict[str, dict[str, dict[str, object]]], json.loads((folder / ".imaginize.manifest.json").read_text()))


def attempts_of(folder: Path) -> list[object]:
    manifest = manifest_of(folder)
    return [entry["attempt"] for part in ("steps", "chapters") for entry in manifest[part].values()]


def released_by_a_full_disk(daemon: Daemon) -> bool:
    return any(event["reason"] == "disk full" for event in daemon.events("claim_released"))
