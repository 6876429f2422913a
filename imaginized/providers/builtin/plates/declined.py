"""The plate of a scene that an image model would not draw: its chapter and its quote, set in type."""

from imaginized.providers.api import ImageReply, ImageRequest
from imaginized.providers.builtin.plates.canvas import Face, Sheet
from imaginized.providers.builtin.plates.typeset import (
    FADED,
    INK,
    UNPRINTABLE,
    can_set,
    fit_line,
    leading,
    printable,
    set_quote,
)

METHOD = "declined plate"
NOTE = "The image model declined to draw this scene; these are the book’s own words."
_SHEET, _MARGIN, _TOP, _BOTTOM = (1536, 1024), 190, 250, 840


def set_declined(request: ImageRequest, *, reason: str, prompt: str) -> ImageReply:
    """Set the quote of a scene as its plate.

    Args:
        request: The scene.
        reason: What the model said, for the record.
        prompt: What it was asked last.
    """
    width, height = _SHEET
    sheet = Sheet(width, height, paper=(243, 236, 222))
    sheet.frame((60, 60, width - 60, height - 60), FADED)
    measure = width - 2 * _MARGIN
    title = fit_line(request.chapter_title, size=38, weight=600, measure=measure)
    Face(38, weight=600).write(sheet.image, (_MARGIN, 190), title, INK)
    _write_quote(sheet, request.scene.quote.text, measure=measure)
    Face(22).write(sheet.image, (_MARGIN, height - 110), NOTE, FADED)
    data = sheet.jpeg(width=request.width, height=request.height)
    alt = f"No picture: the image model declined. The passage: {' '.join(request.scene.quote.text.split())}"
    return ImageReply(data=data, alt=alt, method=METHOD, by_model=False, prompt=prompt, declined=reason)


def _write_quote(sheet: Sheet, quote: str, *, measure: int) -> None:
    if not can_set(printable(quote)):
        Face(26, italic=True).write(sheet.image, (_MARGIN, _TOP + 30), UNPRINTABLE, FADED)
        return
    setting = set_quote(quote, measure=measure, height=_BOTTOM - _TOP)
    face = Face(setting.size, italic=True)
    for index, line in enumerate(setting.lines):
        face.write(sheet.image, (_MARGIN, _TOP + setting.size + index * leading(setting.size)), line, INK)
