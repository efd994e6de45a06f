"""Statistics Denmark: missing attachments (rules.md 2.2.3)."""

from applications.completeness import BLOCK, FLAG, Doc, rule
from applications.schemes.dst.v2026_1.derived import (
    authority,
    external_data,
    project_database,
    proposal,
)


@rule(
    "DST-ATT-01",
    FLAG,
    source="derived from 003; dst.dk (documentation of data)",
    fields=("attachments.external_data_documentation",),
)
def documentation_of_external_data(d: Doc) -> bool:
    return proposal(d) and external_data(d) and not d.has("external_data_documentation")


@rule(
    "DST-ATT-02",
    FLAG,
    source="beyond sources (dst.dk Myndighedsordningen)",
    fields=("attachments.information_security_policy",),
)
def security_policy(d: Doc) -> bool:
    return authority(d) and not d.has("information_security_policy")


@rule(
    "DST-ATT-03",
    BLOCK,
    source="003 target group item 2 (derived: evidence)",
    fields=("database.activeProjects", "attachments.active_project_list"),
)
def list_of_active_projects(d: Doc) -> bool:
    return (
        project_database(d)
        and not d.rows("database.activeProjects")
        and not d.has("active_project_list")
    )
