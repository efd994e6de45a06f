"""SSB's form asks everything of rules.md 2.1.4, and every finding has a place to mend it."""

import re

import pytest

from applications import schemes
from applications.completeness import check
from applications.completeness.sample import SAMPLE_DAY, complete_document
from applications.schemes.model import belongs
from tests.unit.completeness.schemes_under_test import changed
from tests.unit.completeness.test_ssb import FAULTS
from tests.unit.schemes.reading import texts

SSB = schemes.current("SSB")

# rules.md 2.1.4, row by row.
PATHS = [
    "applicant.name",
    "applicant.kind",
    "applicant.country",
    "applicant.orgNumber",
    "applicant.approvalSource",
    "contact.name",
    "contact.email",
    "contact.phone",
    "project.title",
    "project.start",
    "project.end",
    "purpose.category",
    "purpose.text",
    "responsible.institution",
    "responsible.person.name",
    "responsible.person.title",
    "responsible.person.email",
    "population.text",
    "population.groups",
    "variables.holder",
    "variables.register",
    "variables.statisticsArea",
    "variables.name",
    "variables.code",
    "variables.fromYear",
    "variables.toYear",
    "variables.timeless",
    "variables.inVariableList",
    "variables.publishedThrough",
    "variables.developmentOnly",
    "variables.collection",
    "variables.originAuthority",
    "variables.identifying",
    "variables.justification",
    "variables.specialCategory",
    "variables.healthRegister",
    "variables.source",
    "variables.openData",
    "variables.grunndata",
    "variables.unitType",
    "variablesEntry",
    "dataLevel",
    "directId.necessity",
    "directId.statutoryBasis",
    "directId.deletionPlan",
    "processesPersonalData",
    "legalBasis.date",
    "legalBasis.art6",
    "legalBasis.art9",
    "legalBasis.statement",
    "approvals.kind",
    "approvals.issued",
    "approvals.validUntil",
    "approvals.fromYear",
    "approvals.toYear",
    "approvals.holders",
    "approvals.variables",
    "approvals.controller",
    "approvals.reference",
    "consentBased",
    "linkage.used",
    "linkage.method",
    "linkage.description",
    "linkage.resultAnonymous",
    "linkage.regulationReference",
    "linkage.sources.holder",
    "linkage.sources.controlledByApplicant",
    "linkage.sources.independentTechnicalUnit",
    "storage.type",
    "storage.description",
    "storage.country",
    "storage.accessControl",
    "storage.logging",
    "storage.followUpControl",
    "persons.name",
    "persons.institution",
    "persons.country",
    "persons.email",
    "persons.role",
    "persons.needToKnow",
    "persons.informedOn",
    "retention.end",
    "retention.reason",
    "onwardTransfer.used",
    "onwardTransfer.recipientName",
    "onwardTransfer.recipientOrgNumber",
    "onwardTransfer.method",
    "onwardTransfer.assurance",
    "authority.safeguards",
    "foreignTransfer.mitigation",
    "reuse.used",
    "reuse.originalProject",
    "reuse.originalEnd",
    "previousDecision.reference",
    "declarations.commercialValue",
    "declarations.ipr",
    "declarations.nationalSecurity",
    "alternativesConsidered",
    "signatory.name",
    "signatory.title",
    "delivery.recipient",
    "delivery.mobile",
]

# What only changes ask (rules.md 2.1.4, SSB-FLD-14, SSB-CHK-33).
CHANGE_PATHS = ["change.description", "change.kinds", "previousDecision.validUntil"]

