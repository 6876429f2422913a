"""The client: what it prints, what it returns, and what it says when nobody answers."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from imaginized.cli.ctl import chapters_asked
from imaginized.cli.view import book_line, detail_lines, status_lines
from imaginized.cli.watching import Patient
from imaginized.control.client import Client
from imaginized.errors import ControlError, ExitCode
from imaginized.inbox.dropping import copy_into
from imaginized.reading.formats import labels
from imaginized.settings.places import SYSTEM_SOCKET, client_socket, default_socket, lock_note
from imaginized.store.locking import LifeLock
from imaginized.version import PROTOCOL
from tests.support.clients import ctl, daemon_saying
from tests.support.waiting import DEADLINE_SECONDS

BOOK: Mapping[str, object] = {
    "book": "small-0123abcd",
    "title": "Small",
    "phase": "partial",
    "progress": 0.5,
    "chapters": {"total": 4, "completed": 2},
    "failed": [3],
    "error": None,
    "guide": "/library/small-0123abcd/index.html",
    "folder": "/library/small-0123abcd",
    "original": "small.epub",
}


@contextmanager
def conversing(path: Path, *connections: list[Mapping[str, object]]) -> Iterator[None]:
    """A daemon that gives one client after the other these answers, and hangs up after the last."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()

        def answer() -> None:
            for replies in connections:
                client, _ = listening.accept()
                with client, client.makefile("rwb") as stream:
                    for reply in replies:
                        stream.readline()
                        stream.write(json.dumps(reply).encode() + b"\n")
                        stream.flush()

        thread = threading.Thread(target=answer)
        thread.start()
        yield
        thread.join(DEADLINE_SECONDS)


def test_watching_waits_for_what_settles_and_for_a_daemon_that_restarts(tmp_path: Path) -> None:
    """A file that was added just now is no error, nor is a restart; what stops all work is said once."""

    def said(**values: object) -> Mapping[str, object]:
        status = {"state": "running", "breaker": "closed", "inbox": {"settling": ["small.epub"]}, "books": [BOOK]}
        return {"result": {"protocol": PROTOCOL, **status, **values}}

    no_book = said(is_exact=False, books=[])
    paused = said(paused={"disk": "1 MB is free"}), said(paused={"disk": "2 MB are free"})
    first, second = [said(), no_book, said(), said(is_exact=False, books=[BOOK])], [*paused, said()]
    lines: list[str] = []
    with (
        conversing(tmp_path / "s", first, second),
        Patient(tmp_path / "s", say=lines.append, poll_seconds=0.01) as patient,
    ):
        found = patient.find("small")
        books = [patient.ask()["books"] for _ in second]

    assert found == "small-0123abcd"
    assert books == [[BOOK]] * 3
    assert lines == [
        "no book 'small' yet; waiting for what is still in the inbox: small.epub",
        "lost the connection to imaginized; waiting up to 60 s for it to come back",
        "PAUSED(disk): 1 MB is free",
    ]


def test_no_daemon_is_exit_3_and_one_helpful_line(tmp_path: Path) -> None:
    """Without a socket the client says that nothing runs and how to start it."""
    result = ctl(tmp_path / "none", "status")

    assert result.exit_code == ExitCode.NOT_RUNNING
    assert result.stderr.count("\n") == 1
    assert "imaginized run" in result.stderr


def test_hint_names_the_systemd_that_would_run_it(tmp_path: Path) -> None:
    """For a socket of one's own it is the user's systemd, for the service's the machine's."""
    own, services = ctl(tmp_path / "none", "status"), ctl(SYSTEM_SOCKET, "status")

    assert "`systemctl --user start imaginized`" in own.stderr
    assert "`systemctl start imaginized`" in services.stderr or SYSTEM_SOCKET.exists()


