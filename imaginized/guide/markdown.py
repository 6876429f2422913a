"""The Markdown files of the guide, in imaginize's familiar form. Each function takes a record and returns the text."""

from collections.abc import Iterable
from datetime import UTC, datetime

from imaginized.guide.escaping import block_quote, escape, escape_line, link_target
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
    illustration_note,
    method_note,
    page_range,
    skipped_note,
)
from imaginized.story.elements import Element, Quote
from imaginized.story.text import Skipped

_RULE = "---"
_MARKS = {Level.INFO: "ℹ️", Level.DONE: "✅", Level.WARNING: "⚠️", Level.ERROR: "❌"}


def contents_md(guide: Guide) -> str:
    """`Contents.md`: what the book is, what was made of it, what is missing and how it was made."""
    blocks = [f"# {escape(guide.title)}", _facts(guide), _RULE, "## Generated Documentation", _documents(guide), _RULE]
    blocks += _section("Missing or Incomplete Chapters", [_missing_line(chapter) for chapter in guide.incomplete])
    blocks += _section("Left Out", [_skipped_line(part) for part in guide.skipped])
    blocks += _section("Remarks About the File", [f"- {escape_line(warning)}" for warning in guide.warnings])
    blocks += ["## How to Use This Guide", _how_to_use(guide)]
    blocks += _section("How It Was Made", [f"- {escape(credit)}" for credit in credits_of(guide)])
    return _join(blocks)


def chapters_md(guide: Guide) -> str:
    """`Chapters.md`: every chapter with its scenes, their source text and their plates."""
    blocks = [f"# Chapters - {escape(guide.title)}", _facts(guide), *_credits(guide)]
    blocks += ["## Visual Scenes by Chapter", _RULE]
    for chapter in guide.chapters:
        blocks += [f"### {escape(chapter.heading)}", *_chapter_notes(chapter, guide=guide)]
        for illustration in chapter.illustrations:
            blocks += _scene(illustration)
        blocks += [] if chapter.illustrations else [_RULE]
    return _join(blocks)


def elements_md(guide: Guide) -> str:
    """`Elements.md`: the people, creatures, places and things of the book, each with quotes, and how many there are."""
    blocks = [f"# Elements - {escape(guide.title)}", _author(guide), *_credits(guide), _RULE, "## Story Elements"]
    if not guide.elements:
        blocks.append("No element has been found yet." if guide.incomplete else "No element was found.")
    for element_type, title in GROUP_TITLES.items():
        elements = guide.elements_of(element_type)
        blocks += [f"### {title}"] if elements else []
        for element in elements:
            blocks += _element(element)
    blocks += ["## Statistics", _statistics(guide)]
    return _join(blocks)


def progress_md(progress: Progress) -> str:
    """`progress.md`: how far the book is, and what happened so far."""
    started = _moment(progress.started) if progress.started else "not yet"
    facts = [
        f"**Book:** {escape(progress.title)}",
        f"**Started:** {started}",
        *([f"**Phase:** {escape(progress.phase)}"] if progress.phase else []),
        f"**Total Chapters:** {progress.chapters_total or 'not known yet'}",
        f"**Completed:** {progress.completed}",
        f"**Failed:** {progress.failed}",
    ]
    blocks = ["# Illustrate Progress Report", _lines(facts), _RULE, "## Progress Log"]
    return _join([*blocks, *map(_log_line, progress.entries)])


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
    return _lines([_author(guide), *publisher, *pages])


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


def _scene(illustration: Illustration) -> list[str]:
    """The blocks of one scene, the rule after it included."""
    scene = illustration.scene
    described = scene.description or ", ".join(scene.elements)
    details = {"Elements": ", ".join(scene.elements), "Mood": scene.mood, "Lighting": scene.lighting}
    return [
        f"#### Scene {scene.number}",
        f"**Pages:** {page_range(scene.pages)}",
        "**Source Text:**",
        block_quote(scene.quote.text),
        f"**Visual Elements:** {escape(described)}",
        _lines(f"**{label}:** {escape(value)}" for label, value in details.items() if value),
        _picture(illustration),
        _RULE,
    ]


def _picture(illustration: Illustration) -> str:
    if not illustration.image:
        return f"*{escape(illustration_note(illustration))}*"
    alt = illustration.alt or illustration.scene.description or f"Scene {illustration.scene.number}"
    return f"![{escape(alt)}]({link_target(illustration.image)})"


def _element(element: Element) -> list[str]:
    """The blocks of one element, the rule after it included."""
    description = escape(element.description) or "The passages found tell no looks."
    quotes = [_numbered_quote(quote, number=number) for number, quote in enumerate(element.quotes, start=1)]
    return [
        f"#### {escape(element.name)}",
        f"**Aliases:** {escape(', '.join(element.aliases))}" if element.aliases else "",
        f"**Description:** {description}",
        "**Reference Quotes:**" if quotes else "",
        *quotes,
        _RULE,
    ]


def _numbered_quote(quote: Quote, *, number: int) -> str:
    """A list item with its quote; the indent grows with the number, or the quote would leave the list."""
    marker = f"{number}. "
    return f"{marker}(Page {quote.page})\n{block_quote(quote.text, indent=' ' * len(marker))}"


def _statistics(guide: Guide) -> str:
    counts = {title: len(guide.elements_of(element_type)) for element_type, title in GROUP_TITLES.items()}
    return "\n".join(f"- **{title}:** {number}" for title, number in {**counts, "Total": len(guide.elements)}.items())


def _log_line(entry: ProgressEntry) -> str:
    return f"**[{_moment(entry.at)}]** {_MARKS[entry.level]} {escape(entry.message)}"


def _moment(at: datetime) -> str:
    """ISO 8601 in UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
