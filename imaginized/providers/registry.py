"""The providers by name. A new one is a module of this room, a row here and its name in settings.choices.

A row imports its provider only when it is made: some take seconds to import, and the supervisor reads this table, too.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, Protocol

from imaginized.clock import Clock
from imaginized.limits.gate import Gate
from imaginized.money.calls import Till
from imaginized.process.waiting import Waiting
from imaginized.providers.api import Provider
from imaginized.providers.keys import Keys
from imaginized.providers.openai.verbatim import FindQuote
from imaginized.settings.model import Settings

Use = Literal["text", "image"]


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
    """

    keys: Keys
    desk: Desk
    till: Till
    gate: Gate
    clock: Clock
    find_quote: FindQuote


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """One provider.

    Attributes:
        name: As in `provider.text` and `provider.image`.
        make: Makes it for one use.
        module: What a fork server imports for it before it forks.
    """

    name: str
    make: Callable[[Settings, Use, Surroundings], Provider]
    module: str


def _builtin(_settings: Settings, _use: Use, _around: Surroundings) -> Provider:
    from imaginized.providers.builtin.provider import BuiltinProvider

    return BuiltinProvider()


def _openai(settings: Settings, use: Use, around: Surroundings) -> Provider:
    from imaginized.providers.openai.making import make

    return make(settings, use, around)


_ROWS = (
    Vendor(name="builtin", make=_builtin, module="imaginized.providers.builtin.provider"),
    Vendor(name="openai", make=_openai, module="imaginized.providers.openai.making"),
)
VENDORS: Mapping[str, Vendor] = MappingProxyType({vendor.name: vendor for vendor in _ROWS})


def vendor_of(settings: Settings, use: Use) -> Vendor | None:
    """Who serves a use under these settings; None for nobody."""
    return VENDORS.get(settings.provider.text if use == "text" else settings.provider.image)
