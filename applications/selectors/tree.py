"""Nested dicts by dotted paths."""

from typing import Any


def put(tree: dict, path: str, value: Any) -> None:
    """Sets `value` at the dotted `path` of the nested dict `tree`."""
    *parents, last = path.split(".")
    for parent in parents:
        child = tree.get(parent)
        if not isinstance(child, dict):
            child = tree[parent] = {}
        tree = child
    tree[last] = value


def pick(tree: Any, path: str) -> Any:
    """The value at the dotted `path` of `tree`, or None."""
    for part in path.split("."):
        if not isinstance(tree, dict):
            return None
        tree = tree.get(part)
    return tree


def copy(tree: dict) -> dict:
    """A copy of the nested dicts (lists and leaves are shared)."""
    return {k: copy(v) if isinstance(v, dict) else v for k, v in tree.items()}
