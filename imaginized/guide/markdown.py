"""The Markdown files of the guide, in imaginize's familiar form. Each function takes a record and returns the text."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from imaginized.guide.anchors import (
    CHAPTERS,
    ELEMENTS,
    ELEMENTS_TITLE,
    SCENES_TITLE,
    STATISTICS_TITLE,
    TOC_TITLE,
    Anchors,
    Heading,
    anchors_of,
)
from imaginized.guide.escaping import block_quote, escape, escape_line, fold, link_target
from imaginized.guide.excerpts import marked
from imaginized.guide.model import (
    GROUP_TITLES,
    Exported,
    Guide,
    GuideChapter,
    Illustration,
    Level,
    Progress,
    ProgressEntry,
)
from imaginized.guide.notes import (
    chapter_note,
    count,
    credits_of,
    differs_note,
    illustration_note,
    method_note,
    page_range,
    skipped_note,
    skipped_rows,
)
from imaginized.guide.sheets import volume_words
from imaginized.story.earlier import Earlier
from imaginized.story.elements import Element, ElementType, Quote
from imaginized.story.text import Skipped

_RULE = "---"
_MARKS = {Level.INFO: "ℹ️", Level.DONE: "✅", Level.WARNING: "⚠️", Level.ERROR: "❌"}


def contents_md(guide: Guide) -> str:
    """`Contents.md`: what the book is, what was made of it, what is missing and how it was made."""
    blocks = [f"# {escape(guide.title)}", _facts(guide), _RULE, "## Generated Documentation", _documents(guide), _RULE]
    blocks += _section(TOC_TITLE, _toc(guide, anchors=anchors_of(guide), file=f"./{CHAPTERS}"))
    blocks += _section("Missing or Incomplete Chapters", [_missing_line(chapter) for chapter in guide.incomplete])
    blocks += _section("Editions", _editions(guide))
    blocks += _section("Left Out", [_skipped_line(part) for part in skipped_rows(guide.skipped)])
    blocks += _section("Remarks About the File", [f"- {escape_line(warning)}" for warning in guide.warnings])
    blocks += ["## How to Use This Guide", _how_to_use(guide)]
    blocks += _section("How It Was Made", [f"- {escape(credit)}" for credit in credits_of(guide)])
    return _join(blocks)


def chapters_md(guide: Guide) -> str:
    """`Chapters.md`: every chapter with its scenes, their source text and their plates."""
    anchors, told = anchors_of(guide), _names_by_chapter(guide)
    blocks = [f"# Chapters - {escape(guide.title)}", _facts(guide), *_credits(guide)]
    blocks += _section(TOC_TITLE, _toc(guide, anchors=anchors))
    blocks += [f"## {SCENES_TITLE}", _RULE]
    for chapter in guide.chapters:
        blocks += [f"### {escape(anchors.chapters[chapter.number].text)}", *_chapter_notes(chapter, guide=guide)]
        blocks += _named("Elements in This Chapter", told.get(chapter.number, ()), anchors=anchors)
        for illustration in chapter.illustrations:
            blocks += _scene(illustration, anchors=anchors)
        blocks += [] if chapter.illustrations else [_RULE]
    return _join(blocks)


def elements_md(guide: Guide) -> str:
    """`Elements.md`: the people, creatures, places and things of the book, each with quotes, and how many there are."""
    anchors, scenes = anchors_of(guide), _scenes_by_name(guide)
    groups = {title: _of_kind(kind, guide=guide, anchors=anchors) for kind, title in GROUP_TITLES.items()}
    blocks = [f"# Elements - {escape(guide.title)}", _author(guide), *_credits(guide), _RULE]
    blocks += _section(TOC_TITLE, [f"- **{title}:** {_links(told)}" for title, told in groups.items() if told])
    blocks.append(f"## {ELEMENTS_TITLE}")
    if not guide.elements:
        blocks.append("No element has been found yet." if guide.incomplete else "No element was found.")
    for title, told in groups.items():
        blocks += [f"### {title}"] if told else []
        for element, heading in told:
            blocks += _element(element, heading=heading, guide=guide, anchors=anchors, scenes=scenes)
    blocks += [f"## {STATISTICS_TITLE}", _statistics(guide)]
    return _join(blocks)


def progress_md(progress: Progress) -> str:
    """`progress.md`: how far the book is, and what happened so far."""
    return progress_head(progress) + progress_log(progress.entries) + "\n"


def progress_log(entries: Iterable[ProgressEntry]) -> str:
    """The lines of these entries, to be added to what stands before them."""
    return "".join(f"\n\n{_log_line(entry)}" for entry in entries)


def progress_head(progress: Progress) -> str:
    """What stands before the first entry."""
    started = _moment(progress.started) if progress.started else "not yet"
    facts = [
        f"**Book:** {escape(progress.title)}",
        f"**Started:** {started}",
        *([f"**Phase:** {escape(progress.phase)}"] if progress.phase else []),
        f"**Total Chapters:** {progress.chapters_total or 'not known yet'}",
        f"**Completed:** {progress.completed}",
        f"**Failed:** {progress.failed}",
    ]
    return "\n\n".join(["# Illustrate Progress Report", _lines(facts), _RULE, "## Progress Log"])


def _join(blocks: Iterable[str]) -> str:
    """Blocks with a blank line between them, a newline at the end."""
    return "\n\n".join(block for block in blocks if block) + "\n"


def _lines(lines: Iterable[str]) -> str:
    """Lines of one paragraph that stay lines once rendered."""
    return "  \n".join(lines)


def _section(title: str, items: list[str]) -> list[str]:
    """A heading with its list and a rule, or nothing without items."""
    return [f"## {title}", "\n".join(items), _RULE] if items else []


def _author(guide: Guide) -> str:
    return f"**Author:** {escape(', '.join(guide.authors)) or 'Unknown'}"


def _facts(guide: Guide) -> str:
    publisher = [f"**Publisher:** {escape(guide.publisher)}"] if guide.publisher else []
    pages = [f"**Total Pages:** {guide.pages}"] if guide.pages else []
    number = f", volume {guide.series_index}" if guide.series_index else ""
    series = [f"**Series:** {escape(guide.series + number)}"] if guide.series else []
    return _lines([_author(guide), *publisher, *series, *pages])


def _credits(guide: Guide) -> list[str]:
    return [f"*{escape(' '.join(credits_of(guide)))}*"] if credits_of(guide) else []


def _documents(guide: Guide) -> str:
    scenes, plates = count(guide.scene_count, "visual scene"), count(guide.plate_count, "picture")
    page = ["- **[index.html](./index.html)** - the same as one page for a browser"] if "html" in guide.formats else []
    return "\n".join(
        [
            f"- **[Chapters.md](./Chapters.md)** - {scenes} in {count(len(guide.chapters), 'chapter')}, {plates}",
            f"- **[Elements.md](./Elements.md)** - {count(len(guide.elements), 'story element')} with quotes",
            *page,
            *map(_export_line, guide.exports),
            "- **[progress.md](./progress.md)** - what was done when",
        ]
    )


def _export_line(export: Exported) -> str:
    if not export.path:
        return f"- No {escape(export.format)} file: {escape(' '.join(export.remarks))}"
    name = export.path.rpartition("/")[2]
    said = " ".join((f"{export.about}.", *export.remarks) if export.remarks else (export.about,))
    return f"- **[{escape(name)}](./{link_target(export.path)})** - {escape(said)}"


def _editions(guide: Guide) -> list[str]:
    if guide.edition_of is None:
        return []
    book, title = guide.edition_of
    return [f"- An earlier edition in this library: [{escape(title)}](../{link_target(book)}/Contents.md)"]


def _missing_line(chapter: GuideChapter) -> str:
    return f"- **{escape(chapter.heading)}** (chapter {chapter.number}) - {escape(chapter_note(chapter))}"


def _skipped_line(part: Skipped) -> str:
    return f"- **{escape(part.title) or 'Untitled part'}** ({count(part.words, 'word')}) - {escape(skipped_note(part))}"


def _how_to_use(guide: Guide) -> str:
    original = f" (it came as {escape(guide.original_name)})" if guide.original_name else ""
    return "\n".join(
        [
            "- Read Chapters.md beside the book: scenes come in reading order, each with the passage it shows.",
            "- Look somebody or something up in Elements.md; quotes there may come from late chapters.",
            "- To change what pictures look like, edit style.md and the sheets in the folder elements, then retry.",
            *(
                ["- Open index.html in a browser to see the pictures large; it needs no network."]
                if "html" in guide.formats
                else []
            ),
            f"- The untouched book is [{escape(guide.source)}](./{link_target(guide.source)}){original}.",
        ]
    )


def _chapter_notes(chapter: GuideChapter, *, guide: Guide) -> list[str]:
    return [f"*{escape(note)}*" for note in (chapter_note(chapter), method_note(chapter, guide=guide)) if note]


def _scene(illustration: Illustration, *, anchors: Anchors) -> list[str]:
    """The blocks of one scene, the rule after it included."""
    scene = illustration.scene
    described = scene.description or ", ".join(scene.elements)
    details = {"Mood": escape(scene.mood), "Lighting": escape(scene.lighting)}
    details = {"Elements": ", ".join(_name_link(name, anchors) for name in scene.elements), **details}
    return [
        f"#### {anchors.scenes[scene.chapter, scene.number].text}",
        f"**Pages:** {page_range(scene.pages)}",
        "**Source Text:**",
        block_quote(marked(scene.quote.text)),
        f"**Visual Elements:** {escape(described)}",
        _lines(f"**{label}:** {value}" for label, value in details.items() if value),
        _picture(illustration),
        _RULE,
    ]


def _picture(illustration: Illustration) -> str:
    if not illustration.image:
        return f"*{escape(illustration_note(illustration))}*"
    alt = illustration.alt or illustration.scene.description or f"Scene {illustration.scene.number}"
    picture = f"![{escape(alt)}]({link_target(illustration.image)})"
    return f"{picture}\n\n*{escape(differs_note(illustration))}*" if illustration.differs else picture


def _element(
    element: Element,
    *,
    heading: Heading,
    guide: Guide,
    anchors: Anchors,
    scenes: Mapping[str, list[tuple[int, int]]],
) -> list[str]:
    """The blocks of one element, the rule after it included."""
    description = escape(element.description) or "The passages found tell no looks."
    quotes = [_numbered_quote(each, number=number, anchors=anchors) for number, each in enumerate(element.quotes, 1)]
    names = {name.casefold() for name in (element.name, *element.aliases)}
    shown = sorted({place for name in names for place in scenes.get(name, ())})
    pictures = (f"[{chapter}.{scene}]({_target(anchors.scenes[chapter, scene])})" for chapter, scene in shown)
    told = (
        f"[{number}]({_target(anchors.chapters[number])})" for number in element.chapters if number in anchors.chapters
    )
    sheet = guide.sheets.get(element.name, "")
    links = {
        "Chapters": ", ".join(told),
        "Scenes": ", ".join(pictures),
        "Sheet": f"[{escape(sheet)}](./{link_target(sheet)})" if sheet else "",
    }
    return [
        f"#### {escape(heading.text)}",
        f"**Aliases:** {escape(', '.join(element.aliases))}" if element.aliases else "",
        f"**Description:** {description}",
        _lines(filter(None, (_from_earlier(one, element) for one in guide.earlier.get(element.name, ())))),
        _lines(f"**{label}:** {value}" for label, value in links.items() if value),
        "**Reference Quotes:**" if quotes else "",
        *quotes,
        _RULE,
    ]


def _from_earlier(one: Earlier, element: Element) -> str:
    """What else an earlier volume calls somebody, and what it tells of the looks, with its chapters; "" for neither."""
    names = ", ".join(one.new_names(element))
    told = [*([f"also {names}"] if names else []), *(look.text for look in one.looks)]
    if not told:
        return ""
    places = dict.fromkeys(str(look.chapter) for look in one.looks if look.chapter)
    where = f" (chapter {', '.join(places)} there)" if places else ""
    return f"**From {escape(volume_words(one))}:** {escape('; '.join(told))}{where}"


def _numbered_quote(quote: Quote, *, number: int, anchors: Anchors) -> str:
    """A list item with its quote; the indent grows with the number, or the quote would leave the list."""
    marker = f"{number}. "
    chapter = anchors.chapters.get(quote.chapter)
    where = f", [chapter {quote.chapter}]({_target(chapter)})" if chapter else ""
    return f"{marker}(Page {quote.page}{where})\n{block_quote(marked(quote.text), indent=' ' * len(marker))}"


def _toc(guide: Guide, *, anchors: Anchors, file: str = "") -> list[str]:
    """A line for each chapter: its link, how many scenes it has, where it begins."""
    return [
        f"- [{escape(anchors.chapters[chapter.number].text)}]({file}#{anchors.chapters[chapter.number].anchor})"
        f" - {count(len(chapter.illustrations), 'scene')}{f', page {chapter.page}' if chapter.page else ''}"
        for chapter in guide.chapters
    ]


def _named(label: str, names: Iterable[str], *, anchors: Anchors) -> list[str]:
    links = ", ".join(_name_link(name, anchors) for name in names)
    return [f"**{label}:** {links}"] if links else []


def _name_link(name: str, anchors: Anchors) -> str:
    """A name, linked to the element that it means."""
    heading = anchors.by_name.get(name.casefold())
    return f"[{escape(name)}](./{ELEMENTS}#{heading.anchor})" if heading and fold(name) else escape(name)


def _target(heading: Heading) -> str:
    return f"./{CHAPTERS}#{heading.anchor}"


def _links(told: Iterable[tuple[Element, Heading]]) -> str:
    return ", ".join(f"[{escape(heading.text)}](#{heading.anchor})" for _, heading in told)


def _of_kind(kind: ElementType, *, guide: Guide, anchors: Anchors) -> list[tuple[Element, Heading]]:
    return [pair for pair in zip(guide.elements, anchors.elements, strict=True) if pair[0].type == kind]


def _names_by_chapter(guide: Guide) -> dict[int, list[str]]:
    """The elements that were found in each chapter, the weightiest first."""
    told: dict[int, list[str]] = {}
    for element in guide.elements:
        for number in element.chapters:
            told.setdefault(number, []).append(element.name)
    return told


def _scenes_by_name(guide: Guide) -> dict[str, list[tuple[int, int]]]:
    """The scenes that name somebody or something, by that name in lower case."""
    shown: dict[str, list[tuple[int, int]]] = {}
    for illustration in guide.illustrations:
        scene = illustration.scene
        for name in scene.elements:
            shown.setdefault(name.casefold(), []).append((scene.chapter, scene.number))
    return shown


def _statistics(guide: Guide) -> str:
    counts = {title: len(guide.elements_of(element_type)) for element_type, title in GROUP_TITLES.items()}
    return "\n".join(f"- **{title}:** {number}" for title, number in {**counts, "Total": len(guide.elements)}.items())


def _log_line(entry: ProgressEntry) -> str:
    return f"**[{_moment(entry.at)}]** {_MARKS[entry.level]} {escape(entry.message)}"


def _moment(at: datetime) -> str:
    """ISO 8601 in UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
