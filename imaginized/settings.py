"""The settings: every key once, with its unit, range and default; TOML < environment < command line.

All mistakes are reported at once, each with where it stands, its key, its value and what is allowed. The environment
is handed in; this module reads no variable itself.
"""

import difflib
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from imaginized.errors import SettingsError
from imaginized.places import default_socket

ENVIRONMENT_PREFIX = "IMAGINIZED_"
BATCH_SIZES = MappingProxyType({"free": 3, "paid": 5})
SOCKET_PATH_BYTES = 107  # sun_path, less its closing NUL
NOT_BUILT_YET = frozenset({"openai", "epub"})  # named in the design; a user may well try them

Seconds = Annotated[float, Field(ge=0.01, le=604_800)]
Usd = Annotated[float, Field(ge=0, le=1_000_000)]


class Section(BaseModel):
    """What all sections share: no unknown keys, no conversions, no changes."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Paths(Section):
    """Where things are. Relative paths in a file count from that file's folder; ~ is the home folder."""

    inbox: Path = Field(description="Folder to drop books into.")
    library: Path = Field(description="Folder the books and their guides live in; never inside the inbox.")
    profiles: Path = Field(
        description="Folder of NAME.toml files: what is asked for books dropped into the inbox's subfolder NAME."
    )
    socket: Path = Field(
        description="Control socket, at most 107 bytes; in $XDG_RUNTIME_DIR/imaginized where that is set."
    )


class Workers(Section):
    """How many chapters at once, and how long anything may take."""

    max_concurrency: int = Field(default=3, ge=1, le=64, description="Worker processes: chapters in work at once.")
    batch_size: int | None = Field(
        default=None,
        ge=1,
        le=1000,
        description="Chapters a batch; unset: 3 with free, 5 with paid. adaptive has no batches.",
    )
    rate_limit: Literal["free", "paid", "adaptive"] = Field(
        default="adaptive",
        description="Pacing: free and paid work in batches with pauses, adaptive as fast as the endpoint lets.",
    )
    chapter_timeout_seconds: Seconds = Field(
        default=300.0,
        description="A worker that is silent for so long over a chapter is killed and the chapter tried again.",
    )
    stale_after_seconds: Seconds = Field(
        default=600.0, description="A claim whose owner cannot be checked (another host's) is given back after so long."
    )
    max_attempts: int = Field(default=3, ge=1, le=100, description="Tries a chapter gets before it counts as failed.")
    lock_timeout_seconds: Seconds = Field(default=30.0, description="Longest wait for the lock of a book's manifest.")
    reap_interval_seconds: Seconds = Field(
        default=15.0, description="How often to look for claims whose owner is dead."
    )
    drain_seconds: Seconds = Field(
        default=60.0, description="How long workers may finish their step when the daemon stops."
    )

    @property
    def batch_chapters(self) -> int | None:
        """Chapters a batch; None means that there are no batches."""
        if self.rate_limit == "adaptive":
            return None
        return self.batch_size or BATCH_SIZES[self.rate_limit]


class Inbox(Section):
    """When a dropped file counts as whole."""

    settle_seconds: Seconds = Field(
        default=2.0, description="A file must be unchanged for so long before it is admitted."
    )
    reconcile_seconds: Seconds = Field(
        default=60.0, description="How often the inbox is read anew, in case an event was missed."
    )
    incomplete_timeout_seconds: Seconds = Field(
        default=3600.0, description="A file that stays incomplete for so long is set aside as failed."
    )


class Disk(Section):
    """How full the disk may get."""

    min_free_bytes: int = Field(
        default=200_000_000,
        ge=0,
        le=1_000_000_000_000_000,
        description="With less free space than this nothing new is taken or begun; it goes on by itself.",
    )


class ProviderChoice(Section):
    """Who reads the chapters and who draws."""

    text: Literal["builtin"] = Field(
        default="builtin", description="Who picks scenes and elements; builtin needs no key."
    )
    image: Literal["builtin", "none"] = Field(
        default="builtin", description="Who draws: builtin storyboard plates, or none."
    )


