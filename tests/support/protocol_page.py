"""docs/control-protocol.md, made from the records and from what a real daemon answered; `scripts/build-protocol`."""

import json
import os
import re
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Required,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from imaginized.clock import SystemClock
from imaginized.control.lines import MAX_LINE_BYTES
from imaginized.control.protocol import METHODS, AnySignature, Role, Takes
from imaginized.control.server import ALLOWED, MAX_VALUES, SLOW_SECONDS
from imaginized.control.streams import MAX_STREAMS
from imaginized.queue.holding import hold
from imaginized.queue.manifest import Hold
from imaginized.reasons import Code
from imaginized.store.library import Library
from imaginized.version import PROTOCOL, VERSION
from tests.support.daemons import Daemon, daemon_in
from tests.support.epubs import make_epub
from tests.support.records import meanings

DOCS = Path(__file__).parents[2] / "docs"
PAGE, EXAMPLES = DOCS / "control-protocol.md", DOCS / "control-examples.jsonl"
ROLES = {Role.READ: "anybody whom the socket lets in", **ALLOWED}
PLAIN = {str: "text", int: "whole number", float: "number", bool: "true or false", NoneType: "null"}
BOOK, FOLDER = "a-small-book-3f9c2a81", "/home/anna/books"
DIGEST = "3f9c2a81" + "0" * 56

CURSOR = "AckE5p9rUYUHk1yQ4hbzyRWiEdpOxDc"
TOLD = 2  # messages of a stream that are shown

TOLD_TO = ["/bin/true"]  # so that somebody is told something
Example = tuple[str, ...]  # a request, its reply, and what a stream tells after it; a line each


def requests(book: str) -> list[Mapping[str, object]]:
    """Every method at least once, in an order in which each has something to do, and the usual mistakes."""
    return [
        {"method": "version"},
        {"method": "status"},
        {"method": "find", "params": {"book": "small"}},
        {"method": "status", "params": {"book": "small"}},
        {"method": "chapters", "params": {"book": "small"}},
        {"method": "cast", "params": {"book": "small"}},
        {"method": "workers"},
        {"method": "claims"},
        {"method": "hosts"},
        {"method": "doctor"},
        {"method": "metrics"},
        {"method": "judge", "params": {"digest": DIGEST, "profile": "fantasy"}},
        {"method": "subscribe"},
        {"method": "pause"},
        {"method": "retry", "params": {"book": book, "chapters": "1-2"}},
        {"method": "subscribe", "params": {"since": CURSOR}},
        {"method": "subscribe", "params": {"since": "yesterday"}},
        {"method": "retry", "params": {"all_failed": True}},
        {"method": "cancel", "params": {"book": "small"}},
        {"method": "cancel", "params": {"book": book, "chapters": [2]}},
        {"method": "divide", "params": {"book": book, "action": "rename", "rows": ["2"], "title": "The River"}},
        {"method": "foretell", "params": {"book": book, "order": "recast", "action": "drop", "who": ["1"]}},
        {"method": "scene", "params": {"book": book, "scene": "1.1"}},
        {"method": "rescene", "params": {"book": book, "scene": "1.1", "action": "drop"}},
        {"method": "draw", "params": {"book": book, "quote": "the old lamp of house 0 shone red over the dark water"}},
        {"method": "recast", "params": {"book": book, "action": "rename", "who": ["1"], "to": "The Keeper"}},
        {"method": "enlist", "params": {"book": book, "action": "set", "name": "The Small Books", "volume": "2"}},
        {"method": "series"},
        {"method": "approve", "params": {"book": book, "usd": 3.5}},
        {"method": "approve", "params": {"bok": book}},
        {"method": "resume"},
        {"method": "rename", "params": {"book": book, "title": "The Small Book"}},
        {"method": "remove", "params": {"book": book}},
        {"method": "undo", "params": {"book": book}},
        {"method": "scan"},
        {"method": "notify", "params": {"about": "done"}},
        {"method": "reset"},
        {"method": "reload"},
        {"method": "fly"},
        {"method": "drain"},
    ]


