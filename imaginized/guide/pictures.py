"""The pictures of an export, made small enough for what it may have, and saying of themselves how they were made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

from imaginized.guide.container import UnfitBook
from imaginized.guide.escaping import fold
from imaginized.guide.jpeg import size_of
from imaginized.guide.material import Material, Plate
from imaginized.guide.xmp import with_xmp

LONGEST_SIDE = 1920

_ROOM = 400_000  # for pages, insertions and the list of members
_ROOM_OF_ONE = 3000  # its item in the lists, and what it says of itself
# Longest side and quality of JPEG, from what is hardly seen to the least that is still a picture; each with what it
# leaves of a picture of 1536 pixels at quality 88, measured: one try is enough for most. What keeps its sides takes
# 9 ms, what does not 28.
_STEPS = (
    (LONGEST_SIDE, 80, 0.9),
    (LONGEST_SIDE, 68, 0.49),
    (LONGEST_SIDE, 58, 0.44),
    (LONGEST_SIDE, 50, 0.39),
    (1024, 80, 0.33),
    (800, 75, 0.16),
    (640, 70, 0.1),
    (480, 60, 0.0),
)

Fit = Callable[[bytes, int, int], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """The pictures by the labels of their plates.

    Attributes:
        names: Of their files.
        data: Their bytes.
        remarks: What was done to them, for a person.
        room: Bytes that the export may still have beside them.
    """

    names: Mapping[str, str]
    data: Mapping[str, bytes]
    remarks: tuple[str, ...] = ()
    room: int = 0


def alt_of(plate: Plate) -> str:
    """What can be seen in a picture, for those who cannot see it."""
    scene = plate.illustration.scene
    return fold(plate.illustration.alt or scene.description) or f"Picture of scene {scene.chapter}.{scene.number}"


def digest_of(picture: bytes) -> str:
    """By what a smaller copy of a picture is found."""
    return sha256(picture).hexdigest()


def most_of_one(*, most_bytes: int, taken: int, pictures: int) -> int:
    """What each of so many pictures may have, for all of them to fit; it may be nothing."""
    return max(0, (most_bytes - taken - _ROOM) // max(1, pictures) - _ROOM_OF_ONE)


def copy_of(picture: bytes, *, most: int | None, fit: Fit) -> bytes:
    """A picture with no more than so many bytes, or as small as a picture can be; itself where it is small enough.

    Args:
        picture: A JPEG.
        most: Bytes; None for any number.
        fit: As `Material.fit`.
    """
    made = fit(picture, LONGEST_SIDE, 0)
    if most is None or len(made) <= most:
        return made
    for longest, quality, share in _STEPS:
        if share * len(picture) > most:
            continue
        made = fit(picture, longest, quality)
        if len(made) <= most:
            break
    return made


def fitted(plates: tuple[Plate, ...], *, material: Material, taken: int, most_bytes: int = 0) -> Pictures:
    """The pictures, as large as they can be together.

    Args:
        plates: Each with an image.
        material: The book; its smaller copies are used, and new ones are left with it.
        taken: How many bytes the rest of the export has.
        most_bytes: What all of it may have; 0 for what an EPUB may have.

    Raises:
        UnfitBook: Not even the smallest fit.
    """
    names = {plate.label: f"picture-{plate.label}.jpg" for plate in plates}
    limit = most_bytes or material.most_bytes
    most = most_of_one(most_bytes=limit, taken=taken, pictures=len(plates))
    originals = {plate.label: original_of(plate, material=material) for plate in plates}
    whole = _size(originals) <= most * len(plates)
    remarks = () if whole else (f"Its pictures were made smaller to keep it below {limit:,} bytes.",)
    copy = partial(_copy_of, material=material, most=None if whole else most, is_kept=not most_bytes)
    made = {label: copy(each, takes_larger=True) for label, each in originals.items()}
    if _size(made) > most * len(plates):  # copies of a time when there were fewer pictures
        made = {label: copy(each, takes_larger=False) for label, each in originals.items()}
    if _size(made) > most * len(plates):
        text = f"its pictures do not fit into {limit:,} bytes however small"
        raise UnfitBook(text if most_bytes else f"{text}; raise guide.epub_max_bytes")
    told = {plate.label: described(made[plate.label], plate=plate) for plate in plates}
    return Pictures(names=names, data=told, remarks=remarks, room=limit - taken - _ROOM - _size(told))


def original_of(plate: Plate, *, material: Material) -> bytes:
    """A picture as it lies in the book's folder; `Material.fit` says what is wrong with one that is none."""
    data = (material.root / str(plate.illustration.image)).read_bytes()
    return data if max(size_of(data)) else material.fit(data, LONGEST_SIDE, 0)


def described(picture: bytes, *, plate: Plate) -> bytes:
    """A picture that says how it was made and what is in it."""
    drawn = plate.illustration
    return with_xmp(picture, alt=alt_of(plate), method=drawn.method, by_model=drawn.by_model)


def _copy_of(picture: bytes, *, material: Material, most: int | None, is_kept: bool, takes_larger: bool) -> bytes:
    """The picture, or a smaller one where its sides or its bytes are too many.

    Args:
        picture: As it was drawn.
        material: The book.
        most: Bytes; None for any number.
        is_kept: Whether a new copy is left with the book.
        takes_larger: Whether a copy that there is may have more: others may have less.
    """
    if max(size_of(picture)) <= LONGEST_SIDE and (most is None or len(picture) <= most):
        return picture
    copies, digest = material.copies, digest_of(picture)
    kept = copies.kept(digest) or copies.made.get(digest)
    if kept is not None and (most is None or takes_larger or len(kept) <= most):
        copies.used.add(digest)
        return kept
    made = copy_of(picture, most=most, fit=material.fit)
    if is_kept and made is not picture:
        copies.made[digest] = made
    return made


def _size(data: Mapping[str, bytes]) -> int:
    return sum(map(len, data.values()))
