"""Which chapters are previewed, in what order, and which of their scenes are settled before the whole book is read."""

from dataclasses import replace

import pytest

from imaginized.cli.view import _differing
from imaginized.queue.claimable import claimable
from imaginized.queue.manifest import ALL_CHAPTER_STAGES, Entry, Manifest, Stage, Status, Task
from imaginized.queue.way import MOST_PREVIEWED, may_preview
from imaginized.story.elements import Element, ElementType, Look, Quote, Scene, Signs
from imaginized.story.settled import Settled, since_then
from tests.support.applied import claim, complete
from tests.support.manifests import EPOCH, make_claim, split_book, with_chapter, with_step

QUOTE = Quote(text="Anna stood by the lamp.", chapter=1, start=0, page=1)


def book_of(*words: int) -> Manifest:
    """A book that was just split, whose pictures may be drawn early."""
    return split_book(*words, stages=ALL_CHAPTER_STAGES)


def read(book: Manifest, *numbers: int) -> Manifest:
    """With these chapters read."""
    for number in numbers:
        book = with_chapter(book, number, stage=Stage.ILLUSTRATE, analyzed_at=EPOCH)
    return book


def order_of(book: Manifest) -> list[tuple[Stage, int | None]]:
    """What is taken first."""
    return [(task.stage, task.chapter) for task in claimable(book, now=EPOCH)]


def entry_after_reading(book: Manifest, number: int) -> Entry:
    """The chapter as it stands once it is read."""
    others = [n for n in book.chapters if n != number]
    for other in others:  # so that this one is taken
        book = with_chapter(book, other, words=0)
    taken = claim(with_chapter(book, number, words=10**6), by=make_claim("mine"), now=EPOCH)
    task, fence = Task(stage=Stage.ANALYZE, chapter=number), taken.chapters[number].fence
    assert fence is not None
    return complete(taken, task=task, fence=fence, now=EPOCH).chapters[number]


def test_the_first_unread_chapter_goes_before_the_longest() -> None:
    """One worker goes by the order of the book, the others take the longest; where nothing is drawn early, all do."""
    assert [chapter for _, chapter in order_of(book_of(5, 9, 7))] == [1, 2, 3]
    assert [chapter for _, chapter in order_of(split_book(5, 9, 7))] == [2, 3, 1]
    busy = with_chapter(book_of(5, 9, 7), 1, status=Status.IN_PROGRESS, claim=make_claim("c"))
    assert [chapter for _, chapter in order_of(busy)] == [2, 3]


def test_a_chapter_is_previewed_when_all_before_it_are_read() -> None:
    """And only while another one is still to be read: else the merge is next."""
    assert entry_after_reading(book_of(1, 1, 1), 1).stage is Stage.PREVIEW
    assert entry_after_reading(read(book_of(1, 1, 1), 1), 2).stage is Stage.PREVIEW
    assert not may_preview(book_of(1, 1, 1), 2)
    assert not may_preview(read(book_of(1, 1), 1), 2)
    assert not may_preview(split_book(1, 1), 1)


def test_nothing_is_previewed_after_a_merge() -> None:
    """It is known who is who then, also while the merge is done again."""
    merged = with_step(book_of(1, 1), Stage.MERGE)
    merge = replace(merged.steps[Stage.MERGE], status=Status.PENDING, completed_before=EPOCH)

    assert not may_preview(merged, 1)
    assert not may_preview(merged.with_entry(Task(stage=Stage.MERGE), merge), 1)


def test_a_chapter_that_failed_keeps_nobody_waiting() -> None:
    """Nothing will be known of it by then."""
    assert may_preview(with_chapter(book_of(1, 1, 1), 1, status=Status.FAILED), 2)


def test_only_the_first_chapters_are_previewed() -> None:
    """Each merges all before it: of thousands of chapters that would take hours."""
    book = read(book_of(*[1] * (MOST_PREVIEWED + 2)), *range(1, MOST_PREVIEWED + 1))

    assert may_preview(book, MOST_PREVIEWED)
    assert not may_preview(book, MOST_PREVIEWED + 1)


