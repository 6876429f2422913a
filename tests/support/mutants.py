"""Takes the things that make claims safe out of the code, one at a time, and shows which tests notice.

scripts/mutants runs it, on a copy: python -m tests.support.mutants [NAME…]
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
MEMORY = Path("/dev/shm")
TESTS = (
    "unit/test_transitions.py",
    "unit/test_machine.py",
    "integration/test_machine_on_disk.py",
    "integration/test_store.py",
    "integration/test_locking.py",
    "acceptance/test_crash_steps.py",
)
ENOUGH_FAILURES = 8
LONGEST_SECONDS = 150
SHOWN_NAMES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One thing taken out.

    Attributes:
        file: Below the package.
        changes: From what stands there, exactly once, to what is to stand there.
        tests: Where it must be noticed.
    """

    file: str
    changes: Mapping[str, str]
    tests: Sequence[str] = TESTS


MUTANTS = {
    "an early picture is paid for again after the merge": Mutant(
        file="stages/illustrate.py",
        changes={" or self._stays_as_drawn(self.record)": ""},
        tests=["acceptance/test_crash_steps.py"],
    ),
    "a chapter is previewed before those ahead of it are read": Mutant(
        file="queue/way.py",
        changes={"return not is_rest_read and have_all_left(": "return not is_rest_read or have_all_left("},
        tests=["unit/test_preview.py"],
    ),
    "the merge waits for a preview": Mutant(
        file="queue/way.py",
        changes={"        if stage.traits.is_extra:\n            continue\n": ""},
        tests=["unit/test_preview.py"],
    ),
    "the fence is not checked": Mutant(
        file="queue/transitions.py",
        changes={"not entry.is_live or entry.fence != fence or": "not entry.is_live or"},
    ),
    "only the attempt is checked, not the claim id": Mutant(
        file="queue/transitions.py",
        changes={"or entry.fence != fence or": "or entry.attempt != fence.attempt or"},
    ),
    "the lock is not taken": Mutant(
        file="store/locking.py",
        changes={"if not _try(fd) and not _wait(fd, seconds=wait_seconds):": "if False:"},
    ),
    "one temp name for all": Mutant(
        file="store/files.py",
        changes={
            '.{os.getpid()}.{secrets.token_hex(6)}{TEMPORARY}")': '{TEMPORARY}")',
            "_create(temporary, flags=os.O_EXCL)": "_create(temporary, flags=os.O_TRUNC)",
        },
    ),
    "the lock's descriptor is opened once, before the fork": Mutant(
        file="store/locking.py",
        changes={
            "fd = os.open(path, os.O_RDWR": "fd = _cached[path] if path in _cached else os.open(path, os.O_RDWR",
            "    try:\n        if not _try(fd)": "    _cached[path] = fd\n    try:\n        if not _try(fd)",
            "os.close(fd)  # frees it": "portalocker.unlock(fd)",
            "POLL_SECONDS = 0.005": "POLL_SECONDS = 0.005\n_cached: dict[Path, int] = {}",
        },
    ),
    "a repeated completion is not synced": Mutant(
        file="store/library.py",
        changes={"                if durable:\n": "                if durable and after is not before:\n"},
    ),
    "a short write passes for a whole one": Mutant(
        file="store/files.py",
        changes={"    while view:\n        view = view[os.write(fd, view) :]": "    os.write(fd, view)"},
    ),
    "the manifest is replaced before its artifacts are there": Mutant(
        file="store/library.py",
        changes={
            "                publish(artifacts)\n                after =": "                after =",
            "                if durable:\n": "                publish(artifacts)\n                if durable:\n",
        },
    ),
    "whoever waited for a lock that was replaced goes on": Mutant(
        file="store/library.py",
        changes={"                _check_current(fd, files=files)\n": ""},
        tests=["integration/test_store.py"],
    ),
    "a lock's file may be a link": Mutant(
        file="store/locking.py",
        changes={"os.O_CLOEXEC | os.O_NOFOLLOW, 0o660)": "os.O_CLOEXEC, 0o660)"},
        tests=["integration/test_store.py"],
    ),
    "a lock for life may be a link": Mutant(
        file="store/locking.py",
        changes={"os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK": "os.O_CLOEXEC | os.O_NONBLOCK"},
        tests=["integration/test_store.py"],
    ),
    "what is looked at may be a link": Mutant(
        file="store/beneath.py",
        changes={"_NAMED = os.O_PATH | os.O_NOFOLLOW |": "_NAMED = os.O_PATH |"},
        tests=["integration/test_store.py"],
    ),
    "a folder may be a link": Mutant(
        file="store/beneath.py",
        changes={"_FOLDER | os.O_NOFOLLOW, dir_fd": "_FOLDER, dir_fd"},
        tests=["integration/test_store.py"],
    ),
    "a book's events may be a link": Mutant(
        file="store/eventlog.py",
        changes={"os.O_CLOEXEC | os.O_NOFOLLOW\n": "os.O_CLOEXEC\n"},
        tests=["integration/test_store.py"],
    ),
    "a staged artifact may be a link": Mutant(
        file="store/files.py",
        changes={"os.O_CLOEXEC | os.O_NOFOLLOW | flags": "os.O_CLOEXEC | flags"},
        tests=["integration/test_store.py"],
    ),
    "the alarm of a waiter comes once": Mutant(
        file="store/locking.py",
        changes={"signal.ITIMER_REAL, seconds, REPEAT_SECONDS": "signal.ITIMER_REAL, seconds"},
        tests=["integration/test_locking.py"],
    ),
    "a colophon may be anywhere": Mutant(
        file="reading/flow.py",
        changes={"_COLOPHON_BLOCKS = 40": "_COLOPHON_BLOCKS = 40_000"},
        tests=["unit/test_unusual_books.py"],
    ),
    "a part's page has no words": Mutant(
        file="reading/chapters.py",
        changes={"PART_PAGE_WORDS = 120": "PART_PAGE_WORDS = 0"},
        tests=["unit/test_reading.py"],
    ),
    "a part's page may be long": Mutant(
        file="reading/chapters.py",
        changes={"PART_PAGE_WORDS = 120": "PART_PAGE_WORDS = 200"},
        tests=["unit/test_reading.py"],
    ),
    "a part's fence is not checked": Mutant(
        file="queue/parts.py",
        changes={"part is None or part.fence != fence or": "part is None or"},
        tests=["unit/test_machine.py", "unit/test_parts.py"],
    ),
    "a part counts though its chapter has ended": Mutant(
        file="queue/parts.py",
        changes={"or entry.stage is not task.stage or entry.status not in UNDER_WAY:": ":"},
        tests=["unit/test_machine.py", "unit/test_parts.py"],
    ),
    "a chapter is completed before its parts": Mutant(
        file="queue/transitions.py",
        changes={"if not are_over(entry):": "if False:"},
        tests=["unit/test_machine.py", "unit/test_parts.py"],
    ),
    "a part that somebody has is listed again": Mutant(
        file="queue/parts.py",
        changes={"if number not in had.out and number not in had.returned]": "if number not in had.returned]"},
        tests=["unit/test_machine.py", "unit/test_parts.py"],
    ),
    "who joins leaves the part in the list": Mutant(
        file="queue/parts.py",
        changes={"tuple(one for one in entry.parts.open if one != number)": "entry.parts.open"},
        tests=["unit/test_machine.py", "unit/test_parts.py"],
    ),
    "a part that ended badly is open to all": Mutant(
        file="queue/parts.py",
        changes={"returned=(*parts.returned, number))": "open=(*parts.open, number))"},
        tests=["unit/test_parts.py"],
    ),
    "parts end with the worker of their chapter": Mutant(
        file="queue/parts.py",
        changes={"return Parts(out=entry.parts.out) if entry.parts.out else NO_PARTS": "return NO_PARTS"},
        tests=["unit/test_machine.py", "unit/test_parts.py"],
    ),
    "a cancelled chapter keeps its parts": Mutant(
        file="queue/cancelling.py",
        changes={"attempt=entry.attempt + 1, parts=NO_PARTS)": "attempt=entry.attempt + 1)"},
        tests=["unit/test_machine.py", "unit/test_parts.py"],
    ),
    "a chapter is reaped before its parts": Mutant(
        file="queue/plan.py",
        changes={"return steps + live_parts(manifest) + live": "return steps + live + live_parts(manifest)"},
        tests=["unit/test_machine.py", "unit/test_parts.py"],
    ),
    "what a part's worker has staged is swept": Mutant(
        file="store/library.py",
        changes={
            "for _, entry in live_claims(manifest) if": "for one, entry in live_claims(manifest) if not one.part and"
        },
        tests=["integration/test_store.py"],
    ),
    "a day's second hold takes the place of the first": Mutant(
        file="queue/holding.py",
        changes={" or why.until is not None):": "):"},
        tests=["unit/test_transitions.py"],
    ),
}


