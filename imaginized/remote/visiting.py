"""A host's side of a task: begin, run the stage in a folder of its own, say what came of it."""

import json
import tempfile
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

from imaginized.clock import Clock
from imaginized.errors import ClaimLost
from imaginized.process.fault_points import fault_point
from imaginized.providers.api import Provider
from imaginized.providers.keys import Keys
from imaginized.providers.openai.verbatim import FindQuote
from imaginized.providers.registry import Surroundings, make_provider
from imaginized.queue.codec import decode
from imaginized.queue.manifest import Task
from imaginized.remote.borrowed import HostBench, HostGate, HostTill, Visit, write_inputs
from imaginized.remote.desk import rows_of
from imaginized.remote.failures import ConnectionLost, error_row
from imaginized.remote.line import Line
from imaginized.remote.questions import Answer, Ask
from imaginized.settings.model import Guide, Settings, vendor_of
from imaginized.settings.vendors import VENDOR_SECTIONS, Use
from imaginized.stages.job import Contents, Job, settings_for
from imaginized.stages.records import load_request
from imaginized.stages.table import STAGES
from imaginized.store.files import BookFiles

MOST_PROVIDERS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a host has of its own.

    Attributes:
        name: For people.
        settings: Of its file: keys and prompts of its own.
        find_keys: The keys for some settings.
        find_quote: Finds a quote in a chapter's text.
        scratch: Where tasks have their folders.
    """

    name: str
    settings: Settings
    find_keys: Callable[[Settings], Keys]
    find_quote: FindQuote
    scratch: Path
    clock: Clock


class Visitor:
    """Works on one task after the other; keeps the providers, whose clients take a second to make."""

    def __init__(self, place: Place) -> None:
        """Work at this place."""
        self.visit = Visit()
        self._place = place
        self._made: OrderedDict[str, Provider | None] = OrderedDict()

    def work(self, line: Line, *, task: Task, book: str) -> str:
        """Do the task that the line is about; how it ended, in a word.

        Raises:
            ConnectionLost: Home does not answer.
            ClaimLost: Nobody wants it any more.
        """
        # The book's text lies here for as long as the task lasts.
        with tempfile.TemporaryDirectory(dir=self._place.scratch, prefix="task-") as folder:
            files = BookFiles(Path(folder) / book)
            self.visit.begin(line, root=files.root)
            try:
                self._do(task, files=files)
            except (ConnectionLost, ClaimLost):
                raise
            except Exception as error:  # noqa: BLE001 - the boundary: home decides what follows
                row = error_row(error, root=files.root)
                line.ask(Ask.FAILED, error=row)
                return f"failed: {row['kind']}"
            finally:
                self.visit.line = None
        return "done"

    def _do(self, task: Task, *, files: BookFiles) -> None:
        begun = self.visit.ask_home(Ask.BEGIN, host=self._place.name)
        fault_point(f"host_{task.stage}-{task.chapter}")
        write_inputs(files.root, cast(Iterable[str], begun.values["inputs"]), begun.blobs[1:])
        for name, size in cast(Mapping[str, int], begun.values["sizes"]).items():
            with (files.root / name).open("wb") as sparse:
                sparse.truncate(size)
        result = STAGES[task.stage].run(self._job(task, begun, files=files))
        rows, data = rows_of(result.contents, root=files.root)
        fault_point("host_done")
        differs = {str(number): text for number, text in result.differs.items()}
        told = {"contents": rows, "differs": differs, "known": begun.values["known"]}
        self.visit.ask_home(Ask.DONE, **told, answers=sorted(self.visit.answers), blobs=data)

    def _job(self, task: Task, begun: Answer, *, files: BookFiles) -> Job:
        request = load_request(files)
        settings = settings_for(
            request, own_settings(self._place, cast(Mapping[str, object], begun.values["settings"]))
        )
        text = self._provider(settings, "text")
        assert text is not None, "the settings allow no other name"
        return Job(
            task=task,
            manifest=decode(begun.blobs[0]),
            files=files,
            request=request,
            guide=Guide.model_validate_json(json.dumps(begun.values["guide"])),
            text=text,
            image=self._provider(settings, "image"),
            keep=self._keep,
            store_reply=self._store,
            forget=self._forget,
            step=self.visit.step,
            alone=self._alone,
            tells_names=begun.values["tells_names"] is True,
        )

    def _keep(self, contents: Contents) -> None:
        rows, data = rows_of(contents, root=self.visit.root)
        self.visit.ask_home(Ask.KEEP, contents=rows, blobs=data)
        # Here, too: what comes later in the task reads it.
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                path.unlink(missing_ok=True)
            elif content != path:
                path.write_bytes(content if isinstance(content, bytes) else content.read_bytes())
        fault_point("host_kept")

    def _store(self, path: Path, data: bytes) -> None:
        self.visit.ask_home(Ask.STORE, asked=path.stem, is_whole=True, blobs=(data,))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def _forget(self, path: Path, folders: Iterable[Path]) -> None:
        if path.exists() or path.stem in self.visit.answers:
            named = sorted(folder.relative_to(self.visit.root).as_posix() for folder in folders)
            self.visit.ask_home(Ask.FORGET, asked=path.stem, folders=named)
            path.unlink(missing_ok=True)

    @contextmanager
    def _alone(self, asked: str) -> Iterator[None]:
        self.visit.ask_home(Ask.ALONE, asked=asked)
        try:
            yield
        finally:
            self.visit.ask_home(Ask.TOGETHER, asked=asked)

    def _provider(self, settings: Settings, use: Use) -> Provider | None:
        told = settings.model_dump_json(include={"provider", "guide", "workers", *_VENDORS})
        key = f"{use} {sha256(told.encode()).hexdigest()}"
        if key in self._made:
            self._made.move_to_end(key)  # the last one that was used is the last one to go
        else:
            vendor, visit = vendor_of(settings, use), self.visit
            around = Surroundings(
                keys=self._place.find_keys(settings),
                desk=HostBench(visit),
                till=HostTill(visit),
                gate=HostGate(visit),
                clock=self._place.clock,
                find_quote=self._place.find_quote,
            )
            self._made[key] = make_provider(vendor, settings, use, around=around) if vendor else None
            if len(self._made) > MOST_PROVIDERS:
                self._made.popitem(last=False)
        return self._made[key]


_VENDORS = tuple(name for name in VENDOR_SECTIONS if "." not in name)
_OWN_KEYS = {"openai": ("api_key_file", "prompts"), "openai.image": ("api_key_file",)}


def own_settings(place: Place, told: Mapping[str, object]) -> Settings:
    """Home's settings with what a host has of its own: keys, prompts, folders."""
    own: dict[str, Any] = place.settings.model_dump(mode="json")
    sections: dict[str, Any] = {**own, **json.loads(json.dumps(told))}
    for name, keys in _OWN_KEYS.items():
        mine, theirs = own, sections
        for each in name.split("."):
            mine, theirs = mine[each], theirs[each]
        theirs.update({key: mine[key] for key in keys})
    sections["paths"] = {**own["paths"], "library": str(place.scratch)}
    return Settings.model_validate(sections, strict=False)  # lists from JSON are tuples here
