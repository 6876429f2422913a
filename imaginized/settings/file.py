"""Reading the settings: TOML < environment < command line.

All mistakes are reported at once, each with where it stands, its key, its value and what is allowed. The environment
is handed in; this module reads no variable itself.
"""

import difflib
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal, cast, get_args, get_origin

from pydantic import ValidationError

from imaginized.errors import SettingsError
from imaginized.settings.model import KEYS, SECTIONS, Paths, Settings, target_of
from imaginized.settings.near import is_private
from imaginized.settings.outlet_names import problem_of, root_of
from imaginized.settings.places import default_socket, own_settings, placed
from imaginized.settings.toml import NotToml, parse
from imaginized.settings.vendors import USES, Use

ENVIRONMENT_PREFIX = "IMAGINIZED_"
SOCKET_PATH_BYTES = 107  # sun_path, less its closing NUL
NOT_BUILT_YET = frozenset({"epub"})  # named in the design; a user may well try them

HOOKS = ("notify.webhook", "notify.ntfy")


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
        raise SettingsError(*unreadable, *(wrong[entry] for entry in sorted(entries, key=_place) if entry in wrong))
    return settings


def _place(entry: _Entry) -> tuple[bool, int]:
    """Sorts mistakes: the file's by line, then the others in the order they were read."""
    return (not entry.line, entry.line)


def _home(environment: Mapping[str, str]) -> Path:
    return Path(environment.get("HOME") or Path.home())


