"""The field paths that a package's Python reads, found in its source without running it.

A rule that reads `d["linkage.metod"]` raises nothing and finds nothing, for ever: so the paths,
columns and kinds of attachment that are written out as text are compared with the forms.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LISTS = ("rows", "where", "by_value")  # methods of Doc whose first argument is a list


@dataclass(frozen=True)
class Read:
    """One reading of the document: `what` is "path", "kind" or "setting"."""

    what: str
    name: str
    place: str  # checks/linkage.py:31


def read_in(folder: Path) -> list[Read]:
    """What derived.py and checks of the package in `folder` read; of a file that is no Python,
    nothing: importing it tells why."""
    files = [folder / "derived.py", folder / "checks.py", *sorted((folder / "checks").glob("*.py"))]
    found: list[Read] = []
    for path in files:
        try:
            tree = ast.parse(path.read_text(encoding="utf-8")) if path.exists() else None
        except (SyntaxError, ValueError):
            continue
        for what, name, line in _of_tree(tree) if tree else ():
            found.append(Read(what, name, f"{path.relative_to(folder)}:{line}"))
    return found


def _text(node: ast.AST | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _call(node: ast.AST) -> tuple[str, list[ast.expr]]:
    """Name and arguments of a call of a method of the document; ("", []) for anything else."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="d"), attr=name), args=args):
            return name, args
    return "", []


def _of_tree(tree: ast.AST) -> Iterator[tuple[str, str, int]]:
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(value=ast.Name(id="d"), slice=ast.Constant(value=str(path))):
                yield "path", path, node.lineno
            case ast.For() | ast.comprehension():
                yield from _looped(node, tree)
            case ast.Call():
                yield from _called(node, tree)


def _called(node: ast.Call, tree: ast.AST) -> Iterator[tuple[str, str, int]]:
    """What a call of a method of the document reads."""
    name, args = _call(node)
    texts = [_text(arg) for arg in args]
    if name == "has":
        yield from (("kind", kind, node.lineno) for kind in texts if kind)
    if name == "setting" and args and (setting := texts[0] or _named(args[0], tree)):
        yield "setting", setting, node.lineno
    if name in LISTS and args and (path := texts[0]):
        yield "path", path, node.lineno
        if name == "by_value" and texts[1:] and texts[1]:
            yield "path", f"{path}.{texts[1]}", node.lineno
        if name == "where" and args[1:] and isinstance(args[1], ast.Lambda):
            yield from _columns(args[1].body, args[1].args.args[0].arg, path)


def _named(node: ast.AST, tree: ast.AST) -> str | None:
    """The first text of the tuple that the module calls so: `d.setting(*FEW)`, `FEW = ("few", 2)`."""
    if not (isinstance(node, ast.Starred) and isinstance(node.value, ast.Name)):
        return None
    for given in ast.walk(tree):
        match given:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Tuple(elts=[first, *_])):
                if name == node.value.id:
                    return _text(first)
    return None


def _looped(node: ast.For | ast.comprehension, tree: ast.AST) -> Iterator[tuple[str, str, int]]:
    """Columns read of the rows that a loop goes through."""
    rows, row = node.iter, node.target
    match rows, row:
        case ast.Call(func=ast.Name(id="enumerate"), args=[of, *_]), ast.Tuple(elts=[_, each]):
            rows, row = of, each
    name, args = _call(rows)
    path = _text(args[0]) if args else None
    if name != "rows" or path is None or not isinstance(row, ast.Name):
        return
    holder = node if isinstance(node, ast.For) else _holder(node, tree)
    yield from _columns(holder, row.id, path)


def _holder(loop: ast.comprehension, tree: ast.AST) -> ast.AST:
    return next(n for n in ast.walk(tree) if loop in getattr(n, "generators", ()))


def _columns(body: ast.AST, row: str, path: str) -> Iterator[tuple[str, str, int]]:
    for node in ast.walk(body):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=column) if name == row:
                yield "path", f"{path}.{column}", node.lineno
