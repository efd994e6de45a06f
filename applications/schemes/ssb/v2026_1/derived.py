"""SSB: derived values of rules.md 2.1.5, and the plain questions that the form's `show_when` asks.

Each takes a document and says whether something is so. A question left open is neither yes nor no: what
would follow from a no is not so before somebody has answered no, but where rules.md 2.1.5 says else.
"""

from applications.completeness import Doc, at_most, empty, key, less

AUTHORITY_KINDS = (
    "state_body",
    "county",
    "municipality",
    "central_bank",
    "audit_office",
    "foreign_nsi",
    "intl_org",
)
# The member states of the European Union, and Iceland, Liechtenstein and Norway.
EEA = frozenset(
    (
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"),
        *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
        *("IS", "LI", "NO"),
    )
)
# The day Norway's act on GDPR came into force; a basis of that day is a new one (rules.md 8 no. 3).
GDPR_DAY = "2018-07-20"
POPULATION_REGISTER_CODES = ("sex", "age", "residence", "country_of_birth", "date_of_death")


# --- what kind of application ---------------------------------------------------------------------


def access_type(d: Doc) -> bool:
    """An application for access, new or change (`accessType`)."""
    return d["type"] in ("new", "change")


def is_new(d: Doc) -> bool:
    """A new application."""
    return d["type"] == "new"


def is_change(d: Doc) -> bool:
    """An application for change of an earlier decision."""
    return d["type"] == "change"


def is_institution_approval(d: Doc) -> bool:
    """An application for approval as research institution."""
    return d["type"] == "institution_approval"


# --- who applies ----------------------------------------------------------------------------------


def is_research(d: Doc) -> bool:
    """The applicant is a research institution (`isResearch`)."""
    return d["applicant.kind"] == "research_institution"


def asks_for_approval_source(d: Doc) -> bool:
    """Who approved the institution matters: it is a research institution that asks for access."""
    return is_research(d) and access_type(d)


def approval_ends(d: Doc) -> bool:
    """The institution's approval has a last day, and matters here."""
    return asks_for_approval_source(d) and not empty(d["applicant.approvalValidUntil"])


def names_its_institution(d: Doc) -> bool:
    """An application that an institution makes: all but a request for guidance (SSB-FLD-20)."""
    return access_type(d) or is_institution_approval(d)


def has_verified_orcid(d: Doc) -> bool:
    """Who applies has linked their ORCID iD."""
    return not empty(d["contact.orcid"])


def economic_activity(d: Doc) -> bool:
    """The organisation carries on economic activity beside its research (002 §2.2.1)."""
    return bool(d["organisation.economicActivity"])


def is_authority(d: Doc) -> bool:
    """The applicant is one of the bodies of 002 §2.2.2 a-e (`isAuthority`)."""
    return d["applicant.kind"] in AUTHORITY_KINDS


def norwegian(d: Doc) -> bool:
    """The applicant is in Norway."""
    return d["applicant.country"] == "NO"


def foreign(d: Doc) -> bool:
    """The applicant's country is given and is not Norway."""
    return not empty(d["applicant.country"]) and not norwegian(d)


def foreign_exception_possible(d: Doc) -> bool:
    """Data that are not anonymous may go abroad by exception (002 §10)."""
    in_eea = is_research(d) and key(d["applicant.country"]) in EEA
    return in_eea or d["applicant.kind"] in ("foreign_nsi", "intl_org")


def research_purpose(d: Doc) -> bool:
    """The data are for research."""
    return d["purpose.category"] == "research"


# --- which data -----------------------------------------------------------------------------------


def anonymised(d: Doc) -> bool:
    """Anonymised data are asked for."""
    return d["dataLevel"] == "anonymised"


def direct_identification(d: Doc) -> bool:
    """Directly identifiable data are asked for."""
    return d["dataLevel"] == "direct"


def non_anonymous(d: Doc) -> bool:
    """Data that are not anonymised are asked for (`nonAnon`)."""
    return d["dataLevel"] in ("indirect", "direct")


def basic_population_only(d: Doc) -> bool:
    """Only the five exempt items of the population register, or open data, and no linkage."""
    variables = d.rows("variables")
    return (
        bool(variables)
        and not d["linkage.used"]
        and all(
            (v.code in POPULATION_REGISTER_CODES and v.source == "population_register")
            or v.openData is True
            for v in variables
        )
    )


def grunndata_only(d: Doc) -> bool:
    """Only basic business data about legal persons (002 §3.5)."""
    variables = d.rows("variables")
    return bool(variables) and all(
        v.grunndata is True and v.unitType == "legal_entity" for v in variables
    )


def variables_in_portal(d: Doc) -> bool:
    """The variables are entered as rows here."""
    return d["variablesEntry"] == "portal"


def variables_uploaded(d: Doc) -> bool:
    """The variables come as an attached list."""
    return d["variablesEntry"] == "upload"


