"""The settings: defaults, ranks, and every mistake with its place and its cure."""

import json
import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import get_args

import pytest

from imaginized.clock import ManualClock, SystemClock
from imaginized.errors import SettingsError
from imaginized.settings.choices import GuideFormat
from imaginized.settings.file import load_settings
from imaginized.settings.model import KEYS, SECTIONS, Settings
from imaginized.settings.vendors import VENDORS

EXAMPLE = Path(__file__).parents[2] / "config" / "imaginized.toml"
HOME = {"HOME": "/home/reader"}
Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(text: str) -> Path:
        path = tmp_path / "imaginized.toml"
        path.write_text(text, encoding="utf-8", newline="")
        return path

    return write


def mistakes(
    path: Path, *, environment: Mapping[str, str] = HOME, overrides: Mapping[str, object] = MappingProxyType({})
) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load_settings(path, environment=environment, overrides=overrides)
    return str(caught.value).splitlines()


def defaults(loaded: Settings) -> Settings:
    """What no file gives; profiles are beside the file where there is one."""
    return load_settings(None, environment=HOME, overrides={"paths.profiles": loaded.paths.profiles})


def uncommented() -> str:
    """The example with every default switched on; prose has a blank after its #, a default has none."""
    lines = EXAMPLE.read_text().splitlines()
    return "\n".join(line[1:] if line.startswith("#") and line[1:2].strip() else line for line in lines)


def _dotted(tables: Mapping[str, object], within: str = "") -> Iterator[str]:
    for name, value in tables.items():
        if isinstance(value, dict) and value:
            yield from _dotted(value, f"{within}{name}.")
        else:
            yield f"{within}{name}"


def test_an_empty_file_is_all_defaults(write: Write) -> None:
    """An empty file gives the same settings as no file."""
    loaded = load_settings(write(""), environment=HOME)

    assert loaded == defaults(loaded)
    assert loaded.paths.profiles == write("").parent / "profiles"
    assert loaded.workers.max_concurrency == 3
    assert loaded.paths.inbox == Path("/home/reader/.local/share/imaginized/inbox")


def test_the_example_is_all_defaults() -> None:
    """The example file as it ships changes nothing."""
    loaded = load_settings(EXAMPLE, environment=HOME)

    assert loaded == defaults(loaded)


def test_the_example_names_every_key() -> None:
    """The example mentions each key, and no other."""
    tables = tomllib.loads(uncommented())

    assert set(_dotted(tables)) == set(KEYS)


def test_the_example_tells_true_defaults(write: Write) -> None:
    """Switching on every line of the example changes nothing; what has no default shows something in its place."""
    shown = "|".join(re.escape(key.rpartition(".")[2]) for key in KEYS if KEYS[key].default is None)
    text = re.sub(rf"(?m)^(?:{shown}) = .*$", "", uncommented())
    loaded = load_settings(write(text), environment=HOME)

    assert loaded == defaults(loaded)


@pytest.mark.parametrize("key", KEYS)
def test_the_example_says_what_the_code_says(key: str) -> None:
    """What the example says of a key is the description the code has of it."""
    description = KEYS[key].description
    prose = " ".join(EXAMPLE.read_text().replace("\n# ", " ").split())

    assert description
    assert description in prose


def test_environment_outranks_the_file_and_options_outrank_both(write: Write) -> None:
    """TOML < environment < command line; None on the command line means not given."""
    file = write("[workers]\nmax_concurrency = 1\nmax_attempts = 1\ndrain_seconds = 1\n")
    environment = {**HOME, "IMAGINIZED_WORKERS__MAX_ATTEMPTS": "2", "IMAGINIZED_WORKERS__DRAIN_SECONDS": "2.5"}
    loaded = load_settings(
        file, environment=environment, overrides={"workers.drain_seconds": 3, "workers.max_attempts": None}
    )

    assert (loaded.workers.max_concurrency, loaded.workers.max_attempts, loaded.workers.drain_seconds) == (1, 2, 3.0)


def test_the_environment_takes_words_lists_and_paths() -> None:
    """In the environment text needs no quotes and a path may look like a number."""
    environment = {
        **HOME,
        "IMAGINIZED_WORKERS__RATE_LIMIT": "free",
        "IMAGINIZED_GUIDE__FORMATS": '["html"]',
        "IMAGINIZED_PATHS__LIBRARY": "2026",
    }
    loaded = load_settings(None, environment=environment)

    assert loaded.workers.rate_limit == "free"
    assert loaded.guide.formats == ("html",)
    assert loaded.paths.library == Path.cwd() / "2026"


