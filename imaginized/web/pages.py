"""The page's HTML, from the templates beside: every value is escaped."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from imaginized.guide.escaping import fold
from imaginized.money.amounts import dollars


def page(name: str, context: Mapping[str, object], *, status: int = 200) -> HTMLResponse:
    """A page of the templates'."""
    return HTMLResponse(_environment().get_template(f"{name}.html.j2").render(context), status_code=status)


def asset(name: str) -> str:
    """The style or the script."""
    loader = _environment().loader
    assert loader is not None
    return loader.get_source(_environment(), name)[0]


@cache
def _environment() -> Environment:
    loader = PackageLoader("imaginized.web", "templates")
    found = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    found.filters.update(usd=dollars, line=fold, moment=_moment, size=_size)
    return found


def _moment(text: str) -> str:
    return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M:%S} UTC"


def _size(number: int) -> str:
    return f"{number / 1e6:.1f} MB" if number >= 100_000 else f"{max(number // 1000, 1)} kB"
