"""Making provider `openai` from the settings, in the process that uses it."""

from dataclasses import replace
from pathlib import Path

from imaginized.limits.rules import Limits
from imaginized.providers.api import Provider
from imaginized.providers.decoder import Decoder
from imaginized.providers.keys import Keys
from imaginized.providers.openai.calling import Conditions, Endpoint
from imaginized.providers.openai.client import Manner, OpenAIProvider
from imaginized.providers.openai.ladder import Way, dump_ways, load_ways
from imaginized.providers.openai.prompting import load_prompts
from imaginized.providers.openai.verbatim import FindQuote
from imaginized.providers.registry import Surroundings
from imaginized.settings.model import Settings
from imaginized.settings.vendors import Use
from imaginized.store.writing import write_atomic

WAYS = ".imaginized.endpoints.json"


def make(settings: Settings, use: Use, around: Surroundings) -> Provider:
    """Who asks the endpoint that the settings name for this use."""
    openai = settings.openai
    silence = settings.workers.chapter_timeout_seconds
    decoder = Decoder(around.desk.beat)
    conditions = Conditions(
        wait=around.desk.wait,
        beat=around.desk.beat,
        clock=around.clock,
        till=around.till,
        gate=around.gate,
        memory=memory_of(settings),
        archive=around.desk,
        timeout_seconds=min(openai.timeout_seconds, silence * 0.8),
        deadline_seconds=silence,
        retry_seconds=openai.retry_seconds,
        unreachable_retry_seconds=openai.unreachable_retry_seconds,
        tell=around.desk.tell,
        decode=decoder.to_jpeg,
        begin=decoder.begin,
    )
    endpoint = replace(endpoint_of(settings, use, around.keys), is_for_book=around.is_for_book)
    return OpenAIProvider(endpoint, conditions=conditions, manner=manner_of(settings, around.find_quote))


def endpoint_of(settings: Settings, use: Use, keys: Keys) -> Endpoint:
    """Who is asked for a use."""
    openai = settings.openai
    target = openai.target(use)
    limits = Limits(
        requests_per_minute=openai.requests_per_minute,
        tokens_per_minute=openai.tokens_per_minute,
        requests_per_day=openai.requests_per_day,
    )
    key = keys.text if use == "text" else keys.image
    return Endpoint(base_url=target.base_url.rstrip("/"), model=target.model, key=key, limits=limits)


def manner_of(settings: Settings, find_quote: FindQuote) -> Manner:
    """How chapters are read and scenes drawn."""
    openai = settings.openai
    return Manner(
        prompts=load_prompts(openai.prompts, profile=settings.guide.profile),
        find_quote=find_quote,
        part_words=openai.part_words,
        image_size=openai.image_size,
        text_parameters=openai.parameters("text"),
        image_parameters=openai.parameters("image"),
    )


def memory_of(settings: Settings) -> "LibraryMemory":
    """Where it is kept how endpoints want to be asked."""
    return LibraryMemory(settings.paths.library / WAYS)


class LibraryMemory:
    """How endpoints want to be asked, in a small file of the library; whoever writes last wins, and little is lost."""

    def __init__(self, path: Path) -> None:
        """Keep it in this file."""
        self._path = path

    def recall(self, endpoint: str, model: str) -> Way:
        """The way that worked last; the best where none is known."""
        return self._load().get(f"{endpoint} {model}", Way())

    def remember(self, endpoint: str, model: str, way: Way) -> None:
        """Keep the way that worked."""
        write_atomic(self._path, dump_ways({**self._load(), f"{endpoint} {model}": way}))

    def _load(self) -> dict[str, Way]:
        try:
            return load_ways(self._path.read_bytes())
        except FileNotFoundError:
            return {}
