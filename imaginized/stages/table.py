"""Which function does which stage."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from imaginized.queue.manifest import Stage
from imaginized.stages.analyze import analyze
from imaginized.stages.compile import compile_guide
from imaginized.stages.illustrate import illustrate
from imaginized.stages.job import Job, Result
from imaginized.stages.merge import merge
from imaginized.stages.split import split

STAGES: Mapping[Stage, Callable[[Job], Result]] = MappingProxyType(
    {
        Stage.SPLIT: split,
        Stage.ANALYZE: analyze,
        Stage.MERGE: merge,
        Stage.ILLUSTRATE: illustrate,
        Stage.COMPILE: compile_guide,
    }
)
