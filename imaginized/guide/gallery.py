"""The pages of the guide, `index.html` and those beside it: each with its style and script inside, without a network.

Their parts are in `templates/`; this is the only place that knows jinja2. With JavaScript a page shows nothing of
later chapters than its reader has come to; without, it shows the first chapter, and links to its twin that shows all.
"""

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from imaginized.guide.cards import ElementCard, cards_of, letters_of
from imaginized.guide.dating import owner_by_name, present
from imaginized.guide.escaping import clean, fold, link_target
from imaginized.guide.model import Guide, GuideChapter, Illustration
from imaginized.guide.notes import (
    chapter_note,
    credits_of,
    method_note,
    page_range,
    skipped_note,
    skipped_rows,
)
from imaginized.guide.ornaments import takes_initial
from imaginized.guide.page_data import data_of, page_data
from imaginized.guide.page_plan import FOLDER, INDEX, Links, Plan, plan_pages, twin
from imaginized.guide.wording import Words, words_for
from imaginized.story.elements import ElementType, Scene

SCRIPTS = ("reading.js", "finding.js", "meeting.js", "lightbox.js")
_MARK = '<meta name="generator" content="imaginized">'
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_PARAGRAPH = re.compile(r"\n\s*\n")
_FACES = 12
_SHOWN = 6
_Context = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Book:
    """What all pages of a guide share."""

    guide: Guide
    words: Words
    plan: Plan
    cards: tuple[ElementCard, ...]
    context: _Context


def html_pages(guide: Guide) -> dict[str, str]:
    """Every page by its path below the book's folder; no character of the book can become markup."""
    book = _book(guide)
    pages: dict[str, str] = {}
    for shows_all in (False, True):
        for page in (INDEX, *book.plan.chapter_pages, *book.plan.card_pages):
            links = Links(plan=book.plan, here=page, shows_all=shows_all)
            pages[twin(page) if shows_all else page] = _page(book, links=links)
    return pages


def page_names(names: list[str]) -> list[str]:
    """Of the paths below a book's folder, those that are pages of ours besides the first one."""
    own = re.compile(rf"{FOLDER}/(all-)?(\d{{3,}}|[a-z]+-\d+)\.html")
    return [name for name in names if own.fullmatch(name)]


def is_ours(page: bytes) -> bool:
    """Whether we wrote a page: nobody else's is replaced."""
    return _MARK.encode() in page[:4096]


def shelf_html(context: Mapping[str, object]) -> str:
    """A page of the shelf."""
    style, early_script = _asset("style.css"), _asset("theme.js")
    script = _asset("shelf.js")
    policy = _policy(styles=(style,), scripts=(early_script, script))
    own = {"style": style, "early_script": early_script, "script": script, "policy": policy}
    return _environment().get_template("shelf.html.j2").render({**context, **own})


def _book(guide: Guide) -> _Book:
    words, plan = words_for(guide.language), plan_pages(guide)
    names = owner_by_name(guide.elements)
    known = guide.known
    style, early_script = _asset("style.css"), _asset("theme.js")
    script = "\n".join(map(_asset, SCRIPTS))
    initials = guide.initials

    def first_class(chapter: GuideChapter, text: str) -> str:
        if initials and any(takes_initial(lines[0]) for lines in _paragraphs(text)[:1] if len(lines) == 1):
            return f"boxed initial-{chapter.number % len(initials)}"
        return "drop" if _drops(text) else "said"

    def those_present(scene: Scene) -> tuple[str, ...]:
        return present(scene, known=known, names=names) if known else scene.elements

    context: _Context = {
        "guide": guide,
        "t": words,
        "plan": plan,
        "language": guide.language if _LANGUAGE_TAG.fullmatch(guide.language) else "",
        "backdrop": _backdrop(guide),
        "summary": words("summary", chapters=words.count(len(guide.chapters), "chapters")),
        "credits": credits_of(guide),
        "names": names,
        "present": those_present,
        "first_class": first_class,
        "style": style,
        "script": script,
        "early_script": early_script,
    }
    return _Book(guide=guide, words=words, plan=plan, cards=cards_of(guide), context=context)


def _page(book: _Book, *, links: Links) -> str:
    here = links.here
    chapters = [number for number, page in book.plan.chapters.items() if page == here]
    style, early_script, script = (str(book.context[name]) for name in ("style", "early_script", "script"))
    grounds = _grounds(book.guide, root=links.root) if chapters else ""
    policy = _policy(styles=tuple(filter(None, (style, grounds))), scripts=(early_script, script))
    context = {**book.context, "links": links, "grounds": grounds, "policy": policy}
    if here == INDEX:
        body = _front(book, context=context, links=links)
    else:
        parts = (
            _gate(book, chapters=chapters, context=context, links=links),
            _chapters(book, chapters=chapters, context=context),
            _cards(book, context=context, links=links),
        )
        body = "".join(parts)
    data = data_of(book.guide, words=book.words, links=links)
    if here == INDEX:
        data |= page_data(book.guide, links=links)
    return _environment().get_template("shell.html.j2").render({**context, "body": body, "data": data})


