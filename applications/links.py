"""Links with a secret: an invitation to a case, and the page where the duty of confidentiality is
confirmed. A secret opens something for the person whose verified address it was sent to, and for
nobody else; used, revoked, old and unknown ones are alike."""

from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db.models import F, Model, OuterRef, Q

from applications.enums import ACCESS_STATES, LIVE_STATES, Role
from applications.models import Application, ColleagueInvitation, ConfidentialityLink
from institutions import policy as institutions
from institutions.commands.invitations import SECRET_BYTES, digest_of
from portal import clock
from portal.accounts.selectors import verified_addresses

LASTS = timedelta(days=14)
_SIGNER = Signer(salt="applications.links")


def new_secret() -> tuple[str, str]:
    """256 random bits for a link, and what is stored of them."""
    secret = token_urlsafe(SECRET_BYTES)
    return secret, digest_of(secret)


def own(link: ColleagueInvitation | ConfidentialityLink) -> str:
    """A secret that opens what the link's own does, for the page of the person whose address it
    was sent to: a mail may be lost."""
    return _SIGNER.sign(f"{link._meta.model_name}.{link.pk}")


def _opened_by(secret: str, model: type[Model]) -> Q:
    """The link that a secret opens: of the mail, or signed by `own`."""
    try:
        kind, _dot, pk = _SIGNER.unsign(secret).partition(".")
    except BadSignature:
        return Q(link_digest=digest_of(secret))
    return Q(pk=pk) if kind == model._meta.model_name else Q(pk__in=[])


def open_invitations(now: datetime) -> Q:
    """Invitations that count: in time, not answered or revoked, and of the one who has the case:
    a right that was taken away does not live on in a link."""
    left = institutions.departed(OuterRef("created_by_id"), OuterRef("application__institution_id"))
    return ~left & Q(
        answered_at__isnull=True,
        revoked_at__isnull=True,
        expires_at__gt=now,
        created_by=F("application__owner"),
        created_by__is_active=True,
        application__state__in=[str(s) for s in LIVE_STATES],
    )


def invitation(secret: str) -> ColleagueInvitation | None:
    """The invitation that this secret opens now, or None."""
    return (
        ColleagueInvitation.objects.select_related("application__institution", "created_by")
        .filter(open_invitations(clock.now()), _opened_by(secret, ColleagueInvitation))
        .first()
    )


def asked(secret: str) -> ConfidentialityLink | None:
    """Whom this secret asks for a confirmation now, or None. Who was taken off the list is not
    asked any more."""
    from applications.selectors.confidentiality import addresses

    found = (
        ConfidentialityLink.objects.select_related("application__institution")
        .filter(
            _opened_by(secret, ConfidentialityLink),
            expires_at__gt=clock.now(),
            application__state__in=[str(s) for s in ACCESS_STATES],
        )
        .first()
    )
    if found is None or found.email not in addresses(found.application):
        return None
    return found


def is_for(email: str, user: Any) -> bool:
    """Whether `user` has shown that the address is theirs."""
    return email in verified_addresses(user)


def roles(user: Any, application: Application, secret: str) -> frozenset[Role]:
    """What the secret of a link makes `user` to this application: nothing, or one of two roles."""
    if not secret:
        return frozenset()
    held = set()
    invited, listed = invitation(secret), asked(secret)
    if invited and invited.application_id == application.pk and is_for(invited.email, user):
        held.add(Role.INVITED)
    if listed and listed.application_id == application.pk and is_for(listed.email, user):
        held.add(Role.LISTED)
    return frozenset(held)
