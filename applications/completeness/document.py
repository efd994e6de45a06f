"""A document as the rules read it, with the null rules of rules.md 2.1.6.

Absent is None everywhere. Nothing here raises on a document of the wrong shape: what is no object
holds no fields, what is no list holds no rows.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

# A whole number that somebody sent as text; longer ones are not numbers of anything here.
LONGEST_NUMBER = 15


class Row:
    """One row of a list: `row.name` is the field's value, or None."""

    __slots__ = ("__dict__",)

    def __init__(self, data: Any):
        # The row's dict becomes the attributes themselves: 5,000 variables are read twenty times.
        self.__dict__ = data if isinstance(data, dict) else {}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        # A column that is left out is left out in thousands of rows, and coming here is slow: from
        # now on the class itself answers None. The names are those that rules ask for, so few.
        setattr(Row, name, None)
        return None


class Doc:
    """A document by field path: `d["purpose.category"]` is the value, or None when absent.

    `document` is the nested dict of rules.md 2, `today` the day of submission in the agency's time
    zone, `settings` what the agency configures for its checks (table `checks` of agency.toml).
    """

    def __init__(
        self, document: Any, today: date | None = None, settings: dict[str, Any] | None = None
    ):
        self.document = document if isinstance(document, dict) else {}
        self.today = today.isoformat() if today else None
        self._settings = settings or {}
        self._values: dict[str, Any] = {}
        self._rows: dict[str, list[Row]] = {}
        self._columns: dict[tuple[str, str], dict[Any, list[int]]] = {}
        self._kinds: frozenset[str] | None = None

    def __getitem__(self, path: str) -> Any:
        try:
            return self._values[path]
        except KeyError:
            value: Any = self.document
            for name in path.split("."):
                value = value.get(name) if isinstance(value, dict) else None
            self._values[path] = value
            return value

    def rows(self, path: str) -> list[Row]:
        """The rows of the list at `path`; none when there is no list."""
        try:
            return self._rows[path]
        except KeyError:
            value = self[path]
            rows = [Row(item) for item in value] if isinstance(value, list) else []
            self._rows[path] = rows
            return rows

    def where(self, path: str, wrong: Callable[[Row], Any]) -> list[str]:
        """References ("variables[3]") to the rows of `path` for which `wrong` is true."""
        return references(path, (i for i, row in enumerate(self.rows(path)) if wrong(row)))

    def by_value(self, path: str, column: str) -> dict[Any, list[int]]:
        """The numbers of the rows of `path` by what stands in their `column` (as `key` gives it)."""
        places = self._columns.get((path, column))
        if places is None:
            places = defaultdict(list)
            for i, row in enumerate(self.rows(path)):
                value = getattr(row, column)
                try:
                    places[value].append(i)
                except TypeError:
                    places[key(value)].append(i)
            self._columns[path, column] = places
        return places

    def has(self, *kinds: str) -> bool:
        """True when an attachment of one of these kinds is there (rules.md 2.1.6)."""
        if self._kinds is None:
            found = (row.kind for row in self.rows("attachments"))
            self._kinds = frozenset(kind for kind in found if isinstance(kind, str))
        return not self._kinds.isdisjoint(kinds)

    def setting(self, name: str, default: Any) -> Any:
        """What the agency configured for its checks under `name`, else `default`."""
        return self._settings.get(name, default)


def references(path: str, indices: Iterable[int]) -> list[str]:
    """ "variables", [0, 3] -> ["variables[0]", "variables[3]"]: how a finding names rows."""
    return [f"{path}[{i}]" for i in indices]


def empty(value: Any) -> bool:
    """True for null, "", [] and an object without fields; 0 and False are answers."""
    return value is None or value == "" or value == [] or value == {}


def unanswered(value: Any) -> bool:
    """`value == None` of rules.md 2.1.6: the question was left open, which is never a no."""
    return value is None or value == ""


def values(value: Any) -> list[Any]:
    """A list of values as such; a single value counts as a list of one, null as none."""
    if isinstance(value, list):
        return value
    return [] if empty(value) else [value]


def number(value: Any) -> float:
    """The number; null and what is no number count as 0 (rules.md 2.1.6)."""
    found = _as_number(value)
    return 0 if found is None else found


def _as_number(value: Any) -> float | None:
    if isinstance(value, int | float):
        return value
    if isinstance(value, str):
        text = value.strip()
        if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER:
            return int(text)
    return None


def less(left: Any, right: Any) -> bool:
    """`left < right` for years and ISO dates.

    False when either is null or an empty text, or when the two cannot be compared. A year sent as
    text ("2020") compares as the number it is.
    """
    if left is None or right is None or left == "" or right == "":
        return False
    if type(left) is type(right) is int:
        return bool(left < right)
    if (
        isinstance(left, str)
        and isinstance(right, str)
        and not (left.isdigit() and right.isdigit())
    ):
        return left < right
    first, second = _as_number(left), _as_number(right)
    return first is not None and second is not None and first < second


def at_most(left: Any, right: Any) -> bool:
    """`left <= right`, with null as in `less`."""
    return not empty(left) and (left == right or less(left, right))


def key(value: Any) -> Any:
    """A stand-in for `value` that can be a member of a set, whatever was sent."""
    if not isinstance(value, list | dict):
        return value
    try:
        return repr(value)
    except RecursionError:
        return "nested too deeply"


def long_texts(document: Any, shortest: int, ignored: tuple[str, ...]) -> set[str]:
    """The different texts of at least `shortest` characters.

    Left out are those of fields whose name ends in one of `ignored`. Quicker than `walk`, which
    also says where a text stands.
    """
    found: set[str] = set()
    todo: list[Any] = [document]
    while todo:
        value = todo.pop()
        if isinstance(value, dict):
            for name, item in value.items():
                if type(item) is str:
                    if len(item) >= shortest and not name.endswith(ignored):
                        found.add(item)
                elif type(item) is dict or type(item) is list:
                    todo.append(item)
        elif isinstance(value, list):
            todo += value
        elif isinstance(value, str) and len(value) >= shortest:
            found.add(value)
    return found


def walk(document: Any) -> Iterator[tuple[str, str, str]]:
    """Every text value: (path with row numbers, name of its field, text). In no set order."""
    todo: list[tuple[str, str, Any]] = [("", "", document)]
    while todo:
        path, name, value = todo.pop()
        if isinstance(value, str):
            yield path, name, value
        elif isinstance(value, dict):
            prefix = f"{path}." if path else ""
            todo += [(f"{prefix}{field}", field, inner) for field, inner in value.items()]
        elif isinstance(value, list):
            todo += [(f"{path}[{i}]", name, inner) for i, inner in enumerate(value)]
