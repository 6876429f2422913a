"""A daemon of one's own for a few books: start it, hand it files, follow them, drain it. `demo` and `illustrate`."""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from imaginized.cli.client import Client
from imaginized.cli.dropping import NOTHING, Asked, copy_into
from imaginized.cli.troubles import Row
from imaginized.cli.watching import ENDED, Show, follow
from imaginized.errors import ControlError, ExitCode
from imaginized.store.files import BookFiles

START_SECONDS = 60.0
STOP_SECONDS = 90.0
POLL_SECONDS = 0.1
LONGEST_SOCKET_PATH_BYTES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A running daemon and its folders."""

    client: Client
    inbox: Path
    library: Path
    socket: Path
    log: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one file.

    Attributes:
        book: The book's last status; None when it was rejected.
        reason: Why it was rejected; "" otherwise.
    """

    file: Path
    book: Row | None
    reason: str = ""


@contextmanager
def own_daemon(
    *, state: Path, inbox: Path, library: Path, options: Mapping[str, object], environment: Mapping[str, str]
) -> Iterator[Session]:
    """Run the real daemon on these folders for as long as the context lasts, then drain it.

    Args:
        state: Folder for its settings file and log.
        inbox: Its inbox.
        library: Its library.
        options: More settings, by dotted key.
        environment: For the daemon.

    Raises:
        ControlError: It does not start; the message ends with its log.
    """
    for folder in (state, inbox, library):
        folder.mkdir(parents=True, exist_ok=True)
    with _socket_path(state) as socket:
        config = state / "imaginized.toml"
        paths = {"paths.inbox": inbox, "paths.library": library, "paths.socket": socket}
        # Whoever waits for these few files alone wants them now, whatever room they leave to others, and is not still
        # writing them: what is incomplete stays so.
        alone = {"disk.min_free_bytes": 0, "inbox.incomplete_timeout_seconds": 0.2}
        config.write_text(_config({**options, **paths, **alone}))
        log = state / "daemon.log"
        command = [sys.executable, "-m", "imaginized", "run", "--config", str(config)]
        with log.open("ab") as writing:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=writing,
                stderr=writing,
                env=dict(environment),
                process_group=0,
            )
        try:
            with _connected(process, socket=socket, log=log) as client:
                yield Session(client=client, inbox=inbox, library=library, socket=socket, log=log)
        finally:
            _stop(process)


def illustrate_files(session: Session, files: Sequence[Path], *, show: Show, asked: Asked = NOTHING) -> list[Outcome]:
    """Copy files into the inbox, as a user would, and follow them to their end.

    Raises:
        ControlError: The daemon went away.
    """
    wanted: dict[str, tuple[Path, str]] = {}
    for file in files:
        digest = _digest(file)
        wanted[digest] = (file, copy_into(session.inbox, file, asked=_asked_anew(session, digest, asked)).name)
    session.client.call("scan")
    taken: set[str] = set()  # out of the inbox before the status was asked for: one from before may be of an old run
    books = follow(
        lambda: session.client.call("status"),
        show=lambda books: show([book for digest in wanted if (book := _find(books, digest))]),
        is_over=lambda books: _are_over(books, wanted, session, taken),
    )
    return [_outcome(session, books, digest, file, name) for digest, (file, name) in wanted.items()]


def _are_over(books: Sequence[Row], wanted: Mapping[str, tuple[Path, str]], session: Session, taken: set[str]) -> bool:
    is_over = all(name in taken and _has_ended(books, digest, session, name) for digest, (_, name) in wanted.items())
    taken |= {name for _, name in wanted.values() if not (session.inbox / name).exists()}
    return is_over


def _asked_anew(session: Session, digest: str, asked: Asked) -> Asked:
    """What is asked, with the order to do the book again if it was done for something else."""
    folder = next(session.library.glob(f"*-{digest[:8]}"), None)
    if folder is None or not asked:
        return asked
    try:
        before = json.loads(BookFiles(folder).request.read_bytes())
    except FileNotFoundError:
        before = {}
    is_same = all(before.get(key) == value for key, value in asked.items())
    return asked if is_same else {**asked, "force": True}


def _has_ended(books: Sequence[Row], digest: str, session: Session, name: str) -> bool:
    book = _find(books, digest)
    return book["phase"] in ENDED if book else bool(_refusal(session.inbox, name))


def _outcome(session: Session, books: Sequence[Row], digest: str, file: Path, name: str) -> Outcome:
    book = _find(books, digest)
    return Outcome(file=file, book=book, reason="" if book else _refusal(session.inbox, name))


def _find(books: Sequence[Row], digest: str) -> Row | None:
    """The book with this content; its id ends with the first digits of the digest."""
    return next((book for book in books if str(book["book"]).endswith(f"-{digest[:8]}")), None)


def _refusal(inbox: Path, name: str) -> str:
    """Why a file was put into .failed; "" while it was not."""
    try:
        return (inbox / ".failed" / f"{name}.error.txt").read_text().strip()
    except FileNotFoundError:
        return ""


def _digest(file: Path) -> str:
    with file.open("rb") as reading:
        return hashlib.file_digest(reading, "sha256").hexdigest()


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


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Drain the daemon; one that does not end is killed, and its claims stay for the next to reap."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
