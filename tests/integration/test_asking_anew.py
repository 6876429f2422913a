"""What was answered is used once it is good; what was not, and what a person wants anew, is asked for once more."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from imaginized.clock import SystemClock
from imaginized.process.channel import channel_pair
from imaginized.providers.api import ImageReply, ImageRequest
from imaginized.providers.scripted import Fault, Script, scripted
from imaginized.queue.change import Change
from imaginized.queue.manifest import Manifest, Stage, Status, Task
from imaginized.queue.plan import Phase, phase
from imaginized.queue.redoing import Anew, redraw, retry
from imaginized.queue.scene_orders import redo_scene, use_version
from imaginized.stages.records import IllustrationRecord
from imaginized.stages.replies import digest
from imaginized.stages.sheets import shown
from imaginized.store.library import Library
from imaginized.store.records import dump, load
from imaginized.story.elements import passage_of
from imaginized.story.staging import Staging
from imaginized.work.task import perform
from imaginized.work.worker import claim_next
from tests.support.crash_steps import Place, StubProvider, prepare, take_in, workshop
from tests.support.epubs import make_epub
from tests.support.studio import Studio

BROKEN = Fault(kind="broken")
INVENTED = Fault(kind="invented")


def test_invented_quotes_are_no_answer_to_the_next_retry(tmp_path: Path) -> None:
    """The chapter fails after two answers; a retry sends one request, whose answer is good."""
    with scripted(Script(text=(None, INVENTED, INVENTED))) as server:
        studio = Studio(tmp_path, server.base_url)
        studio.work()
        failed = [entry.status for entry in studio.manifest.chapters.values()].count(Status.FAILED)
        studio.change(retry)
        asked = studio.counted(server)

    assert failed == 1
    assert asked["text"] == 1
    assert phase(studio.manifest) is Phase.DONE


def test_a_broken_picture_is_asked_for_once_more_and_then_by_each_retry(tmp_path: Path) -> None:
    """It is never taken for the answer to a later asking, and no other picture is asked for with it."""
    with scripted(Script(image=(BROKEN, None, BROKEN, BROKEN, BROKEN, BROKEN, None))) as server:
        studio = Studio(tmp_path, server.base_url)
        first = studio.counted(server)
        studio.change(retry)
        second = studio.counted(server)
        studio.change(retry)
        third = studio.counted(server)

    assert first == {"text": 2, "image": 4}  # one that came well the second time, and one that did not
    assert second == {"image": 2}
    assert third == {"image": 1}
    assert phase(studio.manifest) is Phase.DONE


def test_an_expired_url_is_asked_for_anew(tmp_path: Path) -> None:
    """What an endpoint names is fetched once; gone, it is no answer."""
    gone = Fault(kind="lie", status=404)
    with scripted(Script(image_as="url", file=gone)) as server:
        studio = Studio(tmp_path, server.base_url, chapters=1)
        first = studio.counted(server)
        server.script = Script(image_as="url")
        studio.change(retry)
        second = studio.counted(server)

    assert first["image"] == 2
    assert second == {"image": 1, "file": 1}


def test_a_disliked_picture_costs_one_request_and_is_kept(tmp_path: Path) -> None:
    """Of one scene, however many there are; the chapter is not read again."""
    with scripted(Script(varies=True)) as server:
        studio = Studio(tmp_path, server.base_url, paragraphs=40, pages_per_image=1)
        studio.work()
        scene = studio.scenes(2).scenes[0]
        before, others = studio.picture(2, 1), [studio.picture(1, 1), studio.picture(2, 2)]
        order = partial(redo_scene, chapter=2, scene=1, of=passage_of(scene))
        studio.change(order)
        asked = studio.counted(server)
        again = studio.counted(server)

    assert asked == {"image": 1}
    assert again == {}
    assert studio.picture(2, 1) != before
    assert [studio.picture(1, 1), studio.picture(2, 2)] == others
    assert [path.read_bytes() for path in (studio.files.data / "versions").glob("*.jpg")] == [before]


def test_a_chapter_is_drawn_anew_or_read_anew(tmp_path: Path) -> None:
    """As a person wants it; read anew to the same scenes, it keeps its pictures."""
    with scripted(Script()) as server:
        studio = Studio(tmp_path, server.base_url, paragraphs=40, pages_per_image=1)
        studio.work()
        pictures = len(studio.scenes(1).scenes)
        studio.change(partial(retry, chapters=[1], anew=Anew.PICTURES))
        drawn = studio.counted(server)
        studio.change(partial(retry, chapters=[1], anew=Anew.TEXT))
        read = studio.counted(server)

    assert pictures > 1
    assert drawn == {"image": pictures}
    assert read == {"text": 1}


def test_a_retry_after_a_change_draws_what_is_changed_by_it(tmp_path: Path) -> None:
    """Somebody who stands in one scene looks otherwise: the others of the chapter are not paid for again."""
    with scripted(Script()) as server:
        studio = Studio(tmp_path, server.base_url, paragraphs=40, pages_per_image=1)
        studio.work()
        scenes = studio.scenes(1)
        name = scenes.scenes[0].elements[0]
        empty = tuple(replace(scene, elements=()) for scene in scenes.scenes[1:])
        studio.files.scenes(1).write_bytes(dump(replace(scenes, scenes=(scenes.scenes[0], *empty))))
        studio.change(partial(redraw, chapters=[1]))
        studio.work()
        studio.files.sheet(name.lower()).write_text("## Looks\n\n- green hair\n")
        studio.change(by_the_next_number)
        asked = studio.counted(server)
        again = studio.counted(server)

    assert len(empty) > 1
    assert (asked, again) == ({"image": 1}, {})


def by_the_next_number(manifest: Manifest) -> Change:
    """What a retry of chapter 1 comes to once its scenes are read from the answer that is kept."""
    change = redraw(manifest, chapters=[1])
    entry = change.manifest.chapters[1]
    task = Task(stage=Stage.ILLUSTRATE, chapter=1)
    return replace(change, manifest=change.manifest.with_entry(task, replace(entry, asking=entry.next_asking)))


def test_what_is_no_part_of_what_is_sent_changes_no_digest(tmp_path: Path) -> None:
    """A later version knows more of a scene and of looks; the endpoint would be sent the same."""
    with scripted(Script()) as server:
        studio = Studio(tmp_path, server.base_url)
        studio.work()
        record, scenes = studio.record(1, 1), studio.scenes(1)
        known = tuple(replace(scene, pages=(9, 9), staging=Staging()) for scene in scenes.scenes)
        studio.files.scenes(1).write_bytes(dump(replace(scenes, scenes=known)))
        studio.change(partial(redraw, chapters=[1]))
        asked = studio.counted(server)

    assert asked == {}
    assert studio.record(1, 1) == record


def test_each_scene_of_one_passage_has_a_picture_of_its_own(tmp_path: Path) -> None:
    """In one chapter as in two; a picture that an older version drew for both is not asked for again."""
    with scripted(Script(varies=True)) as server:
        studio = Studio(tmp_path, server.base_url)
        studio.work()
        scenes = studio.scenes(2)
        twins = tuple(replace(scenes.scenes[0], number=number) for number in (1, 2, 3))
        studio.files.scenes(2).write_bytes(dump(replace(scenes, scenes=twins)))
        studio.change(partial(redraw, chapters=[2]))
        asked = studio.counted(server)
        pictures = {studio.picture(2, number) for number in (1, 2, 3)}
        older = replace(studio.record(2, 3), shows=studio.record(2, 2).shows, asked=studio.record(2, 2).asked)
        named = studio.record(2, 3).shows
        studio.files.illustration(2, 3).write_bytes(dump(older))
        studio.change(partial(redraw, chapters=[2]))
        again = studio.counted(server)

    assert asked == {"image": 2}
    assert len(pictures) == 3
    assert again == {}
    assert studio.record(2, 3).shows == named


class Painter(StubProvider):
    """Draws for money, and knows what it would send."""

    def __init__(self) -> None:
        self.asked: list[ImageRequest] = []

    def draw(self, request: ImageRequest) -> ImageReply:
        self.asked.append(request)
        return replace(super().draw(request), by_model=True)

    def sent_for(self, request: ImageRequest) -> str:
        return request.scene.description


def test_a_picture_that_was_paid_before_an_upgrade_is_not_paid_again(tmp_path: Path) -> None:
    """Its answer is kept by what an older version called it, which was killed before it made a picture of that."""
    place, painter = prepare(tmp_path, book=make_epub(tmp_path / "b.epub", chapters=1)), Painter()
    library = Library(place.library, clock=SystemClock())
    take_in(place, library)
    (book,) = library.books()
    work(place, library, painter)
    files, (request,) = library.files(book), painter.asked
    older = digest(painter, shown(request, found_names={}))
    files.reply(older).write_bytes(dump(replace(painter.draw(request), alt="Paid before.")))
    files.illustration(1, 1).unlink()
    files.image(1, 1).unlink()
    painter.asked.clear()
    library.update(book, partial(redraw, chapters=[1]))
    work(place, library, painter)

    assert painter.asked == []
    assert load(files.illustration(1, 1), IllustrationRecord).alt == "Paid before."
    assert not files.reply(older).exists()


def work(place: Place, library: Library, provider: StubProvider) -> None:
    ours, theirs = channel_pair()
    with ours, theirs:
        shop = replace(workshop(place.settings(), library, end=theirs), text=provider, image=provider)
        while (held := claim_next(shop)) is not None:
            perform(shop, held)


def test_a_chosen_picture_that_was_lost_is_made_once(tmp_path: Path) -> None:
    """Half of it is there, as after a disk that lost a file: the scene has the picture that it has without a choice."""
    with scripted(Script(varies=True)) as server:
        studio = Studio(tmp_path, server.base_url, chapters=1)
        studio.work()
        passage, first = passage_of(studio.scenes(1).scenes[0]), studio.record(1, 1).shows
        studio.change(partial(redo_scene, chapter=1, scene=1, of=passage))
        studio.work()
        second = studio.picture(1, 1)
        studio.change(partial(use_version, chapter=1, scene=1, of=passage, version=first))
        studio.files.version(first).unlink()
        first_time = studio.counted(server)
        studio.change(partial(redraw, chapters=[1]))
        second_time = studio.counted(server)

    assert (first_time, second_time) == ({}, {})
    assert studio.picture(1, 1) == second
