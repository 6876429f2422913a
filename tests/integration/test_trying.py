"""`imaginizectl doctor --endpoint` against scripted endpoints and those of the zoo: what it says, keeps and pays."""

import json
import os
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from imaginized.cli.ctl import main
from imaginized.clock import SystemClock
from imaginized.errors import ExitCode
from imaginized.money.ledger import Ledger
from imaginized.providers.openai.calling import Endpoint
from imaginized.providers.openai.client import Manner, OpenAIProvider
from imaginized.providers.openai.ladder import Rung
from imaginized.providers.openai.making import WAYS, LibraryMemory
from imaginized.providers.openai.prompt_texts import load_prompts
from imaginized.providers.openai.trial import TITLE
from imaginized.providers.scripted import Fault, Script, ScriptedServer, scripted
from imaginized.reading.quotes import find_quote
from imaginized.store.owners import current_owner
from tests.integration.test_openai import Waits, text_request
from tests.support import unbound
from tests.support.zoo import WallClock, Zoo, quiet_server, served

KEY = "sk-canary-77aa31bc90"
PRICES = """
[[text]]
model = "reader-1"
date = 2026-01-01
input_usd_per_million = 2.0
output_usd_per_million = 10.0
[[image]]
model = "painter-1"
date = 2026-01-01
usd_per_image = 0.04
"""


@dataclass(slots=True)
class Told:
    """What a run said: the object on standard output, the lines beside it, its exit code."""

    code: int
    aside: str
    answer: Mapping[str, Any] = field(default_factory=dict)

    def of(self, use: str) -> Mapping[str, Any]:
        return next(row for row in self.answer["endpoints"] if row["use"] == use)


@dataclass(frozen=True, slots=True)
class Place:
    """A library with settings of its own."""

    folder: Path

    @property
    def library(self) -> Path:
        return self.folder / "library"

    def ask(self, *options: str, **settings: object) -> Told:
        """Run the command with these settings."""
        paths = {f"paths.{name}": str(self.folder / name) for name in ("inbox", "library", "socket")}
        given = {"openai.retry_seconds": 0.05, **paths}
        given |= {key.replace("__", "."): value for key, value in settings.items()}
        config = self.folder / "imaginized.toml"
        config.write_text("".join(f"{key} = {json.dumps(value)}\n" for key, value in given.items()))
        command = ["doctor", "--endpoint", "--config", str(config), "--json", *options]
        run = CliRunner().invoke(main, command, env={"OPENAI_API_KEY": KEY})
        assert run.exception is None or isinstance(run.exception, SystemExit), run.exception
        answer = json.loads(run.stdout) if run.stdout.startswith("{") else {}
        assert KEY not in run.output
        return Told(code=run.exit_code, aside=run.stderr, answer=answer)

    def ways(self) -> Mapping[str, Any]:
        path = self.library / WAYS
        return json.loads(path.read_text()) if path.exists() else {}

    def ledger(self) -> Ledger:
        return Ledger(self.library, clock=SystemClock(), owner=current_owner("test", pid=os.getpid()))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    (tmp_path / "library").mkdir()
    return Place(tmp_path)


@pytest.fixture(scope="module")
def zoo() -> Iterator[Zoo]:
    with served(WallClock()) as found:
        yield found


def of_server(server: ScriptedServer) -> dict[str, object]:
    return {
        "provider__text": "openai",
        "provider__image": "openai",
        "openai__base_url": server.base_url,
        "openai__text_model": "reader-1",
        "openai__image_model": "painter-1",
    }


def test_what_is_learned_is_where_a_fresh_worker_begins(place: Place) -> None:
    """An endpoint that knows no schema is climbed down once, by the doctor; the next chapter costs one request."""
    with scripted(Script(rungs=("text",), limit_name="max_tokens")) as server:
        told = place.ask(
            provider__image="none", **{k: v for k, v in of_server(server).items() if k != "provider__image"}
        )
        before = server.counts.requests["text"]
        endpoint = Endpoint(base_url=server.base_url, model="reader-1")
        conditions = unbound.conditions(wait=Waits(), memory=LibraryMemory(place.library / WAYS))
        manner = Manner(prompts=load_prompts(None, profile="general"), find_quote=find_quote)
        OpenAIProvider(endpoint, conditions=conditions, manner=manner).write(text_request())
        after = server.counts.requests["text"] - before

    assert told.code == ExitCode.OK
    assert told.of("text")["way"]["rung"] == Rung.EXTRACTION
    assert told.of("text")["way"]["limit"] == "max_tokens"
    assert told.of("text")["usage"] == ["tokens"]
    assert before <= 5
    assert after == 1