def test_daemon_that_does_not_answer_is_told_from_one_that_does_not_run(tmp_path: Path) -> None:
    """Whoever listens and says nothing is waited for so long, then it is 124, with the place to look at."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s"))
        listening.listen()
        with Client(tmp_path / "s", timeout_seconds=0.05) as client, pytest.raises(ControlError) as caught:
            client.call("status")

    assert caught.value.exit_code == ExitCode.TIMED_OUT
    assert "journalctl --user -u imaginized" in str(caught.value)


def test_left_over_socket_is_told_from_none(tmp_path: Path) -> None:
    """A socket that nobody listens on was left by a killed daemon, and the client says so."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s"))
    result = ctl(tmp_path / "s", "status")

    assert result.exit_code == ExitCode.NOT_RUNNING
    assert "killed" in result.stderr


def test_refusal_carries_its_exit_code(tmp_path: Path) -> None:
    """What the daemon refuses ends the client with the code the daemon named."""
    reply = b'{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"no book x","data":{"exit_code":4}}}\n'
    with daemon_saying(tmp_path / "s", reply):
        result = ctl(tmp_path / "s", "status", "x")

    assert result.exit_code == ExitCode.NO_SUCH_BOOK
    assert result.stderr == "imaginizectl: no book x\n"


def test_daemon_that_hangs_up_is_not_running(tmp_path: Path) -> None:
    """A daemon that ends in the middle of a call is told apart from a bug of the client."""
    with daemon_saying(tmp_path / "s", b""):
        result = ctl(tmp_path / "s", "status")

    assert result.exit_code == ExitCode.NOT_RUNNING
    assert "closed the connection" in result.stderr


@pytest.mark.parametrize(
    ("text", "numbers"), [("3", [3]), ("1-3,8", [1, 2, 3, 8]), (" 2 , 4-5 ", [2, 4, 5]), ("3,1-3", [1, 2, 3])]
)
def test_chapters_are_read_as_people_write_them(text: str, numbers: list[int]) -> None:
    """Ranges and single chapters, with commas."""
    assert chapters_asked(text) == numbers
    assert chapters_asked(None) is None


@pytest.mark.parametrize(
    "text",
    ["x", "1-", "-3", "1..3", "1;2", "", " ", ",", "1,,2", "8-5", "0", "0-3", "123456", "1-99999", "٣", "1," * 400],
)
def test_f40_chapters_that_make_no_sense_are_refused(text: str) -> None:
    """Anything else is a usage error that shows the form; nothing, as of a variable that is not set, is not all."""
    with pytest.raises(ControlError, match="1-5,8") as caught:
        chapters_asked(text)

    assert caught.value.exit_code == ExitCode.USAGE


def test_copy_keeps_what_is_there(tmp_path: Path) -> None:
    """A file of the same name in the inbox is not overwritten, and no partial copy stays."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "a.epub").write_text("first")
    (tmp_path / "a.epub").write_text("second")
    target = copy_into(inbox, tmp_path / "a.epub")

    assert target.name == "a-2.epub"
    assert {path.name: path.read_text() for path in inbox.iterdir()} == {"a.epub": "first", "a-2.epub": "second"}


def test_failed_chapters_are_named_with_the_next_step() -> None:
    """A partial book's line says which chapters failed and how to see why."""
    line = book_line(BOOK)

    assert "50%" in line
    assert "2/4 chapters" in line
    assert "failed: chapter 3" in line
    assert "`imaginizectl status small-0123abcd` says why" in line
    assert "`imaginizectl retry small-0123abcd` tries again" in line


def test_detail_shows_the_error_of_a_chapter() -> None:
    """status BOOK lists every chapter, and the reason of each that failed."""
    chapter = {"number": 3, "title": "The Third", "words": 900, "stage": "illustrate", "status": "failed"}
    row = {**chapter, "owner": None, "retry_count": 3, "attempt": 4, "error": "killed by SIGKILL", "file": None}
    nothing: dict[str, object] = {"skipped": [], "warnings": [], "reader": None}
    lines = detail_lines({**BOOK, "steps": [], "chapter_list": [row], **nothing})

    assert "3. The Third" in lines[-1]
    assert lines[-1].endswith("failed (3 tries ended badly): killed by SIGKILL")


