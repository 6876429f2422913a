"""What every request passes before anything else looks at it: for which host it is, where it comes from, who asks.

A page on this machine is within reach of every site that its user visits. A site that has its own name resolve to
127.0.0.1 is same-origin with us afterwards, and only the Host header tells: so it is checked on every request.
"""

import asyncio
import base64
import binascii
import contextlib
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from imaginized.clock import Clock
from imaginized.control.protocol import Role
from imaginized.web.passes import Pass, Porter

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

READING = frozenset(("GET", "HEAD"))
OPEN = frozenset(("/healthz", "/readyz", "/login", "/whoami", "/page.css", "/page.js", "/favicon.ico"))
STAMPED = "/reading/"  # a guide: its address itself says that it may be read
UPLOADS = frozenset(("/upload", "/upload-form"))
FORM_BYTES = 100_000
MOST_COOKIES = 5  # of our name
PASSED_BYTES = 4_000_000
PASSED_SECONDS = 3.0
QUIET_SECONDS = 60.0  # a body that stands still for so long is given up, and a reader who takes nothing of an answer
POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
HEADERS = (
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),  # with no-referrer a form of our own would come with "Origin: null"
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An answer that ends a request.

    Attributes:
        text: For a person: what is wrong and what to do.
        location: Where to go instead; "" for nowhere.
        challenge: Whether a password is asked for, as reading apps know it.
    """

    status: int
    text: str
    location: str = ""
    challenge: bool = False


@dataclass(slots=True, kw_only=True)
class Guard:
    """The first and outermost of the page's layers.

    Attributes:
        app: What is behind it; it finds the caller's role in `scope["role"]`, and in `scope["is_known"]` whether
            that is somebody who was let in; `scope["is_still_known"]` says so again later.
        hosts: The names under which the page may be asked for, each with its port where it has one, in lower case.
        porter: Has what reads passes.
        cookie: Name of the session's cookie. It has the port in it: cookies do not know ports, and two pages on one
            host would log each other out.
        most_upload_bytes: The longest body that `UPLOADS` take.
        metrics_are_open: Whether `/metrics` needs no pass.
    """

    app: App
    hosts: frozenset[str]
    porter: Porter
    cookie: str
    clock: Clock
    most_upload_bytes: int
    metrics_are_open: bool = False
    _spent: dict[str, float] = field(default_factory=dict)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a request, or have it answered."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = _headers(scope["headers"])
        known = self._known(headers)
        scope["is_known"] = known is not None
        scope["is_still_known"] = lambda: self._known(headers) is not None
        scope["role"] = known.role if known else self._role_of_strangers(scope["path"])
        refusal = self._refusal(scope, headers)
        body = _Body(receive, self._most(scope["path"]), is_over=scope["method"] in READING)
        guarded = _guarded(send, body)
        if refusal is not None:
            await body.pass_over()
            await _refuse(guarded, refusal)
            return
        try:
            await self.app(scope, body, guarded)
        except Exception:
            if not body.is_left:  # else nobody is there any more to be told
                raise

    def enter(self, ticket: str) -> str | None:
        """The session that a ticket buys, once; None for a ticket that is none, is over, or was used."""
        now, door = self.clock.now(), self.porter.now()
        found = door.read(ticket, "ticket", now=now)
        self._spent = {nonce: until for nonce, until in self._spent.items() if until > now.timestamp()}
        if found is None or found.nonce in self._spent:
            return None
        self._spent[found.nonce] = (found.until or now + timedelta(days=1)).timestamp()
        return door.issue("session", role=found.role, now=now)

    def _refusal(self, scope: Message, headers: dict[str, str]) -> Refusal | None:
        path, method = scope["path"], scope["method"]
        if headers.get("host", "").lower() not in self.hosts:
            text = "this page does not answer to that name; add it to allowed_hosts in [web] of the settings"
            return Refusal(status=400, text=text)
        if "transfer-encoding" in headers and "content-length" in headers:
            # A proxy that goes by the other one would see another request behind this.
            return Refusal(status=400, text="this request says twice how long it is; send one of the two lengths")
        if method not in READING:
            if (refusal := self._foreign(headers)) is not None:
                return refusal
            length = headers.get("content-length", "0")
            if not length.isdecimal() or int(length) > self._most(path):
                return Refusal(status=413, text=f"that is too much: {self._most(path)} bytes at most")
        if scope["role"] is None:
            return _closed(scope, headers)
        if method not in READING and path not in ("/login", "/logout") and scope["role"] < Role.WORK:
            return Refusal(status=403, text="this login may read only; log in by `imaginizectl web-login` to change")
        return None

    def _most(self, path: str) -> int:
        return self.most_upload_bytes if path in UPLOADS else FORM_BYTES

    def _foreign(self, headers: dict[str, str]) -> Refusal | None:
        """Why a change is not ours: another site's page sent it. A browser says where its page is from."""
        text = "this change came from another site's page, so it was not made; use the buttons of this page"
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site is not None and site not in ("same-origin", "none"):
            return Refusal(status=403, text=text)
        if origin is not None and origin.partition("://")[2].lower() != headers["host"].lower():
            return Refusal(status=403, text=text)
        # Neither: no browser of these years. A cookie alone is no proof then; a pass in a header is.
        if site is None and origin is None and "authorization" not in headers:
            return Refusal(status=403, text="a change needs an Origin header, or a device's pass in Authorization")
        return None

    def _role_of_strangers(self, path: str) -> Role | None:
        """What somebody may do whom nobody let in; None for nothing."""
        is_open = path in OPEN or path.startswith(STAMPED) or (path == "/metrics" and self.metrics_are_open)
        return Role.READ if is_open else None

    def _known(self, headers: dict[str, str]) -> Pass | None:
        return self._by_cookie(headers.get("cookie", "")) or self._by_device(headers.get("authorization", ""))

    def _by_cookie(self, text: str) -> Pass | None:
        # By hand: SimpleCookie gives up at the first odd one, and those of all programs of this machine come here, for
        # cookies do not know ports. Of two with our name any that was signed counts: the other is somebody else's.
        pairs = (one.strip().partition("=") for one in text.split(";"))
        values = [value.strip('"') for name, _, value in pairs if name == self.cookie][:MOST_COOKIES]
        read = (self.porter.now().read(value, "session", now=self.clock.now()) for value in values)
        return next((one for one in read if one is not None), None)

    def _by_device(self, text: str) -> Pass | None:
        scheme, _, value = text.partition(" ")
        if scheme.lower() == "basic":
            try:
                value = base64.b64decode(value, validate=True).decode().partition(":")[2]
            except (binascii.Error, ValueError):
                return None
        return self.porter.now().read(value.strip(), "device", now=self.clock.now())


