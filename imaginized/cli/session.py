"""A daemon of one's own for a few books: start it, hand it files, follow them, drain it. `demo` and `illustrate`."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from imaginized.cli.dropped import book_of
from imaginized.cli.errand import Errand, Outcome, Session
from imaginized.cli.output import echo
from imaginized.cli.watching import Show, follow
from imaginized.control.client import Client
from imaginized.control.protocol import RESUME, SCAN
from imaginized.errors import ControlError, ExitCode
from imaginized.inbox.dropping import NOTHING, Asked, digest_of
from imaginized.reasons import Code
from imaginized.store.files import BookFiles
from imaginized.store.naming import book_pattern

START_SECONDS = 60.0
DRAIN_SECONDS = 90.0
STOP_SECONDS = 10.0
SIGNALLED = 128  # what a shell adds to the number of the signal
POLL_SECONDS = 0.1
AGAIN = "run the same command again to continue where it stopped"
LONGEST_SOCKET_PATH_BYTES = 100


@contextmanager
def own_daemon(
    *,
    state: Path,
    inbox: Path,
    library: Path,
    options: Mapping[str, object],
    environment: Mapping[str, str],
    again: str = AGAIN,
) -> Iterator[Session]:
    """Run the real daemon on these folders for as long as the context lasts, then drain it.

    It ends with us, however we end: it holds the other end of a pipe, and stops at once when that closes.

    Args:
        state: Folder for its settings file and log.
        inbox: Its inbox.
        library: Its library.
        options: More settings, by dotted key.
        environment: For the daemon.
        again: What continues, when it or the user ends early.

    Raises:
        ControlError: It does not start, and the message ends with its log; or it ended meanwhile.
    """
    for folder in (state, inbox, library):
        folder.mkdir(parents=True, exist_ok=True)
    with _socket_path(state) as socket:
        config, log = state / "imaginized.toml", state / "daemon.log"
        paths = {"paths.inbox": inbox, "paths.library": library, "paths.socket": socket}
        # Whoever waits for these few files alone wants them now, whatever room they leave to others, and is not still
        # writing them: what is incomplete stays so.
        alone = {"disk.min_free_bytes": 0, "inbox.incomplete_timeout_seconds": 0.2}
        config.write_text(_config({**options, **paths, **alone}))
        process = _begun(config, log=log, environment=environment)
        with (
            _ended(process, again=again),
            _explained(process, log=log, again=again),
            _connected(process, socket=socket, log=log) as client,
        ):
            yield Session(client=client, inbox=inbox, library=library, socket=socket, log=log)


def _begun(config: Path, *, log: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """The daemon's process, in a group of its own: Ctrl-C is for us to tell it of."""
    command = [sys.executable, "-m", "imaginized", "run", "--config", str(config), "--end-with-stdin"]
    with log.open("ab") as writing:
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=writing, stderr=writing, env=dict(environment), process_group=0
        )


def illustrate_files(
    session: Session,
    files: Sequence[Path],
    *,
    show: Show,
    say: Callable[[str], None],
    asked: Asked = NOTHING,
    approve_usd: float | None = None,
) -> list[Outcome]:
    """Copy files into the inbox, as a user would, and follow them to their end.

    Args:
        session: The daemon.
        files: The books.
        show: Shows how far they are.
        say: Tells a person what holds the work up.
        asked: What is asked for all of them.
        approve_usd: What each may cost in all without asking; None to leave a book held that wants to cost more.

    Raises:
        ControlError: The daemon went away.
    """
    with suppress(ControlError):  # what an earlier run ended paused may be well by now; mostly nothing was
        session.client.ask(RESUME)
    errand = Errand(session, say=say, approve_usd=approve_usd)
    for file in files:
        digest = digest_of(file)
        errand.take(file, digest=digest, asked=_asked_anew(session, digest, asked))
    session.client.ask(SCAN)
    follow(
        errand.ask,
        show=lambda books: show([book for digest in errand.digests if (book := book_of(books, digest))]),
        is_over=errand.is_over,
    )
    return errand.outcomes()


