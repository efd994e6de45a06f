"""Statistics Denmark: eligibility and consistency (rules.md 3.3)."""

from collections import Counter

from applications.completeness import (
    BLOCK,
    FLAG,
    INFO,
    Doc,
    Row,
    empty,
    key,
    less,
    number,
    rule,
    values,
)
from applications.completeness.numbers import is_cvr, plus_years
from applications.schemes.dst.v2026_1.derived import (
    authority,
    authority_institution,
    database_extension,
    handled_here,
    law_model,
    project_database,
    proposal,
    sensitive_data,
    subproject,
)

FEWEST_PROJECTS = 5
MOST_MANAGERS = 3
LONGEST_YEARS = 2
# Registers of so many subprojects: refused, asked about (rules.md 8 no. 26: configurable).
ONE_PROJECT = ("registersServingOne", 1)
FEW_PROJECTS = ("registersServingFew", 2)


def projects_sharing_a_register(projects: list[Row]) -> int:
    """How many of the projects have a register in common with another one (rules.md 3.5)."""
    registers = [{key(name) for name in values(project.registers)} for project in projects]
    uses = Counter(name for names in registers for name in names)
    return sum(any(uses[name] > 1 for name in names) for names in registers)


# --- who may apply --------------------------------------------------------------------------------


@rule(
    "DST-CHK-01",
    BLOCK,
    source="003",
    fields=("institution.authorised", "institution.name"),
    rests_on=("institution.authorised",),
)
def institution_not_authorised(d: Doc) -> bool:
    return handled_here(d) and not d["institution.authorised"]


@rule("DST-CHK-02", BLOCK, source="003 Myndighedsordningen", fields=("scheme", "institution.kind"))
def authority_scheme_for_others(d: Doc) -> bool:
    return authority(d) and not authority_institution(d)


@rule("DST-CHK-03", BLOCK, source="003 Lovmodellen", fields=("scheme",))
def law_model_is_elsewhere(d: Doc) -> bool:
    return law_model(d)


@rule(
    "DST-CHK-21",
    BLOCK,
    source="beyond sources (erhvervsstyrelsen.dk)",
    fields=("institution.cvr",),
)
def cvr_number_wrong(d: Doc) -> bool:
    return not empty(d["institution.cvr"]) and not is_cvr(d["institution.cvr"])


@rule(
    "DST-CHK-22",
    BLOCK,
    source="beyond sources (dst.dk: foreign environments cannot be authorised)",
    fields=("institution.country",),
)
def institution_abroad(d: Doc) -> bool:
    country = d["institution.country"]
    return proposal(d) and bool(country) and country != "DK"


@rule(
    "DST-CHK-23",
    FLAG,
    source="beyond sources (dst.dk authorisation)",
    fields=("registers.companyData", "registers"),
)
def business_data_for_company(d: Doc) -> bool | list[str]:
    if not proposal(d) or d["institution.kind"] not in ("consultancy", "private_company"):
        return False
    return d.where("registers", lambda r: r.companyData)


# --- the project database -------------------------------------------------------------------------


@rule("DST-CHK-04", BLOCK, source="003 target group item 2", fields=("database.activeProjects",))
def too_few_active_projects(d: Doc) -> bool:
    return project_database(d) and 0 < len(d.rows("database.activeProjects")) < FEWEST_PROJECTS


@rule("DST-CHK-05", BLOCK, source="003 condition 1", fields=("database.managers",))
def one_to_three_managers(d: Doc) -> bool:
    return project_database(d) and not 1 <= len(d.rows("database.managers")) <= MOST_MANAGERS


@rule("DST-CHK-06", BLOCK, source="003", fields=("institution.existingProjectDatabases", "scheme"))
def second_database(d: Doc) -> bool:
    return project_database(d) and number(d["institution.existingProjectDatabases"]) >= 1


@rule("DST-CHK-07", BLOCK, source="003 condition 4", fields=("database.end", "database.start"))
def database_for_two_years_at_most(d: Doc) -> bool:
    start, end = d["database.start"], d["database.end"]
    return project_database(d) and (
        empty(start) or empty(end) or less(plus_years(start, LONGEST_YEARS), end)
    )


@rule(
    "DST-CHK-08", BLOCK, source="003 target group item 2", fields=("database.overlapDescription",)
)
def overlap_not_described(d: Doc) -> bool:
    return project_database(d) and empty(d["database.overlapDescription"])


@rule(
    "DST-CHK-09",
    FLAG,
    source="003 target group item 2",
    fields=("database.activeProjects", "database.activeProjects.registers"),
)
def little_overlap(d: Doc) -> bool:
    projects = d.rows("database.activeProjects")
    return (
        project_database(d)
        and bool(projects)
        and projects_sharing_a_register(projects) < FEWEST_PROJECTS
    )


