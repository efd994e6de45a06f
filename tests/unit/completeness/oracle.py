"""The conditions of rules.md, read as they stand there: a second, slow implementation.

`conditions.toml` holds each condition word for word; here it is evaluated as Python over objects
whose absent fields are null in the sense of rules.md 2.1.6. The helpers are written anew from
rules.md 3.5.
"""

import re
import tomllib
from calendar import monthrange
from pathlib import Path
from types import CodeType
from typing import Any

CONDITIONS = tomllib.loads((Path(__file__).parent / "conditions.toml").read_text())
COMPILED: dict[str, CodeType] = {
    rule_id: compile(rule["raised_when"], rule_id, "eval") for rule_id, rule in CONDITIONS.items()
}
EU = re.findall(
    r"\b[A-Z]{2}\b",
    "Austria AT Belgium BE Bulgaria BG Croatia HR Cyprus CY Czechia CZ Denmark DK Estonia EE "
    "Finland FI France FR Germany DE Greece GR Hungary HU Ireland IE Italy IT Latvia LV "
    "Lithuania LT Luxembourg LU Malta MT Netherlands NL Poland PL Portugal PT Romania RO "
    "Slovakia SK Slovenia SI Spain ES Sweden SE",
)
TOP = re.findall(
    r"\w+",
    "type applicant contact project purpose responsible population variables variablesEntry "
    "dataLevel directId processesPersonalData legalBasis approvals consentBased linkage storage "
    "persons retention onwardTransfer authority foreignTransfer reuse previousDecision change "
    "declarations alternativesConsidered attachments scheme institution registers sensitiveData "
    "users signatory costsAccepted database subproject principal researcher ethics identifiers "
    "dataFile otherAuthorities invoice",
)


class Null:
    """An absent value."""

    def __getattr__(self, name):
        return self

    def __bool__(self):
        return False

    def __iter__(self):
        return iter(())

    def __len__(self):
        return 0

    def __eq__(self, other):
        return other is None or isinstance(other, Null)

    def __hash__(self):
        return 0

    def __lt__(self, other):
        return False

    __le__ = __gt__ = __ge__ = __lt__


NULL = Null()


class Node:
    """An object of the document."""

    def __init__(self, data):
        self.data = data

    def __getattr__(self, name):
        return wrap(self.data.get(name))


def wrap(value):
    """The value as a condition reads it."""
    if value is None or value == "":  # an empty text counts as null in every comparison
        return NULL
    if isinstance(value, dict):
        return Node(value)
    if isinstance(value, list):
        return [wrap(item) for item in value]
    return value


def empty(value):
    """Null, "" and []."""
    return isinstance(value, Null) or value == "" or value == []


def number(value):
    """The number, null being 0."""
    return 0 if isinstance(value, Null) else value


def is_norwegian(value):
    """rules.md 3.5."""
    digits = value.replace(" ", "")
    if not re.fullmatch(r"\d{9}", digits):
        return False
    rest = sum(int(a) * b for a, b in zip(digits[:8], (3, 2, 7, 6, 5, 4, 3, 2), strict=True)) % 11
    control = 0 if rest == 0 else 11 - rest
    return control != 10 and control == int(digits[8])


def is_cvr(value):
    """rules.md 3.5."""
    digits = re.sub("^DK", "", re.sub("[ -]", "", value))
    if not re.fullmatch(r"[1-9]\d{7}", digits):
        return False
    return sum(int(a) * b for a, b in zip(digits, (2, 7, 6, 5, 4, 3, 2, 1), strict=True)) % 11 == 0


