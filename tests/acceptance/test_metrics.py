"""Seen from outside: figures that a real promtool accepts and PromQL can ask, and that no restart makes fall."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from imaginized.providers.scripted import Fault, Script, scripted
from tests.support.clients import ctl
from tests.support.daemons import Daemon, asking, daemon_in
from tests.support.epubs import make_epub

DEPLOY = Path(__file__).parents[2] / "deploy"
CHAPTERS = 3
SAMPLE = re.compile(r"^([a-z_]+)(\{[^}]*\})? ([0-9.e+-]+|\+Inf)$")


def promtool(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    if shutil.which("promtool") is None:
        pytest.skip("promtool is not installed")
    return subprocess.run(["promtool", *arguments], input=given, capture_output=True, text=True, timeout=60)


def options(base_url: str) -> dict[str, object]:
    return {**asking(base_url), "guide__formats": ["markdown"]}


def samples(text: str) -> dict[str, float]:
    found = {}
    for line in text.splitlines():
        match = None if line.startswith("#") else SAMPLE.match(line)
        assert match or line.startswith("#"), line
        if match:
            found[f"{match[1]}{match[2] or ''}"] = float(match[3])
    return found


def figures(daemon: Daemon) -> str:
    ended = ctl(daemon.socket, "metrics")
    assert ended.exit_code == 0, ended.output
    return ended.output


def growing(text: str) -> dict[str, float]:
    """The samples of counters and histograms."""
    kinds = dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE))
    names = {name for name, kind in kinds.items() if kind != "gauge"}
    return {
        key: value
        for key, value in samples(text).items()
        if re.sub(r"(_bucket|_sum|_count)?(\{.*)?$", "", key) in names or key.partition("{")[0] in names
    }


def expressions() -> Iterator[str]:
    for panel in json.loads((DEPLOY / "grafana.json").read_text())["panels"]:
        yield from (target["expr"] for target in panel["targets"])


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The figures of a daemon that has done a book with one failed call."""
    folder = tmp_path_factory.mktemp("told")
    script = Script(text=(Fault(kind="status", status=500),))
    with scripted(script) as server, daemon_in(folder, drawing=True, faults="", **options(server.base_url)) as daemon:
        daemon.drop(make_epub(folder / "book.epub", chapters=CHAPTERS))
        daemon.wait_for_phases("done")
        yield figures(daemon)


def test_what_was_called_and_made_is_counted(told: str) -> None:
    """Calls, tokens, pictures, chapters and how long each took, by the names that they are known by."""
    found = samples(told)

    assert found['imaginized_requests_total{op="text",code="ok"}'] == CHAPTERS
    assert found['imaginized_requests_total{op="text",code="500"}'] == 1
    assert found['imaginized_request_seconds_count{op="image"}'] == CHAPTERS
    assert found['imaginized_images_total{model="painter-1",result="ok"}'] == CHAPTERS
    assert found['imaginized_plates_total{by="openai"}'] == CHAPTERS
    assert found['imaginized_chapters_total{stage="analyze",result="completed"}'] == CHAPTERS
    assert found['imaginized_steps_total{stage="compile",result="completed"}'] == 1
    assert found['imaginized_task_seconds_count{stage="illustrate"}'] == CHAPTERS
    assert found['imaginized_tokens_total{dir="in"}'] > 0
    assert found['imaginized_books{phase="done"}'] == 1
    assert found['imaginized_cost_usd_total{sure="false"}'] >= 0
    assert "imaginized_up" in found


def test_promtool_has_nothing_to_complain_about(told: str) -> None:
    """Names, kinds and help are as its linter wants them."""
    ended = promtool("check", "metrics", given=told)

    assert (ended.returncode, ended.stdout + ended.stderr) == (0, "")


def test_every_figure_has_its_help_once(told: str) -> None:
    """Without promtool, too: a family is one block, and no series comes twice."""
    helps = re.findall(r"^# HELP (\S+)", told, re.MULTILINE)
    series = [line.rpartition(" ")[0] for line in told.splitlines() if not line.startswith("#")]

    assert len(helps) == len(set(helps))
    assert len(series) == len(set(series))


