"""`imaginizectl prices`: the table with its days and sources, and prices that an endpoint publishes."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from imaginized.cli.ctl import main
from imaginized.errors import ExitCode
from imaginized.money.pricelist import read_prices

GOOD = {"prompt": "0.00000125", "completion": "0.00001", "image": "0.0036", "request": "0"}
MODELS = {
    "data": [
        {"id": "house/model", "pricing": GOOD},
        {"id": "house/model:free", "pricing": {"prompt": "0", "completion": "0"}},
        {"id": "house/router", "pricing": {"prompt": "-1", "completion": "-1"}},
        {"id": "by/request", "pricing": {**GOOD, "request": "0.01"}},
        {"id": 'evil"\n[[text]]', "pricing": GOOD},
        {"id": "too/dear", "pricing": {"prompt": "7", "completion": "inf"}},
        {"id": "no/price"},
        "nonsense",
    ]
}


@contextmanager
def publishing(*bodies: bytes, status: int = 200) -> Iterator[str]:
    """A server that answers with these, one after the other, then with the last again."""
    left = list(bodies)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = left.pop(0) if len(left) > 1 else left[0]
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            if status == 302:
                self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1/models"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "c.toml"
    file.write_text('[budget]\nprice_file = "prices.toml"\n')
    return file


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["prices", *map(str, arguments)])


def test_the_table_is_told_with_day_and_source(tmp_path: Path, config: Path) -> None:
    """Each row of it; one that does not say where its price was looked up is marked."""
    (tmp_path / "prices.toml").write_text(
        '[[text]]\nmodel = "a"\ninput_usd_per_million = 1\noutput_usd_per_million = 8\ndate = 2026-01-31\n'
        '[[image]]\nmodel = "b"\nusd_per_image = 0.04\ndate = 2026-02-01\nsource = "the price page of B"\n'
    )
    told, rows = run("--config", config).output, json.loads(run("--config", config, "--json").output)["prices"]

    assert "text  a: 1 a million tokens in, 8 out; any endpoint; 2026-01-31, source not given" in told
    assert "image b: 0.04 an image; any endpoint; 2026-02-01, the price page of B" in told
    assert "1 of 2 rows do not say where their price was looked up" in told
    assert [(row["model"], row["source"]) for row in rows] == [("a", ""), ("b", "the price page of B")]


def test_published_prices_are_put_into_the_users_file(tmp_path: Path, config: Path) -> None:
    """With day, source and host, once however often it is refreshed; what a person wrote there stays."""
    file = tmp_path / "prices.toml"
    file.write_text(
        '# mine\n[[text]]\nmodel = "own"\ninput_usd_per_million = 1\noutput_usd_per_million = 2\ndate = 2026-01-31\n'
    )
    dearer = {"data": [{"id": "house/model", "pricing": {**GOOD, "prompt": "0.000003"}}]}
    with publishing(json.dumps(MODELS).encode(), json.dumps(dearer).encode()) as url:
        first = json.loads(run("--config", config, "--refresh", f"{url}?secret=x", "--json").output)
        once = read_prices(file).text
        again = run("--config", config, "--refresh", url)
    twice = read_prices(file).text

    assert (first["models"], first["left_out"][:2]) == (2, ["house/router", "by/request"])
    assert [price.model for price in once] == ["own", "house/model", "house/model:free"]
    assert (once[1].input_usd_per_million, once[1].output_usd_per_million) == (1.25, 10.0)
    assert (once[1].hosts, once[1].source) == (("127.0.0.1",), url)
    assert again.exit_code == ExitCode.OK
    assert [(price.model, price.input_usd_per_million) for price in twice] == [("own", 1.0), ("house/model", 3.0)]
    assert file.read_text().startswith("# mine\n")


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"<html>", 200), (b"[]", 200), (b'{"data": []}', 200), (b"[" * 100_000, 200), (b"", 302), (b"no", 500)],
)
def test_what_publishes_no_prices_changes_nothing(tmp_path: Path, config: Path, body: bytes, status: int) -> None:
    """It is said what came, and no file is made."""
    with publishing(body, status=status) as url:
        result = run("--config", config, "--refresh", url)

    assert result.exit_code in (ExitCode.REJECTED, ExitCode.BUG)
    assert url in result.stderr
    assert not (tmp_path / "prices.toml").exists()


@pytest.mark.parametrize("url", ["http://prices.example.com/models", "file:///etc/passwd", "nonsense", "https://"])
def test_only_a_safe_address_is_asked(config: Path, url: str) -> None:
    """By https, or in one's own network."""
    assert run("--config", config, "--refresh", url).exit_code == ExitCode.USAGE


def test_without_a_file_of_ones_own_nothing_is_asked(tmp_path: Path) -> None:
    """The shipped table is not the user's to change; it is said what to set."""
    config = tmp_path / "c.toml"
    config.write_text("")
    result = run("--config", config, "--refresh", "https://prices.example.com/models")

    assert result.exit_code == ExitCode.BAD_SETTINGS
    assert "set price_file in [budget]" in result.stderr
