"""Making provider `openai` from the settings, in the process that uses it."""

from pathlib import Path

from imaginized.limits.rules import Limits
from imaginized.providers.api import Provider
from imaginized.providers.openai.calling import Conditions, Endpoint
from imaginized.providers.openai.client import Manner, OpenAIProvider
from imaginized.providers.openai.ladder import Way, dump_ways, load_ways
from imaginized.providers.openai.prompting import load_prompts
from imaginized.providers.registry import Surroundings
from imaginized.settings.model import Settings
from imaginized.settings.vendors import Use
from imaginized.store.writing import write_atomic

WAYS = ".imaginized.endpoints.json"


def make(settings: Settings, use: Use, around: Surroundings) -> Provider:
    """Who asks the endpoint that the settings name for this use."""
    openai = settings.openai
    target = openai.target(use)
    key = around.keys.text if use == "text" else around.keys.image
    limits = Limits(
        requests_per_minute=openai.requests_per_minute,
        tokens_per_minute=openai.tokens_per_minute,
        requests_per_day=openai.requests_per_day,
    )
    silence = settings.workers.chapter_timeout_seconds
    conditions = Conditions(
        wait=around.desk.wait,
        beat=around.desk.beat,
        clock=around.clock,
        till=around.till,
        gate=around.gate,
        memory=LibraryMemory(settings.paths.library / WAYS),
        archive=around.desk,
        timeout_seconds=min(openai.timeout_seconds, silence * 0.8),
        deadline_seconds=silence,
        retry_seconds=openai.retry_seconds,
        unreachable_retry_seconds=openai.unreachable_retry_seconds,
        tell=around.desk.tell,
    )
    manner = Manner(
        prompts=load_prompts(openai.prompts, profile=settings.guide.profile),
        find_quote=around.find_quote,
        part_words=openai.part_words,
        image_size=openai.image_size,
        text_parameters=openai.parameters("text"),
        image_parameters=openai.parameters("image"),
    )
    return OpenAIProvider(
        Endpoint(base_url=target.base_url.rstrip("/"), model=target.model, key=key, limits=limits),
        conditions=conditions,
        manner=manner,
    )


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
