"""SSB: eligibility and consistency (rules.md 3.2)."""

from applications.completeness import BLOCK, FLAG, INFO, Doc, at_most, empty, less, rule
from applications.completeness.numbers import is_norwegian_org_number
from applications.schemes.ssb.v2026_1.derived import (
    access_type,
    authority_onward_transfer,
    authority_safeguards,
    direct_identification,
    distributed_linkage,
    foreign,
    foreign_exception_possible,
    foreign_mitigation,
    grunndata_only,
    is_authority,
    is_change,
    is_research,
    linkage_used,
    non_anonymous,
    norwegian,
    onward_transfer_used,
    reuse_used,
)

# --- who may apply, and for what ------------------------------------------------------------------


@rule(
    "SSB-CHK-01",
    BLOCK,
    source="000; 001; 002 §2.2.1",
    fields=("applicant.approvalSource", "applicant.name"),
)
def institution_not_approved(d: Doc) -> bool:
    return (
        access_type(d)
        and is_research(d)
        and d["applicant.approvalSource"] not in ("rcn", "eurostat", "ssb")
    )


@rule("SSB-CHK-02", BLOCK, source="002 §2.2, §2.2.2 and footnote 6", fields=("applicant.kind",))
def applicant_not_eligible(d: Doc) -> bool:
    return access_type(d) and d["applicant.kind"] in (
        "public_company",
        "private_company",
        "private_person",
        "other",
    )


@rule("SSB-CHK-03", BLOCK, source="002 §2.1", fields=("purpose.category",))
def purpose_not_allowed(d: Doc) -> bool:
    return access_type(d) and d["purpose.category"] in (
        "administrative",
        "legal",
        "tax",
        "control",
        "individual_case",
    )


@rule("SSB-CHK-04", FLAG, source="002 §2.2", fields=("purpose.category",))
def research_institution_without_research(d: Doc) -> bool:
    return access_type(d) and is_research(d) and d["purpose.category"] == "statistics_analysis"


# --- the data -------------------------------------------------------------------------------------


@rule(
    "SSB-CHK-08",
    FLAG,
    source="002 §5 item 5",
    fields=("variables.justification", "attachments.identifying_justification"),
)
def general_reason_only(d: Doc) -> bool | list[str]:
    if not access_type(d) or not d.has("identifying_justification"):
        return False
    return d.where("variables", lambda v: v.identifying and empty(v.justification))


@rule("SSB-CHK-09", BLOCK, source="002 §3.2", fields=("variables.healthRegister", "variables"))
def central_health_register(d: Doc) -> bool | list[str]:
    return access_type(d) and d.where("variables", lambda v: v.holder == "SSB" and v.healthRegister)


@rule("SSB-CHK-10", FLAG, source="002 §3.3", fields=("variables.toYear",))
def not_yet_published(d: Doc) -> bool | list[str]:
    return access_type(d) and d.where(
        "variables",
        lambda v: (
            v.holder == "SSB"
            and not v.developmentOnly
            and v.publishedThrough
            and v.toYear
            and less(v.publishedThrough, v.toYear)
        ),
    )


@rule("SSB-CHK-25", FLAG, source="002 §3.1", fields=("variables.collection", "variables"))
def direct_survey_for_authority(d: Doc) -> bool | list[str]:
    if not (access_type(d) and is_authority(d) and non_anonymous(d)):
        return False
    return d.where("variables", lambda v: v.collection == "direct_survey")


@rule(
    "SSB-CHK-26",
    BLOCK,
    source="002 §3.4 and footnote 12",
    fields=("directId.necessity", "directId.statutoryBasis", "directId.deletionPlan"),
)
def direct_identifiers_without_grounds(d: Doc) -> bool:
    return (
        access_type(d)
        and direct_identification(d)
        and not foreign(d)
        and (
            empty(d["directId.necessity"])
            or empty(d["directId.statutoryBasis"])
            or empty(d["directId.deletionPlan"])
        )
        and not grunndata_only(d)
    )