def test_detail_shows_where_chapters_came_from_and_what_was_skipped() -> None:
    """status BOOK maps chapters to the original's files and pages, and names what is no story with its reason."""
    chapter = {"number": 1, "title": "I", "words": 900, "stage": "analyze", "status": "pending", "owner": None}
    source = {"file": "OPS/text/one.xhtml", "fragment": "c1", "files": 3, "page": 7}
    row = {**chapter, "retry_count": 0, "attempt": 0, "error": None, **source}
    skipped = {"title": "Imprint", "reason": "imprint", "words": 90, "file": "OPS/imprint.xhtml", "code": None}
    others = [
        {**skipped, "reason": "whatever is said", "code": "not_asked", "number": number} for number in range(2, 365)
    ]
    told = {"skipped": [skipped, *others], "warnings": ["a.xhtml is missing"], "reader": "recovery"}
    lines = detail_lines({**BOOK, "steps": [], "chapter_list": [row], **told})

    assert lines[-5].strip() == "page 7, from one.xhtml#c1 and 2 more"
    assert lines[-4].startswith("  skipped: Imprint") and lines[-4].endswith("90 words  imprint, imprint.xhtml")
    assert lines[-3].startswith("  left out: chapters 2-364, not asked for; `imaginizectl add")
    assert lines[-2:] == ["  read by the recovery reader", "  odd: a.xhtml is missing"]


def test_empty_library_says_where_to_drop() -> None:
    """With no book yet, status says where to put one."""
    status = {
        "version": "1",
        "state": "running",
        "workers": [],
        "breaker": "closed",
        "inbox": {},
        "books": [],
        "problems": [],
        "paths": {"inbox": "/in"},
    }

    assert status_lines(status, journal="j")[-1] == f"no books yet; drop one ({labels('or')}) into /in"


def test_client_looks_where_the_daemon_listens(tmp_path: Path) -> None:
    """What is set wins, then the user's own daemon, then the system's."""
    runtime = {"XDG_RUNTIME_DIR": str(tmp_path)}

    assert client_socket({"IMAGINIZED_SOCKET": "/x/s", **runtime}) == Path("/x/s")
    assert client_socket(runtime) == default_socket(runtime) == tmp_path / "imaginized" / "control.sock"
    assert client_socket({}) == SYSTEM_SOCKET or os.geteuid() != 0


def test_client_reads_the_socket_of_the_settings(tmp_path: Path) -> None:
    """paths.socket of the settings file that every program finds counts before the defaults, as for the daemon."""
    folder = tmp_path / "imaginized"
    folder.mkdir()
    where = {"XDG_CONFIG_HOME": str(tmp_path), "XDG_RUNTIME_DIR": "/run/user/7", "HOME": "/home/reader"}
    texts = {
        'paths.socket = "s"\n': folder / "s",
        '[paths]\n# socket = "/no"\nsocket = "~/s"\n': Path("/home/reader/s"),
        'paths = { inbox = "#", socket = "/x" }\n': Path("/x"),
        '#socket = "/no"\n': default_socket(where),
        'socket = "/no"\n': default_socket(where),
        "paths.socket = 7\n": default_socket(where),
        "paths.socket = broken\n": default_socket(where),
    }
    found = {}
    for text in texts:
        (folder / "imaginized.toml").write_text(text)
        found[text] = client_socket(where)

    assert found == texts
    assert client_socket({**where, "IMAGINIZED_SOCKET": "/e"}) == Path("/e")
    assert client_socket({**where, "IMAGINIZED_PATHS__SOCKET": "/v"}) == Path("/v")
    (tmp_path / "other.toml").write_text('paths.socket = "/o"\n')
    assert client_socket(where, config=tmp_path / "other.toml") == Path("/o")


PLAIN_USER = """
import os, sys
from pathlib import Path
from imaginized.control.socketfile import SocketFile
from imaginized.logs.log import get_log
from imaginized.settings.places import client_socket, default_socket
home = Path(sys.argv[1])
if os.geteuid() == 0:
    os.chown(home, 65534, 65534), os.setgroups([]), os.setgid(65534), os.setuid(65534)
where = {"HOME": str(home)}
path = default_socket(where)
file = SocketFile(path, note="1 /books", log=get_log())
with file.bind():
    session = {**where, "XDG_RUNTIME_DIR": "/run/user/65534"}
    print(path, client_socket(where) == path, client_socket(session) == path, oct(path.parent.stat().st_mode))
    file.remove()
try:
    SocketFile(Path("/proc/imaginized/s"), note="", log=get_log()).bind()
except OSError as error:
    print(error)
"""


