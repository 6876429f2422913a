"""The control protocol over HTTP: what may be asked by GET, what changes something by POST, the same answers."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from imaginized.control.protocol import BY_NAME, SUBSCRIBE, Role
from imaginized.web.asking import Daemon


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
    parameters = dict(request.query_params) if verb == "GET" else await _body(request)
    answer = await daemon.ask(method, parameters)
    if verb == "POST":
        daemon.forget()
    return JSONResponse(answer)


async def _body(request: Request) -> Mapping[str, object]:
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise HTTPException(415, "send the parameters as a JSON object, Content-Type: application/json")
    try:
        found = await request.json()
    except (ValueError, RecursionError) as error:  # deep in each other is as wrong
        raise HTTPException(400, f"the body is no JSON: {error}") from error
    if not isinstance(found, dict):
        raise HTTPException(400, "the body must be a JSON object of the method's parameters")
    return found
