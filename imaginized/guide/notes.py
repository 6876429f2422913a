"""What the guide says about itself, in plain text: how it was made, and why something is not there.

Markdown and HTML say the same sentences; each escapes them in its own way.
"""

from collections.abc import Sequence
from dataclasses import replace

from imaginized.guide.model import Guide, GuideChapter, Illustration
from imaginized.story.methods import WordMethod
from imaginized.story.text import Skipped

_MANY = 3
_NO_MODEL = "no language model was used."
_BY_WORDS: dict[str, str] = {
    WordMethod.WHOLE: f"Scenes and elements were picked by the words of the passages; {_NO_MODEL}",
    WordMethod.NAMES: (
        "People and places were found by their names, and scenes by their length and little talk; "
        f"{_NO_MODEL} This language is not read for looks: descriptions, moods and light are missing."
    ),
    WordMethod.SPEAKERS: (
        "Of the people only those who speak were found, by the capitals of their names, and scenes by their length "
        f"and little talk; {_NO_MODEL} This language is not read for places, things and looks."
    ),
    WordMethod.SCENES: (
        f"Scenes were picked by their length and little talk; {_NO_MODEL} "
        "This language is not read for people, places and looks."
    ),
}


def text_credit(method: str, *, by_model: bool) -> str:
    """Who picked the scenes and elements; empty while nobody has."""
    if not method:
        return ""
    if not by_model:
        return _BY_WORDS.get(method, _BY_WORDS[WordMethod.WHOLE])
    return f"Scenes and elements were picked by {method}; every quote was checked against the book."


def image_credit(method: str, *, by_model: bool) -> str:
    """Who drew the plates; empty while nobody has."""
    if not method:
        return ""
    if not by_model:
        return "The pictures are storyboard plates, drawn from the words of their passage; no image model was used."
    return f"The pictures were drawn by {method}."


def credits_of(guide: Guide) -> tuple[str, ...]:
    """Both credits of a guide, those that apply."""
    credits = (
        text_credit(guide.text_method, by_model=guide.text_by_model),
        image_credit(guide.image_method, by_model=guide.image_by_model),
    )
    return tuple(credit for credit in credits if credit)


def skipped_note(part: Skipped) -> str:
    """Why a part of the book is not in the guide."""
    return part.reason if part.number is None else f"chapter {part.number}, which was not asked for"


def skipped_rows(parts: Sequence[Skipped]) -> tuple[Skipped, ...]:
    """The parts left out, with equal ones as one that says how many: a site's links may stand below every chapter."""
    alike: dict[tuple[str, str, int | None], list[Skipped]] = {}
    for part in parts:
        alike.setdefault((part.title, part.reason, part.number), []).append(part)
    return tuple(
        replace(same[0], words=sum(each.words for each in same), reason=f"{same[0].reason}, in {len(same)} places")
        if len(same) >= _MANY
        else part
        for part in parts
        if (same := alike[part.title, part.reason, part.number])[0] is part or len(same) < _MANY
    )


def chapter_note(chapter: GuideChapter) -> str:
    """Why a chapter has less than it should; empty when it is whole.

    A problem outranks waiting: a chapter that failed once and will be tried again says both.
    """
    if chapter.problem:
        lead = "This chapter is waiting to be tried again" if chapter.pending else "This chapter is not complete"
        return f"{lead}: {chapter.problem}"
    if chapter.pending:
        return "This chapter is still being worked on."
    return "" if chapter.illustrations else "No scene was picked in this chapter."


def illustration_note(illustration: Illustration) -> str:
    """Why a scene has no plate; empty when it has one."""
    if illustration.image:
        return ""
    if illustration.declined:
        return f"Not drawn: {illustration.declined}"
    return "No picture of this scene has been drawn."


def differs_note(illustration: Illustration) -> str:
    """What the whole book says beside or against a picture that was drawn early; empty for nothing."""
    what = illustration.differs
    return f"Drawn before the whole book was read. By the whole book: {what}" if what else ""


def method_note(chapter: GuideChapter, *, guide: Guide) -> str:
    """How a chapter was made, where that differs from the rest of the guide, and what was dropped; else empty."""
    credits = []
    if (chapter.method, chapter.by_model) != (guide.text_method, guide.text_by_model):
        credits.append(text_credit(chapter.method, by_model=chapter.by_model))
    # One that was declined says so itself.
    drawn = dict.fromkeys((one.method, one.by_model) for one in chapter.illustrations if one.image and not one.declined)
    others = [how for how in drawn if how != (guide.image_method, guide.image_by_model)]
    credits += [image_credit(method, by_model=by_model) for method, by_model in others]
    if chapter.invented:
        verb = "was" if chapter.invented == 1 else "were"
        credits.append(f"{count(chapter.invented, 'scene')} {verb} dropped: the model's quote is not in the chapter.")
    if chapter.is_narrow:
        credits.append("All its scenes come from one quarter of the chapter; the model named none elsewhere.")
    return " ".join(credit for credit in credits if credit)


def count(number: int, noun: str) -> str:
    """A number with its noun: "1 plate", "12 plates"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def page_range(pages: tuple[int, int]) -> str:
    """First and last page as readers write them: "3-5", or "3" alone."""
    first, last = pages
    return str(first) if first == last else f"{first}-{last}"
