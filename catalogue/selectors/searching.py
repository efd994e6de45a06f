"""Search as one types: exact code, beginning of a name, of a code, words of the name, words of all
text, parts of words; with few results also what is spelt alike.

Each step is one query that an index answers, and a step is asked only while the page is not full.
What a step found is left out of the later ones by its condition, so that a key (step, name or code, id)
tells where the next page begins.
"""

from dataclasses import dataclass, field, fields
from functools import reduce
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Q, QuerySet

from catalogue import agencies
from catalogue.folding import fold, fold_code
from catalogue.models import Register, Variable, Word
from portal.given import cursor, place, small

LIMIT = 30
MOST_WORDS = 8
LONGEST = 200  # characters of what is searched for
FEW = 5  # with fewer results than this, words may be misspelt
MOST_ALIKE = 3  # words of the catalogue that a misspelt one may have meant
NEARLY = 0.8  # and how alike they must be, to the one most alike
FLAGS = ("identifying", "special_category", "health_register", "in_variable_list", "open_data",
         "development_only", "timeless")  # fmt: skip

FIRST = (0, "", "")  # the key of the first page: step, name or code, id
STEPS = tuple("012345")
BY_CODE = 2  # the step in the order of codes; the others are in the order of names


@dataclass(frozen=True)
class Filters:
    """What is left of the catalogue before it is searched. `register` is a register's code, `area`
    a statistics area, `year` a year with data; a flag that is true keeps variables that have it."""

    register: str = ""
    area: str = ""
    collection: str = ""
    year: int | None = None
    identifying: bool = False
    special_category: bool = False
    health_register: bool = False
    in_variable_list: bool = False
    open_data: bool = False
    development_only: bool = False
    timeless: bool = False
    retired: bool = False

    @property
    def any(self) -> bool:
        """Whether anything is filtered at all."""
        return any(getattr(self, f.name) for f in fields(self))


@dataclass
class Found:
    """A page of results. `after` is the key of the next page, None on the last. The last `similar`
    of the variables are only spelt alike."""

    variables: list[Variable] = field(default_factory=list)
    after: str | None = None
    similar: int = 0


def _kept(agency: str, filters: Filters) -> QuerySet[Variable]:
    agency = agencies.code_of(agency)
    held = Variable.objects.filter(agency=agency)
    if not filters.retired:
        held = held.filter(retired__isnull=True)
    for flag in FLAGS:
        if getattr(filters, flag):
            held = held.filter(**{flag: True})
    if filters.collection:
        held = held.filter(collection=filters.collection)
    if filters.year is not None:
        ends = Q(last_year__gte=filters.year) | Q(last_year__isnull=True)
        held = held.filter(Q(timeless=True) | (Q(first_year__lte=filters.year) & ends))
    if filters.register or filters.area:
        # Few: asked for first, so that the large table is narrowed by plain keys.
        registers = Register.objects.filter(agency=agency)
        if filters.register:
            registers = registers.filter(code=filters.register)
        if filters.area:
            registers = registers.filter(statistics_area=filters.area)
        held = held.filter(register__in=list(registers.values_list("pk", flat=True)))
    return held


def steps(text: str) -> list[Q]:
    """The conditions, the best first; [Q()] when nothing is searched for."""
    folded = fold(text[:LONGEST])
    if not folded:
        return [] if text.strip() else [Q()]
    code = fold_code(text[:LONGEST])
    words = folded.split()[:MOST_WORDS]
    found = [
        Q(folded_code=code),
        Q(folded_name__startswith=folded),
        Q(folded_code__startswith=code),
        _every(_in_name(word) for word in words),
        # A word begins with it: a space stands before every word of `folded`.
        _every(Q(folded__contains=f" {word}") for word in words),
    ]
    # Parts of words ("income" in "netincome"): trigrams find three letters and more.
    if any(len(word) > 2 for word in words):
        found.append(
            _every(Q(folded__contains=word if len(word) > 2 else f" {word}") for word in words)
        )
    return found


def _in_name(word: str) -> Q:
    """A word of the name begins with it. `folded` is asked too: it has the index."""
    begins = Q(folded_name__startswith=word) | Q(folded_name__contains=f" {word}")
    return Q(folded__contains=f" {word}") & begins


