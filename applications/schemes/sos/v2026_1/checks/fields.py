"""Socialstyrelsen: missing fields (rules.md 3.4)."""

from applications.completeness import BLOCK, Doc, empty, rule, unanswered
from applications.schemes.sos.v2026_1.derived import principal_is_authority


@rule("SOS-FLD-01", BLOCK, source="004 step 6", fields=("principal.name",))
def research_principal(d: Doc) -> bool:
    return empty(d["principal.name"])


@rule(
    "SOS-FLD-02",
    BLOCK,
    source="004 step 6",
    fields=("principal.representative.name", "principal.representative.email"),
)
def authorised_representative(d: Doc) -> bool:
    return empty(d["principal.representative.name"]) or empty(d["principal.representative.email"])


@rule(
    "SOS-FLD-03", BLOCK, source="004 steps 1, 4 and 7", fields=("researcher.name", "contact.email")
)
def researcher(d: Doc) -> bool:
    return empty(d["researcher.name"]) or empty(d["contact.email"])


@rule("SOS-FLD-04", BLOCK, source="derived", fields=("project.title",))
def title(d: Doc) -> bool:
    return empty(d["project.title"])


@rule("SOS-FLD-05", BLOCK, source="004", fields=("registers",))
def registers(d: Doc) -> bool:
    return empty(d["registers"])


@rule("SOS-FLD-06", BLOCK, source="004", fields=("variables",))
def variables(d: Doc) -> bool:
    return not d.rows("variables")


@rule("SOS-FLD-07", BLOCK, source="004", fields=("population.text", "population.basis"))
def population(d: Doc) -> bool:
    return empty(d["population.text"]) or empty(d["population.basis"])


@rule("SOS-FLD-08", BLOCK, source="004", fields=("invoice.orgNumber",))
def invoice_number(d: Doc) -> bool:
    return empty(d["invoice.orgNumber"])


@rule(
    "SOS-FLD-09",
    BLOCK,
    source="004",
    fields=("invoice.address", "invoice.postalCode", "invoice.city"),
)
def invoice_address(d: Doc) -> bool:
    return empty(d["invoice.address"]) or empty(d["invoice.postalCode"]) or empty(d["invoice.city"])


@rule("SOS-FLD-10", BLOCK, source="004 step 2", fields=("identifiers.personalNumbers",))
def personal_numbers_not_answered(d: Doc) -> bool:
    return unanswered(d["identifiers.personalNumbers"])


@rule("SOS-FLD-11", BLOCK, source="004 step 6", fields=("principal.isAuthority",))
def kind_of_principal_not_answered(d: Doc) -> bool:
    return unanswered(d["principal.isAuthority"])


@rule("SOS-FLD-12", BLOCK, source="004 step 6", fields=("principal.appliesResearchSecrecy",))
def secrecy_of_the_authority_not_answered(d: Doc) -> bool:
    return principal_is_authority(d) and unanswered(d["principal.appliesResearchSecrecy"])


@rule("SOS-FLD-13", BLOCK, source="004 'Viktigt att tänka på'", fields=("dataFile.willSend",))
def own_data_file_not_answered(d: Doc) -> bool:
    return unanswered(d["dataFile.willSend"])
