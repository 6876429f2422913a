"""One try of a webhook by its name, in namespaces of its own with a resolver at fault; prints how long it took and what
became of it: python -m tests.support.resolving KIND SECONDS

KIND: nobody (nobody listens), silent (never answers), unknown (no such name), slow (answers after a second).
"""

import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from imaginized.notices.attempt import attempt
from imaginized.notices.ways import ways_of
from imaginized.settings.model import Notify
from tests.integration.test_notice_ways import NOTICE
from tests.support.receiving import receiving

SLOW_SECONDS = 1.0
ADDRESS_TYPE, NO_SUCH_NAME = b"\0\1", 3


def answer_to(question: bytes, *, kind: str) -> bytes:
    """127.0.0.1 for a name's address, nothing for what else is asked of it; or that there is no such name."""
    end = question.index(b"\0", 12) + 5
    asked, is_known = question[12:end], kind == "slow"
    is_address = is_known and asked[-4:-2] == ADDRESS_TYPE
    flags = b"\x81" + bytes([0x80 if is_known else 0x80 | NO_SUCH_NAME])
    head = question[:2] + flags + b"\0\1" + (b"\0\1" if is_address else b"\0\0") + b"\0\0\0\0"
    record = b"\xc0\x0c" + asked[-4:] + b"\0\0\0\x3c\0\4\x7f\0\0\1" if is_address else b""
    return head + asked + record


def resolve(kind: str, listening: socket.socket) -> None:
    """Be the resolver."""
    while True:
        question, sender = listening.recvfrom(4096)
        if kind == "silent":
            continue
        if kind == "slow":
            threading.Event().wait(SLOW_SECONDS)
        listening.sendto(answer_to(question, kind=kind), sender)


def main(kind: str, seconds: float) -> None:
    """Make the namespace's own loopback and resolver, then try."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        for name, text in (("resolv.conf", "nameserver 127.0.0.1\n"), ("nsswitch.conf", "hosts: files dns\n")):
            Path(folder, name).write_text(text)
            subprocess.run(["mount", "--bind", f"{folder}/{name}", f"/etc/{name}"], check=True)
        if kind != "nobody":
            listening.bind(("127.0.0.1", 53))
            threading.Thread(target=resolve, args=(kind, listening), daemon=True).start()
        with receiving() as receiver:
            url = receiver.url.replace("127.0.0.1", "hook.example")
            ways = ways_of(Notify(webhook=f"{url}/t0p5ecret", timeout_seconds=seconds))
            began = time.monotonic()
            found = attempt(NOTICE, ways.by_name, seconds=seconds)["webhook"]
            print(f"{time.monotonic() - began:.1f} {found}")
        for name in ("resolv.conf", "nsswitch.conf"):
            subprocess.run(["umount", f"/etc/{name}"], check=True)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
