"""What several homes answer, as one answer: rows say in `shard` whose they are. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from imaginized.control.answers import Status
from imaginized.control.protocol import HOSTS, STATUS
from imaginized.control.reporting import head
from imaginized.control.shard_rows import ShardRow
from imaginized.errors import ControlError, ExitCode
from imaginized.front.shards import Shard
from imaginized.reasons import Code

Json = Mapping[str, object]
Row = dict[str, object]
AWAY = "away"
STATES = ("running", "starting", "paused", "draining")  # the first that a home is in is that of all


def merged_rows(answers: Mapping[str, Json], key: str) -> list[Row]:
    """The rows of all homes under one key, each with its home."""
    return [{**row, "shard": name} for name, answer in answers.items() for row in cast(list[Row], answer[key])]


def merged_hosts(answers: Mapping[str, Json], away: Mapping[str, ControlError]) -> Row:
    """The hosts of all homes."""
    engines = [str(one["engine"]) for one in answers.values()]
    looked = [str(one["looked_at"]) for one in answers.values() if one["looked_at"]]
    problems = [f"{name}: {one['problem']}" for name, one in answers.items() if one["problem"]]
    return {
        **head(HOSTS),
        "engine": next((engine for engine in engines if engine != "none"), "none"),
        "looked_at": min(looked, default=None),
        "problem": "; ".join(problems),
        "hosts": merged_rows(answers, "hosts"),
        "store_problem": "; ".join(
            f"{name}: {one['store_problem']}" for name, one in answers.items() if one.get("store_problem")
        ),
        "strangers": sum(int(str(one.get("strangers") or 0)) for one in answers.values()),
        "away": [str(row["text"]) for row in _away_rows(away)],
    }


def merged_status(
    shards: Sequence[Shard], answers: Mapping[str, Status], away: Mapping[str, ControlError], *, state: str
) -> Status:
    """The status of all homes that answer; those that do not are problems.

    Args:
        shards: Every home.
        answers: At least one.
        away: Why the others do not answer.
        state: The state of books that was asked for.
    """
    statuses = list(answers.values())
    found: Row = {
        **head(STATUS),
        **_of_daemons(answers),
        **_of_books(answers, state=state),
        **_problems(answers, away),
        # A front has neither folder. Who needs one asks a home, or `judge`, which names an inbox.
        "paths": {"inbox": "", "library": ""},
        "inbox": _inbox(answers),
        "budget": {
            "spent_today_usd": round(sum(one["budget"]["spent_today_usd"] for one in statuses), 6),
            "max_usd_per_day": round(sum(one["budget"]["max_usd_per_day"] for one in statuses), 6),
        },
        "shards": [_shard(one, answers.get(one.name), away.get(one.name)) for one in shards],
    }
    return cast(Status, found)


def _of_daemons(answers: Mapping[str, Status]) -> Row:
    statuses = list(answers.values())
    changed = [one["settings"] for one in statuses if one["settings"]["change"] != "in_force"]
    sandboxes = [one["sandbox"] for one in statuses if one["sandbox"] is not None]
    asks = {(row["use"], row["endpoint"], row["model"]): row for one in statuses for row in one["asks"]}
    return {
        "state": min((one["state"] for one in statuses), key=lambda word: (*STATES, word).index(word)),
        "settings": next(iter(changed), statuses[0]["settings"]),
        "workers": merged_rows(answers, "workers"),
        "breaker": "open" if any(one["breaker"] == "open" for one in statuses) else "closed",
        "converts": all(one["converts"] for one in statuses),
        "sandbox": min(sandboxes, key=lambda one: one["is_whole"], default=None),
        "asks": list(asks.values()),
        "pacing": statuses[0]["pacing"],
        "limits": merged_rows(answers, "limits"),
    }


def _of_books(answers: Mapping[str, Status], *, state: str) -> Row:
    counts: Counter[str] = Counter()
    for one in answers.values():
        counts.update(one["counts"])
    pages = [one["page"] for one in answers.values()]
    page = {
        "state": state,
        "number": pages[0]["number"],
        "pages": max(each["pages"] for each in pages),
        "books": sum(each["books"] for each in pages),
        "is_whole": all(each["is_whole"] for each in pages),
    }
    return {"books": merged_rows(answers, "books"), "counts": dict(counts), "page": page}


def _problems(answers: Mapping[str, Status], away: Mapping[str, ControlError]) -> Row:
    rows = [*_reasons(answers, "problem_reasons"), *_away_rows(away)]
    texts = [f"{name}: {text}" for name, one in answers.items() for text in one["problems"]]
    pauses = _reasons(answers, "pauses")
    return {
        "problems": texts + [f"{row['text']}; {row['advice']}" for row in _away_rows(away)],
        "problem_reasons": rows,
        "pauses": pauses,
        "paused": {f"{name}: {cause}": why for name, one in answers.items() for cause, why in one["paused"].items()},
    }


def _reasons(answers: Mapping[str, Json], key: str) -> list[Row]:
    rows = merged_rows(answers, key)
    return [{**row, "text": f"{row['shard']}: {row['text']}"} for row in rows]


def _away_rows(away: Mapping[str, ControlError]) -> list[Row]:
    return [
        {
            "code": Code.HOME_AWAY,
            "text": f"home {name} does not answer: {error.text}",
            "advice": _advice(error),
            "shard": name,
        }
        for name, error in away.items()
    ]


def _advice(error: ControlError) -> str:
    """What the front's operator does: the advice for somebody who asks that home names no --home."""
    if error.exit_code is ExitCode.PERMISSION:
        return "run the front as a user who may open that socket"
    if error.exit_code is not ExitCode.PROTOCOL_MISMATCH:
        return "start it, or forward its socket again"
    return "see that its --home names the right socket, and that it has the same version as the front"


