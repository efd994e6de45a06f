"""The words of decisions. Pure: no models, no database."""

from enum import StrEnum

from decisions.letters.content import Outcome

__all__ = ["CURRENT", "ISSUED", "UNDECIDED", "Outcome", "Revision", "Status"]


class Status(StrEnum):
    """Where a decision stands. One sent back is a draft again; the text is a `SendBack`."""

    DRAFT = "draft"
    FOR_APPROVAL = "for_approval"
    APPROVED = "approved"  # to be signed: the worker makes the letter
    DELIVERED = "delivered"  # signed, and in the hands of applicant and signatory
    ACCEPTED = "accepted"
    SUPERSEDED = "superseded"
    LAPSED = "lapsed"  # the case ended before it was decided: withdrawn, for one


# What applicants may know of. A draft or a decision that is not signed does not exist for them.
ISSUED = (Status.DELIVERED, Status.ACCEPTED, Status.SUPERSEDED)
# Not decided yet: what lapses when the case ends.
UNDECIDED = (Status.DRAFT, Status.FOR_APPROVAL)
# At most one of these per application.
CURRENT = tuple(status for status in Status if status is not Status.SUPERSEDED)


class Revision:
    """Revisions of a letter: the same file with one signature, and with the acceptance added."""

    SIGNED = 1
    ACCEPTED = 2
