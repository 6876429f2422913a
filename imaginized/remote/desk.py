"""Home's side of a task that a host works on: every question is answered here, under the claim's fence.

Nothing a host says is believed about where things lie: paths count from the book's folder and stay in it.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any, Self

from imaginized.errors import ClaimLost
from imaginized.limits.gate import Gate
from imaginized.limits.outages import Miss, Silence
from imaginized.limits.rules import Limits
from imaginized.money.calls import Call, Reservation, Till, Usage
from imaginized.providers.registry import Desk as Bench
from imaginized.queue.codec import encode
from imaginized.queue.manifest import Stage
from imaginized.remote.failures import error_of, error_row
from imaginized.remote.questions import Answer, Ask, Question, Said, Values
from imaginized.settings.model import Settings
from imaginized.settings.near import is_loopback
from imaginized.settings.vendors import VENDOR_SECTIONS
from imaginized.stages.illustrate import known_mark
from imaginized.stages.inputs import inputs_of
from imaginized.stages.job import Contents, Job, Result
from imaginized.store.files import LOCK, MANIFEST

SENT = ("provider", "guide", "workers", *(name for name in VENDOR_SECTIONS if "." not in name))
KEPT_AT_HOME = frozenset((MANIFEST, LOCK, "data/events.jsonl"))

Reply = tuple[Values, tuple[bytes, ...]]


class Desk:
    """Answers about one job.

    Attributes:
        result: What the host made; None as long as it works.
        failure: What it failed by; None likewise.
    """

    def __init__(
        self,
        job: Job,
        *,
        settings: Settings,
        bench: Bench,
        till: Till,
        gate: Gate,
        wait: Callable[[float], None],
        host: Callable[[], str],
    ) -> None:
        """Answer for this claim.

        Args:
            job: As a worker at home would do it.
            settings: Of home; what no host needs stays here.
            bench: Where answers are kept.
            till: Where calls are paid.
            gate: Where they wait for their turn.
            wait: How to wait for that.
            host: Which host it is.
        """
        self.result: Result | None = None
        self.failure: Exception | None = None
        self._job = job
        self._settings = settings
        self._bench = bench
        self._till = till
        self._gate = gate
        self._wait = wait
        self._host = host
        self._permits: dict[str, ExitStack] = {}
        self._asked: dict[str, ExitStack] = {}
        self._reserved: dict[int, Reservation] = {}
        self._answers = self._table()

    def __enter__(self) -> Self:
        """Hold what a host asks for."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of its permits, and of what it asked for alone; what it reserved counts in full."""
        for stack in (*self._permits.values(), *self._asked.values()):
            stack.close()

    def answer(self, question: Question) -> Answer:
        """Do what is asked; an error is an answer, too."""
        try:
            reply = self._answers[question.ask](question.values, question.blobs)
        except Exception as error:  # noqa: BLE001 - the boundary: it is the host's to deal with, and comes back as failed
            if isinstance(error, ClaimLost):
                self.failure = error  # the host leaves at this, and says nothing more
            row = error_row(error, root=self._job.files.root)
            return Answer(number=question.number, said=Said.ERROR, values=row)
        values, blobs = reply or ({}, ())
        return Answer(number=question.number, said=Said.OK, values=values, blobs=blobs)

    def _table(self) -> Mapping[Ask, Callable[[Values, Sequence[bytes]], Reply | None]]:
        return {
            Ask.BEGIN: self._begin,
            Ask.STEP: lambda _values, _blobs: self._job.step(),
            Ask.STORE: self._store,
            Ask.RECALL: self._recall,
            Ask.KEEP: lambda values, blobs: self._job.keep(self._contents(values, blobs)),
            Ask.FORGET: self._forget,
            Ask.ALONE: self._alone,
            Ask.TOGETHER: lambda values, _blobs: self._asked.pop(str(values["asked"]), ExitStack()).close(),
            Ask.RESERVE: self._reserve,
            Ask.SETTLE: self._settle,
            Ask.CANCEL: self._cancel,
            Ask.PERMIT: self._permit,
            Ask.GIVE_BACK: lambda values, _blobs: self._permits.pop(str(values["key"]), ExitStack()).close(),
            Ask.HEARD: self._heard,
            Ask.DONE: self._done,
            Ask.FAILED: self._failed,
        }

    def _begin(self, _values: Values, _blobs: Sequence[bytes]) -> Reply:
        job = self._job
        # Before the inputs are read: a change between the two is found, and the chapter done again.
        known = known_mark(job.files)
        found = inputs_of(job)
        root, read = job.files.root, []
        for path in found.files:
            try:
                read.append((path, path.read_bytes()))
            except FileNotFoundError:
                continue  # let go of between the two
        told = {
            "book": job.manifest.book_id,
            "inputs": [str(path.relative_to(root)) for path, _ in read],
            "sizes": {str(path.relative_to(root)): size for path, size in found.sizes.items()},
            "settings": self._settings.model_dump(mode="json", include=set(SENT)),
            "guide": job.guide.model_dump(mode="json"),
            "tells_names": job.tells_names,
            "known": known,
        }
        return told, (encode(job.manifest), *(data for _, data in read))

    def _store(self, values: Values, blobs: Sequence[bytes]) -> None:
        asked = _name(values["asked"])
        if values.get("is_whole") is True:
            self._job.store_reply(self._job.files.reply(asked), blobs[0])
        else:
            self._bench.save(asked, blobs[0])

    def _recall(self, values: Values, _blobs: Sequence[bytes]) -> Reply:
        data = self._bench.load(_name(values["asked"]))
        return {"is_there": data is not None}, () if data is None else (data,)

    def _forget(self, values: Values, _blobs: Sequence[bytes]) -> None:
        folders = values["folders"]
        paths = {self._path(each) for each in folders} if isinstance(folders, list) else set()
        self._job.forget(self._job.files.reply(_name(values["asked"])), paths)

    def _alone(self, values: Values, _blobs: Sequence[bytes]) -> None:
        asked = str(values["asked"])
        if asked in self._asked:
            return
        with ExitStack() as stack:
            stack.enter_context(self._job.alone(asked))
            self._asked[asked] = stack.pop_all()

    def _reserve(self, values: Values, _blobs: Sequence[bytes]) -> None:
        number = int(str(values["id"]))
        if number not in self._reserved:
            self._reserved[number] = self._till.reserve(Call(**_row(values["call"])))

    def _settle(self, values: Values, _blobs: Sequence[bytes]) -> Reply:
        # Of one that a process at home before this one has made: its end has counted that in full.
        reserved = self._reserved.pop(int(str(values["id"])), None)
        if reserved is None:
            return {"cost_usd": None}, ()
        return {"cost_usd": reserved.settle(Usage(**_row(values["usage"])), outcome=str(values["outcome"]))}, ()

    def _cancel(self, values: Values, _blobs: Sequence[bytes]) -> None:
        reserved = self._reserved.pop(int(str(values["id"])), None)
        if reserved is not None:
            reserved.cancel(outcome=str(values["outcome"]))

    def _permit(self, values: Values, _blobs: Sequence[bytes]) -> None:
        key, limits = str(values["key"]), _row(values["limits"])
        if key in self._permits:
            return
        with ExitStack() as stack:
            stack.enter_context(
                self._gate.permit(
                    self._key(key),
                    Limits(**limits),
                    wait=self._wait,
                    tokens=int(str(values["tokens"])),
                    spacing=str(values["spacing"]),
                )
            )
            self._permits[key] = stack.pop_all()

    def _heard(self, values: Values, _blobs: Sequence[bytes]) -> Reply | None:
        what, key, gate = str(values["what"]), self._key(str(values["key"])), self._gate
        told = values.get("told")
        if what == "missed" and isinstance(told, dict):
            return {"is_off": gate.missed(key, Miss(**{**told, "silence": Silence(told["silence"])}))}, ()
        if what == "learn" and isinstance(told, dict):
            gate.learn(key, told)
        elif what == "use":
            gate.use(key, int(str(told)))
        elif what == "hold" and isinstance(told, dict):
            gate.hold(key, float(told["seconds"]), reason=str(told["reason"]))
        elif what == "pause":
            gate.pause(key, str(told))
        elif what in ("answered", "slow_down", "speed_up"):
            {"answered": gate.answered, "slow_down": gate.slow_down, "speed_up": gate.speed_up}[what](key)
        return None

    def _key(self, key: str) -> str:
        """Whose limits they are: a model on the host's own machine is another one at each host."""
        return f"{key}@{self._host()}" if is_loopback(key.partition("#")[0]) else key

    def _done(self, values: Values, blobs: Sequence[bytes]) -> None:
        answers = values["answers"]
        for asked in answers if isinstance(answers, list) else ():
            self._bench.load(_name(asked))  # known to this process, it goes with the others
        told = values.get("differs")
        differs = {int(number): str(text) for number, text in told.items()} if isinstance(told, dict) else {}
        # As it was begun, maybe by a process at home before this one.
        files, known = self._job.files, values["known"]
        is_drawn = self._job.task.stage is Stage.ILLUSTRATE
        is_outdated = (lambda: known_mark(files) != known) if is_drawn else None
        self.result = Result(contents=self._contents(values, blobs), differs=differs, is_outdated=is_outdated)

    def _failed(self, values: Values, _blobs: Sequence[bytes]) -> None:
        row = values["error"]
        self.failure = error_of(row if isinstance(row, dict) else {}, root=self._job.files.root)

    def _contents(self, values: Values, blobs: Sequence[bytes]) -> Contents:
        rows = values["contents"]
        contents: dict[Path, bytes | Path | None] = {}
        left = list(blobs)
        for name, kind in rows.items() if isinstance(rows, dict) else ():
            same = self._path(kind["same"]) if isinstance(kind, dict) else None
            contents[self._path(name)] = same if same else left.pop(0) if kind == "data" else None
        return contents

    def _path(self, name: object) -> Path:
        """A path that a host names, in the book's folder.

        Raises:
            ValueError: It leads out of it, or is home's alone.
        """
        path = PurePosixPath(str(name))
        if path.is_absolute() or ".." in path.parts or str(path) in KEPT_AT_HOME:
            raise ValueError(f"a host may not write {name}")
        return self._job.files.root / path


def _row(value: object) -> dict[str, Any]:
    """The fields of a record. Raises ValueError: it is none."""
    if not isinstance(value, dict):
        raise ValueError("not a record")
    return value


def _name(asked: object) -> str:
    """The digest by which an answer is kept. Raises ValueError: it is none."""
    name = str(asked)
    if not name or not all(letter.isalnum() or letter in "-_" for letter in name):
        raise ValueError("not a digest")
    return name


def rows_of(contents: Contents, *, root: Path) -> tuple[Values, tuple[bytes, ...]]:
    """Contents as they travel."""
    rows: dict[str, object] = {}
    blobs: list[bytes] = []
    for path, data in contents.items():
        name = path.relative_to(root).as_posix()
        if isinstance(data, bytes):
            rows[name] = "data"
            blobs.append(data)
        else:
            rows[name] = None if data is None else {"same": data.relative_to(root).as_posix()}
    return rows, tuple(blobs)
