"""What the page of an institution tells of its people: invitations, databases, documents."""

from typing import Any

from institutions import claims, databases, policy
from institutions.enums import MemberRole
from institutions.models import AuthorityDocument, DatabaseManager, Institution, Invitation
from institutions.models.database_manager import MOST
from institutions.selectors import members
from institutions.wording import day
from portal import clock


def invitations(institution: Institution) -> list[Invitation]:
    """The invitations that somebody may still accept, the newest first."""
    return list(
        Invitation.objects.filter(
            institution=institution,
            used_at__isnull=True,
            revoked_at__isnull=True,
            expires_at__gt=clock.now(),
        )
        .select_related("created_by")
        .order_by("-created_at", "pk")
    )


def managers(institution: Institution) -> list[dict[str, Any]]:
    """The project databases with who manages each now, and whether another may be named."""
    named: dict[str, list[DatabaseManager]] = {}
    live = DatabaseManager.objects.filter(institution=institution, ended_at__isnull=True)
    for held in live.select_related("membership__user").order_by("reference", "slot"):
        named.setdefault(held.reference, []).append(held)
    titles = dict(databases.of(institution))
    present = {user.pk for user in members(institution)} if named else set()
    return [
        {
            "reference": number,
            "title": titles.get(number, ""),
            "managers": [
                {"held": held, "away": held.membership.user_id not in present}
                for held in named.get(number, [])
            ],
            "room": len(named.get(number, [])) < MOST,
        }
        for number in sorted(titles.keys() | named.keys())
    ]


def document(membership: Any) -> AuthorityDocument | None:
    """The newest document of a signatory's authority."""
    found = AuthorityDocument.objects.filter(membership=membership)
    return found.order_by("-uploaded_at", "pk").first()


def claims_of(institution: Institution, user: Any) -> dict[str, Any]:
    """The claims to sign that wait and that `user` may see, and whether they may make one."""
    held = claims.open_membership(user, institution)
    waiting = claims.waiting(institution)
    mine = [c for c in waiting if c.claimed_by_id == user.pk]
    shown = [c for c in waiting if policy.may_decide_claim(user, c.membership)]
    signs = MemberRole.SIGNATORY in policy.roles_at(user, institution.pk)
    return {
        "claims": [{"claim": c, "on": day(c.claimed_at), "own": c in mine} for c in mine + shown],
        "may_claim": held is not None and not mine and not signs,
    }


def of(institution: Institution, manages: bool) -> dict[str, Any]:
    """The same for the page's template; who does not manage sees the databases only."""
    context: dict[str, Any] = {"databases": managers(institution), "most_managers": MOST}
    if manages:
        context["invitations"] = [
            {"invitation": i, "until": day(i.expires_at), "sent": day(i.created_at)}
            for i in invitations(institution)
        ]
    return context
