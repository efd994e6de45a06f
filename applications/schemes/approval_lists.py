"""Which lists of approved institutions an agency keeps: `[[approval_lists]]` of agency.toml."""

from dataclasses import dataclass

from applications.schemes.text import NOTHING, Text


@dataclass(frozen=True)
class ApprovalList:
    """A list of institutions. `source`: the source of the approvals that it gives. `own`: the
    agency keeps it itself and shows it to everybody. `url`: where somebody else's is published."""

    source: str
    label: Text
    about: Text = NOTHING
    own: bool = False
    url: str = ""
