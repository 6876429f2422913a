"""From which chapter on what is told of somebody, and a chapter in its author's own sentences."""

from imaginized.guide.cards import cards_of
from imaginized.guide.dating import called, date_elements, present, told_by
from imaginized.guide.model import Guide
from imaginized.guide.page_plan import INDEX, Links, plan_pages, twin
from imaginized.guide.recap import recap_of
from imaginized.story.elements import Element, ElementType, Look, Quote, Scene, Signs
from tests.unit.test_guide import chapter_of, dorothy, guide_of


def quote_of(text: str, chapter: int) -> Quote:
    return Quote(text=text, chapter=chapter, start=0, page=1)


def found(name: str, *aliases: str, chapter: int, mentions: int = 1, near: dict[str, int] | None = None) -> Element:
    signs = Signs(near=near) if near else None
    return Element(
        type=ElementType.CHARACTER, name=name, aliases=aliases, mentions=mentions, chapters=(chapter,), signs=signs
    )


def merged(name: str, *aliases: str, chapters: tuple[int, ...], looks: tuple[Look, ...] = ()) -> Element:
    quotes = tuple(quote_of(f"{name} {n}", n) for n in chapters)
    return Element(
        type=ElementType.CHARACTER, name=name, aliases=aliases, quotes=quotes, chapters=chapters, looks=looks
    )


def test_a_name_is_told_from_the_chapter_that_has_it() -> None:
    """A name with a word of an earlier one waits for its own first chapter."""
    element = merged("Ada Byron", "Ada", chapters=(1, 3))

    (known,) = date_elements(
        [element],
        found={1: [found("Ada", chapter=1)], 3: [found("Ada Byron", chapter=3)]},
        texts={1: "Ada came.", 2: "", 3: "Ada Byron left."},
    )

    assert dict(known.names) == {"Ada Byron": 3, "Ada": 1}
    assert [called(known, chapter=n) for n in (1, 2, 3)] == ["Ada", "Ada", "Ada Byron"]


def test_who_is_who_is_told_where_a_chapter_says_it() -> None:
    """Two names without a word in common are one person's from the chapter that has both as one, else at the end."""
    element = merged("Count", "Stranger", "Mr. Hill", chapters=(1, 2, 5, 9))
    finds = {
        1: [found("Stranger", chapter=1)],
        2: [found("Count", chapter=2), found("Mr. Hill", chapter=2)],
        5: [found("Count", "Stranger", chapter=5)],
        9: [found("Count", chapter=9)],
    }

    (known,) = date_elements([element], found=finds, texts={})

    assert dict(known.names) == {"Count": 5, "Stranger": 1, "Mr. Hill": 9}


def test_a_name_that_a_model_knows_too_early_waits_for_the_text() -> None:
    """What a chapter's find calls somebody is no earlier told than the book does."""
    element = merged("Ishmael", chapters=(1, 4))

    (known,) = date_elements(
        [element], found={1: [found("Ishmael", chapter=1)]}, texts={1: "I came.", 4: "Call me Ishmael."}
    )

    assert dict(known.names) == {"Ishmael": 4}


def test_counts_looks_and_company_have_their_chapters() -> None:
    """How often somebody is named, with whom in a sentence, and what can be seen."""
    looks = (Look(text="red hair", quote=quote_of("She had red hair", 2)), Look(text="wet", is_lasting=False))
    ada, ben = merged("Ada", chapters=(1, 2), looks=looks), merged("Ben", chapters=(2,))
    finds = {
        1: [found("Ada", chapter=1, mentions=4)],
        2: [found("Ada", chapter=2, mentions=2, near={"Ben": 3}), found("Ben", chapter=2)],
    }

    known, _ = date_elements([ada, ben], found=finds, texts={})

    assert dict(known.counts) == {1: 4, 2: 2}
    assert known.looks == (("red hair", 2),)
    assert {other: dict(by) for other, by in known.near.items()} == {1: {2: 3}}


def test_our_own_sentences_use_the_names_of_their_chapter() -> None:
    """A picture's text and the list of who is in it do not name somebody by what only a later chapter says."""
    element = merged("Count", "Stranger", chapters=(1, 5))
    known = date_elements(
        [element], found={1: [found("Stranger", chapter=1)], 5: [found("Count", "Stranger", chapter=5)]}, texts={}
    )
    scene = Scene(
        chapter=1, number=1, quote=quote_of("q", 1), description="", elements=("Count", "a lamp"), pages=(1, 1)
    )

    text = told_by("Plate: Count by a lamp; Countess.", chapter=1, known=known, somebody="somebody")

    assert text == "Plate: Stranger by a lamp; Countess."
    assert told_by("Count", chapter=5, known=known, somebody="somebody") == "Count"
    assert present(scene, known=known, names={"Count": 0, "Stranger": 0}) == ("Stranger", "a lamp")


def test_a_card_has_a_heading_for_every_reader() -> None:
    """An earlier name stands in until the book's own is known, and is an alias from then on."""
    element = merged("Count", "Stranger", chapters=(1, 5))
    known = date_elements(
        [element], found={1: [found("Stranger", chapter=1)], 5: [found("Count", "Stranger", chapter=5)]}, texts={}
    )

    (card,) = cards_of(Guide(title="T", elements=(element,), known=known))

    assert card.headings == (("Count", 5, 0), ("Stranger", 1, 5))
    assert card.aliases == (("Stranger", 5),)
    assert card.since == 1


def test_a_recap_is_told_in_order_and_verbatim() -> None:
    """Told sentences of a fair length from all over the chapter; talk, verse and "Mr." do not break it."""
    told = [f"In the part number {n} of it Ada walked along the river and saw Mr. Hill." for n in range(12)]
    paragraphs = [f"“Talk, and nothing else than talk it is in here,” he said. {text} Yes." for text in told]

    recap = recap_of([*paragraphs, "A verse\nof two lines"], names=["Ada"])

    assert len(recap) == 4
    assert all(any(sentence in paragraph for paragraph in paragraphs) for sentence in recap)
    assert [told.index(sentence) for sentence in recap] == sorted(told.index(sentence) for sentence in recap)
    assert recap_of([], names=[]) == ()


def test_a_small_book_is_one_page_and_a_large_one_many() -> None:
    """Chapters keep together by part; every page has a twin that shows all, and links stay among their kind."""
    small = plan_pages(guide_of(chapter_of(1), chapter_of(2), elements=(dorothy(),)))
    large = plan_pages(guide_of(*map(chapter_of, range(1, 90)), elements=(dorothy(),)))
    links = Links(plan=large, here="pages/001.html", shows_all=True)

    assert set(small.chapters.values()) == {INDEX} and not small.card_pages
    assert large.chapters[1] == "pages/001.html" and len(large.chapter_pages) > 2
    assert twin("pages/001.html") == "pages/all-001.html" and twin(INDEX) == "all.html"
    assert links.chapter(1) == "#chapter-1"
    assert links.chapter(89).startswith("../pages/all-")
    assert links.to(INDEX, "about") == "../all.html#about"
