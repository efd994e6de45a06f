"""SSB: missing fields (rules.md 3.2). True, or the rows at fault, when something is missing."""

from applications.completeness import BLOCK, FLAG, Doc, empty, less, rule, unanswered
from applications.schemes.ssb.v2026_1.derived import (
    access_type,
    authority_onward_transfer,
    earlier_decision,
    is_authority,
    is_change,
    linkage_used,
    names_its_institution,
    non_anonymous,
    norwegian,
    personal_data,
)


@rule("SSB-FLD-01", BLOCK, source="derived", fields=("project.title",))
def title(d: Doc) -> bool:
    return access_type(d) and empty(d["project.title"])


@rule("SSB-FLD-02", BLOCK, source="002 §5 item 1", fields=("purpose.category", "purpose.text"))
def purpose(d: Doc) -> bool:
    return access_type(d) and (empty(d["purpose.category"]) or empty(d["purpose.text"]))


@rule("SSB-FLD-03", BLOCK, source="002 §5 item 2", fields=("project.start", "project.end"))
def duration(d: Doc) -> bool:
    return access_type(d) and (empty(d["project.start"]) or empty(d["project.end"]))


@rule(
    "SSB-FLD-04",
    BLOCK,
    source="002 §5 item 3",
    fields=("responsible.institution", "responsible.person.name"),
)
def responsible(d: Doc) -> bool:
    return access_type(d) and (
        empty(d["responsible.institution"]) or empty(d["responsible.person.name"])
    )


@rule("SSB-FLD-05", BLOCK, source="002 §5 item 4", fields=("population.text",))
def population(d: Doc) -> bool:
    return access_type(d) and empty(d["population.text"])


@rule(
    "SSB-FLD-06",
    BLOCK,
    source="002 §5 item 4",
    fields=("variables", "variables.fromYear", "variables.toYear"),
)
def variables_and_their_years(d: Doc) -> bool | list[str]:
    if not access_type(d):
        return False
    return not d.rows("variables") or d.where(
        "variables", lambda v: not v.timeless and (empty(v.fromYear) or empty(v.toYear))
    )


@rule("SSB-FLD-07", BLOCK, source="002 §5 item 6", fields=("storage.type", "storage.description"))
def storage(d: Doc) -> bool:
    return access_type(d) and (empty(d["storage.type"]) or empty(d["storage.description"]))


@rule(
    "SSB-FLD-08",
    BLOCK,
    source="002 §5 item 7",
    fields=("persons", "persons.name", "persons.institution"),
)
def persons_with_access(d: Doc) -> bool | list[str]:
    if not access_type(d):
        return False
    return not d.rows("persons") or d.where(
        "persons", lambda p: empty(p.name) or empty(p.institution)
    )


@rule("SSB-FLD-09", BLOCK, source="002 §5 item 8", fields=("legalBasis.art6",))
def article_6_basis(d: Doc) -> bool:
    return access_type(d) and personal_data(d) and empty(d["legalBasis.art6"])


@rule("SSB-FLD-10", BLOCK, source="002 §5 item 8; §3.1", fields=("legalBasis.art9",))
def article_9_exception(d: Doc) -> bool | list[str]:
    if not (access_type(d) and personal_data(d) and empty(d["legalBasis.art9"])):
        return False
    return d.where("variables", lambda v: v.specialCategory)


@rule("SSB-FLD-11", BLOCK, source="000 (the 20.7.2018 rule)", fields=("legalBasis.date",))
def date_of_basis(d: Doc) -> bool:
    return access_type(d) and personal_data(d) and empty(d["legalBasis.date"])


@rule("SSB-FLD-12", BLOCK, source="002 §3.4", fields=("dataLevel",))
def degree_of_identification(d: Doc) -> bool:
    return access_type(d) and empty(d["dataLevel"])


@rule(
    "SSB-FLD-13",
    BLOCK,
    source="000 'Søknad om endring'; 002 §8",
    fields=("previousDecision.reference",),
)
def earlier_decision_reference(d: Doc) -> bool:
    return earlier_decision(d) and empty(d["previousDecision.reference"])


@rule("SSB-FLD-14", BLOCK, source="000 'Søknad om endring'", fields=("change.description",))
def description_of_change(d: Doc) -> bool:
    return is_change(d) and empty(d["change.description"])


@rule(
    "SSB-FLD-15",
    BLOCK,
    source="002 §4",
    fields=("onwardTransfer.recipientName", "onwardTransfer.method"),
)
def contractor(d: Doc) -> bool:
    return (
        access_type(d)
        and authority_onward_transfer(d)
        and (empty(d["onwardTransfer.recipientName"]) or empty(d["onwardTransfer.method"]))
    )


@rule(
    "SSB-FLD-16",
    BLOCK,
    source="002 §5 last item; §9.1",
    fields=("linkage.method", "linkage.sources"),
)
def linkage_method_and_sources(d: Doc) -> bool:
    return (
        access_type(d)
        and linkage_used(d)
        and (empty(d["linkage.method"]) or not d.rows("linkage.sources"))
    )


@rule("SSB-FLD-17", FLAG, source="002 §5 item 2", fields=("retention.reason", "retention.end"))
def reason_to_keep_data(d: Doc) -> bool:
    return (
        access_type(d)
        and not empty(d["retention.end"])
        and less(d["project.end"], d["retention.end"])
        and empty(d["retention.reason"])
    )


@rule(
    "SSB-FLD-18",
    BLOCK,
    source="derived (002 §2.2.1 Brønnøysund; §3.5)",
    fields=("applicant.orgNumber",),
)
def organisation_number(d: Doc) -> bool:
    return norwegian(d) and empty(d["applicant.orgNumber"])


@rule("SSB-FLD-19", BLOCK, source="derived", fields=("contact.email",))
def contact_email(d: Doc) -> bool:
    return empty(d["contact.email"])


@rule(
    "SSB-FLD-20",
    BLOCK,
    source="derived (002 §2.2)",
    fields=("applicant.name", "applicant.country", "applicant.kind"),
)
def who_applies(d: Doc) -> bool:
    return names_its_institution(d) and (
        empty(d["applicant.name"])
        or empty(d["applicant.country"])
        or (access_type(d) and empty(d["applicant.kind"]))
    )


# --- questions that were left open ----------------------------------------------------------------


@rule("SSB-FLD-21", BLOCK, source="000; 002 §5 item 8", fields=("processesPersonalData",))
def personal_data_not_answered(d: Doc) -> bool:
    return access_type(d) and unanswered(d["processesPersonalData"])


@rule("SSB-FLD-22", BLOCK, source="002 §5 last item", fields=("linkage.used",))
def linkage_not_answered(d: Doc) -> bool:
    return access_type(d) and unanswered(d["linkage.used"])


@rule("SSB-FLD-23", BLOCK, source="002 §5 last paragraph", fields=("consentBased",))
def consent_not_answered(d: Doc) -> bool:
    return access_type(d) and linkage_used(d) and unanswered(d["consentBased"])


@rule("SSB-FLD-24", BLOCK, source="002 §4", fields=("onwardTransfer.used",))
def contractor_not_answered(d: Doc) -> bool:
    return access_type(d) and is_authority(d) and unanswered(d["onwardTransfer.used"])


@rule("SSB-FLD-25", BLOCK, source="002 §5 item 6; §10", fields=("storage.country",))
def country_of_storage(d: Doc) -> bool:
    return access_type(d) and non_anonymous(d) and empty(d["storage.country"])
