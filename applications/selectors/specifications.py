"""The specifications of a case in words, the newest first."""

from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Application, Specification
from applications.selectors.words import moment_in_words


def money(hundredths: int, currency: str) -> str:
    """An amount with its currency, such as "11 000 SEK"; hundredths only where there are any."""
    places = 2 if hundredths % 100 else 0
    amount = number_format(Decimal(hundredths) / 100, decimal_pos=places, force_grouping=True)
    return f"{amount} {currency}".strip()


def price(specification: Specification) -> str:
    """From and to in words, or the one amount."""
    low, high = specification.price_from, specification.price_to
    if low == high:
        return money(low, specification.currency)
    return _("%(low)s to %(high)s") % {
        "low": money(low, ""),
        "high": money(high, specification.currency),
    }


def hours(specification: Specification) -> str:
    """The hours of work in words, or an empty text."""
    low, high = specification.hours_from, specification.hours_to
    if low is None or high is None:
        return ""
    if low == high:
        return ngettext("%(n)d hour", "%(n)d hours", low) % {"n": low}
    return _("%(low)d to %(high)d hours") % {"low": low, "high": high}


def answers() -> dict[str, str]:
    """What became of a version, in words."""
    return {
        "": _("Waits for confirmation"),
        "confirmed": _("Confirmed"),
        "questioned": _("Not confirmed"),
        "recalled": _("Taken back"),
        "replaced": _("Replaced by a new version"),
    }


def specifications(application: Application) -> list[Specification]:
    """All versions with the people who sent and answered them, the newest first. One query."""
    found = Specification.objects.filter(application=application)
    return list(found.select_related("sent_by", "answered_by"))


def in_words(
    found: list[Specification], zone: str, language: str, agency: str = ""
) -> list[dict[str, Any]]:
    """Each version for a page. `agency`: stands for the people of the agency, on the other side."""
    words, ours = answers(), {"recalled", "replaced"}
    told = []
    for each in found:
        by = each.answered_by
        told.append(
            {
                "specification": each,
                "price": price(each),
                "hours": hours(each),
                "sent_at": moment_in_words(each.sent_at, zone, language),
                "sent_by": agency or each.sent_by.name,
                "answer": words[each.answer],
                "answered_at": moment_in_words(each.answered_at, zone, language)
                if each.answered_at
                else "",
                "answered_by": ""
                if by is None
                else agency
                if agency and each.answer in ours
                else by.name,
                "waits": not each.answer,
            }
        )
    return told
