"""Mails with a secret link. Nothing of the case stands in them: who is invited sees what it is
about when the address is theirs (security.md 14 and 20)."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from applications.models import Application, ColleagueInvitation, ConfidentialityLink
from portal.accounts.models import User
from portal.events.mail import queue_mail
from portal.links import absolute


def invited(invitation: ColleagueInvitation, by: User, secret: str) -> None:
    """To an address, known here or not, in the language of who invites."""
    with override(by.language):
        day = {"day": date_format(invitation.expires_at, "DATE_FORMAT")}
        lines = [
            _("Somebody invites you to work on an application for access to microdata."),
            _("The link counts once, for this address, until %(day)s:") % day,
            absolute("applications:invitation", secret),
            _(
                "If you do not have an account yet, make one with this address. Did you not expect this mail? Then do nothing."
            ),
            _("Tilgang, applications for microdata"),
        ]
        queue_mail(
            invitation.email,
            _("You are invited to work on an application"),
            "\n\n".join(lines) + "\n",
            f"colleague.invited:{invitation.pk}",
            by.language,
        )


def asked(link: ConfidentialityLink, application: Application, secret: str) -> None:
    """To an address in the list of people with access, in the language of the case's letters."""
    with override(application.language):
        day = {"day": date_format(link.expires_at, "DATE_FORMAT")}
        lines = [
            _("You stand in a list of people who are to have access to microdata."),
            _(
                "Before you get access, read about the duty of confidentiality and confirm it yourself. Nobody can do it for you."
            ),
            _("The link counts for this address, until %(day)s:") % day,
            absolute("applications:confirm_confidentiality", secret),
            _("Tilgang, applications for microdata"),
        ]
        queue_mail(
            link.email,
            _("Confirm the duty of confidentiality"),
            "\n\n".join(lines) + "\n",
            f"confidentiality:{application.pk}:{link.pk}:{link.times}",
            application.language,
        )
