"""What a book in the library will cost, from its chapters on disk."""

from collections.abc import Mapping
from types import MappingProxyType

from imaginized.money.estimating import Estimate, Models, estimate
from imaginized.money.prices import PriceTable
from imaginized.settings.model import Settings
from imaginized.stages.job import guide_for
from imaginized.stages.records import BookRecord, load_request
from imaginized.store.files import BookFiles
from imaginized.store.records import load
from imaginized.story.text import ChapterText


def estimate_admitted(
    files: BookFiles,
    *,
    settings: Settings,
    models: Models,
    prices: PriceTable,
    shares: Mapping[str, float] = MappingProxyType({}),
) -> Estimate:
    """What a split book will cost in all, from its chapters on disk; `shares` as for `estimate`.

    Raises:
        FileNotFoundError: It is not split yet.
        RecordUnreadable: A data file was changed by hand.
    """
    book = load(files.book, BookRecord)
    chapters = [load(files.chapter(source.number), ChapterText) for source in book.chapters]
    guide = guide_for(load_request(files), settings.guide)
    return estimate(book.title, chapters, guide=guide, models=models, prices=prices, shares=shares)