def luhn(digits):
    """Weights 2 1 2 1 from the left of ten digits, digit sums, divisible by ten."""
    products = (int(a) * b for a, b in zip(digits, (2, 1) * 5, strict=True))
    return sum(p // 10 + p % 10 for p in products) % 10 == 0


def is_swedish(value):
    """rules.md 3.5."""
    digits = re.sub("[ -]", "", value)
    if len(digits) == 12 and digits.startswith("16"):
        digits = digits[2:]
    return bool(re.fullmatch(r"\d\d[2-9]\d{7}", digits)) and luhn(digits)


def is_icd(code, version):
    """rules.md 3.5."""
    shapes = {
        "ICD-10": r"[A-Z]\d[0-9A-Z](\.?[0-9A-Z]{1,4})?",
        "ICD-10-SE": r"[A-Z]\d[0-9A-Z](\.?[0-9A-Z]{1,4})?",
        "ICD-9": r"[0-9EV]\d{2,3}(\.?[0-9A-Z]{1,2})?",
        "ICD-8": r"\d{3}([.,]\d{1,2})?",
        "ICD-7": r"\d{3}([.,]\d{1,2})?",
    }
    if empty(code):
        return False
    if empty(version) or version not in shapes:
        return True
    return re.fullmatch(f"{shapes[version]}(-{shapes[version]})?", code) is not None


def plus_years(day, years):
    """rules.md 3.5."""
    if empty(day):
        return NULL
    year, month, of_month = map(int, day.split("-"))
    of_month = min(of_month, monthrange(year + years, month)[1])
    return f"{year + years:04d}-{month:02d}-{of_month:02d}"


def sharing(projects):
    """rules.md 3.5."""
    return sum(
        any(
            set(map(str, one.registers)) & set(map(str, other.registers))
            for other in projects
            if other is not one
        )
        for one in projects
    )


def free_text(value, key=""):
    """Every text but those of fields that hold numbers by right."""
    if isinstance(value, str):
        return [] if re.search("([oO]rgNumber|cvr|reference|phone|mobile)$", key) else [value]
    if isinstance(value, dict):
        return [t for k, v in value.items() for t in free_text(v, k)]
    if isinstance(value, list):
        return [t for v in value for t in free_text(v, key)]
    return []


def contains_national_id(texts):
    """(b) of rules.md 3.5 only: enough for the documents that these tests make."""
    return any(
        re.search(r"(?<!\d)(0[1-9]|[12]\d)(0[1-9]|1[0-2])\d\d-\d{4}(?!\d)", t) for t in texts
    )


def expected(document: dict, today: str) -> set[str]:
    """The ids that rules.md wants raised."""
    names: dict[str, Any] = {name: wrap(document.get(name)) for name in TOP}
    d = Node(document)
    variables = names["variables"]
    kinds = [a.kind for a in names["attachments"]]
    names |= {
        "today": today,
        "empty": empty,
        "number": number,
        "has": lambda kind: kind in kinds,
        "isNorwegianOrgNumber": is_norwegian,
        "isCvr": is_cvr,
        "isSwedishOrgNumber": is_swedish,
        "isIcdCode": is_icd,
        "plusYears": plus_years,
        "projectsSharingARegister": sharing,
        "isEmail": lambda x: re.fullmatch(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}", x) is not None,
        "hasDuplicates": lambda rows: (lambda r: any(r.count(x) > 1 for x in r))(list(rows)),
        "containsNationalId": contains_national_id,
        "allFreeText": free_text(document),
    }
    kind, country = d.applicant.kind, d.applicant.country
    authority = "state_body county municipality central_bank audit_office foreign_nsi intl_org"
    basis = d.legalBasis.date
    names |= {
        "accessType": d.type in ("new", "change"),
        "isResearch": kind == "research_institution",
        "isAuthority": kind in authority.split(),
        "foreign": not empty(country) and country != "NO",
        "foreignExceptionPossible": (
            kind == "research_institution" and country in (*EU, "IS", "LI", "NO")
        )
        or kind in ("foreign_nsi", "intl_org"),
        "nonAnon": d.dataLevel in ("indirect", "direct"),
        "oldBasis": d.processesPersonalData and basis < "2018-07-20",
        "newBasis": d.processesPersonalData and basis >= "2018-07-20",
        "basicPopulationOnly": not empty(variables)
        and all(
            (
                v.code in ("sex", "age", "residence", "country_of_birth", "date_of_death")
                and v.source == "population_register"
            )
            or v.openData == True  # noqa: E712 - null is not True here
            for v in variables
        )
        and d.linkage.used != True,  # noqa: E712
        "grunndataOnly": not empty(variables)
        and all(
            v.grunndata == True and v.unitType == "legal_entity"  # noqa: E712
            for v in variables
        ),
    }
    agency = document["agency"]
    return {
        rule_id
        for rule_id, code in COMPILED.items()
        if rule_id.startswith(("COM", agency)) and eval(code, names)
    }
