"""The store as a host reaches it: by URLs that home has signed, or in a folder. Imported where there is a store."""

import time
from collections.abc import Collection, Mapping
from pathlib import Path
from types import MappingProxyType
from urllib.parse import unquote, urlsplit

import httpx2

from imaginized.remote.store import Store, StoreFailed

TIMES = httpx2.Timeout(30.0, connect=5.0)
# Whoever has the bucket replaces nothing: the store refuses a second file of a name.
CREATE: Mapping[str, str] = {"If-None-Match": "*"}
MOST_SECONDS = 60.0  # for all of an answer: a store that drips holds nobody up
MOST_ANSWER_BYTES = 65_536  # of an answer to a file that is put: nothing, or a few lines
DONE = (200, 201, 204)
IS_THERE = (409, 412)


class HostReach:
    """Puts and gets by URL."""

    def __init__(self, folder: Path | None) -> None:
        """Use this folder for files, where a host has it elsewhere than home."""
        self._folder = folder
        self._client: httpx2.Client | None = None

    def put(self, url: str, data: bytes) -> None:
        """See Reach."""
        if url.startswith("file:"):
            store, name = self._in_folder(url)
            store.put(name, data)
            return
        self._asked("PUT", url, good=(*DONE, *IS_THERE), most_bytes=MOST_ANSWER_BYTES, data=data, headers=CREATE)

    def get(self, url: str, *, most_bytes: int) -> bytes:
        """See Reach."""
        if url.startswith("file:"):
            store, name = self._in_folder(url)
            return store.get(name, most_bytes=most_bytes)
        return self._asked("GET", url, good=DONE, most_bytes=most_bytes)

    def _asked(
        self,
        method: str,
        url: str,
        *,
        good: Collection[int],
        most_bytes: int,
        data: bytes = b"",
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> bytes:
        """What is answered. Never more of it than is wanted, whatever the store sends."""
        found, until = bytearray(), time.monotonic() + MOST_SECONDS
        try:
            with self._http(url).stream(method, url, content=data or None, headers=headers) as response:
                if response.status_code not in good:
                    raise StoreFailed(f"the store answers {response.status_code}")
                for piece in response.iter_raw():
                    found += piece
                    if len(found) > most_bytes or time.monotonic() > until:
                        raise StoreFailed("it sends more than is wanted, or too slowly")
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise StoreFailed(str(error)) from error
        return bytes(found)

    def _http(self, url: str) -> httpx2.Client:
        if urlsplit(url).scheme not in ("http", "https"):
            raise StoreFailed("home has no URL for it")
        if self._client is None:
            self._client = httpx2.Client(timeout=TIMES, follow_redirects=False)
        return self._client

    def _in_folder(self, url: str) -> tuple[Store, str]:
        try:
            from imaginized.remote.object_store import FolderStore
        except ImportError as error:
            raise StoreFailed("this host lacks obstore: pip install 'imaginized[hosts]'") from error
        told = Path(unquote(urlsplit(url).path))
        return FolderStore(self._folder or told.parent), told.name
