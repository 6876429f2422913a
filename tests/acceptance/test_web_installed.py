"""From `pip install` of the built wheel to a book that was dropped, watched, read and fetched, in a real browser."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.browsing import NEEDS_BROWSER, ROOT
from tests.support.epubs import make_epub
from tests.support.evenings import an_evening
from tests.support.slowness import at_most
from tests.support.waiting import eventually
from tests.support.webs import free_port

pytestmark = [NEEDS_BROWSER, pytest.mark.timeout(600)]
INSTALL_SECONDS = 400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """A fresh venv with the wheel, and the home of somebody who knows nothing of this checkout."""

    programs: Path
    home: Path
    port: int

    def command(self, program: str, *arguments: str) -> dict[str, object]:
        """How it is started."""
        environment = {
            "HOME": str(self.home), "PATH": f"{self.programs}:/usr/bin:/bin", "LANG": "C.UTF-8",
            "XDG_RUNTIME_DIR": str(self.home), "IMAGINIZED_WEB__LISTEN": f"127.0.0.1:{self.port}",
        }  # fmt: skip
        return {"args": [str(self.programs / program), *arguments], "env": environment, "cwd": self.home, "text": True}

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        given = self.command(program, *arguments)
        return subprocess.run(**given, capture_output=True, timeout=at_most(60.0))  # type: ignore[call-overload,no-any-return]

    @contextmanager
    def running(self, program: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        log = (self.home / f"{program}-{arguments[0]}.log").open("w")
        with log, subprocess.Popen(**self.command(program, *arguments), stdout=log, stderr=log) as process:  # type: ignore[call-overload]
            try:
                yield process
            finally:
                process.terminate()
                assert process.wait(at_most(60.0)) in (0, -15)


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installed]:
    source, wheels, fresh = (tmp_path / name for name in ("source", "wheels", "fresh"))
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    shutil.copytree(ROOT / "imaginized", source / "imaginized", ignore=shutil.ignore_patterns("__pycache__"))
    pip = ("-m", "pip", "--quiet", "--disable-pip-version-check")
    subprocess.run([sys.executable, "-m", "venv", str(fresh)], check=True, timeout=INSTALL_SECONDS)
    python = str(fresh / "bin" / "python")
    for arguments in (("wheel", "--no-deps", "--wheel-dir", str(wheels), str(source)), ("install",)):
        wheel = [f"{path}[web]" for path in wheels.glob("*.whl")] if arguments == ("install",) else []
        done = subprocess.run(
            [python, *pip, *arguments, *wheel], capture_output=True, text=True, timeout=INSTALL_SECONDS
        )
        assert done.returncode == 0, done.stderr[-2000:]
    with tempfile.TemporaryDirectory(prefix="imz-") as home:  # short: it has a socket
        yield Installed(programs=fresh / "bin", home=Path(home), port=free_port())


def test_from_pip_install_to_a_book_on_a_reading_app(installed: Installed, tmp_path: Path) -> None:
    """Settings by `init`, the daemon, the page, a login, and an evening with a book; nothing is of the checkout."""
    begun = installed.run("imaginized", "init")
    assert begun.returncode == 0, begun.stderr
    assert (installed.home / ".config" / "imaginized" / "imaginized.toml").is_file()
    with installed.running("imaginized", "run"):
        eventually(lambda: installed.run("imaginizectl", "version", "--check").returncode == 0)
        with installed.running("imaginized", "web"):
            eventually(lambda: installed.run("imaginizectl", "web-login").returncode == 0)
            password = installed.run("imaginizectl", "web-login", "--device").stdout.split()[-1]
            ticket = installed.run("imaginizectl", "web-login").stdout.strip()
            sent = make_epub(tmp_path / "sent.epub", title="Sent By A Reader", chapters=2)
            names = an_evening(ticket, sent, title="Sent By A Reader", password=password)

    assert any(name.endswith(".jpg") for name in names)
    module = installed.programs.parent.glob("lib/python*/site-packages/imaginized/web/serve.py")
    assert list(module)
