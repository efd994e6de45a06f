"""What of a document is common to a project, and what is applied for elsewhere. Pure.

agency.toml, `[project]`: where the common part of a project stands in this agency's document.
agency.toml, `[[handoffs]]`: what the applicant takes along to another portal or authority.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from applications.completeness import Doc
from applications.schemes.text import NOTHING, Text

# The single answers of a project's common part, and the types a field of theirs may have.
SINGLE: Mapping[str, tuple[str, ...]] = {
    "title": ("text", "longtext"),
    "purpose": ("text", "longtext"),
    "category": ("enum",),
    "start": ("date",),
    "end": ("date",),
    "population": ("text", "longtext"),
}
# What is common about a person.
PERSON = ("name", "institution", "country", "email", "role")
ROW_FORMATS = ("csv", "xlsx")
CASE_FORMATS = ("json", "csv", "pdf")


@dataclass(frozen=True)
class ProjectMap:
    """Where the common part stands: `fields` {"title": path …}, people in the rows at `people`
    with `columns` {"name": column …}. `nordman`: an office of the Nordic cooperation."""

    fields: Mapping[str, str] = field(default_factory=dict)
    people: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    nordman: bool = False


@dataclass(frozen=True)
class Handoff:
    """Something that is applied for elsewhere, or also elsewhere.

    `rows`: path of the list to take along; `where`: the column that says which of its rows (none:
    all). `formats`: of the rows when there are any, else of the whole case. `reference`: what the
    number given elsewhere is called; without it none is kept.
    """

    id: str
    label: Text
    text: Text
    url: str = ""
    when: Callable[[Doc], bool] | None = None
    rows: str = ""
    where: str = ""
    formats: tuple[str, ...] = ()
    reference: Text = NOTHING

    def applies(self, document: Any) -> bool:
        """Whether it concerns `document` (a nested dict, or a Doc)."""
        doc = document if isinstance(document, Doc) else Doc(document)
        return self.when is None or bool(self.when(doc))


NO_PROJECT = ProjectMap()
