"""What an endpoint may send and for how long; where its pictures may be; proxies. Over real sockets on loopback."""

import gzip
import resource
import shutil
import socket
import ssl
import subprocess
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ipaddress import IPv4Address, ip_address
from pathlib import Path
from urllib.parse import quote

import pytest

from imaginized.errors import Rejected, Unanswered
from imaginized.providers.keys import Key, origin_of
from imaginized.providers.openai.addresses import Address, is_public
from imaginized.providers.openai.download import MOST_REDIRECTS, NotFetched, fetch
from imaginized.providers.openai.images import find_image
from imaginized.providers.openai.transport import Dropped, Patience, Unfit
from imaginized.providers.openai.wire import Bounds, Wire, proxy_for, unpacked
from imaginized.providers.scripted import Fault, Script, ScriptedServer, scripted
from tests.integration.test_openai import image_request, provider, text_request
from tests.support.waiting import DEADLINE_SECONDS

PATIENT = Patience(silence_seconds=20.0, total_seconds=60.0)
SOON = Patience(silence_seconds=5.0, total_seconds=0.6)
MEBIBYTE = 1024 * 1024
ENDLESS = ("endless", "bomb", "lie")
SLUGGISH = ("drip", "drip_head")


def spoiling(kind: str, *, seconds: float = 0.1) -> Fault:
    return Fault(kind=kind, status=200, seconds=seconds)


def image_at(server: ScriptedServer, *, host: str = "127.0.0.1") -> str:
    return f"http://{host}:{server.server_address[1]}/image.png"


class Pulse:
    """Counts the signs of life."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> None:
        self.count += 1


def get(url: str, *, endpoint: str, patience: Patience = PATIENT, key: Key | None = None, **names: str) -> bytes:
    """Fetch an image; what a name means is what `names` say, with "_" for "."."""

    def look_up(host: str, port: int) -> list[Address]:
        found = names.get(host.replace(".", "_"), "" if host.endswith(".test") else host)
        return [ip_address(address) for address in found.split()]

    return fetch(url, endpoint=endpoint, key=key, patience=patience, beat=lambda: None, look_up=look_up)


@pytest.mark.parametrize("kind", ENDLESS)
def test_f49_a_text_that_is_too_large_or_not_what_it_says_is_refused_at_once(kind: str) -> None:
    """An endless body, a compressed bomb, a false gzip: one call, bounded memory, and the reason says what came."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with scripted(Script(text=(spoiling(kind),) * 3)) as server, pytest.raises(Rejected) as caught:
        provider(server).write(text_request())
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024

    assert server.counts.requests["text"] == 1
    assert ("not gzip" if kind == "lie" else "more than 16 MiB") in str(caught.value)
    assert grown < 150 * MEBIBYTE  # with what the server itself takes in this process


@pytest.mark.parametrize("kind", ["endless", "bomb"])
def test_f49_an_image_that_is_too_large_is_refused_at_once(kind: str) -> None:
    """The same for pictures, with room for base64; and for one that is fetched by its URL."""
    with scripted(Script(image=(spoiling(kind),) * 3)) as server, pytest.raises(Rejected, match="more than 44 MiB"):
        provider(server).draw(image_request())
    with (
        scripted(Script(image_as="url", file=spoiling(kind))) as files,
        pytest.raises(Rejected, match="more than 32 MiB"),
    ):
        provider(files).draw(image_request())

    assert server.counts.requests["image"] == files.counts.requests["image"] == 1


@pytest.mark.parametrize("kind", SLUGGISH)
def test_f49_a_byte_now_and_then_does_not_stop_the_clock(kind: str) -> None:
    """The clock runs over connecting, head and body of all tries, though no silence is ever long."""
    began = time.monotonic()
    with scripted(Script(text=(spoiling(kind),) * 9)) as server, pytest.raises(Unanswered) as caught:
        provider(server, timeout_seconds=30.0, deadline_seconds=0.6).write(text_request())

    assert "the answer was not whole after 1 s" in str(caught.value)
    assert time.monotonic() - began < 20.0  # it would never end
    assert server.counts.requests["text"] <= 3


@pytest.mark.parametrize("kind", SLUGGISH)
def test_f49_the_same_clock_runs_over_fetching_an_image(kind: str) -> None:
    """And a redirect does not start it anew."""
    with scripted(Script(file=spoiling(kind))) as server, pytest.raises(NotFetched, match="was not whole after"):
        get(image_at(server), endpoint=server.base_url, patience=SOON)