def asked(daemon: Daemon) -> list[Example]:
    """What the daemon answers to each of these."""
    book = str(daemon.wait_for_phases("done")[0]["book"])
    found: list[Example] = []
    cursor = ""
    for number, request in enumerate(requests(book), start=1):
        if request["method"] == "approve":
            now = SystemClock().now()
            why = Hold(
                reason="it will likely cost 2.80 USD, above approve_above_usd",
                since=now,
                code=Code.APPROVAL,
                approve_usd=2.8,
            )
            Library(daemon.library, clock=SystemClock()).update(book, partial(hold, why=why))
        if request["method"] == "notify":
            daemon.wait_for(lambda: bool(daemon.events("notifier_started")), "the notifier is there")
        if request["method"] == "reset":
            daemon.wait_for(lambda: is_broken(daemon), "the breaker is open")
        line = json.dumps({"jsonrpc": "2.0", "id": number, **request})
        count = 0
        if CURSOR in line:
            line, count = line.replace(CURSOR, cursor), TOLD
            lose_one(daemon.library / book / "data" / "events.jsonl")
        with socket.socket(socket.AF_UNIX) as client, client.makefile("rwb") as lines:
            client.settimeout(30)
            client.connect(str(daemon.socket))
            lines.write(line.encode() + b"\n")
            lines.flush()
            found.append((line, *(lines.readline().decode().rstrip("\n") for _ in range(1 + count))))
        cursor = json.loads(found[-1][1]).get("result", {}).get("cursor", cursor)
    return [tuned(example, daemon, book) for example in found]


def lose_one(log: Path) -> None:
    """Take the first event of the last change out of a book's log, so that there is a gap to tell."""
    lines = log.read_bytes().splitlines(keepends=True)
    last = json.loads(lines[-1])["at"]
    first = next(number for number, line in enumerate(lines) if json.loads(line)["at"] == last)
    log.write_bytes(b"".join(lines[:first] + lines[first + 1 :]))


def is_broken(daemon: Daemon) -> bool:
    """Whether the breaker is open; crashes every worker while it is not."""
    for row in daemon.workers():
        if row["pid"] is not None:
            with suppress(ProcessLookupError):
                os.kill(cast(int, row["pid"]), signal.SIGKILL)
    return daemon.status()["breaker"] == "open"


def tuned(example: Example, daemon: Daemon, book: str) -> Example:
    """The lines as they would be for anybody: names instead of what differs from run to run."""
    found = []
    for line in example:
        text = line.replace(book, BOOK).replace(str(daemon.folder), FOLDER)
        text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", "2026-03-01T09:30:00", text)
        found.append(re.sub(r'"(cursor|since)": "[\w-]{20,}"', rf'"\1": "{CURSOR}"', text))
    return tuple(found)


def recorded() -> list[Example]:
    """The examples as they were recorded."""
    pairs = [json.loads(line) for line in EXAMPLES.read_text().splitlines()]
    return [(pair["request"], pair["reply"], *pair.get("told", ())) for pair in pairs]


def record() -> None:
    """Ask a real daemon everything anew."""
    with tempfile.TemporaryDirectory() as folder, daemon_in(Path(folder), notify__command=TOLD_TO) as daemon:
        daemon.drop(make_epub(Path(folder) / "small.epub"))
        pairs = [
            {"request": request, "reply": reply} | ({"told": told} if told else {})
            for request, reply, *told in asked(daemon)
        ]
    EXAMPLES.write_text("".join(json.dumps(pair) + "\n" for pair in pairs))


def page(examples: Sequence[Example]) -> str:
    """The whole page."""
    seen: list[Any] = []
    methods = [line for method in METHODS for line in _method(method, examples, seen=seen)]
    rows = []
    for record in seen:  # grows while it is gone through: a row may have rows
        rows += ["", f"### {record.__name__}", "", _summary(record), "", *_fields(record, seen=seen)]
    return "\n".join([*_introduction(), *methods, "", "## Records", *rows]) + "\n"


