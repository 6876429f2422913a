"""Fetching an image that an endpoint answered with a URL: bounded, and the key goes to its own origin only."""

import http.client
import urllib.error
import urllib.request
from typing import IO
from urllib.parse import urlsplit

from imaginized.errors import ImaginizedError
from imaginized.providers.keys import Key, origin_of

LARGEST_IMAGE_BYTES = 32 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024


class NotFetched(ImaginizedError):
    """The image could not be had from where the endpoint says it is."""


class _SameOrigin(urllib.request.HTTPRedirectHandler):
    """Follows redirects; what was meant for one origin is not told another."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:  # fmt: skip
        """The next request, without the key where it leads elsewhere."""
        following = super().redirect_request(req, fp, code, msg, headers, newurl)
        if following is not None and origin_of(newurl) != origin_of(req.full_url):
            following.remove_header("Authorization")
        return following


def fetch(url: str, *, key: Key | None, timeout_seconds: float) -> bytes:
    """The bytes at a URL.

    Args:
        url: http or https.
        key: Sent along if the URL is of the key's origin.
        timeout_seconds: Of silence.

    Raises:
        NotFetched: Not there, too slow, too large.
    """
    if urlsplit(url).scheme not in ("http", "https"):
        raise NotFetched("the endpoint names an image at an address that is no web address")
    request = urllib.request.Request(url)
    if key is not None and key.origin == origin_of(url):
        request.add_header("Authorization", f"Bearer {key.reveal()}")
    try:
        with urllib.request.build_opener(_SameOrigin).open(request, timeout=timeout_seconds) as answer:
            return _read(answer)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotFetched(f"the image is not at the URL that the endpoint gave: {error}") from error


def _read(answer: IO[bytes]) -> bytes:
    data = bytearray()
    while chunk := answer.read(_CHUNK_BYTES):
        data += chunk
        if len(data) > LARGEST_IMAGE_BYTES:
            raise NotFetched(f"the image is larger than {LARGEST_IMAGE_BYTES // 1024 // 1024} MiB")
    return bytes(data)
