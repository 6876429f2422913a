"""Backed up while it works and restored elsewhere: nobody pays again for what was paid."""

from pathlib import Path

from imaginized.providers.scripted import Fault, Script, scripted
from tests.support.clients import ctl
from tests.support.daemons import Daemon, asking, daemon_in
from tests.support.epubs import make_epub

WAITS = Fault(kind="held")  # until the test lets it go, and then all is well
CHAPTERS = 4


def options(base_url: str) -> dict[str, object]:
    return {**asking(base_url), "workers__max_concurrency": 2, "guide__formats": ["markdown"]}


def test_a_backup_under_load_restored_elsewhere_pays_for_nothing_again(tmp_path: Path) -> None:
    """Two pictures are paid, two are in flight: the daemon asks for none twice, and the copy for those two alone."""
    script = Script(image=(None, None, WAITS, WAITS))
    with scripted(script) as server, daemon_in(tmp_path, drawing=True, faults="", **options(server.base_url)) as daemon:
        daemon.drop(make_epub(tmp_path / "book.epub", chapters=CHAPTERS))
        daemon.wait_for(lambda: server.counts.at_once == 2, "two pictures are paid, two in flight")
        ended = ctl(daemon.socket, "backup", str(tmp_path / "backup"))
        assert ended.exit_code == 0, ended.output
        server.let_go.set()
        daemon.wait_for_phases("done")
        assert dict(server.counts.requests) == {"text": CHAPTERS, "image": CHAPTERS}

        other = Daemon(folder=daemon.folder / "o", options=daemon.options)
        other.folder.mkdir()
        ended = ctl(other.socket, "restore", str(tmp_path / "backup"), "--library", str(other.library))
        assert ended.exit_code == 0, ended.output
        assert "queued again" in ended.output
        before = server.counts.requests.copy()
        other.start()
        try:
            other.wait_for_phases("done")
        finally:
            other.stop()
        again = dict(server.counts.requests - before)
        refused = ctl(other.socket, "restore", str(tmp_path / "backup"), "--library", str(other.library))

    assert again == {"image": 2}
    assert refused.exit_code == 8
    assert "overwrites nothing" in refused.output