def test_other_variables_of_ours_are_no_settings() -> None:
    """Variables without a section, such as the client's IMAGINIZED_SOCKET, are left alone."""
    loaded = load_settings(None, environment={**HOME, "IMAGINIZED_SOCKET": "/x", "IMAGINIZED_BOOKS": "/y"})

    assert loaded == defaults(loaded)


def test_paths_are_absolute(write: Write) -> None:
    """~ is the home folder, a relative path in a file counts from the file's folder."""
    file = write('[paths]\ninbox = "~/in"\nlibrary = "books"\nsocket = "/s"\n')
    paths = load_settings(file, environment=HOME).paths

    assert (paths.inbox, paths.library, paths.socket) == (Path("/home/reader/in"), file.parent / "books", Path("/s"))


def test_default_paths_follow_xdg() -> None:
    """Data and socket go where the XDG variables say; without a runtime folder the socket is the system's."""
    environment = {"HOME": "/h", "XDG_DATA_HOME": "/data", "XDG_RUNTIME_DIR": "/run/user/7"}
    paths = load_settings(None, environment=environment).paths

    assert paths.library == Path("/data/imaginized/library")
    assert paths.socket == Path("/run/user/7/imaginized/control.sock")
    is_allowed = os.access("/run/imaginized", os.W_OK) or os.geteuid() == 0
    place = "/run/imaginized" if is_allowed else "/home/reader/.local/state/imaginized"
    assert load_settings(None, environment=HOME).paths.socket == Path(place) / "control.sock"


def test_all_mistakes_are_told_at_once_each_with_its_line(write: Write) -> None:
    """One error lists each mistake of file, environment and command line: place, key, value, what is allowed."""
    file = write(
        "[workers]\nmax_concurrency = 0\nmax_atempts = 4\n\n[guide]\nformats = [\n  'markdown',\n  'docx',\n]\n"
        "[provider]\ntext = 'opnai'\n[logs]\nlevel = true\n"
    )
    found = mistakes(
        file,
        environment={**HOME, "IMAGINIZED_INBOX__SETTLE_SECONDS": "soon", "IMAGINIZED_WORKERS_BATCH_SIZE": "3"},
        overrides={"workers.drain_seconds": -1},
    )

    assert found == [
        f"{file}:2: workers.max_concurrency = 0: must be a whole number from 1 to 64",
        f"{file}:3: workers.max_atempts = 4: unknown; did you mean workers.max_attempts?",
        f'{file}:6: guide.formats = ["markdown", "docx"]: must be a list of '
        f"{' or '.join(json.dumps(name) for name in get_args(GuideFormat))}",
        f'{file}:11: provider.text = "opnai": must be {" or ".join(json.dumps(name) for name in VENDORS)}',
        f'{file}:13: logs.level = true: must be "debug" or "info" or "warning" or "error"',
        'environment IMAGINIZED_INBOX__SETTLE_SECONDS: inbox.settle_seconds = "soon": '
        "must be a number from 0.01 to 604800",
        "environment IMAGINIZED_WORKERS_BATCH_SIZE: workers_batch_size = 3: unknown; did you mean workers.batch_size?",
        "command line: workers.drain_seconds = -1: must be a number from 0.01 to 604800",
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("workers.max_concurrency = 0\n", ":1:"),
        ("workers = { batch_size = 3, max_concurrency = 0 }\n", ":1:"),
        ('# x = """\n\n[workers]\n"max_concurrency" = 0\n', ":4:"),
        ('[paths]\ninbox = """\n/a\\\n[workers]\nmax_concurrency = 1"""\n\n[workers]\nmax_concurrency = 0\n', ":8:"),
        ("\ufeff[workers]\r\nmax_concurrency = 0\r\n", ":2:"),
    ],
    ids=["dotted", "inline", "quoted", "inside-a-string", "windows"],
)
def test_a_mistake_is_found_however_it_is_written(write: Write, text: str, place: str) -> None:
    """The line is right for dotted keys, inline tables, quoted keys, look-alikes in strings, and Windows files."""
    found = mistakes(write(text))

    assert [place in mistake and "max_concurrency = 0" in mistake for mistake in found] == [True]


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("[wrokers]\nmax_concurrency = 1", "did you mean workers?"),
        ("[workers]\nconcurrency = 1", "did you mean workers.max_concurrency?"),
        ("[workers]\nsettle_seconds = 1", "did you mean inbox.settle_seconds?"),
        ("max_concurrency = 1", "did you mean workers.max_concurrency?"),
        ("zzz = 1", f"the sections are {', '.join(SECTIONS)}"),
        ("workers = 3", "a section; write [workers]"),
        ("[openai.image]\nmodle = 'x'", "did you mean openai.image.model?"),
        ("[[workers]]\nmax_concurrency = 1", "a section; write [workers]"),
    ],
)
def test_an_unknown_key_names_the_nearest_known_one(write: Write, text: str, advice: str) -> None:
    """Whoever mistypes a key is told the one that was meant."""
    found = mistakes(write(text))

    assert len(found) == 1
    assert found[0].endswith(advice)


