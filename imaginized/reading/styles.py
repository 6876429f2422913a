"""The one door to tinycss2 and cssselect: what a document's style sheets hide from readers, and what they raise."""

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import tinycss2
from cssselect import HTMLTranslator, SelectorError, parse

from imaginized.reading.markup import Finder, Node, attribute, child, compile_xpath, local_name
from imaginized.reading.package import resolve

RAISED = "raised"  # an attribute that no document has: styles say that this stands above the line
HIDDEN = "hidden"
MAX_SHEET_BYTES = 256 * 1024
_MAX_SHEETS = 20
_MAX_SETS = 60
_MAX_RULES = 200
_MAX_STEPS = 4
_MAX_LIST_CHARACTERS = 8_000
_MAX_SELECTORS = 3_000  # of one book, together
_MAX_WORK = 2_000_000_000  # bytes times rules: a few seconds; a large book with 50 rules takes a tenth
_MAX_IMPORTS = 3

# Nearly all sheets hide and raise nothing, and to parse one costs as much as to read ten chapters.
_SHOWN = re.compile(r"(?:display|visibility|opacity|font-size|clip|left|top)\s*:", re.IGNORECASE)
_HIDES = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|(?:opacity|font-size)\s*:\s*0(?![.\d]*[1-9])"
    r"|(?:left|top)\s*:\s*-\d{3,}|clip\s*:\s*rect",
    re.IGNORECASE,
)
_RAISES = re.compile(r"vertical-align\s*:\s*(?:super|text-top)", re.IGNORECASE)
_STRING = re.compile(r""""[^"\n]*"|'[^'\n]*'""")
_COSTLY = re.compile(r"sibling|count\(|position\(|last\(")  # grow with the square of a document
_STEP = re.compile(r"(?:descendant(?:-or-self)?::|(?<=[\w*\])])/)([A-Za-z][\w-]*)(?![\w:(-])")
_UNCERTAIN = re.compile(r"not\(|translate\(|\bor\b(?!-self)")
_PREFIXED = re.compile(r"(?:@|::)[A-Za-z][\w-]*:(?!:)")  # nobody declares namespaces to the finder: it finds nothing
_NAMESPACED = re.compile(r"[\w-]\|(?!=)")
_IMPORT = re.compile(r"@import\s", re.IGNORECASE)
_NAME = re.compile(r"[.#]([A-Za-z_][\w-]*)")
_NAMED = (re.compile(rb"""class\s*=\s*["']([^"']*)"""), re.compile(rb"""id\s*=\s*["']([^"']*)"""))
_ANY = re.compile(r"[\w-]+")
_ZERO = re.compile(r"0(?:\.0*)?(?:[a-z%]+)?")
_FAR = re.compile(r"-\d{3,}")
_NEVER = frozenset({"html", "body", "h1", "h2", "h3", "h4", "h5", "h6"})
_SCREENS = frozenset({"", "all", "screen"})
_INLINE_TAGS = frozenset({"a", "span", "b", "i", "em", "strong", "small", "font", "sup"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """What one selector says of what it finds.

    Attributes:
        names: Classes and identifiers that a document must hold for it to find anything.
        needs: What a well-formed document must hold for it, too: beginnings of tags, words of attributes.
        property: "display", "visibility" or "place", of which the strongest rule decides; "raise" for what is raised.
        weight: Of the cascade.
    """

    find: Finder
    names: frozenset[bytes]
    needs: tuple[bytes, ...]
    property: str
    is_hiding: bool
    weight: tuple[bool, tuple[int, int, int], int]


class Sheets:
    """The style sheets of one book; each is read once."""

    def __init__(self, read: Callable[[str], bytes]) -> None:
        """Take the function that reads a member; it may raise LookupError."""
        self._read_member = read
        self._texts: dict[str, str] = {}
        self._work = 0
        self._selectors_left = _MAX_SELECTORS
        self._heads: dict[tuple[str, bytes], tuple[str, ...]] = {}
        self._rules: dict[tuple[tuple[str, ...], frozenset[str]], tuple[_Rule, ...]] = {}

    def apply(self, root: Node, *, name: str, data: bytes, is_whole: bool = False) -> None:
        """Mark in a document's tree what its styles hide (HIDDEN) and raise (RAISED).

        `is_whole` promises that the data is well-formed.
        """
        texts = self._texts_for(root, name=name, data=data, is_whole=is_whole)
        if not texts:
            return
        rules = self._read(texts)
        self._work += len(rules) * len(data)
        if self._work > _MAX_WORK:
            return
        telling = _find_telling(rules, data=data, is_whole=is_whole)
        places = {find: find(root) for find in {rule.find for rule in telling}}
        found = [(rule, nodes) for rule in telling if (nodes := places[rule.find])]
        hidden: set[Node] = set()
        for rule, nodes in found:
            if rule.is_hiding:
                hidden.update(nodes)
                continue
            for node in nodes:
                if local_name(node) in _INLINE_TAGS:
                    node.set(RAISED, "")
        if not hidden:
            return
        rules = self._read(texts, called=_names_of(hidden))
        for kind in {rule.property for rule, _ in found if rule.is_hiding}:
            for node in _find_hidden(root, rules=[rule for rule in rules if rule.property == kind]):
                node.set(HIDDEN, "")

    def _read(self, texts: tuple[str, ...], *, called: frozenset[str] = frozenset()) -> tuple[_Rule, ...]:
        """The rules that hide or raise, and those that show again what is called so."""
        key = (texts, called)
        if key not in self._rules and len(self._rules) < _MAX_SETS:
            try:
                text = _reduce("\n".join(texts), called=called)[:MAX_SHEET_BYTES]
                self._rules[key] = tuple(islice(_read_rules(text), self._selectors_left))
                self._selectors_left -= len(self._rules[key])
            except RecursionError:  # brackets thousands deep: such a sheet hides nothing
                self._rules[key] = ()
        return self._rules.get(key, ())

    def _texts_for(self, root: Node, *, name: str, data: bytes, is_whole: bool) -> tuple[str, ...]:
        """The telling sheets of a document; most documents of a book have the same head, but for the title."""
        head = _head_of(data) if is_whole else b""
        key = (posixpath.dirname(name), head)
        if key in self._heads:
            return self._heads[key]
        texts = tuple(self._texts_of(root, name=name))
        if head and len(self._heads) < _MAX_SETS:
            self._heads[key] = texts
        return texts

    def _texts_of(self, root: Node, *, name: str) -> Iterator[str]:
        """The telling sheets that a document links or holds, in order."""
        head = child(root, "head")
        for node in () if head is None else head:
            kind = local_name(node)
            if attribute(node, "media").strip().lower() not in _SCREENS:
                continue
            if kind == "style" and node.text:
                yield from filter(None, (_reduce(node.text),))
            elif kind == "link" and "stylesheet" in (words := attribute(node, "rel").lower().split()):
                target, _ = resolve(attribute(node, "href"), folder=posixpath.dirname(name))
                if target and "alternate" not in words:
                    yield from filter(None, (self._sheet(target, depth=0),))

    def _sheet(self, name: str, *, depth: int) -> str:
        """What of a sheet matters here, with what it imports; "" for nothing."""
        if name not in self._texts and len(self._texts) < _MAX_SHEETS:
            self._texts[name] = ""  # a sheet that imports itself
            try:
                text = self._read_member(name)[:MAX_SHEET_BYTES].decode("utf-8", "replace")
                imported = tuple(self._imports(text, name=name, depth=depth)) if _IMPORT.search(text) else ()
            except (LookupError, RecursionError):
                return ""
            self._texts[name] = "\n".join(filter(None, (*imported, _reduce(text))))
        return self._texts.get(name, "")

    def _imports(self, text: str, *, name: str, depth: int) -> Iterator[str]:
        *_, last = _IMPORT.finditer(text)
        head = text[: text.find(";", last.end()) + 1] or text  # nothing behind the last one is worth the parser's time
        for rule in tinycss2.parse_stylesheet(head, skip_comments=True, skip_whitespace=True):
            if rule.type != "at-rule" or rule.lower_at_keyword != "import" or depth >= _MAX_IMPORTS:
                continue
            tokens = [token for token in rule.prelude if token.type != "whitespace"]
            if len(tokens) == 1:  # others are for some media only
                value = getattr(tokens[0], "value", "") or next(
                    (each.value for each in getattr(tokens[0], "arguments", ()) if each.type == "string"), ""
                )
                target, _ = resolve(str(value), folder=posixpath.dirname(name))
                if target:
                    yield self._sheet(target, depth=depth + 1)


def _head_of(data: bytes) -> bytes:
    """The bytes before the body of a well-formed document, without its title; b"" where that is not certain."""
    head = data[: max(data.find(b"<body"), 0)]
    if b"<!" in head or head.rfind(b"<?") > 0:
        return b""  # what stands in a comment is no body
    start = head.find(b"<title>")
    end = head.find(b"</title>", start)
    is_title = 0 <= start < end and b"<" not in head[start + 1 : end]
    return head[:start] + head[end:] if is_title else head


def _find_telling(rules: Sequence[_Rule], *, data: bytes, is_whole: bool) -> list[_Rule]:
    """The rules that may find something; to list all that a document names costs more than to look for a few."""
    if is_whole:
        known: dict[bytes, bool] = {}
        return [rule for rule in rules if _holds(data, rule.needs, known=known)]
    names = {name for pattern in _NAMED for value in pattern.findall(data) for name in value.split()}
    return [rule for rule in rules if rule.names <= names]


def _holds(data: bytes, needs: Sequence[bytes], *, known: dict[bytes, bool]) -> bool:
    for need in needs:
        if need not in known:
            known[need] = need in data
        if not known[need]:
            return False
    return True


def _names_of(nodes: Iterable[Node]) -> frozenset[str]:
    """What selectors may call these elements by: tags, classes, identifiers."""
    return frozenset(
        name
        for node in nodes
        for name in (local_name(node), *node.get("class", "").split(), *node.get("id", "").split())
    )


def _reduce(text: str, *, called: frozenset[str] | None = None) -> str:
    """A sheet without the rules that say nothing of what is seen; "" where none hides or raises.

    Of rules that show only those are kept that may be about elements that are `called` so; all without it.
    """
    text = _without_comments(text[:MAX_SHEET_BYTES])
    hides = _HIDES.search(text) is not None
    if not hides and not _RAISES.search(text):
        return ""
    if any("{" in string or "}" in string for string in _STRING.findall(text)):
        return text
    kept: list[str] = []
    found = False
    *pieces, rest = text.split("}")
    for piece in pieces:
        before, brace, body = piece.rpartition("{")
        start = max(before.rfind("{"), before.rfind(";")) + 1
        is_asked = called is None or "*" in before[start:] or bool(called & set(_ANY.findall(before[start:])))
        is_telling = _HIDES.search(body) or _RAISES.search(body) or (hides and is_asked and _SHOWN.search(body))
        is_kept = is_telling and not _is_foreign(before[start:])
        found = found or (bool(is_kept) and brace != "")
        kept.append(f"{piece}}}" if not brace or is_kept else before[:start])
    return "".join((*kept, rest)) if found else ""


def _is_foreign(selectors: str) -> bool:
    """Whether each of the selectors has a namespace, which nobody declares to the finder: it finds nothing."""
    if "|" not in selectors:
        return False
    return all(_NAMESPACED.search(each) for each in _STRING.sub("", selectors).split(","))


def _without_comments(text: str) -> str:
    """By hand: a pattern would go to the end of the sheet from each comment that has none."""
    first, *pieces = text.replace("<!--", " ").replace("-->", " ").split("/*")
    return " ".join((first, *(rest for piece in pieces for _, _, rest in (piece.partition("*/"),))))


def _read_rules(text: str) -> Iterator[_Rule]:
    for order, (selectors, declarations) in enumerate(_style_rules(text)):
        if order >= _MAX_RULES:
            return
        said = list(_judge(declarations))
        if not said or len(selectors) > _MAX_LIST_CHARACTERS:
            continue
        try:
            parsed = parse(selectors)
        except SelectorError:
            continue
        for selector in parsed:
            if selector.pseudo_element is not None:
                continue
            try:
                path = HTMLTranslator(xhtml=True).selector_to_xpath(selector)
                find = compile_xpath(path)
            except (SelectorError, ValueError):
                continue
            if _COSTLY.search(path) or path.count("/") > _MAX_STEPS or _PREFIXED.search(path):
                continue
            names = frozenset(each.encode() for each in _NAME.findall(selector.canonical()))
            needs = _needs_of(path)
            for kind, is_hiding, is_important in said:
                weight = (is_important, selector.specificity(), order)
                yield _Rule(find=find, names=names, needs=needs, property=kind, is_hiding=is_hiding, weight=weight)


def _needs_of(path: str) -> tuple[bytes, ...]:
    """What an XPath cannot do without: how tags begin, and words of attributes."""
    if _UNCERTAIN.search(path):
        return ()
    tags = {f"<{tag}".encode() for tag in _STEP.findall(_STRING.sub("", path))}
    words = {word.encode() for quoted in _STRING.findall(path) for word in _ANY.findall(quoted)}
    return (*sorted(words, key=len, reverse=True), *sorted(tags, key=len, reverse=True))


def _style_rules(text: str) -> Iterator[tuple[str, list[object]]]:
    """Selectors and declarations of each rule that holds on a screen."""
    queue = list(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True))
    while queue:
        rule = queue.pop(0)
        if rule.type == "qualified-rule":
            yield tinycss2.serialize(rule.prelude).strip(), tinycss2.parse_blocks_contents(rule.content)
        elif rule.type == "at-rule" and rule.lower_at_keyword == "media" and rule.content is not None:
            media = {each.strip().lower() for each in tinycss2.serialize(rule.prelude).split(",")}
            if media & _SCREENS:
                inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
                queue[:0] = inner


def _judge(declarations: Iterable[object]) -> Iterator[tuple[str, bool, bool]]:
    """What the declarations of one rule say: (property, whether it hides, whether it is important)."""
    values: dict[str, tuple[str, bool]] = {}
    for each in declarations:
        if getattr(each, "type", "") == "declaration":
            value = tinycss2.serialize(each.value).strip().lower()  # type: ignore[attr-defined]
            values[each.lower_name] = value, each.important  # type: ignore[attr-defined]
    for name, (value, is_important) in values.items():
        if name == "display":
            yield "display", value == "none", is_important
        elif name == "visibility":
            yield "visibility", value in ("hidden", "collapse"), is_important
        elif name in ("opacity", "font-size"):
            yield name, _ZERO.fullmatch(value) is not None, is_important
        elif name == "vertical-align" and value in ("super", "text-top"):
            yield "raise", False, is_important
    if values.get("position", ("", False))[0] in ("absolute", "fixed"):
        is_away = any(_FAR.match(values[side][0]) for side in ("left", "top") if side in values)
        if is_away or values.get("clip", ("", False))[0].startswith("rect"):
            yield "place", True, False


def _find_hidden(root: Node, *, rules: list[_Rule]) -> list[Node]:
    """What the strongest rule of one property hides. Headings stay: hidden ones name chapters whose title is drawn."""
    strongest: dict[Node, _Rule] = {}
    for rule in sorted(rules, key=lambda rule: not rule.is_hiding):
        if not rule.is_hiding and not strongest:
            break
        for node in rule.find(root):
            before = strongest.get(node)
            if before is None:
                if rule.is_hiding:
                    strongest[node] = rule
            elif rule.weight >= before.weight:
                strongest[node] = rule
    return [node for node, rule in strongest.items() if rule.is_hiding and local_name(node) not in _NEVER]
