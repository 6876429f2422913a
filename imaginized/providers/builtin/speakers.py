"""Who speaks in a play: the labels before the speeches ("ALGERNON.", "Lady Bracknell:"). Any language with capitals."""

import re
from collections import Counter
from collections.abc import Sequence

# As in "MRS. HUSHABYE [rising]. Oh!", or "Algernon: Yes."
LABEL = re.compile(
    r"\s*((?:(?:Mrs?|Ms|Dr|St|Rev|MRS?|DR|ST|REV)\.\s+)?(?!(?:MRS?|DR|ST|REV)\.)[^\W\d_a-zß-ÿ][\w’'-]*(?:\s+(?:of\s+|the\s+|OF\s+|THE\s+)?"
    r"[^\W\d_a-zß-ÿ][\w’'-]*){0,3})\s*(?:[\[(][^\])]{0,200}[\])])?\s*(?:[.:]|\.?—)(?=\s|$)"
)
# The name alone, in a paragraph of its own before the speech, as in tables and lists.
LONE = re.compile(LABEL.pattern.removesuffix(r"(?:[.:]|\.?—)(?=\s|$)") + r"[.:]?\s*$")
ARTICLE = re.compile(r"(?:The|THE|An?|AN) (?=.)")
DIRECTION = re.compile(r"[\[(][^\])]*[\])]?")
# A play has so many labelled speeches, of its paragraphs this share, by so many who speak so often.
FEWEST_SPEECHES, SPEECH_SHARE = 12, 0.4
FEWEST_SPEAKERS, FEWEST_TURNS = 2, 3


def find_labels(paragraphs: Sequence[str]) -> dict[int, tuple[int, int]]:
    """For each paragraph of a play that begins with who speaks, where the name begins and ends; none in prose."""
    return _labels(LABEL, paragraphs, most=len(paragraphs)) or _lone_labels(paragraphs)


def _lone_labels(paragraphs: Sequence[str]) -> dict[int, tuple[int, int]]:
    """The names that stand in a paragraph of their own, each before a paragraph of speech."""
    found = _labels(LONE, paragraphs, most=len(paragraphs) // 2)
    return {number: span for number, span in found.items() if number + 1 < len(paragraphs) and number + 1 not in found}


def _labels(pattern: re.Pattern[str], paragraphs: Sequence[str], *, most: int) -> dict[int, tuple[int, int]]:
    found = {number: match for number, text in enumerate(paragraphs) if (match := pattern.match(text)) is not None}
    turns = Counter(match[1] for match in found.values())
    labels = {number: _name_in(match) for number, match in found.items() if turns[match[1]] >= FEWEST_TURNS}
    speakers = {found[number][1] for number in labels}
    if len(labels) < max(FEWEST_SPEECHES, SPEECH_SHARE * most) or len(speakers) < FEWEST_SPEAKERS:
        return {}
    return labels


def _name_in(match: re.Match[str]) -> tuple[int, int]:
    start, end = match.span(1)
    article = ARTICLE.match(match[1])
    return start + (article.end() if article else 0), end


def spoken_spans(text: str, *, start: int) -> list[tuple[int, int]]:
    """What of a labelled paragraph is spoken: all after the label but the directions in brackets."""
    spans, at = [], start
    for direction in DIRECTION.finditer(text, start):
        spans.append((at, direction.start()))
        at = direction.end()
    return [(first, last) for first, last in (*spans, (at, len(text))) if text[first:last].strip(" .:—")]