@rule("SSB-CHK-27", INFO, source="002 §3.5", fields=("variables",))
def basic_business_data(d: Doc) -> bool:
    return access_type(d) and grunndata_only(d)


@rule("SSB-CHK-35", INFO, source="002 §3.1", fields=("variables.originAuthority", "variables"))
def data_of_another_authority(d: Doc) -> bool | list[str]:
    return access_type(d) and d.where(
        "variables", lambda v: v.holder == "SSB" and not empty(v.originAuthority)
    )


@rule("SSB-CHK-29", INFO, source="002 §1", fields=("alternativesConsidered",))
def open_sources_first(d: Doc) -> bool:
    return access_type(d) and not d["alternativesConsidered"]


@rule(
    "SSB-CHK-34",
    FLAG,
    source="002 §3.1",
    fields=("declarations.commercialValue", "declarations.ipr", "declarations.nationalSecurity"),
)
def circumstance_against_access(d: Doc) -> bool:
    return access_type(d) and bool(
        d["declarations.commercialValue"]
        or d["declarations.ipr"]
        or d["declarations.nationalSecurity"]
    )


# --- storage, people, time ------------------------------------------------------------------------


@rule("SSB-CHK-11", BLOCK, source="002 §7", fields=("storage.type",))
def stored_on_a_device(d: Doc) -> bool:
    return access_type(d) and d["storage.type"] in ("mobile_device", "local_device")


@rule(
    "SSB-CHK-12",
    FLAG,
    source="002 §7",
    fields=("storage.accessControl", "storage.logging", "storage.followUpControl"),
)
def storage_without_control(d: Doc) -> bool:
    controlled = (
        d["storage.accessControl"] and d["storage.logging"] and d["storage.followUpControl"]
    )
    return access_type(d) and not empty(d["storage.type"]) and not controlled


@rule("SSB-CHK-13", FLAG, source="002 §10", fields=("storage.country",))
def stored_abroad(d: Doc) -> bool:
    return (
        access_type(d)
        and not foreign(d)
        and non_anonymous(d)
        and not empty(d["storage.country"])
        and d["storage.country"] != "NO"
    )


@rule(
    "SSB-CHK-14",
    FLAG,
    source="002 §5 items 3 and 7",
    fields=("responsible.person.name", "persons"),
)
def responsible_without_access(d: Doc) -> bool:
    return (
        access_type(d)
        and bool(d.rows("persons"))
        and not empty(d["responsible.person.name"])
        and d["responsible.person.name"] not in [p.name for p in d.rows("persons")]
    )


@rule("SSB-CHK-15", FLAG, source="002 §10", fields=("persons.country", "persons"))
def person_abroad(d: Doc) -> bool | list[str]:
    if not access_type(d) or foreign(d) or not non_anonymous(d):
        return False
    return d.where("persons", lambda p: p.country and p.country != "NO")


@rule("SSB-CHK-16", BLOCK, source="002 §5 item 2", fields=("project.end", "project.start"))
def end_before_start_or_past(d: Doc) -> bool:
    start, end = d["project.start"], d["project.end"]
    return (
        access_type(d)
        and not empty(start)
        and not empty(end)
        and (at_most(end, start) or less(end, d.today))
    )


@rule("SSB-CHK-17", BLOCK, source="002 §5 item 2; §7", fields=("retention.end", "project.end"))
def deleted_before_the_end(d: Doc) -> bool:
    return (
        access_type(d)
        and not empty(d["retention.end"])
        and not empty(d["project.end"])
        and less(d["retention.end"], d["project.end"])
    )


# --- linkage --------------------------------------------------------------------------------------


@rule("SSB-CHK-18", BLOCK, source="002 §9.1", fields=("linkage.method", "linkage.sources"))
def distributed_by_one_hand(d: Doc) -> bool | list[str]:
    if not access_type(d) or not distributed_linkage(d):
        return False
    return d.where(
        "linkage.sources", lambda s: s.controlledByApplicant and not s.independentTechnicalUnit
    )


