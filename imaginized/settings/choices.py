"""The names that settings may choose by. Each is a row of a registry too, and a test holds the two together."""

from typing import Literal

GuideFormat = Literal["markdown", "html", "epub", "guide-epub", "cbz", "pdf", "single"]  # guide.writers
PdfLayout = Literal["1x1", "2x2", "4x1"]  # guide.pdf_pages