def _every(conditions: Any) -> Q:
    return reduce(lambda one, other: one & other, conditions)


def search(
    agency: str, text: str = "", *, limit: int = LIMIT, after: str | None = None,
    filters: Filters | None = None,
) -> Found:  # fmt: skip
    """A page of at most `limit` variables for what was typed; without text all, by name.

    `after` is `Found.after` of the page before; one that is malformed raises BadRequest.
    """
    kept = _kept(agency, filters or Filters())
    key = _key(after)
    found = _stepped(kept, steps(text), limit + 1, key)
    if len(found) > limit:
        at, last = found[limit - 1]
        following = cursor(int(at), getattr(last, _order(at)), last.pk)
        return Found([variable for _at, variable in found[:limit]], following)
    page = Found([variable for _at, variable in found])
    if key == FIRST and text.strip() and len(found) < FEW:
        room = limit - len(found)
        alike = _similar(agency, kept, text, room, [v.pk for v in page.variables])
        page.variables += alike
        page.similar = len(alike)
    return page


def _order(step: int) -> str:
    """The column by which a step is ordered: one whose index gives that order by itself."""
    return "folded_code" if step == BY_CODE else "folded_name"


def _key(after: str | None) -> tuple[int, str, str]:
    """(step, name or code, id) of the last variable of the page before; (0, "", "") for the first page."""
    found = place(after, small, str, UUID)
    if found is None:
        return FIRST
    step, last, pk = found
    return (step, last, str(pk)) if str(step) in STEPS else FIRST


def _similar(
    agency: str, kept: QuerySet[Variable], text: str, room: int, but: list[Any]
) -> list[Variable]:
    """What is found when misspelt words are taken for those of the catalogue most like them."""
    words = fold(text[:LONGEST]).split()[:MOST_WORDS]
    meant = [_alike(agency, word) for word in words]
    if [[word] for word in words] == meant or not all(meant):
        return []  # nothing is misspelt, or nothing is spelt like it
    for turn in range(MOST_ALIKE):
        conditions = steps(" ".join(alike[min(turn, len(alike) - 1)] for alike in meant))
        found = [v for _at, v in _stepped(kept.exclude(pk__in=but), conditions, room)]
        if found:
            return found
    return []


def _stepped(
    kept: QuerySet[Variable], conditions: list[Q], room: int, key: tuple[int, str, str] = FIRST
) -> list[tuple[int, Variable]]:
    """At most `room` variables with the number of their step, from `key` on."""
    begin, last, pk = key
    found: list[tuple[int, Variable]] = []
    for at in range(begin, len(conditions)):
        rows = kept.filter(conditions[at])
        for earlier in conditions[:at]:
            rows = rows.exclude(earlier)
        if at == begin and pk:
            order = _order(at)
            rows = rows.filter(Q(**{f"{order}__gt": last}) | Q(**{order: last, "pk__gt": pk}))
        rows = rows.select_related("register").order_by(_order(at), "pk")
        found += [(at, variable) for variable in rows[: room - len(found)]]
        if len(found) >= room:
            break
    return found


def _alike(agency: str, word: str) -> list[str]:
    """The word itself when one of the catalogue begins with it, else those spelt most alike."""
    held = Word.objects.filter(agency=agencies.code_of(agency))
    if len(word) < 3 or word.isdigit() or held.filter(word__startswith=word).exists():
        return [word]
    found = held.filter(word__trigram_similar=word).annotate(alike=TrigramSimilarity("word", word))
    best = list(found.order_by("-alike", "word").values_list("word", "alike")[:MOST_ALIKE])
    return [other for other, alike in best if alike >= best[0][1] * NEARLY]


def suggestions(agency: str, text: str, limit: int = 10) -> list[dict[str, Any]]:
    """The first results as plain data, for a list below what is being typed; [] without text."""
    if not text.strip():
        return []
    return [
        {
            "id": str(variable.pk),
            "code": variable.code,
            "name": variable.name,
            "register": variable.register.name,
            "registerCode": variable.register.code,
            "firstYear": variable.first_year,
            "lastYear": variable.last_year,
            "timeless": variable.timeless,
        }
        for variable in search(agency, text, limit=limit).variables
    ]
