"""Where programs look for each other when nobody says otherwise. Imports nothing, so that the client starts at once."""

from collections.abc import Mapping
from pathlib import Path

SYSTEM_SOCKET = Path("/run/imaginized/control.sock")
SOCKET_VARIABLE = "IMAGINIZED_SOCKET"
SYSTEM_SETTINGS = Path("/etc/imaginized/imaginized.toml")
SETTINGS_VARIABLE = "IMAGINIZED_CONFIG"


def default_socket(environment: Mapping[str, str]) -> Path:
    """Where the daemon of this user listens: in $XDG_RUNTIME_DIR where that is set, else where a service does."""
    runtime = environment.get("XDG_RUNTIME_DIR")
    return Path(runtime) / "imaginized" / "control.sock" if runtime else SYSTEM_SOCKET


def client_socket(environment: Mapping[str, str]) -> Path:
    """Where a client looks: what $IMAGINIZED_SOCKET says, else the user's daemon if there is one, else the system's."""
    if environment.get(SOCKET_VARIABLE):
        return Path(environment[SOCKET_VARIABLE])
    own = default_socket(environment)
    return SYSTEM_SOCKET if not _may_be_there(own) and _may_be_there(SYSTEM_SOCKET) else own


def own_settings(environment: Mapping[str, str]) -> Path:
    """Where the settings of this user are: below $XDG_CONFIG_HOME, or ~/.config."""
    home = environment.get("HOME") or Path.home()
    return Path(environment.get("XDG_CONFIG_HOME") or Path(home) / ".config") / "imaginized" / "imaginized.toml"


def settings_file(given: Path | None, environment: Mapping[str, str]) -> Path | None:
    """The settings file that every program reads: `given`, $IMAGINIZED_CONFIG, the user's own, the machine's.

    One that is named, by `given` or the variable, counts even if it is not there: whoever reads it says so. Of the
    others the first that exists. None where there is none, so that the defaults hold.
    """
    named = given or environment.get(SETTINGS_VARIABLE)
    if named:
        return Path(named)
    return next((path for path in (own_settings(environment), SYSTEM_SETTINGS) if _may_be_there(path)), None)


def _may_be_there(path: Path) -> bool:
    """Whether there is such a file; also where we may not look, as those outside of the service's group may not."""
    try:
        return path.exists()
    except PermissionError:
        return True
