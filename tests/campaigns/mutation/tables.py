"""Mutants of code that runs at import: limits, tables, defaults, decorated functions.

Each number becomes one more, one less and twice as much; each comparison and each boolean becomes
a similar one; each row of a tuple is removed; each enum member becomes another of its enum. Not
mutated: sentences for people (strings with a space), docstrings, annotations, decorators and
`__all__`.
"""

import ast
from collections.abc import Iterator
from typing import NamedTuple

_SWAPS: dict[type[ast.AST], str] = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Is: "is not",
    ast.IsNot: "is",
    ast.Add: "-",
    ast.Sub: "+",
    ast.Mult: "//",
    ast.FloorDiv: "*",
    ast.Div: "*",
    ast.Mod: "//",
    ast.Pow: "*",
    ast.And: "or",
    ast.Or: "and",
}
_NAMES = {"_CUT": "_RAMP", "_RAMP": "_CUT", "_GONE": "_TEST", "_TEST": "_GONE"}
"""Short names used in the trip table."""
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Collection = ast.Tuple | ast.List | ast.Set


class Edit(NamedTuple):
    """One mutant: the changed source, and where it was changed."""

    place: str
    removed: str
    added: str
    source: str


class _Cut(NamedTuple):
    """Bytes `start` to `end` of the source, and their replacement."""

    start: int
    end: int
    text: str


def edits(source: str) -> Iterator[Edit]:
    """Yield every mutant of the code that mutmut does not mutate."""
    raw = source.encode()
    tree = ast.parse(source)
    offsets = [0]
    for line in raw.splitlines(keepends=True):
        offsets.append(offsets[-1] + len(line))
    text = _Text(raw, offsets, _members(tree))
    seen = set()
    for place, root in _roots(tree):
        for node in _walk(root):
            for cut in text.cuts(node):
                changed = raw[: cut.start] + cut.text.encode() + raw[cut.end :]
                if changed not in seen and changed != raw:
                    seen.add(changed)
                    removed, added = _lines(raw, changed)
                    yield Edit(place, removed, added, changed.decode())


def _roots(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    for statement in tree.body:
        if isinstance(statement, ast.ClassDef):
            for inner in statement.body:
                yield from _root(inner, statement.name)
        else:
            yield from _root(statement, "")


def _root(statement: ast.stmt, owner: str) -> Iterator[tuple[str, ast.AST]]:
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            if statement.decorator_list and not _is_for_mutmut(statement):
                place = f"{owner}.{statement.name}" if owner else statement.name
                yield from ((place, node) for node in statement.body if not _is_docstring(node))
        case ast.AnnAssign(value=ast.expr() as value):
            yield owner, value
        case ast.Assign(targets=[ast.Name(id="__all__")]):
            return
        case ast.Assign(value=value) if not _is_a_type(value):
            yield owner, value
        case ast.If() | ast.For() | ast.With() | ast.Try():
            yield owner, statement
        case _:
            return


def _is_for_mutmut(function: _Function) -> bool:
    """Tell whether mutmut mutates a function although it has a decorator."""
    match function.decorator_list:
        case [ast.Name(id="staticmethod" | "classmethod")]:
            return True
        case _:
            return False


def _is_a_type(value: ast.expr) -> bool:
    """Tell whether the value is a type: an alias has no value to get wrong."""
    is_union = isinstance(value, ast.BinOp) and isinstance(value.op, ast.BitOr)
    return is_union or isinstance(value, ast.Subscript)


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _walk(root: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes below `root`, except those inside an f-string."""
    yield root
    if not isinstance(root, ast.JoinedStr):
        for child in ast.iter_child_nodes(root):
            yield from _walk(child)


def _members(tree: ast.Module) -> dict[str, list[str]]:
    """Return the members named in a module, for each enum."""
    members_by_enum: dict[str, list[str]] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=kind), attr=member) if member.isupper():
                members = members_by_enum.setdefault(kind, [])
                if member not in members:
                    members.append(member)
            case _:
                pass
    return members_by_enum


class _Text:
    """The source, with byte positions of its nodes."""

    def __init__(self, raw: bytes, offsets: list[int], members: dict[str, list[str]]) -> None:
        self._raw = raw
        self._offsets = offsets
        self._members = members

    def cuts(self, node: ast.AST) -> Iterator[_Cut]:
        """Yield the replacements to make at a node."""
        match node:
            case ast.Constant():
                yield from (self._instead(node, text) for text in _other_values(node.value))
            case ast.Name(id=name) if name in _NAMES:
                yield self._instead(node, _NAMES[name])
            case ast.Attribute(value=ast.Name(id=kind), attr=member) if member.isupper():
                members = self._members[kind]
                other = members[(members.index(member) + 1) % len(members)]
                yield self._instead(node, f"{kind}.{other}")
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                yield from self._between(left, op, right)
            case ast.BinOp(left=left, op=op, right=right):
                yield from self._between(left, op, right)
            case ast.BoolOp(op=op, values=[left, right]):
                yield from self._between(left, op, right)
            case ast.UnaryOp(operand=operand):
                yield self._instead(node, self._of(operand))
            case ast.Tuple() | ast.List() | ast.Set():
                yield from self._without_one(node)
            case _:
                return

    def _instead(self, node: ast.expr, text: str) -> _Cut:
        return _Cut(self._start(node), self._end(node), text)

    def _between(self, left: ast.expr, op: ast.AST, right: ast.expr) -> Iterator[_Cut]:
        if type(op) not in _SWAPS:
            return
        start, end = self._end(left), self._start(right)
        between = self._raw[start:end].decode()
        words = between.strip("() \n")
        yield _Cut(start, end, between.replace(words, _SWAPS[type(op)]))

    def _without_one(self, node: _Collection) -> Iterator[_Cut]:
        """Remove one element and the comma after it, or before it for the last."""
        for i, element in enumerate(node.elts):
            if len(node.elts) == 1:
                yield self._instead(node, "()")
            elif i + 1 < len(node.elts):
                yield _Cut(self._start(element), self._start(node.elts[i + 1]), "")
            else:
                rest = "," if i == 1 else ""
                yield _Cut(self._end(node.elts[i - 1]), self._end(element), rest)

    def _of(self, node: ast.expr) -> str:
        return self._raw[self._start(node) : self._end(node)].decode()

    def _start(self, node: ast.expr) -> int:
        return self._offsets[node.lineno - 1] + node.col_offset

    def _end(self, node: ast.expr) -> int:
        if node.end_lineno is None or node.end_col_offset is None:
            raise ValueError("a node that was parsed has an end")
        return self._offsets[node.end_lineno - 1] + node.end_col_offset


def _other_values(value: object) -> list[str]:
    match value:
        case bool():
            return [str(not value)]
        case int() | float():
            return [f"{value + 1}", f"({value - 1})", f"{value * 2}"]
        case str() if " " not in value:
            return [repr(f"XX{value}XX")]
        case None:
            return ["0"]
        case _:
            return []


def _lines(before: bytes, after: bytes) -> tuple[str, str]:
    """Return the lines that differ, without their indentation."""
    old, new = before.decode().splitlines(), after.decode().splitlines()
    first = next(i for i, line in enumerate(old) if new[i : i + 1] != [line])
    last = 0
    while last < min(len(old), len(new)) - first and old[-1 - last] == new[-1 - last]:
        last += 1
    return _joined(old[first : len(old) - last]), _joined(new[first : len(new) - last])


def _joined(lines: list[str]) -> str:
    return "\n".join(line.strip() for line in lines)
