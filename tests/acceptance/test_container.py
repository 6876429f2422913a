"""The container: what deploy/Containerfile and compose.yaml say, carried out in namespaces: no engine runs here."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from imaginized.settings.file import load_settings
from tests.support.booted import PYTHON, why_not
from tests.support.browsing import NEEDS_BROWSER
from tests.support.contained import CONTAINERFILE, UID, Contained, contained, image
from tests.support.epubs import make_epub
from tests.support.evenings import an_evening
from tests.support.slowness import at_most
from tests.support.waiting import DEADLINE_SECONDS, eventually

COMPOSE = CONTAINERFILE.with_name("compose.yaml")
SHOW_KEY = (
    "import os; from imaginized.providers.keys import find_keys; from imaginized.settings.file import load_settings; "
    "print(find_keys(load_settings(None, environment=os.environ), os.environ).text.source)"
)
SECRET = "a-key-that-nobody-may-see"


def test_the_image_promises_what_its_users_need() -> None:
    """No root, a health check that fails without a daemon, settings that are settings, volumes for what must last."""
    said = image()

    user = said.user.partition(":")[0]
    assert user.isdigit() and int(user) > 0
    assert said.health == ["imaginizectl", "version", "--check"]
    assert sorted(said.volumes) == ["/inbox", "/library"]
    settings = load_settings(None, environment=said.environment)
    assert {str(settings.paths.inbox), str(settings.paths.library)} == set(said.volumes)
    assert "api_key" not in CONTAINERFILE.read_text().casefold()


def test_compose_gives_no_right_that_is_not_needed() -> None:
    """Read-only, no capability, no new privileges, keys as files; each variable is a setting, no port is open."""
    text = COMPOSE.read_text()

    for line in ("read_only: true", "cap_drop: [ALL]", "no-new-privileges:true", 'user: "${PUID:-1000}:${PGID:-1000}"'):
        assert line in text
    assert re.findall(r'ports: \["([\d.]+):', text) == ["127.0.0.1"]
    assert not re.search(r"(?i)api_key: ", text.replace("secrets: [openai_api_key]", ""))
    settings = load_settings(None, environment=settings_in_compose())
    assert settings.web.allowed_hosts == ("127.0.0.1:8765", "localhost:8765")


def settings_in_compose() -> dict[str, str]:
    """The variables that it sets, where nobody sets another."""
    text = COMPOSE.read_text()
    given = dict(re.findall(r"(IMAGINIZED_\w+): (?:'|\")?(.+?)(?:'|\")?(?: #.*)?$", text, flags=re.MULTILINE))
    return {name: re.sub(r"\$\{\w+:-(.*?)\}", r"\1", value) for name, value in given.items() if "__" in name}


@pytest.fixture
def container(tmp_path: Path) -> Iterator[Contained]:
    if reason := why_not():
        pytest.skip(f"no machine can be booted: {reason}")
    tmp_path.chmod(0o755)
    with contained(tmp_path) as found:
        yield found


def drop(container: Contained, file: Path) -> None:
    """As a user of the host does, who owns the folder."""
    shutil.copyfile(file, container.volumes / "inbox" / file.name)
    os.chown(container.volumes / "inbox" / file.name, UID, UID)


def test_a_book_is_illustrated_by_nobody_in_particular(container: Contained, tmp_path: Path) -> None:
    """An unknown user id, nothing writable but the volumes and memory: healthy, done, and ended in time."""
    eventually(container.healthy, deadline_seconds=2 * DEADLINE_SECONDS)
    status = Path(f"/proc/{container.pid}/status").read_text()
    assert re.search(rf"^Uid:\s+{UID}\s+{UID}\s", status, flags=re.MULTILINE)
    assert re.findall(r"^Cap(?:Prm|Eff|Bnd):\s+(\w+)$", status, flags=re.MULTILINE) == ["0" * 16] * 3
    for place in ("/", "/opt/imaginized", "/etc", "/usr", "/run"):
        assert container.run("touch", f"{place}/mine").returncode != 0

    drop(container, make_epub(tmp_path / "small.epub"))
    library = container.volumes / "library"
    eventually(lambda: any(library.glob("small-*/index.html")), deadline_seconds=2 * DEADLINE_SECONDS)
    assert {path.stat().st_uid for path in library.rglob("*")} == {UID}

    os.kill(container.pid, signal.SIGTERM)
    assert container.process.wait(at_most(30.0)) == 0
    assert not container.healthy()


def test_keys_are_files_that_no_environment_shows(container: Contained) -> None:
    """A secret of the engine is found without a setting."""
    (container.volumes / "secrets" / "openai_api_key").write_text(SECRET)
    eventually(container.healthy, deadline_seconds=2 * DEADLINE_SECONDS)
    variables = ("env", "IMAGINIZED_PROVIDER__TEXT=openai", "IMAGINIZED_OPENAI__TEXT_MODEL=gpt-5-mini")
    told = container.run(*variables, PYTHON, "-c", SHOW_KEY)

    assert told.returncode == 0, told.stderr
    assert "openai_api_key" in told.stdout
    assert SECRET not in told.stdout + told.stderr


@NEEDS_BROWSER
@pytest.mark.timeout(300)
def test_an_evening_with_the_containers_page(container: Contained, tmp_path: Path) -> None:
    """Both services of compose.yaml from one image: a book is dropped in a browser, watched, read, fetched by OPDS."""
    eventually(container.healthy, deadline_seconds=2 * DEADLINE_SECONDS)
    page = [f"{name}={value}" for name, value in settings_in_compose().items() if "_WEB__" in name]
    with (tmp_path / "web.log").open("wb") as log:
        web = subprocess.Popen(container.words("env", *page, *image().entrypoint, "web"), stdout=log, stderr=log)
    try:
        eventually(lambda: container.run("imaginizectl", "web-login").returncode == 0)
        password = container.run("imaginizectl", "web-login", "--device").stdout.split()[-1]
        ticket = container.run("imaginizectl", "web-login").stdout.strip()
        sent = make_epub(tmp_path / "sent.epub", title="Sent By A Reader", chapters=2)
        within = container.within("--net")
        names = an_evening(ticket, sent, title="Sent By A Reader", password=password, within=within)
    finally:
        web.terminate()
        web.wait(at_most(30.0))

    assert any(name.endswith(".jpg") for name in names)