def test_early_pictures_go_before_more_reading_and_the_merge_does_not_wait_for_them() -> None:
    """They are what somebody waits for who looks at the book; what is left of them afterwards, illustrate does."""
    book = with_chapter(book_of(5, 9, 7), 1, stage=Stage.PREVIEW, analyzed_at=EPOCH)

    assert order_of(book) == [(Stage.PREVIEW, 1), (Stage.ANALYZE, 2), (Stage.ANALYZE, 3)]
    assert order_of(read(book, 2, 3)) == [(Stage.MERGE, None)]
    merged = with_step(read(book, 2, 3), Stage.MERGE)
    assert order_of(merged) == [(Stage.PREVIEW, 1), (Stage.ILLUSTRATE, 2), (Stage.ILLUSTRATE, 3)]
    assert order_of(read(book, 1, 2, 3)) == [(Stage.MERGE, None)]


def somebody(name: str, *aliases: str, guessed: bool = False, kind: str = "character", **counts: int) -> Element:
    """An element of the first chapter."""
    look = Look(text="tall", quote=QUOTE, is_guessed=guessed)
    return Element(
        type=ElementType(kind),
        name=name,
        aliases=aliases,
        looks=(look,),
        mentions=6,
        chapters=(1,),
        signs=Signs(counts=counts or {"he": 4}),
    )


def is_settled(*names: str, cast: tuple[Element, ...]) -> bool:
    """Whether a scene with these is, in a book of one chapter so far."""
    scene = Scene(chapter=1, number=1, quote=QUOTE, description="", elements=names, pages=(1, 1))
    return Settled(cast=cast, found=cast)(scene)


def test_a_scene_of_people_who_are_surely_known_is_settled() -> None:
    """By any of their names; a place has no sex, and a scene without anybody needs no cast."""
    cast = (somebody("Jane Bennet", "Jane", she=5), somebody("Mr. Bingley"), somebody("Netherfield", kind="place"))

    assert is_settled("Jane", "mr. bingley", "Netherfield", cast=cast)
    assert is_settled(cast=())


@pytest.mark.parametrize(
    ("name", "cast"),
    [
        ("Jane", ()),
        ("Jane", (somebody("Jane", she=5), somebody("Jane Bennet", "Jane", she=5))),
        ("Jane", (somebody("Jane", he=2, she=2),)),
        ("Jane", (somebody("Jane", she=5, guessed=True),)),
        ("the groom", (somebody("the groom"),)),
        ("Captain", (somebody("Captain"),)),
        ("The narrator", (somebody("The narrator"),)),
        ("Basket", (somebody("Basket", kind="item", noun=6),)),
        ("Bennet", (somebody("Bennet"), somebody("Charles Bennet"))),
        ("Mrs. Bennet", (somebody("Mrs. Bennet", he=6),)),
    ],
    ids=["unknown", "two-of-a-name", "sex", "guess", "noun", "rank", "teller", "thing", "last-name", "title-against"],
)
def test_whatever_the_merge_may_settle_otherwise_waits(name: str, cast: tuple[Element, ...]) -> None:
    """One doubt is enough."""
    assert not is_settled(name, cast=cast)


def test_people_of_one_family_are_told_apart_by_sex_and_given_name() -> None:
    """Their last name alone would be anybody's of them."""
    cast = (somebody("Mr. Bennet"), somebody("Mrs. Bennet", she=4))

    assert is_settled("Mr. Bennet", "Mrs. Bennet", cast=cast)
    assert is_settled("Jane Bennet", cast=(somebody("Jane Bennet", she=4), somebody("Lydia Bennet", she=4)))


def test_what_the_whole_book_says_beside_a_picture_is_told() -> None:
    """Looks that came, looks that went, who became one, who is nobody; nothing where all is as it was."""
    now = (
        replace(somebody("Jane Bennet", "Jane", "Miss Bennet"), description="tall; fair"),
        replace(somebody("Netherfield"), description="large"),
    )

    assert since_then({"Jane Bennet": "tall; fair", "Netherfield": "large"}, now) == ""
    assert since_then({"Jane": "tall; dark", "Miss Bennet": "", "Netherfield": "large", "Mr. Hurst": ""}, now) == (
        "Jane and Miss Bennet are the same; Jane Bennet also has fair; Jane Bennet no longer has dark; "
        "Mr. Hurst is left out of the cast"
    )


def test_status_names_the_pictures_that_differ() -> None:
    """And how one of them is drawn again."""
    told = _differing([1, 3], chapter=7, book="a-book")

    assert told.strip().startswith("scenes 1, 3 were drawn before the whole book was read")
    assert "`imaginizectl retry a-book --scene 7.1`" in told
