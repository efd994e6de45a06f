"""Who manages a project database: one to three members, named for each database."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from institutions import databases, mails, policy
from institutions.commands.common import Forbidden, Refused, lock, note
from institutions.models import DatabaseManager, Institution, Membership
from institutions.models.database_manager import MOST
from portal import clock
from portal.accounts.models import User


@transaction.atomic
def name_manager(
    institution: Institution, by: User, membership: Membership, reference: str
) -> DatabaseManager:
    """Names a member as manager of the database with case number `reference`.

    Raises Forbidden; Refused when it is no case of the institution, the person is no member now or
    is named already, or three are named.
    """
    held = lock(institution.pk)
    if not policy.may_manage(by, held) or membership.institution_id != held.pk:
        raise Forbidden
    if reference not in dict(databases.of(held)):
        raise Refused(_("This is no case of the institution."))
    if not Membership.objects.filter(policy.in_force(), pk=membership.pk).exists():
        raise Refused(_("This person is not a member now."))
    live = DatabaseManager.objects.filter(
        institution=held, reference=reference, ended_at__isnull=True
    )
    taken = dict(live.values_list("slot", "membership_id"))
    if membership.pk in taken.values():
        raise Refused(_("This person is named for the database already."))
    free = [slot for slot in range(1, MOST + 1) if slot not in taken]
    if not free:
        raise Refused(_("A project database has three managers at most. End one first."))
    try:
        with transaction.atomic():
            made = DatabaseManager.objects.create(
                institution=held,
                membership=membership,
                reference=reference,
                slot=free[0],
                named_by=by,
                named_at=clock.now(),
            )
    except IntegrityError as at_once:
        raise Refused(_("Somebody has just changed the managers. Look at them again.")) from at_once
    event = note(held, "database_manager.named", by, _facts(made))
    if membership.user_id != by.pk:
        mails.database_manager(made, event)
    return made


@transaction.atomic
def end_manager(manager: DatabaseManager, by: User) -> None:
    """Takes a manager off a database. Raises Forbidden; Refused for the only one."""
    institution = lock(manager.institution_id)
    if not policy.may_manage(by, institution):
        raise Forbidden
    held = DatabaseManager.objects.select_for_update().get(pk=manager.pk)
    if held.ended_at is not None:
        return
    others = DatabaseManager.objects.filter(
        institution=institution, reference=held.reference, ended_at__isnull=True
    ).exclude(pk=held.pk)
    if not others.exists():
        raise Refused(_("A project database has one manager at least. Name another one first."))
    held.ended_by, held.ended_at = by, clock.now()
    held.save()
    note(institution, "database_manager.ended", by, _facts(held))


def _facts(manager: DatabaseManager) -> dict[str, str]:
    return {
        "membership": str(manager.membership_id),
        "reference": manager.reference,
        "slot": str(manager.slot),
    }