def test_the_dashboard_and_the_alerts_ask_for_figures_that_there_are(told: str, tmp_path: Path) -> None:
    """Each of their names is one of ours; promtool takes every expression, and finds what a real daemon told."""
    rules = (DEPLOY / "prometheus-rules.yaml").read_text()
    ours = {re.sub(r"_(bucket|sum|count)$", "", name) for name in re.findall(r"^# TYPE (\S+)", told, re.MULTILINE)}
    asked = set(re.findall(r"imaginized_[a-z_]+", " ".join([*expressions(), rules])))
    assert {re.sub(r"_bucket$", "", name) for name in asked} <= ours

    assert promtool("check", "rules", str(DEPLOY / "prometheus-rules.yaml")).returncode == 0
    queries = {
        'sum(imaginized_requests_total{code="ok"})': 2 * CHAPTERS,
        'sum(increase(imaginized_chapters_total{stage="analyze"}[10m])) > bool 0': 1,
        'sum(imaginized_books{phase=~"done"})': 1,
        'count(imaginized_request_seconds_bucket{le="+Inf"})': 2,
        "histogram_quantile(0.5, sum by (le) (rate(imaginized_request_seconds_bucket[10m]))) > bool 0": 1,
        "sum(imaginized_cost_usd_total) >= bool 0": 1,
        "sum(imaginized_paused) or vector(0)": 0,
    }
    ended = promtool("test", "rules", str(written(tmp_path, told, queries)))
    assert ended.returncode == 0, ended.stdout + ended.stderr


def written(folder: Path, told: str, queries: Mapping[str, float]) -> Path:
    """A test for promtool: from nothing to what the daemon told, then every expression and what it is."""
    grown = growing(told)
    series = [
        {"series": key, "values": f"0x5 {value}x10" if key in grown else f"{value}x15"}
        for key, value in samples(told).items()
    ]
    tests = [
        {"expr": expr, "eval_time": "10m", "exp_samples": [{"labels": "{}", "value": value}]}
        for expr, value in queries.items()
    ]
    (folder / "dashboard.yaml").write_text(
        json.dumps({"groups": [{"name": "d", "rules": [
            {"record": f"panel:{number}", "expr": expr} for number, expr in enumerate(expressions())
        ]}]})
    )  # fmt: skip
    plan = {
        "rule_files": ["dashboard.yaml", str(DEPLOY / "prometheus-rules.yaml")],
        "evaluation_interval": "1m",
        "tests": [{"interval": "1m", "input_series": series, "promql_expr_test": tests}],
    }
    (folder / "test.yaml").write_text(json.dumps(plan))  # JSON is YAML
    return folder / "test.yaml"


def test_no_figure_that_grows_ever_falls(tmp_path: Path) -> None:
    """Killed or stopped, the next daemon begins with what the last one told."""
    with (
        scripted(Script()) as server,
        daemon_in(tmp_path, drawing=True, faults="", **options(server.base_url)) as daemon,
    ):
        daemon.drop(make_epub(tmp_path / "book.epub", chapters=CHAPTERS))
        daemon.wait_for_phases("done")
        before = growing(figures(daemon))
        daemon.kill()
        daemon.start()
        killed = growing(figures(daemon))
        daemon.drop(make_epub(tmp_path / "other.epub", title="Other", chapters=1))
        daemon.wait_for_phases("done", "done")
        daemon.stop()
        daemon.start()
        stopped = growing(figures(daemon))

    assert before
    assert all(killed[key] >= value for key, value in before.items())
    assert all(stopped[key] >= value for key, value in killed.items())
    key = 'imaginized_chapters_total{stage="analyze",result="completed"}'
    assert (before[key], stopped[key]) == (CHAPTERS, CHAPTERS + 1)


def test_the_same_figures_are_written_into_a_file(tmp_path: Path) -> None:
    """Whole, for everybody to read, by the process that harms nobody; also with no one to be told anything."""
    file = tmp_path / "imaginized.prom"
    with daemon_in(tmp_path, metrics__textfile=str(file)) as daemon:
        daemon.wait_for(file.exists, "the file is written")
        text, mode = file.read_text(), file.stat().st_mode & 0o777
        ended = ctl(daemon.socket, "metrics", "--output", str(tmp_path / "own.prom"))
        daemon.stop()

    assert not file.exists()  # nobody answers any more, and it says that somebody does
    assert samples(text)["imaginized_up"] == 1
    assert mode == 0o644
    assert ended.exit_code == 0
    assert set(re.findall(r"^# TYPE (\S+)", text, re.MULTILINE)) == set(
        re.findall(r"^# TYPE (\S+)", (tmp_path / "own.prom").read_text(), re.MULTILINE)
    )
    assert not list(tmp_path.glob(".*.tmp"))
