"""Statistics Denmark: missing fields (rules.md 3.3). True, or the rows at fault."""

from applications.completeness import BLOCK, Doc, empty, rule, unanswered
from applications.schemes.dst.v2026_1.derived import (
    database_extension,
    external_data,
    has_end_date,
    project_database,
    proposal,
)

PROPOSAL_FORM = "beyond sources (dst.dk project proposal form)"


@rule("DST-FLD-01", BLOCK, source="003; dst.dk", fields=("scheme",))
def scheme(d: Doc) -> bool:
    return empty(d["scheme"])


@rule("DST-FLD-02", BLOCK, source=PROPOSAL_FORM, fields=("project.title",))
def title(d: Doc) -> bool:
    return proposal(d) and empty(d["project.title"])


@rule("DST-FLD-03", BLOCK, source=PROPOSAL_FORM, fields=("institution.name",))
def institution(d: Doc) -> bool:
    return proposal(d) and empty(d["institution.name"])


@rule("DST-FLD-04", BLOCK, source=PROPOSAL_FORM, fields=("project.purpose",))
def purpose(d: Doc) -> bool:
    return proposal(d) and empty(d["project.purpose"])


@rule("DST-FLD-05", BLOCK, source=PROPOSAL_FORM, fields=("project.description",))
def description(d: Doc) -> bool:
    return proposal(d) and empty(d["project.description"])


@rule(
    "DST-FLD-06",
    BLOCK,
    source="003 (Data Protection Act §10); dst.dk",
    fields=("project.societalRelevance",),
)
def societal_relevance(d: Doc) -> bool:
    return proposal(d) and empty(d["project.societalRelevance"])


@rule("DST-FLD-07", BLOCK, source=PROPOSAL_FORM, fields=("project.population",))
def population(d: Doc) -> bool:
    return proposal(d) and empty(d["project.population"])


@rule("DST-FLD-08", BLOCK, source="003; dst.dk", fields=("registers",))
def registers(d: Doc) -> bool:
    return proposal(d) and not d.rows("registers")


@rule("DST-FLD-10", BLOCK, source=PROPOSAL_FORM, fields=("signatory.name",))
def signatory(d: Doc) -> bool:
    return proposal(d) and empty(d["signatory.name"])


@rule("DST-FLD-11", BLOCK, source=PROPOSAL_FORM, fields=("contact.email",))
def contact_email(d: Doc) -> bool:
    return proposal(d) and empty(d["contact.email"])


@rule("DST-FLD-09", BLOCK, source=PROPOSAL_FORM, fields=("project.end",))
def end_date(d: Doc) -> bool:
    return has_end_date(d) and empty(d["project.end"])


@rule(
    "DST-FLD-12",
    BLOCK,
    source="003 (own data in project database); dst.dk",
    fields=("project.externalDataDescription",),
)
def description_of_external_data(d: Doc) -> bool:
    return proposal(d) and external_data(d) and empty(d["project.externalDataDescription"])


@rule("DST-FLD-13", BLOCK, source="003 condition 4", fields=("database.extensionNeed",))
def need_of_extension(d: Doc) -> bool:
    return database_extension(d) and empty(d["database.extensionNeed"])


@rule("DST-FLD-14", BLOCK, source="derived", fields=("users.name", "users.institution"))
def users_with_name_and_institution(d: Doc) -> bool | list[str]:
    return proposal(d) and d.where("users", lambda u: empty(u.name) or empty(u.institution))


@rule(
    "DST-FLD-15",
    BLOCK,
    source="003 (Data Protection Act §10)",
    fields=("sensitiveData",),
)
def sensitive_data_not_answered(d: Doc) -> bool:
    return proposal(d) and unanswered(d["sensitiveData"])


@rule("DST-FLD-16", BLOCK, source="003; dst.dk", fields=("project.externalDataUsed",))
def external_data_not_answered(d: Doc) -> bool:
    return proposal(d) and unanswered(d["project.externalDataUsed"])


@rule("DST-FLD-17", BLOCK, source="003", fields=("database.researchOnDatabase",))
def research_on_database_not_answered(d: Doc) -> bool:
    return project_database(d) and unanswered(d["database.researchOnDatabase"])