class Guide(Section):
    """What the reader gets."""

    pages_per_image: int = Field(
        default=10, ge=1, le=1000, description="One image for so many pages; every chapter gets one."
    )
    formats: tuple[Literal["markdown", "html"], ...] = Field(
        default=("markdown", "html"), min_length=1, description="What is written into a book's folder."
    )

    def scenes_wanted(self, pages: float) -> int:
        """How many scenes a chapter of so many pages gets: rounded, at least one."""
        return max(1, int(pages / self.pages_per_image + 0.5))


class Budget(Section):
    """What may be spent on endpoints that charge, in US dollars. Days are those of UTC."""

    max_usd_per_book: Usd = Field(
        default=10.0, description="Most that one book may cost; at that it waits for `imaginizectl approve`."
    )
    max_usd_per_day: Usd = Field(
        default=20.0, description="Most that all books together may cost in a day; at that they wait for the next day."
    )
    approve_above_usd: Usd = Field(
        default=2.0,
        description="A book that will likely cost more, or has cost more, waits for `imaginizectl approve`.",
    )
    price_file: Path | None = Field(
        default=None, description="Your own copy of the price table; unset: the one that came with imaginized."
    )


class Logs(Section):
    """What the daemon says about itself."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least important level shown."
    )
    format: Literal["auto", "json", "text", "journal"] = Field(
        default="auto", description="auto: colours on a terminal, journal under systemd, else JSON lines."
    )


class Settings(Section):
    """All settings of one daemon."""

    paths: Paths
    workers: Workers = Workers()
    inbox: Inbox = Inbox()
    disk: Disk = Disk()
    provider: ProviderChoice = ProviderChoice()
    guide: Guide = Guide()
    budget: Budget = Budget()
    logs: Logs = Logs()


SECTIONS: Mapping[str, type[Section]] = MappingProxyType(
    {
        "paths": Paths,
        "workers": Workers,
        "inbox": Inbox,
        "disk": Disk,
        "provider": ProviderChoice,
        "guide": Guide,
        "budget": Budget,
        "logs": Logs,
    }
)
KEYS: Mapping[str, FieldInfo] = MappingProxyType(
    {f"{section}.{name}": field for section, kind in SECTIONS.items() for name, field in kind.model_fields.items()}
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Entry:
    """One given value and where it stands; `folder` is what a relative path counts from, `line` is 0 outside a file."""

    key: str
    value: object
    origin: str
    folder: Path
    line: int = 0


def load_settings(
    path: Path | None,
    *,
    environment: Mapping[str, str],
    overrides: Mapping[str, object] = MappingProxyType({}),
) -> Settings:
    """Read a settings file, the environment (IMAGINIZED_WORKERS__MAX_CONCURRENCY) and the command line, in rising rank.

    Args:
        path: The TOML file; None reads none.
        environment: Variables; values are written as in TOML, but text needs no quotes.
        overrides: Dotted keys ("workers.max_concurrency"); None as a value means "not given".

    Raises:
        SettingsError: The file cannot be read, or anything in it or in the others is wrong; lists every mistake.
    """
    unreadable: list[str] = []
    entries = [
        *_defaults(environment, path),
        *_from_file(path, unreadable),
        *_from_environment(environment),
        *_from_overrides(overrides),
    ]
    wrong = {entry: problem for entry in entries if (problem := _misplaced(entry))}
    given = {entry.key: entry for entry in entries if entry not in wrong}
    settings, refused = _validated(given, home=_home(environment))
    wrong |= refused
    if unreadable or wrong or settings is None:
        raise SettingsError(
            "\n".join([*unreadable, *(wrong[entry] for entry in sorted(entries, key=_place) if entry in wrong)])
        )
    return settings


def _place(entry: _Entry) -> tuple[bool, int]:
    """Sorts mistakes: the file's by line, then the others in the order they were read."""
    return (not entry.line, entry.line)


def _home(environment: Mapping[str, str]) -> Path:
    return Path(environment.get("HOME") or Path.home())


