"""A real Chromium for the pages of the guide: sessions of steps in, what they found out."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = ROOT / ".peers" / "node_modules"
DRIVE = ROOT / "tests" / "browser" / "drive.mjs"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

Step = tuple[object, ...]


def missing() -> str:
    """What a browser test needs and does not find; "" for nothing."""
    if CHROMIUM is None or shutil.which("node") is None:
        return "no browser: chromium or node is missing"
    if not (MODULES / "playwright-core").exists() or not (MODULES / "axe-core").exists():
        return "no browser: playwright-core or axe-core is missing (scripts/peers puts both into .peers)"
    return ""


NEEDS_BROWSER = pytest.mark.skipif(bool(missing()), reason=missing() or "there is one")


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A fresh browser context and what is done in it.

    Attributes:
        steps: Each a name of `drive.mjs` with what it is given.
        script: Whether JavaScript is on.
    """

    steps: tuple[Step, ...]
    width: int = 1280
    scheme: str = "light"
    script: bool = True
    touch: bool = False
    origin: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a session found, step by step, and what went wrong in the page."""

    found: tuple[object, ...]
    faults: tuple[str, ...]


def browse(*sessions: Session, within: tuple[str, ...] = ()) -> list[Seen]:
    """Run the sessions one after another in one browser, which a command may put somewhere else."""
    assert CHROMIUM is not None
    given = [
        {
            "steps": each.steps,
            "width": each.width,
            "scheme": each.scheme,
            "script": each.script,
            "touch": each.touch,
            "origin": each.origin,
        }
        for each in sessions
    ]
    done = subprocess.run(
        [*within, "node", str(DRIVE), str(MODULES), CHROMIUM],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [Seen(found=tuple(each["found"]), faults=tuple(each["faults"])) for each in json.loads(done.stdout)]
