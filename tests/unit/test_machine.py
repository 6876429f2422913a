"""The manifest under everything at once: zombies, deaths, clock steps and operators, in any order hypothesis finds."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from imaginized.errors import ClaimLost, Rejected
from imaginized.queue.claimable import FREE, PAID, Pacing, claimable, is_held
from imaginized.queue.codec import decode, encode
from imaginized.queue.dividing import Kept
from imaginized.queue.manifest import (
    ALL_CHAPTER_STAGES,
    CHAPTER_STAGES,
    Claim,
    Entry,
    Fence,
    Hold,
    Manifest,
    Stage,
    Status,
    Task,
)
from imaginized.queue.openness import is_open, may_be_closed
from imaginized.queue.parts import are_over
from imaginized.queue.plan import ENDED, Phase, fence_of, held_by, live_claims, phase
from imaginized.reasons import Code, Reason
from imaginized.story.text import ChapterText, Paragraph
from tests.support.applied import (
    approve,
    begin,
    cancel,
    checkpoint,
    claim,
    complete,
    complete_drawn,
    complete_merge,
    complete_split,
    divide_again,
    fail,
    hold,
    part_done,
    reap,
    recast,
    release,
    retry,
    share,
)
from tests.support.manifests import EPOCH, admitted_book, make_claim, split_book
from tests.support.schema import problems_of

LIMIT = 3
OWNERS = ("worker-1@here", "worker-2@here", "worker-3@here")
PACINGS = (Pacing(), FREE, PAID, Pacing(batch_size=2, in_flight=2, pause_seconds=30.0))
STAGE_LISTS = (CHAPTER_STAGES, ALL_CHAPTER_STAGES, (Stage.ANALYZE,))
ENDED_STATUSES = (Status.COMPLETED, Status.FAILED)
any_index = st.integers(min_value=0, max_value=10_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A claim somebody once got; whether it is still good, only the model knows."""

    task: Task
    fence: Fence
    owner: str