def identifying_variables(d: Doc) -> bool:
    """At least one variable is especially identifying."""
    return any(v.identifying for v in d.rows("variables"))


def special_categories(d: Doc) -> bool:
    """Personal data of special categories are asked for (GDPR Art. 9)."""
    return personal_data(d) and any(v.specialCategory for v in d.rows("variables"))


def health_register_rows(d: Doc) -> bool:
    """At least one variable is from a central health register (002 §3.2)."""
    return any(v.healthRegister is True for v in d.rows("variables"))


def outside_data(d: Doc) -> bool:
    """Data from other holders than SSB take part (SSB-ATT-06)."""
    return linkage_used(d) or any(v.holder != "SSB" for v in d.rows("variables"))


# --- basis, linkage, transfer ---------------------------------------------------------------------


def personal_data(d: Doc) -> bool:
    """Personal data are processed."""
    return bool(d["processesPersonalData"])


def old_basis(d: Doc) -> bool:
    """The basis for processing is from before 20 July 2018 (`oldBasis`)."""
    return personal_data(d) and less(d["legalBasis.date"], GDPR_DAY)


def new_basis(d: Doc) -> bool:
    """The basis for processing is from 20 July 2018 or later (`newBasis`)."""
    return personal_data(d) and at_most(GDPR_DAY, d["legalBasis.date"])


def consent_based(d: Doc) -> bool:
    """The linkage rests on consent."""
    return bool(d["consentBased"])


def linkage_used(d: Doc) -> bool:
    """Data are linked."""
    return bool(d["linkage.used"])


def distributed_linkage(d: Doc) -> bool:
    """Data are linked by exchange of a key between the holders."""
    return linkage_used(d) and d["linkage.method"] == "distributed"


def own_data_linked(d: Doc) -> bool:
    """The applicant is itself responsible for data to be linked (002 §9.1)."""
    return linkage_used(d) and any(s.controlledByApplicant for s in d.rows("linkage.sources"))


# --- the decision tree of 002 §9.1; at most one branch holds -----------------------------------


def tree_anonymous(d: Doc) -> bool:
    """The result is anonymous and no regulation allows distributed linkage: SSB links."""
    return linkage_used(d) and bool(d["linkage.resultAnonymous"]) and not _regulation(d)


def tree_anonymous_by_regulation(d: Doc) -> bool:
    """The result is anonymous and a regulation is named: distributed linkage is allowed."""
    return linkage_used(d) and bool(d["linkage.resultAnonymous"]) and _regulation(d)


def tree_own_data(d: Doc) -> bool:
    """The applicant answers for data and no independent unit handles the keys: SSB links."""
    return _personal_result(d) and any(
        s.controlledByApplicant and s.independentTechnicalUnit is False
        for s in d.rows("linkage.sources")
    )


def tree_own_data_apart(d: Doc) -> bool:
    """The applicant answers for data, and keys are handled apart: distributed is allowed."""
    own = [s for s in d.rows("linkage.sources") if s.controlledByApplicant]
    return _personal_result(d) and bool(own) and all(s.independentTechnicalUnit for s in own)


def tree_main_rule(d: Doc) -> bool:
    """Others answer for all the data: distributed linkage is the main rule."""
    sources = d.rows("linkage.sources")
    others = all(s.controlledByApplicant is False for s in sources)
    return _personal_result(d) and bool(sources) and others


def _regulation(d: Doc) -> bool:
    return not empty(d["linkage.regulationReference"])


def _personal_result(d: Doc) -> bool:
    return linkage_used(d) and d["linkage.resultAnonymous"] is False


def onward_transfer_used(d: Doc) -> bool:
    """Data are passed on to a contractor."""
    return bool(d["onwardTransfer.used"])


def authority_onward_transfer(d: Doc) -> bool:
    """A public authority passes data on to a contractor (002 §4)."""
    return is_authority(d) and onward_transfer_used(d)


def authority_safeguards(d: Doc) -> bool:
    """A public authority must explain its safeguards (002 §4, SSB-ATT-15)."""
    return is_authority(d) and non_anonymous(d) and not basic_population_only(d)


def foreign_mitigation(d: Doc) -> bool:
    """Measures for processing outside Norway must be described (002 §10, SSB-ATT-18)."""
    return foreign(d) and foreign_exception_possible(d) and d["dataLevel"] == "indirect"


# --- time and earlier decisions -------------------------------------------------------------------


def retention_after_end(d: Doc) -> bool:
    """Data are kept after the project ends."""
    return less(d["project.end"], d["retention.end"])


def reuse_used(d: Doc) -> bool:
    """A data set of an earlier project is used again (002 §8)."""
    return bool(d["reuse.used"])


def earlier_decision(d: Doc) -> bool:
    """The application builds on an earlier decision (SSB-FLD-13)."""
    return is_change(d) or reuse_used(d)