# Enumerations of rules.md 2.1.2 and 2.1.4.
VALUES = {
    "applicant.kind": "research_institution state_body county municipality central_bank"
    " audit_office foreign_nsi intl_org public_company private_company private_person other",
    "applicant.approvalSource": "rcn eurostat ssb pending none",
    "purpose.category": "research statistics_analysis administrative legal tax control"
    " individual_case",
    "variables.collection": "administrative direct_survey",
    "variables.unitType": "person enterprise legal_entity",
    "variablesEntry": "portal upload",
    "dataLevel": "anonymised indirect direct",
    "approvals.kind": "dpo_recommendation dpa_licence rek_preapproval dpia negative_dpia consent"
    " ethics",
    "linkage.method": "distributed in_ssb applicant",
    "storage.type": "institution_secure_server tsd safe third_party_secure local_device"
    " mobile_device",
}

# Official labels (rules.md 2.1.4), literal in bokmål and nynorsk.
LABELS = {
    "applicant.name": ("Søkerinstitusjon", "Søkjarinstitusjon"),
    "applicant.kind": ("Type søker", "Type søkjar"),
    "project.title": ("Prosjekttittel", "Prosjekttittel"),
    "purpose.category": ("Formålstype", "Føremålstype"),
    "purpose.text": ("Formålet med behandlingen", "Føremålet med behandlinga"),
    "responsible.institution": ("Ansvarlig institusjon", "Ansvarleg institusjon"),
    "population.text": ("Populasjon / utvalg", "Populasjon / utval"),
    "variables.holder": ("Datakilde", "Datakjelde"),
    "variables.identifying": ("Særlig identifiserende", "Særleg identifiserande"),
    "variables.justification": ("Begrunnelse", "Grunngiving"),
    "variables.originAuthority": ("Opphavsmyndighet", "Opphavsstyresmakt"),
    "dataLevel": ("Grad av identifikasjon", "Grad av identifikasjon"),
    "approvals": ("Godkjenninger", "Godkjenningar"),
    "persons": ("Personer med tilgang", "Personar med tilgang"),
    "storage.type": ("Hvor data skal oppbevares", "Kvar data skal oppbevarast"),
    "previousDecision.reference": ("Tidligere vedtak", "Tidlegare vedtak"),
}


@pytest.mark.parametrize("path", PATHS)
def test_the_new_application_asks_every_field(path):
    within = path.rpartition(".")[0]
    asked = {f.path for f in SSB.fields("new")}
    assert path in asked or (within in asked and SSB.field(path) is not None)


@pytest.mark.parametrize("path", CHANGE_PATHS)
def test_only_a_change_asks_what_changes(path):
    assert path in {f.path for f in SSB.fields("change")}
    assert path not in {f.path for f in SSB.fields("new")}


@pytest.mark.parametrize("path", VALUES)
def test_the_choices_are_those_of_the_rules(path):
    assert {o.value for o in SSB.field(path).options} == set(VALUES[path].split())


@pytest.mark.parametrize("path", LABELS)
def test_official_labels_stand_literally(path):
    label = SSB.field(path).label
    assert (label("nb"), label("nn")) == LABELS[path]


def visible(document):
    """Field paths and attachment kinds that somebody sees for this document."""
    form = SSB.form(document["type"], document)
    paths = {f.path for s in form.sections for f in s.fields if f.shown(document)}
    kinds = {f"attachments.{k.kind}" for k in SSB.attachment_kinds if k.shown(document)}
    return paths, kinds | {"attachments"}


@pytest.mark.parametrize(
    ("base", "fault"),
    [(base, fault) for base, fault in FAULTS if base["type"] in SSB.forms],
    ids=[fault.id for base, fault in FAULTS if base["type"] in SSB.forms],
)
def test_every_finding_has_a_visible_place_to_mend_it(base, fault):
    document = fault.document(base)
    paths, kinds = visible(document)
    for finding in check(document, SSB, SAMPLE_DAY):
        places = [
            place
            for place in finding.fields
            if place in kinds or any(belongs(place, path) for path in paths)
        ]
        assert places, finding.id


def test_findings_stand_beside_the_fields_that_the_rules_name():
    for rule in SSB.rules.values():
        for path in rule.fields:
            if (field := SSB.field(path)) is not None:
                assert rule.id in field.rules


