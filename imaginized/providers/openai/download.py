"""Fetching an image that an endpoint answered with a URL: from where it may be, bounded, the key for its origin only.

It may be at the endpoint's own scheme, address and port, or at a public address: an endpoint must not make this process
ask around in the network that it stands in. What a name means is looked up once, and connected to is what was judged.
Where the environment names a proxy for the host, the name is judged here as far as it is known here, and the proxy is
given the name: what that reaches is for the proxy to guard.
"""

from collections.abc import Sequence
from ipaddress import ip_address
from time import monotonic
from urllib.parse import SplitResult, urljoin, urlsplit

from imaginized.errors import ImaginizedError
from imaginized.providers.keys import PORTS, Key, origin_of
from imaginized.providers.openai.addresses import Address, LookUp, is_of_a_link, is_public, look_up, plain
from imaginized.providers.openai.transport import Dropped, Patience, Unfit
from imaginized.providers.openai.wire import Beat, Bounds, Wire, proxy_for

LARGEST_IMAGE_BYTES = 32 * 1024 * 1024
MOST_REDIRECTS = 5
_REDIRECTS = frozenset((301, 302, 303, 307, 308))


class NotFetched(ImaginizedError):
    """The image could not be had from where the endpoint says it is.

    Attributes:
        is_gone: Whether there was an answer, but not the image: another asking may give another address.
    """

    def __init__(self, text: str, *, is_gone: bool = False) -> None:
        """Say what came instead."""
        super().__init__(text)
        self.is_gone = is_gone


def fetch(
    url: str, *, endpoint: str, key: Key | None, patience: Patience, beat: Beat, look_up: LookUp = look_up
) -> bytes:
    """The bytes at a URL.

    Args:
        url: As the endpoint gave it; a path is one of its own.
        endpoint: Its base URL.
        key: Sent along to the key's own origin, and to no other.
        patience: Over all places that it leads to.
        beat: Called whenever bytes have come.
        look_up: The addresses of a host.

    Raises:
        NotFetched: Not there, too slow, too large, or where no image of this endpoint may be.
    """
    until = monotonic() + patience.total_seconds
    url = _joined(endpoint, url)
    for _ in range(MOST_REDIRECTS + 1):
        place = _place(url)
        allowed = _allowed(place, endpoint=_place(endpoint), look_up=look_up)
        headers = {"Authorization": f"Bearer {key.reveal()}"} if key and key.origin == origin_of(url) else {}
        left = Patience(silence_seconds=patience.silence_seconds, total_seconds=max(until - monotonic(), 0.0))
        wire = Wire(beat=beat, look_up=_always(allowed))
        try:
            answer = wire.get(url, headers, bounds=Bounds(patience=left, most_bytes=LARGEST_IMAGE_BYTES))
        except (Dropped, Unfit) as error:
            raise NotFetched(f"{_named(place)}, where the endpoint says the image is: {error}") from error
        finally:
            wire.close()
        if answer.status in _REDIRECTS and (location := answer.headers.get("location")):
            url = _joined(url, location)
        elif answer.status != 200:
            raise NotFetched(f"the image is not at the URL that the endpoint gave: HTTP {answer.status}", is_gone=True)
        else:
            return answer.body
    raise NotFetched(f"the endpoint names an image at {_named(place)} that leads from place to place without end")


def _always(addresses: Sequence[Address]) -> LookUp:
    def answer(host: str, port: int) -> Sequence[Address]:  # noqa: ARG001 - it was asked before
        return addresses

    return answer


def _place(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises where it is no number
    except ValueError as error:
        raise NotFetched(f"the endpoint names an image at an address that is not a web address: {error}") from error
    if parts.scheme not in PORTS or not parts.hostname:
        raise NotFetched("the endpoint names an image at an address that is not a web address (http or https)")
    return parts


def _allowed(place: SplitResult, *, endpoint: SplitResult, look_up: LookUp) -> Sequence[Address]:
    """The addresses of a place from which an image of this endpoint may come; none only where a proxy goes there."""
    host, port = place.hostname or "", _port(place)
    is_by_proxy = bool(proxy_for(place.scheme, host, port=port, look_up=look_up))
    try:
        found = look_up(host, port)
    except OSError as error:
        if is_by_proxy:
            return ()
        raise NotFetched(f"the endpoint names an image at {host}, which cannot be looked up: {error}") from error
    is_like = (place.scheme, port) == (endpoint.scheme, _port(endpoint))
    own = _own(endpoint, look_up=look_up) if is_like else set()
    allowed = [address for address in found if is_public(address) or plain(address) in own]
    if not allowed:
        raise NotFetched(
            f"the endpoint names an image at {_named(place)}, which is neither its own address and port nor a public "
            "one; let the server answer with base64 (b64_json), or give out its images at the address and port of its "
            "base_url"
        )
    return allowed


def _own(endpoint: SplitResult, *, look_up: LookUp) -> set[Address]:
    """The addresses of the endpoint; of its name's, not those where clouds keep credentials."""
    host = endpoint.hostname or ""
    try:
        return {plain(ip_address(host))}
    except ValueError:
        pass
    try:
        return {plain(address) for address in look_up(host, _port(endpoint)) if not is_of_a_link(address)}
    except OSError:
        return set()


def _port(place: SplitResult) -> int:
    return place.port or PORTS[place.scheme]


def _named(place: SplitResult) -> str:
    """A place for people: what comes after the host may be a key to it."""
    host = f"[{place.hostname}]" if ":" in (place.hostname or "") else place.hostname
    return f"{place.scheme}://{host}:{_port(place)}"


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise NotFetched(f"the endpoint names an image that leads to no web address: {error}") from error
