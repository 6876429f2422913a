"""What a stage gets and what it gives back. A stage knows no lock, no claim and no process."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from imaginized.providers.api import Provider
from imaginized.queue.dividing import Kept
from imaginized.queue.manifest import Manifest, Task
from imaginized.settings.model import Guide, Settings, with_models
from imaginized.store.files import BookFiles
from imaginized.story.sidecar_keys import BookRequest
from imaginized.story.text import BookText

# What is to be in each file: bytes, or those of another file, or None where there is to be no file of that name.
Contents = Mapping[Path, bytes | Path | None]


class Reserve(Protocol):
    """Makes the names of replies to come."""

    def __call__(self, asked: Sequence[str], *, is_now: bool = True) -> None:
        """Those of these digests, durably unless that is left to the first reply that is kept after it."""


def _no_names(asked: Sequence[str], *, is_now: bool = True) -> None:
    """They are made when the replies come."""


def _forget_now(path: Path, _folders: Iterable[Path]) -> None:
    path.unlink(missing_ok=True)


IsDone = Callable[[int], bool]


def nothing_is(_number: int) -> bool:
    """No part is done before it is listed."""
    return False


class Turns(Protocol):
    """Who does which part of a chapter: its worker takes one after the other, and others may take some meanwhile."""

    def begin(self, numbers: Sequence[int], *, of: int, is_done: IsDone = nothing_is) -> None:
        """These parts are to be done, of so many that the chapter has.

        Args:
            numbers: Theirs.
            of: How many the chapter has.
            is_done: Whether one of them has been done meanwhile. Called under the book's lock: it may read files only.
        """

    def next(self) -> int | None:
        """The part to do now; None when all are over. Waits for those that others have taken.

        Raises:
            Interrupted: It is time to stop.
            ClaimLost: The chapter is another's now.
        """

    def keep(self, contents: Contents) -> None:
        """Make the part durable, and let go of it; empty for one that has left nothing."""

    @property
    def refused(self) -> Mapping[int, str]:
        """The parts that others could not do, each with the reason."""

    @property
    def was_shared(self) -> bool:
        """Whether somebody else may have done a part."""


@dataclass(slots=True)
class Alone:
    """Nobody else takes a part."""

    save: Callable[[Contents], None]
    _left: list[int] = field(default_factory=list)
    refused: Mapping[int, str] = field(default_factory=dict)
    was_shared: bool = False

    def begin(self, numbers: Sequence[int], *, of: int, is_done: IsDone = nothing_is) -> None:  # noqa: ARG002 - as Turns
        """See Turns."""
        self._left = list(numbers)

    def next(self) -> int | None:
        """See Turns."""
        return self._left.pop(0) if self._left else None

    def keep(self, contents: Contents) -> None:
        """See Turns."""
        if contents:
            self.save(contents)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One task's inputs.

    Attributes:
        task: What to do.
        manifest: The book as it was when the task was claimed.
        files: Its paths.
        request: What was asked for this book.
        guide: How many scenes, which formats; what was asked is in it.
        text: Who reads chapters.
        image: Who draws; None for nobody.
        keep: Makes a finished part durable at once, so that no later attempt repeats it. May raise ClaimLost.
        store_reply: Makes a provider's reply durable at once, whatever becomes of the claim.
        forget: Told of a reply whose content is kept, and in which folders: it goes once that is durable.
        reserve: Makes the names of replies to come: one sync for all of them, and none for each.
        tells_names: Whether who reads a chapter is told the names of those that are read already.
        must_confine: Whether a stranger's file may be opened only where the reader's sandbox is whole.
        outlet: Of the settings' paths: where exports go for other programs.
        hands_out: Whether they are to go there now.
        alone: Keeps every other process from asking the same, by its digest; first waits for one that does. May raise
            ClaimLost.
        step: To be called before every piece of work that may take long; raises Interrupted when it is time to stop.
        shares: How the parts of a chapter are shared out; None where nobody else takes any.
    """

    task: Task
    manifest: Manifest
    files: BookFiles
    request: BookRequest
    guide: Guide
    text: Provider
    image: Provider | None
    keep: Callable[[Contents], None]
    store_reply: Callable[[Path, bytes], None]
    step: Callable[[], None]
    forget: Callable[[Path, Iterable[Path]], None] = _forget_now
    reserve: Reserve = _no_names
    alone: Callable[[str], AbstractContextManager[object]] = lambda _asked: nullcontext()
    outlet: Path | None = None
    hands_out: bool = True
    must_confine: bool = True
    tells_names: bool = False
    shares: Turns | None = None

    @property
    def turns(self) -> Turns:
        """Who does which part of the chapter."""
        return self.shares or Alone(self.keep)

    @property
    def part(self) -> int:
        """The number of the part the task is about.

        Raises:
            ValueError: It is about no part.
        """
        if self.task.part is None:
            raise ValueError(f"{self.task} is not a part")
        return self.task.part

    @property
    def chapter(self) -> int:
        """The number of the chapter the task is about.

        Raises:
            ValueError: It is about the whole book.
        """
        if self.task.chapter is None:
            raise ValueError(f"{self.task} is about no chapter")
        return self.task.chapter


def guide_for(request: BookRequest, guide: Guide) -> Guide:
    """The guide's settings with what was asked for this book."""
    if request.pages_per_image is None:
        return guide
    return guide.model_copy(update={"pages_per_image": request.pages_per_image})


def settings_for(request: BookRequest, settings: Settings) -> Settings:
    """The settings of one book: the models that were asked for it go before those of all."""
    return with_models(
        settings,
        text_model=request.text_model,
        image_model=request.image_model,
        image_quality=request.image_quality,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One task's outputs: whole files by their final path.

    Attributes:
        book: Of a split, the book.
        kept: Of a split, what its chapters keep.
        pictures: Of a preview, how many of the chapter's pictures there are.
        differs: Of pictures, those that were drawn before the merge, each with what the whole book says beside them.
        redrawn: Of a merge, the chapters whose pictures show somebody that a person changed.
        is_outdated: Of pictures, whether a person changed who is who since they were begun; None for never.
    """

    contents: Contents = field(default_factory=dict)
    book: BookText | None = None
    kept: Mapping[int, Kept] | None = None
    pictures: int = 0
    differs: Mapping[int, str] = field(default_factory=dict)
    redrawn: tuple[int, ...] = ()
    is_outdated: Callable[[], bool] | None = None
