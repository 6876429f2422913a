"""The rows of `scene` that say which pictures it has and had; `rows` has all others."""

from typing import TypedDict


class VersionRow(TypedDict):
    """One picture of a scene.

    Attributes:
        version: What tells it from the others: the beginning of a digest.
        method: How it was made: a model's name.
        file: Where it is.
        is_current: Whether it is the one in the guide.
    """

    version: str
    method: str
    file: str
    is_current: bool
