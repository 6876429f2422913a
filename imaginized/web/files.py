"""Files of a book's folder for a browser: only kinds that a guide is made of, never through a link."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import ExitStack
from io import FileIO
from pathlib import Path
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse

from imaginized.store.beneath import opened, pinned

CHUNK_BYTES = 1 << 18
# Nothing here can run in the page's own name: pages of a guide come with a policy that takes their origin away.
SHOWN = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".woff2": "font/woff2",
    ".md": "text/plain; charset=utf-8",
}
SAVED = {
    ".epub": "application/epub+zip",
    ".cbz": "application/vnd.comicbook+zip",
    ".pdf": "application/pdf",
    ".md": "text/markdown; charset=utf-8",
    ".html": "application/octet-stream",
    ".asc": "application/octet-stream",
}
# Of strangers: where a browser draws it as a picture nothing in it runs; opened as a page of its own it would.
DRAWING = {".svg": "image/svg+xml"}
DRAWN = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
SANDBOX = (
    "sandbox allow-scripts allow-popups allow-modals allow-downloads; default-src 'none'; img-src 'self' data:; "
    "style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; connect-src 'self'; font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def shown(library: Path, book: str, name: str, *, as_picture: bool = False) -> Response:
    """A file of a guide, to be looked at; the original and the exports that it links to, to be kept.

    Args:
        library: Where the books are.
        book: Which one.
        name: Of the file, below the book's folder.
        as_picture: Whether a browser says that it will draw it in a page, and not open it.

    Raises:
        HTTPException: 404: it is not there, or none that a guide is made of.
    """
    suffix = Path(name).suffix.lower()
    kind, drawing = SHOWN.get(suffix), DRAWING.get(suffix) if as_picture else None
    is_hidden = any(part.startswith(".") for part in Path(name).parts)
    is_original = Path(name).name == name and Path(name).stem == "source"
    if is_original or (kind is None and drawing is None and Path(name).parent == Path("exports") and not is_hidden):
        return saved(library, book, name)
    if (kind is None and drawing is None) or is_hidden:
        raise HTTPException(404)
    # Its page has no origin, so to the browser its own pictures are another's.
    headers = {
        "content-security-policy": DRAWN if drawing else SANDBOX,
        "vary": "sec-fetch-dest",
        "cross-origin-resource-policy": "cross-origin",
        "referrer-policy": "no-referrer",
    }
    return _served(library, Path(book) / name, kind=kind or drawing or "", headers=headers)


def picture(library: Path, book: str, name: str, *, as_picture: bool = False) -> Response:
    """A picture for the page itself: a cover.

    Args:
        library: Where the books are.
        book: Which one.
        name: Of the file, below the book's folder.
        as_picture: Whether a browser says that it will draw it in a page, and not open it.

    Raises:
        HTTPException: 404: it is not there, or no picture.
    """
    suffix = Path(name).suffix.lower()
    drawing = DRAWING.get(suffix) if as_picture else None
    kind = drawing or SHOWN.get(suffix, "")
    if not kind.startswith("image/"):
        raise HTTPException(404)
    headers = {"cache-control": "private, max-age=300", "vary": "sec-fetch-dest"}
    headers |= {"content-security-policy": DRAWN} if drawing else {}
    return _served(library, Path(book) / name, kind=kind, headers=headers)


def saved(library: Path, book: str, name: str) -> Response:
    """An export, or the original, to be kept.

    Raises:
        HTTPException: 404: it is not there, or neither.
    """
    is_original = Path(name).stem == "source"
    kind = SAVED.get(Path(name).suffix.lower(), "application/octet-stream" if is_original else None)
    if kind is None:
        raise HTTPException(404)
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(Path(name).name)}"}
    return _served(library, Path(book) / name, kind=kind, headers=headers)


def exports_of(library: Path, book: str) -> list[tuple[str, int]]:
    """The names and sizes of what was made of a book, to be taken away."""
    try:
        with pinned(library, Path(book) / "exports") as folder, os.scandir(folder) as entries:
            found = [
                (entry.name, entry.stat(follow_symlinks=False).st_size)
                for entry in entries
                if entry.is_file(follow_symlinks=False)
                and Path(entry.name).suffix.lower() in SAVED
                and entry.name.isprintable()  # an address cannot have what is no text
            ]
    except OSError:
        return []
    return sorted(found)


def _served(library: Path, path: Path, *, kind: str, headers: dict[str, str]) -> Response:
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(pinned(library, path.parent))
            file = FileIO(os.dup(stack.enter_context(opened(folder / path.name))), "rb")
        except (OSError, ValueError) as error:
            raise HTTPException(404) from error
    size = os.fstat(file.fileno()).st_size
    return StreamingResponse(_chunks(file), media_type=kind, headers={**headers, "content-length": str(size)})


async def _chunks(file: FileIO) -> AsyncIterator[bytes]:
    with file:
        while data := await asyncio.to_thread(file.read, CHUNK_BYTES):
            yield data
