"""Books that ask for models of their own: who is asked, at which price, and whose business a refusal is."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from imaginized.cli.ctl import main
from imaginized.errors import Paused, Rejected
from imaginized.money.estimating import estimate
from imaginized.money.models import models_of
from imaginized.money.prices import parse_prices
from imaginized.money.till import held_after_split
from imaginized.providers.openai.calling import Endpoint
from imaginized.providers.openai.client import Manner, OpenAIProvider
from imaginized.providers.openai.prompt_texts import load_prompts
from imaginized.providers.scripted import Fault, Script, scripted
from imaginized.reading.quotes import find_quote
from imaginized.reasons import Code
from imaginized.settings.file import load_settings
from imaginized.stages.job import settings_for
from imaginized.story.sidecar_keys import BookRequest, problem_with
from imaginized.story.text import ChapterText, Paragraph
from tests.acceptance.test_openai_daemon import KEY, running
from tests.integration.test_openai import Waits, text_request
from tests.support import unbound
from tests.support.epubs import make_epub

PRICES = """
[[text]]
model = "reader-*"
date = 2026-01-01
input_usd_per_million = 1.0
output_usd_per_million = 1.0
[[image]]
model = "painter-1"
date = 2026-01-01
usd_per_image = 0.01
[[image]]
model = "painter-2"
date = 2026-01-01
usd_per_image = 0.05
quality = "low"
[[image]]
model = "painter-2"
date = 2026-01-01
usd_per_image = 0.2
quality = "high"
"""
OWN = 'text_model = "reader-2"\nimage_model = "painter-2"\nimage_quality = "high"\n'


def test_a_book_with_models_of_its_own_is_read_drawn_and_paid_by_them(tmp_path: Path) -> None:
    """Its neighbour has those of the settings; records, estimate and till know each by its model."""
    prices = tmp_path / "prices.toml"
    prices.write_text(PRICES)
    with (
        scripted(Script(key=KEY)) as server,
        running(server, tmp_path, budget__price_file=str(prices)) as daemon,
    ):
        (daemon.inbox / "own.toml").write_text(OWN)
        daemon.drop(make_epub(tmp_path / "own.epub", chapters=2, title="Own"))
        daemon.drop(make_epub(tmp_path / "plain.epub", chapters=2, title="Plain"))
        daemon.wait_for_phases("done", "done")
        calls: dict[str, set[tuple[str, str, float]]] = {}
        for folder in daemon.library.glob("*/data/calls"):
            records = [json.loads(path.read_text()) for path in folder.glob("*.json")]
            calls[folder.parts[-3].split("-")[0]] = {(each["kind"], each["model"], each["charged"]) for each in records}
            costs = {each["cost_usd"] for each in records if each["kind"] == "image"}
            assert costs == ({0.2} if folder.parts[-3].startswith("own") else {0.01})
        own = next(str(row["book"]) for row in daemon.books() if str(row["book"]).startswith("own"))
        command = [
            "--socket",
            str(daemon.socket),
            "estimate",
            own,
            "--json",
            "--config",
            str(daemon.folder / "imaginized.toml"),
        ]
        estimate = json.loads(CliRunner().invoke(main, command).stdout)
        drawn = [body for kind, body in server.counts.bodies if kind == "image"]
        foretold = daemon.call("foretell", order="retry", book=own, chapters="1")

    assert {model for _, model, _ in calls["own"]} == {"reader-2", "painter-2"}
    assert {model for _, model, _ in calls["plain"]} == {"reader-1", "painter-1"}
    assert {body.get("quality") for body in drawn if body["model"] == "painter-2"} == {"high"}
    assert {body.get("quality") for body in drawn if body["model"] == "painter-1"} == {None}
    assert (estimate["text"]["model"], estimate["image"]["model"]) == ("reader-2", "painter-2")
    assert estimate["image"]["cost_usd"]["likely"] == pytest.approx(0.2 * estimate["images"])
    assert foretold["cost_usd"] == pytest.approx(0.4)  # one picture, should it be asked for twice


def test_a_model_of_unknown_price_holds_its_book_alone(tmp_path: Path) -> None:
    """Before anything is asked for it, a person is told which model that is; with the settings' model none is held."""
    prices = parse_prices(PRICES, origin="test")
    given = {"provider.text": "openai", "provider.image": "openai", "openai.base_url": "https://api.example.com/v1"}
    given |= {"openai.text_model": "reader-1", "openai.image_model": "painter-1"}
    settings = load_settings(None, environment={"HOME": str(tmp_path)}, overrides=given)
    chapter = ChapterText(number=1, title="I", paragraphs=(Paragraph(text="A lamp burned. " * 200),))
    held = {}
    for name in ("", "painter-9"):
        models = models_of(settings_for(BookRequest(image_model=name), settings))
        found = estimate("A Book", [chapter], guide=settings.guide, models=models, prices=prices)
        held[name] = held_after_split(found, budget=settings.budget, approval=None)

    assert held[""] is None
    assert held["painter-9"] is not None
    assert (held["painter-9"].code, "painter-9" in str(held["painter-9"])) == (Code.PRICE_UNKNOWN, True)


@pytest.mark.parametrize("status", [403, 404])
def test_a_refused_model_is_its_books_own_business(status: int) -> None:
    """That book is told to name another; of the settings' model the same words pause the work."""
    fault = Fault(kind="status", status=status, message="The model `x` does not exist or you may not use it")
    came = {}
    for is_for_book in (True, False):
        with scripted(Script(text=(fault,) * 9)) as server:
            endpoint = Endpoint(base_url=server.base_url, model="x", is_for_book=is_for_book)
            manner = Manner(prompts=load_prompts(None, profile="general"), find_quote=find_quote)
            provider = OpenAIProvider(endpoint, conditions=unbound.conditions(wait=Waits()), manner=manner)
            with pytest.raises((Rejected, Paused)) as caught:
                provider.write(text_request())
            came[is_for_book] = (type(caught.value), server.counts.requests["text"], str(caught.value))

    assert [came[True][:2], came[False][:2]] == [(Rejected, 1), (Paused, 1)]
    assert "which this book asks for" in came[True][2]


@pytest.mark.parametrize(
    ("key", "value", "is_good"),
    [
        ("text_model", "gpt-5-mini", True),
        ("text_model", "deepseek/deepseek-r1:free", True),
        ("text_model", "hf.co/unsloth/Qwen3-8B-GGUF:Q4_K_M", True),
        ("image_model", "v1-5-pruned.safetensors [6ce0161689]", True),
        ("image_model", "@cf/black/flux", False),
        ("text_model", "", False),
        ("text_model", " m", False),
        ("text_model", "m\nn", False),
        ("text_model", "http://evil.example/v1", False),
        ("text_model", "../../etc/passwd", False),
        ("text_model", "a/../b", False),
        ("text_model", "/etc/passwd", False),
        ("text_model", "m" * 129, False),
        ("text_model", "mød\u202eel", False),
        ("text_model", 5, False),
        ("text_model", ["m"], False),
        ("image_quality", "high", True),
        ("image_quality", "hd", True),
        ("image_quality", "very high", False),
        ("image_quality", "h" * 33, False),
        ("image_quality", True, False),
    ],
)
def test_names_of_models_are_bounded(key: str, value: object, is_good: bool) -> None:
    """A name as endpoints have them; no place, no control character, no other type."""
    assert (problem_with(key, value) == "") == is_good
