"""The page as a process: where it listens, what it serves, how it ends. The only uvicorn import."""

import asyncio
import socket
import stat
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from imaginized.clock import Clock
from imaginized.errors import ControlError, ExitCode
from imaginized.settings.model import Settings
from imaginized.web import catalog, uploads
from imaginized.web.asking import Daemon
from imaginized.web.feed import Feed
from imaginized.web.guard import Guard
from imaginized.web.passes import Porter, make_door
from imaginized.web.site import Outside, Site
from imaginized.web.tabs import Tabs

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
MOST_CONNECTIONS = 200
HEAD_SECONDS = 10.0  # in which a request's first lines must come
GRACE_SECONDS = 2
BACKLOG = 100
SOCKET_MODE = 0o660


def serve(settings: Settings, *, clock: Clock, outside: Outside, ready: Callable[[str], None]) -> None:
    """Be the page until SIGTERM or Ctrl-C.

    Args:
        settings: Of the daemon.
        clock: The machine's.
        outside: What only the program can look at.
        ready: Told where the page is, once it listens.

    Raises:
        ControlError: It cannot listen there, or must not: everybody could reach it.
        OSError: The library cannot be written.
    """
    listen = settings.web.listen
    hosts = hosts_of(listen, settings.web.allowed_hosts)
    with _listening(listen) as listener:
        url = url_of(listen, settings.web.allowed_hosts)
        porter = Porter(library=settings.paths.library, door=make_door(settings.paths.library, url=url))
        uploads.clear(settings.paths.library)
        tempfile.tempdir = str(uploads.folder_of(settings.paths.library))  # a form's file is no smaller than a book
        ready(url)
        asyncio.run(_serve(listener, settings=settings, clock=clock, outside=outside, hosts=hosts, porter=porter))


def hosts_of(listen: str, allowed: tuple[str, ...]) -> frozenset[str]:
    """The Host headers that the page answers to.

    Raises:
        ControlError: It would listen to everybody, and nobody said under which name.
    """
    if listen.startswith("/"):
        return frozenset(map(str.lower, (*allowed, "localhost")))
    host, _, port = listen.rpartition(":")
    own = LOOPBACK if host in LOOPBACK else (host,)
    if host not in LOOPBACK and not allowed:
        text = (
            f"web.listen = {listen!r} lets other machines in; name the page's address in allowed_hosts of [web], such "
            f'as ["books.example"], or listen on 127.0.0.1'
        )
        raise ControlError(text, exit_code=ExitCode.BAD_SETTINGS)
    names = [f"{name}:{port}" for name in own] + (list(own) if port == "80" else [])
    return frozenset(map(str.lower, (*names, *allowed)))


def url_of(listen: str, allowed: tuple[str, ...]) -> str:
    """Where a person finds the page."""
    if allowed:
        return f"http://{allowed[0]}"
    return "http://localhost" if listen.startswith("/") else f"http://{listen}"


def _listening(listen: str) -> socket.socket:
    try:
        return _unix(Path(listen)) if listen.startswith("/") else _tcp(listen)
    except OSError as error:
        text = f"cannot listen on {listen}: {error.strerror or error}; set another listen in [web]"
        raise ControlError(text, exit_code=ExitCode.BAD_SETTINGS) from error


def _tcp(listen: str) -> socket.socket:
    host, _, port = listen.rpartition(":")
    address = host.strip("[]")
    found = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    found.bind((address, int(port)))
    found.listen(BACKLOG)
    return found


def _unix(path: Path) -> socket.socket:
    with suppress(FileNotFoundError):
        # One that was left by a page that was killed refuses; a live one answers, and is left alone.
        if stat.S_ISSOCK(path.lstat().st_mode) and not _answers(path):
            path.unlink()
    found = socket.socket(socket.AF_UNIX)
    found.bind(str(path))
    path.chmod(SOCKET_MODE)
    found.listen(BACKLOG)
    return found


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as trying:
        return trying.connect_ex(str(path)) == 0


