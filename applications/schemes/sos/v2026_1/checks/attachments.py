"""Socialstyrelsen: missing attachments (rules.md 2.3.3)."""

from applications.completeness import BLOCK, Doc, rule
from applications.schemes.sos.v2026_1.derived import every_reason_missing, variables_in_portal

HOW_TO_SEND = "004 'Hur du skickar in ansökan'"


@rule("SOS-ATT-02", BLOCK, source=HOW_TO_SEND, fields=("attachments.ethics_application",))
def ethics_application(d: Doc) -> bool:
    return not d.has("ethics_application")


@rule("SOS-ATT-03", BLOCK, source=HOW_TO_SEND, fields=("attachments.ethics_decision",))
def ethics_decision(d: Doc) -> bool:
    return not d.has("ethics_decision")


@rule(
    "SOS-ATT-04",
    BLOCK,
    source=HOW_TO_SEND,
    fields=("attachments.variable_list", "variablesEntry"),
)
def variable_list(d: Doc) -> bool:
    return not variables_in_portal(d) and not d.has("variable_list")


@rule(
    "SOS-ATT-05",
    BLOCK,
    source=HOW_TO_SEND,
    fields=("variables.justification", "attachments.variable_justification"),
)
def reasons_for_variables(d: Doc) -> bool:
    return every_reason_missing(d) and not d.has("variable_justification")
