"""A guide as plain text."""

from imaginized.guide.model import Guide


def plain_txt(guide: Guide) -> str:
    """The titles of the chapters."""
    return "".join(f"{chapter.number}. {chapter.title}\n" for chapter in guide.chapters)
