"""Scenes that all come from one quarter of a chapter: asked for elsewhere once where that may be paid, else told."""

from pathlib import Path

from imaginized.errors import Held
from imaginized.money.calls import Call, Reservation
from imaginized.providers.api import TextReply, TextRequest
from imaginized.providers.openai.calling import Endpoint
from imaginized.providers.openai.client import Manner, OpenAIProvider
from imaginized.providers.openai.prompt_texts import load_prompts
from imaginized.providers.openai.spread import is_narrow, missing_of
from imaginized.providers.scripted import Fault, Script, ScriptedServer, scripted
from imaginized.reading.quotes import find_quote
from imaginized.reasons import Code
from imaginized.story.elements import Quote, Scene
from imaginized.story.text import ChapterText, Paragraph
from tests.support import unbound
from tests.support.studio import Studio, not_at_all

NARROW, EMPTY = Fault(kind="narrow"), Fault(kind="empty")
SENTENCES = tuple(f"In the year {number} the old tower number {number} fell into the river." for number in range(160))
CHAPTER = ChapterText(number=1, title="One", paragraphs=tuple(Paragraph(text=each) for each in SENTENCES))


class OneCall:
    """A till that lets one call be paid."""

    def __init__(self) -> None:
        self.calls = 0

    def reserve(self, call: Call) -> Reservation:
        self.calls += 1
        if self.calls > 1:
            raise Held("the cap is reached", code=Code.BOOK_BUDGET)
        return unbound.OpenTill().reserve(call)


def read(server: ScriptedServer, *, scenes: int = 4, **conditions: object) -> TextReply:
    given = unbound.conditions(wait=not_at_all, retry_seconds=0.01, **conditions)  # type: ignore[arg-type]
    manner = Manner(prompts=load_prompts(None, profile="general"), find_quote=find_quote)
    provider = OpenAIProvider(Endpoint(base_url=server.base_url, model="m"), conditions=given, manner=manner)
    return provider.write(TextRequest(book_title="A Book", language="en", chapter=CHAPTER, scenes=scenes))


def test_the_missing_part_is_asked_for_once() -> None:
    """The chapter stands first in both prompts, to the letter; the scenes that come are from all of it."""
    with scripted(Script(text=(NARROW,))) as server:
        reply = read(server)
        prompts = [str(body["messages"][1]["content"]) for _, body in server.counts.bodies]  # type: ignore[index]

    starts = [scene.quote.start / len(CHAPTER.text) for scene in reply.scenes]
    fence = prompts[0].index(">>>")
    assert len(prompts) == 2
    assert prompts[0][:fence] == prompts[1][:fence]
    assert "Choose 3 other scenes, only from its sentences" in prompts[1]
    assert (len(starts), reply.is_narrow) == (4, False)
    assert starts[0] < 0.125
    assert starts[-1] > 0.75


def test_it_is_never_asked_for_twice_and_told_where_nothing_comes() -> None:
    """Whatever the second answer is; the first one stands."""
    for second in (NARROW, EMPTY, Fault(kind="malformed")):
        with scripted(Script(text=(NARROW, second))) as server:
            reply = read(server)
            asked = server.counts.requests["text"]

        assert (asked, reply.is_narrow, len(reply.scenes)) == (2, True, 4), second


def test_a_cap_leaves_the_chapter_as_it_is() -> None:
    """No book is held for a call that it can do without."""
    with scripted(Script(text=(NARROW,))) as server:
        reply = read(server, till=OneCall())
        asked = server.counts.requests["text"]

    assert (asked, reply.is_narrow, len(reply.scenes)) == (1, True, 4)


def test_two_scenes_may_stand_side_by_side() -> None:
    """That happens by chance; so does nothing that is spread."""
    with scripted(Script(text=(NARROW,))) as server:
        few = read(server, scenes=2)
        well = read(server)
        asked = server.counts.requests["text"]

    assert (few.is_narrow, well.is_narrow, asked) == (False, False, 2)


def test_the_chapter_s_record_and_its_guide_say_it(tmp_path: Path) -> None:
    """After a kill or a retry of what failed nothing is asked again for it."""
    with scripted(Script(text=(NARROW, NARROW))) as server:
        studio = Studio(tmp_path, server.base_url, chapters=1, paragraphs=120, pages_per_image=4)
        asked = studio.counted(server)
        again = studio.counted(server)

    assert asked["text"] == 2
    assert again == {}
    assert studio.scenes(1).is_narrow
    assert "from one quarter of the chapter" in studio.files.guide("Chapters.md").read_text()


def scene(start: int) -> Scene:
    quote = Quote(text=CHAPTER.text[start : start + 20], chapter=1, start=start, page=1)
    return Scene(chapter=1, number=1, quote=quote, description="", elements=(), pages=(1, 1))


def test_what_is_missing_is_told_by_the_numbers_of_sentences() -> None:
    """Before and after the part that was used; nothing where that begins or ends the chapter."""
    text, long = CHAPTER.text, len(CHAPTER.text)
    middle, end = [scene(long // 2), scene(long * 6 // 10)], [scene(long * 8 // 10), scene(long - 21)]

    assert is_narrow(middle, text=text, wanted=5)
    assert not is_narrow([scene(0), scene(long // 3)], text=text, wanted=5)
    before, after = missing_of(middle, text=text, wanted=5).spans
    assert (before[0], after[1]) == (1, len(SENTENCES))
    assert 75 <= before[1] <= 81
    assert 95 <= after[0] <= 99
    assert len(missing_of(end, text=text, wanted=5).spans) == 1