@pytest.mark.parametrize(
    ("text", "line"),
    [("[workers]\nmax_concurrency = \n", 2), ("[workers\n", 1), ("a = 1\na = 2\n", 2), ('\n\na = """x', 3)],
)
def test_a_syntax_error_has_its_line(write: Write, text: str, line: int) -> None:
    """A file that is no TOML is refused with file and line, and the other mistakes are told as well."""
    file = write(text)
    found = mistakes(file, overrides={"workers.max_attempts": 0})

    assert found[0].startswith(f"{file}:{line}: not valid TOML")
    assert found[1].startswith("command line: workers.max_attempts = 0")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"\n[workers]\nmax_concurrency = {'0' * 5000}", ":3: not valid TOML"),
        (f"\n[workers]\nmax_concurrency = {'9' * 5000}", ":3: a number is too large"),
        (f"\n[workers]\nmax_concurrency = 0x{'f' * 5000}", ":2: workers: a number is too large"),
        (f"\n[workers]\n{'a.' * 3000}b = 1", ":2: workers: nested too deeply"),
        (f"\nworkers = {'[' * 3000}{']' * 3000}", ": nested too deeply"),
    ],
    ids=["zeros", "digits", "hexadecimal", "dotted", "lists"],
)
def test_a_value_that_python_cannot_show_is_a_mistake(write: Write, text: str, reason: str) -> None:
    """It is named like any other; the loader itself never breaks on it."""
    file = write(text)

    assert mistakes(file)[0].startswith(f"{file}{reason}")


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    """A missing file and one that is no text are told with their names."""
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b"# fine\n# caf\xe9\n")

    assert mistakes(tmp_path / "none.toml") == [f"{tmp_path}/none.toml: cannot be read: No such file or directory"]
    assert mistakes(latin) == [f"{latin}:2: not UTF-8 text"]


def test_the_library_may_not_be_in_the_inbox(write: Write) -> None:
    """A library inside the inbox would be read as new books for ever."""
    found = mistakes(write('[paths]\ninbox = "/b"\nlibrary = "/b/library"\n'))

    assert [mistake.partition(": ")[2] for mistake in found] == [
        'paths.library = "/b/library": must not be in the inbox /b'
    ]


@pytest.mark.parametrize("value", ['""', "7", '"~nobody/x"', f'"/{"x" * 107}"'])
def test_a_socket_path_must_be_usable(write: Write, value: str) -> None:
    """Empty, not text, somebody else's home, too long for a socket: refused before anything is bound."""
    found = mistakes(write(f"[paths]\nsocket = {value}\n"))

    assert [mistake.endswith("must be a path of at most 107 bytes; ~ is your home folder") for mistake in found] == [
        True
    ]


@pytest.mark.parametrize("value", ["nan", "inf", "true", '"3"'])
def test_a_duration_is_a_plain_number(write: Write, value: str) -> None:
    """Numbers that are none do not slip through as durations."""
    found = mistakes(write(f"[workers]\ndrain_seconds = {value}\n"))

    assert len(found) == 1


@pytest.mark.parametrize(("rate_limit", "given", "chapters"), [("free", None, 3), ("paid", None, 5), ("paid", 7, 7)])
def test_batches_follow_the_pacing(rate_limit: str, given: int | None, chapters: int) -> None:
    """free has batches of 3, paid of 5, unless batch_size says otherwise; adaptive has none."""
    overrides = {"workers.rate_limit": rate_limit, "workers.batch_size": given}
    workers = load_settings(None, environment=HOME, overrides=overrides).workers
    adaptive = load_settings(None, environment=HOME, overrides={"workers.batch_size": 7}).workers

    assert workers.batch_chapters == chapters
    assert adaptive.batch_chapters is None


