"""The contract: what the page says is what the records say, and what a real daemon answers."""

import ast
import inspect
import json
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, get_type_hints

import pytest

from imaginized.control import answers, protocol
from imaginized.control.methods import Methods
from imaginized.control.parameters import CHECKS
from imaginized.control.protocol import BY_NAME, METHODS, SUBSCRIBE, Kind, Takes
from tests.support.daemons import daemon_in
from tests.support.epubs import make_epub
from tests.support.protocol_page import PAGE, TOLD_TO, asked, page, recorded
from tests.support.records import CONTRACT, all_records, meanings, problems


def record_of(request: Mapping[str, Any]) -> Any:
    """The record that a request must be answered with."""
    method = BY_NAME[request["method"]]
    return (method.answer_of_book if "book" in request.get("params", {}) else None) or method.answer


def test_the_page_is_up_to_date() -> None:
    """docs/control-protocol.md is what scripts/build-protocol writes now."""
    assert PAGE.read_text() == page(recorded()), "run scripts/build-protocol"


def test_every_method_has_an_example_that_succeeds() -> None:
    """A method without one is not documented."""
    shown = {json.loads(request)["method"] for request, reply, *_ in recorded() if "result" in json.loads(reply)}

    assert shown == set(BY_NAME)


def test_a_real_daemon_answers_the_examples_as_the_records_say(tmp_path: Path) -> None:
    """Each example's request, sent now, is answered by an object of its record; so is it on the page."""
    with daemon_in(tmp_path, notify__command=TOLD_TO) as daemon:
        daemon.drop(make_epub(tmp_path / "small.epub"))
        now = asked(daemon)

    assert [request for request, *_ in now] == [request for request, *_ in recorded()]
    for request, reply, *messages in [*now, *recorded()]:
        told = json.loads(reply)
        if "result" in told:
            assert list(problems(told["result"], record_of(json.loads(request)))) == [], request
        for message in map(json.loads, messages):
            note = next(note for note in SUBSCRIBE.tells if note.name == message["method"])
            assert list(problems(message["params"], note.takes)) == [], message
    ends = [
        [(json.loads(reply).get("error", {}).get("code"), len(rest)) for _, reply, *rest in examples]
        for examples in (now, recorded())
    ]
    assert ends[0] == ends[1]


def test_every_message_of_a_stream_has_an_example() -> None:
    """One without it is not documented."""
    shown = {json.loads(message)["method"] for _, _, *messages in recorded() for message in messages}

    assert shown == {note.name for method in METHODS for note in method.tells}


def test_every_field_has_a_meaning() -> None:
    """A record that says nothing of a field, or tells of one that it does not have, is no documentation."""
    unsaid = {
        record.__name__: record.__annotations__.keys() ^ meanings(record).keys()
        for record in all_records()
        if record.__module__ != protocol.__name__ and record.__annotations__.keys() != meanings(record).keys()
    }

    assert unsaid == {}


def test_every_method_is_answered_and_every_parameter_checked() -> None:
    """A row of the registry has a function of its name, and each parameter a kind that somebody checks."""
    kinds = set()
    for method in METHODS:
        assert callable(getattr(Methods, method.name))
        for hint in get_type_hints(method.takes, include_extras=True).values():
            kinds |= {one.kind for one in hint.__metadata__ if isinstance(one, Takes)}

    assert kinds == set(CHECKS) == set(Kind)
    assert len(BY_NAME) == len(METHODS)


@pytest.mark.parametrize("module", CONTRACT)
def test_the_contract_loads_nothing_but_itself(module: ModuleType) -> None:
    """Both sides import it: the client must not start slower for it."""
    allowed = {"imaginized.control", *(one.__name__ for one in CONTRACT), "imaginized.errors", "imaginized.reasons"}
    found = set()
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("imaginized"):
            found.add(str(node.module))

    assert found <= allowed
    assert answers.Head.__annotations__.keys() == {"schema", "protocol", "version"}
