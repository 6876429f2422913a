"""What an order will have made again, told before it is given: at most so many pictures, at most at that cost."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from imaginized.control.book_folder import load_object
from imaginized.control.casting import cast_wish, members_meant
from imaginized.control.dividing import pieces_of
from imaginized.control.order_answers import Foretold
from imaginized.control.parameters import BadParameters, numbers
from imaginized.control.protocol import FORETELL, ToForetell, ToRecast
from imaginized.control.reporting import head
from imaginized.control.turns import Turn
from imaginized.errors import SettingsError
from imaginized.money.estimating import cost_again
from imaginized.money.models import models_of
from imaginized.money.pricelist import read_prices
from imaginized.queue.manifest import Entry, Manifest, Stage, Status
from imaginized.queue.redoing import Anew
from imaginized.settings.model import Settings, with_models
from imaginized.store.files import BookFiles
from imaginized.story.recasting import Action as Recasting
from imaginized.story.revising import Action as Dividing
from imaginized.story.text import WORDS_PER_PAGE

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Again:
    """What will be made again, at most.

    Attributes:
        words: Of each chapter that is read again.
    """

    pictures: int = 0
    words: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Counts what is in a book's folder, chapter by chapter, and lets others have their turn between.

    Attributes:
        anew: What a retry asks for of chapters that are done.
    """

    manifest: Manifest
    files: BookFiles
    settings: Settings
    anew: Anew

    async def foretell(self, asked: ToForetell) -> Foretold:
        """The answer of `foretell`.

        Raises:
            BadParameters: An action is missing, or not one of that order.
        """
        orders = {"retry": self._retry, "recast": self._recast, "divide": self._divide}
        again = await orders[asked["order"]](asked)
        models = models_of(self._own_settings)
        if not models.draws:
            again = replace(again, pictures=0)
        try:
            prices = read_prices(self.settings.budget.price_file)
            cost = cost_again(
                pictures=again.pictures, words=again.words, models=models, prices=prices, scenes=self._wanted
            )
        except SettingsError:
            cost = None
        texts = len(again.words) if models.text is not None else 0
        answer = head(FORETELL)
        return {**answer, "book": self.manifest.book_id, "pictures": again.pictures, "texts": texts, "cost_usd": cost}

    async def _retry(self, asked: ToForetell) -> _Again:
        if asked.get("scene"):
            return _Again(pictures=1)
        named = numbers(asked.get("chapters"))
        chapters = self.manifest.chapters
        wanted = named or [number for number, entry in chapters.items() if entry.status is Status.FAILED]
        turn, found = Turn(), []
        for number in wanted:
            if number in chapters:
                found.append(self._of_chapter(number, chapters[number]))
            await turn.pass_on()
        return _sum(found)

    def _of_chapter(self, number: int, entry: Entry) -> _Again:
        if entry.status is not Status.COMPLETED and entry.stage is Stage.ANALYZE:
            return _Again(pictures=self._wanted(entry.words), words=(entry.words,))
        if entry.status is not Status.COMPLETED:
            scenes = self._scenes(number)
            return _Again(pictures=sum(not self._is_drawn(number, scene) for scene in scenes))
        if self.anew is Anew.TEXT:
            return _Again(pictures=self._wanted(entry.words), words=(entry.words,))
        return _Again(pictures=len(self._scenes(number)))

    async def _recast(self, asked: ToForetell) -> _Again:
        if asked.get("action") not in set(Recasting):
            raise BadParameters(f"action: must be one of {', '.join(Recasting)}")
        names = members_meant(cast_wish(cast(ToRecast, asked)), files=self.files)
        found, turn = 0, Turn()
        for number in sorted(self.manifest.chapters) if names else ():
            for scene in self._scenes(number):
                present = {str(name).casefold() for name in cast(Sequence[object], scene.get("elements") or ())}
                found += not present.isdisjoint(names)
            await turn.pass_on()
        return _Again(pictures=found)

    async def _divide(self, asked: ToForetell) -> _Again:
        if asked.get("action") not in set(Dividing):
            raise BadParameters(f"action: must be one of {', '.join(Dividing)}")
        action, rows = Dividing(str(asked["action"])), asked.get("rows") or ()
        if action in (Dividing.RENAME, Dividing.DROP):
            return _Again()
        pieces = pieces_of(self.manifest, files=self.files)["pieces"]
        if action is Dividing.APPLY:  # what was changed by hand is only known once it is done
            meant = [piece for piece in pieces if piece["chapter"] is not None]
        elif action is Dividing.RESET:
            meant = [piece for piece in pieces if piece["edits"]]
        else:
            meant = [piece for piece in pieces if any(_is_in(str(piece["row"]), row) for row in rows)]
        words = tuple(piece["words"] for piece in meant)
        if action is Dividing.MERGE and words:
            words = (sum(words),)
        if action is Dividing.SPLIT:
            words = tuple(half for count in words for half in (count // 2, count - count // 2))
        return _Again(pictures=sum(map(self._wanted, words)), words=words)

    @property
    def _own_settings(self) -> Settings:
        """The settings with the models that were asked for this book."""
        asked = load_object(self.files.request)
        names = ("text_model", "image_model", "image_quality")
        return with_models(self.settings, **{name: str(asked.get(name) or "") for name in names})

    def _scenes(self, chapter: int) -> Sequence[Row]:
        return cast(Sequence[Row], load_object(self.files.scenes(chapter)).get("scenes") or ())

    def _is_drawn(self, chapter: int, scene: Row) -> bool:
        return self.files.illustration(chapter, int(cast(int, scene["number"]))).exists()

    @property
    def _wanted(self) -> Callable[[int], int]:
        return lambda words: self.settings.guide.scenes_wanted(words / WORDS_PER_PAGE)


def _sum(found: Sequence[_Again]) -> _Again:
    words = tuple(count for each in found for count in each.words)
    return _Again(pictures=sum(each.pictures for each in found), words=words)


def _is_in(row: str, wanted: str) -> bool:
    return row == wanted or row.startswith(f"{wanted}.")
