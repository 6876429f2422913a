"""What a person wants of single scenes, as a chapter's row of the manifest has it. Pure."""

from collections.abc import Mapping

from imaginized.queue.manifest import NO_WISHES, Entry, SceneWish
from imaginized.story.elements import Scene, passage_of

NOTHING_WANTED = SceneWish()


def wish_for(entry: Entry, scene: Scene) -> SceneWish:
    """What is wanted of a scene; nothing where another one had its number when it was said."""
    wish = entry.scenes.get(scene.number, NOTHING_WANTED)
    return wish if wish.of == passage_of(scene) else NOTHING_WANTED


def wishes_json(wishes: Mapping[int, SceneWish]) -> dict[str, object]:
    """By the scene's number, an object with what is wanted; what is not said is left out."""
    return {str(number): _row(wishes[number]) for number in sorted(wishes)}


def read_wishes(value: object) -> Mapping[int, SceneWish]:
    """The wishes of a row.

    Raises:
        TypeError: It is not of that form.
        ValueError: A number is none.
    """
    if value is None:
        return NO_WISHES
    if not isinstance(value, dict):
        raise TypeError("scenes is not an object")
    return {int(number): _wish(row) for number, row in value.items()} or NO_WISHES


def _row(wish: SceneWish) -> dict[str, object]:
    row: dict[str, object] = {"of": wish.of} if wish.of else {}
    if wish.asking is not None:
        row["asking"] = wish.asking
    if wish.version:
        row["version"] = wish.version
    if wish.is_dropped:
        row["dropped"] = True
    if wish.passage is not None:
        row["passage"] = list(wish.passage)
    return row


def _wish(row: object) -> SceneWish:
    if not isinstance(row, dict):
        raise TypeError("a scene's wish is not an object")
    asking, passage = row.get("asking"), row.get("passage")
    return SceneWish(
        of=str(row.get("of", "")),
        asking=None if asking is None else _number(asking),
        version=str(row.get("version", "")),
        is_dropped=row.get("dropped") is True,
        passage=None if passage is None else (_number(passage[0]), _number(passage[1])),
    )


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError(f"{value!r} is not a number of a scene's wish")
    return value
