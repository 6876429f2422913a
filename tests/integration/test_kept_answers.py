"""The answers that pictures are made of: kept from when they are paid until the pictures are durable, and no longer."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from imaginized.process.fault_points import arm
from imaginized.providers.scripted import Script, scripted
from imaginized.queue.redoing import Anew, retry
from imaginized.stages.records import ScenesRecord
from imaginized.store.records import load
from tests.support.studio import Studio

CHAPTERS = 2
BEFORE_PICTURES = (
    1 + CHAPTERS + (CHAPTERS - 1) + 1
)  # split, texts, previews (of all but the last; nobody is in them), merge


@pytest.fixture(autouse=True)
def disarmed() -> Iterator[None]:
    yield
    arm("")


def scenes_of(studio: Studio) -> int:
    return sum(len(load(path, ScenesRecord).scenes) for path in (studio.files.data / "scenes").glob("*.json"))


def replies(studio: Studio) -> list[Path]:
    return sorted((studio.files.data / "replies").glob("*"))


@pytest.mark.parametrize("image_as", ["b64_json", "url"])
def test_a_picture_whose_name_a_power_cut_took_is_made_of_its_answer(tmp_path: Path, image_as: str) -> None:
    """Its folder is synced at the chapter's end: lost before that, it is there again without another call."""
    with scripted(Script(image_as=image_as)) as server:
        studio = Studio(tmp_path, server.base_url, chapters=CHAPTERS)
        arm("part_kept:raise")
        studio.work(tasks=BEFORE_PICTURES + 1)
        drawn = sorted(studio.files.root.glob("images/chapter_*")) + sorted(
            studio.files.data.glob("illustrations/*.json")
        )
        assert len(drawn) == 2
        for path in drawn:
            path.unlink()
        arm("")
        studio.work()
        counts = server.counts.requests

    assert counts == {
        "text": CHAPTERS,
        "image": scenes_of(studio),
        **({"file": scenes_of(studio)} if image_as == "url" else {}),
    }
    assert len(replies(studio)) == CHAPTERS  # of the texts; those of the pictures went with the chapters' ends


def test_answers_of_a_killed_attempt_go_with_the_next(tmp_path: Path) -> None:
    """What an attempt drew before it ended badly stays, and its answers lie nowhere afterwards."""
    with scripted(Script()) as server:
        studio = Studio(tmp_path, server.base_url, chapters=CHAPTERS)
        token = tmp_path / "token"
        token.touch()
        arm(f"part_kept:raise:{token}")
        studio.work()

    assert not token.exists()
    assert server.counts.requests["image"] == scenes_of(studio)
    assert len(replies(studio)) == CHAPTERS


def test_a_picture_asked_for_anew_is_not_paid_twice_over_a_kill(tmp_path: Path) -> None:
    """Its answer and its reply had one name once, and went together before the picture was there."""
    with scripted(Script()) as server:
        studio = Studio(tmp_path, server.base_url, chapters=CHAPTERS)
        studio.work()
        studio.change(partial(retry, chapters=[1], anew=Anew.PICTURES))
        arm("artifacts_staged:raise")
        before = server.counts.requests["image"]
        studio.work(tasks=1)
        arm("")
        studio.work()
        asked = server.counts.requests["image"] - before

    assert asked == len(studio.scenes(1).scenes)


def test_answers_come_under_names_that_were_made_before(tmp_path: Path) -> None:
    """Made with one sync for a chapter; what came under them goes as ever, and none is left empty."""
    with scripted(Script()) as server:
        studio = Studio(tmp_path, server.base_url, chapters=CHAPTERS, pages_per_image=1, paragraphs=40, is_paid=True)
        studio.work()

    assert scenes_of(studio) > CHAPTERS
    assert server.counts.requests["image"] == scenes_of(studio)
    assert [path.stat().st_size > 0 for path in replies(studio)] == [True] * CHAPTERS


@pytest.mark.parametrize("left", ["nothing", "half", "names"])
def test_a_kill_while_an_answer_is_written_leaves_what_is_no_answer(tmp_path: Path, left: str) -> None:
    """Whole, it is used; empty or in part, the call was in flight and is made again, and nothing of it stays."""
    with scripted(Script()) as server:
        studio = Studio(tmp_path, server.base_url, chapters=CHAPTERS, pages_per_image=1, paragraphs=40, is_paid=True)
        studio.work(tasks=BEFORE_PICTURES)
        drawn, before = server.counts.requests["image"], set(replies(studio))
        arm("reply_stored:raise")
        studio.work(tasks=1)
        arm("")
        (answer,) = (path for path in set(replies(studio)) - before if path.stat().st_size)  # the rest are names
        data = answer.read_bytes()
        answer.write_bytes({"nothing": b"", "half": data[: len(data) // 2], "names": data}[left])
        studio.work()
        asked = server.counts.requests["image"]

    assert drawn < asked == scenes_of(studio) + (left != "names")
    assert [path.stat().st_size > 0 for path in replies(studio)] == [True] * CHAPTERS