@pytest.mark.parametrize(
    ("chosen", "workers"),
    [
        ({"rate_limit": "paid"}, 5),
        ({"rate_limit": "paid", "batch_size": 8}, 8),
        ({"rate_limit": "paid", "batch_size": 1000}, 64),
        ({"rate_limit": "paid", "max_concurrency": 3}, 3),
        ({"rate_limit": "free"}, 3),
        ({"batch_size": 8}, 3),
    ],
)
def test_workers_follow_the_batch(chosen: dict[str, object], workers: int) -> None:
    """With paid, a batch is in work all at once, unless a person has set how many workers there are."""
    overrides = {f"workers.{key}": value for key, value in chosen.items()}

    assert load_settings(None, environment=HOME, overrides=overrides).workers.max_concurrency == workers


@pytest.mark.parametrize(("pages", "scenes"), [(0.2, 1), (10, 1), (14.9, 1), (15, 2), (95, 10)])
def test_scenes_follow_the_pages(pages: float, scenes: int) -> None:
    """One scene for ten pages by default, rounded, and at least one."""
    settings: Settings = load_settings(None, environment=HOME)

    assert settings.guide.scenes_wanted(pages) == scenes


def test_the_system_clock_is_aware_and_does_not_go_back() -> None:
    """Moments are aware UTC; deadlines run on a clock that only grows."""
    clock = SystemClock()
    first, second = clock.monotonic(), clock.monotonic()

    assert clock.now().utcoffset() == timedelta(0)
    assert first <= second


def test_a_step_of_the_wall_clock_expires_nothing() -> None:
    """A manual clock advances both clocks, and steps the wall clock alone."""
    clock = ManualClock(datetime(2026, 5, 1, tzinfo=UTC))
    clock.advance(2.5)
    clock.step(-3600)

    assert clock.monotonic() == 2.5
    assert clock.now() == datetime(2026, 4, 30, 23, 0, 2, 500000, tzinfo=UTC)
    with pytest.raises(ValueError, match="cannot be advanced"):
        clock.advance(-1)


@pytest.mark.parametrize("kind", ["text", "image"])
def test_provider_openai_needs_a_model(write: Write, kind: str) -> None:
    """Whoever chooses an endpoint without a model is told which key to set."""
    found = mistakes(write(f'[provider]\n{kind} = "openai"\n'))

    assert [mistake.partition(": ")[2] for mistake in found] == [
        f'provider.{kind} = "openai": needs a model; set openai.{kind}_model'
    ]


def test_the_environment_reaches_a_section_in_a_section() -> None:
    """Two underscores stand for each dot; text that looks like a number stays text."""
    variables = {"IMAGINIZED_OPENAI__IMAGE__MODEL": "7", "IMAGINIZED_OPENAI__IMAGE__API_KEY_FILE": "/k"}
    loaded = load_settings(None, environment={**HOME, **variables})

    assert (loaded.openai.image.model, loaded.openai.image.api_key_file) == ("7", Path("/k"))


@pytest.mark.parametrize("url", ["ftp://x/v1", "https://u:p@x/v1", "https://x/v1?key=1", "x"])
def test_an_endpoint_is_a_plain_web_address(write: Write, url: str) -> None:
    """No other scheme, and no key in the address, which would end up in logs."""
    found = mistakes(write(f'[openai]\nbase_url = "{url}"\n'))

    assert len(found) == 1
    assert "must be an http or https address" in found[0]


def test_parameters_of_ones_own_are_a_table(write: Write) -> None:
    """They are passed on as they are; what is no table is refused; a key by name goes before the table."""
    text = (
        '[openai]\nreasoning_effort = "low"\nextra = { top_p = 0.5, reasoning_effort = "high" }\n'
        '[openai.image]\nquality = "high"\nseed = 7\nextra = { style = ["a"] }\n'
    )
    openai = load_settings(write(text), environment=HOME).openai

    assert openai.parameters("text") == {"top_p": 0.5, "reasoning_effort": "low"}
    assert openai.parameters("image") == {"style": ["a"], "quality": "high", "seed": 7}
    assert load_settings(None, environment=HOME).openai.parameters("image") == {}
    with pytest.raises(SettingsError, match=r"openai\.extra.*must be a table"):
        load_settings(write('[openai]\nextra = "top_p"\n'), environment=HOME)


