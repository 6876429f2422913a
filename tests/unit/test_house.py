"""The house: who may import whom, one door a package, and what the supervisor must never load."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "imaginized"

FLOORS = {
    room: floor
    for floor, rooms in enumerate(
        (
            "absent errors reasons version clock garbage printable logs settings",
            "story",
            "queue",
            "store",
            "process",
            "money limits",
            "guide reading providers",
            "inbox stages",
            "remote",
            "work control",
            "notices",
            "daemon web front",
            "cli",
            "__main__",
        )
    )
    for room in rooms.split()
}

DOORS = {
    "apprise": {"notices/ways.py"},
    "celery": {"remote/celery_engine.py"},
    "charset_normalizer": {"reading/charset.py", "reading/encodings.py"},
    "click": {
        "cli/asking.py",
        "cli/casting.py",
        "cli/command.py",
        "cli/ctl.py",
        "cli/daemon.py",
        "cli/dividing.py",
        "cli/manual.py",
        "cli/operating.py",
        "cli/output.py",
        "cli/scenes.py",
        "cli/series.py",
        "cli/shelving.py",
        "cli/telling.py",
    },
    "cssselect": {"reading/styles.py"},
    "ebooklib": {"reading/tolerant.py"},
    "fontTools": {"guide/pdf_pages.py"},
    "fpdf": {"guide/pdf_pages.py"},
    "httpcore2": {"providers/openai/wire.py"},
    "httpx2": {"providers/openai/wire.py", "remote/reaching.py"},
    "jinja2": {"guide/gallery.py", "web/pages.py"},
    "kombu": {"remote/celery_engine.py", "remote/celery_transport.py"},
    "lxml": {"reading/markup.py"},
    "mammoth": {"reading/word.py"},
    "markdown_it": {"reading/markdown_text.py"},
    "mdit_py_plugins": {"reading/markdown_text.py"},
    "mobi": {"reading/kindle.py"},
    "msgspec": {"store/records.py"},
    "nacl": {"remote/sealing.py"},
    "obstore": {"remote/object_store.py"},
    "openai": {"providers/openai/client.py"},
    "orjson": {"queue/codec.py"},
    "PIL": {"providers/builtin/plates/canvas.py", "providers/raster.py"},
    "portalocker": {"store/locking.py"},
    "pycld2": {"reading/language.py"},
    "pydantic": {"settings/file.py", "settings/model.py", "settings/section.py", "settings/vendors.py"},
    "pypdfium2": {"reading/pdf_pages.py"},
    "rapidfuzz": {"reading/quotes.py"},
    "redis": {"remote/redis_line.py"},
    "rich": {"cli/watching.py"},
    "slugify": {"store/naming.py"},
    "sqlite3": {"limits/state.py", "store/index.py"},
    "striprtf": {"reading/rtf.py"},
    "starlette": {
        "web/api.py",
        "web/files.py",
        "web/pages.py",
        "web/serve.py",
        "web/site.py",
        "web/tabs.py",
    },
    "structlog": {"logs/log.py"},
    "tinycss2": {"reading/styles.py"},
    "uvicorn": {"web/serve.py"},
    "watchdog": {"inbox/watcher.py"},
    "webencodings": {"reading/encodings.py"},
}

READERS_OF_THE_ENVIRONMENT = {
    "cli/asking.py",
    "cli/command.py",
    "cli/ctl.py",
    "cli/daemon.py",
    "cli/operating.py",
    "process/sandbox.py",  # no setting: it hands the place of the C libraries on to the process that it starts
}


TESTS = Path(__file__).parents[1]
# A unit test is fast because it waits for nobody. A program of its own is allowed where only that shows the rule.
NOT_IN_UNIT = {
    "asyncio",
    "imaginized.providers.scripted",
    "imaginized.store.library",
    "multiprocessing",
    "socket",
    "tests.support.clients",
    "tests.support.crash_steps",
    "tests.support.daemons",
    "tests.support.intakes",
    "tests.support.waiting",
    "threading",
}
IN_ACCEPTANCE_ONLY = {"tests.support.booted", "tests.support.enduring", "tests.support.soaking"}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def room(name: str) -> str:
    return name.removeprefix("imaginized.").split(".")[0].removesuffix(".py")


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_downwards(path: Path) -> None:
    """A module imports from its own room and from the floors below it, from no other room on its floor."""
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if own == "__init__":
        return
    others = {room(name) for name in imports(path) if name.startswith("imaginized.")} - {own}

    upwards = {name for name in others if FLOORS[name] > FLOORS[own]}
    sideways = {name for name in others if FLOORS[name] == FLOORS[own] != 0}
    assert not upwards | sideways


def test_every_package_has_one_door() -> None:
    """A third-party package is imported in the place that is named for it, and every package we import has one."""
    found: dict[str, set[str]] = {name: set() for name in DOORS}
    for path in modules():
        for name in imports(path):
            top = name.split(".")[0]
            is_foreign = top not in sys.stdlib_module_names or top in DOORS
            if top and top != "imaginized" and is_foreign:
                found.setdefault(top, set()).add(str(path.relative_to(PACKAGE)))

    assert found == DOORS


def test_init_modules_are_empty() -> None:
    """Importing a package runs nothing."""
    full = [path for path in modules() if path.name == "__init__.py" and path.read_text().strip()]

    assert full == []


def test_settings_come_from_the_environment_in_cli_only() -> None:
    """Everything else gets them handed in."""
    readers = {str(path.relative_to(PACKAGE)) for path in modules() if "os.environ" in path.read_text()}

    assert readers == READERS_OF_THE_ENVIRONMENT


def test_who_is_no_worker_is_told_in_one_place() -> None:
    """The intake is not the only process beside the workers: whoever leaves it out leaves the gate out, too."""
    alone = [str(path.relative_to(PACKAGE)) for path in modules() if "!= INTAKE" in path.read_text()]

    assert alone == []  # not in NO_WORKERS


def loaded_by(module: str) -> set[str]:
    code = f"import {module}, sys; print(' '.join(sys.modules))"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return set(output.stdout.split())


def test_supervisor_loads_no_parser_and_no_client() -> None:
    """The process that must never fail imports nothing that reads users' files or talks to the world."""
    loaded = loaded_by("imaginized.cli.daemon, imaginized.daemon.supervisor")

    assert "imaginized.daemon.supervisor" in loaded
    assert not loaded & {
        "ebooklib",
        "lxml",
        "pypdfium2",
        "PIL",
        "openai",
        "watchdog",
        "jinja2",
        "msgspec",
        "celery",
        "redis",
        "nacl",
        "obstore",
    }