def _defaults(environment: Mapping[str, str], path: Path | None) -> Iterator[_Entry]:
    """The paths, which depend on who runs the daemon and where the file is; all others stand in the models."""
    data = Path(environment.get("XDG_DATA_HOME") or "~/.local/share") / "imaginized"
    beside = (path.absolute() if path else own_settings(environment)).parent
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
        tables = parse(text)
    except OSError as error:
        unreadable.append(f"{path}: cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        unreadable.append(f"{path}:{line}: not UTF-8 text")
    except NotToml as error:
        unreadable.append(error.at(path))
    else:
        lines = find_lines(text)
        for key, value in _flatten(tables):
            line = lines[key]
            yield _Entry(key=key, value=value, origin=f"{path}:{line}", folder=path.absolute().parent, line=line)


def _flatten(tables: Mapping[str, object], *, within: str = "") -> Iterator[tuple[str, object]]:
    """Known sections give one dotted key each value; anything else is one value of its own."""
    for name, value in tables.items():
        if f"{within}{name}" in SECTIONS and isinstance(value, dict):
            yield from _flatten(value, within=f"{within}{name}.")
        else:
            yield f"{within}{name}", value


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
        key = name.lower().replace("__", ".")
        is_text = (_takes(key, Path) or _takes(key, str)) and not _is_list(key)
        value = text if is_text else _read_text(text)
        yield _Entry(key=key, value=value, origin=f"environment {variable}", folder=Path.cwd())


def _read_text(text: str) -> object:
    """A value as TOML would have it, or the text itself where it is none."""
    try:
        return parse(f"value = {text}")["value"]
    except NotToml:
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
    tables: dict[str, object] = {}
    for key, entry in given.items():
        *sections, name = key.split(".")
        table: dict[str, object] = tables
        for section in sections:
            table = cast(dict[str, object], table.setdefault(section, {}))
        table[name] = _prepared(entry, home=home)
    try:
        settings = Settings.model_validate(tables)
    except ValidationError as error:
        wrong = dict.fromkeys(key for problem in error.errors() for key in given if _is_at(key, problem["loc"]))
        return None, {given[key]: _refusal(given[key]) for key in wrong}
    return settings, _contradictions(settings, given)


def _is_at(key: str, place: Sequence[int | str]) -> bool:
    """Whether a mistake's place is this key's value or something in it."""
    parts = key.split(".")
    return [str(part) for part in place[: len(parts)]] == parts


def _is_list(key: str) -> bool:
    return key in KEYS and get_origin(KEYS[key].annotation) is tuple


def _takes(key: str, kind: type) -> bool:
    """Whether a key's value, if it has one, is of this type."""
    annotation = KEYS[key].annotation if key in KEYS else None
    if get_origin(annotation) is dict:
        return False
    return annotation is kind or any(kind in (each, *get_args(each)[:1]) for each in get_args(annotation))


def _prepared(entry: _Entry, *, home: Path) -> object:
    """The value as its model wants it: absolute paths, tuples; what does not fit is left for it to refuse."""
    if isinstance(entry.value, list):
        return tuple(entry.value)
    if not _takes(entry.key, Path) or not isinstance(entry.value, str) or not entry.value:
        return entry.value
    if entry.value.startswith("~") and entry.value != "~" and not entry.value.startswith("~/"):
        return entry.value
    return placed(entry.value, folder=entry.folder, home=home)


def _refusal(entry: _Entry) -> str:
    # What is said here ends in a log, and who knows such an address may post there.
    shown = "(not shown)" if entry.key in HOOKS else _shown(entry.value)
    return f"{entry.origin}: {entry.key} = {shown}: {_allowed(entry)}"


def _contradictions(settings: Settings, given: Mapping[str, _Entry]) -> dict[_Entry, str]:
    """What is wrong although every value alone is right."""
    paths = settings.paths
    wrong = {}
    if paths.library.is_relative_to(paths.inbox):
        entry = given["paths.library"]
        wrong[entry] = f"{entry.origin}: {entry.key} = {_shown(entry.value)}: must not be in the inbox {paths.inbox}"
    if problem := _outlet_problem(paths):
        entry = given["paths.exports"]
        wrong[entry] = f"{entry.origin}: {entry.key} = {_shown(entry.value)}: {problem}"
    if len(bytes(paths.socket)) > SOCKET_PATH_BYTES:
        wrong[given["paths.socket"]] = _refusal(given["paths.socket"])
    wrong.update(found for use in USES if (found := _wrong_target(settings, use, given)))
    for key, url in zip(HOOKS, (settings.notify.webhook, settings.notify.ntfy), strict=True):
        if url is not None and url.startswith("http:") and not is_private(url):
            wrong[given[key]] = (
                f"{given[key].origin}: {key}: titles of books would go over the network in the clear; use https"
            )
    if settings.metrics.textfile is not None and settings.metrics.textfile.suffix != ".prom":
        wrong[given["metrics.textfile"]] = _refusal(given["metrics.textfile"])
    return wrong


def _wrong_target(settings: Settings, use: Use, given: Mapping[str, _Entry]) -> tuple[_Entry, str] | None:
    """What is wrong with who is asked for a use: no model, or somebody else's machine where that is forbidden."""
    target = target_of(settings, use)
    if target is None:
        return None
    if not target.model:
        entry, name = given[f"provider.{use}"], target.vendor
        return entry, f"{entry.origin}: {entry.key} = {_shown(name)}: needs a model; set {name}.{use}_model"
    if settings.provider.remote or is_private(target.base_url):
        return None
    entry = given["provider.remote"]
    return entry, (
        f"{entry.origin}: {entry.key} = false, but {use} would go to {target.base_url}; name an endpoint of your own, "
        f'or set provider.{use} = "builtin"'
    )


def _outlet_problem(paths: Paths) -> str:
    """What is wrong with where exports go; "" for nothing."""
    if paths.exports is None:
        return ""
    root = root_of(paths.exports)
    for name, folder in (("inbox", paths.inbox), ("library", paths.library)):
        # A book in the inbox would be admitted; what is no book's folder in the library is not looked after.
        if root.is_relative_to(folder):
            return f"must not be in the {name} {folder}"
    return problem_of(str(paths.exports))


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
    if entry.key in HOOKS:
        return "must be an http or https address without a name, a password and #"
    if entry.key == "metrics.textfile":
        return "must be a path whose name ends in .prom"
    if _takes(entry.key, Path):
        limit = f" of at most {SOCKET_PATH_BYTES} bytes" if entry.key == "paths.socket" else ""
        return f"must be a path{limit}; ~ is your home folder"
    if entry.key == "hosts.blobs":
        return "must be s3://bucket, s3://bucket/folder or file:///folder; empty: pictures go through the Redis server"
    if entry.key.endswith("base_url"):
        example = KEYS[f"{entry.key.partition('.')[0]}.base_url"].default
        return f"must be an http or https address without ? and #, such as {example}"
    if field.annotation is bool:
        return "must be true or false"
    if get_origin(field.annotation) is dict:
        return "must be a table of at most 40 parameters, such as { top_p = 0.9 }"
    if _takes(entry.key, str):
        return "must be text in one line of at most 200 characters"
    low, high = (next(getattr(rule, side) for rule in field.metadata if hasattr(rule, side)) for side in ("ge", "le"))
    return f"must be a {'number' if field.annotation is float else 'whole number'} from {low:g} to {high:g}"


def _literals(annotation: object) -> list[str]:
    """Every word a Literal, or a tuple of one, takes."""
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    return [word for inner in get_args(annotation) for word in _literals(inner)]