def test_who_gets_what_for_how_much_is_said_before(place: Place) -> None:
    """Hosts, models and the most that it costs; no more is spent, all of it is settled, and no book is in it."""
    prices = place.folder / "prices.toml"
    prices.write_text(PRICES)
    with scripted(Script(key=KEY)) as server:
        told = place.ask(budget__price_file=str(prices), **of_server(server))
        sent = [json.dumps(body) for _, body in server.counts.bodies]
        host = server.base_url.split("/")[2]
    balance = place.ledger().balance()

    assert f"reading: {host} gets an invented text" in told.aside and "reader-1" in told.aside
    assert f"pictures: {host} gets the description of an invented scene" in told.aside
    most, spent = told.answer["most_usd"], told.answer["spent_usd"]
    assert f"at most {most:.2f} USD" in told.aside
    assert 0.08 <= spent <= most <= 0.5
    assert balance.day_reserved == 0.0
    assert balance.day_spent == pytest.approx(spent)
    assert all(any(words in body for words in (TITLE, "red boat", "one to two hundred")) for body in sent)


def test_the_cap_of_the_day_counts_here_too(place: Place) -> None:
    """Nothing is sent that would pass it."""
    prices = place.folder / "prices.toml"
    prices.write_text(PRICES)
    with scripted(Script(key=KEY)) as server:
        told = place.ask(budget__price_file=str(prices), budget__max_usd_per_day=0.01, **of_server(server))
        requests = dict(server.counts.requests)

    assert told.code == ExitCode.NEEDS_ATTENTION
    assert requests == {}
    assert "max_usd_per_day" in told.of("text")["problem"]


def test_what_never_works_costs_no_more_than_was_said(place: Place) -> None:
    """Answers that are paid for and hold nothing end at the cap, and nothing is remembered of them."""
    prices = place.folder / "prices.toml"
    prices.write_text(PRICES)
    nothing = (Fault(kind="malformed"),) * 50
    with scripted(Script(text=nothing, image=nothing, key=KEY)) as server:
        told = place.ask(budget__price_file=str(prices), **of_server(server))

    assert told.code == ExitCode.NEEDS_ATTENTION
    assert told.answer["spent_usd"] <= told.answer["most_usd"]
    assert [bool(row["problem"]) for row in told.answer["endpoints"]] == [True, True]
    assert place.ways() == {}


def test_nothing_is_asked_that_the_settings_forbid(place: Place) -> None:
    """`[provider] remote = false` refuses a remote endpoint; where builtin does all, there is nothing to ask."""
    remote = {"provider__text": "openai", "openai__base_url": "https://api.example.com/v1", "openai__text_model": "m"}
    forbidden = place.ask(provider__remote=False, provider__image="none", **remote)
    nobody = place.ask(provider__text="builtin", provider__image="builtin")

    assert forbidden.code == ExitCode.BAD_SETTINGS
    assert "remote" in forbidden.aside
    assert nobody.code == ExitCode.NOTHING_TO_DO
    assert place.ways() == {}


def test_another_users_library_is_left_alone(place: Place) -> None:
    """What root writes there the daemon could not write to afterwards."""
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    os.chown(place.library, 54321, -1)
    with scripted(Script(key=KEY)) as server:
        told = place.ask(**of_server(server))

    assert told.code == ExitCode.PERMISSION
    assert "sudo -u 54321" in told.aside
    assert server.counts.requests == {}
    assert list(place.library.iterdir()) == []


WANTED: dict[str, dict[str, object]] = {
    "fine": {"problem": "", "usage": ["tokens"], "ends": ["stop"]},
    "gem_no_usage": {"problem": "", "usage": []},
    "mistral_422": {"problem": "", "way.limit": "max_tokens"},
    "together_422": {"problem": ""},
    "oa_stream_only": {"problem": "", "way.streams": True},
    "im_size_400": {"problem": "", "references": True, "sizes": ["1024x1024", "256x256", "512x512"]},
    "im_edits_400": {"problem": "", "references": False},
    "im_edits_500": {"problem": "", "references": False},
    "im_webp": {"problem": "", "form": "webp, within the answer"},
    "im_url_metadata": {"form": "a URL to fetch it from"},
    "or_images_chat": {"problem": "", "way.draws_in_chat": True},
}


