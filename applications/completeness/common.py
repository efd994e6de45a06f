"""The rules that hold for every agency (rules.md 3.1)."""

import sys
from collections import defaultdict
from typing import Any

from applications.completeness.document import (
    Doc,
    Row,
    empty,
    key,
    less,
    long_texts,
    references,
    walk,
)
from applications.completeness.identities import (
    SHORTEST_IDENTITY,
    contains_national_id,
    may_contain_national_id,
)
from applications.completeness.numbers import is_email
from applications.completeness.rules import BLOCK, INFO, collect, rule

ACCEPTED_TYPES = ("pdf", "docx", "doc", "odt", "xlsx", "xls", "ods", "csv", "txt")
# Fields that hold numbers by right. Dates need no place here: none has the shape of an identity.
NUMBERS_BY_RIGHT = ("orgNumber", "OrgNumber", "cvr", "reference", "phone", "mobile")


@rule("COM-CHK-01", BLOCK, source="derived", shows_at_rows=True)
def file_that_cannot_be_opened(d: Doc) -> list[str]:
    return d.where("attachments", lambda a: a.size == 0 or a.ext not in ACCEPTED_TYPES)


@rule("COM-CHK-02", BLOCK, source="derived", fields=("variables.fromYear", "variables.toYear"))
def first_year_after_last(d: Doc) -> list[str]:
    return d.where("variables", lambda v: v.fromYear and v.toYear and less(v.toYear, v.fromYear))


@rule("COM-CHK-03", INFO, source="derived", fields=("variables",))
def variable_twice(d: Doc) -> list[str]:
    def named(v: Row) -> tuple[Any, ...]:
        return (v.holder, v.register, v.name, v.fromYear, v.toYear)

    alike: dict[Any, list[int]] = defaultdict(list)
    for i, v in enumerate(d.rows("variables")):
        try:
            alike[named(v)].append(i)
        except TypeError:  # a list or an object where a text is expected
            alike[tuple(map(key, named(v)))].append(i)
    return references(
        "variables", sorted(i for same in alike.values() if len(same) > 1 for i in same)
    )


@rule("COM-CHK-04", BLOCK, source="derived", fields=("contact.email",))
def contact_email_malformed(d: Doc) -> bool:
    return not empty(d["contact.email"]) and not is_email(d["contact.email"])


@rule("COM-CHK-05", BLOCK, source="beyond sources (privacy by design)", shows_at_rows=True)
def national_identity_in_text(d: Doc) -> list[str]:
    # Most documents hold none: 5,000 variables repeat few texts, looked through in one go.
    candidates = long_texts(d.document, SHORTEST_IDENTITY, NUMBERS_BY_RIGHT)
    if not may_contain_national_id("\n".join(candidates)):
        return []
    hits = {text for text in candidates if contains_national_id(text)}
    if not hits:
        return []
    return sorted(
        path
        for path, name, text in walk(d.document)
        if text in hits and not name.endswith(NUMBERS_BY_RIGHT)
    )


RULES = collect(sys.modules[__name__])
