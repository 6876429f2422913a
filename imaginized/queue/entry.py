"""The state of one chapter or step: a claim and its fence, the parts of a chapter, what is wanted of its scenes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from imaginized.queue.stages import Stage
from imaginized.reasons import Reason


class Status(StrEnum):
    """Where a chapter or step stands."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"


NOTHING: Mapping[str, object] = MappingProxyType({})


def _nothing() -> Mapping[str, object]:
    return NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """What a commit must show to count: the attempt, which only grows, and the claim's random id."""

    attempt: int
    claim_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Who took a chapter or step, and when. Live while the status is in_progress, history after.

    Attributes:
        owner: "worker-1@host:4711:8123377": slot, host, pid, start token.
        boot: Boot and pid namespace of that process; "" when unknown.
        claim_id: Random, never used twice; "" for a claim that another program made.
        begun: Whether its work has begun; only other programs tell the two apart.
    """

    owner: str
    boot: str
    claim_id: str
    claimed_at: datetime
    begun: bool = True

    @property
    def is_foreign(self) -> bool:
        """Whether another program made it."""
        return not self.claim_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a chapter that somebody besides the chapter's worker has taken.

    Attributes:
        attempt: The chapter's when it was taken: with the claim's id the part's own fence.
    """

    claim: Claim
    attempt: int

    @property
    def fence(self) -> Fence:
        """What its commit must show."""
        return Fence(attempt=self.attempt, claim_id=self.claim.claim_id)


def _no_parts_out() -> Mapping[int, Part]:
    return MappingProxyType({})


def _nothing_refused() -> Mapping[int, str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """How the work on a chapter is shared out while it is under way; see `queue.parts`.

    A number that is in none of these is done, or nobody has listed it.

    Attributes:
        of: How many parts the chapter has in all.
        open: Those that anybody may take.
        own: Those that the chapter's worker is at, by the chapter's claim.
        out: Those that others have taken.
        returned: Those that ended badly with somebody else: for the chapter's worker alone.
        refused: Those that cannot be done, each with the reason.
    """

    of: int = 0
    open: tuple[int, ...] = ()
    own: tuple[int, ...] = ()
    out: Mapping[int, Part] = field(default_factory=_no_parts_out)
    returned: tuple[int, ...] = ()
    refused: Mapping[int, str] = field(default_factory=_nothing_refused)

    @property
    def done(self) -> int:
        """How many are done."""
        waiting = (*self.open, *self.own, *self.out, *self.returned, *self.refused)
        return max(self.of - len(waiting), 0)


NO_PARTS = Parts()


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneWish:
    """What a person wants of one scene of a chapter.

    Attributes:
        of: Digest of its passage: of another scene that has got its number nothing is wanted.
        asking: By which number its picture is asked for; None for the chapter's own.
        version: Digest of the picture that was chosen among those that there were; "" for none.
        is_dropped: Whether it is left out.
        passage: Of a scene that a reader chose: where it begins and ends in the chapter's text; None for one found.
    """

    of: str = ""
    asking: int | None = None
    version: str = ""
    is_dropped: bool = False
    passage: tuple[int, int] | None = None


NO_WISHES: Mapping[int, SceneWish] = MappingProxyType({})


def _no_wishes() -> Mapping[int, SceneWish]:
    return NO_WISHES


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The state of one chapter or one book-level step.

    Attributes:
        stage: The stage it waits for or is in.
        attempt: Claims so far; only grows.
        retry_count: Claims in this stage that ended badly or have not ended well yet, since the last progress.
        analyzed_at: When the analyze stage of a chapter ended well.
        completed_before: When it was completed before a person had it done again; a cancel goes back to that.
        reason: Why the last claim ended badly, or that a person cancelled it.
        rejected: Whether the failure is the input's fault, so that trying again is useless.
        title: Of a chapter, as printed.
        words: Of a chapter; longest first is the order of work.
        reading: By which number a chapter is asked about. A person who wants it anew raises it: what is asked then is
            another request than the one that was paid before.
        asking: The same for its pictures.
        scenes: What a person wants of single scenes, by their numbers.
        parts: How its work is shared out; nothing at rest.
        differs: Scenes whose pictures were drawn before the merge, of which the whole book says more.
        extra: Fields of other programs, kept as they are.
    """

    status: Status = Status.PENDING
    stage: Stage
    claim: Claim | None = None
    attempt: int = 0
    retry_count: int = 0
    analyzed_at: datetime | None = None
    completed_at: datetime | None = None
    completed_before: datetime | None = None
    failed_at: datetime | None = None
    reason: Reason | None = None
    rejected: bool = False
    title: str | None = None
    words: int = 0
    reading: int = 0
    asking: int = 0
    scenes: Mapping[int, SceneWish] = field(default_factory=_no_wishes)
    parts: Parts = NO_PARTS
    differs: tuple[int, ...] = ()
    extra: Mapping[str, object] = field(default_factory=_nothing)
    # Its JSON, once it was encoded. `replace` leaves it behind, so that it is never that of another state.
    _row: dict[str, object] | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def error(self) -> str | None:
        """The reason in words, as it is written for readers that know no codes."""
        return str(self.reason) if self.reason else None

    @property
    def fence(self) -> Fence | None:
        """The fence of its last claim; None before the first."""
        return Fence(attempt=self.attempt, claim_id=self.claim.claim_id) if self.claim else None

    @property
    def next_asking(self) -> int:
        """A number by which none of its pictures was asked for before."""
        return max(self.asking, *(wish.asking or 0 for wish in self.scenes.values()), 0) + 1

    @property
    def is_live(self) -> bool:
        """Whether somebody works on it now."""
        return self.status is Status.IN_PROGRESS and self.claim is not None
