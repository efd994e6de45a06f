"""Mail domains: named by the institution, verified by an agency."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from institutions import domains, policy
from institutions.commands.common import Forbidden, Refused, lock, note
from institutions.models import Institution, MailDomain
from portal import clock
from portal.accounts.models import User


@transaction.atomic
def add_domain(institution: Institution, by: User, domain: str) -> MailDomain:
    """Names a mail domain of the institution; an agency administrator verifies it.

    Raises Forbidden; Refused for a public mail host, an unreadable domain or one named already.
    """
    held = lock(institution.pk)
    if not policy.may_manage(by, held):
        raise Forbidden
    try:
        plain = domains.plain(domain)
    except ValueError as wrong:
        raise Refused(_("This is not a mail domain. Write it like university.example.")) from wrong
    if plain in domains.PUBLIC:
        raise Refused(_("Anybody can have an address there. Name a domain of your own."))
    if MailDomain.objects.filter(institution=held, domain=plain).exists():
        raise Refused(_("This domain is in the list already."))
    added = MailDomain.objects.create(
        institution=held, domain=plain, added_by=by, added_at=clock.now()
    )
    note(held, "institution.domain_added", by, {"domain": plain})
    return added


@transaction.atomic
def verify_domain(domain: MailDomain, by: User) -> None:
    """An agency administrator has seen that the domain is the institution's.

    Raises Forbidden; Refused when `by` named it or another institution has it.
    """
    if not policy.may_confirm(by):
        raise Forbidden
    institution = lock(domain.institution_id)
    held = MailDomain.objects.select_for_update().get(pk=domain.pk)
    if held.verified_at is not None:
        return
    if held.added_by_id == by.pk:
        raise Refused(_("You named this domain. Another administrator must verify it."))
    held.verified_by, held.verified_at = by, clock.now()
    try:
        with transaction.atomic():
            held.save()
    except IntegrityError as taken:
        raise Refused(_("This domain belongs to another institution already.")) from taken
    note(institution, "institution.domain_verified", by, {"domain": held.domain})