@pytest.mark.parametrize("base_url", ["https://api.openai.com/v1", "http://ollama.example.com/v1"])
def test_books_can_be_kept_at_home(write: Write, base_url: str) -> None:
    """provider.remote = false refuses an endpoint of somebody else's, and takes one's own."""
    text = '[provider]\ntext = "openai"\nremote = false\n[openai]\ntext_model = "m"\nbase_url = "{}"\n'

    with pytest.raises(SettingsError, match=f"remote = false, but text would go to {re.escape(base_url)}"):
        load_settings(write(text.format(base_url)), environment=HOME)
    assert load_settings(write(text.format("http://ollama:11434/v1")), environment=HOME).provider.text == "openai"


@pytest.mark.parametrize(
    ("url", "more", "workers"),
    [
        ("https://api.example.com/v1", {}, 8),
        ("http://localhost:11434/v1", {}, 3),
        ("http://10.1.2.3/v1", {}, 3),
        ("https://api.example.com/v1", {"workers.max_concurrency": 2}, 2),
        ("https://api.example.com/v1", {"workers.rate_limit": "free"}, 3),
        ("https://api.example.com/v1", {"workers.rate_limit": "paid"}, 5),
    ],
    ids=["far", "here", "near", "set", "free", "paid"],
)
def test_far_endpoints_get_more_workers(url: str, more: dict[str, object], workers: int) -> None:
    """A worker that waits costs little; what a person sets, and the seed's pacing, go before that."""
    chosen = {"provider.text": "openai", "provider.remote": True, "openai.base_url": url, "openai.text_model": "m"}
    settings = load_settings(None, environment={"HOME": "/home/anna"}, overrides={**chosen, **more})

    assert settings.workers.max_concurrency == workers


@pytest.mark.parametrize("key", ["webhook", "ntfy"])
@pytest.mark.parametrize(
    "url",
    [
        "ftp://h.example/t0p5ecret",
        "file:///etc/t0p5ecret",
        "https://user:t0p5ecret@h.example/",
        "https://h.example/t0p5ecret#x",
        "http://h.example/t0p5ecret",
        "h.example/t0p5ecret",
        "https://h.example/t0p5ecret x",
    ],
)
def test_an_address_for_messages_is_checked_and_never_shown(write: Write, key: str, url: str) -> None:
    """Who knows it may post there, and what is said of settings ends in a log; over the open network it is https."""
    with pytest.raises(SettingsError) as caught:
        load_settings(write(f'[notify]\n{key} = "{url}"\n'), environment=HOME)

    assert f"notify.{key}" in str(caught.value)
    assert "t0p5ecret" not in str(caught.value)


@pytest.mark.parametrize("url", ["https://h.example/x?token=1", "http://127.0.0.1:8080/", "http://ntfy.lan/books"])
def test_an_address_for_messages_may_be_ones_own_without_tls(write: Write, url: str) -> None:
    """On this machine and in one's own network."""
    assert load_settings(write(f'[notify]\nwebhook = "{url}"\n'), environment=HOME).notify.webhook == url


@pytest.mark.parametrize("url", ["s3://", "http://x/y", "file://host/x", "file:relative", "nonsense"])
def test_a_store_of_pictures_says_what_it_may_be(write: Write, url: str) -> None:
    """Which addresses there are, not how long a text may be."""
    with pytest.raises(SettingsError, match="must be s3://bucket, s3://bucket/folder or file:///folder"):
        load_settings(write(f'[hosts]\nblobs = "{url}"\n'), environment=HOME)


def test_a_textfile_is_named_as_the_collector_wants_it(write: Write) -> None:
    """It passes over any other."""
    with pytest.raises(SettingsError, match=r"ends in \.prom"):
        load_settings(write('[metrics]\ntextfile = "/tmp/figures.txt"\n'), environment=HOME)


def test_a_list_of_texts_can_be_given_by_a_variable() -> None:
    """As TOML has it, so that a container needs no settings file."""
    given = {"IMAGINIZED_WEB__ALLOWED_HOSTS": '["books.example:8765", "localhost:8765"]'}

    assert load_settings(None, environment=given).web.allowed_hosts == ("books.example:8765", "localhost:8765")
