"""Single scenes of a book: which there are, and what a person wants of one.

The supervisor reads small files of the book's folder for this, on request: the scenes of one chapter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from imaginized.control.book_folder import load_object
from imaginized.errors import ControlError, ExitCode, Rejected
from imaginized.queue.manifest import Manifest
from imaginized.queue.plan import known_chapter
from imaginized.reasons import Code
from imaginized.store.files import BookFiles
from imaginized.story.elements import passage_digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A scene that there is, or was before it was left out.

    Attributes:
        of: Digest of its passage.
        quote: The passage; "" of one that is left out.
    """

    chapter: int
    number: int
    of: str
    quote: str = ""

    @property
    def name(self) -> str:
        """As a person names it: "7.2"."""
        return f"{self.chapter}.{self.number}"


def scenes_of(files: BookFiles, chapter: int) -> list[Known]:
    """The scenes that are in the guide, in reading order; none before the chapter is read."""
    rows = cast(Sequence[Mapping[str, object]], load_object(files.scenes(chapter)).get("scenes") or ())
    found = []
    for row in rows:
        text = str(cast(Mapping[str, object], row["quote"])["text"])
        number = int(cast(int, row["number"]))
        found.append(Known(chapter=chapter, number=number, of=passage_digest(text), quote=text))
    return found


def known_scene(manifest: Manifest, wanted: tuple[int, int], *, files: BookFiles) -> Known:
    """The scene that a person named.

    Raises:
        ControlError: There is none of that number; says which there are.
    """
    chapter, number = wanted
    try:
        entry = known_chapter(manifest, chapter)
    except Rejected as error:
        raise ControlError(str(error), exit_code=ExitCode.USAGE, code=error.reason.code) from error
    scenes = scenes_of(files, chapter)
    found = next((scene for scene in scenes if scene.number == number), None)
    if found is not None:
        return found
    wish = entry.scenes.get(number)
    if wish is not None and wish.is_dropped:
        return Known(chapter=chapter, number=number, of=wish.of)
    names = ", ".join(scene.name for scene in scenes)
    has = f"it has {names}" if names else "it has none yet"
    raise ControlError(
        f"{manifest.book_id} has no scene {chapter}.{number}; {has}", exit_code=ExitCode.USAGE, code=Code.NO_SCENE
    )