def test_a_new_application_of_a_research_institution_is_not_asked_what_concerns_others():
    empty = {"type": "new", "applicant": {"kind": "research_institution", "country": "NO"}}
    paths, kinds = visible(empty)
    others = {"authority.safeguards", "foreignTransfer.mitigation", "change.description"}
    follow_ups = {"linkage.sources", "directId.necessity", "legalBasis.date", "reuse.originalEnd"}
    assert not paths & (others | follow_ups)
    assert "attachments.needs_and_purpose" not in kinds
    assert "attachments.statutes" not in kinds
    assert "attachments.research_protocol" in kinds


@pytest.mark.parametrize(
    ("answer", "path"),
    [
        ({"linkage.used": True}, "linkage.sources"),
        ({"processesPersonalData": True}, "legalBasis.art6"),
        ({"dataLevel": "direct"}, "directId.statutoryBasis"),
        ({"reuse": {"used": True}}, "previousDecision.reference"),
        ({"onwardTransfer.used": True}, "onwardTransfer.method"),
        ({"retention.end": "2030-01-01"}, "retention.reason"),
        ({"applicant.country": "SE"}, "foreignTransfer.mitigation"),
        ({"applicant.kind": "municipality"}, "authority.safeguards"),
    ],
)
def test_an_answer_brings_the_question_that_follows_from_it(answer, path):
    silent = changed(
        complete_document("SSB"), {"linkage.used": False, "processesPersonalData": False}
    )
    assert path not in visible(silent)[0]
    assert path in visible(changed(silent, answer))[0]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"legalBasis.date": "2017-01-01"}, "dpa_licence"),
        ({"legalBasis.date": "2017-01-01"}, "gdpr_compliance_statement"),
        ({"legalBasis.date": "2024-01-01"}, "negative_dpia"),
        ({"consentBased": True}, "consent_documentation"),
        ({"variablesEntry": "upload"}, "unlisted_variable_overview"),
        ({"variables.0.identifying": True}, "identifying_justification"),
        ({"linkage.used": True}, "linkage_description"),
        ({"applicant.kind": "state_body"}, "needs_and_purpose"),
        ({"type": "institution_approval"}, "statutes"),
    ],
)
def test_an_answer_brings_the_attachment_that_follows_from_it(answer, kind):
    silent = changed(
        complete_document("SSB"),
        {"linkage.used": False, "legalBasis.date": None, "variables.1.identifying": False},
    )
    found = SSB.attachment_kind(kind)
    assert not found.shown(silent)
    assert found.shown(changed(silent, answer))


def test_who_signs_and_receives_is_asked_at_acceptance_only():
    document = complete_document("SSB")
    draft = {f.path for s in SSB.form("new", document).sections for f in s.fields}
    later = {f.path for s in SSB.form("new", document, at="acceptance").sections for f in s.fields}
    assert later == {"signatory.name", "signatory.title", "delivery.recipient", "delivery.mobile"}
    assert not draft & later
    assert draft | later == {f.path for f in SSB.fields("new")}


def test_the_stations_come_in_the_order_in_which_a_researcher_thinks():
    sections = SSB.form("new", {}).sections
    assert [s.id for s in sections] == [
        *("applicant", "project", "basis", "data", "population"),
        *("linkage", "storage", "people", "retention"),
    ]
    assert SSB.form("change", {}).sections[0].id == "change"


def test_what_the_portal_knows_of_the_institution_and_the_applicant_is_not_asked():
    known = [f.path for f in SSB.fields("new") if f.known]
    assert known == [
        *(
            f"applicant.{name}"
            for name in (
                *("name", "kind", "country", "orgNumber", "approvalSource"),
                "approvalValidUntil",
            )
        ),
        "contact.orcid",
    ]
    orcid = SSB.field("contact.orcid")
    assert not orcid.shown({})
    assert orcid.shown({"contact": {"orcid": "0000-0002-1825-0097"}})
    assert SSB.field("disputed.applicant_orgNumber").asked


