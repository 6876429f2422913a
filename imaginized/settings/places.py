"""Where programs look for each other when nobody says otherwise, and who has the socket.

Imports nothing of ours, so that the client starts at once.
"""

import fcntl
import os
from collections.abc import Mapping
from pathlib import Path

SYSTEM_SOCKET = Path("/run/imaginized/control.sock")
SOCKET_VARIABLE = "IMAGINIZED_SOCKET"
SOCKET_KEY_VARIABLE = "IMAGINIZED_PATHS__SOCKET"  # the daemon's; the other is for clients alone
SYSTEM_SETTINGS = Path("/etc/imaginized/imaginized.toml")
SETTINGS_VARIABLE = "IMAGINIZED_CONFIG"
ELSEWHERE = (
    "set paths.socket in the settings (of a front: --socket), or $XDG_RUNTIME_DIR, to a place where you may write"
)
LONGEST_NOTE_BYTES = 8192
LOCKS = Path("/proc/locks")


def default_socket(environment: Mapping[str, str]) -> Path:
    """Where the daemon of this user listens: below $XDG_RUNTIME_DIR, else where a service does, else in their home.

    A user without a runtime folder (after `su`, from cron, in a container) may not make the service's folder in /run.
    """
    return _default_sockets(environment)[0]


def _default_sockets(environment: Mapping[str, str]) -> list[Path]:
    """Where a daemon may listen by default, first where one of this user would that is started now."""
    runtime = environment.get("XDG_RUNTIME_DIR")
    found = [Path(runtime) / "imaginized" / "control.sock"] if runtime else []
    if os.geteuid() == 0:
        return [*found, SYSTEM_SOCKET]
    is_service = os.access(SYSTEM_SOCKET.parent, os.W_OK)
    state = Path(environment.get("XDG_STATE_HOME") or _home(environment) / ".local" / "state")
    own = state / "imaginized" / "control.sock"
    return [*found, *([SYSTEM_SOCKET, own] if is_service else [own, SYSTEM_SOCKET])]


def client_socket(environment: Mapping[str, str], *, config: Path | None = None) -> Path:
    """Where a client looks: $IMAGINIZED_SOCKET, else what the settings name, else the first default where one may be.

    Args:
        environment: Variables.
        config: The settings file; None for the one that every program finds.
    """
    if environment.get(SOCKET_VARIABLE):
        return Path(environment[SOCKET_VARIABLE])
    named = _named_socket(settings_file(config, environment), environment)
    if named is not None:
        return named
    defaults = _default_sockets(environment)
    # One that has lost its socket is no reason to ask another.
    return next((path for path in defaults if _may_be_there(path) or holder_of(path)), defaults[0])


def _named_socket(file: Path | None, environment: Mapping[str, str]) -> Path | None:
    """What the settings say of paths.socket, read without all that checks them; None for nothing that can be used."""
    home = _home(environment)
    if environment.get(SOCKET_KEY_VARIABLE):
        return placed(environment[SOCKET_KEY_VARIABLE], folder=Path.cwd(), home=home)
    if file is None:
        return None
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except (OSError, ValueError):
        return None  # `doctor` and the daemon itself say what is wrong with it
    if not any("socket" in line for line in text.splitlines() if not line.lstrip().startswith("#")):
        return None
    import tomllib  # 5 ms, which most settings need not cost the client's start

    try:
        value = tomllib.loads(text)["paths"]["socket"]
    except (tomllib.TOMLDecodeError, KeyError, TypeError):
        return None
    is_path = isinstance(value, str) and value
    return placed(value, folder=file.absolute().parent, home=home) if is_path else None


def placed(text: str, *, folder: Path, home: Path) -> Path:
    """A path of the settings made absolute: ~ is the home folder, what is relative counts from `folder`."""
    first, *rest = Path(text).parts or (".",)
    return home.joinpath(*rest) if first == "~" else folder / text


def lock_beside(socket: Path) -> Path:
    """The lock whose holder alone may bind a socket or remove its file."""
    return socket.with_name(f"{socket.name}.lock")


def lock_note(*, pid: int, library: Path) -> str:
    """What the holder of that lock writes into it."""
    return f"{pid} {library}\n"


def holder_of(socket: Path) -> str:
    """The daemon that has a socket's lock now: "process 4711, library /srv/books"; "" for none that can be seen."""
    lock = lock_beside(socket)
    try:
        status = os.lstat(lock)
    except OSError:
        return ""
    pid = locker_of(status)  # first: it needs no right to open the lock, and is not in the daemon's way
    try:
        fd = os.open(lock, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return f"process {pid}" if pid else ""
    try:
        if pid is None and not _is_locked(fd):
            return ""
        written, _, library = os.read(fd, LONGEST_NOTE_BYTES).decode(errors="replace").strip().partition(" ")
    finally:
        os.close(fd)
    text = f"process {written or pid}, library {library}" if library else f"process {pid}"
    return "".join(character if character.isprintable() else "?" for character in text)


def locker_of(status: os.stat_result) -> int | None:
    """The process that has a file locked by flock, as the kernel tells; None where it tells of none.

    It does not tell where the file system has other numbers for its devices than stat (overlay, btrfs), nor of
    processes outside of our container.
    """
    key = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}:{status.st_ino}"
    try:
        lines = LOCKS.read_text().splitlines()
    except OSError:
        return None
    for line in lines:
        # "1: FLOCK  ADVISORY  WRITE 4711 08:01:1234 0 EOF"; one that waits has "->" behind its number
        fields = line.split()
        if fields[1:2] == ["FLOCK"] and fields[5:6] == [key] and fields[4].isdecimal():
            return int(fields[4]) or None
    return None


def _is_locked(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # a file system without locks
        return False
    return False


def own_settings(environment: Mapping[str, str]) -> Path:
    """Where the settings of this user are: below $XDG_CONFIG_HOME, or ~/.config."""
    return Path(environment.get("XDG_CONFIG_HOME") or _home(environment) / ".config") / "imaginized" / "imaginized.toml"


def settings_file(given: Path | None, environment: Mapping[str, str]) -> Path | None:
    """The settings file that every program reads: `given`, $IMAGINIZED_CONFIG, the user's own, the machine's.

    One that is named, by `given` or the variable, counts even if it is not there: whoever reads it says so. Of the
    others the first that exists. None where there is none, so that the defaults hold.
    """
    named = given or environment.get(SETTINGS_VARIABLE)
    if named:
        return Path(named)
    return next((path for path in (own_settings(environment), SYSTEM_SETTINGS) if _may_be_there(path)), None)


def _home(environment: Mapping[str, str]) -> Path:
    return Path(environment.get("HOME") or Path.home())


def _may_be_there(path: Path) -> bool:
    """Whether there is such a file; also where we may not look, as those outside of the service's group may not."""
    try:
        return path.exists()
    except PermissionError:
        return True