def _introduction() -> Iterator[str]:
    yield f"""# The control protocol

Made by `scripts/build-protocol` from `imaginized/control/protocol.py`, `answers.py` and its rows; edit those, not this.
Version {PROTOCOL}, as of imaginized {VERSION}.

JSON-RPC 2.0 over a Unix socket, one message a line, UTF-8, so that `socat` and `jq` can talk to it:

```sh
echo '{{"jsonrpc": "2.0", "id": 1, "method": "status"}}' |
    socat -t 30 - UNIX-CONNECT:$XDG_RUNTIME_DIR/imaginized/control.sock | jq .result.books
```

- A line has at most {MAX_LINE_BYTES} bytes and about {MAX_VALUES} values. Batches are not taken: send several lines.
- `params` is an object or absent. A parameter that a method does not take is an error, and so is one that must be given
  and is not. Of any other, `null` means the same as its absence; what that is stands beside each. It never means "all"
  without saying so there.
- `id` is a text or a number, at most 100 characters. A request without `id` is a notification: it is carried out, and
  gets no answer, not even an error.
- JSON as in its standard: no `NaN`, no `Infinity`, no key twice in an object. A text with a lone surrogate is no
  parameter.
- Calls that change a book take its exact id. `find` turns a part of a title into ids; ask a person before you act on
  one.
- Every answer begins with `schema`, `protocol` and `version`. Pass over fields that you do not know: new ones may come
  without another version.
- Moments are ISO 8601 in UTC, money is US dollars, paths are absolute.

An error has a `code`, a `message` for a person, and `data`:

| code | means |
|---|---|
| -32700 | the line is no JSON |
| -32600 | it is no request |
| -32601 | no such method; the daemon may be older than you |
| -32602 | the parameters are wrong |
| -32603 | a bug of the daemon; its log has more |
| -32000 | the daemon refuses; `data.exit_code` says why, as the exit code of `imaginizectl` |

`data` has `exit_code`, `protocol` and `version`; and `code` where a program may have to tell refusals apart.

## Streams

`subscribe` makes a stream of its connection: the answer, then messages, which are notifications of the daemon, a line
each. Nothing that you send on it is read any more; it ends when either side hangs up.

- Each message has a `cursor`, the place behind it. Give the last one you have as `since`, to this daemon or after any
  restart or crash of it, and you get what comes next: no event is missing, none comes twice.
- A cursor is a text to keep, not to read: letters, digits, `-` and `_`, about 14 for each book of the library. It
  does not expire, and is for this library only. Error -32602: leave it out, and ask for `status`.
- Without `since` the stream begins now. To know all: subscribe first, then ask for `status` on another connection.
- Events of one book come in the order of their numbers. Those of several come about in the order of time.
- A `gap` says which events cannot be told. Ask for `status`: that is never missing anything.
- There are at most {MAX_STREAMS} streams. Take your time, but not more than {SLOW_SECONDS:g} seconds without reading
  anything while there is something to read: then the daemon hangs up, and you come back with your cursor.

## Methods"""


def _method(method: AnySignature, examples: Sequence[Example], *, seen: list[Any]) -> Iterator[str]:
    yield from ("", f"### {method.name}", "", f"{method.meaning}", "", f"For {ROLES[method.role]}.", "")
    yield from _parameters(method)
    for record, when in ((method.answer, ""), (method.answer_of_book, ", with a book")):
        if record is not None:
            yield from (f"Answer{when}: `imaginized.{_schema(record, method)}/1`", "")
            yield from (*_fields(record, seen=seen, without=("schema", "protocol", "version")), "")
    for told in method.tells:
        yield from (f"Then `{told.name}`: {told.meaning}", "", *_fields(told.takes, seen=seen), "")
    for request, *lines in examples:
        if json.loads(request)["method"] == method.name:
            yield from ("```json", request, *lines, "```", "")


def _schema(record: Any, method: AnySignature) -> str:
    return "book" if record.__name__ == "Book" else method.schema


def _parameters(method: AnySignature) -> Iterator[str]:
    hints = get_type_hints(method.takes, include_extras=True)
    if not hints:
        yield from ("No parameters.", "")
        return
    yield from ("| parameter | may be | absent or null |", "|---|---|---|")
    for name, hint in hints.items():
        takes = next(one for one in hint.__metadata__ if isinstance(one, Takes))
        yield f"| `{name}` | {takes.kind.value} | {takes.absent or 'an error'} |"
    yield ""


def _fields(record: Any, *, seen: list[Any], without: Sequence[str] = ()) -> Iterator[str]:
    told = meanings(record)
    hints = {name: hint for name, hint in get_type_hints(record, include_extras=True).items() if name not in without}
    if not hints:
        yield "Nothing else."
        return
    yield from ("| field | is | means |", "|---|---|---|")
    for name, hint in hints.items():
        missing = "" if name in record.__required_keys__ else "; may be absent"
        yield f"| `{name}` | {_type(hint, seen=seen)}{missing} | {told[name]} |"


def _type(hint: Any, *, seen: list[Any]) -> str:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Annotated, NotRequired, Required):
        return _type(arguments[0], seen=seen)
    if origin in (Union, UnionType):
        return " or ".join(_type(one, seen=seen) for one in arguments)
    if origin is Literal:
        return " or ".join(f"`{one}`" for one in arguments)
    if origin is list:
        return f"list of {_type(arguments[0], seen=seen)}"
    if origin is dict:
        return f"object of {_type(arguments[1], seen=seen)}"
    if is_typeddict(hint):
        if hint not in seen:
            seen.append(hint)
        return f"[{hint.__name__}](#{hint.__name__.casefold()})"
    return PLAIN[hint]


def _summary(record: Any) -> str:
    return str(record.__doc__).partition("\n")[0]


if __name__ == "__main__":
    if "--record" in sys.argv:
        record()
    PAGE.write_text(page(recorded()))
