"""What lists add to "my page" of an administrator: who dropped off, and who has come that fits."""

from typing import Any

from django.urls import reverse
from django.utils.translation import ngettext

from institutions.lists import kinds, selectors, wording
from institutions.policy import AGENCY_ADMIN
from portal.accounts import policy as accounts
from portal.accounts import waiting


def waits(user: Any) -> list[waiting.WaitingItem]:
    """One item per list and kind of work."""
    mine = accounts.agencies_with_role(user, AGENCY_ADMIN)
    found: list[waiting.WaitingItem] = []
    for kind in kinds.kinds() if mine else []:
        edition = selectors.latest(kind) if kind.agency in mine else None
        if edition is None:
            continue
        page = reverse("institutions:list", args=[kind.agency, kind.source])
        dropped, fitting = selectors.counts(kind)["dropped"], selectors.fitting(kind)
        told = {"list": kind.label(wording.language())}
        if dropped:
            text = ngettext(
                "%(count)s institution dropped off: %(list)s",
                "%(count)s institutions dropped off: %(list)s",
                dropped,
            )
            found.append(_item(text % {**told, "count": dropped}, f"{page}#dropped", edition))
        if fitting:
            text = ngettext(
                "%(count)s waiting line fits an institution now: %(list)s",
                "%(count)s waiting lines fit institutions now: %(list)s",
                fitting,
            )
            found.append(_item(text % {**told, "count": fitting}, f"{page}#waiting", edition))
    return found


def _item(title: str, url: str, edition: Any) -> waiting.WaitingItem:
    return waiting.WaitingItem(title, url, edition.imported_at, "institution")


def connect() -> None:
    """Registers it; called when the app is ready."""
    waiting.register(waits)
