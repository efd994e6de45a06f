"""Who may send an application: an active member of the institution that applies, where that is
confirmed and of a kind that the type is for. A draft may be begun by anybody, before all this.

The database asks the same of every submission (migration 0019), but for the kind: that is the
scheme's.
"""

from enum import StrEnum
from typing import Any

from applications.models import Application
from applications.schemes import ApplicationType
from institutions.enums import InstitutionStatus
from institutions.selectors import is_member

INSTITUTION = "institution"  # the key of a refusal that names a Hindrance


class Hindrance(StrEnum):
    """Why a person may not send an application as it stands."""

    NONE_NAMED = "none_named"  # no institution applies
    UNCONFIRMED = "unconfirmed"  # nobody has confirmed yet that it is what it says
    NO_MEMBER = "no_member"  # the person does not belong to it (any more)
    KIND = "kind"  # its kind cannot apply for this


def hindrance(
    user: Any, application: Application, kind: ApplicationType | None
) -> Hindrance | None:
    """What stands between `user` and sending the application, None for nothing."""
    at = application.institution
    if at is None:
        return None if kind is not None and not kind.institution else Hindrance.NONE_NAMED
    if at.status != InstitutionStatus.CONFIRMED:
        return Hindrance.UNCONFIRMED
    if not is_member(user, at.pk):
        return Hindrance.NO_MEMBER
    if kind is not None and kind.kinds and at.kind not in kind.kinds:
        return Hindrance.KIND
    return None
