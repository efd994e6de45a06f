"""Statistics Denmark: what the rules and the form's `show_when` ask of a document.

Each takes a document and says whether something is so. A question left open is neither yes nor no.
"""

from applications.completeness import Doc

# The schemes that are applied for with a project proposal (rules.md 2.2.1).
PROPOSAL_SCHEMES = ("researcher", "project_database", "subproject", "authority")
AUTHORITY_KINDS = ("department", "agency", "directorate", "region", "municipality")


def proposal(d: Doc) -> bool:
    """One of the schemes with a project proposal: all but the law model and an extension."""
    return d["scheme"] in PROPOSAL_SCHEMES


def handled_here(d: Doc) -> bool:
    """A scheme that Statistics Denmark handles: all but the law model."""
    return proposal(d) or database_extension(d)


def researcher(d: Doc) -> bool:
    """The researcher scheme."""
    return d["scheme"] == "researcher"


def project_database(d: Doc) -> bool:
    """The project database scheme."""
    return d["scheme"] == "project_database"


def subproject(d: Doc) -> bool:
    """A subproject of a project database."""
    return d["scheme"] == "subproject"


def authority(d: Doc) -> bool:
    """The authority scheme."""
    return d["scheme"] == "authority"


def law_model(d: Doc) -> bool:
    """The law model, which the Ministry of Economic Affairs runs."""
    return d["scheme"] == "law_model"


def database_extension(d: Doc) -> bool:
    """Extension of a project database after two years."""
    return d["scheme"] == "database_extension"


def about_a_database(d: Doc) -> bool:
    """A new project database, or a longer time for the one there is."""
    return project_database(d) or database_extension(d)


def has_end_date(d: Doc) -> bool:
    """A scheme whose project must have an end date (DST-FLD-09)."""
    return d["scheme"] in ("researcher", "subproject", "authority")


def external_data(d: Doc) -> bool:
    """Data from other sources are added."""
    return bool(d["project.externalDataUsed"])


def full_register_extract(d: Doc) -> bool:
    """A full extract of a register is asked for."""
    return bool(d["project.fullRegisterExtract"])


def sensitive_data(d: Doc) -> bool:
    """Data of Art. 9(1) or 10 are asked for."""
    return bool(d["sensitiveData"])


def authority_institution(d: Doc) -> bool:
    """The institution is of a kind that the authority scheme is for."""
    return d["institution.kind"] in AUTHORITY_KINDS


def authorisation_ends(d: Doc) -> bool:
    """The institution's authorisation has a last day."""
    return bool(d["institution.authorisedUntil"])
