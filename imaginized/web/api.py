"""The control protocol over HTTP: what may be asked by GET, what changes something by POST, the same answers."""

from collections.abc import Mapping
from typing import get_type_hints

from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from imaginized.control.protocol import BY_NAME, SUBSCRIBE, AnySignature, Kind, Role, Takes
from imaginized.web.asking import Daemon

LONGEST_NUMBER = 20  # digits; int() refuses thousands of them


async def call(request: Request, daemon: Daemon) -> Response:
    """One method of the protocol, by the last part of the address.

    Raises:
        HTTPException: No such method, or the wrong verb for it.
        ControlError: The daemon refused.
    """
    method = BY_NAME.get(request.path_params["method"])
    # What rules the daemon itself stays with its own machine's user: only to start workers has a button.
    if method is None or method is SUBSCRIBE or method.role > Role.WORK:
        raise HTTPException(404)
    verb = "GET" if method.role is Role.READ else "POST"
    if request.method not in (verb, "HEAD" if verb == "GET" else verb):
        raise HTTPException(405, f"{method.name} is asked by {verb}", headers={"allow": verb})
    parameters = _of_query(method, request.query_params) if verb == "GET" else await _body(request)
    answer = await daemon.ask(method, parameters)
    if verb == "POST":
        daemon.forget()
    return JSONResponse(answer)


def _of_query(method: AnySignature, query: QueryParams) -> dict[str, object]:
    """The parameters that a query has as texts: numbers, switches and lists as the protocol has them."""
    hints = get_type_hints(method.takes, include_extras=True)
    found: dict[str, object] = dict(query)
    for name in found.keys() & hints.keys():
        kind = next(one for one in hints[name].__metadata__ if isinstance(one, Takes)).kind
        found[name] = _value_of(kind, query.getlist(name))
    return found


def _value_of(kind: Kind, given: list[str]) -> object:
    """What texts mean as this kind; what they cannot mean stays, for the daemon to refuse in its own words."""
    last = given[-1]
    if kind in (Kind.NAMES, Kind.ROWS):
        return given
    if kind is Kind.SWITCH:
        return {"true": True, "false": False}.get(last, last)
    return int(last) if kind is Kind.PAGE and last.isdecimal() and len(last) < LONGEST_NUMBER else last


async def _body(request: Request) -> Mapping[str, object]:
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise HTTPException(415, "send the parameters as a JSON object, Content-Type: application/json")
    try:
        found = await request.json()
    except (ValueError, RecursionError) as error:  # deep in each other is as wrong
        raise HTTPException(400, f"the body is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise HTTPException(400, "the body must be a JSON object of the method's parameters")
    return found