def judged(
    files: Sequence[Path], *, wants_conversion: Callable[[], bool] = lambda: False
) -> tuple[list[Path], list[Outcome]]:
    """The files that a daemon would take, and what becomes of the others: no daemon need be asked for that.

    `wants_conversion` tells whether its settings want those converted that no reader reads; asked only for such.
    """
    # It loads what looks into books; the supervisor, which is made of these modules, too, must not.
    from imaginized.inbox.explain import judge_file
    from imaginized.process.converter import may_convert
    from imaginized.reading.formats import is_convertible

    good, refused = [], []
    for file in files:
        try:
            is_converting = is_convertible(file.name) and may_convert(wants_conversion())
            found = judge_file(file, is_converting=is_converting)
        except OSError as error:
            text = f"it cannot be read: {error.strerror or error}"
            refused.append(Outcome(file=file, book=None, reason=text, code=Code.IO))
            continue
        if found is None:
            good.append(file)
        else:
            told = Outcome(file=file, book=None, reason=found.reason, code=found.code)
            refused.append(replace(told, next_step=found.next_step, is_rejected=True))
    return good, refused


def _asked_anew(session: Session, digest: str, asked: Asked) -> Asked:
    """What is asked, with the order to do the book again if it was done for something else."""
    folder = next(session.library.glob(book_pattern(digest)), None)
    if folder is None or not asked:
        return asked
    try:
        before = json.loads(BookFiles(folder).request.read_bytes())
    except FileNotFoundError:
        before = {}
    is_same = all(before.get(key) == value for key, value in asked.items())
    return asked if is_same else {**asked, "force": True}


def _config(options: Mapping[str, object]) -> str:
    """Settings as TOML: one line a key."""
    return "".join(f"{key} = {_toml(value)}\n" for key, value in options.items() if value is not None)


def _toml(value: object) -> str:
    """A JSON string, number or list is a TOML one too."""
    return json.dumps(str(value) if isinstance(value, Path) else value, ensure_ascii=False)


@contextmanager
def _socket_path(state: Path) -> Iterator[Path]:
    """A path for the socket that the kernel's 107 bytes can hold."""
    wanted = state / "control.sock"
    if len(os.fsencode(wanted)) <= LONGEST_SOCKET_PATH_BYTES:
        yield wanted
        return
    with tempfile.TemporaryDirectory(prefix="imaginized-") as folder:
        yield Path(folder) / "control.sock"


@contextmanager
def _connected(process: subprocess.Popen[bytes], *, socket: Path, log: Path) -> Iterator[Client]:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            client = Client(socket)
            break
        except ControlError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
                raise ControlError(f"the daemon did not start:\n{tail}", exit_code=ExitCode.BUG) from error
            time.sleep(POLL_SECONDS)
    with client:
        yield client


@contextmanager
def _explained(process: subprocess.Popen[bytes], *, log: Path, again: str) -> Iterator[None]:
    """What is said of a daemon that ended under our hands: the client knows nothing of its process and its log."""
    try:
        yield
    except ControlError as error:
        if error.exit_code != ExitCode.NOT_RUNNING:
            raise
        with suppress(subprocess.TimeoutExpired):  # its socket closes a little before it ends
            process.wait(STOP_SECONDS)
        code = process.returncode
        if code is None:
            raise
        how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
        text = f"the daemon of this command {how}; {log} may say why; {again}"
        raise ControlError(text, exit_code=error.exit_code) from error


@contextmanager
def _ended(process: subprocess.Popen[bytes], *, again: str) -> Iterator[None]:
    """Drain the daemon at the end, or at Ctrl-C; after anything else, or at a second Ctrl-C, it stops at once."""
    with _ending_signals():
        try:
            try:
                yield
            except KeyboardInterrupt:
                echo(f"Finishing the steps under way; Ctrl-C again stops at once. Later: {again}.", err=True)
                _drain(process)
                raise
            _drain(process)
        finally:
            _stop(process)


@contextmanager
def _ending_signals() -> Iterator[None]:
    """Let SIGTERM and a closed terminal unwind the program, so that it leaves nothing behind."""

    def end(number: int, _frame: object) -> None:
        raise SystemExit(SIGNALLED + number)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _drain(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(DRAIN_SECONDS)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the daemon now; one that does not end is killed, and its claims stay for the next to reap."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