def test_the_applicant_may_mark_a_variable_as_identifying_until_a_catalogue_does():
    for name in ("identifying", "specialCategory", "healthRegister", "inVariableList"):
        assert SSB.field(f"variables.{name}").asked
    for name in ("publishedThrough", "developmentOnly", "collection", "originAuthority"):
        assert SSB.field(f"variables.{name}").computed


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("variables", "institusjonens ansvar å påse at det finnes behandlingsgrunnlag"),
        ("storage.type", "retningslinjene § 7"),
        ("purpose.category", "statistikkloven § 14"),
        ("legalBasis.date", "20. juli 2018"),
    ],
)
def test_the_reason_behind_a_question_names_its_source(path, words):
    field = SSB.field(path)
    told = field.help("nb") + field.why("nb")
    assert words in told.replace("\N{NO-BREAK SPACE}", " ")


def test_no_line_ends_between_a_paragraph_sign_and_its_number():
    assert "statistikkloven §\N{NO-BREAK SPACE}14" in SSB.field("purpose.category").why("nb")
    assert not any(re.search(r"§ \d", t) for text in texts(SSB) for t in text.texts.values())


def test_linkage_and_data_begin_with_what_one_must_know():
    intro = {s.id: s.intro("en") for s in SSB.form("new", {}).sections}
    assert "exchange a file with national identity numbers" in intro["linkage"]
    assert "age groups instead of age" in intro["data"]
    assert "data protection officer can help" in intro["basis"]


def test_every_field_is_explained_or_explains_itself():
    explained = [f for f in SSB.fields("new") if f.help or f.why or f.options]
    assert len(explained) > 45
    assert all(f.source for f in SSB.fields("new"))


# Terms of the glossary (rules.md 1) that must stand literally in the agency's language.
TERMS = {
    "nb": "mikrodata|variabelliste|forskningsprotokoll|prosjektbeskrivelse|behovs- og formålsbeskrivelse"
    "|behandlingsgrunnlag|rettsgrunnlag etter gdpr|tilrådning fra personvernombud"
    "|konsesjon fra datatilsynet|forhåndsgodkjenning fra rek|personvernkonsekvensutredning"
    "|negativ dpia: begrunnelse for hvorfor dpia ikke er nødvendig|dataminimering|populasjon|årgang"
    "|særlige kategorier av personopplysninger|grunnkrets|postnummer|koblingsnøkkel|løpenummer"
    "|distribuert kobling|fødselsnummer|taushetsplikt|slettefrist|bekreftelse på sletting"
    "|bakveisidentifisering|sikkert analyserom|ansvarlig mottaker|sluttrapport|avidentifisert"
    "|direkte identifiserbar|vedtak|avslag|søknad om endring|firmaattest",
    "nn": "mikrodata|variabelliste|forskingsprotokoll|prosjektomtale|omtale av behov og føremål"
    "|behandlingsgrunnlag|rettsgrunnlag|tilråding frå personvernombod|konsesjon frå datatilsynet"
    "|førehandsgodkjenning frå rek|vurdering av personvernkonsekvensar|negativ dpia|dataminimering"
    "|populasjon|årgang|særlege kategoriar|grunnkrins|postnummer|koplingsnøkkel|løpenummer"
    "|distribuert kopling|fødselsnummer|teieplikt|slettefrist|stadfesting på sletting"
    "|bakvegsidentifisering|sikkert analyserom|ansvarleg mottakar|sluttrapport|avidentifisert"
    "|direkte identifiserbar|vedtak|avslag|søknad om endring|firmaattest",
}


@pytest.mark.parametrize(
    ("language", "term"),
    [(lang, term) for lang, terms in TERMS.items() for term in terms.split("|")],
)
def test_official_terms_stand_in_the_form_or_the_letters(language, term):
    said = (text.texts.get(language, "").lower() for text in texts(SSB))
    assert any(term in text for text in said)
