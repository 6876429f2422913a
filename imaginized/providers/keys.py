"""API keys: where they come from, whom they may be told, and that nobody sees one by accident."""

import base64
import hashlib
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from imaginized.errors import SettingsError
from imaginized.settings.model import Settings, target_of
from imaginized.settings.near import is_private
from imaginized.settings.vendors import USES, VENDORS, Target, Use

CREDENTIALS_VARIABLE = "CREDENTIALS_DIRECTORY"
KEY_VARIABLES = tuple(
    name for vendor in VENDORS.values() if vendor.asks for use in USES for name in vendor.key_variables(use)
)
LONGEST_KEY_BYTES = 8192
HIDDEN = "[key]"
SHORTEST_SECRET = 8
LONGEST_PLAIN_WORD = 20
PORTS = {"http": 80, "https": 443}


class Key:
    """A key for one origin. Neither its text nor its representation shows it.

    Attributes:
        origin: Scheme, host and port that it may be sent to.
        source: Where it was found, for people.
    """

    __slots__ = ("_forms", "_pattern", "_secret", "origin", "source")

    def __init__(self, secret: str, *, origin: str, source: str = "") -> None:
        """Bind the secret to the origin it may be sent to."""
        self._secret = secret
        self.origin = origin
        self.source = source
        self._forms = _forms_of(secret) if _is_secret(secret) else ()
        whole = "|".join(map(re.escape, sorted(self._forms, key=len, reverse=True)))
        self._pattern = re.compile(rf"(?<![A-Za-z0-9])(?:{whole})(?![A-Za-z0-9])", re.IGNORECASE)

    def hide(self, text: str) -> str:
        """A text for people or to be kept, without the key, however it is written.

        Only where it stands by itself: within the letters of a picture's base64 it is there by chance.
        A key that is no secret, as "none" and "lm-studio" for servers that need none, is a word like others.
        """
        lowered = text.lower()
        if not any(form in lowered for form in self._forms):
            return text
        return self._pattern.sub(HIDDEN, text)

    def hide_in(self, value: object) -> object:
        """The same for every text in what JSON says."""
        if isinstance(value, str):
            return self.hide(value)
        if isinstance(value, list):
            return [self.hide_in(each) for each in value]
        if isinstance(value, dict):
            return {self.hide(str(name)): self.hide_in(each) for name, each in value.items()}
        return value

    def reveal(self) -> str:
        """The secret, for the header of a request to its origin."""
        return self._secret

    def __repr__(self) -> str:
        return f"Key(origin={self.origin!r})"


def _is_secret(secret: str) -> bool:
    """Whether it is worth hiding: a key that was made by chance has eight characters and more, and a digit."""
    has_digit = any(character.isdigit() for character in secret)
    return len(secret) >= (SHORTEST_SECRET if has_digit else LONGEST_PLAIN_WORD)


def _forms_of(secret: str) -> tuple[str, ...]:
    """How endpoints repeat a key, in lower case: as it is, quoted for a URL, in base64, in hex."""
    coded = base64.b64encode(secret.encode()).decode().rstrip("=")
    forms = (secret, quote(secret, safe=""), coded, coded.replace("+", "-").replace("/", "_"), secret.encode().hex())
    return tuple(dict.fromkeys(form.lower() for form in forms))


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The keys of a daemon; None where an endpoint needs none, as most on one's own machine."""

    text: Key | None = None
    image: Key | None = None


NO_KEYS = Keys()


def account_of(base_url: str, key: Key | None) -> str:
    """Whose limits count: endpoint and key, the key told by a digest that does not give it away."""
    secret = key.reveal() if key else ""
    digest = hashlib.sha256(f"{base_url}\0{secret}".encode()).hexdigest()
    return f"{base_url}#{digest[:8]}"


def lane_of(account: str, use: Use) -> str:
    """One use of an account, by which that is paused alone: its limits are those of the account."""
    return f"{account} {use}"