def _front(book: _Book, *, context: _Context, links: Links) -> str:
    guide, plan = book.guide, book.plan
    own = [number for number, page in plan.chapters.items() if page == INDEX]
    people = [card for card in book.cards if card.element.type == ElementType.CHARACTER and card.count]
    front = {
        "chapters": _chapters(book, chapters=own, context=context),
        "cards": _cards(book, context=context, links=links),
        "faces": people[:_FACES] if plan.card_pages else (),
        "shown": tuple(_shown(guide)) if plan.chapter_pages else (),
        "letters": letters_of(book.cards),
        "kinds": [kind for kind in ElementType if guide.elements_of(kind)],
        "meets": any(known.near for known in guide.known),
        "shelves": _shelves(book),
    }
    return _environment().get_template("front.j2").render({**context, **front})


def _shown(guide: Guide) -> Iterator[Illustration]:
    """A few pictures from all over the book, for the first page of one whose chapters are on pages of their own."""
    drawn = [next((plate for plate in each.illustrations if plate.image), None) for each in guide.chapters]
    plates = [plate for plate in drawn if plate]
    few = min(_SHOWN, len(plates))
    # The first ones, too: of those from all over a long book its reader sees one for weeks.
    spread = (len(plates) * at // few for at in range(few))
    yield from (plates[at] for at in sorted({*range(min(_SHOWN // 2, len(plates))), *spread}))


def _shelves(book: _Book) -> list[tuple[str, str]]:
    """The pages of cards, with what each is called."""
    pages = book.plan.card_pages
    kinds = [page.partition("/")[2].rpartition("-")[0] for page in pages]
    labels = []
    for at, kind in enumerate(kinds):
        number = kinds[: at + 1].count(kind)
        labels.append(book.words(f"types.{kind}") + (f" {number}" if kinds.count(kind) > 1 else ""))
    return list(zip(pages, labels, strict=True))


def _gate(book: _Book, *, chapters: list[int], context: _Context, links: Links) -> str:
    """The head of a page that is not the first, and what stands there in place of chapters that are not read yet."""
    shelves = _shelves(book)
    if len(chapters) == 1:
        heading = book.words("chapter.n", n=chapters[0])
    elif chapters:
        heading = book.words("chapter.range", first=chapters[0], last=chapters[-1])
    else:
        heading = dict(shelves).get(links.here, "")
    own = {"chapters": chapters, "heading": heading, "shelves": shelves}
    return _environment().get_template("gate.j2").render({**context, **own})


def _chapters(book: _Book, *, chapters: list[int], context: _Context) -> str:
    every, wanted = book.guide.chapters, set(chapters)
    template = _environment().get_template("chapter.j2")
    neighbours = zip((None, *every[:-1]), every, (*every[1:], None), strict=False)  # of none there are none
    return "".join(
        template.render({**context, "before": before, "chapter": chapter, "after": after})
        for before, chapter, after in neighbours
        if chapter.number in wanted
    )


def _cards(book: _Book, *, context: _Context, links: Links) -> str:
    here = [card for card in book.cards if book.plan.cards[card.index] == links.here]
    groups = [(kind, [card for card in here if card.element.type == kind]) for kind in ElementType]
    template = _environment().get_template("group.j2")
    seen = {card.index: card.seen(book.words, shows_all=links.shows_all) for card in here}
    return "".join(
        template.render({**context, "kind": kind, "cards": cards, "seen": seen}) for kind, cards in groups if cards
    )


def _backdrop(guide: Guide) -> str:
    """The image whose colours fill the head of the page: the cover, else the first plate of the first chapter."""
    first = guide.chapters[0].illustrations if guide.chapters else ()
    return guide.cover or next((illustration.image for illustration in first if illustration.image), "")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("imaginized.guide"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        fold=fold, paragraphs=_paragraphs, link=link_target, pages=page_range, chapter_note=chapter_note
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    environment.globals.update(method_note=method_note, skipped_note=skipped_note, skipped_rows=skipped_rows)
    return environment


@cache
def _asset(name: str) -> str:
    """One of our own files, which the page holds as it is: its digest in the policy must match to the byte."""
    source, _, _ = PackageLoader("imaginized.guide").get_source(_environment(), name)
    return source


def _grounds(guide: Guide, *, root: str) -> str:
    """The rules that set first letters on their grounds, as the page finds the pictures of these."""
    return "".join(
        f".initial-{at} > p:first-child::first-letter {{ color: {each.letter}; "
        f"background: {each.ground} url({root}{link_target(each.image)}) center / 100% 100% no-repeat; }}"
        for at, each in enumerate(guide.initials)
    )


def _policy(*, styles: tuple[str, ...], scripts: tuple[str, ...]) -> str:
    """A content security policy: pictures from this folder, our own style and scripts by their digest, nothing else."""
    script_digests, style_digests = (" ".join(map(_digest, each)) for each in (scripts, styles))
    # Browsers disagree on whether 'self' covers a page opened as file:, so both are named.
    return (
        f"default-src 'none'; img-src 'self' file:; style-src {style_digests}; script-src {script_digests}; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(source: str) -> str:
    digest = hashlib.sha256(source.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _drops(text: str) -> bool:
    """Whether a passage can begin with a large letter: scripts whose letters join lose theirs by it."""
    return text[:1].isupper()


def _paragraphs(text: str) -> list[list[str]]:
    """A passage as paragraphs of lines; more than one line is verse."""
    found = (paragraph.strip("\n").split("\n") for paragraph in _PARAGRAPH.split(clean(text)))
    return [lines for lines in found if any(line.strip() for line in lines)]