def _inbox(answers: Mapping[str, Status]) -> Row:
    """What lies in all inboxes; a name begins with that of its home."""
    inboxes = {name: cast(Row, one["inbox"]) for name, one in answers.items() if one["inbox"]}
    if not inboxes:
        return {}
    first = next(iter(inboxes.values()))
    found: Row = dict(first)
    for key in ("waiting", "ignored", "overflows"):
        found[key] = sum(cast(int, one.get(key, 0)) for one in inboxes.values())
    for key in ("settling", "written"):
        found[key] = [f"{name}/{each}" for name, one in inboxes.items() for each in cast(list[str], one.get(key, []))]
    for key in ("incomplete", "blocked"):
        found[key] = [{**row, "name": f"{row['shard']}/{row['name']}"} for row in merged_rows(inboxes, key)]
    for key in ("degraded", "polling_reason"):
        found[key] = "; ".join(f"{name}: {one[key]}" for name, one in inboxes.items() if one[key])
    found["degraded_code"] = next((one["degraded_code"] for one in inboxes.values() if one["degraded_code"]), None)
    found["polling"] = any(one["polling"] for one in inboxes.values())
    found["ignored_for"] = merged_rows(inboxes, "ignored_for")
    return found | _counted(inboxes)


def _counted(inboxes: Mapping[str, Row]) -> Row:
    """What lies beside the inboxes: how much, and the first names of it."""
    rejected = {name: cast(Row, one["rejected"]) for name, one in inboxes.items()}
    copies = {name: cast(Row, one["duplicates"]) for name, one in inboxes.items()}
    newest = next(((name, row) for name, row in rejected.items() if row["count"]), None)
    shown = {} if newest is None else {**newest[1], "name": f"{newest[0]}/{newest[1]['name']}"}
    names = [f"{name}/{each}" for name, row in copies.items() for each in cast(list[str], row["names"])]
    return {
        "rejected": {**next(iter(rejected.values())), **shown, "count": _sum(rejected.values())},
        "duplicates": {"count": _sum(copies.values()), "names": names},
    }


def _sum(rows: Iterable[Row]) -> int:
    return sum(cast(int, row["count"]) for row in rows)


def _shard(shard: Shard, status: Status | None, error: ControlError | None) -> ShardRow:
    row = ShardRow(
        shard=shard.name,
        socket=str(shard.socket),
        inbox="",
        state=AWAY,
        reason=error.text if error else "",
        version="",
        books=0,
        spent_today_usd=0.0,
        max_usd_per_day=0.0,
    )
    if status is None:
        return row
    return {
        **row,
        "inbox": str(shard.inbox or status["paths"]["inbox"]),
        "state": status["state"],
        "version": status["version"],
        "books": sum(status["counts"].values()),
        **status["budget"],
    }
