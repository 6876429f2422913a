"""From what a model says of numbers to passages: 12, "12-14", [12, 14], {"first": 12, "last": 14}. Pure."""

import re
from collections.abc import Iterator, Mapping

from imaginized.providers.openai.lenient import Value
from imaginized.providers.openai.plain_words import LONGEST_FEW_WORDS, one_line
from imaginized.providers.openai.reply_words import BEGINS, FIRST, LAST, NUMBERS, QUOTE, first_of
from imaginized.providers.openai.said import SaidSpan

MOST_SPANS = 6
LARGEST_NUMBER = 99_999
_SENTENCE = r"(?:(?:sentences?|lines?|satz|sätze|phrases?|frases?|oraci[oó]n|numbers?|nos?|nr|s)\b\.?|第)?"
_END = rf"[\[{{(\s#]*{_SENTENCE}[\[{{(\s#]*(\d{{1,5}})[\]}})\s句文.]*"
_RANGE = re.compile(rf"{_END}(?:(?:[-–—,;:…~]|\.{{2,3}}|to|bis|and|through){_END})?", re.IGNORECASE)


def span_of(folded: Mapping[str, Value]) -> SaidSpan | None:
    """The passage that an object names by numbers, whatever else it says; None where it names none."""
    begins = folded.get(next((key for key in BEGINS if isinstance(folded.get(key), str)), ""), "")
    words = one_line(begins, LONGEST_FEW_WORDS) if isinstance(begins, str) else ""
    first = _number(first_of(folded, FIRST))
    if first is not None:
        last = _number(first_of(folded, LAST))
        return SaidSpan(first=first, last=first if last is None else last, begins=words)
    found = _from_first_to_last(first_of(folded, NUMBERS)) or _from_first_to_last(first_of(folded, QUOTE))
    return SaidSpan(first=found[0], last=found[1], begins=words) if found else None


def span_in(text: str) -> SaidSpan | None:
    """The passage that a text means which says numbers and nothing else."""
    found = _RANGE.fullmatch(text) if len(text) <= LONGEST_FEW_WORDS else None
    if found is None:
        return None
    first = int(found[1])
    return SaidSpan(first=first, last=int(found[2] or first))


def spans_of(value: Value) -> tuple[SaidSpan, ...]:
    """The passages that a list names, one by each of its items."""
    items = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(_spans_in(items[:MOST_SPANS])))


def _spans_in(items: list[Value]) -> Iterator[SaidSpan]:
    for item in items:
        found = _from_first_to_last(item)
        if found:
            yield SaidSpan(first=found[0], last=found[1])
        elif isinstance(item, dict) and (span := span_of({str(key).casefold(): inner for key, inner in item.items()})):
            yield span


def _from_first_to_last(value: Value) -> tuple[int, int] | None:
    if isinstance(value, list):
        numbers = [number for each in value[:MOST_SPANS] if (number := _number(each)) is not None]
        return (min(numbers), max(numbers)) if numbers and len(numbers) == len(value[:MOST_SPANS]) else None
    if isinstance(value, str):
        span = span_in(value)
        return (span.first, span.last) if span else None
    number = _number(value)
    return None if number is None else (number, number)


def _number(value: Value) -> int | None:
    """A whole number, also in a text ("12", "[12]"); None for what is no number of a sentence."""
    if isinstance(value, str):
        span = span_in(value)
        return span.first if span is not None and span.first == span.last else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    is_whole = 0 <= value <= LARGEST_NUMBER and int(value) == value
    return int(value) if is_whole else None