async def _serve(
    listener: socket.socket,
    *,
    settings: Settings,
    clock: Clock,
    outside: Outside,
    hosts: frozenset[str],
    porter: Porter,
) -> None:
    feed = Feed(settings.paths.socket)
    site = Site(
        library=settings.paths.library,
        daemon=Daemon(socket=settings.paths.socket, clock=clock),
        feed=feed,
        porter=porter,
        outside=outside,
    )
    port = settings.web.listen.rpartition(":")[2]
    guard = Guard(
        app=_application(site),
        hosts=hosts,
        porter=porter,
        cookie=f"imaginized-{port}" if port.isdecimal() else "imaginized",
        clock=clock,
        most_upload_bytes=settings.web.max_upload_bytes,
        metrics_are_open=settings.web.metrics == "open",
    )
    site.guard = guard
    config = uvicorn.Config(
        guard,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        ws="none",
        http=_Impatient,
        loop="asyncio",
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    feed.start()
    await _Server(config, feed=feed).serve(sockets=[listener])


class _Impatient(H11Protocol):
    """Hangs up on who says nothing, or but half a request: each such connection is one less for everybody else."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take a part of a request, or of its body."""
        super().data_received(data)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._forget()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self._forget()
        elif self._late is None:  # not anew with each byte
            self._late = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _forget(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None


class _Server(uvicorn.Server):
    """Ends the pages' streams first: it would wait for them until it is killed."""

    def __init__(self, config: uvicorn.Config, *, feed: Feed) -> None:
        super().__init__(config)
        self._feed = feed

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End."""
        await self._feed.close()
        await super().shutdown(sockets)


def _application(site: Site) -> Starlette:
    """Every address; a new one is a row here and a method there."""
    get, post = ["GET"], ["POST"]
    routes = [
        Route("/", site.shelf, methods=get),
        Route("/books/{book}", site.book, methods=get),
        Route("/books/{book}/cast", site.cast, methods=get),
        Route("/books/{book}/chapters", site.pieces, methods=get),
        Route("/books/{book}/log", site.log, methods=get),
        Route("/books/{book}/cover", site.cover, methods=get),
        Route("/books/{book}/read", site.read, methods=get),
        Route("/books/{book}/exports/{name}", site.export, methods=get),
        Route("/books/{book}/{action}", site.order, methods=post),
        Route("/daemon/{action}", site.order_all, methods=post),
        Route("/reading/{stamp}/index.html", site.reading_shelf, methods=get),
        Route("/reading/{stamp}/{book}/{name:path}", site.reading, methods=get),
        Route("/upload", site.upload, methods=post),
        Route("/upload-form", site.upload_form, methods=post),
        Route("/settings", site.settings, methods=get),
        Route("/doctor", site.doctor, methods=get),
        Route("/login", site.login, methods=["GET", "POST"]),
        Route("/logout", site.logout, methods=post),
        Route("/whoami", site.whoami, methods=get),
        Route("/events", Tabs(feed=site.feed), methods=get),
        Route("/opds", site.catalog, methods=get),
        Route("/opds/search.xml", site.catalog_search, methods=get),
        Route(catalog.NO_COVER, site.no_cover, methods=get),
        Route("/opds/v2", site.catalog_2, methods=get),
        Route("/api/v1/{method}", site.api, methods=["GET", "POST"]),
        Route("/metrics", site.metrics, methods=get),
        Route("/healthz", site.healthz, methods=get),
        Route("/readyz", site.readyz, methods=get),
        Route("/page.css", site.style, methods=get),
        Route("/page.js", site.script, methods=get),
        Route("/favicon.ico", site.icon, methods=get),
    ]
    refusals = dict.fromkeys((ControlError, HTTPException, OSError, Exception), site.refused)
    return Starlette(routes=routes, exception_handlers=refusals)
