"""Nobody cancels the wrong book: an exact id acts, anything else is named and asked about."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from imaginized.errors import ControlError, ExitCode
from tests.support.daemons import Daemon, daemon_in
from tests.support.epubs import make_epub


def command(daemon: Daemon, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "imaginized.cli", "--socket", str(daemon.socket), *arguments]


def piped(daemon: Daemon, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the client where nobody can be asked."""
    return subprocess.run(
        command(daemon, *arguments), capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL
    )


def asked_at_terminal(daemon: Daemon, *arguments: str, answer: bytes) -> tuple[int, str]:
    """Run the client at a terminal, wait for its question, and answer it."""
    ours, terminal = os.openpty()
    with subprocess.Popen(command(daemon, *arguments), stdin=terminal, stdout=terminal, stderr=terminal) as client:
        os.close(terminal)
        shown = b""
        while b"[y/N]" not in shown:
            shown += os.read(ours, 4096)
        os.write(ours, answer)
        code = client.wait(60)
    os.close(ours)
    return code, shown.decode()


def test_only_an_exact_id_acts_unasked(tmp_path: Path) -> None:
    """A fragment is asked about or wants --yes, several candidates are listed, and the socket takes the id alone."""
    with daemon_in(tmp_path) as daemon:
        daemon.call("pause")
        daemon.drop(make_epub(tmp_path / "grey-river.epub", title="Grey River"))
        daemon.drop(make_epub(tmp_path / "green-river.epub", title="Green River"))
        daemon.wait_for_phases("queued", "queued")
        grey, green = sorted((str(row["book"]) for row in daemon.books()), reverse=True)
        before = daemon.books()
        unasked = [piped(daemon, verb, "grey") for verb in ("cancel", "retry", "approve")]
        many = piped(daemon, "cancel", "river", "--yes")
        none = piped(daemon, "cancel", "nobody", "--yes")
        denied, question = asked_at_terminal(daemon, "cancel", "grey", answer=b"\n")
        with pytest.raises(ControlError, match=f"to change {grey}, give that id") as on_socket:
            daemon.call("cancel", book="grey")
        unchanged = daemon.books()
        agreed, _ = asked_at_terminal(daemon, "cancel", "grey", answer=b"y\n")
        sure, exact = piped(daemon, "cancel", "green", "--yes"), piped(daemon, "retry", grey)

    assert unchanged == before
    for verb, ended in zip(("cancel", "retry", "approve"), unasked, strict=True):
        assert ended.returncode == ExitCode.USAGE
        assert f"'grey' is {grey} (" in ended.stderr and f"`imaginizectl {verb} {grey}`, or add --yes" in ended.stderr
    assert many.returncode == none.returncode == on_socket.value.exit_code == ExitCode.NO_SUCH_BOOK
    assert f"\n  {grey} (" in many.stderr and f"\n  {green} (" in many.stderr
    assert denied == ExitCode.NOTHING_TO_DO and f"'grey' is {grey} (" in question and "Cancel it?" in question
    assert (agreed, sure.returncode, exact.returncode) == (0, 0, 0), sure.stderr + exact.stderr
    assert f"'green' is {green} (" in sure.stderr
