"""A book that a scripted endpoint reads and draws, and a worker in this process that asks it with the real client."""

import os
from dataclasses import replace
from pathlib import Path

from imaginized.clock import SystemClock
from imaginized.process.channel import channel_pair
from imaginized.providers.keys import Key
from imaginized.providers.openai.calling import Endpoint
from imaginized.providers.openai.client import Manner, OpenAIProvider
from imaginized.providers.openai.prompting import load_prompts
from imaginized.providers.scripted import ScriptedServer
from imaginized.queue.change import Transition
from imaginized.queue.manifest import Manifest, Stage
from imaginized.reading.quotes import find_quote
from imaginized.stages.records import IllustrationRecord, ScenesRecord
from imaginized.store.files import BookFiles
from imaginized.store.library import Library
from imaginized.store.owners import current_owner
from imaginized.store.records import load
from imaginized.work.reach import Reach
from imaginized.work.task import perform
from imaginized.work.worker import claim_next
from tests.support import unbound
from tests.support.crash_steps import Place, prepare, take_in, workshop
from tests.support.epubs import make_epub


def not_at_all(seconds: float) -> None:
    """Wait for nothing."""


class Studio:
    """A place with one book, and whoever works on it."""

    def __init__(
        self,
        folder: Path,
        base_url: str,
        *,
        chapters: int = 2,
        paragraphs: int = 8,
        pages_per_image: int = 1000,
        is_paid: bool = False,
    ) -> None:
        self.place: Place = prepare(
            folder / "place", book=make_epub(folder / "b.epub", chapters=chapters, paragraphs=paragraphs)
        )
        self.base_url = base_url
        self.pages_per_image = pages_per_image
        self.reach = Reach(accounts=dict.fromkeys(filter(_asks, Stage), base_url) if is_paid else {})
        self.library = Library(self.place.library, clock=SystemClock())
        take_in(self.place, self.library)
        (self.book,) = self.library.books()

    @property
    def files(self) -> BookFiles:
        return self.library.files(self.book)

    @property
    def manifest(self) -> Manifest:
        return self.library.read(self.book)

    def change(self, transition: Transition) -> None:
        """What a person's command does."""
        self.library.update(self.book, transition)

    def scenes(self, chapter: int) -> ScenesRecord:
        return load(self.files.scenes(chapter), ScenesRecord)

    def record(self, chapter: int, scene: int) -> IllustrationRecord:
        return load(self.files.illustration(chapter, scene), IllustrationRecord)

    def picture(self, chapter: int, scene: int) -> bytes:
        return self.files.image(chapter, scene).read_bytes()

    def work(self, *, tasks: int = 10_000) -> None:
        """Do all that there is to do, or so many tasks of it."""
        ours, theirs = channel_pair()
        settings = self.place.settings({"guide.pages_per_image": self.pages_per_image})
        with ours, theirs:
            owner = current_owner("worker-1", pid=os.getpid())
            shop = workshop(settings, self.library, end=theirs, owner=owner)
            conditions = unbound.conditions(wait=not_at_all, archive=shop.bench, retry_seconds=0.01)
            manner = Manner(prompts=load_prompts(None, profile="general"), find_quote=find_quote)
            asked = OpenAIProvider(
                Endpoint(base_url=self.base_url, model="m", key=_NO_KEY), conditions=conditions, manner=manner
            )
            shop = replace(shop, text=asked, image=asked, reach=self.reach)
            while tasks and (held := claim_next(shop)) is not None:
                perform(shop, held)
                tasks -= 1

    def counted(self, server: ScriptedServer) -> dict[str, int]:
        """Work, and count what was asked meanwhile."""
        before = server.counts.requests.copy()
        self.work()
        return dict(server.counts.requests - before)


def _asks(stage: Stage) -> bool:
    return bool(stage.traits.asks)


_NO_KEY: Key | None = None
