"""The soak's endpoint that charges: how often it was asked, and what the ledger says of it."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from imaginized.money.ledger import FOLDER
from imaginized.providers.scripted import ScriptedServer

LATENCY_SECONDS = 0.1
# A server of each worker, and its fork that waits for the next picture.
DECODERS = 6
CALLS = "calls"  # a book's folder of what was asked: with times, and of a call that was lost and made again, twice
# What each kill may cost: the calls that were under way in what it ends. The gate makes none.
LOST = {"worker": 1, "supervisor": 3, "fork server": 3}
# With an endpoint pictures are drawn like the faces that are there by then, and say what their own worker has paid.
VARIED = frozenset(("illustrations", "images", "exports"))
PRICES = """
[[text]]
model = "reader-1"
input_usd_per_million = 1
output_usd_per_million = 1
date = 2026-01-31

[[image]]
model = "painter-1"
usd_per_image = 0.01
date = 2026-01-31
"""


def options_for(folder: Path, base_url: str) -> Mapping[str, object]:
    """Settings of a daemon that has its books read and drawn there, for money."""
    prices = folder / "prices.toml"
    prices.write_text(PRICES)
    return {
        "provider.text": "openai",
        "provider.image": "openai",
        "openai.base_url": base_url,
        "openai.text_model": "reader-1",
        "openai.image_model": "painter-1",
        "openai.retry_seconds": 0.05,
        "budget.price_file": str(prices),
        "budget.max_usd_per_book": 1000.0,
        "budget.max_usd_per_day": 1000.0,
        "budget.approve_above_usd": 1000.0,
    }


@dataclass(kw_only=True)
class Calls:
    """What the endpoint was asked, by book."""

    server: ScriptedServer
    library: Path
    needed: dict[str, int] = field(default_factory=dict)
    _before: int = 0

    def begin(self) -> None:
        """A book is about to be dropped."""
        self._before = self._asked()

    def learn(self, title: str) -> None:
        """What a book takes that nobody disturbs."""
        self.needed[title] = self._asked() - self._before

    def problems(self, title: str, kills: Mapping[str, int]) -> Iterator[str]:
        """More calls than the kills explain, or money that the ledger does not know once."""
        asked, needed = self._asked() - self._before, self.needed[title]
        lost = sum(LOST.get(victim, 0) * count for victim, count in kills.items())
        if not needed <= asked <= needed + lost:
            yield f"{asked} calls for {title}, which needs {needed}; the kills explain {lost} more"
        yield from self._ledger_problems()

    def _ledger_problems(self) -> Iterator[str]:
        reserved, settled = Counter[str](), Counter[str]()
        for file in sorted((self.library / FOLDER).glob("*.jsonl")):
            for line in file.read_text().splitlines():
                row = json.loads(line)
                (settled if "settle" in row else reserved)[str(row.get("settle", row.get("reserve")))] += 1
        yield from (f"reservation {name} was made {count} times" for name, count in reserved.items() if count > 1)
        yield from (f"reservation {name} was settled {count} times" for name, count in settled.items() if count > 1)
        yield from (f"reservation {name} is not settled" for name in reserved.keys() - settled.keys())
        yield from (f"{name} was settled and never reserved" for name in settled.keys() - reserved.keys())
        if self._asked() > reserved.total():
            yield f"{self._asked()} calls with {reserved.total()} reservations"

    def _asked(self) -> int:
        return self.server.counts.requests.total()
