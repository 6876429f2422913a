"""What a book will cost, before anything is spent: counts of its text, times the price table. Opens no file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import sqrt
from types import MappingProxyType

from imaginized.money.calls import Call
from imaginized.money.prices import PriceTable
from imaginized.settings.model import Guide
from imaginized.story.text import WORDS_PER_PAGE, ChapterText

CHARACTERS_A_TOKEN = 4.0
CHARACTERS_A_WORD = 6.5  # with what stands between two, in a language of long words
TOKEN_MARGIN = 1.3
PROMPT_TOKENS = 1_500  # instructions and schema, with each part of a chapter
PART_TOKENS = 12_000  # a longer chapter is asked about in parts
SCENE_TOKENS = 350  # of an answer: quote, description, mood
ANSWER_TOKENS = 1_200  # of an answer: the elements
IMAGE_PROMPT_TOKENS = 600
REFERENCE_TOKENS = 4_500  # of a character's picture that is sent along, where the endpoint takes one
MOST_ANSWER_TOKENS = 6_000  # that a request allows: for elements, and for the thoughts of a model that thinks
MOST_SCENE_TOKENS = 400  # and with each scene
LEARNED_LOW = 0.75  # of what such calls usually cost
TRIES_AT_MOST = 2  # a chapter is asked about once more, an image softened once


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model at an endpoint, as it will be used.

    Attributes:
        name: As the endpoint has it.
        endpoint: Base URL.
        size: Of images.
        quality: Of images.
    """

    name: str
    endpoint: str
    size: str = ""
    quality: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """Who will be paid; None for what costs nothing: builtin, or nobody.

    Attributes:
        draws: Whether there will be images at all.
    """

    text: Model | None = None
    image: Model | None = None
    draws: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """In US dollars: with little waste, as expected, and with everything asked twice."""

    low: float = 0.0
    likely: float = 0.0
    high: float = 0.0

    def plus(self, other: "Cost") -> "Cost":
        """Both together."""
        return Cost(low=self.low + other.low, likely=self.likely + other.likely, high=self.high + other.high)

    def times(self, factor: float) -> "Cost":
        """Where all prices are so many times as high."""
        return Cost(low=self.low * factor, likely=self.likely * factor, high=self.high * factor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one model takes and costs.

    Attributes:
        model: Its name, or "builtin" or "none".
        endpoint: Base URL; "" where there is none.
        tokens_in: As expected.
        tokens_out: As expected.
        cost: None when its price is unknown.
        priced: When the price was looked up; None where none was needed.
        reasoning: Of each call's answer, the tokens that the model may think with before it answers, from and to.
        is_learned: Whether the cost is that of earlier calls of this model, thoughts and all.
    """

    model: str
    endpoint: str = ""
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: Cost | None = None
    priced: date | None = None
    reasoning: tuple[int, int] = (0, 0)
    is_learned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a book will take and cost."""

    title: str
    chapters: int
    words: int
    scenes: int
    images: int
    text: Share
    image: Share

    @property
    def cost(self) -> Cost | None:
        """Of everything; None when a price is unknown."""
        if self.text.cost is None or self.image.cost is None:
            return None
        return sum_costs((self.text.cost, self.image.cost))

    @property
    def unknown(self) -> tuple[str, ...]:
        """The models whose price is unknown."""
        return tuple(share.model for share in (self.text, self.image) if share.cost is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """All requests about one chapter as if they were one call.

    Attributes:
        call: What it takes without thoughts.
        parts: How many requests that is.
        most_out: The most that may come back.
    """

    call: Call
    parts: int = 0
    most_out: int = 0


def estimate(
    title: str,
    chapters: Sequence[ChapterText],
    *,
    guide: Guide,
    models: Models,
    prices: PriceTable,
    shares: Mapping[str, float] = MappingProxyType({}),
) -> Estimate:
    """What these chapters will take and cost with these models.

    Args:
        title: Of the book.
        chapters: Its text.
        guide: How many scenes.
        models: Who is paid.
        prices: At which prices.
        shares: Of what was set aside for calls of a sort, what they have cost (`Ledger.shares`).
    """
    scenes = sum(_scenes(chapter, guide) for chapter in chapters)
    images = scenes if models.draws else 0
    return Estimate(
        title=title,
        chapters=len(chapters),
        words=sum(chapter.words for chapter in chapters),
        scenes=scenes,
        images=images,
        text=_text_share(chapters, guide=guide, model=models.text, prices=prices, shares=shares),
        image=_image_share(images, models=models, prices=prices, shares=shares),
    )


def cost_again(
    *, pictures: int, words: Sequence[int], models: Models, prices: PriceTable, scenes: Callable[[int], int]
) -> float | None:
    """What it costs at most to make things again, in US dollars; None when a price is unknown.

    Args:
        pictures: How many are drawn again.
        words: Of each chapter that is read again.
        models: Who is paid.
        prices: At which prices.
        scenes: How many are wanted of a chapter of so many words.
    """
    shares = [_image_share(pictures, models=models, prices=prices)]
    if models.text is not None and words:
        calls = [_call_of(int(count * CHARACTERS_A_WORD), scenes=scenes(count), model=models.text) for count in words]
        shares.append(_share(models.text, calls, prices=prices))
    costs = [share.cost for share in shares if share.cost is not None]
    return sum_costs(costs).high if len(costs) == len(shares) else None


def _scenes(chapter: ChapterText, guide: Guide) -> int:
    return guide.scenes_wanted(chapter.words / WORDS_PER_PAGE)


def _text_share(
    chapters: Sequence[ChapterText],
    *,
    guide: Guide,
    model: Model | None,
    prices: PriceTable,
    shares: Mapping[str, float],
) -> Share:
    if model is None:
        return Share(model="builtin", cost=Cost())
    calls = [_text_call(chapter, scenes=_scenes(chapter, guide), model=model) for chapter in chapters]
    return _share(model, calls, prices=prices, shares=shares)


def _text_call(chapter: ChapterText, *, scenes: int, model: Model) -> _Asked:
    return _call_of(sum(len(paragraph.text) + 1 for paragraph in chapter.paragraphs), scenes=scenes, model=model)


def _call_of(characters: int, *, scenes: int, model: Model) -> _Asked:
    tokens = int(characters / CHARACTERS_A_TOKEN * TOKEN_MARGIN)
    parts = max(1, -(-tokens // PART_TOKENS))
    call = Call(
        kind="text",
        model=model.name,
        endpoint=model.endpoint,
        prompt_digest="",
        tokens_in=tokens + parts * PROMPT_TOKENS,
        tokens_out_max=parts * ANSWER_TOKENS + scenes * SCENE_TOKENS,
    )
    return _Asked(call=call, parts=parts, most_out=parts * MOST_ANSWER_TOKENS + scenes * MOST_SCENE_TOKENS)


def _image_share(
    images: int, *, models: Models, prices: PriceTable, shares: Mapping[str, float] = MappingProxyType({})
) -> Share:
    if models.image is None or not images:
        return Share(model="builtin" if models.draws else "none", cost=Cost())
    model = models.image
    call = Call(
        kind="image",
        model=model.name,
        endpoint=model.endpoint,
        prompt_digest="",
        tokens_in=IMAGE_PROMPT_TOKENS + REFERENCE_TOKENS,
        tokens_out_max=ANSWER_TOKENS,
        images=1,
        size=model.size,
        quality=model.quality,
    )
    share = _share(model, [_Asked(call=call)] * images, prices=prices)
    # What is set aside for a picture is the most that the list says: one that cost more was charged by another list.
    dearer = max(1.0, shares.get(call.sort, 1.0))
    return replace(share, cost=share.cost.times(dearer), is_learned=dearer > 1) if share.cost else share


def _share(
    model: Model,
    chapters: Sequence[_Asked],
    *,
    prices: PriceTable,
    shares: Mapping[str, float] = MappingProxyType({}),
) -> Share:
    found = prices.prices(chapters[0].call) if chapters else ()
    # Before a call of the model was paid nobody knows how much it thinks; afterwards its calls tell.
    share = shares.get(chapters[0].call.sort) if chapters and chapters[0].parts else None
    costs = [_cost(chapter, prices, share=share) for chapter in chapters] if found or not chapters else []
    least, most = found[-1].reasoning_tokens if found else (0, 0)
    longest = max((chapter.most_out // max(chapter.parts, 1) for chapter in chapters), default=0)
    return Share(
        model=model.name,
        endpoint=model.endpoint,
        calls=len(chapters),
        tokens_in=sum(chapter.call.tokens_in for chapter in chapters),
        tokens_out=sum(chapter.call.tokens_out_max for chapter in chapters),
        cost=sum_costs(costs) if costs or not chapters else None,
        priced=min((price.date for price in found if price.model != "*"), default=None),
        reasoning=(min(least, longest), min(most, longest)),
        is_learned=share is not None and bool(costs),
    )


def sum_costs(costs: Sequence[Cost]) -> Cost:
    """All of them together, to the micro-dollar."""
    total = Cost()
    for cost in costs:
        total = total.plus(cost)
    return Cost(low=round(total.low, 6), likely=round(total.likely, 6), high=round(total.high, 6))


def _cost(chapter: _Asked, prices: PriceTable, *, share: float | None) -> Cost:
    call = chapter.call
    cheapest, *_, dearest = [*prices.prices(call)[:1], *prices.prices(call)]
    if share is not None:
        most = dearest.cost_usd(tokens_in=call.tokens_in, tokens_out=chapter.most_out, images=call.images)
        likely = most * share
        return Cost(low=likely * LEARNED_LOW, likely=likely, high=likely * TRIES_AT_MOST)

    def out(thought: float, *, said: int) -> int:
        return min(said + int(thought * chapter.parts), max(said, chapter.most_out))

    least, most_thought = dearest.reasoning_tokens
    said = call.tokens_out_max
    low = cheapest.cost_usd(
        tokens_in=int(call.tokens_in / TOKEN_MARGIN), tokens_out=out(least, said=said // 2), images=call.images
    )
    # Between a few hundred and tens of thousands the middle is that of their digits.
    likely = dearest.cost_usd(
        tokens_in=call.tokens_in, tokens_out=out(sqrt(least * most_thought), said=said), images=call.images
    )
    high = dearest.cost_usd(tokens_in=call.tokens_in, tokens_out=out(most_thought, said=said), images=call.images)
    return Cost(low=low, likely=likely, high=high * TRIES_AT_MOST)
