"""SSB: "no personal data" against the data asked for (rules.md 3.2). An open question is no no."""

from applications.completeness import BLOCK, FLAG, Doc, Row, rule
from applications.schemes.ssb.v2026_1.derived import access_type, grunndata_only, non_anonymous


def _denied(d: Doc) -> bool:
    """Data that are not anonymised are asked for, and the applicant says: no personal data."""
    return access_type(d) and d["processesPersonalData"] is False and non_anonymous(d)


def _about_persons(v: Row) -> bool:
    return v.unitType == "person" or bool(v.specialCategory)


@rule(
    "SSB-CHK-39",
    BLOCK,
    source="derived (000; 002 §3.4)",
    fields=("processesPersonalData", "dataLevel", "variables.unitType"),
)
def persons_but_no_personal_data(d: Doc) -> bool | list[str]:
    return _denied(d) and d.where("variables", _about_persons)


@rule(
    "SSB-CHK-40",
    FLAG,
    source="derived (000; §8 no. 6)",
    fields=("processesPersonalData", "dataLevel"),
)
def enterprises_but_no_personal_data(d: Doc) -> bool:
    return (
        _denied(d) and not grunndata_only(d) and not any(map(_about_persons, d.rows("variables")))
    )
