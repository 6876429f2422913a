"""Provider `chalk`: a made-up vendor with a protocol of its own, over the network. A toy, to show what a new one takes.

POST BASE_URL/read {"model", "text", "scenes"} answers {"scenes": [[start, end], …]}, places in that text;
POST BASE_URL/draw {"model", "passage"} answers a JPEG. The key goes into the header X-Chalk-Key.
"""

import json
from dataclasses import dataclass
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from imaginized.errors import Rejected, Retryable
from imaginized.limits.gate import NO_LIMITS
from imaginized.providers.api import ImageReply, ImageRequest, TextReply, TextRequest
from imaginized.providers.keys import Key, account_of
from imaginized.providers.registry import Surroundings
from imaginized.reasons import Code
from imaginized.settings.model import Settings
from imaginized.settings.vendors import Target, Use
from imaginized.story.elements import Quote, Scene
from imaginized.story.text import ChapterText

RETRY_SECONDS = 0.2


def make(settings: Settings, use: Use, around: Surroundings) -> "ChalkProvider":
    """Who asks the endpoint that the settings name for this use."""
    key = around.keys.text if use == "text" else around.keys.image
    return ChalkProvider(target=settings.chalk.target(use), key=key, around=around)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChalkProvider:
    """Asks a chalk endpoint."""

    target: Target
    key: Key | None
    around: Surroundings

    @property
    def identity(self) -> str:
        """Endpoint and model."""
        return f"chalk/{self.target.base_url}/{self.target.model}"

    def write(self, request: TextRequest) -> TextReply:
        """Have it name the passages worth drawing."""
        chapter = request.chapter
        answer = json.loads(self._ask("read", {"text": chapter.text, "scenes": request.scenes}, about=chapter.title))
        places = enumerate(answer["scenes"][: request.scenes], 1)
        scenes = tuple(_scene(chapter, number, start=start, end=end) for number, (start, end) in places)
        return TextReply(scenes=scenes, elements=(), method=self.target.model, by_model=True)

    def draw(self, request: ImageRequest) -> ImageReply:
        """Have it draw one passage."""
        passage = request.scene.quote.text
        data = self._ask("draw", {"passage": passage}, about=request.chapter_title)
        return ImageReply(data=data, alt=request.scene.description, method=self.target.model, by_model=True)

    def _ask(self, what: str, body: dict[str, object], *, about: str) -> bytes:
        """One call, in its turn among those of all workers."""
        base_url = self.target.base_url.rstrip("/")
        data = json.dumps({"model": self.target.model, **body}).encode()
        headers = {"X-Chalk-Key": self.key.reveal()} if self.key else {}
        call = Request(f"{base_url}/{what}", data=data, headers=headers)
        turn = self.around.gate.permit(
            account_of(base_url, self.key), NO_LIMITS, wait=self.around.desk.wait, tokens=len(data) // 4, spacing=about
        )
        try:
            with turn, urlopen(call, timeout=30) as answer:
                return bytes(answer.read())
        except HTTPError as error:
            if error.code < 500:
                raise Rejected(f"chalk answered {error.code}", code=Code.UNKNOWN) from error
            raise Retryable(f"chalk answered {error.code}", after_seconds=RETRY_SECONDS) from error
        except URLError as error:
            raise Retryable(f"chalk cannot be reached: {error.reason}", after_seconds=RETRY_SECONDS) from error


def _scene(chapter: ChapterText, number: int, *, start: int, end: int) -> Scene:
    page = chapter.page_at(start)
    quote = Quote(text=chapter.text[start:end], chapter=chapter.number, start=start, page=page)
    return Scene(chapter=chapter.number, number=number, quote=quote, description=quote.text, pages=(page, page))
