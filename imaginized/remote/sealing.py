"""Seals what goes through the broker: nobody without the key reads it, changes it or puts it elsewhere.

XChaCha20-Poly1305 of libsodium: its nonces are long enough to be drawn at random for ever. The only nacl import.
"""

import hashlib
import stat
from pathlib import Path

from nacl.exceptions import CryptoError
from nacl.secret import Aead

from imaginized.errors import SettingsError

KEY_BYTES = 32


class KeySeal:
    """The key that home and its hosts have."""

    def __init__(self, secret: bytes) -> None:
        """Seal with this secret of 32 bytes."""
        # Names are made with a key of their own: one that leaks by them says nothing about what is sealed.
        self._box = Aead(hashlib.blake2b(b"seal", key=secret).digest()[: Aead.KEY_SIZE])
        self._names = hashlib.blake2b(b"names", key=secret).digest()

    def close(self, data: bytes, *, about: str) -> bytes:
        """Sealed; opens again only where it is said to be about the same."""
        return bytes(self._box.encrypt(data, about.encode()))

    def open(self, sealed: bytes, *, about: str) -> bytes | None:
        """What was sealed; None for what was not sealed by us for this place."""
        try:
            return bytes(self._box.decrypt(sealed, about.encode()))
        except (CryptoError, ValueError):
            return None

    def name(self, *parts: object) -> str:
        """A name that tells nobody without the key what it is made of."""
        told = "\0".join(str(part) for part in parts).encode(errors="surrogatepass")
        return hashlib.blake2b(told, key=self._names[:KEY_BYTES], digest_size=16).hexdigest()


def read_seal(file: Path) -> KeySeal:
    """The seal of a key file: 64 hex digits, readable by its owner only.

    Raises:
        SettingsError: It cannot be used; says why, and how to make one.
    """
    advice = f"make one: (umask 077; openssl rand -hex {KEY_BYTES} > {file})"
    try:
        mode, text = stat.S_IMODE(file.stat().st_mode), file.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"hosts.key_file {file} cannot be read: {error}; {advice}") from error
    if mode & 0o077:
        raise SettingsError(f"hosts.key_file {file} may be read by others (mode {mode:03o}): chmod 600 {file}")
    try:
        secret = bytes.fromhex(text)
    except ValueError:
        secret = b""
    if len(secret) != KEY_BYTES:
        raise SettingsError(f"hosts.key_file {file} does not hold {2 * KEY_BYTES} hex digits; {advice}")
    return KeySeal(secret)
