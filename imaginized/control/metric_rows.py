"""The rows of `metrics`: figures that only grow, and those that are as they are."""

from typing import Literal, TypedDict


class Sample(TypedDict):
    """One figure.

    Attributes:
        suffix: Of its name: "" or, of a histogram, _bucket, _sum or _count.
        labels: What tells it from the others of its family.
        value: The figure.
    """

    suffix: str
    labels: dict[str, str]
    value: float


class Family(TypedDict):
    """Figures of one kind.

    Attributes:
        name: Such as imaginized_requests_total.
        kind: counter, gauge or histogram.
        meaning: What it counts, in a line.
        samples: One for each set of labels.
    """

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    meaning: str
    samples: list[Sample]