@rule(
    "SSB-CHK-19",
    BLOCK,
    source="002 §9.1",
    fields=("linkage.method", "linkage.regulationReference", "linkage.resultAnonymous"),
)
def distributed_with_anonymous_result(d: Doc) -> bool:
    return (
        access_type(d)
        and distributed_linkage(d)
        and bool(d["linkage.resultAnonymous"])
        and empty(d["linkage.regulationReference"])
    )


@rule("SSB-CHK-20", FLAG, source="002 §9.1; §9", fields=("linkage.method",))
def linked_by_applicant(d: Doc) -> bool:
    return access_type(d) and linkage_used(d) and d["linkage.method"] == "applicant"


# --- abroad ---------------------------------------------------------------------------------------


@rule(
    "SSB-CHK-21",
    BLOCK,
    source="002 §10",
    fields=("dataLevel", "applicant.country"),
    rests_on=("applicant.kind",),
)
def outside_the_eea(d: Doc) -> bool:
    return access_type(d) and foreign(d) and non_anonymous(d) and not foreign_exception_possible(d)


@rule("SSB-CHK-22", FLAG, source="002 §10", fields=("dataLevel", "applicant.country"))
def indirect_abroad(d: Doc) -> bool:
    return access_type(d) and foreign_mitigation(d)


@rule("SSB-CHK-23", BLOCK, source="002 §10", fields=("dataLevel", "applicant.country"))
def direct_abroad(d: Doc) -> bool:
    return (
        access_type(d) and foreign(d) and foreign_exception_possible(d) and direct_identification(d)
    )


# --- authorities and contractors ------------------------------------------------------------------


@rule("SSB-CHK-24", FLAG, source="002 §4", fields=("dataLevel",))
def authority_without_anonymity(d: Doc) -> bool:
    return access_type(d) and authority_safeguards(d)


@rule(
    "SSB-CHK-31",
    FLAG,
    source="002 §4 (provides for authorities only)",
    fields=("onwardTransfer.used",),
)
def contractor_of_no_authority(d: Doc) -> bool:
    return access_type(d) and onward_transfer_used(d) and not is_authority(d)


@rule(
    "SSB-CHK-32",
    FLAG,
    source="002 §4; §5 item 7",
    fields=("persons", "onwardTransfer.recipientName"),
)
def contractor_without_persons(d: Doc) -> bool:
    return (
        access_type(d)
        and authority_onward_transfer(d)
        and not empty(d["onwardTransfer.recipientName"])
        and d["onwardTransfer.recipientName"] not in [p.institution for p in d.rows("persons")]
    )


# --- earlier decisions ----------------------------------------------------------------------------


@rule("SSB-CHK-30", BLOCK, source="002 §8", fields=("reuse.originalEnd", "project.start"))
def reuse_overlaps(d: Doc) -> bool:
    return (
        access_type(d)
        and reuse_used(d)
        and not empty(d["reuse.originalEnd"])
        and not empty(d["project.start"])
        and at_most(d["project.start"], d["reuse.originalEnd"])
    )


@rule(
    "SSB-CHK-33",
    FLAG,
    source="000 (change application); 002 §7 (deletion date)",
    fields=("previousDecision.validUntil",),
)
def earlier_decision_expired(d: Doc) -> bool:
    return (
        is_change(d)
        and not empty(d["previousDecision.validUntil"])
        and less(d["previousDecision.validUntil"], d.today)
    )


@rule("SSB-CHK-36", BLOCK, source="beyond sources (brreg.no)", fields=("applicant.orgNumber",))
def organisation_number_wrong(d: Doc) -> bool:
    return (
        norwegian(d)
        and not empty(d["applicant.orgNumber"])
        and not is_norwegian_org_number(d["applicant.orgNumber"])
    )
