"""The names that settings may choose by. Each is a row of a registry too, and a test holds the two together."""

from typing import Literal, get_args

GuideFormat = Literal["markdown", "html", "epub", "guide-epub", "cbz", "pdf", "single"]  # guide.writers
PdfLayout = Literal["1x1", "2x2", "4x1"]  # guide.pdf_pages
NoticeEvent = Literal["done", "partial", "failed", "held", "paused", "budget", "disk"]
NOTICE_EVENTS: tuple[NoticeEvent, ...] = get_args(NoticeEvent)
