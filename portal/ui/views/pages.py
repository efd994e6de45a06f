"""The front page and the pages of the footer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.ui import notices, themes


def _way(contact: str) -> dict[str, str]:
    """A contact as a link: mail, telephone, web or letters, told apart by its shape."""
    if "@" in contact:
        return {"label": _("E-mail"), "value": contact, "url": f"mailto:{contact}"}
    if contact.startswith("https://"):
        return {"label": _("Web"), "value": contact.removeprefix("https://"), "url": contact}
    by_letter = any(letter.isalpha() for letter in contact)
    label = _("Postal address") if by_letter else _("Telephone")
    return {"label": label, "value": contact, "url": ""}


def agency_cards() -> list[dict]:
    """The agencies as the pages show them, in the order of the installed schemes."""
    language = get_language() or "en"
    told = notices.told(language)
    return [
        {
            "code": theme.code,
            "short": theme.short,
            "name": theme.name(language),
            "about": theme.about(language),
            "told": told.get(theme.code, []),
            "contacts": [_way(contact) for contact in theme.contacts],
        }
        for theme in themes.all_themes().values()
    ]


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """What this is, for whom, how it goes."""
    return render(request, "ui/front.html", {"agencies": agency_cards()})


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What the portal is and whose rules it follows."""
    return render(request, "ui/about.html", {"agencies": agency_cards()})


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Where to ask."""
    return render(request, "ui/help.html", {"agencies": agency_cards()})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "ui/accessibility.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is done with personal data, and the reader's rights."""
    return render(request, "ui/privacy.html", {"agencies": agency_cards()})


@require_safe
def theme(request: HttpRequest, digest: str) -> HttpResponse:
    """The agencies' colours as a stylesheet; its address changes with its content."""
    response = HttpResponse(themes.stylesheet(), content_type="text/css; charset=utf-8")
    fresh = digest == themes.digest()
    response["Cache-Control"] = "public, max-age=31536000, immutable" if fresh else "no-cache"
    return response