def _defaults(environment: Mapping[str, str], path: Path | None) -> Iterator[_Entry]:
    """The paths, which depend on who runs the daemon and where the file is; all others stand in the models."""
    data = Path(environment.get("XDG_DATA_HOME") or "~/.local/share") / "imaginized"
    beside = path.absolute().parent if path else Path(environment.get("XDG_CONFIG_HOME") or "~/.config") / "imaginized"
    paths = {"inbox": data / "inbox", "library": data / "library", "profiles": beside / "profiles"}
    paths["socket"] = default_socket(environment)
    for name, value in paths.items():
        yield _Entry(key=f"paths.{name}", value=str(value), origin="default", folder=Path("/"))


def _from_file(path: Path | None, unreadable: list[str]) -> Iterator[_Entry]:
    """What the file says; why it cannot be read or parsed goes to `unreadable`."""
    if path is None:
        return
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        tables = tomllib.loads(text)
    except OSError as error:
        unreadable.append(f"{path}: cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        unreadable.append(f"{path}:{line}: not UTF-8 text")
    except tomllib.TOMLDecodeError as error:
        unreadable.append(f"{path}:{syntax_error_line(str(error), text)}: not valid TOML: {error}")
    else:
        lines = find_lines(text)
        for key, value in _flatten(tables):
            line = lines[key]
            yield _Entry(key=key, value=value, origin=f"{path}:{line}", folder=path.absolute().parent, line=line)


def syntax_error_line(message: str, text: str) -> int:
    found = re.search(r"at line (\d+)", message)
    return int(found[1]) if found else max(len(text.splitlines()), 1)


def _flatten(tables: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Known sections give one dotted key each value; anything else at the top is one value of its own."""
    for section, value in tables.items():
        if section in SECTIONS and isinstance(value, dict):
            yield from ((f"{section}.{name}", inner) for name, inner in value.items())
        else:
            yield section, value


def find_lines(text: str) -> dict[str, int]:
    """The line, from 1, of every dotted key of a valid TOML text, its sections included; tomllib keeps no positions."""
    lines: dict[str, int] = {}
    header: tuple[str, ...] = ()
    statement, start = "", 1
    for number, line in enumerate(text.split("\n"), 1):
        statement, start = (f"{statement}\n{line}", start) if statement else (line, number)
        try:
            # A statement is whole exactly when it parses: arrays and strings may run over many lines.
            names = _names(tomllib.loads(statement))
        except tomllib.TOMLDecodeError:
            continue
        if statement.lstrip().startswith("["):
            header = names[-1]
            names = [header[:depth] for depth in range(1, len(header) + 1)]
        else:
            names = [header + name for name in names]
        for name in names:
            lines.setdefault(".".join(name), start)
        statement = ""
    return lines


def _names(value: object) -> list[tuple[str, ...]]:
    """The path of every key in nested tables, outer ones first."""
    if isinstance(value, list):
        value = value[0] if value else None
    if not isinstance(value, dict):
        return []
    return [(name, *rest) for name, inner in value.items() for rest in ((), *_names(inner))]


def _from_environment(environment: Mapping[str, str]) -> Iterator[_Entry]:
    single = {key.replace(".", "_").upper(): key for key in KEYS}
    for variable, text in sorted(environment.items()):
        name = variable.removeprefix(ENVIRONMENT_PREFIX)
        if name == variable or ("__" not in name and name not in single):
            continue
        # One underscore instead of two is the likely slip; it is reported as an unknown key, not passed over.
        key = name.lower().replace("__", ".", 1)
        value = text if _is_path(key) else _read_text(text)
        yield _Entry(key=key, value=value, origin=f"environment {variable}", folder=Path.cwd())


def _read_text(text: str) -> object:
    """A value as TOML would have it, or the text itself where it is none."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _from_overrides(overrides: Mapping[str, object]) -> Iterator[_Entry]:
    for key, value in overrides.items():
        if value is not None:
            plain = str(value) if isinstance(value, Path) else value
            yield _Entry(key=key, value=plain, origin="command line", folder=Path.cwd())


def _misplaced(entry: _Entry) -> str:
    """What is wrong with where a value stands, whatever the value; empty if nothing is."""
    if entry.key in KEYS:
        return ""
    if entry.key in SECTIONS:
        return f"{entry.origin}: {entry.key} = {_shown(entry.value)}: a section; write [{entry.key}]"
    if entry.key in NOT_BUILT_YET:
        return f"{entry.origin}: [{entry.key}]: not built yet"
    is_section = isinstance(entry.value, dict) and "." not in entry.key
    nearest = _nearest(entry.key, SECTIONS if is_section else KEYS)
    known = ", ".join(SECTIONS)
    advice = f"did you mean {nearest}?" if nearest else f"there is no such key; the sections are {known}"
    return f"{entry.origin}: {entry.key} = {_shown(entry.value)}: unknown; {advice}"


def _nearest(key: str, known: Iterable[str]) -> str:
    """The known key most like this one; a right name in a wrong section counts as near."""
    by_name = {known_key.rpartition(".")[2]: known_key for known_key in known}
    name = key.rpartition(".")[2]
    if name in by_name:
        return by_name[name]
    close = difflib.get_close_matches(key, known, n=1, cutoff=0.75) or difflib.get_close_matches(name, by_name, n=1)
    return by_name.get(close[0], close[0]) if close else ""


def _validated(given: Mapping[str, _Entry], *, home: Path) -> tuple[Settings | None, dict[_Entry, str]]:
    """The settings, or None and what is wrong with their values."""
    tables: dict[str, dict[str, object]] = {}
    for key, entry in given.items():
        section, _, name = key.partition(".")
        tables.setdefault(section, {})[name] = _prepared(entry, home=home)
    try:
        settings = Settings.model_validate(tables)
    except ValidationError as error:
        wrong = dict.fromkeys(".".join(str(part) for part in problem["loc"][:2]) for problem in error.errors())
        return None, {given[key]: _refusal(given[key]) for key in wrong}
    return settings, _contradictions(settings, given)


def _prepared(entry: _Entry, *, home: Path) -> object:
    """The value as its model wants it: absolute paths, tuples; what does not fit is left for it to refuse."""
    if isinstance(entry.value, list):
        return tuple(entry.value)
    if not _is_path(entry.key) or not isinstance(entry.value, str) or not entry.value:
        return entry.value
    first, *rest = Path(entry.value).parts or (".",)
    if first == "~":
        return home.joinpath(*rest)
    return entry.value if first.startswith("~") else entry.folder / entry.value


def _is_path(key: str) -> bool:
    return key in KEYS and KEYS[key].annotation in (Path, Path | None)


def _refusal(entry: _Entry) -> str:
    return f"{entry.origin}: {entry.key} = {_shown(entry.value)}: {_allowed(entry)}"


def _contradictions(settings: Settings, given: Mapping[str, _Entry]) -> dict[_Entry, str]:
    """What is wrong although every value alone is right."""
    paths = settings.paths
    wrong = {}
    if paths.library.is_relative_to(paths.inbox):
        entry = given["paths.library"]
        wrong[entry] = f"{entry.origin}: {entry.key} = {_shown(entry.value)}: must not be in the inbox {paths.inbox}"
    if len(bytes(paths.socket)) > SOCKET_PATH_BYTES:
        wrong[given["paths.socket"]] = _refusal(given["paths.socket"])
    return wrong


def _shown(value: object) -> str:
    """A value much as the user wrote it, cut at 80 characters."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else f"{text[:79]}…"


def _allowed(entry: _Entry) -> str:
    """What the key takes, for a person."""
    field = KEYS[entry.key]
    words = [json.dumps(word) for word in _literals(field.annotation)]
    if words:
        unbuilt = [word for word in NOT_BUILT_YET if f'"{word}"' in _shown(entry.value)]
        kind = "must be a list of " if get_origin(field.annotation) is tuple else "must be "
        return kind + " or ".join(words) + "".join(f' ("{word}" is not built yet)' for word in unbuilt)
    if _is_path(entry.key):
        limit = f" of at most {SOCKET_PATH_BYTES} bytes" if entry.key == "paths.socket" else ""
        return f"must be a path{limit}; ~ is your home folder"
    low, high = (next(getattr(rule, side) for rule in field.metadata if hasattr(rule, side)) for side in ("ge", "le"))
    return f"must be a {'number' if field.annotation is float else 'whole number'} from {low:g} to {high:g}"


def _literals(annotation: object) -> list[str]:
    """Every word a Literal, or a tuple of one, takes."""
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    return [word for inner in get_args(annotation) for word in _literals(inner)]
