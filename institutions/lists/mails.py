"""Mails about approvals that lists give and take: what happened and a link, nothing more."""

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from institutions.lists.kinds import Kind
from institutions.models import Institution
from institutions.selectors import administrators
from portal.events.mail import queue_mail
from portal.events.models import Event
from portal.links import absolute


def withdrawn(institution: Institution, kind: Kind, event: Event) -> None:
    """To the institution's administrators: its approval has ended."""
    for user in administrators(institution):
        with override(user.language):
            named = {"institution": institution.name, "list": kind.label(get_language() or "en")}
            subject = _("The approval of %(institution)s has ended") % named
            lines = [
                _("%(institution)s no longer stands on this list: %(list)s.") % named,
                _(
                    "The agency has ended the approval that rested on it. See your institution here:"
                ),
                absolute("institutions:institution", institution.pk),
                _("Tilgang, applications for microdata"),
            ]
            key = f"{event.type}:{event.pk}:{user.pk}"
            queue_mail(user.email, subject, "\n\n".join(lines) + "\n", key, user.language)
