"""From whatever a model sends back to records. Pure: what the book says about it is for `verbatim`."""

import html
import json
import re
from collections.abc import Sequence
from contextlib import suppress

from imaginized.providers.openai.lenient import TooMuch, read_values
from imaginized.providers.openai.loops import is_looping
from imaginized.providers.openai.said import NoScene, Said, SaidElement, SaidScene, Unusable, Why
from imaginized.providers.openai.shapes import Haul, collect, holds_scenes

# Ten times of what the largest answer asked for has; what is longer comes from a model that has lost its way.
LONGEST_ANSWER = 500_000
LONGEST_REFUSAL = 1_200
MOST_DRAFTS = 8
BLANKS_OF_A_LOOP = 64  # in JSON mode small models go on so after the last bracket

_THOUGHT = re.compile(r"[<\[◁](think|thinking|thoughts?|reasoning|reflection|scratchpad)[>\]▷]", re.IGNORECASE)
_END_OF_THOUGHT = re.compile(
    r"[<\[◁]/(?:think|thinking|thoughts?|reasoning|reflection|scratchpad)[>\]▷]", re.IGNORECASE
)
_MARKUP = re.compile(r"\s*<(?:!doctype|html|head|body|\?xml)\b", re.IGNORECASE)
# Not preceded by another blank: else a pattern of this kind takes the square of the length.
_LONG_SPACE = re.compile(r"(?<!\s)\s{64,}")
_PLAIN_BEGIN = re.compile(r"[{\[]\s*[\"']")
_ESCAPED_BEGIN = re.compile(r"[{\[](?:\s|\\[nrt])*\\\"")
_ESCAPED_LINES = re.compile(r"[{\[](?:\\[nrt])+\s*[\"'{\[]")
_ESCAPED_BLANK = re.compile(r"\\[nrt](?=\s*(?:\\[nrt]|[\"'{}\[\]]))")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_REFUSAL = re.compile(
    r"\b(?:I(?:['’]m| am) (?:(?:very|so|really) )?(?:sorry|unable|not able)|I (?:can['’]?t|cannot|won['’]t|will not|"
    r"must decline|have to decline)|I(?:['’]m| am) not (?:comfortable|allowed|permitted)|as an AI\b"
    r"|(?:against|violat\w+|breach\w*) [\w ]{0,20}(?:guidelines?|polic(?:y|ies)|terms)"
    r"|(?:unable|not able) to (?:assist|help|comply|process|provide|reproduce)"
    r"|(?:request|content) (?:was|is|has been) (?:blocked|declined|rejected|refused|flagged)"
    r"|je ne (?:peux|suis) pas|je suis désolée?|d[ée]sol[ée]e?,"
    r"|(?:ich )?kann (?:ich )?(?:Ihnen |dir )?(?:dabei |das |hier )?(?:leider )?nicht|tut mir leid|leider kann ich"
    r"|lo siento|no puedo (?:ayudar|cumplir|proporcionar|reproducir|procesar|hacer)|no me es posible"
    r"|mi dispiace|non posso (?:aiutar|fornire|riprodurre|soddisfare|assister)|desculpe|sinto muito|não posso"
    r"|het spijt me|ik kan (?:u |je )?(?:hier|daar|dit|niet)|nie mogę|przykro mi|tyvärr kan jag|kan desværre ikke"
    r"|üzgünüm|yardımcı olamam|к сожалению|не могу|извините|вибачте, я не)"
    r"|抱歉|对不起|對不起|无法(?:协助|提供|处理|完成|满足)|無法(?:協助|提供|處理)|不能(?:提供|协助)"
    r"|申し訳|お手伝いできません|対応できません|죄송|도와드릴 수 없|عذر|آسف|لا أستطيع|क्षमा करें|माफ़ कीजिए",
    re.IGNORECASE,
)


def read_reply(content: str | None, *, finish_reason: str = "", refusal: str = "") -> Said:
    """The scenes and elements of an answer.

    Args:
        content: What the model wrote; None where it wrote nothing.
        finish_reason: Why it stopped, as the endpoint says.
        refusal: What the endpoint says the model declined with.

    Raises:
        Unusable: There is no scene in it; says why.
    """
    if refusal or finish_reason == "content_filter":
        raise Unusable(_shown(refusal) or "the endpoint's content filter stopped the answer", why=Why.REFUSED)
    if finish_reason == "length":
        return _read_cut(content or "")
    return _read_whole(content or "")


def is_refusal(words: str) -> bool:
    """Whether a model says in its own words that it will not do what was asked."""
    return len(words) <= LONGEST_REFUSAL and bool(_REFUSAL.search(words))


def _read_cut(content: str) -> Said:
    """What an answer says that ran to its most tokens: only one that was whole and went on with blanks is whole."""
    if len(content) - len(content.rstrip()) >= BLANKS_OF_A_LOOP:
        with suppress(Unusable):
            return _read_whole(content)
    if is_looping(content):
        raise Unusable("the answer says the same over and over until it is cut", why=Why.LOOPING)
    raise Unusable("the answer was cut at the most tokens it may have", why=Why.TRUNCATED)


