"""The front as a process: where it listens, and how it ends."""

import asyncio
import os
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from imaginized.control.server import ControlServer
from imaginized.errors import ControlError, ExitCode
from imaginized.front.methods import Front
from imaginized.front.shards import Shard
from imaginized.logs.log import get_log

CHECK_SECONDS = 1.0


def serve(shards: Sequence[Shard], *, listen: Path, ready: Callable[[], None]) -> None:
    """Be a front until SIGTERM or Ctrl-C.

    Args:
        shards: The homes.
        listen: Where its own control socket is.
        ready: Told once it listens.

    Raises:
        SocketInUse: Somebody listens there.
        ControlError: Two homes have one name, or one is the front itself.
        OSError: The socket cannot be made.
    """
    names = [shard.name for shard in shards]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ControlError(
            f"two homes are called {twice[0]}", exit_code=ExitCode.USAGE, advice="each needs its own name"
        )
    sockets = [shard.socket.resolve() for shard in shards]
    if same := [shard for shard, where in zip(shards, sockets, strict=True) if sockets.count(where) > 1]:
        both = " and ".join(shard.name for shard in same)
        text = f"{both} have one socket, {same[0].socket}, so each book would be there twice"
        raise ControlError(text, exit_code=ExitCode.USAGE, advice="name each home once")
    if listen.resolve() in sockets:
        raise ControlError(
            f"{listen} is a home's socket", exit_code=ExitCode.USAGE, advice="name another with --socket"
        )
    asyncio.run(_serve(shards, listen=listen, ready=ready))


async def _serve(shards: Sequence[Shard], *, listen: Path, ready: Callable[[], None]) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    front = Front(shards=shards, pid=os.getpid())
    server = ControlServer(front.table(), log=get_log(), note="imaginized front")
    await server.listen(listen)
    ready()
    try:
        while not stopping.is_set():
            with suppress(TimeoutError):  # then it is time to see that the socket is still there
                async with asyncio.timeout(CHECK_SECONDS):
                    await stopping.wait()
            await server.check()
    finally:
        await server.close()