def test_plain_user_without_a_runtime_folder_has_a_socket(tmp_path: Path) -> None:
    """After `su`, from cron, in a container: in a folder of their own at home, where the client looks, too."""
    tmp_path.chmod(0o755)
    command = [sys.executable, "-c", PLAIN_USER, "."]  # nobody may look into pytest's own folder
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=tmp_path)

    assert ended.returncode == 0, ended.stderr
    facts, refusal = ended.stdout.splitlines()
    assert facts == ".local/state/imaginized/control.sock True True 0o40700"
    assert "the control socket /proc/imaginized/s cannot be made" in refusal
    assert "paths.socket" in refusal
    assert "XDG_RUNTIME_DIR" in refusal


@pytest.mark.parametrize(
    ("file", "before", "said"),
    [
        ("/i", "/i", "reloaded /i; "),
        ("/j", "/i", "reloaded /j instead of /i; "),
        (None, "/i", "/i is gone, so every key has its default now; "),
        (None, None, "there is no settings file, so every key has its default now; "),
    ],
)
def test_reload_names_what_is_in_force(tmp_path: Path, file: str | None, before: str | None, said: str) -> None:
    """Whoever deleted the settings file is told so by the reload itself, not by a later status."""
    result = {"protocol": PROTOCOL, "version": "1", "file": file, "file_before": before}
    reply = json.dumps({"jsonrpc": "2.0", "id": 1, "result": result}).encode() + b"\n"
    with daemon_saying(tmp_path / "s", reply):
        told = ctl(tmp_path / "s", "reload")

    assert told.stdout.startswith(said)


def test_f41_a_daemon_whose_socket_is_gone_is_named_by_every_command(tmp_path: Path) -> None:
    """Who holds the lock beside the socket runs, with exit 3; also after a kill left the socket, and for `version`."""
    with closing(LifeLock(tmp_path / "s.lock", note=lock_note(pid=4711, library=Path("/books")))) as lock:
        lock.take(wait_seconds=0)
        gone = ctl(tmp_path / "s", "status")
        version = ctl(tmp_path / "s", "version")
        with socket.socket(socket.AF_UNIX) as refusing:
            refusing.bind(f"{tmp_path}/s")
            refused = ctl(tmp_path / "s", "status")
    after = ctl(tmp_path / "s", "status")

    for result in (gone, refused):
        assert result.exit_code == ExitCode.NOT_RUNNING
        assert "is running (process 4711, library /books), but its socket" in result.stderr
    assert "is running (process 4711, library /books), but its socket" in version.stdout
    assert "imaginized is not running" in after.stderr


def test_path_that_no_socket_can_have_is_told_apart(tmp_path: Path) -> None:
    """A path over the kernel's limit is a wrong --socket, not a daemon to be started."""
    ended = ctl(tmp_path / ("x" * 120), "status")

    assert ended.exit_code == ExitCode.USAGE
    assert "107 bytes" in ended.stderr


AS_NOBODY = """
import os, sys
from imaginized.control.client import Client
from imaginized.cli.ctl import main
from imaginized.settings.places import client_socket
if os.geteuid() == 0:  # who may open everything; after the imports, for nobody may read no checkout
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
print(client_socket({"XDG_RUNTIME_DIR": sys.argv[1]}), flush=True)
main(["--socket", sys.argv[1] + "/imaginized/control.sock", "status"])
"""


def test_folder_without_rights_is_a_permission_error(tmp_path: Path) -> None:
    """A socket that we may not even look for is told apart from one that is not there, by a line and no traceback."""
    (tmp_path / "imaginized").mkdir(mode=0o000)
    tmp_path.chmod(0o755)
    command = [sys.executable, "-c", AS_NOBODY, "."]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_SECONDS, cwd=tmp_path)

    assert ended.returncode == ExitCode.PERMISSION, ended.stderr
    assert ended.stdout == "imaginized/control.sock\n"
    assert ended.stderr.startswith("imaginizectl: no permission for imaginized/control.sock; join the group")
