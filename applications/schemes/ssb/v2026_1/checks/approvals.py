"""SSB: approvals against what is asked for (rules.md 3.2; an empty scope is not compared, 8 no. 10).

Each approval is compared with every variable, but by distinct value: 5,000 variables have few
holders and years.
"""

from collections.abc import Callable
from typing import Any

from applications.completeness import (
    BLOCK,
    FLAG,
    Doc,
    Row,
    at_most,
    empty,
    key,
    less,
    references,
    rule,
    values,
)
from applications.schemes.ssb.v2026_1.derived import (
    GDPR_DAY,
    access_type,
    consent_based,
    old_basis,
)

Places = dict[Any, list[int]]


def _outside(places: Places, scope: Any) -> list[int]:
    """The variables whose value `scope` does not name. "*" covers all, an empty scope says nothing."""
    covered = {key(value) for value in values(scope)}
    if not covered or "*" in covered:
        return []
    return [i for value, where in places.items() if value not in covered for i in where]


def _mismatches(d: Doc, outside: Callable[[Row], list[int]]) -> list[str]:
    """References to the approvals, then to the variables, that do not fit each other."""
    approvals: list[int] = []
    variables: set[int] = set()
    for i, approval in enumerate(d.rows("approvals")):
        found = outside(approval)
        if found:
            approvals.append(i)
            variables.update(found)
    return references("approvals", approvals) + references("variables", sorted(variables))


@rule(
    "SSB-CHK-05",
    BLOCK,
    source="000; 001 (all approvals must cover)",
    fields=("approvals.fromYear", "approvals.toYear", "variables.fromYear", "variables.toYear"),
)
def years_not_covered(d: Doc) -> bool | list[str]:
    if not access_type(d):
        return False
    firsts, lasts = d.by_value("variables", "fromYear"), d.by_value("variables", "toYear")

    def outside(ap: Row) -> list[int]:
        early = (
            where
            for year, where in firsts.items()
            if ap.fromYear and year and less(year, ap.fromYear)
        )
        late = (
            where for year, where in lasts.items() if ap.toYear and year and less(ap.toYear, year)
        )
        return [i for where in (*early, *late) for i in where]

    return _mismatches(d, outside)


@rule(
    "SSB-CHK-06",
    BLOCK,
    source="000; 001 (all approvals must cover)",
    fields=("approvals.holders", "approvals.variables", "variables.holder", "variables.name"),
)
def sources_or_variables_not_covered(d: Doc) -> bool | list[str]:
    if not access_type(d):
        return False
    holders, names = d.by_value("variables", "holder"), d.by_value("variables", "name")

    def outside(ap: Row) -> list[int]:
        if ap.kind == "consent":
            return []
        return _outside(holders, ap.holders) + _outside(names, ap.variables)

    return _mismatches(d, outside)


@rule(
    "SSB-CHK-07",
    BLOCK,
    source="000; 001 (all approvals must cover)",
    fields=("approvals.validUntil", "project.end"),
)
def approval_expires_early(d: Doc) -> bool | list[str]:
    return access_type(d) and d.where(
        "approvals", lambda ap: ap.validUntil and less(ap.validUntil, d["project.end"])
    )


@rule(
    "SSB-CHK-28",
    BLOCK,
    source="002 §3.1 (refusal ground: contrary to informed consent)",
    fields=("approvals.variables", "variables.name"),
)
def consent_does_not_cover(d: Doc) -> bool | list[str]:
    if not (access_type(d) and consent_based(d)):
        return False
    names = d.by_value("variables", "name")
    return _mismatches(d, lambda ap: _outside(names, ap.variables) if ap.kind == "consent" else [])


@rule(
    "SSB-CHK-37",
    FLAG,
    source="000 (mismatch); 002 §5 item 3",
    fields=("approvals.controller", "applicant.name"),
)
def approval_of_another_institution(d: Doc) -> bool | list[str]:
    return access_type(d) and d.where(
        "approvals", lambda ap: not empty(ap.controller) and ap.controller != d["applicant.name"]
    )


@rule("SSB-CHK-38", FLAG, source="000", fields=("approvals.issued", "legalBasis.date"))
def approval_younger_than_basis(d: Doc) -> bool | list[str]:
    if not (access_type(d) and old_basis(d)):
        return False
    kinds = ("dpo_recommendation", "dpa_licence", "rek_preapproval")
    return d.where(
        "approvals",
        lambda ap: ap.kind in kinds and ap.issued and at_most(GDPR_DAY, ap.issued),
    )
