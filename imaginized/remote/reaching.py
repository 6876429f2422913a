"""The store as a host reaches it: by URLs that home has signed, or in a folder. Imported where there is a store."""

import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

import httpx2

from imaginized.remote.store import Store, StoreFailed

TIMES = httpx2.Timeout(30.0, connect=5.0)
# Whoever has the bucket replaces nothing: the store refuses a second file of a name.
CREATE: Mapping[str, str] = {"If-None-Match": "*"}
MOST_SECONDS = 60.0  # for all of it: a store that drips holds nobody up
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
        try:
            status = self._http(url).put(url, content=data, headers=CREATE).status_code
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise StoreFailed(str(error)) from error
        if status not in (*DONE, *IS_THERE):
            raise StoreFailed(f"the store answers {status}")

    def get(self, url: str, *, most_bytes: int) -> bytes:
        """See Reach."""
        if url.startswith("file:"):
            store, name = self._in_folder(url)
            return store.get(name, most_bytes=most_bytes)
        data, until = bytearray(), time.monotonic() + MOST_SECONDS
        try:
            with self._http(url).stream("GET", url) as response:
                if response.status_code not in DONE:
                    raise StoreFailed(f"the store answers {response.status_code}")
                for piece in response.iter_raw():
                    data += piece
                    if len(data) > most_bytes or time.monotonic() > until:
                        raise StoreFailed("it is larger than what was put there, or comes too slowly")
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise StoreFailed(str(error)) from error
        return bytes(data)

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