def test_nothing_of_the_extra_for_hosts_is_loaded_at_home() -> None:
    """Who does everything on one machine needs none of it, and pays for none of it."""
    loaded = loaded_by("imaginized.daemon.entry, imaginized.work.worker")
    assert not loaded & {"celery", "kombu", "redis", "nacl", "obstore"}
    assert "obstore" not in loaded_by("imaginized.remote.host")  # nor, without a store, at a host


def test_workers_of_hosts_share_what_they_load() -> None:
    """The fork server loads it: what celery would import with the first message, each worker would have by itself."""
    needed = "import imaginized.remote.at_home as it, sys; had = set(sys.modules)"
    sends = "it.celery_engine.app_of('redis://127.0.0.1:1/0').send_task('a', retry=False)"
    program = f"{needed}\ntry: {sends}\nexcept Exception: pass\nprint(len(set(sys.modules) - had))"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert int(told.stdout) < 20


@pytest.mark.parametrize(
    "module", ["imaginized.cli.daemon, imaginized.daemon.supervisor", "imaginized.daemon.entry, imaginized.work.worker"]
)
def test_processes_start_without_what_only_a_terminal_needs(module: str) -> None:
    """structlog would load rich, which costs each start of the daemon and of its fork server a fifth."""
    assert not loaded_by(module) & {"rich", "pygments"}


def test_client_starts_light() -> None:
    """`imaginizectl` answers at once because it loads no heavy package."""
    loaded = loaded_by("imaginized.cli.ctl")

    assert not loaded & {"pydantic", "openai", "asyncio", "rich", "structlog", "msgspec"}


def test_functions_and_modules_stay_small() -> None:
    """A function fits on a page, a module in a head."""
    long = [
        f"{path.name}:{node.lineno} {node.name}"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (node.end_lineno or 0) - node.lineno > 45
    ]
    big = [path.name for path in modules() if path.read_text().count("\n") > 500]

    assert long == []
    assert big == []


def test_tests_lie_where_what_they_use_belongs() -> None:
    """No unit test waits for a process, a lock or a socket; only acceptance tests run the whole daemon."""
    misplaced = []
    for path in sorted(TESTS.rglob("test_*.py")):
        kind, used = path.relative_to(TESTS).parts[0], set(imports(path))
        if kind == "unit" and (strays := used & NOT_IN_UNIT):
            misplaced.append(f"{path.name} is no unit test: it imports {', '.join(sorted(strays))}")
        elif kind == "integration" and (used & IN_ACCEPTANCE_ONLY or "daemon_in" in path.read_text()):
            misplaced.append(f"{path.name} is an acceptance test: it runs the daemon")
        elif kind not in ("unit", "integration", "acceptance"):
            misplaced.append(f"{path.name} lies in none of unit, integration and acceptance")

    assert misplaced == []