def _read_whole(content: str) -> Said:
    text = _without_thoughts(content).replace("\ufeff", "").strip()
    if not text:
        raise Unusable("the answer is empty", why=Why.EMPTY)
    if len(text) > LONGEST_ANSWER:
        raise Unusable(f"the answer has {len(text)} characters, more than any that was asked for", why=Why.UNREADABLE)
    text = _LONG_SPACE.sub("\n", text)
    if _MARKUP.match(text):
        raise Unusable("the answer is a web page", why=Why.UNREADABLE)
    return _find_said(_decoded(text))


def _without_thoughts(text: str) -> str:
    """What is said aloud. One pass: a pattern for both ends takes the square of the length where ends are missing."""
    kept, at = [], 0
    is_open = False
    last_brace = text.rfind("{")
    # A first end without a begin: the begin stood in the prompt.
    for match in re.finditer(f"{_THOUGHT.pattern}|(?P<end>{_END_OF_THOUGHT.pattern})", text, re.IGNORECASE):
        if match["end"] is None:
            if not is_open:
                kept.append(text[at : match.start()])
                is_open, at = True, match.start()
        elif is_open or match.end() <= last_brace:
            if not is_open:
                kept.clear()
            is_open, at = False, match.end()
    return "".join(kept) + text[at:]


def _decoded(text: str) -> str:
    """The answer as it was before it was escaped once too often: as a JSON string, for HTML, by backslashes."""
    if text.startswith('"'):
        try:
            inner = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            inner = None
        text = inner if isinstance(inner, str) else text
    if '"' not in text and "&quot;" in text:
        text = html.unescape(text)
    if _ESCAPED_BEGIN.search(text) and not _PLAIN_BEGIN.search(text):
        text = _ESCAPE.sub(lambda match: "\n" if match[1] in "nrt" else match[1], text)
    elif _ESCAPED_LINES.search(text):
        text = _ESCAPED_BLANK.sub("\n", text)
    return text


def _find_said(text: str) -> Said:
    """What the text says of scenes: the last that does, with what came before as drafts.

    Elements that stand in objects of their own belong to whatever scenes there are.
    """
    hauls, is_cut = _hauls(text)
    drafts: list[Said] = []
    rows = Haul()
    apart = [element for haul in hauls if not haul.scenes for element in haul.elements]
    for haul in hauls:
        if haul.is_row:
            rows.scenes += haul.scenes
            rows.elements += haul.elements if haul.scenes else ()
        elif haul.scenes:
            drafts.append(_said(haul.scenes, (*haul.elements, *apart)))
    if rows.scenes and not is_cut:  # scenes one after the other, in nothing
        drafts.append(_said(rows.scenes, (*rows.elements, *apart)))
    if drafts:
        *before, last = drafts[-MOST_DRAFTS:]
        return Said(scenes=last.scenes, elements=last.elements, earlier=tuple(reversed(before)))
    if not apart and is_refusal(text):
        raise Unusable(_shown(text), why=Why.REFUSED)
    raise _nothing_in(is_cut=is_cut, spoke=any(haul.spoke_of_scenes or haul.is_row for haul in hauls))


def _hauls(text: str) -> tuple[list[Haul], bool]:
    """What each value in a text holds, and whether one was cut; what a cut one holds counts only if it is the last."""
    hauls: list[Haul] = []
    is_cut = False
    try:
        for piece in read_values(text):
            if piece.is_cut:
                is_cut = True
            elif not is_cut or (holds_scenes(piece.value) and not re.search(r"[{\[]", text[piece.end :])):
                hauls.append(collect(piece.value))
    except TooMuch as error:
        raise Unusable(f"the answer cannot be read: {error}", why=Why.UNREADABLE) from error
    return hauls, is_cut


def _said(scenes: Sequence[SaidScene], elements: Sequence[SaidElement]) -> Said:
    """Each element once by name: the first that says most of it."""
    by_name: dict[str, SaidElement] = {}
    for element in elements:
        known = by_name.get(element.name.casefold())
        if known is None or (element.description and not known.description):
            by_name[element.name.casefold()] = element
    return Said(scenes=tuple(scenes), elements=tuple(by_name.values()))


def _nothing_in(*, is_cut: bool, spoke: bool) -> Unusable:
    """Why there is no scene in an answer."""
    if is_cut:
        return Unusable("the answer ends in the middle", why=Why.TRUNCATED)
    if spoke:
        return NoScene()
    return Unusable("the answer is not the JSON that was asked for", why=Why.UNREADABLE)


def _shown(words: str) -> str:
    """A model's own words, short enough for a reason."""
    words = " ".join(words.split())
    return words if len(words) <= 200 else f"{words[:199]}…"