def _closed(scope: Message, headers: dict[str, str]) -> Refusal:
    is_page = "text/html" in headers.get("accept", "") and scope["method"] in READING
    if is_page and not scope["path"].startswith("/opds"):
        return Refusal(status=303, text="log in first", location="/login")
    text = "log in first: `imaginizectl web-login`; for a reading app `imaginizectl web-login --device`"
    return Refusal(status=401, text=text, challenge=scope["path"].startswith(("/opds", "/metrics", "/api")))


def _headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """By name in lower case. Of one that comes twice, what cannot be read: two readers would take different ones."""
    found: dict[str, str] = {}
    for name, value in raw:
        key = name.decode("latin-1")
        if key in ("host", "origin", "sec-fetch-site", "authorization") and key in found:
            found[key] = "?"
        elif key == "cookie" and key in found:  # HTTP/2's way to send several
            found[key] += "; " + value.decode("latin-1")
        else:
            found[key] = value.decode("latin-1")
    return found


@dataclass(slots=True)
class _Body:
    """A request's body as it comes: neither longer than allowed nor standing still; else its sender counts as gone.

    Attributes:
        is_left: Whether its sender does not take the answer.
    """

    receive: Receive
    most: int
    taken: int = 0
    is_over: bool = False
    is_left: bool = False

    @property
    def is_too_long(self) -> bool:
        return self.taken > self.most

    async def __call__(self) -> Message:
        if self.is_over:  # what comes now is only that the other side hung up, whenever that is
            return await self.receive()
        try:
            message = await asyncio.wait_for(self.receive(), QUIET_SECONDS)
        except TimeoutError:
            return {"type": "http.disconnect"}
        self.taken += len(message.get("body", b""))
        self.is_over = not message.get("more_body", False)
        return {"type": "http.disconnect"} if self.is_too_long else message

    async def pass_over(self) -> None:
        """Read what is still coming, if that is little: hung up on in the middle, its sender never sees the answer."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PASSED_SECONDS):
                while not self.is_over and self.taken < PASSED_BYTES:
                    message = await self.receive()
                    self.taken += len(message.get("body", b""))
                    self.is_over = not message.get("more_body", False)
        self.taken = 0  # nobody counts it: it was refused for what it is, not for its length


def _guarded(send: Send, body: _Body) -> Send:
    """Adds what every answer says to the browser, unless the answer says it in its own way."""

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            present = {name.lower() for name, _ in message["headers"]}
            wanted = (*HEADERS, ("content-security-policy", POLICY), ("cache-control", "no-store"))
            more = [(name.encode(), value.encode()) for name, value in wanted if name.encode() not in present]
            if not body.is_over and b"connection" not in present:
                # What is still to come of it would be read to its end, however long that is.
                more.append((b"connection", b"close"))
            message["headers"] = [*message["headers"], *more]
            message["status"] = 413 if body.is_too_long else message["status"]
        try:
            await asyncio.wait_for(send(message), QUIET_SECONDS)
        except TimeoutError:
            body.is_left = True
            raise

    return guarded


async def _refuse(send: Send, refusal: Refusal) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    if refusal.location:
        headers.append((b"location", refusal.location.encode()))
    else:
        # Of two lengths one is a lie: what follows may be a request that nobody here has sent.
        headers.append((b"connection", b"close"))
    if refusal.challenge:
        headers.append((b"www-authenticate", b'Basic realm="imaginized", charset="UTF-8"'))
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": f"{refusal.text}\n".encode()})
