"""Socialstyrelsen: what the rules and the form's `show_when` ask of a document.

Each takes a document and says whether something is so. A question left open is neither yes nor no: what
would follow from a no is not so before somebody has answered no.
"""

from applications.completeness import Doc, empty


def by_diagnosis(d: Doc) -> bool:
    """The population is defined by diagnoses."""
    return d["population.basis"] == "diagnosis"


def variables_in_portal(d: Doc) -> bool:
    """The variables are entered as rows here."""
    return d["variablesEntry"] == "portal"


def variables_uploaded(d: Doc) -> bool:
    """The variables come as an attached list."""
    return d["variablesEntry"] == "upload"


def personal_numbers(d: Doc) -> bool:
    """Data with personal identity numbers are asked for."""
    return bool(d["identifiers.personalNumbers"])


def serial_numbers_only(d: Doc) -> bool:
    """No personal identity numbers are asked for: data come with serial numbers."""
    return d["identifiers.personalNumbers"] is False


def own_data_file(d: Doc) -> bool:
    """The researcher will send a data file with the population."""
    return bool(d["dataFile.willSend"])


def principal_is_authority(d: Doc) -> bool:
    """The research principal is an authority."""
    return bool(d["principal.isAuthority"])


def applies_research_secrecy(d: Doc) -> bool:
    """An authority that applies chapter 24, section 8 of the secrecy act already."""
    return principal_is_authority(d) and d["principal.appliesResearchSecrecy"] is True


def secrecy_is_transferred(d: Doc) -> bool:
    """An authority that says no to that: secrecy comes to it under chapter 11, section 3."""
    return principal_is_authority(d) and d["principal.appliesResearchSecrecy"] is False


def principal_is_no_authority(d: Doc) -> bool:
    """The research principal is no authority: a secrecy reservation may be set (004 step 6)."""
    return d["principal.isAuthority"] is False


def other_authorities(d: Doc) -> bool:
    """Data of other authorities are part of the project."""
    return not empty(d["otherAuthorities"])


def every_reason_missing(d: Doc) -> bool:
    """There are variables, and none of them has a reason of its own."""
    variables = d.rows("variables")
    return bool(variables) and all(empty(v.justification) for v in variables)


def a_reason_missing(d: Doc) -> bool:
    """Some variable has no reason of its own: one document for all of them is offered."""
    return any(empty(v.justification) for v in d.rows("variables"))


def has_diary_number(d: Doc) -> bool:
    """The order has come in and got its number."""
    return not empty(d["diaryNumber"])
