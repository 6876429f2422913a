"""What a person orders of single scenes: another picture, one that it had, none, or a passage of their own. Pure."""

from dataclasses import replace
from typing import Protocol

from imaginized.errors import Rejected
from imaginized.queue.change import Change
from imaginized.queue.manifest import Entry, Manifest, SceneWish, Stage, Status, Task
from imaginized.queue.redoing import idle_chapter, made_again, reopen
from imaginized.reasons import Code


class SceneOrder(Protocol):
    """What is ordered of one scene: a transition, but for which scene it is of."""

    def __call__(self, manifest: Manifest, /, *, chapter: int, scene: int, of: str) -> Change:
        """The book with that order."""


def redo_scene(manifest: Manifest, *, chapter: int, scene: int, of: str) -> Change:
    """A person wants another picture of a scene, by a new number of asking; the others stay.

    Raises:
        Rejected: The chapter is unknown or being worked on, or nobody draws.
    """
    entry = _idle(manifest, chapter)
    wish = replace(_wish(entry, scene, of=of), asking=entry.next_asking, version="")
    return _want(manifest, chapter, scene=scene, wish=wish, stage=Stage.ILLUSTRATE)


def use_version(manifest: Manifest, *, chapter: int, scene: int, of: str, version: str) -> Change:
    """A person wants a picture that a scene had before; it stays until another is asked for.

    Raises:
        Rejected: The chapter is unknown or being worked on, or nobody draws.
    """
    wish = replace(_wish(_idle(manifest, chapter), scene, of=of), version=version)
    return _want(manifest, chapter, scene=scene, wish=wish, stage=Stage.ILLUSTRATE)


def drop_scene(manifest: Manifest, *, chapter: int, scene: int, of: str) -> Change:
    """A person does not want a scene in the guide.

    Raises:
        Rejected: The chapter is unknown or being worked on.
    """
    wish = replace(_wish(_idle(manifest, chapter), scene, of=of), is_dropped=True)
    return _want(manifest, chapter, scene=scene, wish=wish, stage=Stage.ANALYZE)


def as_found(manifest: Manifest, *, chapter: int, scene: int, of: str) -> Change:
    """A person wants a scene back, with the picture that it would have without a choice.

    Raises:
        Rejected: The chapter is unknown or being worked on.
    """
    wish = replace(_wish(_idle(manifest, chapter), scene, of=of), is_dropped=False, version="")
    return _want(manifest, chapter, scene=scene, wish=wish, stage=Stage.ANALYZE)


def draw_passage(manifest: Manifest, *, chapter: int, scene: int, of: str, passage: tuple[int, int]) -> Change:
    """A person wants a passage of their own drawn, as a scene of this number, or the next that no other passage has.

    Raises:
        Rejected: The chapter is unknown or being worked on.
    """
    entry = _idle(manifest, chapter)
    # Two who choose at once were given the same number: the second must not take the first one's scene away.
    while scene in entry.scenes and entry.scenes[scene].of != of:
        scene += 1
    wish = replace(_wish(entry, scene, of=of), passage=passage, is_dropped=False)
    return _want(manifest, chapter, scene=scene, wish=wish, stage=Stage.ANALYZE)


def _idle(manifest: Manifest, chapter: int) -> Entry:
    idle_chapter(manifest, chapter)
    return manifest.chapters[chapter]


def _wish(entry: Entry, scene: int, *, of: str) -> SceneWish:
    wish = entry.scenes.get(scene)
    return wish if wish is not None and wish.of == of else SceneWish(of=of)


def _want(manifest: Manifest, chapter: int, *, scene: int, wish: SceneWish, stage: Stage) -> Change:
    """The wish, and the chapter at work again from the stage that fulfils it, if it is past that."""
    if stage not in manifest.chapter_stages:
        text = f"{manifest.book_id} has no pictures: no image provider was set when it was divided"
        raise Rejected(text, code=Code.NO_IMAGE_PROVIDER)
    entry, task = manifest.chapters[chapter], Task(stage=stage, chapter=chapter)
    scenes = {**entry.scenes, scene: wish}
    if scenes == entry.scenes:
        return Change(manifest)
    if entry.status is Status.PENDING and entry.stage.order <= stage.order:
        return Change(manifest.with_entry(task, replace(entry, scenes=scenes)))
    again = made_again(manifest, task=task, entry=entry)
    if entry.stage.order < stage.order and entry.status is Status.FAILED:  # it goes on where it stopped
        again = replace(again, stage=entry.stage, analyzed_at=entry.analyzed_at)
    return reopen(manifest, {task: replace(again, scenes=scenes)})
