"""SSB: missing attachments (rules.md 2.1.7). True, or the rows at fault, when one is missing."""

from applications.completeness import BLOCK, FLAG, Doc, Row, empty, rule
from applications.schemes.ssb.v2026_1.derived import (
    access_type,
    authority_onward_transfer,
    authority_safeguards,
    consent_based,
    distributed_linkage,
    foreign_mitigation,
    is_authority,
    is_change,
    is_institution_approval,
    linkage_used,
    new_basis,
    old_basis,
    variables_in_portal,
)


def _outside_ssb(v: Row) -> bool:
    return v.holder != "SSB"


@rule(
    "SSB-ATT-02",
    BLOCK,
    source="000; 001; 002 §5 item 1",
    fields=("attachments.research_protocol", "attachments.project_description"),
)
def protocol_or_project_description(d: Doc) -> bool:
    return (
        access_type(d)
        and d["purpose.category"] == "research"
        and not d.has("research_protocol", "project_description")
    )


@rule(
    "SSB-ATT-03",
    BLOCK,
    source="000; 001; 002 §5 item 1",
    fields=("attachments.needs_and_purpose", "attachments.project_description"),
)
def needs_and_purpose(d: Doc) -> bool:
    return (
        access_type(d) and is_authority(d) and not d.has("needs_and_purpose", "project_description")
    )


@rule(
    "SSB-ATT-04",
    BLOCK,
    source="000; 001; 002 §3.1",
    fields=("attachments.ssb_variable_list", "attachments.microdata_script", "variablesEntry"),
)
def ssb_variable_list(d: Doc) -> bool | list[str]:
    if not access_type(d) or variables_in_portal(d):
        return False
    if d.has("ssb_variable_list", "microdata_script"):
        return False
    return d.where("variables", lambda v: v.holder == "SSB" and v.inVariableList)


@rule(
    "SSB-ATT-05",
    BLOCK,
    source="000; 001; 002 §11",
    fields=("attachments.unlisted_variable_overview", "variablesEntry"),
)
def overview_of_unlisted_variables(d: Doc) -> bool | list[str]:
    if not access_type(d) or variables_in_portal(d) or d.has("unlisted_variable_overview"):
        return False
    return d.where("variables", lambda v: v.holder == "SSB" and not v.inVariableList)


@rule(
    "SSB-ATT-06",
    BLOCK,
    source="000; 001; 002 §5 last item",
    fields=("attachments.external_variable_list", "variables.holder"),
)
def external_variable_list(d: Doc) -> bool | list[str]:
    if not access_type(d) or d.has("external_variable_list"):
        return False
    external = d.where("variables", _outside_ssb)
    if external:
        return False if variables_in_portal(d) else external
    return linkage_used(d)


@rule(
    "SSB-ATT-08",
    BLOCK,
    source="000; 001",
    fields=(
        "attachments.dpo_recommendation",
        "attachments.dpa_licence",
        "attachments.rek_preapproval",
        "legalBasis.date",
    ),
)
def recommendation_licence_or_preapproval(d: Doc) -> bool:
    return (
        access_type(d)
        and old_basis(d)
        and not d.has("dpo_recommendation", "dpa_licence", "rek_preapproval")
    )


@rule(
    "SSB-ATT-09",
    BLOCK,
    source="000; 001; 002 §5 item 8",
    fields=("attachments.gdpr_legal_basis", "legalBasis.statement"),
)
def statement_of_legal_basis(d: Doc) -> bool:
    return (
        access_type(d)
        and old_basis(d)
        and not d.has("gdpr_legal_basis")
        and empty(d["legalBasis.statement"])
    )


@rule(
    "SSB-ATT-10",
    BLOCK,
    source="000; 001",
    fields=("attachments.gdpr_compliance_statement",),
)
def statement_of_privacy(d: Doc) -> bool:
    return access_type(d) and old_basis(d) and not d.has("gdpr_compliance_statement")


@rule(
    "SSB-ATT-11",
    BLOCK,
    source="000; 001; 002 §5 item 9",
    fields=("attachments.dpia", "attachments.negative_dpia"),
)
def dpia_or_reasons(d: Doc) -> bool:
    return access_type(d) and new_basis(d) and not d.has("dpia", "negative_dpia")