@pytest.mark.parametrize("name", sorted(WANTED))
def test_what_is_learned_of_an_endpoint(zoo: Zoo, place: Place, name: str) -> None:
    """Its form of answers, sizes, references, usage and words, in a few calls; kept by endpoint and model."""
    url = f"http://127.0.0.1:{zoo.port}/{name}/v1"
    zoo.forget(name)
    is_image = name.startswith("im_") or "images" in name
    own = {"provider__image": "openai", "openai__image_model": "m"} if is_image else {"provider__text": "openai"}
    told = place.ask(openai__base_url=url, openai__text_model="m", **{"provider__image": "none", **own})
    (row,) = told.answer["endpoints"]
    found = {key: row["way"][key[4:]] if key.startswith("way.") else row[key] for key in WANTED[name]}

    assert found == WANTED[name]
    assert row["calls"] <= 6
    assert list(place.ways()) == [f"{url} m"]


@pytest.mark.parametrize("name", ["oa_org_verify", "oa_quota", "gem_badkey_list", "oa_region", "cf_challenge"])
def test_what_refuses_us_is_said_and_pauses_nobody(zoo: Zoo, place: Place, name: str) -> None:
    """One request; the words of the endpoint; the daemon's workers are not told to wait."""
    zoo.forget(name)
    url = f"http://127.0.0.1:{zoo.port}/{name}/v1"
    told = place.ask(provider__text="openai", provider__image="none", openai__base_url=url, openai__text_model="m")

    assert told.code == ExitCode.NEEDS_ATTENTION
    assert told.of("text")["problem"]
    assert told.of("text")["calls"] == 1
    assert place.ways() == {}
    assert not list(place.library.glob("*.sqlite"))


def test_where_nobody_is_there_it_says_so_at_once(place: Place) -> None:
    """A refused connection is not waited for."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    url = f"http://127.0.0.1:{port}/v1"
    told = place.ask(provider__text="openai", provider__image="none", openai__base_url=url, openai__text_model="m")

    assert told.code == ExitCode.NEEDS_ATTENTION
    assert "unreachable" in told.of("text")["problem"]


class Hostile(BaseHTTPRequestHandler):
    """Says too much of everything, in control characters."""

    def do_GET(self) -> None:
        deep: object = 7
        for _ in range(100):
            deep = {"context_length": deep}
        rows = [{"id": "m\u202e", "context_length": 10**30}, deep, "x", None, {"id": ["m"]}, {"id": "m", "n_ctx": 4096}]
        self._say(200, {"data": rows * 3_000})

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])) or b"{}")
        if "prompt" in asked:
            self._say(
                400,
                {"error": {"message": "size must be one of \x1b[31m" + " ".join(f"{n}x{n}" for n in range(64, 4000))}},
            )
            return
        content = json.dumps({"scenes": [{"first": 1, "last": 2, "description": "d", "elements": []}], "elements": []})
        finish = "\x1b]0;owned\x07" * 2_000
        choice = {"message": {"content": content}, "finish_reason": finish, "native_finish_reason": ["x"]}
        usage = {"prompt_tokens": 10**18, "completion_tokens": -5, "cost": 1e300}
        self._say(200, {"choices": [choice], "usage": usage})

    def _say(self, status: int, what: object) -> None:
        body = json.dumps(what).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


def test_a_hostile_endpoint_gets_nothing_onto_the_terminal(place: Place) -> None:
    """What it says is bounded and harmless; what it says of money counts no more than can be."""
    prices = place.folder / "prices.toml"
    prices.write_text(PRICES)
    with quiet_server(Hostile) as server:
        url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        asked = {"openai__base_url": url, "openai__text_model": "m", "openai__image_model": "m"}
        models = {"provider__text": "openai", "provider__image": "openai", "budget__price_file": str(prices)}
        told = place.ask(**asked, **models)
        plain = CliRunner().invoke(main, ["doctor", "--endpoint", "--config", str(place.folder / "imaginized.toml")])

    assert "\x1b" not in plain.output and "\u202e" not in plain.output
    assert max(map(len, plain.output.splitlines())) < 1_000
    assert told.of("text")["context_tokens"] == 4096
    assert len(told.of("image")["sizes"]) <= 12
    assert told.answer["spent_usd"] <= told.answer["most_usd"]


def test_one_model_for_both_has_one_way(place: Place) -> None:
    """What was learned of its texts is not forgotten over its pictures."""
    with scripted(Script(rungs=("json_object", "text"), image_route="chat")) as server:
        asked = {**of_server(server), "openai__text_model": "both", "openai__image_model": "both"}
        told = place.ask(**asked)

    assert told.code == ExitCode.OK
    (way,) = place.ways().values()
    assert (way["rung"], way["draws_in_chat"]) == (Rung.OBJECT, True)
