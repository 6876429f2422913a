"""What a front answers: every method of the protocol, by asking the homes behind it. It keeps nothing."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import cast

from imaginized.control import protocol
from imaginized.control.answers import Status
from imaginized.control.client import Client, stranger
from imaginized.control.parameters import parameters_of
from imaginized.control.protocol import CLAIMS, METHODS, WORKERS, AnySignature
from imaginized.control.reporting import head
from imaginized.control.server import MAX_CLIENTS, Method
from imaginized.errors import ControlError, ExitCode
from imaginized.front.merging import Json, merged_hosts, merged_rows, merged_status
from imaginized.front.shards import Shard, shard_of
from imaginized.reasons import Code

ANSWER_SECONDS = 10.0  # a home that takes longer counts as away: the others must not wait for it
FAILURES = (ExitCode.NOT_RUNNING, ExitCode.TIMED_OUT, ExitCode.PERMISSION, ExitCode.PROTOCOL_MISMATCH)
TO_ALL = ("scan", "pause", "resume")


@dataclass(frozen=True, slots=True)
class Said:
    """What all homes said to one question.

    Attributes:
        answers: By name, in their order.
        refused: What those answered that would not.
        away: Why the others do not answer.
    """

    answers: Mapping[str, Json]
    refused: Mapping[str, ControlError]
    away: Mapping[str, ControlError]


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """The homes, and how to ask them.

    Attributes:
        pid: Of the process that answers.
        answer_seconds: From which on a home counts as away.
        threads: By home, what asks it: those that wait for a home that hangs keep no question from another home.
    """

    shards: Sequence[Shard]
    pid: int
    answer_seconds: float = ANSWER_SECONDS
    threads: Mapping[str, ThreadPoolExecutor] = field(init=False)

    def __post_init__(self) -> None:
        """Make room for a question of every client; a thread is begun when one is needed."""
        threads = {shard.name: ThreadPoolExecutor(MAX_CLIENTS, shard.name) for shard in self.shards}
        object.__setattr__(self, "threads", threads)

    def table(self) -> Mapping[str, Method]:
        """Every method of the protocol: asked of all homes, of the one that has the book, or of none."""
        own: Mapping[str, Callable[[Json], Awaitable[Json]]] = {
            "version": self.version,
            "status": self.status,
            "hosts": self.hosts,
            "find": self.find,
            "judge": self.judge,
            "retry": self.retry,
            **{each.name: self._rows_of(each, key) for each, key in ((WORKERS, "workers"), (CLAIMS, "claims"))},
            **{name: self._all_of(name) for name in TO_ALL},
        }
        return {
            method.name: Method(
                answer=own.get(method.name) or self._passed(method),
                takes=parameters_of(method),
                role=method.role,
            )
            for method in METHODS
        }

    async def version(self, _parameters: Json) -> Json:
        """Who answers."""
        return {**head(protocol.VERSION), "pid": self.pid}

    async def status(self, parameters: Json) -> Json:
        """How everything is; with a book, how that is."""
        if parameters.get("book") is not None:
            return await self._of_book("status", parameters)
        said = _heard(await self.ask_all("status", **parameters))
        answers = cast("Mapping[str, Status]", said.answers)
        state = str(parameters.get("state") or "all")
        return cast(Json, merged_status(self.shards, answers, said.away, state=state))

    async def hosts(self, _parameters: Json) -> Json:
        """The hosts of all homes."""
        said = _heard(await self.ask_all("hosts"))
        return merged_hosts(said.answers, said.away)

    async def find(self, parameters: Json) -> Json:
        """Which books a name may mean, in all homes; one that has the very id is meant."""
        said = _heard(await self.ask_all("find", **parameters))
        exact = {name: one for name, one in said.answers.items() if one["is_exact"]}
        return {**head(protocol.FIND), "is_exact": bool(exact), "books": merged_rows(exact or said.answers, "books")}

    async def judge(self, parameters: Json) -> Json:
        """What would become of a file: the home that has its content, else the one whose it is by its SHA-256.

        Raises:
            ControlError: The home that takes it does not answer.
        """
        said = _heard(await self.ask_all("judge", **parameters))
        name = shard_of(str(parameters["digest"]), [shard.name for shard in self.shards])
        # Where homes were added since, another one may have it already.
        name = next((other for other, one in said.answers.items() if one["known"] is not None), name)
        if name in said.away:
            raise _away(name, said.away[name])
        return {**said.answers[name], "shard": name, "inbox": await self._inbox_of(name)}

    async def retry(self, parameters: Json) -> Json:
        """Try again what failed: of one book, or of every home."""
        if parameters.get("all_failed") is not True:
            return await self._of_book("retry", parameters)
        said = await self.ask_all("retry", **parameters)
        if not said.answers:
            raise next(iter([*said.refused.values(), *said.away.values()]))
        return {**head(protocol.RETRY), "books": merged_rows(said.answers, "books")}

    async def ask_all(self, method: str, **parameters: object) -> Said:
        """Ask every home at the same time."""
        asked = [self._ask(shard, method, parameters) for shard in self.shards]
        found = dict(zip((shard.name for shard in self.shards), await asyncio.gather(*asked), strict=True))
        errors = {name: one for name, one in found.items() if isinstance(one, ControlError)}
        return Said(
            {name: one for name, one in found.items() if not isinstance(one, ControlError)},
            {name: one for name, one in errors.items() if one.exit_code not in FAILURES},
            {name: one for name, one in errors.items() if one.exit_code in FAILURES},
        )

    async def _ask(self, shard: Shard, method: str, parameters: Json) -> Json | ControlError:
        loop = asyncio.get_running_loop()
        asked = partial(_asked, shard, method, parameters, seconds=self.answer_seconds)
        return await loop.run_in_executor(self.threads[shard.name], asked)

    def _rows_of(self, method: AnySignature, key: str) -> Callable[[Json], Awaitable[Json]]:
        async def answer(_parameters: Json) -> Json:
            said = _heard(await self.ask_all(method.name))
            return {**next(iter(said.answers.values())), **head(method), key: merged_rows(said.answers, key)}

        return answer

    def _all_of(self, method: str) -> Callable[[Json], Awaitable[Json]]:
        """An order to every home: it is done by each that answers, and refused where one does not."""

        async def answer(_parameters: Json) -> Json:
            said = _heard(await self.ask_all(method))
            if said.away and method != "scan":  # a home that is away looks into its inbox when it starts
                names = ", ".join(said.away)
                text = f"{method}: done by {', '.join(said.answers)}, but not by {names}: no answer"
                advice = f"run `imaginizectl {method}` again once that home answers"
                raise ControlError(text, exit_code=ExitCode.NOT_RUNNING, code=Code.HOME_AWAY, advice=advice)
            return next(iter(said.answers.values()))

        return answer

    def _passed(self, method: protocol.AnySignature) -> Callable[[Json], Awaitable[Json]]:
        """What the home of a book answers; of what is about a home itself, that it is to be asked there."""
        takes_book = "book" in parameters_of(method)

        async def answer(parameters: Json) -> Json:
            if takes_book and parameters.get("book") is not None:
                return await self._of_book(method.name, parameters)
            names = ", ".join(f"--socket {shard.socket}" for shard in self.shards)
            text = f"a front does not answer `{method.name}`; ask a home: {names}"
            raise ControlError(text, exit_code=ExitCode.USAGE)

        return answer

    async def _of_book(self, method: str, parameters: Json) -> Json:
        """Pass a question on to the home that has the book.

        Raises:
            ControlError: None has it, several may, or it refuses.
        """
        name = str(parameters["book"])
        said = _heard(await self.ask_all("find", book=name))
        exact = [home for home, one in said.answers.items() if one["is_exact"]]
        holders = exact or [home for home, one in said.answers.items() if one["books"]]
        if not holders and method == "undo":  # what was removed is in no list
            holders = list(said.answers)
        if len(holders) != 1 and method != "undo":
            twins = [shard for shard in self.shards if shard.name in exact]
            raise _twins(name, twins) if twins else _not_one(name, said, holders)
        return await self._first(holders, method, parameters)

    async def _first(self, holders: Sequence[str], method: str, parameters: Json) -> Json:
        """The answer of the first home that has one; the refusal of the last where none has."""
        error: ControlError | None = None
        for shard in self.shards:
            if shard.name in holders:
                found = await self._ask(shard, method, parameters)
                if not isinstance(found, ControlError):
                    return {**found, "shard": shard.name}
                error = found
        assert error is not None
        raise error

    async def _inbox_of(self, name: str) -> str:
        shard = next(each for each in self.shards if each.name == name)
        if shard.inbox is not None:
            return str(shard.inbox)
        status = await self._ask(shard, "status", {"page": 1})
        if isinstance(status, ControlError):
            raise _away(name, status)
        return str(cast(Status, status)["paths"]["inbox"])


def _asked(shard: Shard, method: str, parameters: Json, *, seconds: float) -> Json | ControlError:
    """A home's answer, or why there is none. Blocks."""
    try:
        with Client(shard.socket, timeout_seconds=seconds) as client:
            answer = client.call(method, **parameters)
    except ControlError as error:
        return error
    if not str(answer.get("schema")).startswith("imaginized."):
        return stranger(shard.socket)
    return answer


