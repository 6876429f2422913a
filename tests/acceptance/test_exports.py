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


def test_an_export_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    """A book without pictures has no edition; its guide is whole all the same."""
    with daemon_in(tmp_path) as daemon:
        daemon.drop(make_epub(tmp_path / "small.epub", chapters=1))
        book = str(daemon.wait_for_phases("done")[0]["book"])
        told = CliRunner().invoke(main, ["--socket", str(daemon.socket), "export", book, "--format", "epub"])
        contents = (daemon.library / book / "Contents.md").read_text()

    assert told.exit_code == ExitCode.NEEDS_ATTENTION
    assert told.stderr == "imaginizectl: no epub file: there is no picture to put into it\n"
    assert "No epub file: there is no picture to put into it" in contents