def use_of(key: str) -> Use | None:
    """The use that a key of the limiter stands for; None for a whole account."""
    return next((use for use in USES if key.endswith(f" {use}")), None)


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}:{parts.port or PORTS.get(parts.scheme, 0)}"


def find_keys(settings: Settings, environment: Mapping[str, str]) -> Keys:
    """The keys that the settings, systemd's credentials or the environment have, in this order.

    A second endpoint for images gets the first one's key only if it is of the same origin.

    Raises:
        SettingsError: A key file cannot be used, or a key would go over the open network in the clear.
    """
    text, image = target_of(settings, "text"), target_of(settings, "image")
    if text is None and image is None:
        return Keys(text=_unused(settings, environment))
    return Keys(
        text=_find(text, "text", environment) if text else None,
        image=_image_key(settings, image, environment) if image else None,
    )


def _unused(settings: Settings, environment: Mapping[str, str]) -> Key | None:
    """A key that is there though nothing is asked: people wonder why it is not used."""
    targets = (vendor.asks(settings, "text") for vendor in VENDORS.values() if vendor.asks)
    return next((key for target in targets if (key := _find(target, "text", environment))), None)


def _image_key(settings: Settings, image: Target, environment: Mapping[str, str]) -> Key | None:
    """Its own, else that of the same provider's text, which another origin must not be told."""
    own, asks = _find(image, "image", environment), VENDORS[image.vendor].asks
    if own is not None or asks is None:
        return own
    text = asks(settings, "text")
    return _find(text, "text", environment) if origin_of(text.base_url) == origin_of(image.base_url) else None


def _find(target: Target, use: Use, environment: Mapping[str, str]) -> Key | None:
    vendor, base_url, file = VENDORS[target.vendor], target.base_url, target.key_file
    credential, variables = vendor.credential(use), vendor.key_variables(use)
    folder = environment.get(CREDENTIALS_VARIABLE, "")
    if file is not None:
        secret, source = _read(file, is_private=True), str(file)
    elif folder and (given := _given(Path(folder), credential)) is not None:
        secret, source = _read(given, is_private=False), f"systemd's credential {given.name}"
    else:
        name = next((name for name in variables if environment.get(name, "").strip()), "")
        secret, source = environment.get(name, "").strip(), f"${name}"
    if not secret:
        return None
    if not (secret.isascii() and secret.isprintable() and " " not in secret):
        raise SettingsError(f"the key for {base_url} has characters that no key has; was more copied than the key?")
    if urlsplit(base_url).scheme != "https" and not is_private(base_url):
        raise SettingsError(f"{base_url}: a key would be sent over the network in the clear; use https")
    return Key(secret, origin=origin_of(base_url), source=source)


def _given(folder: Path, credential: str) -> Path | None:
    """The file of a systemd credential; one out of a loaded folder has that folder's id before its name."""
    return next(
        (path for path in (folder / credential, *sorted(folder.glob(f"*_{credential}"))) if path.is_file()), None
    )


def read_key_file(file: Path) -> str:
    """The key in a file that only its owner may read.

    Raises:
        SettingsError: It cannot be used; says why.
    """
    return _read(file, is_private=True)


def _read(file: Path, *, is_private: bool) -> str:
    """The key in a file.

    Raises:
        SettingsError: It cannot be read, holds none, or others may read it; says which.
    """
    try:
        with file.open("rb") as reading:
            mode = stat.S_IMODE(file.stat().st_mode)
            text = reading.read(LONGEST_KEY_BYTES + 1).decode()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise SettingsError(f"the key file {file} cannot be read: {reason}") from error
    if is_private and mode & 0o077:
        raise SettingsError(f"the key file {file} may be read by others (mode {mode:03o}): chmod 600 {file}")
    if not text.strip() or len(text) > LONGEST_KEY_BYTES:
        raise SettingsError(f"the key file {file} holds no key; write the key alone into it")
    return text.strip()
