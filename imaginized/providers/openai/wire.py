"""Bytes to and from an endpoint: one clock over a call, a bound on what comes back, signs of life, the way there.

Made of the two packages below `openai`; what a call means and what it costs is decided elsewhere.
"""

import socket
import ssl
import urllib.request
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any
from urllib.parse import unquote, urlsplit

import httpcore2
import httpx2

from imaginized.providers.keys import PORTS
from imaginized.providers.openai.addresses import LookUp, is_public, look_up
from imaginized.providers.openai.transport import Answer, Dropped, Patience, Unfit

CONNECT_SECONDS = 15.0
MOST_ERROR_BYTES = 256 * 1024  # of what is no answer: a person reads its first lines
_PIECE_BYTES = 64 * 1024
_ALIVE = [  # a model may think for minutes without a byte, and routers forget connections that are that quiet
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 60),
    (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 60),
    (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 5),
]

Beat = Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How long a call may take and how much may come back, decompressed."""

    patience: Patience
    most_bytes: int


class Wire(httpx2.BaseTransport):
    """Sends one request after the other and reads the whole answer to each, within bounds. Not for threads."""

    def __init__(self, *, beat: Beat, look_up: LookUp = look_up) -> None:
        """Connect to nothing yet.

        Args:
            beat: Called whenever bytes have come.
            look_up: The addresses of a host, asked once for each connection, which then goes to one of them.
        """
        self._look_up = look_up
        self._watch = _Watch(beat)
        self._pools: dict[str, httpcore2.ConnectionPool] = {}
        self._most_bytes = 0

    def expect(self, bounds: Bounds) -> None:
        """Start the clock for the next request."""
        self._watch.start(bounds.patience)
        self._most_bytes = bounds.most_bytes

    def get(self, url: str, headers: Mapping[str, str], *, bounds: Bounds) -> Answer:
        """Fetch what is at a URL; follows nothing.

        Raises:
            Dropped: No answer came, or not all of it in time, or it is no URL.
            Unfit: It is too large, or not compressed as it says.
        """
        self.expect(bounds)
        try:
            return self._send(httpx2.Request("GET", url, headers=dict(headers)))
        except httpx2.InvalidURL as error:
            raise Dropped(f"no connection: {error}", was_sent=False) from error

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request for a client; the response is whole, and as it was before it was compressed.

        Raises:
            Dropped: No answer came, or not all of it in time.
            Unfit: It is too large, or not compressed as it says.
        """
        answer = self._send(request)
        return httpx2.Response(answer.status, headers=dict(answer.headers), content=answer.body, request=request)

    def _send(self, request: httpx2.Request) -> Answer:
        url = request.url
        # What is packed otherwise, br or zstd, could not be unpacked within a bound here.
        request.headers["Accept-Encoding"] = "gzip, deflate"
        sent = httpcore2.Request(
            request.method,
            httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.read(),
        )
        try:
            response = self._pool(url).handle_request(sent)
            try:
                return self._read(response)
            finally:
                response.close()
        except (httpcore2.NetworkError, httpcore2.TimeoutException, httpcore2.ProtocolError) as error:
            raise self._watch.dropped(error) from error
        except (httpcore2.ProxyError, httpcore2.UnsupportedProtocol, OSError, ValueError) as error:
            raise Dropped(f"no connection: {error}", was_sent=False) from error

    def close(self) -> None:
        """Close what is open."""
        for pool in self._pools.values():
            pool.close()

    def _pool(self, url: httpx2.URL) -> httpcore2.ConnectionPool:
        port = url.port or PORTS.get(url.scheme, 0)
        proxy = proxy_for(url.scheme, url.host, port=port, look_up=self._look_up)
        self._watch.is_by_tunnel = bool(proxy) and url.scheme == "https"
        if proxy not in self._pools:
            self._pools[proxy] = _open_pool(proxy, _Backend(self._watch, look_up if proxy else self._look_up))
        return self._pools[proxy]

    def _read(self, response: httpcore2.Response) -> Answer:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
        is_answer = 200 <= response.status < 300
        most = self._most_bytes if is_answer else MOST_ERROR_BYTES
        assert isinstance(response.stream, Iterable)
        body = bytearray()
        try:
            for piece in unpacked(self._clocked(response.stream), headers.get("content-encoding", "")):
                body += piece
                if len(body) > most:
                    raise Unfit(f"answered with more than {_mebibytes(most)}, which cannot be used")
        except (httpcore2.NetworkError, httpcore2.TimeoutException, httpcore2.ProtocolError, Unfit):
            if is_answer:
                raise
            # The status says all that counts; of the words, as many as came.
        for name in ("content-encoding", "content-length", "transfer-encoding"):  # of what has been undone here
            headers.pop(name, None)
        return Answer(status=response.status, headers=headers, body=bytes(body[:most]))

    def _clocked(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self._watch.left()  # a reader of what has come already asks the socket for nothing
            yield piece


def _mebibytes(size: int) -> str:
    return f"{size / 1024 / 1024:.0f} MiB"


def unpacked(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The pieces of a body as they were before it was compressed, each of bounded size whatever it unpacks to.

    Raises:
        Unfit: It is compressed in another way than it says, or in one that was not asked for.
    """
    name = encoding.strip().lower()
    if name in ("", "identity"):
        yield from pieces
        return
    if name not in ("gzip", "x-gzip", "deflate"):
        raise Unfit(f"answered in the encoding {name[:40]!r}, which it was not asked for")
    unpacker = None
    try:
        for piece in pieces:
            unpacker = unpacker or _unpacker(name, piece)
            data = piece
            while data:
                yield unpacker.decompress(data, _PIECE_BYTES)
                if unpacker.eof:
                    return  # what stands behind the end is nothing to us, however much it is
                data = unpacker.unconsumed_tail
        if unpacker is not None:
            yield unpacker.flush()
    except zlib.error as error:
        raise Unfit(f"answered with a body that is not {name}, as it says: {error}") from error


def _unpacker(name: str, first: bytes) -> "zlib._Decompress":
    # "deflate" should begin with zlib's two bytes, multiples of 31 as one number; some servers leave them out.
    is_bare = name == "deflate" and (first[0] & 0x0F != 8 or int.from_bytes(first[:2], "big") % 31 != 0)
    return zlib.decompressobj(-zlib.MAX_WBITS if is_bare else zlib.MAX_WBITS | 32)


class _Watch:
    """The clock of the call under way, over all connections, and how far it has come."""

    def __init__(self, beat: Beat) -> None:
        self._beat = beat
        self._patience = Patience(silence_seconds=0.0, total_seconds=0.0)
        self._until = 0.0
        self._was_sent = False
        self.is_by_tunnel = False

    def start(self, patience: Patience) -> None:
        self._patience = patience
        self._until = monotonic() + patience.total_seconds
        self._was_sent = False

    def left(self) -> float:
        """How long to wait for the next byte; raises ReadTimeout when no time is left."""
        left = self._until - monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout
        return min(self._patience.silence_seconds, left)

    def has_come(self, data: bytes) -> None:
        if data:
            self._beat()

    def has_gone(self, *, is_secure: bool) -> None:
        # The first that goes through a tunnel asks the proxy to dig it: the endpoint has seen nothing of that.
        self._was_sent = self._was_sent or is_secure or not self.is_by_tunnel

    def has_failed_to_go(self) -> None:
        """A request that has not gone out whole is none that anybody works on."""
        self._was_sent = False

    def dropped(self, error: Exception) -> Dropped:
        """What to say of an error of the connection."""
        if isinstance(error, httpcore2.ConnectTimeout):
            return Dropped("no connection: it took too long", was_sent=False)
        if isinstance(error, httpcore2.ConnectError):
            return Dropped(f"no connection: {error}", was_sent=False)
        if not isinstance(error, httpcore2.TimeoutException):
            return Dropped(f"no answer: {str(error) or type(error).__name__}", was_sent=self._was_sent)
        if self._until - monotonic() <= 0:
            what = f"the answer was not whole after {self._patience.total_seconds:.0f} s"
        else:
            what = f"no answer within {self._patience.silence_seconds:.0f} s"
        return Dropped(what, was_sent=self._was_sent, is_late=True)


class _Stream(httpcore2.NetworkStream):
    """A connection whose waiting is bounded by the watch; the timeouts it is given are those of a single read."""

    def __init__(self, inner: httpcore2.NetworkStream, watch: _Watch, *, is_secure: bool = False) -> None:
        self._inner = inner
        self._watch = watch
        self._is_secure = is_secure

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        data = self._inner.read(max_bytes, self._watch.left())
        self._watch.has_come(data)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        view = memoryview(buffer)
        try:
            for begin in range(0, len(view), _PIECE_BYTES):
                self._inner.write(bytes(view[begin : begin + _PIECE_BYTES]), self._watch.left())
        except (httpcore2.WriteError, httpcore2.TimeoutException):
            # The package goes on after a WriteError and reads: an endpoint may have refused what it saw the head of.
            self._watch.has_failed_to_go()
            raise
        self._watch.has_gone(is_secure=self._is_secure)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore2.NetworkStream:
        left = min(self._watch.left(), CONNECT_SECONDS)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left), self._watch, is_secure=True)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Backend(httpcore2.NetworkBackend):
    """Connects to one of the addresses that a host has by `look_up`, and to no other."""

    def __init__(self, watch: _Watch, look_up: LookUp) -> None:
        self._watch = watch
        self._look_up = look_up
        self._inner = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        try:
            addresses = self._look_up(host, port)
        except OSError as error:
            raise httpcore2.ConnectError(f"{host} cannot be looked up: {error.strerror or error}") from error
        options = list(socket_options or ())
        failed: Exception = httpcore2.ConnectError(f"{host} has no address")
        for address in addresses:
            seconds = min(self._watch.left(), CONNECT_SECONDS)
            try:
                stream = self._inner.connect_tcp(str(address), port, seconds, local_address, options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failed = error
                continue
            return _Stream(stream, self._watch)
        raise failed


def proxy_for(scheme: str, host: str, *, port: int, look_up: LookUp) -> str:
    """The proxy that the environment names for a host; "" for none, and always for this machine and private networks.

    A host whose name means nothing here is public: in networks with a proxy it is often the only one that knows.
    """
    named = urllib.request.getproxies_environment()
    proxy = named.get(scheme) or named.get("all") or ""
    if not proxy or urllib.request.proxy_bypass(host):
        return ""
    try:
        is_near = not all(map(is_public, look_up(host, port)))
    except OSError:
        is_near = False
    return "" if is_near else proxy if "://" in proxy else f"http://{proxy}"


def _open_pool(proxy: str, backend: httpcore2.NetworkBackend) -> httpcore2.ConnectionPool:
    if not proxy:
        return httpcore2.ConnectionPool(network_backend=backend, socket_options=_ALIVE)
    parts = urlsplit(proxy)
    if parts.scheme not in ("http", "https"):
        raise ValueError(
            f"the environment names a {parts.scheme} proxy, which cannot be used; set HTTPS_PROXY to one for http, or "
            "NO_PROXY to the endpoint's host"
        )
    place = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    return httpcore2.HTTPProxy(place, proxy_auth=login, network_backend=backend, socket_options=_ALIVE)
