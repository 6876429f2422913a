"""Reading the settings anew: what may change while the daemon runs, and what takes a restart."""

from collections.abc import Callable
from dataclasses import dataclass

from imaginized.errors import SettingsError
from imaginized.providers.keys import Keys
from imaginized.settings import Paths, Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where settings come from, and what outside of the supervisor follows them.

    Attributes:
        load: Reads and validates them all. Raises SettingsError.
        find_keys: Finds the keys of the endpoints that the settings name. Raises SettingsError.
        apply_logs: Sets this process's log up by them.
    """

    load: Callable[[], Settings]
    find_keys: Callable[[Settings], Keys]
    apply_logs: Callable[[Settings], None]


def reloaded(source: Source, *, now: Settings) -> Settings:
    """The settings as they are given now.

    Raises:
        SettingsError: One of them is wrong, or takes a restart; lists every such one.
    """
    new = source.load()
    names = [name for name in Paths.model_fields if getattr(new.paths, name) != getattr(now.paths, name)]
    moved = [f"paths.{name} = {str(getattr(new.paths, name))!r}: takes a restart" for name in names]
    if moved:
        raise SettingsError("\n".join(moved))
    return new