def test_f49_bytes_are_signs_of_life_and_silence_is_not() -> None:
    """Every piece that comes is told; an answer that takes its time comes through; one that hangs ends."""
    lively, silent = Pulse(), Pulse()
    with scripted(Script(file=spoiling("slow", seconds=1.0))) as server:
        data = listen(server, lively, silence_seconds=0.7)
    with scripted(Script(file=spoiling("slow", seconds=60.0))) as server, pytest.raises(Dropped) as caught:
        listen(server, silent, silence_seconds=0.3)

    assert data.startswith(b"\xff\xd8\xff")
    assert lively.count >= 10
    assert silent.count <= 3
    assert "no answer within" in str(caught.value)
    assert caught.value.was_sent


def listen(server: ScriptedServer, pulse: Pulse, *, silence_seconds: float) -> bytes:
    wire = Wire(beat=pulse)
    patience = Patience(silence_seconds=silence_seconds, total_seconds=60.0)
    try:
        return wire.get(image_at(server), {}, bounds=Bounds(patience=patience, most_bytes=MEBIBYTE)).body
    finally:
        wire.close()


def test_f49_an_error_is_an_error_however_long_its_body() -> None:
    """A failing endpoint's endless words are cut; its status counts, and it is asked again."""
    endless = Fault(kind="endless", status=503)
    with scripted(Script(text=(endless,))) as server:
        reply = provider(server).write(text_request())

    assert len(reply.scenes) == 3
    assert server.counts.requests["text"] == 2


@pytest.mark.parametrize("encoding", ["", "identity", "gzip", "x-gzip", "deflate", "bare"])
def test_bodies_are_unpacked_as_they_say(encoding: str) -> None:
    """Whole, by the piece and by the byte, in the encodings that are asked for, and "deflate" in its two kinds."""
    text = bytes(range(256)) * 3000
    bare = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = {
        "gzip": gzip.compress(text),
        "x-gzip": gzip.compress(text) + b"behind the end",
        "deflate": zlib.compress(text),
        "bare": bare.compress(text) + bare.flush(),
    }.get(encoding, text)
    name = "deflate" if encoding == "bare" else encoding
    pieces = [packed[begin : begin + 700] for begin in range(0, len(packed), 700)]

    assert b"".join(unpacked(pieces, name)) == text
    assert max(map(len, unpacked([packed], name))) <= max(64 * 1024, len(packed))


def test_an_encoding_that_was_not_asked_for_is_named() -> None:
    """Nobody could unpack it within bounds."""
    with pytest.raises(Unfit, match="'br'"):
        list(unpacked([b"x"], "br"))


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True), ("2606:2800:21f:cb07::1", True), ("::ffff:93.184.215.14", True),
        ("64:ff9b::5db8:d70e", True), ("2002:5db8:d70e::1", True),
        ("127.0.0.1", False), ("127.9.9.9", False), ("10.1.2.3", False), ("172.16.0.1", False), ("192.168.1.1", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False),
        ("255.255.255.255", False), ("240.0.0.1", False), ("192.0.2.1", False), ("198.18.0.1", False),
        ("::1", False), ("::", False), ("fe80::1", False), ("fe80::1%lo", False), ("fd00::1", False),
        ("fec0::1", False), ("ff02::1", False), ("2001:db8::1", False), ("::127.0.0.1", False),
        ("::ffff:127.0.0.1", False), ("::ffff:169.254.169.254", False), ("64:ff9b::7f00:1", False),
        ("64:ff9b::a9fe:a9fe", False), ("64:ff9b:1::1", False), ("2002:7f00:1::1", False),
        ("2002:c0a8:101::1", False), ("2001:0:5db8:d70e::1", False),
    ],
)  # fmt: skip
def test_public_addresses_are_told_from_all_others(address: str, public: bool) -> None:
    """This machine, private and shared networks, links, many, and whatever stands for one of those are none."""
    assert is_public(ip_address(address)) is public


