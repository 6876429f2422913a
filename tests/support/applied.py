"""Transitions by the manifest alone, for tests that ask nothing of what is told; and changes of which nothing is."""

from collections.abc import Callable
from typing import ParamSpec

from imaginized.queue import cancelling, dividing, holding, redoing, transitions
from imaginized.queue.change import Change, Transition
from imaginized.queue.manifest import Manifest

P = ParamSpec("P")


def manifest_of(transition: Callable[P, Change]) -> Callable[P, Manifest]:
    """The same, of which only the manifest is kept."""

    def apply(*args: P.args, **kwargs: P.kwargs) -> Manifest:
        return transition(*args, **kwargs).manifest

    return apply


def silently(function: Callable[[Manifest], Manifest]) -> Transition:
    """A change that nobody is told of, as `Library.update` takes it."""
    return lambda manifest: Change(function(manifest))


claim = manifest_of(transitions.claim)
begin = manifest_of(transitions.begin)
checkpoint = manifest_of(transitions.checkpoint)
share = manifest_of(transitions.share)
part_done = manifest_of(transitions.part_done)
complete = manifest_of(transitions.complete)
complete_split = manifest_of(transitions.complete_split)
fail = manifest_of(transitions.fail)
release = manifest_of(transitions.release)
reap = manifest_of(transitions.reap)
retry = manifest_of(redoing.retry)
recast = manifest_of(redoing.recast)
complete_drawn = manifest_of(redoing.complete_drawn)
complete_merge = manifest_of(redoing.complete_merge)
restart = manifest_of(redoing.restart)
take_back = manifest_of(redoing.take_back)
cancel = manifest_of(cancelling.cancel)
divide_again = manifest_of(dividing.divide_again)
hold = manifest_of(holding.hold)
approve = manifest_of(holding.approve)
let_go = manifest_of(holding.let_go)
