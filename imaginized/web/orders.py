"""What a button of the page tells the daemon: one row a button, from the form's fields to the call. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from imaginized.control.protocol import (
    APPROVE,
    CANCEL,
    DIVIDE,
    PAUSE,
    RECAST,
    REMOVE,
    RENAME,
    RESCENE,
    RESET,
    RESUME,
    RETRY,
    SCAN,
    UNDO,
    AnySignature,
)

Fields = Mapping[str, list[str]]
Parameters = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a button does.

    Attributes:
        method: Whom it calls.
        parameters: From the book and the form's fields to the call's parameters; the daemon checks them.
        done: What is said afterwards.
        foretold: Its name for `foretell`, of one that may have pictures made again; "" for no such thing.
    """

    method: AnySignature
    parameters: Callable[[str, Fields], Parameters]
    done: str
    foretold: str = ""


def _only_book(book: str, _fields: Fields) -> Parameters:
    return {"book": book}


def _nothing(_book: str, _fields: Fields) -> Parameters:
    return {}


def _given(*names: str, many: tuple[str, ...] = ()) -> Callable[[str, Fields], Parameters]:
    """The book, and of the fields those with a value."""

    def parameters(book: str, fields: Fields) -> Parameters:
        found: Parameters = {"book": book}
        for name in names:
            if value := fields.get(name, [""])[0].strip():
                found[name] = value
        for name in many:
            if values := [value for value in fields.get(name, []) if value.strip()]:
                found[name] = values
        return found

    return parameters


OF_A_BOOK: Mapping[str, Order] = {
    "retry": Order(method=RETRY, parameters=_given("chapters", "scene"), done="It is tried again.", foretold="retry"),
    "cancel": Order(method=CANCEL, parameters=_given("chapters"), done="Work on it has stopped; what is done stays."),
    "approve": Order(method=APPROVE, parameters=_only_book, done="It continues."),
    "remove": Order(
        method=REMOVE, parameters=_only_book, done="It is out of the library; for 30 days it can come back."
    ),
    "undo": Order(method=UNDO, parameters=_only_book, done="It is back."),
    "rename": Order(method=RENAME, parameters=_given("title"), done="It has its new title."),
    "cast": Order(
        method=RECAST,
        parameters=_given("action", "to", many=("who",)),
        done="Noted; the guide follows.",
        foretold="recast",
    ),
    "divide": Order(
        method=DIVIDE,
        parameters=_given("action", "title", many=("rows",)),
        done="Noted; the book is being divided again.",
        foretold="divide",
    ),
    "scene": Order(method=RESCENE, parameters=_given("scene", "action", "version"), done="Noted; the guide follows."),
}
OF_THE_DAEMON: Mapping[str, Order] = {
    "pause": Order(method=PAUSE, parameters=_nothing, done="Paused: the steps under way are finished, none is begun."),
    "resume": Order(method=RESUME, parameters=_nothing, done="It continues."),
    "scan": Order(method=SCAN, parameters=_nothing, done="The inbox is looked through."),
    "reset": Order(method=RESET, parameters=_nothing, done="Every worker starts now."),
}