def failures(mutant: Mutant | None, *, tests: Sequence[str]) -> list[str]:
    """The tests that fail on a copy of the project with this mutant; with None, on the copy as it is."""
    with tempfile.TemporaryDirectory(prefix="imz-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        copy = Path(folder)
        for name in ("imaginized", "tests"):
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", copy)
        if mutant is not None:
            _mutate(copy / "imaginized" / mutant.file, mutant.changes)
        return _failures_in(copy, tests)


def _mutate(path: Path, changes: Mapping[str, str]) -> None:
    text = path.read_text()
    for old, new in changes.items():
        if text.count(old) != 1:
            raise LookupError(f"{path.name} has {text.count(old)} times: {old!r}")
        text = text.replace(old, new)
    path.write_text(text)


def _failures_in(copy: Path, tests: Sequence[str]) -> list[str]:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        "2",
        f"--maxfail={ENOUGH_FAILURES}",
        "-p",
        "no:cacheprovider",
    ]
    command += ["-rfE", "--tb=no", "--timeout=40", *(f"tests/{name}" for name in tests)]
    environment = {**os.environ, "PYTHONPATH": str(copy), "CI": "1"}
    try:
        ended = subprocess.run(
            command, capture_output=True, text=True, cwd=copy, env=environment, timeout=LONGEST_SECONDS
        )
    except subprocess.TimeoutExpired:
        return [f"nothing ended within {LONGEST_SECONDS} s"]
    if ended.returncode not in (0, 1, 2):
        raise RuntimeError(ended.stdout + ended.stderr)
    return re.findall(r"^(?:FAILED|ERROR) tests/(\S+)", ended.stdout, re.MULTILINE)


def main(names: Sequence[str]) -> int:
    chosen = {name: mutant for name, mutant in MUTANTS.items() if not names or any(word in name for word in names)}
    if healthy := failures(None, tests=sorted({test for mutant in chosen.values() for test in mutant.tests})):
        print(f"without any mutant these fail: {', '.join(healthy)}", file=sys.stderr)
        return 1
    survivors = []
    print("| mutant | noticed by |\n| --- | --- |")
    for name, mutant in chosen.items():
        found = failures(mutant, tests=mutant.tests)
        more = f" and {len(found) - SHOWN_NAMES} more" if len(found) > SHOWN_NAMES else ""
        print(f"| {name} | {', '.join(sorted(found)[:SHOWN_NAMES]) or '**nobody**'}{more} |", flush=True)
        if not found:
            survivors.append(name)
    if survivors:
        print(f"survived: {'; '.join(survivors)}", file=sys.stderr)
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
