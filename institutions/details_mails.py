"""Mails about what an institution is called and what it has been merged into."""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _
from django.utils.translation import override

from institutions.models import Institution
from institutions.selectors import administrators
from portal.accounts import notices
from portal.accounts.enums import NotificationKind
from portal.accounts.models import User
from portal.events.models import Event
from portal.links import absolute


def _tell(
    people: Iterable[User],
    subject: Callable[[], str],
    line: Callable[[], str],
    link: str,
    event: Event,
) -> None:
    """One mail to each, in their language."""
    for user in people:
        with override(user.language):
            key = f"{event.type}:{event.pk}:{user.pk}"
            body = "\n\n".join([line(), link, _("Tilgang, applications for microdata")]) + "\n"
            notices.tell(user, NotificationKind.INSTITUTION, subject(), body, key, link)


def identity_changed(institution: Institution, before: str, event: Event) -> None:
    """To the institution's administrators: an agency has changed its name, country, kind or
    number. `before`: the name until now."""
    _tell(
        administrators(institution),
        lambda: _("What is registered of %(institution)s has changed") % {"institution": before},
        lambda: _(
            "An agency's administrator has changed name, country, kind or organisation number of "
            "your institution. See it here, and tell the agency if it is wrong:"
        ),
        absolute("institutions:institution", institution.pk),
        event,
    )


def merge_proposed(
    kept: Institution, gone: Institution, people: Iterable[User], link: str, event: Event
) -> None:
    """To the other agency administrators: a second one of them has to confirm a merge."""
    names = {"kept": kept.name, "gone": gone.name}
    _tell(
        people,
        lambda: _("Are %(gone)s and %(kept)s the same institution?") % names,
        lambda: _("A colleague proposes to merge two institutions. Confirm or drop it here:"),
        link,
        event,
    )


def merged(kept: Institution, gone: str, people: Iterable[User], event: Event) -> None:
    """To everybody concerned: `gone` (its name) is part of `kept` from now on."""
    names = {"kept": kept.name, "gone": gone}
    _tell(
        people,
        lambda: _("%(gone)s is now %(kept)s") % names,
        lambda: (
            _(
                "%(gone)s was registered twice and has been merged into %(kept)s. Members and cases "
                "are there now. See it here:"
            )
            % names
        ),
        absolute("institutions:institution", kept.pk),
        event,
    )
