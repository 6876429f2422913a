"""What is made of a book for other programs: beside the guide, and by `imaginizectl export` without a daemon."""

from pathlib import Path

from click.testing import CliRunner

from imaginized.cli.ctl import main
from imaginized.errors import ExitCode
from tests.support.daemons import daemon_in
from tests.support.editions import verified
from tests.support.epubs import make_epub


def test_a_book_comes_back_with_its_pictures_and_goes_with_the_setting(tmp_path: Path) -> None:
    """The edition is made with the guide, again without a daemon, and swept once nobody wants the format."""
    with daemon_in(tmp_path, drawing=True) as daemon:
        daemon.drop(make_epub(tmp_path / "small.epub", chapters=2))
        book = str(daemon.wait_for_phases("done")[0]["book"])
        folder = daemon.library / book
        edition = folder / "exports" / f"{book}.epub"
        first = edition.read_bytes()
        assert f"(./exports/{book}.epub)" in (folder / "Contents.md").read_text()
        told = verified(folder)
        assert told.returncode == 0, told.stdout

        daemon.stop()
        edition.unlink()
        command = ["--socket", str(daemon.socket), "export", book, "--config", str(daemon.folder / "imaginized.toml")]
        again = CliRunner().invoke(main, [*command, "--format", "epub"])
        assert (again.exit_code, again.output) == (ExitCode.OK, f"{edition}\n")
        assert edition.read_bytes() == first
        unknown = CliRunner().invoke(main, [*command, "--format", "cuneiform"])
        assert unknown.exit_code == ExitCode.USAGE and "markdown, html, epub" in unknown.stderr

        daemon.options = {**daemon.options, "guide.formats": ["markdown"]}
        daemon.start()
        daemon.call("retry", book=book)
        daemon.wait_for(lambda: not edition.exists(), "the edition is swept")
        daemon.wait_for_phases("done")

        assert not (folder / "index.html").exists()
        assert "index.html" not in (folder / "Contents.md").read_text()


def test_a_watched_folder_has_what_the_settings_want(tmp_path: Path) -> None:
    """Made with the guide; a format that is taken out goes there, too, and a stranger's file stays."""
    watched = tmp_path / "watched"
    template, formats = str(watched / "{author}" / "{title}"), ["markdown", "epub", "cbz"]
    with daemon_in(tmp_path, drawing=True, paths__exports=template, guide__formats=formats) as daemon:
        daemon.drop(make_epub(tmp_path / "small.epub", chapters=1))
        book = str(daemon.wait_for_phases("done")[0]["book"])
        found = {path.suffix: path for path in watched.rglob("*") if path.is_file()}
        exports = daemon.library / book / "exports"
        assert {suffix: path.read_bytes() for suffix, path in found.items()} == {
            suffix: (exports / f"{book}{suffix}").read_bytes() for suffix in (".epub", ".cbz")
        }
        stranger = found[".cbz"].with_name("other.cbz")
        stranger.write_bytes(b"theirs")

        daemon.stop()
        daemon.options = {**daemon.options, "guide.formats": ["markdown", "epub"]}
        daemon.start()
        daemon.call("retry", book=book)
        daemon.wait_for(lambda: not found[".cbz"].exists(), "the comic is swept")
        daemon.wait_for_phases("done")

        assert found[".epub"].exists() and stranger.read_bytes() == b"theirs"


def test_a_folder_of_a_book_is_exported_wherever_it_lies(tmp_path: Path) -> None:
    """No daemon, no settings, no library: the book itself is enough. A data file that is damaged or gone is named."""
    with daemon_in(tmp_path, drawing=True) as daemon:
        daemon.drop(make_epub(tmp_path / "small.epub", chapters=1))
        book = str(daemon.wait_for_phases("done")[0]["book"])
        daemon.stop()
        folder = tmp_path / "elsewhere" / book
        folder.parent.mkdir()
        (daemon.library / book).rename(folder)
    formats = [option for name in ("cbz", "pdf", "single", "guide-epub") for option in ("--format", name)]
    told = CliRunner().invoke(main, ["export", str(folder), "--config", "/dev/null", *formats])
    checked = verified(folder)

    scenes = folder / "data" / "scenes" / "001.json"
    scenes.write_text("{}")
    damaged = CliRunner().invoke(main, ["export", str(folder), "--config", "/dev/null"])
    scenes.unlink()
    lost = CliRunner().invoke(main, ["export", str(folder), "--config", "/dev/null"])

    assert (told.exit_code, told.stderr) == (ExitCode.OK, "")
    assert damaged.exit_code == ExitCode.NEEDS_ATTENTION
    assert f"`rm {scenes}` and `imaginizectl retry {book}` have it made again" in damaged.stderr
    assert lost.exit_code == ExitCode.NOTHING_TO_DO
    assert str(scenes) in lost.stderr and "imaginizectl retry" in lost.stderr
    assert sorted(told.stdout.splitlines()) == sorted(
        f"{folder}/exports/{book}{end}" for end in (".cbz", ".pdf", ".html", "-guide.epub")
    )
    assert "(./exports/" in (folder / "Contents.md").read_text() and checked.returncode == 0, checked.stdout


def test_an_export_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    """A book without pictures has no edition; its guide is whole all the same."""
    with daemon_in(tmp_path) as daemon:
        daemon.drop(make_epub(tmp_path / "small.epub", chapters=1))
        book = str(daemon.wait_for_phases("done")[0]["book"])
        told = CliRunner().invoke(main, ["--socket", str(daemon.socket), "export", book, "--format", "epub"])
        contents = (daemon.library / book / "Contents.md").read_text()

    assert told.exit_code == ExitCode.NEEDS_ATTENTION
    assert told.stderr == "imaginizectl: no epub file: there are no pictures for it\n"
    assert "No epub file: there are no pictures for it" in contents
