"""Where the broker is and what seals the words through it, from the files that the settings name."""

import stat
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

from imaginized.errors import SettingsError
from imaginized.settings.model import Settings
from imaginized.settings.near import is_private

EXTRA = ("celery", "redis", "nacl")
SCHEMES = ("redis", "rediss", "redis+socket")
LONGEST_URL_BYTES = 2000


def check_hosts(settings: Settings) -> None:
    """Refuse settings by which no host could be had.

    Raises:
        SettingsError: The extra is not installed, or a file is missing or wrong; says what to do.
    """
    if settings.hosts.engine == "none":
        return
    if any(find_spec(name) is None for name in EXTRA):
        raise SettingsError(
            "hosts.engine = \"celery\" needs the extra imaginized[hosts]; install it: pip install 'imaginized[hosts]'"
        )
    if settings.hosts.blobs and find_spec("obstore") is None:
        raise SettingsError("hosts.blobs needs obstore; install the extra again: pip install 'imaginized[hosts]'")
    from imaginized.remote.sealing import read_seal

    read_url(settings.hosts.broker_url_file)
    read_seal(key_file_of(settings))


def folder_of(blobs: str) -> Path | None:
    """The folder that a file URL of the settings names; None for another URL."""
    return Path(unquote(urlsplit(blobs).path)) if blobs.startswith("file:") else None


def key_file_of(settings: Settings) -> Path:
    """The file with the shared key. Raises SettingsError: none is named."""
    if settings.hosts.key_file is None:
        raise SettingsError("hosts.key_file is not set; it names the file with the key that home and its hosts share")
    return settings.hosts.key_file


def read_url(file: Path | None) -> str:
    """The broker's URL.

    Raises:
        SettingsError: The file cannot be used, or a password would go over the open network in the clear.
    """
    if file is None:
        raise SettingsError("hosts.broker_url_file is not set; it names the file with the URL of the Redis server")
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
        with file.open("rb") as reading:
            url = reading.read(LONGEST_URL_BYTES + 1).decode().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"hosts.broker_url_file {file} cannot be read: {error}") from error
    if mode & 0o077:
        raise SettingsError(f"hosts.broker_url_file {file} may be read by others (mode {mode:03o}): chmod 600 {file}")
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES or len(url) > LONGEST_URL_BYTES:
        raise SettingsError(f"hosts.broker_url_file {file} holds no URL of a Redis server, such as redis://host:6379/0")
    if parts.scheme == "redis" and not is_private(url):
        raise SettingsError(f"{parts.hostname}: a password would be sent over the network in the clear; use rediss://")
    return url