@pytest.mark.parametrize(
    "leads_to",
    [
        "http://169.254.169.254/latest/meta-data", "http://[::ffff:169.254.169.254]/", "http://10.0.0.1/image.png",
        "http://2130706433:{other}/image.png", "http://localhost:{other}/image.png", "https://127.0.0.1:{own}/x.png",
        "http://[::1]:{other}/image.png", "http://0.0.0.0:{other}/image.png", "http://127.0.0.1:{other}/image.png",
        "file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1:{own}/x", "http://127.0.0.1:x/",
        "http://127.0.0.1:99999/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("how", ["at once", "by a redirect"])
def test_f49_no_image_is_fetched_from_inside_the_network(leads_to: str, how: str) -> None:
    """Not from another port of this machine, not from a private or link-local address, not from a file."""
    with scripted(Script()) as server, scripted(Script()) as other:
        url = leads_to.format(own=server.server_address[1], other=other.server_address[1])
        asked = url if how == "at once" else image_at(server).replace("/image.png", f"/leads?{quote(url)}")
        with pytest.raises(NotFetched) as caught:
            fetch(asked, endpoint=server.base_url, key=None, patience=PATIENT, beat=lambda: None)

    assert other.counts.requests.total() == 0
    assert server.counts.requests["file"] == (0 if how == "at once" else 1)
    assert "not a web address" in str(caught.value) or "neither its own address and port" in str(caught.value)


def test_f49_a_refused_address_is_the_chapters_reason() -> None:
    """It says what was named and what to do, after one call."""
    with (
        scripted(Script(image_as="url", image_url="http://169.254.169.254/latest/meta-data/?token=x")) as server,
        pytest.raises(Rejected, match=r"169\.254\.169\.254:80, which is neither its own .*b64_json"),
    ):
        provider(server).draw(image_request())

    assert server.counts.requests["image"] == 1
    assert find_image({"data": [{"url": "file:///etc/passwd"}]})  # found, so that it is refused in so many words


def test_f49_another_name_of_the_endpoints_own_address_and_port_will_do_without_the_key() -> None:
    """Scheme, address and port make the origin; the key goes by the name. A redirect there is followed."""
    with scripted(Script()) as server:
        key = Key("sk-canary-51c0", origin=origin_of(server.base_url))
        alias = image_at(server, host="images.test")
        leads = image_at(server).replace("/image.png", f"/leads?{quote(alias)}")
        found = get(leads, endpoint=server.base_url, key=key, images_test="127.0.0.1")

    assert found.startswith(b"\xff\xd8\xff")
    assert server.counts.authorizations == ["Bearer sk-canary-51c0", ""]


def test_f49_a_name_is_looked_up_once_and_connected_to_as_it_was_judged() -> None:
    """One that means another address when it is asked again reaches nothing; of several, only those that may be."""
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[Address]:
        asked.append(host)
        return [IPv4Address("127.0.0.1" if len(asked) > 1 else "203.0.113.7")]

    with scripted(Script()) as server, scripted(Script()) as other:
        with pytest.raises(NotFetched, match="neither its own"):
            fetch(
                image_at(other, host="rebind.test"), endpoint=server.base_url, key=None, patience=SOON,
                beat=lambda: None, look_up=rebinding,
            )  # fmt: skip
        found = get(image_at(server, host="both.test"), endpoint=server.base_url, both_test="10.0.0.9 127.0.0.1")

    assert asked == ["rebind.test"]
    assert other.counts.requests.total() == 0
    assert found.startswith(b"\xff\xd8\xff")


def test_f49_an_endpoints_name_does_not_make_link_addresses_its_own() -> None:
    """A name server that says so later cannot turn an endpoint's own origin into where clouds keep credentials."""
    with pytest.raises(NotFetched, match="neither its own"):
        get("http://models.test/x.png", endpoint="http://models.test/v1", models_test="169.254.169.254")


def test_f49_redirects_end() -> None:
    """An image that leads to itself is given up."""
    with scripted(Script()) as server:
        here = image_at(server).replace("/image.png", "/leads?")
        around = (
            f"{here}{quote('/leads?' + quote('/leads?' + quote('/leads?' + quote('/leads?' + quote('/leads?/x')))))}"
        )
        with pytest.raises(NotFetched, match="without end"):
            get(around, endpoint=server.base_url)

    assert server.counts.requests["file"] == MOST_REDIRECTS + 1


@contextmanager
def dead_port() -> Iterator[int]:
    """A port on which nobody answers, for as long as the context lasts: bound, and not listening."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield int(bound.getsockname()[1])


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
def test_f49_no_proxy_stands_between_us_and_this_machine(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the environment says, an endpoint on loopback and its images are asked for directly."""
    with dead_port() as port, scripted(Script(image_as="url")) as server:
        monkeypatch.setenv(variable, f"http://127.0.0.1:{port}")
        provider(server).write(text_request())
        provider(server).draw(image_request())

    assert server.counts.requests == {"text": 1, "image": 1, "file": 1}


def test_f49_proxies_are_for_public_hosts_and_for_those_that_only_they_know(monkeypatch: pytest.MonkeyPatch) -> None:
    """Never for a name that means a private address; not for one in NO_PROXY."""
    known = {"public.test": "93.184.215.14", "lan.test": "192.168.0.7", "mixed.test": "93.184.215.14 10.0.0.1"}

    def look_up(host: str, port: int) -> list[Address]:
        if host not in known:
            raise OSError("unknown")
        return [ip_address(address) for address in known[host].split()]

    monkeypatch.setenv("HTTPS_PROXY", "proxy.test:3128")
    monkeypatch.setenv("NO_PROXY", "skip.test")
    found = {
        host: proxy_for("https", host, port=443, look_up=look_up) for host in (*known, "unknown.test", "skip.test")
    }

    proxy = "http://proxy.test:3128"
    assert found == {"public.test": proxy, "lan.test": "", "mixed.test": "", "unknown.test": proxy, "skip.test": ""}
    assert proxy_for("http", "public.test", port=80, look_up=look_up) == ""


def test_f49_a_public_host_is_asked_through_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxy gets the request with the host's name; it is given no private address."""
    with scripted(Script()) as proxy:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.server_address[1]}")
        found = get("http://pictures.test/image.png", endpoint="http://models.test/v1", pictures_test="93.184.215.14")
        with pytest.raises(NotFetched, match="neither its own"):
            get("http://pictures.test/image.png", endpoint="http://models.test/v1", pictures_test="10.0.0.1")

    assert found.startswith(b"\xff\xd8\xff")
    assert proxy.counts.requests["file"] == 1


@contextmanager
def secured(server: ScriptedServer, folder: Path) -> Iterator[Path]:
    """Makes the server speak TLS, as 127.0.0.1 and as models.test; gives the certificate to trust."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl to make a certificate with")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    names = "subjectAltName=IP:127.0.0.1,DNS:models.test"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=t", "-addext", names,
         "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True, timeout=DEADLINE_SECONDS,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    yield certificate


@contextmanager
def tunnels(*, to: ScriptedServer, answer: bytes = b"HTTP/1.1 200 OK\r\n\r\n") -> Iterator[tuple[int, list[bytes]]]:
    """A proxy that digs one tunnel, to the server whatever it is asked for; its port, and what it was asked."""
    asked: list[bytes] = []

    def carry(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)

    def serve() -> None:
        client, _ = listening.accept()
        with client, socket.create_connection(("127.0.0.1", to.server_address[1])) as inner:
            asked.append(client.recv(65536))
            client.sendall(answer)
            back = threading.Thread(target=carry, args=(inner, client), daemon=True)
            back.start()
            carry(client, inner)
            back.join(DEADLINE_SECONDS)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(DEADLINE_SECONDS)
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield int(listening.getsockname()[1]), asked
        thread.join(DEADLINE_SECONDS)


def test_f49_the_clock_and_the_bounds_hold_over_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer comes; a byte now and then ends with the clock; a certificate of nobody we know costs nothing."""
    place = Fault(kind="drip", status=200)
    with scripted(Script()) as server, secured(server, tmp_path) as certificate:
        here = image_at(server).replace("http:", "https:")
        with pytest.raises(NotFetched, match="certificate verify failed"):
            get(here, endpoint=here)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        found = get(here, endpoint=here)
        server.script = Script(file=place)
        with pytest.raises(NotFetched, match="was not whole after"):
            get(here, endpoint=here, patience=SOON)

    assert found.startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize("is_open", [True, False])
def test_f49_a_public_host_is_asked_through_a_tunnel(
    is_open: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its name, and with the clock; where the proxy digs none, nothing was sent to the host."""
    answer = b"HTTP/1.1 200 OK\r\n\r\n" if is_open else b"HTTP/1.1 503 Down\r\nContent-Length: 0\r\n\r\n"
    wire = Wire(beat=lambda: None, look_up=lambda *_: [IPv4Address("93.184.215.14")])
    bounds = Bounds(patience=PATIENT, most_bytes=MEBIBYTE)
    with (
        scripted(Script()) as server,
        secured(server, tmp_path) as certificate,
        tunnels(to=server, answer=answer) as (port, asked),
    ):
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        monkeypatch.setenv("https_proxy", f"http://user:word@127.0.0.1:{port}")
        if is_open:
            assert wire.get("https://models.test/image.png", {}, bounds=bounds).body.startswith(b"\xff\xd8\xff")
        else:
            with pytest.raises(Dropped, match="no connection: 503 Down") as caught:
                wire.get("https://models.test/image.png", {}, bounds=bounds)
            assert not caught.value.was_sent
        wire.close()

    assert asked[0].startswith(b"CONNECT models.test:443 HTTP/1.1\r\n")
    assert b"Proxy-Authorization: Basic dXNlcjp3b3Jk" in asked[0]


def test_a_proxy_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to set instead; nothing was sent."""
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1")

    def look_up(host: str, port: int) -> list[Address]:
        return [IPv4Address("93.184.215.14")]

    wire = Wire(beat=lambda: None, look_up=look_up)
    with pytest.raises(Dropped, match="names a socks5 proxy, which cannot be used") as caught:
        wire.get("http://public.test/", {}, bounds=Bounds(patience=PATIENT, most_bytes=MEBIBYTE))

    assert not caught.value.was_sent
