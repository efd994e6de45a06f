"""What is told of an institution: its details by its own administrators, which organisation it is
by those of an agency."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from institutions import details_mails, duplicates, policy
from institutions.commands.common import Forbidden, Refused, lock, note
from institutions.enums import InstitutionStatus
from institutions.lists.names import fold
from institutions.models import Institution, InstitutionDetails
from portal import clock
from portal.accounts.models import User

LANGUAGES = ("nb", "nn", "da", "sv", "en")
FIELDS = (
    "postal_address", "visiting_address",
    "invoice_address", "invoice_gln", "invoice_peppol", "invoice_reference", "invoice_mail",
    "protection_name", "protection_mail", "protection_phone",
)  # fmt: skip
IDENTITY = ("name", "country", "kind", "org_number")


class Stale(Exception):
    """Somebody has changed the institution since the page was opened; nothing was written."""


def version_of(institution: Institution) -> int:
    """How many changes the institution has seen; a form carries it."""
    held = InstitutionDetails.objects.filter(institution=institution).first()
    return held.version if held else 0


def values_of(institution: Institution) -> dict[str, str]:
    """All that its administrators may write: `name_<language>` and the fields of the details."""
    held = InstitutionDetails.objects.filter(institution=institution).first()
    told = {f"name_{language}": institution.names.get(language, "") for language in LANGUAGES}
    return {**told, **{name: getattr(held, name, "") for name in FIELDS}}


@transaction.atomic
def change_details(
    institution: Institution, by: User, seen: int, values: dict[str, str]
) -> list[str]:
    """Writes details and names; the names of the fields that changed.

    `values`: all of `values_of`. `seen`: `version_of` when the page was opened. Raises Forbidden;
    Stale; Refused when a name is another institution's.
    """
    held = lock(institution.pk)
    if not policy.may_edit_details(by, held):
        raise Forbidden
    before = values_of(held)
    changed = [name for name in before if values[name] != before[name]]
    if not changed:
        return []
    details = _next_version(held, by, seen)
    names = {n: values[f"name_{n}"] for n in LANGUAGES if values[f"name_{n}"]}
    for language in LANGUAGES:
        if f"name_{language}" in changed and language in names:
            _not_anothers(held, names[language])
    others = {n: text for n, text in held.names.items() if n not in LANGUAGES}
    held.names = {**others, **names}
    held.save(update_fields=["names"])
    for name in FIELDS:
        setattr(details, name, values[name])
    details.save()
    note(held, "institution.details_changed", by, {"fields": changed, "version": details.version})
    return changed


def _next_version(held: Institution, by: User, seen: int) -> InstitutionDetails:
    """The details, one version on. Raises Stale."""
    details = InstitutionDetails.objects.select_for_update().filter(institution=held).first()
    if (details.version if details else 0) != seen:
        raise Stale
    details = details or InstitutionDetails(institution=held, version=0)
    details.version += 1
    details.changed_by, details.changed_at = by, clock.now()
    return details


def _not_anothers(held: Institution, name: str) -> None:
    """Raises Refused when another institution of the country is called so."""
    folded = fold(name)
    for alike in duplicates.like(name, held.country, but=[held]):
        if fold(alike.name) == folded:
            raise Refused(
                _("Another institution is called %(name)s already. Write the name in full.")
                % {"name": name}
            )


@transaction.atomic
def change_identity(
    institution: Institution,
    by: User,
    seen: int,
    name: str,
    country: str,
    kind: str,
    org_number: str,
) -> list[str]:
    """Says anew which organisation it is; the names of the fields that changed. Its administrators
    are told by mail.

    `org_number` as `numbers.compact` gives it. Raises Forbidden for everybody but administrators of
    an agency who do not belong to it; Stale; Refused when another institution has the number.
    """
    held = lock(institution.pk)
    if not policy.may_identify(by, held):
        raise Forbidden
    given = {"name": name, "country": country, "kind": kind, "org_number": org_number}
    before = {field: getattr(held, field) for field in IDENTITY}
    changed = [field for field in IDENTITY if given[field] != before[field]]
    if not changed:
        return []
    details = _next_version(held, by, seen)
    for field in changed:
        setattr(held, field, given[field])
    try:
        with transaction.atomic():
            held.save(update_fields=changed)
    except IntegrityError as taken:
        raise Refused(
            _("Another institution has this number. If they are the same, merge them instead.")
        ) from taken
    details.save()
    told: dict[str, Any] = {
        "fields": changed,
        "before": {field: before[field] for field in changed},
        "after": {field: given[field] for field in changed},
        "version": details.version,
    }
    event = note(held, "institution.identity_changed", by, told)
    if held.status == InstitutionStatus.CONFIRMED:
        details_mails.identity_changed(held, before["name"], event)
    return changed
