"""Making the providers that the settings name, in the process that uses them; and what they know of endpoints."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from imaginized.clock import Clock
from imaginized.limits.gate import Gate
from imaginized.limits.rules import Limits
from imaginized.money.calls import Till
from imaginized.providers.api import Provider
from imaginized.providers.builtin.provider import BuiltinProvider
from imaginized.providers.keys import Key, Keys
from imaginized.providers.openai.calling import Conditions, Endpoint
from imaginized.providers.openai.ladder import Way, dump_ways, load_ways
from imaginized.providers.openai.prompting import load_prompts
from imaginized.queue.manifest import Stage
from imaginized.reading.quotes import find_quote
from imaginized.settings.model import Settings
from imaginized.store.files import write_atomic
from imaginized.work.task_context import Bench

WAYS = ".imaginized.endpoints.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a worker lends the providers it makes.

    Attributes:
        keys: By what they are for.
        bench: Where they wait and keep their answers.
        till: Where they pay.
        gate: Where they wait for their turn, with all other workers.
    """

    keys: Keys
    bench: Bench
    till: Till
    gate: Gate
    clock: Clock


def make_text(settings: Settings, *, around: Surroundings) -> Provider:
    """Who reads chapters."""
    if settings.provider.text == "builtin":
        return BuiltinProvider()
    openai = settings.openai
    return _make(settings, openai.base_url, openai.text_model, key=around.keys.text, around=around)


def make_image(settings: Settings, *, around: Surroundings) -> Provider | None:
    """Who draws; None for nobody."""
    if settings.provider.image != "openai":
        return BuiltinProvider() if settings.provider.image == "builtin" else None
    base_url = settings.openai.image.base_url or settings.openai.base_url
    return _make(settings, base_url, settings.openai.drawing_model, key=around.keys.image, around=around)


def accounts_of(settings: Settings, *, keys: Keys) -> Mapping[Stage, str]:
    """The endpoint and account that each stage asks, where it asks one."""
    provider, openai = settings.provider, settings.openai
    text = Endpoint(base_url=_bare(openai.base_url), model="", key=keys.text)
    image = Endpoint(base_url=_bare(openai.image.base_url or openai.base_url), model="", key=keys.image)
    asked = ((Stage.ANALYZE, provider.text, text), (Stage.ILLUSTRATE, provider.image, image))
    return {stage: endpoint.account for stage, who, endpoint in asked if who == "openai"}


def _bare(base_url: str) -> str:
    return base_url.rstrip("/")


def _make(settings: Settings, base_url: str, model: str, *, key: Key | None, around: Surroundings) -> Provider:
    # The package takes seconds to import; who needs none of it does not wait for it.
    from imaginized.providers.openai.client import Manner, OpenAIProvider

    openai = settings.openai
    limits = Limits(
        requests_per_minute=openai.requests_per_minute,
        tokens_per_minute=openai.tokens_per_minute,
        requests_per_day=openai.requests_per_day,
    )
    silence = settings.workers.chapter_timeout_seconds
    conditions = Conditions(
        wait=around.bench.wait,
        beat=around.bench.beat,
        clock=around.clock,
        till=around.till,
        gate=around.gate,
        memory=LibraryMemory(settings.paths.library / WAYS),
        archive=around.bench,
        # Below what the supervisor allows: the call must time out before its worker is killed for being silent.
        timeout_seconds=min(openai.timeout_seconds, silence * 0.8),
        deadline_seconds=silence,
        retry_seconds=openai.retry_seconds,
        unreachable_retry_seconds=openai.unreachable_retry_seconds,
        tell=around.bench.tell,
    )
    manner = Manner(
        prompts=load_prompts(openai.prompts, profile=settings.guide.profile),
        find_quote=find_quote,
        part_words=openai.part_words,
        image_size=openai.image_size,
    )
    return OpenAIProvider(
        Endpoint(base_url=_bare(base_url), model=model, key=key, limits=limits),
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
        # No lock: two writers at once lose one lesson, which the next call learns again.
        write_atomic(self._path, dump_ways({**self._load(), f"{endpoint} {model}": way}))

    def _load(self) -> dict[str, Way]:
        try:
            return load_ways(self._path.read_bytes())
        except FileNotFoundError:
            return {}
