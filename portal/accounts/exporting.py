"""Everything that is stored about a person, for that person (GDPR art. 15 and 20).

Each app says in a table what it tells: rows about the person with their columns, rows under one of
their addresses, and acts, where the person only handled what is about others or about a case. Acts
are counted; each of them stands under `events` with what it was done to. A test demands that every
relation to a person is in one of the tables.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from portal.accounts.commands import stream
from portal.accounts.models import (
    Absence,
    DigestLine,
    NotificationChoice,
    OpenSession,
    RoleProposal,
    StaffRole,
    User,
)
from portal.accounts.notices import ways
from portal.accounts.selectors import verified_addresses
from portal.events.models import Event, EventPayload

# The person's own columns that the file leaves out, and why.
LEFT_OUT = {"password": "a secret, and only as a digest of it"}


@dataclass(frozen=True)
class Told:
    """Rows that concern the person. `where`: the column or path that names the person, or holds
    one of their verified addresses. The rows are in the order of the first column."""

    model: type[Model]
    where: str
    columns: tuple[str, ...]

    def rows(self, wanted: Any) -> list[dict[str, Any]]:
        """The rows under `wanted`: a person, or a list of addresses."""
        found = self.model._default_manager.filter(
            **{f"{self.where}__in" if isinstance(wanted, list) else self.where: wanted}
        )
        return list(found.order_by(self.columns[0], "pk").values(*self.columns))


@dataclass(frozen=True)
class Part:
    """What one app tells. `by_address`: rows that only name an address. `acts`: the columns of a
    model that say who did something."""

    about: Mapping[str, Told]
    by_address: Mapping[str, Told]
    acts: Mapping[type[Model], tuple[str, ...]]


_PARTS: dict[str, Part] = {}


def register(name: str, part: Part) -> None:
    """Adds a part of the export; call it in AppConfig.ready(). Usable twice."""
    _PARTS[name] = part


def parts() -> dict[str, Part]:
    """Every app's part, by the name it has in the file."""
    return {"account": ACCOUNT, **_PARTS}


ACCOUNT = Part(
    about={
        "addresses": Told(EmailAddress, "user", ("email", "verified", "primary")),
        "sign_in_elsewhere": Told(
            SocialAccount, "user", ("date_joined", "provider", "uid", "last_login", "extra_data")
        ),
        "second_factors": Told(Authenticator, "user", ("created_at", "type", "last_used_at")),
        "sessions": Told(OpenSession, "user", ("began_at", "browser", "provider", "seen_at")),
        "notification_choices": Told(NotificationChoice, "user", ("kind", "how")),
        "notices": Told(DigestLine, "user", ("at", "kind", "text", "link", "sent_at")),
        "staff_roles": Told(StaffRole, "user", ("granted_at", "agency", "role", "revoked_at")),
        "role_proposals": Told(
            RoleProposal, "user", ("proposed_at", "agency", "role", "taking_id", "ended_at")
        ),
        "absences": Told(
            Absence, "user", ("first_day", "last_day", "agency", "entered_at", "cancelled_at")
        ),
        "standing_in": Told(
            Absence, "stand_in", ("first_day", "last_day", "agency", "cancelled_at")
        ),
    },
    by_address={},
    acts={
        StaffRole: ("granted_by", "revoked_by"),
        RoleProposal: ("proposed_by", "confirmed_by", "ended_by"),
        Absence: ("entered_by",),
    },
)


def _told(part: Part, user: User, addresses: list[str]) -> dict[str, Any]:
    return {
        **{name: told.rows(user) for name, told in part.about.items()},
        **{name: told.rows(addresses) for name, told in part.by_address.items()},
    }


def _acts(part: Part, user: User) -> dict[str, int]:
    """How many rows name the person as who did something, without the empty ones."""
    counted = {
        f"{model._meta.label}.{column}": model._default_manager.filter(**{column: user}).count()
        for model, columns in part.acts.items()
        for column in columns
    }
    return {name: count for name, count in counted.items() if count}


def _account_history(user: User) -> list[dict[str, Any]]:
    """What has happened to the account, with its personal part."""
    columns = ("id", "at", "type", "actor", "data")
    events = list(Event.objects.filter(stream=stream(user)).order_by("sequence").values(*columns))
    bodies = EventPayload.objects.filter(event_id__in=[e["id"] for e in events])
    personal = dict(bodies.values_list("event_id", "body"))
    return [{**event, "personal": personal.get(event.pop("id"))} for event in events]


def export(user: User) -> bytes:
    """All of it as JSON, readable by people and machines."""
    addresses = sorted({user.email, *verified_addresses(user)})
    done = Event.objects.filter(actor=user.reference).exclude(stream=stream(user))
    told = {
        "person": {
            "id": user.pk,
            "name": user.name,
            "email": user.email,
            "language": user.language,
            "orcid": user.orcid,
            "is_active": user.is_active,
            "created_at": user.created_at,
            "last_login": user.last_login,
            "sessions_ended_at": user.sessions_ended_at,
        },
        "notifications": ways(user),
        **{name: _told(part, user, addresses) for name, part in parts().items()},
        "acts": {k: v for part in parts().values() for k, v in _acts(part, user).items()},
        "account_history": _account_history(user),
        "events": list(done.order_by("id").values("at", "type", "stream")),
    }
    text = json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    return text.encode()
