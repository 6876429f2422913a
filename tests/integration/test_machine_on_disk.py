"""The machine once more, through real locked files: processes that claim, end and haunt one book all at once."""

import multiprocessing
import os
import random
from collections import Counter
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import orjson

from imaginized.clock import SystemClock
from imaginized.errors import ClaimLost, Rejected
from imaginized.queue.change import Change, Transition
from imaginized.queue.claimable import Pacing
from imaginized.queue.codec import decode, encode
from imaginized.queue.manifest import ALL_CHAPTER_STAGES, Claim, Fence, Manifest, Stage, Task
from imaginized.queue.plan import ENDED, fence_of, held_by, phase
from imaginized.queue.redoing import retry
from imaginized.queue.transitions import (
    begin,
    checkpoint,
    claim,
    complete,
    complete_split,
    fail,
    part_done,
    reap,
    release,
    share,
)
from imaginized.reasons import Code, Reason
from imaginized.store.library import Library
from imaginized.store.writing import write_atomic
from imaginized.story.text import ChapterText, Paragraph
from tests.support.manifests import EPOCH, admitted_book, make_claim
from tests.support.replaying import contradictions
from tests.support.schema import problems_of
from tests.support.waiting import DEADLINE_SECONDS

BOOK = "a-book-0123abcd"
PROCESSES = 4
ACTIONS = 200
LIMIT = 3
CHAPTERS = 40
SPEAKING = ("begin", "checkpoint", "share", "part_done", "complete", "complete", "complete", "fail", "release")
PARTS = (1, 2, 3, 4)
TEXTS = [ChapterText(number=n, title="T", paragraphs=(Paragraph(text="word " * n),)) for n in range(1, CHAPTERS + 1)]
Said = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A claim that this process got once."""

    task: Task
    fence: Fence


def transition_of(said: Said) -> Transition:
    """The pure function that was, or is about to be, applied; the same for an actor and for the replay."""
    if said["verb"] == "claim":
        return partial(
            claim, by=make_claim(str(said["claim_id"]), owner=str(said["owner"])), now=EPOCH, pacing=Pacing()
        )
    if said["verb"] == "reap":
        is_over = partial(_is_over, owner=str(said["owner"]))
        return partial(reap, is_over=is_over, now=EPOCH, max_attempts=LIMIT)
    if said["verb"] == "retry":
        return partial(retry, chapters=())
    chapter, part = (None if (one := said.get(key)) is None else int(str(one)) for key in ("chapter", "part"))
    task = Task(stage=Stage(str(said["stage"])), chapter=chapter, part=part)
    fence = Fence(attempt=int(str(said["attempt"])), claim_id=str(said["claim_id"]))
    if said["verb"] == "complete" and task.stage is Stage.SPLIT:
        return partial(
            complete_split, fence=fence, now=EPOCH, title="T", chapters=TEXTS, chapter_stages=ALL_CHAPTER_STAGES
        )
    speak: dict[str, Transition] = {
        "begin": partial(begin, task=task, fence=fence),
        "checkpoint": partial(checkpoint, task=task, fence=fence),
        "share": partial(share, task=task, fence=fence, numbers=PARTS, of=len(PARTS)),
        "part_done": partial(part_done, task=task, fence=fence),
        "complete": partial(complete, task=task, fence=fence, now=EPOCH),
        "fail": partial(fail, task=task, fence=fence, now=EPOCH, error=Reason(Code.CRASHED, "e"), max_attempts=LIMIT),
        "release": partial(release, task=task, fence=fence),
    }
    return speak[str(said["verb"])]


def _is_over(held: Claim, *, owner: str) -> str | None:
    return "gone" if held.owner == owner else None


def act_at_random(root: Path, name: str, *, seed: int) -> None:
    """Be one process: whatever was claimed here once speaks up again and again, whether or not it is still good."""
    chance = random.Random(seed)
    library = Library(root, clock=SystemClock())
    held: list[Held] = []
    for count in range(ACTIONS):
        said = _choose(chance, held, name=name, claim_id=f"{name}-{count}")
        after = _say(library, said)
        task = held_by(after, str(said["claim_id"])) if after is not None and said["verb"] == "claim" else None
        fence = fence_of(after, task) if after is not None and task is not None else None
        if task is not None and fence is not None:
            held.append(Held(task=task, fence=fence))


def _choose(chance: random.Random, held: list[Held], *, name: str, claim_id: str) -> Said:
    drawn = chance.random()
    if not held or drawn < 0.3:
        return {"verb": "claim", "owner": name, "claim_id": claim_id}
    if drawn < 0.36:
        return {"verb": "reap", "owner": f"{name[:-1]}{chance.randrange(PROCESSES)}"}
    if drawn < 0.38:
        return {"verb": "retry"}
    # Mostly the newest, so that something gets done; else a ghost.
    one = held[-1] if chance.random() < 0.6 else chance.choice(held)
    claimed = {"stage": str(one.task.stage), "chapter": one.task.chapter, "part": one.task.part}
    return {"verb": chance.choice(SPEAKING), **claimed, "attempt": one.fence.attempt, "claim_id": one.fence.claim_id}


def _say(library: Library, said: Said) -> Manifest | None:
    """Apply it under the lock, and write down there what came of it; None when it was refused."""

    def noted(book: Manifest) -> Change:
        try:
            after = transition_of(said)(book)
        except (ClaimLost, Rejected):
            _note(library.root, {**said, "outcome": "refused"})
            raise
        _note(library.root, {**said, "outcome": "same" if after.manifest is book else "changed"})
        return after

    try:
        return library.update(BOOK, noted)
    except (ClaimLost, Rejected):
        return None


def _note(root: Path, row: Said) -> None:
    fd = os.open(root.parent / "said.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(fd, orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
    os.close(fd)


def test_many_processes_act_as_if_one_after_the_other(tmp_path: Path) -> None:
    """What several processes did to the files is what the pure functions do in the order of the lock: nothing is lost,
    no fence is given twice, a ghost changes nothing, and honest work still takes the book to its end."""
    library = Library(tmp_path / "library", clock=SystemClock())
    first = admitted_book(BOOK)
    library.files(BOOK).root.mkdir(parents=True)
    write_atomic(library.files(BOOK).manifest, encode(first))
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.integration.test_machine_on_disk"])
    actors = [
        context.Process(target=act_at_random, args=(library.root, f"worker@w{n}"), kwargs={"seed": n})
        for n in range(PROCESSES)
    ]
    for actor in actors:
        actor.start()
    for actor in actors:
        actor.join(DEADLINE_SECONDS)
    rows = [orjson.loads(line) for line in (tmp_path / "said.jsonl").read_bytes().splitlines()]
    replayed, outcomes, given = _replay(first, rows)
    data = library.files(BOOK).manifest.read_bytes()

    assert [actor.exitcode for actor in actors] == [0] * PROCESSES
    assert len(rows) == PROCESSES * ACTIONS
    assert outcomes == [row["outcome"] for row in rows]
    assert _timeless(decode(data)) == _timeless(replayed)
    assert max(Counter(given).values()) == 1
    assert {"refused", "changed"} <= set(outcomes)
    assert problems_of(data) == []
    assert list(contradictions(library.files(BOOK), decode(data))) == []
    assert phase(_finish(library)) in ENDED


def _timeless(book: Manifest) -> Manifest:
    """Without what the store itself writes into a manifest."""
    return replace(book, last_updated=EPOCH, event_count=0, event_bytes=None)


def _replay(book: Manifest, rows: list[Said]) -> tuple[Manifest, list[str], list[tuple[Task, int]]]:
    """One after the other, in memory: the book, what came of each, and which fences were given."""
    outcomes: list[str] = []
    given: list[tuple[Task, int]] = []
    for row in rows:
        try:
            after = transition_of(row)(book).manifest
        except (ClaimLost, Rejected):
            outcomes.append("refused")
            continue
        outcomes.append("same" if after is book else "changed")
        task = held_by(after, str(row["claim_id"])) if row["verb"] == "claim" and after is not book else None
        if task is not None and (fence := fence_of(after, task)) is not None:
            # Of a part the attempt is its chapter's, and does not grow by it.
            given.append((task, fence.attempt if task.part is None else len(given)))
        book = after
    return book, outcomes, given


def _finish(library: Library) -> Manifest:
    """Everybody is dead; one honest worker does what is left."""
    for name in (f"worker@w{n}" for n in range(PROCESSES)):
        library.update(BOOK, transition_of({"verb": "reap", "owner": name}))
    for count in range(20 * CHAPTERS):
        taken = library.update(BOOK, transition_of({"verb": "claim", "owner": "honest@w", "claim_id": f"h{count}"}))
        task = held_by(taken, f"h{count}")
        entry = taken.entry(task) if task is not None else None
        if task is None or entry is None or entry.fence is None:
            break
        done = {"verb": "complete", "stage": str(task.stage), "chapter": task.chapter, "claim_id": f"h{count}"}
        library.update(BOOK, transition_of({**done, "attempt": entry.fence.attempt}))
    return library.read(BOOK)