def _heard(said: Said) -> Said:
    """What was said, where somebody answered.

    Raises:
        ControlError: Nobody did; or one refused, as the others would.
    """
    if said.refused:
        raise next(iter(said.refused.values()))
    if not said.answers:
        text = "; ".join(f"{name}: {error.text}" for name, error in said.away.items())
        raise ControlError(f"no home answers: {text}", exit_code=ExitCode.NOT_RUNNING, code=Code.HOME_AWAY)
    return said


def _away(name: str, error: ControlError) -> ControlError:
    """The home that takes a book cannot be asked."""
    text = f"home {name}, which takes this book, does not answer: {error.text}"
    advice = "add the book again once it does"
    return ControlError(text, exit_code=ExitCode.NOT_RUNNING, code=Code.HOME_AWAY, advice=advice)


def _twins(name: str, twins: Sequence[Shard]) -> ControlError:
    """Its id is in several homes: one was away when another took it."""
    text = f"{name} is in {len(twins)} homes: {', '.join(shard.name for shard in twins)}"
    advice = f"ask the one that you mean: {' or '.join(f'--socket {shard.socket}' for shard in twins)}"
    return ControlError(text, exit_code=ExitCode.NO_SUCH_BOOK, code=Code.AMBIGUOUS, advice=advice)


def _not_one(name: str, said: Said, holders: Sequence[str]) -> ControlError:
    """Why a name means no book, or not one."""
    if holders:
        ids = ", ".join(str(row["book"]) for row in merged_rows(said.answers, "books"))
        return ControlError(f"{name!r} may be {ids}", exit_code=ExitCode.NO_SUCH_BOOK, code=Code.AMBIGUOUS)
    silent = f"; {', '.join(said.away)} does not answer" if said.away else ""
    text = f"no book {name!r} in any home{silent}; `imaginizectl status` lists them"
    return ControlError(text, exit_code=ExitCode.NO_SUCH_BOOK, code=Code.NO_BOOK)
