"""The stream of news of each open page."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import PlainTextResponse

from imaginized.web.feed import MOST_TABS, Feed
from imaginized.web.guard import Message, Receive, Send

SEND_SECONDS = 30.0  # a tab that takes nothing for so long is gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Tabs:
    """Answers `/events` with a stream (text/event-stream) for as long as the tab is there."""

    feed: Feed

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """News for one tab, until it goes."""
        request = Request(scope, receive)
        if self.feed.tabs >= MOST_TABS:
            text = "too many open pages; this one looks for news now and then\n"
            await PlainTextResponse(text, 503, {"retry-after": "10"})(scope, receive, send)
            return
        place = request.headers.get("last-event-id") or request.query_params.get("since", "")
        is_still_known: Callable[[], bool] = scope["is_still_known"]
        self.feed.tabs += 1
        gone = asyncio.create_task(_until_gone(receive))
        streaming = asyncio.create_task(self._stream(send, place=place[:100], is_welcome=is_still_known))
        try:
            await asyncio.wait({gone, streaming}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.feed.tabs -= 1
            for task in (gone, streaming):
                task.cancel()
            await asyncio.gather(gone, streaming, return_exceptions=True)

    async def _stream(self, send: Send, *, place: str, is_welcome: Callable[[], bool]) -> None:
        headers = [(b"content-type", b"text/event-stream"), (b"x-accel-buffering", b"no")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await _soon(send, b"retry: 3000\n\n")
        async for news in self.feed.after(place):
            if not is_welcome():
                break
            await _soon(send, b": quiet\n\n" if news is None else self.feed.line_of(news))
        await send({"type": "http.response.body", "body": b""})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _soon(send: Send, body: bytes) -> None:
    message = {"type": "http.response.body", "body": body, "more_body": True}
    await asyncio.wait_for(send(message), SEND_SECONDS)