@rule(
    "DST-CHK-10",
    BLOCK,
    source="003 target group item 3",
    fields=("database.continuousNewProjects",),
)
def no_new_subprojects(d: Doc) -> bool:
    return project_database(d) and not d["database.continuousNewProjects"]


@rule(
    "DST-CHK-11",
    BLOCK,
    source="003 (data used in one or few projects)",
    fields=("registers.plannedSubprojects", "registers"),
)
def register_for_one_subproject(d: Doc) -> bool | list[str]:
    one = d.setting(*ONE_PROJECT)
    return project_database(d) and d.where(
        "registers", lambda r: number(r.plannedSubprojects) <= one
    )


@rule(
    "DST-CHK-12",
    FLAG,
    source="003 (data used in one or few projects)",
    fields=("registers.plannedSubprojects", "registers"),
)
def register_for_few_subprojects(d: Doc) -> bool | list[str]:
    one, few = d.setting(*ONE_PROJECT), d.setting(*FEW_PROJECTS)
    return project_database(d) and d.where(
        "registers", lambda r: one < number(r.plannedSubprojects) <= few
    )


@rule("DST-CHK-13", BLOCK, source="003", fields=("database.researchOnDatabase",))
def research_on_the_database(d: Doc) -> bool:
    return project_database(d) and bool(d["database.researchOnDatabase"])


@rule("DST-CHK-14", BLOCK, source="003 condition 1", fields=("users", "database.managers"))
def user_who_is_no_manager(d: Doc) -> bool | list[str]:
    managers = [m.name or None for m in d.rows("database.managers")]
    return project_database(d) and d.where("users", lambda u: (u.name or None) not in managers)


@rule(
    "DST-CHK-15",
    FLAG,
    source="003",
    fields=(
        "database.managers",
        "database.managers.employedByInstitution",
        "database.managers.experienced",
    ),
)
def manager_not_employed_or_experienced(d: Doc) -> bool | list[str]:
    return project_database(d) and d.where(
        "database.managers", lambda m: not m.employedByInstitution or not m.experienced
    )


@rule(
    "DST-CHK-25",
    FLAG,
    source="003 condition 4",
    fields=("database.activeSubprojects",),
    rests_on=("database.activeSubprojects",),
)
def database_without_subprojects(d: Doc) -> bool:
    return database_extension(d) and number(d["database.activeSubprojects"]) == 0


# --- subprojects ----------------------------------------------------------------------------------


@rule(
    "DST-CHK-16",
    BLOCK,
    source="003",
    fields=("subproject.databaseId", "subproject.relatedToDatabasePurpose"),
)
def subproject_without_database(d: Doc) -> bool:
    return subproject(d) and (
        empty(d["subproject.databaseId"]) or not d["subproject.relatedToDatabasePurpose"]
    )


@rule("DST-CHK-17", BLOCK, source="003", fields=("institution.name", "subproject.databaseOwner"))
def subproject_of_another_owner(d: Doc) -> bool:
    owner = d["subproject.databaseOwner"]
    return subproject(d) and not empty(owner) and owner != d["institution.name"]


@rule("DST-CHK-26", INFO, source="003 condition 3", fields=("costsAccepted", "scheme"))
def subproject_invoiced_as_ordinary(d: Doc) -> bool:
    return subproject(d) and bool(d["costsAccepted"])


# --- every proposal -------------------------------------------------------------------------------


@rule("DST-CHK-18", BLOCK, source="003 condition 3; dst.dk prices", fields=("costsAccepted",))
def costs_not_accepted(d: Doc) -> bool:
    return proposal(d) and not d["costsAccepted"]


@rule(
    "DST-CHK-19",
    FLAG,
    source="003 (GDPR Article 5(1)(c), data minimisation)",
    fields=("registers.justification", "registers"),
)
def register_without_reason(d: Doc) -> bool | list[str]:
    return proposal(d) and d.where("registers", lambda r: empty(r.justification))


@rule(
    "DST-CHK-20",
    BLOCK,
    source="003 (Data Protection Act §10)",
    fields=("project.societalRelevance", "sensitiveData"),
)
def sensitive_data_without_relevance(d: Doc) -> bool:
    return proposal(d) and sensitive_data(d) and empty(d["project.societalRelevance"])


@rule("DST-CHK-24", BLOCK, source="derived", fields=("project.end",))
def end_in_the_past(d: Doc) -> bool:
    return proposal(d) and not empty(d["project.end"]) and less(d["project.end"], d.today)
