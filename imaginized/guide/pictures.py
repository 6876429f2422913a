"""The pictures of an export, made small enough for what it may have."""

from collections.abc import Mapping
from dataclasses import dataclass

from imaginized.guide.container import UnfitBook
from imaginized.guide.material import Material, Plate

LONGEST_SIDE = 1920

_ROOM = 400_000  # for pages, insertions and the list of members
_ROOM_OF_ONE = 1500
_SAMPLE = 12  # pictures
# Longest side and quality of JPEG, from what is hardly seen to the least that is still a picture.
_STEPS = ((1280, 82), (1024, 80), (800, 75), (640, 70), (480, 60))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """The pictures by the labels of their plates.

    Attributes:
        names: Of their files.
        data: Their bytes.
        remarks: What was done to them, for a person.
    """

    names: Mapping[str, str]
    data: Mapping[str, bytes]
    remarks: tuple[str, ...] = ()


def fitted(plates: tuple[Plate, ...], *, material: Material, taken: int) -> Pictures:
    """The pictures, as large as they can be together.

    Args:
        plates: Each with an image.
        material: The book.
        taken: How many bytes the rest of the export has.

    Raises:
        UnfitBook: Not even the smallest fit.
    """
    names = {plate.label: f"picture-{plate.label}.jpg" for plate in plates}
    originals = {plate.label: (material.root / str(plate.illustration.image)).read_bytes() for plate in plates}
    most = material.most_bytes - taken - _ROOM - _ROOM_OF_ONE * len(plates)
    data = {label: material.fit(each, LONGEST_SIDE, 0) for label, each in originals.items()}
    if _size(data) <= most:
        return Pictures(names=names, data=data)
    for longest, quality in _likely_steps(originals, material=material, most=most):
        data = {label: material.fit(each, longest, quality) for label, each in originals.items()}
        if _size(data) <= most:
            text = f"Its pictures were made smaller ({longest} pixels) to keep it below {material.most_bytes:,} bytes."
            return Pictures(names=names, data=data, remarks=(text,))
    text = f"its pictures do not fit into {material.most_bytes:,} bytes however small; raise guide.epub_max_bytes"
    raise UnfitBook(text)


def _likely_steps(originals: Mapping[str, bytes], *, material: Material, most: int) -> tuple[tuple[int, int], ...]:
    """The steps from the first that seems to be enough, by a few pictures: all of a long book take seconds a step."""
    labels = list(originals)[:: max(1, len(originals) // _SAMPLE)]
    share = _size(originals) / max(1, sum(len(originals[label]) for label in labels))
    for at, (longest, quality) in enumerate(_STEPS):
        if share * sum(len(material.fit(originals[label], longest, quality)) for label in labels) <= most:
            return _STEPS[at:]
    return _STEPS[-1:]


def _size(data: Mapping[str, bytes]) -> int:
    return sum(map(len, data.values()))
