"""Making a provider of the table in `settings.vendors`, and what it is made with.

It is imported only when it is made: some take seconds to import, and the supervisor reads the table, too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

from imaginized.clock import Clock
from imaginized.limits.gate import Gate
from imaginized.money.calls import Till
from imaginized.process.waiting import Waiting
from imaginized.providers.api import Provider
from imaginized.providers.keys import Keys
from imaginized.providers.modules import module_of
from imaginized.providers.openai.verbatim import FindQuote
from imaginized.settings.model import Settings
from imaginized.settings.vendors import Use, Vendor


class Desk(Protocol):
    """Where a provider waits, is seen to be alive, and keeps the answers of the task it works for."""

    def wait(self, seconds: float) -> None:
        """Wait so long; raises Interrupted when the task is to be left."""

    def beat(self) -> None:
        """The work goes on."""

    def tell(self, waiting: Waiting | None) -> None:
        """What it waits for from now on."""

    def load(self, asked: str) -> bytes | None:
        """What was answered before; None if nothing was."""

    def save(self, asked: str, data: bytes) -> None:
        """Keep an answer, durably."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a worker lends the providers it makes.

    Attributes:
        keys: By what they are for.
        desk: Where they wait and keep their answers.
        till: Where they pay.
        gate: Where they wait for their turn, with all other workers.
        find_quote: Finds a quote in a chapter's text.
        is_for_book: Whether the settings that it is made of have a model that one book alone asks for.
    """

    keys: Keys
    desk: Desk
    till: Till
    gate: Gate
    clock: Clock
    find_quote: FindQuote
    is_for_book: bool = False


Make = Callable[[Settings, Use, Surroundings], Provider]


def make_provider(vendor: Vendor, settings: Settings, use: Use, *, around: Surroundings) -> Provider:
    """The provider for one use, in the process that uses it."""
    make: Make = import_module(module_of(vendor)).make
    return make(settings, use, around)
