"""`imaginized front`: one address for several homes."""

import sys
from collections.abc import Sequence
from pathlib import Path

from imaginized.cli.command import envelope
from imaginized.cli.output import echo, echo_json
from imaginized.errors import ControlError, ExitCode
from imaginized.front.serve import serve
from imaginized.front.shards import Shard, shard_from
from imaginized.logs.log import configure_logs


def be_front(homes: Sequence[str], *, listen: Path, as_json: bool) -> None:
    """Answer for these homes until told to stop.

    Raises:
        ControlError: A home is not written as it should be, or it cannot listen.
        OSError: Likewise.
    """
    shards = [_shard(text) for text in homes]
    configure_logs("info", format="auto", stream=sys.stderr)

    def ready() -> None:
        names = [shard.name for shard in shards]
        if as_json:
            echo_json(envelope("front", socket=str(listen), homes=names))
        echo(f"the front of {', '.join(names)} is at {listen}; imaginizectl --socket {listen} status", err=True)

    serve(shards, listen=listen.absolute(), ready=ready)


def _shard(text: str) -> Shard:
    try:
        return shard_from(text)
    except ValueError as error:
        raise ControlError(f"--home: {error}", exit_code=ExitCode.USAGE) from error
