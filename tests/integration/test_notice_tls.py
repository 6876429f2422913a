"""A webhook whose TLS or name is at fault: a refusal in words, in time, and never a message in the clear."""

import os
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from imaginized.notices.attempt import STUCK, attempt
from imaginized.notices.ways import ways_of
from imaginized.settings.model import Notify
from tests.integration.test_notice_ways import NOTICE
from tests.support.receiving import Receiver, receiving
from tests.support.waiting import DEADLINE_SECONDS

SECONDS = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A certificate that signed itself, and its key."""

    chain: Path
    key: Path


def made(folder: Path, *, names: str = "IP:127.0.0.1", days: int = 2) -> Certificate:
    """One for these names; with less than no days it is over."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl to make a certificate with")
    key, asked, chain, more = (folder / name for name in ("key.pem", "asked.pem", "chain.pem", "more"))
    more.write_text(f"subjectAltName={names}\nbasicConstraints=critical,CA:TRUE\n")
    for command in (
        ["req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=t", "-keyout", str(key), "-out", str(asked)],
        ["x509", "-req", "-in", str(asked), "-signkey", str(key), "-days", str(days), "-extfile", str(more),
         "-out", str(chain)],
    ):  # fmt: skip
        subprocess.run(["openssl", *command], check=True, capture_output=True, timeout=DEADLINE_SECONDS)
    return Certificate(chain=chain, key=key)


@contextmanager
def secured(certificate: Certificate, *, newest: ssl.TLSVersion | None = None) -> Iterator[Receiver]:
    """A receiver that speaks TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if newest is not None:
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, newest
        context.set_ciphers("ALL:@SECLEVEL=0")
    context.load_cert_chain(certificate.chain, certificate.key)
    with receiving(tls=context) as receiver:
        yield receiver


def told(url: str, *, seconds: float = SECONDS) -> str:
    """What became of a message to it."""
    ways = ways_of(Notify(webhook=f"{url}/t0p5ecret", timeout_seconds=seconds))
    found = attempt(NOTICE, ways.by_name, seconds=seconds)["webhook"]
    assert "t0p5ecret" not in found
    assert "_ssl.c" not in found
    return found


def test_a_certificate_that_the_machine_trusts_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of one's own by SSL_CERT_FILE, which the documentation names."""
    certificate = made(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.chain))
    with secured(certificate) as receiver:
        assert told(receiver.url) == ""

    assert [one.path for one in receiver.got] == ["/t0p5ecret"]


@pytest.mark.parametrize(
    ("names", "days", "is_known", "word"),
    [
        ("IP:127.0.0.1", 2, False, "self-signed certificate"),
        ("IP:127.0.0.1", -1, True, "certificate has expired"),
        ("DNS:other.example", 2, True, "not valid for '127.0.0.1'"),
    ],
    ids=["self-signed", "expired", "wrong name"],
)
def test_a_certificate_that_proves_nothing_gets_no_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: str, days: int, is_known: bool, word: str
) -> None:
    """It is said what is wrong with it, and what to do; not a byte of the message is sent."""
    certificate = made(tmp_path, names=names, days=days)
    if is_known:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.chain))
    with secured(certificate) as receiver:
        found = told(receiver.url)

    assert found.startswith("127.0.0.1: its certificate is not accepted: ")
    assert word in found
    assert receiver.got == []


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1")
def test_tls_of_long_ago_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The two sides find no version that both want."""
    certificate = made(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.chain))
    with secured(certificate, newest=ssl.TLSVersion.TLSv1_1) as receiver:
        found = told(receiver.url)

    assert found.startswith("127.0.0.1: no secure connection (")
    assert receiver.got == []


def test_a_receiver_without_tls_gets_nothing_by_https() -> None:
    """A port that speaks plain HTTP."""
    with receiving() as receiver:
        found = told(receiver.url.replace("http:", "https:"))

    assert found.startswith("127.0.0.1: no secure connection (")
    assert receiver.got == []


def test_a_handshake_that_never_ends_ends_in_time() -> None:
    """Somebody who lets us in and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        found = told(f"https://127.0.0.1:{listening.getsockname()[1]}")

    assert found in ("127.0.0.1 does not answer", STUCK)


RESOLVING = [
    ("nobody", "cannot be looked up"),
    ("silent", STUCK),
    ("unknown", "cannot be looked up"),
    ("slow", ""),
]


@pytest.mark.parametrize(("kind", "word"), RESOLVING)
def test_a_resolver_at_fault_costs_its_own_message_in_time(kind: str, word: str) -> None:
    """No resolver, one that never answers, one that knows no such name, and one that takes its time."""
    namespaces = ["unshare", "--mount", "--net"]
    if os.geteuid() != 0 or subprocess.run([*namespaces, "true"], capture_output=True, check=False).returncode:
        pytest.skip("only root may give a process a resolver of its own")
    command = [*namespaces, sys.executable, "-m", "tests.support.resolving", kind, str(SECONDS)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_SECONDS, check=False)
    assert done.returncode == 0, done.stderr
    seconds, _, found = done.stdout.rstrip("\n").partition(" ")

    assert word in found if word else found == ""
    assert "t0p5ecret" not in found
    assert float(seconds) < 10 * SECONDS
