"""What is told of a book is all that happens to it: its log replayed is where its manifest stands."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from imaginized.errors import Rejected
from imaginized.queue.cancelling import cancel
from imaginized.queue.change import Transition
from imaginized.queue.dividing import Kept, divide_again
from imaginized.queue.events import Happening
from imaginized.queue.holding import approve, hold, let_go
from imaginized.queue.manifest import CHAPTER_STAGES, Claim, Fence, Hold, Manifest, Stage, Status, Task
from imaginized.queue.plan import held_by, live_claims
from imaginized.queue.redoing import recast, redraw, reopen_lost, restart, retry, retry_failed, take_back
from imaginized.queue.transitions import checkpoint, claim, complete, complete_split, fail, reap, release
from imaginized.reasons import Code, Reason
from imaginized.story.text import ChapterText, Paragraph
from tests.support.manifests import EPOCH, admitted_book, make_claim
from tests.support.replaying import replayed, standing_of

LIMIT = 3
WHY = Reason(Code.CRASHED, "why")
any_number = st.integers(min_value=1, max_value=6)
any_stage = st.sampled_from([None, Stage.ANALYZE, Stage.ILLUSTRATE])
any_index = st.integers(min_value=0, max_value=10_000)


class Telling(RuleBasedStateMachine):
    """Everything that can happen to a book, and what is told of it."""

    def __init__(self) -> None:
        super().__init__()
        self.book = admitted_book()
        self.log: list[Happening] = []
        self.now = EPOCH
        self.claims = 0
        self.texts: list[ChapterText] = []
        self.stages: tuple[Stage, ...] = CHAPTER_STAGES
        self.kept: Mapping[int, Kept] | None = None

    @initialize(count=st.integers(min_value=0, max_value=5), draws=st.booleans())
    def admit(self, count: int, draws: bool) -> None:
        words = (Paragraph(text="word"),)
        self.texts = [ChapterText(number=n, title=f"{n}", paragraphs=words) for n in range(1, count + 1)]
        self.stages = CHAPTER_STAGES if draws else (Stage.ANALYZE,)

    def say(self, transition: Transition) -> None:
        try:
            change = transition(self.book)
        except Rejected:
            return
        # Only what is written is told: `Library.update` writes neither where the manifest is the same.
        assert change.manifest is not self.book or not change.events
        self.book = change.manifest
        self.log += change.events

    # What workers do.

    @rule()
    def take(self) -> None:
        self.claims += 1
        self.say(partial(claim, by=make_claim(f"c{self.claims}"), now=self.now))

    @rule()
    def take_and_complete(self) -> None:
        self.take()
        task = held_by(self.book, f"c{self.claims}")
        if task is not None:
            self.complete_one(task)

    def complete_one(self, task: Task) -> None:
        fence = fence_of(self.book, task)
        if task.stage is Stage.SPLIT:
            kept = self.kept if self.book.chapters else None
            facts = {"title": "T", "chapters": self.texts, "chapter_stages": self.stages, "kept": kept}
            self.say(lambda book: complete_split(book, fence=fence, now=self.now, **facts))  # type: ignore[arg-type]
        else:
            self.say(partial(complete, task=task, fence=fence, now=self.now))

    @rule(numbers=st.lists(any_number, max_size=3))
    def recast_it(self, numbers: list[int]) -> None:
        """Who is who changes, and some chapters are drawn again for it."""
        self.say(recast)
        self.say(partial(redraw, chapters=numbers))

    @rule(index=any_index, end=st.sampled_from(["complete", "fail", "reject", "release", "checkpoint", "lose"]))
    def speak(self, index: int, end: str) -> None:
        live = [task for task, _ in live_claims(self.book)]
        if not live:
            return
        task = live[index % len(live)]
        fence = fence_of(self.book, task)
        failing = partial(fail, task=task, fence=fence, now=self.now, error=WHY, max_attempts=LIMIT)
        ends: dict[str, Callable[[], None]] = {
            "complete": lambda: self.complete_one(task),
            "fail": lambda: self.say(failing),
            "reject": lambda: self.say(partial(failing, rejected=True)),
            "release": lambda: self.say(partial(release, task=task, fence=fence)),
            "checkpoint": lambda: self.say(partial(checkpoint, task=task, fence=fence)),
            "lose": lambda: self.lose(task, fence),
        }
        ends[end]()

    def lose(self, task: Task, fence: Fence) -> None:
        """Finished work is found to be gone by whoever needs it."""
        done = [
            replace(each, stage=Stage.ANALYZE) if each.chapter is not None else each
            for each, entry in self.book.entries()
            if entry.status is Status.COMPLETED and each.stage is not Stage.COMPILE
        ]
        self.say(partial(reopen_lost, task=task, fence=fence, lost=done[: 1 + len(done) // 2], reason=WHY))

    @rule(index=any_index)
    def die(self, index: int) -> None:
        self.say(partial(reap, is_over=is_odd(index), now=self.now, max_attempts=LIMIT))

    # What people do.

    @rule(numbers=st.lists(any_number, max_size=2))
    def retry_some(self, numbers: list[int]) -> None:
        self.say(partial(retry, chapters=numbers))

    @rule()
    def retry_what_failed(self) -> None:
        self.say(retry_failed)

    @rule(profile=st.sampled_from(["", "calm"]), chance=st.integers(min_value=0, max_value=4))
    def begin_anew(self, profile: str, chance: int) -> None:
        if chance == 0:
            self.say(partial(restart, profile=profile))

    @rule(numbers=st.lists(any_number, max_size=2))
    def cancel_some(self, numbers: list[int]) -> None:
        self.say(partial(cancel, now=self.now, reason="enough", chapters=numbers))

    @rule(order=st.permutations(range(1, 7)), count=st.integers(min_value=1, max_value=6), done=any_stage)
    def divide(self, order: list[int], count: int, done: Stage | None) -> None:
        """Other chapters under other numbers; some were done in an earlier division."""
        words = (Paragraph(text="word"),)
        self.texts = [ChapterText(number=n, title=f"{n}", paragraphs=words) for n in range(1, count + 1)]
        known = self.book.chapters
        self.kept = {n: Kept(was=was) if was in known else Kept(done=done) for n, was in enumerate(order[:count], 1)}
        self.say(divide_again)

    @rule(hours=st.sampled_from([None, 1]))
    def hold_it(self, hours: int | None) -> None:
        until = None if hours is None else self.now + timedelta(hours=hours)
        self.say(partial(hold, why=Hold(reason="dear", since=self.now, until=until)))

    @rule(person=st.booleans())
    def go_on(self, person: bool) -> None:
        self.say(approve if person else let_go)
        self.now += timedelta(minutes=40)

    # What another program does: told when it is seen, once it is taken back.

    @rule(index=any_index, status=st.sampled_from([Status.COMPLETED, Status.FAILED]))
    def end_elsewhere(self, index: int, status: Status) -> None:
        numbers = [n for n, entry in self.book.chapters.items() if not entry.is_live]
        if not numbers or self.book.steps[Stage.SPLIT].status is not Status.COMPLETED:
            return
        number = numbers[index % len(numbers)]
        theirs = replace(self.book.chapters[number], status=status, claim=claim_of_another(self.now))
        foreign = self.book.with_entry(Task(stage=theirs.stage, chapter=number), theirs)
        self.say(lambda _: take_back(foreign, max_attempts=LIMIT))

    @invariant()
    def the_log_replayed_is_where_the_book_stands(self) -> None:
        told = replayed(self.log, stages=self.stages)
        assert {key: told[key] for key in standing_of(self.book)} == standing_of(self.book)


def fence_of(book: Manifest, task: Task) -> Fence:
    entry = book.entry(task)
    assert entry is not None and entry.fence is not None
    return entry.fence


def is_odd(index: int) -> Callable[[Claim], str | None]:
    """Whose every other claim is over."""
    return lambda held: "gone" if (int(held.claim_id[1:] or 0) + index) % 2 else None


def claim_of_another(now: datetime) -> Claim:
    return Claim(owner="4711", boot="", claim_id="", claimed_at=now)


TestTelling = Telling.TestCase
