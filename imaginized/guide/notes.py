"""What the guide says about itself, in plain text: how it was made, and why something is not there.

Markdown and HTML say the same sentences; each escapes them in its own way.
"""

from imaginized.guide.model import Guide, GuideChapter, Illustration


def text_credit(method: str) -> str:
    """Who picked the scenes and elements; empty while nobody has."""
    if not method:
        return ""
    if "word-based" in method.casefold():
        return "Scenes and elements were picked by the words of the passages; no language model was used."
    return f"Scenes and elements were picked by {method}; every quote was checked against the book."


def image_credit(method: str) -> str:
    """Who drew the plates; empty while nobody has."""
    if not method:
        return ""
    if "storyboard" in method.casefold():
        return "The pictures are storyboard plates, drawn from the words of their passage; no image model was used."
    return f"The pictures were drawn by {method}."


def credits_of(guide: Guide) -> tuple[str, ...]:
    """Both credits of a guide, those that apply."""
    return tuple(credit for credit in (text_credit(guide.text_method), image_credit(guide.image_method)) if credit)


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


def method_note(chapter: GuideChapter, *, guide: Guide) -> str:
    """How a chapter was made, where that differs from the rest of the guide, and what was dropped; else empty."""
    credits = [text_credit(chapter.method)] if chapter.method != guide.text_method else []
    drawn = dict.fromkeys(illustration.method for illustration in chapter.illustrations if illustration.image)
    credits += [image_credit(method) for method in drawn if method != guide.image_method]
    if chapter.invented:
        verb = "was" if chapter.invented == 1 else "were"
        credits.append(f"{count(chapter.invented, 'scene')} {verb} dropped: the model's quote is not in the chapter.")
    return " ".join(credit for credit in credits if credit)


def count(number: int, noun: str) -> str:
    """A number with its noun: "1 plate", "12 plates"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def page_range(pages: tuple[int, int]) -> str:
    """First and last page as readers write them: "3-5", or "3" alone."""
    first, last = pages
    return str(first) if first == last else f"{first}-{last}"


def chapter_list(numbers: tuple[int, ...]) -> str:
    """Chapter numbers in a phrase: "chapter 4", "chapters 4, 9 and 12"."""
    if len(numbers) == 1:
        return f"chapter {numbers[0]}"
    return f"chapters {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"
