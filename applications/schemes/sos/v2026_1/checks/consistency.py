"""Socialstyrelsen: eligibility and consistency (rules.md 3.4)."""

from applications.completeness import (
    BLOCK,
    FLAG,
    INFO,
    Doc,
    empty,
    key,
    less,
    references,
    rule,
    values,
)
from applications.completeness.numbers import is_icd_code, is_swedish_org_number
from applications.schemes.sos.v2026_1.derived import (
    by_diagnosis,
    every_reason_missing,
    other_authorities,
    own_data_file,
    personal_numbers,
    principal_is_authority,
)

HOW_TO_SEND = "004 'Hur du skickar in ansökan'"
TO_THINK_OF = "004 'Viktigt att tänka på'"
LIST_TYPES = ("xlsx", "xls", "csv", "txt")
FIRST_YEAR_OF_ICD_10 = 1997

# --- ethical review -------------------------------------------------------------------------------


@rule(
    "SOS-CHK-01",
    BLOCK,
    source=HOW_TO_SEND,
    fields=("ethics.applicationSigned", "attachments.ethics_application"),
)
def ethics_application_unsigned(d: Doc) -> bool:
    return d.has("ethics_application") and not d["ethics.applicationSigned"]


@rule(
    "SOS-CHK-02",
    BLOCK,
    source="004 'Läs igenom vad som gäller'",
    fields=("ethics.decision", "attachments.ethics_decision"),
)
def ethics_not_approved(d: Doc) -> bool:
    return d.has("ethics_decision") and d["ethics.decision"] != "approved"


@rule("SOS-CHK-03", FLAG, source="004 step 2", fields=("ethics.registers", "registers"))
def register_without_ethics_approval(d: Doc) -> list[str]:
    approved = {key(name) for name in values(d["ethics.registers"])}
    if not approved:
        return []
    ordered = values(d["registers"])
    return references("registers", (i for i, r in enumerate(ordered) if key(r) not in approved))


@rule("SOS-CHK-17", FLAG, source="004 steps 2 and 6", fields=("ethics.principal", "principal.name"))
def principal_differs_from_ethics(d: Doc) -> bool:
    return not empty(d["ethics.principal"]) and d["ethics.principal"] != d["principal.name"]


# --- variables ------------------------------------------------------------------------------------


@rule("SOS-CHK-04", BLOCK, source=HOW_TO_SEND, fields=("attachments.variable_list",))
def variable_list_of_wrong_type(d: Doc) -> list[str]:
    return d.where("attachments", lambda a: a.kind == "variable_list" and a.ext not in LIST_TYPES)


@rule(
    "SOS-CHK-05",
    BLOCK,
    source=HOW_TO_SEND,
    fields=("variables.justification", "attachments.variable_justification"),
)
def some_reasons_missing(d: Doc) -> bool | list[str]:
    if d.has("variable_justification") or every_reason_missing(d):
        return False
    return d.where("variables", lambda v: empty(v.justification))


@rule("SOS-CHK-18", FLAG, source="derived", fields=("variables.register", "registers"))
def variable_of_another_register(d: Doc) -> list[str]:
    chosen = {key(name) for name in values(d["registers"])}
    return d.where("variables", lambda v: key(v.register) not in chosen)


# --- population -----------------------------------------------------------------------------------


@rule("SOS-CHK-06", BLOCK, source=TO_THINK_OF, fields=("population.icdVersion",))
def classification_not_named(d: Doc) -> bool:
    return by_diagnosis(d) and empty(d["population.icdVersion"])


@rule("SOS-CHK-07", BLOCK, source=TO_THINK_OF, fields=("population.icdCodes",))
def diagnosis_codes_missing_or_wrong(d: Doc) -> bool | list[str]:
    if not by_diagnosis(d):
        return False
    codes = values(d["population.icdCodes"])
    version = d["population.icdVersion"]
    return not codes or references(
        "population.icdCodes",
        (i for i, code in enumerate(codes) if not is_icd_code(code, version)),
    )


@rule(
    "SOS-CHK-19",
    FLAG,
    source="beyond sources (Swedish patient register coding history; verify)",
    fields=("population.fromYear", "population.icdVersion"),
)
def before_icd_10(d: Doc) -> bool:
    return (
        by_diagnosis(d)
        and d["population.icdVersion"] in ("ICD-10", "ICD-10-SE")
        and not empty(d["population.fromYear"])
        and less(d["population.fromYear"], FIRST_YEAR_OF_ICD_10)
    )


# --- invoice --------------------------------------------------------------------------------------


@rule(
    "SOS-CHK-08",
    BLOCK,
    source="004; check-digit rule beyond sources (Luhn)",
    fields=("invoice.orgNumber",),
)
def invoice_number_wrong(d: Doc) -> bool:
    return not empty(d["invoice.orgNumber"]) and not is_swedish_org_number(d["invoice.orgNumber"])


@rule("SOS-CHK-09", INFO, source=TO_THINK_OF, fields=("invoice.checkedWithFinance",))
def invoice_not_checked(d: Doc) -> bool:
    return not d["invoice.checkedWithFinance"]


# --- identities, files, other holders -------------------------------------------------------------


@rule("SOS-CHK-10", FLAG, source="004 step 2", fields=("identifiers.personalNumbers",))
def personal_numbers_asked_for(d: Doc) -> bool:
    return personal_numbers(d)


@rule("SOS-CHK-11", BLOCK, source="004 step 2 (derived)", fields=("identifiers.reason",))
def personal_numbers_without_reason(d: Doc) -> bool:
    return personal_numbers(d) and empty(d["identifiers.reason"])


@rule(
    "SOS-CHK-13",
    INFO,
    source="004 'Vad kostar det och hur lång tid tar det?'",
    fields=("otherAuthorities",),
)
def data_of_other_authorities(d: Doc) -> bool:
    return other_authorities(d)


@rule("SOS-CHK-14", FLAG, source=TO_THINK_OF, fields=("dataFile.followsInstruction",))
def data_file_against_instruction(d: Doc) -> bool:
    return own_data_file(d) and not d["dataFile.followsInstruction"]


# --- purpose and principal ------------------------------------------------------------------------


@rule("SOS-CHK-12", BLOCK, source="004", fields=("purpose.category",))
def purpose_is_not_research(d: Doc) -> bool:
    return d["purpose.category"] != "research"


@rule(
    "SOS-CHK-15",
    FLAG,
    source="004 step 6",
    fields=("principal.isAuthority",),
    rests_on=("principal.isAuthority",),
)
def principal_is_no_authority(d: Doc) -> bool:
    return not principal_is_authority(d)


@rule("SOS-CHK-16", INFO, source="004 step 6", fields=("principal.appliesResearchSecrecy",))
def secrecy_is_transferred(d: Doc) -> bool:
    return principal_is_authority(d) and d["principal.appliesResearchSecrecy"] is False
