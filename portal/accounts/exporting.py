"""Everything that is stored about a person, for that person (GDPR art. 15 and 20).

Apps above register what they hold; what is internal to an agency's handling of a case is not among
it, but what the person wrote themselves is.
"""

import json
from collections.abc import Callable
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.core.serializers.json import DjangoJSONEncoder

from portal.accounts import listing
from portal.accounts.commands import stream
from portal.accounts.models import Absence, DigestLine, StaffRole, User
from portal.accounts.notices import ways
from portal.accounts.selectors import verified_addresses
from portal.events.models import Event

Part = Callable[[User], Any]
_PARTS: dict[str, Part] = {}
MOST_EVENTS = 20_000


def register(name: str, part: Part) -> None:
    """Adds a part of the export; call it in AppConfig.ready(). Usable twice."""
    _PARTS[name] = part


def export(user: User) -> bytes:
    """All of it as JSON, readable by people and machines."""
    told = {
        "person": {
            "id": user.pk,
            "name": user.name,
            "email": user.email,
            "language": user.language,
            "verified_addresses": verified_addresses(user),
            "orcid": user.orcid,
            "created_at": user.created_at,
        },
        "ways_of_signing_in": list(
            SocialAccount.objects.filter(user=user)
            .order_by("date_joined", "pk")
            .values("provider", "extra_data", "date_joined", "last_login")
        ),
        "open_sessions": list(
            listing.of(user).values("browser", "provider", "began_at", "seen_at")
        ),
        "notifications": ways(user),
        "staff_roles": list(
            StaffRole.objects.filter(user=user)
            .order_by("granted_at")
            .values("agency", "role", "granted_at", "revoked_at")
        ),
        "absences": list(
            Absence.objects.filter(user=user)
            .order_by("first_day")
            .values("agency", "first_day", "last_day", "entered_at", "cancelled_at")
        ),
        "waiting_notices": list(
            DigestLine.objects.filter(user=user, sent_at__isnull=True).values("text", "link", "at")
        ),
        **{name: part(user) for name, part in sorted(_PARTS.items())},
        "account_history": list(
            Event.objects.filter(stream=stream(user))
            .order_by("sequence")
            .values("at", "type", "actor", "data")[:MOST_EVENTS]
        ),
    }
    text = json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    return text.encode()
