"""A front whose homes hang: nobody waits for more than one answer's time."""

import asyncio
import socket
import time
from contextlib import ExitStack
from pathlib import Path

from imaginized.front.methods import Front
from imaginized.front.shards import Shard


def test_homes_that_hang_are_waited_for_at_the_same_time(tmp_path: Path) -> None:
    """However many there are, and however few cores."""
    with ExitStack() as stack:
        shards = [Shard(name=f"h{number}", socket=tmp_path / f"{number}") for number in range(40)]
        for shard in shards:
            home = stack.enter_context(socket.socket(socket.AF_UNIX))
            home.bind(str(shard.socket))
            home.listen()
        began = time.monotonic()
        said = asyncio.run(Front(shards=shards, pid=1, answer_seconds=1.0).ask_all("status"))

    assert len(said.away) == 40
    assert time.monotonic() - began < 4.0  # by six threads it would be seven seconds