class Machine(RuleBasedStateMachine):
    """Claims of one book. The model is the set of claims that are good; everything ever claimed may speak up again."""

    def __init__(self) -> None:
        super().__init__()
        self.book = admitted_book()
        self.now = EPOCH
        self.pacing = Pacing()
        self.stages: tuple[Stage, ...] = CHAPTER_STAGES
        self.lengths: list[int] = []
        self.all: list[Held] = []
        self.good: dict[Task, Held] = {}
        self.over: set[str] = set()
        self.attempts: dict[tuple[str, int | None], int] = {}
        self.completed: set[int] = set()
        self.was_finished = False
        self.order: list[int] | None = None
        self.redrawn: list[int] = []
        self.parts_done: dict[int, set[int]] = {}

    @initialize(
        lengths=st.lists(st.integers(min_value=0, max_value=9), max_size=7),
        pacing=st.sampled_from(PACINGS),
        stages=st.sampled_from(STAGE_LISTS),
        is_split=st.booleans(),
    )
    def admit(self, lengths: list[int], pacing: Pacing, stages: tuple[Stage, ...], is_split: bool) -> None:
        self.lengths, self.pacing, self.stages = lengths, pacing, stages
        if is_split:
            self.book = split_book(*lengths, stages=stages)

    # What workers do; `index` picks any claim that was ever made, so that most commits come late.

    @rule(owner=st.sampled_from(OWNERS))
    def claim_one(self, owner: str) -> None:
        self.take(owner)

    def take(self, owner: str) -> Held | None:
        claim_id = f"c{len(self.all)}"
        before = self.book
        offered = claimable(before, now=self.now, pacing=self.pacing)
        self.book = claim(before, by=make_claim(claim_id, owner=owner), now=self.now, pacing=self.pacing)
        task = held_by(self.book, claim_id)
        assert (self.book is before) == (task is None) == (not offered)
        if task is None:
            return None
        entry, fence = entry_of(self.book, task), fence_of(self.book, task)
        assert task == offered[0] and task not in self.good and fence is not None
        assert entry.attempt == entry_of(before, task).attempt + (task.part is None)
        if task.chapter is not None and task.part is not None:
            assert task.part not in self.parts_done[task.chapter]  # nobody does it a second time
            assert self.pacing.batch_size is None or len(self.good) < self.pacing.batch_size
        held = Held(task=task, fence=fence, owner=owner)
        self.all.append(held)
        self.good[task] = held
        self.over.discard(owner)  # a new process in the slot
        return held

    @precondition(lambda self: self.all)
    @rule(index=any_index)
    def begin_any(self, index: int) -> None:
        held = self.pick(index)
        self.speak(held, lambda book: begin(book, task=held.task, fence=held.fence), ends=False)

    @precondition(lambda self: self.all)
    @rule(index=any_index)
    def checkpoint_any(self, index: int) -> None:
        held = self.pick(index)
        self.speak(held, lambda book: checkpoint(book, task=held.task, fence=held.fence), ends=False)

    @precondition(lambda self: self.all)
    @rule(index=any_index)
    def complete_any(self, index: int) -> None:
        self.complete_held(self.pick(index))

    @precondition(lambda self: self.all)
    @rule(index=any_index, numbers=st.sets(st.integers(min_value=1, max_value=6), max_size=6))
    def share_any(self, index: int, numbers: set[int]) -> None:
        held = self.pick(index)
        chapter = held.task.chapter
        if chapter is None or held.task.part is not None:
            return
        is_good = self.good.get(held.task) == held
        self.speak(
            held, lambda book: share(book, task=held.task, fence=held.fence, numbers=sorted(numbers), of=6), ends=False
        )
        if is_good:
            parts = self.book.chapters[chapter].parts
            self.parts_done[chapter] = set(range(1, 7)) - numbers - {*parts.out, *parts.returned, *parts.own}

    @precondition(lambda self: self.book.chapters)
    @rule(numbers=st.sets(st.integers(min_value=1, max_value=6), min_size=1), owners=st.lists(st.sampled_from(OWNERS)))
    def work_together(self, numbers: set[int], owners: list[str]) -> None:
        """All whole chapters are taken, one is shared out, and who comes next joins it."""
        while (held := self.take(OWNERS[0])) is not None and held.task.part is None:
            pass
        for index, one in enumerate(reversed(self.all)):
            if self.good.get(one.task) == one and one.task.chapter is not None and one.task.part is None:
                self.share_any(index, numbers)
                break
        for owner in owners:
            held = self.take(owner)
            if held is not None and held.task.part in numbers and len(owners) > 1:
                # Given back at once: whoever has that part next must not be taken for him.
                self.release_any(0)
                self.take(owner)

    @precondition(lambda self: self.all)
    @rule(index=any_index)
    def part_done_any(self, index: int) -> None:
        held = self.pick(index)
        chapter = held.task.chapter
        if chapter is None or held.task.part is not None:
            return
        is_good = self.good.get(held.task) == held
        own = self.book.chapters[chapter].parts.own if is_good else ()
        self.speak(held, lambda book: part_done(book, task=held.task, fence=held.fence), ends=False)
        self.parts_done.setdefault(chapter, set()).update(own)

    def complete_held(self, held: Held) -> None:
        if self.good.get(held.task) == held and self.is_refused_for_its_parts(held):
            return

        def transition(book: Manifest) -> Manifest:
            if held.task.stage is Stage.MERGE:
                return complete_merge(book, fence=held.fence, now=self.now, redrawn=self.redrawn)
            if held.task.stage is Stage.ILLUSTRATE and held.task.part is None:
                return complete_drawn(
                    book,
                    task=held.task,
                    fence=held.fence,
                    now=self.now,
                    is_outdated=lambda: held.task.chapter in self.redrawn,
                    differs={1: "Anna also has red hair"} if held.fence.attempt % 2 else {},
                )
            if held.task.stage is not Stage.SPLIT:
                return complete(book, task=held.task, fence=held.fence, now=self.now)
            texts = [
                ChapterText(number=n, title="T", paragraphs=(Paragraph(text="word " * length),))
                for n, length in enumerate(self.lengths, 1)
            ]
            kept = None
            if self.order is not None and book.chapters:
                kept = {n: Kept(was=was) for n, was in enumerate(self.order, 1)}
            return complete_split(
                book,
                fence=held.fence,
                now=self.now,
                title="T",
                chapters=texts,
                chapter_stages=self.stages,
                kept=kept,
            )

        self.speak(held, transition, ends=True)
        if held.task.stage is Stage.ILLUSTRATE and held.task.part is None and self.redrawn:
            self.redrawn = []  # what it began with is what is in force from now on
            self.good = {task: one for task, one in self.good.items() if task.stage is not Stage.COMPILE}
        if held.task.stage is Stage.MERGE:
            self.see_who_is_drawn_again()
        if held.task.stage is Stage.SPLIT:
            self.completed = completed_in(self.book)  # the same ones, under other numbers

    def is_refused_for_its_parts(self, held: Held) -> bool:
        """Whether a good claim may not complete its chapter yet; notes a part that is about to be completed."""
        entry = entry_of(self.book, held.task)
        if held.task.chapter is not None and held.task.part is not None:
            self.parts_done[held.task.chapter].add(held.task.part)
        elif not are_over(entry):
            try:
                complete(self.book, task=held.task, fence=held.fence, now=self.now)
            except ClaimLost:
                return True
            raise AssertionError(f"{held.task} was completed with parts that are not done")
        return False

    @precondition(lambda self: self.all)
    @rule(index=any_index, rejected=st.booleans())
    def fail_any(self, index: int, rejected: bool) -> None:
        held = self.pick(index)
        self.speak(
            held,
            lambda book: fail(
                book,
                task=held.task,
                fence=held.fence,
                now=self.now,
                error=Reason(Code.CRASHED, "e"),
                max_attempts=LIMIT,
                rejected=rejected,
            ),
            ends=True,
        )

    @precondition(lambda self: self.all)
    @rule(index=any_index)
    def release_any(self, index: int) -> None:
        held = self.pick(index)
        self.speak(held, lambda book: release(book, task=held.task, fence=held.fence), ends=True)

    @precondition(lambda self: self.all)
    @rule(index=any_index)
    def forge_any(self, index: int) -> None:
        held = self.pick(index)
        attempt, claim_id = held.fence.attempt, held.fence.claim_id
        for fence in (Fence(attempt=attempt, claim_id="forged"), Fence(attempt=attempt + 1000, claim_id=claim_id)):
            try:
                complete(self.book, task=held.task, fence=fence, now=self.now)
            except ClaimLost:
                continue
            raise AssertionError(f"{fence} was taken for the fence of {held.task}")

    def pick(self, index: int) -> Held:
        return self.all[-1 - index % len(self.all)]

    def speak(self, held: Held, transition: Callable[[Manifest], Manifest], *, ends: bool) -> None:
        """One worker says something about its claim; only a good claim may change anything."""
        before = self.book
        is_good = self.good.get(held.task) == held
        try:
            self.book = transition(before)
        except ClaimLost:
            assert not is_good
            return
        assert is_good or self.book is before  # the idempotent repeat of a completion
        if ends and is_good:
            del self.good[held.task]
            self.see_what_parts_are_revoked()

    def see_what_parts_are_revoked(self) -> None:
        """Those of chapters that have ended; whoever is at a part of one that only lost its worker goes on."""
        self.good = {
            task: held
            for task, held in self.good.items()
            if task.part is None or entry_of(self.book, task).status not in ENDED_STATUSES
        }

    # What happens to them.

    @rule(owner=st.sampled_from(OWNERS))
    def die(self, owner: str) -> None:
        self.over.add(owner)

    @rule()
    def reap_all(self) -> None:
        def is_over(held: Claim) -> str | None:
            return "dead" if held.owner in self.over else None

        self.book = reap(self.book, is_over=is_over, now=self.now, max_attempts=LIMIT)
        self.good = {task: held for task, held in self.good.items() if held.owner not in self.over}
        self.see_what_parts_are_revoked()

    @rule(seconds=st.sampled_from([-8 * 3600, -7200, -1, 0, 1, 30, 60, 7200]))
    def step_clock(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def restart(self) -> None:
        """Whatever lives in memory is lost; the manifest is read from its bytes."""
        assert decode(encode(self.book)) == self.book
        self.book = decode(encode(self.book))

    # What operators do.

    @rule(chapters=st.lists(st.integers(min_value=1, max_value=8), max_size=2))
    def retry_some(self, chapters: list[int]) -> None:
        before = self.book
        try:
            self.book = retry(before, chapters=chapters)
        except Rejected:
            named = [before.chapters.get(n) for n in chapters]
            assert any(entry is None or entry.is_live or entry.parts.out for entry in named)
            return
        self.completed = completed_in(self.book)
        live = {task for task, _ in live_claims(self.book)}
        assert all(task in live or task.chapter is None for task in self.good)  # no chapter was taken from a worker
        self.good = {task: held for task, held in self.good.items() if task in live}

    @precondition(lambda self: self.book.chapters)
    @rule(choose=st.randoms(use_true_random=False))
    def divide(self, choose: random.Random) -> None:
        """The same chapters under other numbers: whoever works on one ends it first."""
        self.order = list(range(1, len(self.lengths) + 1))
        choose.shuffle(self.order)
        self.book = divide_again(self.book)
        self.good = {task: held for task, held in self.good.items() if task.chapter is not None}

    @rule(chapters=st.lists(st.integers(min_value=1, max_value=8), max_size=3))
    def recast_it(self, chapters: list[int]) -> None:
        """Who is who changes: the merge is done again, and then these chapters are drawn again."""
        self.redrawn = chapters
        self.book = recast(self.book)
        self.good = {task: held for task, held in self.good.items() if task.stage not in (Stage.MERGE, Stage.COMPILE)}

    def see_who_is_drawn_again(self) -> None:
        """Chapters that were drawn; none is taken from who draws it."""
        live = {task for task, _ in live_claims(self.book)}
        assert all(task in live or task.stage is Stage.COMPILE for task in self.good)
        self.good = {task: held for task, held in self.good.items() if task in live}
        again = self.completed - completed_in(self.book)
        assert again <= set(self.redrawn)
        assert all(self.book.chapters[number].stage is Stage.ILLUSTRATE for number in again)
        self.completed = completed_in(self.book)

    @rule(chance=st.integers(min_value=0, max_value=3))
    def cancel_all(self, chance: int) -> None:
        if chance == 0:
            has_failed_step = any(entry.status is Status.FAILED for entry in self.book.steps.values())
            self.book = cancel(self.book, now=self.now, reason="enough")
            self.good = {}
            assert has_failed_step or not self.was_finished or phase(self.book) is not Phase.FAILED

    @rule(chapters=st.lists(st.integers(min_value=1, max_value=8), min_size=1, max_size=2))
    def cancel_some(self, chapters: list[int]) -> None:
        before = self.book
        try:
            self.book = cancel(before, now=self.now, reason="enough", chapters=chapters)
        except Rejected:
            assert any(n not in before.chapters for n in chapters)
            return
        assert all(self.book.chapters[n].status in ENDED_STATUSES for n in chapters)
        assert self.book.steps == before.steps
        self.good = {task: held for task, held in self.good.items() if task.chapter not in chapters}

    @rule(minutes=st.sampled_from([None, 10, 90]), usd=st.integers(min_value=0, max_value=3))
    def hold_it(self, minutes: int | None, usd: int) -> None:
        until = None if minutes is None else self.now + timedelta(minutes=minutes)
        before = self.book.hold
        self.book = hold(self.book, why=Hold(reason="dear", since=self.now, until=until, approve_usd=usd))
        assert self.book.hold is not None
        assert self.book.hold.until is None or (before is None or before.until is not None)

    @rule()
    def approve_it(self) -> None:
        before = self.book
        try:
            self.book = approve(before)
        except Rejected:
            assert before.hold is None or before.hold.until is not None
            return
        assert before.hold is not None and self.book.hold is None and self.book.approval is not None
        allowed = before.approval.usd if before.approval else 0.0
        assert self.book.approval.usd == max(allowed, before.hold.approve_usd)

    # What always holds.

    @invariant()
    def the_good_claims_are_the_live_ones(self) -> None:
        live = {task: entry.fence for task, entry in live_claims(self.book)}
        assert live == {task: held.fence for task, held in self.good.items()}

    @invariant()
    def every_part_is_somebodys_once(self) -> None:
        for number, entry in self.book.chapters.items():
            parts = entry.parts
            listed = (*parts.open, *parts.own, *parts.out, *parts.returned, *parts.refused)
            assert len(set(listed)) == len(listed)
            assert entry.is_live or not (set(listed) - set(parts.out))
            assert entry.status not in ENDED_STATUSES or not listed
            assert not self.parts_done.get(number, set()) & {*parts.open, *parts.own, *parts.returned}

    @invariant()
    def a_finished_book_is_remembered(self) -> None:
        self.was_finished = self.was_finished or phase(self.book) in (Phase.DONE, Phase.PARTIAL)

    @invariant()
    def attempts_only_grow(self) -> None:
        entries = {(str(task.stage if task.chapter is None else ""), task.chapter): e for task, e in all_of(self.book)}
        for key, entry in entries.items():
            assert entry.attempt >= self.attempts.get(key, 0)
        self.attempts = {key: entry.attempt for key, entry in entries.items()}

    @invariant()
    def no_fence_is_given_twice(self) -> None:
        assert len({(held.task.chapter, held.task.stage, held.fence) for held in self.all}) == len(self.all)

    @invariant()
    def completed_chapters_stay_completed(self) -> None:
        now_completed = completed_in(self.book)
        assert self.completed <= now_completed
        self.completed = now_completed

    @invariant()
    def retries_keep_to_the_limit(self) -> None:
        for _, entry in all_of(self.book):
            assert entry.retry_count <= LIMIT
            assert entry.status is not Status.PENDING or entry.retry_count < LIMIT

    @invariant()
    def nothing_behind_a_barrier_is_claimable(self) -> None:
        for task in claimable(self.book, now=self.now, pacing=self.pacing):
            if task.chapter is not None:
                assert self.pacing.in_flight is None or len(self.good) < self.pacing.in_flight
                size = self.pacing.batch_size or len(self.book.chapters)
                numbers = sorted(self.book.chapters)
                earlier = numbers[: numbers.index(task.chapter) // size * size]
                assert all(has_left(self.book.chapters[n], task.stage) for n in earlier)
            assert not self.is_early(task)

    def is_early(self, task: Task) -> bool:
        """Whether something that the task needs is not there yet."""
        steps, chapters = self.book.steps, self.book.chapters.values()
        if task.stage is Stage.SPLIT:
            return False
        if task.stage is Stage.COMPILE:
            return not all(entry.status in ENDED_STATUSES for entry in chapters)
        if task.stage is Stage.MERGE:
            return not all(has_left(entry, Stage.ANALYZE) for entry in chapters)
        needed = Stage.MERGE if task.stage is Stage.ILLUSTRATE else Stage.SPLIT
        return steps[needed].status is not Status.COMPLETED

    @invariant()
    def nothing_of_a_held_book_is_claimable(self) -> None:
        if is_held(self.book, now=self.now):
            assert not claimable(self.book, now=self.now, pacing=self.pacing)
            assert phase(self.book) is Phase.HELD or phase(self.book) in ENDED

    @invariant()
    def of_a_closed_book_nothing_is_claimable(self) -> None:
        """The index leaves it out: that must hide no claim, no wait for a person, and no task of any later time."""
        if not is_open(self.book):
            assert may_be_closed(self.book)
            assert not live_claims(self.book)
            assert self.book.hold is None
            assert not claimable(self.book, now=self.now + timedelta(days=2))
            assert phase(self.book) in ENDED

    @invariant()
    def a_book_has_ended_or_goes_on(self) -> None:
        """Never stuck: with nobody at work there is something to claim once the pause is over, unless it has ended."""
        later = self.now + timedelta(hours=2)
        has_ended = phase(self.book) in ENDED
        if is_held(self.book, now=later):  # only a person frees it, or a clock that was set back goes forward again
            return
        if has_ended:
            assert not self.good and not claimable(self.book, now=later, pacing=self.pacing)
        elif not self.good:
            # A clock that was set back by two hours has `later` in the middle of a pause: look behind that, too.
            moments = (later, later + timedelta(seconds=self.pacing.pause_seconds))
            assert any(claimable(self.book, now=moment, pacing=self.pacing) for moment in moments)

    def teardown(self) -> None:
        """Honest workers and time take every book to its end, from wherever it was left."""
        assert problems_of(encode(self.book)) == []
        self.over = {held.owner for held in self.good.values()}
        self.reap_all()
        if self.book.hold is not None:
            self.now = max(self.now, self.book.hold.until or self.now)
            self.approve_it()
        for _ in range(5 * (len(self.lengths) + len(self.book.chapters) + 3)):
            self.now += timedelta(minutes=2)
            held = self.take("honest")
            if held is None:
                break
            self.complete_held(held)
        self.a_book_has_ended_or_goes_on()
        assert phase(self.book) in ENDED


def all_of(book: Manifest) -> list[tuple[Task, Entry]]:
    return book.entries()


def entry_of(book: Manifest, task: Task) -> Entry:
    entry = book.entry(task)
    assert entry is not None
    return entry


def completed_in(book: Manifest) -> set[int]:
    return {n for n, entry in book.chapters.items() if entry.status is Status.COMPLETED}


def has_left(entry: Entry, stage: Stage) -> bool:
    return entry.status in ENDED_STATUSES or (stage is Stage.ANALYZE and entry.stage is Stage.ILLUSTRATE)


TestMachine = Machine.TestCase