@rule(
    "SSB-ATT-12",
    BLOCK,
    source="000; 001; 002 §5 item 5",
    fields=("variables.justification", "attachments.identifying_justification"),
)
def reasons_for_identifying_variables(d: Doc) -> bool | list[str]:
    if not access_type(d) or d.has("identifying_justification"):
        return False
    return d.where("variables", lambda v: v.identifying and empty(v.justification))


@rule(
    "SSB-ATT-13",
    BLOCK,
    source="002 §5 last item",
    fields=("linkage.description", "attachments.linkage_description"),
)
def description_of_linkage(d: Doc) -> bool:
    return (
        access_type(d)
        and linkage_used(d)
        and empty(d["linkage.description"])
        and not d.has("linkage_description")
    )


@rule(
    "SSB-ATT-14",
    BLOCK,
    source="002 §9.1",
    fields=("attachments.key_separation_documentation", "linkage.sources"),
)
def separation_of_keys(d: Doc) -> bool | list[str]:
    if not access_type(d) or not distributed_linkage(d):
        return False
    if d.has("key_separation_documentation"):
        return False
    return d.where(
        "linkage.sources", lambda s: s.controlledByApplicant and s.independentTechnicalUnit
    )


@rule(
    "SSB-ATT-15",
    BLOCK,
    source="002 §4",
    fields=("authority.safeguards", "attachments.non_exercise_safeguards"),
)
def safeguards_of_authority(d: Doc) -> bool:
    return (
        access_type(d)
        and authority_safeguards(d)
        and empty(d["authority.safeguards"])
        and not d.has("non_exercise_safeguards")
    )


@rule(
    "SSB-ATT-16",
    FLAG,
    source="002 §4",
    fields=("onwardTransfer.assurance", "attachments.contractor_security_assurance"),
)
def assurance_about_contractor(d: Doc) -> bool:
    return (
        access_type(d)
        and authority_onward_transfer(d)
        and not d.has("contractor_security_assurance")
        and empty(d["onwardTransfer.assurance"])
    )


@rule(
    "SSB-ATT-17",
    FLAG,
    source="002 §5 last paragraph; §3.1",
    fields=("attachments.consent_documentation", "consentBased"),
)
def consent_documents(d: Doc) -> bool:
    return access_type(d) and consent_based(d) and not d.has("consent_documentation")


@rule(
    "SSB-ATT-18",
    FLAG,
    source="002 §10",
    fields=("foreignTransfer.mitigation", "attachments.mitigating_measures"),
)
def measures_for_processing_abroad(d: Doc) -> bool:
    return (
        access_type(d)
        and foreign_mitigation(d)
        and not d.has("mitigating_measures")
        and empty(d["foreignTransfer.mitigation"])
    )


@rule("SSB-ATT-19", BLOCK, source="000; 001 'Application for change'", fields=("attachments",))
def updated_documents_of_change(d: Doc) -> bool:
    return is_change(d) and not any(a.updated for a in d.rows("attachments"))


@rule("SSB-ATT-31", BLOCK, source="002 §2.2.1", fields=("attachments.statutes",))
def statutes(d: Doc) -> bool:
    return is_institution_approval(d) and not d.has("statutes")


@rule("SSB-ATT-32", BLOCK, source="002 §2.2.1", fields=("attachments.annual_report",))
def annual_report(d: Doc) -> bool:
    return is_institution_approval(d) and not d.has("annual_report")


@rule("SSB-ATT-33", BLOCK, source="002 §2.2.1", fields=("attachments.company_certificate",))
def company_certificate(d: Doc) -> bool:
    return is_institution_approval(d) and not d.has("company_certificate")


@rule(
    "SSB-ATT-34",
    BLOCK,
    source="002 §2.2.1",
    fields=("attachments.independent_research_statement",),
)
def independent_research(d: Doc) -> bool:
    return is_institution_approval(d) and not d.has("independent_research_statement")


@rule("SSB-ATT-35", BLOCK, source="002 §2.2.1", fields=("attachments.research_overview_3y",))
def research_of_three_years(d: Doc) -> bool:
    return is_institution_approval(d) and not d.has("research_overview_3y")


@rule("SSB-ATT-36", BLOCK, source="002 §2.2.1", fields=("attachments.publication_overview",))
def publications(d: Doc) -> bool:
    return is_institution_approval(d) and not d.has("publication_overview")


@rule("SSB-ATT-37", BLOCK, source="002 §2.2.1", fields=("attachments.rd_staff_overview",))
def research_staff(d: Doc) -> bool:
    return is_institution_approval(d) and not d.has("rd_staff_overview")
