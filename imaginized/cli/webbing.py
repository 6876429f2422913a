"""`imaginized web` and `imaginizectl web-login`: the page in the browser, and who is let in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from importlib.util import find_spec
from pathlib import Path

from imaginized.cli.command import envelope
from imaginized.cli.doctor import Check, examine
from imaginized.cli.loading import settings_words
from imaginized.cli.output import echo, echo_json
from imaginized.clock import SystemClock
from imaginized.errors import ControlError, ExitCode
from imaginized.settings.model import KEYS, Settings

EXTRA = ("starlette", "uvicorn", "python_multipart")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outside:
    """What the page shows of what only a program looks at."""

    loaded: Settings
    file: Path | None
    environment: Mapping[str, str]

    def examine(self) -> Sequence[Check]:
        """What `doctor` finds."""
        return examine(self.loaded.paths.socket, config=self.file, environment=self.environment)

    def settings(self) -> tuple[str, Sequence[tuple[str, str, bool]]]:
        """Every key with its value."""
        rows = []
        for key, field in KEYS.items():
            value = reduce(getattr, key.split("."), self.loaded)
            rows.append((key, "" if value is None else str(value), value != field.default))
        return settings_words(self.file), rows


def page_of(settings: Settings, *, file: Path | None, environment: Mapping[str, str], as_json: bool) -> None:
    """Serve the page until told to stop.

    Raises:
        ControlError: The extra is not installed, or it cannot listen.
        OSError: The library is not there, or not ours.
    """
    if any(find_spec(name) is None for name in EXTRA):
        text = "the page needs the extra imaginized[web]"
        raise ControlError(text, exit_code=ExitCode.USAGE, advice="install it: pip install 'imaginized[web]'")
    from imaginized.web.serve import serve

    def ready(url: str) -> None:
        if as_json:
            echo_json(envelope("web", url=url))
        echo(f"the page is at {url}; `imaginizectl web-login` lets you in", err=True)

    around = _Outside(loaded=settings, file=file, environment=environment)
    serve(settings, clock=SystemClock(), outside=around, ready=ready)
