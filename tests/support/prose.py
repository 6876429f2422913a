"""Finds code that reads a human sentence back: compares it, splits it, cuts it, or looks for words in it."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

# Fields that hold sentences wherever they stand.
SENTENCES = frozenset(
    ("advice", "error", "finding", "fix", "last_error", "message", "next_step", "ended", "hold_reason", "degraded")
)
# What is called so is a Reason, or an error of ours: its text is a sentence, too. Other texts are those of books.
REASONS = frozenset(("cause", "error", "failure", "rejected", "reason", "reasons", "said", "stop", "trouble", "why"))
KEYS = frozenset((*SENTENCES, "reason", "degraded", "paused", "problems"))  # of rows
ROWS = REASONS | {"row", "pause", "held", "one"}  # names of rows whose `text` is a sentence
PARAMETERS = frozenset(("advice", "error", "next_step", "reason", "sentence", "trouble", "why"))  # where they are str
READING = frozenset(
    (
        *("endswith", "find", "index", "lower", "casefold", "lstrip", "partition", "removeprefix", "removesuffix"),
        *("replace", "rfind", "rindex", "rpartition", "rsplit", "rstrip", "split", "splitlines", "startswith", "count"),
    )
)
MATCHING = frozenset(("findall", "finditer", "fullmatch", "match", "search", "split", "sub"))

Function = ast.FunctionDef | ast.AsyncFunctionDef


def offences(source: str) -> list[tuple[int, str]]:
    """Each line on which a sentence is read, and what it says."""
    tree = ast.parse(source)
    found = {(node.lineno, ast.unparse(node)) for node in _Scope.of(tree).offenders()}
    for function in (node for node in ast.walk(tree) if isinstance(node, Function)):
        found |= {(node.lineno, ast.unparse(node)) for node in _Scope.of(function).offenders()}
    return sorted(found)


@dataclass
class _Scope:
    """A function or a module, and which of its names hold a sentence, and which an error of ours."""

    node: ast.AST
    sentences: set[str] = field(default_factory=set)
    errors: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, node: ast.AST) -> "_Scope":
        scope = cls(node)
        if isinstance(node, Function):
            arguments = [*node.args.args, *node.args.kwonlyargs]
            scope.sentences = {one.arg for one in arguments if one.arg in PARAMETERS and _is_text(one.annotation)}
        own = list(scope._own())
        scope.errors = {one.name for one in own if isinstance(one, ast.ExceptHandler) and one.name}
        for _ in range(3):  # a name of a name of a name
            for name, value in _bindings(own):
                if scope.is_sentence(value):
                    scope.sentences.add(name)
        return scope

    def _own(self) -> Iterator[ast.AST]:
        """What is in it; of a module, not what is in its functions."""
        waiting = [self.node]
        while waiting:
            node = waiting.pop()
            yield node
            inner = ast.iter_child_nodes(node)
            waiting += [one for one in inner if not (isinstance(self.node, ast.Module) and isinstance(one, Function))]

    def offenders(self) -> Iterator[ast.expr | ast.Match]:
        for node in self._own():
            if (
                (isinstance(node, ast.Compare) and self._compares(node))
                or (isinstance(node, ast.Call) and self._reads(node))
                or (isinstance(node, ast.Subscript) and self._cuts(node))
                or (isinstance(node, ast.Match) and self.is_sentence(node.subject))
            ):
                yield node

    def is_sentence(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Name):
            return node.id in self.sentences
        if isinstance(node, ast.Attribute):
            return node.attr in SENTENCES or (node.attr == "text" and _last_name(node.value) in REASONS)
        if isinstance(node, ast.Subscript):
            key = node.slice.value if isinstance(node.slice, ast.Constant) else None
            return key in KEYS or (key == "text" and _last_name(node.value) in ROWS)
        if isinstance(node, ast.Call):
            return self._is_sentence_call(node)
        if isinstance(node, ast.BoolOp):
            return any(self.is_sentence(value) for value in node.values)
        if isinstance(node, ast.IfExp):
            return self.is_sentence(node.body) or self.is_sentence(node.orelse)
        return False

    def _is_sentence_call(self, node: ast.Call) -> bool:
        """Of `str(reason)`, `row.get("reason")`, `printable(reason.text)` and what is made of a sentence."""
        function, first = node.func, node.args[0] if node.args else None
        if isinstance(function, ast.Name) and function.id == "str" and first is not None:
            is_error = isinstance(first, ast.Name) and first.id in self.errors
            return is_error or self.is_sentence(first) or _last_name(first) in {"reason", "why"}
        if isinstance(function, ast.Name) and function.id in ("printable", "cut", "cast"):
            return any(self.is_sentence(one) for one in node.args)
        if isinstance(function, ast.Attribute) and function.attr == "get":
            return isinstance(first, ast.Constant) and first.value in KEYS
        return isinstance(function, ast.Attribute) and function.attr in READING and self.is_sentence(function.value)

    def _compares(self, node: ast.Compare) -> bool:
        """With anything but nothing: whether there is a sentence may be asked."""
        sides = [node.left, *node.comparators]
        for operator, left, right in zip(node.ops, sides, sides[1:], strict=False):
            if isinstance(operator, ast.Is | ast.IsNot):
                continue
            if isinstance(operator, ast.In | ast.NotIn):
                if self.is_sentence(left) or self._is_searched(right):
                    return True
                continue
            is_asked_for = any(isinstance(one, ast.Constant) and one.value in ("", None) for one in (left, right))
            if not is_asked_for and (self._is_read(left, right) or self._is_read(right, left)):
                return True
        return False

    def _is_searched(self, node: ast.AST) -> bool:
        """Whether words are looked for in it; a table of sentences by their causes is none."""
        is_table = isinstance(node, ast.Subscript | ast.Name | ast.Call) and _last_key(node) in ("paused", "problems")
        return not is_table and (self.is_sentence(node) or _is_reason(node))

    def _is_read(self, node: ast.AST, other: ast.AST) -> bool:
        """A `.reason` may be a record, which may be another than before; with words it is a sentence."""
        is_words = isinstance(other, ast.JoinedStr) or (
            isinstance(other, ast.Constant) and isinstance(other.value, str)
        )
        return self.is_sentence(node) or (_is_reason(node) and is_words)

    def _reads(self, node: ast.Call) -> bool:
        function = node.func
        if not isinstance(function, ast.Attribute):
            return False
        if function.attr in READING and (self.is_sentence(function.value) or _is_reason(function.value)):
            return True
        return function.attr in MATCHING and any(self.is_sentence(one) or _is_reason(one) for one in node.args)

    def _cuts(self, node: ast.Subscript) -> bool:
        """Anywhere but at a constant that bounds what is stored."""
        if not isinstance(node.slice, ast.Slice) or not (self.is_sentence(node.value) or _is_reason(node.value)):
            return False
        upper = node.slice.upper
        return node.slice.lower is not None or not (isinstance(upper, ast.Name) and upper.id.isupper())


def _is_reason(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "reason"


def _is_text(annotation: ast.expr | None) -> bool:
    return annotation is not None and ast.unparse(annotation) in ("str", "str | None")


def _last_name(node: ast.AST) -> str:
    """Of `decision.reason` and `row["reason"]` reason, of `why` why."""
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return str(node.slice.value)
    return node.id if isinstance(node, ast.Name) else ""


def _last_key(node: ast.AST) -> object:
    """Of `status["paused"]` and `status.get("paused")` paused."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        node = node.args[0]
    elif isinstance(node, ast.Subscript):
        node = node.slice
    return node.value if isinstance(node, ast.Constant) else _last_name(node)


def _bindings(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, ast.expr]]:
    for one in nodes:
        match one:
            case ast.NamedExpr(target=ast.Name(id=name), value=value):
                yield name, value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                yield name, value
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    yield from _unpacked(target, value)


def _unpacked(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        for name, part in zip(target.elts, value.elts, strict=True):
            yield from _unpacked(name, part)
