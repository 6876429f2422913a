"""What `imaginized init` leaves behind: a commented settings file, and the user unit that runs the daemon with it."""

import itertools
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

from imaginized.errors import ControlError, ExitCode
from imaginized.settings.file import load_settings
from imaginized.settings.places import default_socket, own_settings, settings_file
from imaginized.store.writing import write_atomic

UNIT = "imaginized.service"
SOCKET_LINE = "--socket %t/imaginized/control.sock"
START = ("systemctl --user daemon-reload", "systemctl --user enable --now imaginized")


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """What became of each file.

    Attributes:
        written: Those that are new, or were replaced.
        kept: Those that were there.
        saved: Where those that were replaced are now.
        config: The settings file.
        shadow: The settings file that programs read instead where no --config names ours; None where they read ours.
    """

    written: Sequence[Path]
    kept: Sequence[Path]
    saved: Sequence[Path]
    config: Path
    shadow: Path | None = None


def install(config: Path | None, *, programs: Sequence[str], environment: Mapping[str, str], force: bool) -> Installed:
    """Write what is missing; what is there is kept, or with `force` replaced, its old self beside it as NAME.bak.

    Args:
        config: Where the settings go; None for the user's own place.
        programs: How to run imaginized and imaginizectl, as absolute paths or command lines.
        environment: Variables.
        force: Whether to replace what differs.

    Raises:
        ControlError: Everything is there already.
        SettingsError: The settings that are there have a mistake.
        OSError: A folder or file cannot be made.
    """
    own = own_settings(environment)
    config = (config or own).absolute()
    unit = own.parent.parent / "systemd" / "user" / UNIT
    settings_text = _asset("imaginized.toml")
    is_new = force or not config.exists()
    socket = load_settings(None if is_new else config, environment=environment).paths.socket
    socket_words = SOCKET_LINE if socket == default_socket(environment) else f"--socket {_quoted(str(socket))}"
    wanted = {config: settings_text, unit: _unit_text(programs, config=config, socket_words=socket_words)}
    found = Installed(written=[], kept=[], saved=[], config=config)
    for path, text in wanted.items():
        found = _add(found, path, text, force=force)
    if not found.written:
        there = " and ".join(str(path) for path in found.kept)
        text = f"{there} are as this version writes them" if force else f"{there} are there; --force replaces them"
        raise ControlError(text, exit_code=ExitCode.NOTHING_TO_DO)
    read = settings_file(None, environment)
    return found if read is not None and read.absolute() == config else replace(found, shadow=read or own)


def lines_of(found: Installed) -> Iterator[str]:
    """What was done, and the two commands that come next."""
    yield from (f"wrote {path}" for path in found.written)
    yield from (f"saved what was there as {path}" for path in found.saved)
    yield from (f"kept {path}; --force replaces it" for path in found.kept)
    if found.shadow:
        yield f"note: the unit reads {found.config}; where no --config names it, programs read {found.shadow} instead"
    yield "Without systemd, as in a container, from cron or after `su`, `imaginized run` starts it."
    yield "Next, after a look at the settings:"
    yield from (f"  {command}" for command in START)


def _add(found: Installed, path: Path, text: str, *, force: bool) -> Installed:
    is_there = path.exists()
    if is_there and (not force or path.read_bytes() == text.encode()):
        return replace(found, kept=[*found.kept, path])
    path.parent.mkdir(parents=True, exist_ok=True)
    saved = [path.rename(_free_beside(path))] if is_there else []
    write_atomic(path, text.encode())
    return replace(found, written=[*found.written, path], saved=[*found.saved, *saved])


def _free_beside(path: Path) -> Path:
    """Where the old file goes; what was saved before stays, for it may be the one that somebody wrote."""
    names = itertools.chain(["bak"], (f"bak{number}" for number in itertools.count(2)))
    return next(free for name in names if not (free := path.with_name(f"{path.name}.{name}")).exists())


def _unit_text(programs: Sequence[str], *, config: Path, socket_words: str) -> str:
    """The unit with the programs of this installation and the settings file."""
    daemon, client = programs
    text = _asset("imaginized-user.service")
    text = text.replace("%h/.local/bin/imaginized run", f"{daemon} run --config {_quoted(str(config))}")
    return text.replace(f"%h/.local/bin/imaginizectl {SOCKET_LINE}", f"{client} {socket_words}")


def programs_of(executable: str, *, folder: Path) -> list[str]:
    """How systemd runs imaginized and imaginizectl: the scripts beside this Python, else the modules by it."""
    names = {"imaginized": "imaginized", "imaginizectl": "imaginized.cli"}
    return [
        _quoted(str(folder / name)) if (folder / name).exists() else f"{_quoted(executable)} -m {module}"
        for name, module in names.items()
    ]


def _quoted(word: str) -> str:
    """A word of a command line in a unit: in quotes where it needs them, % and $ doubled."""
    plain = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return plain if shlex.quote(word) == word and plain == word else f'"{plain}"'


def _asset(name: str) -> str:
    return (files("imaginized") / "assets" / name).read_text()
