"""The ways in which a person signs in: listed, linked, unlinked. The last one stays."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import override
from stdnum import isni

from portal.accounts.commands import note
from portal.accounts.models import User
from portal.accounts.oidc.claims import Proof, Refused
from portal.accounts.oidc.config import Provider
from portal.accounts.provider import uid


class LastWay(Exception):
    """Nothing would be left by which the person can sign in."""


def accounts(user: User) -> list[SocialAccount]:
    """The accounts at providers that are linked to `user`, oldest first."""
    return list(SocialAccount.objects.filter(user=user).order_by("date_joined", "pk"))


def is_last(user: User, account: SocialAccount) -> bool:
    """Whether `user` could not sign in without `account`. A passkey alone is not counted: it can
    be lost with the phone."""
    if user.has_usable_password():
        return False
    ids = [p.id for p in settings.SIGN_IN.providers if p.sign_in]
    others = SocialAccount.objects.filter(user=user, provider__in=ids).exclude(pk=account.pk)
    return account.provider in ids and not others.exists()


def link(user: User, provider: Provider, proof: Proof) -> bool:
    """Links the account that `proof` shows to `user`, who is signed in; False: it was already.

    Raises Refused when it is linked to somebody else, or is a second ORCID iD.
    """
    key = uid(proof.issuer, proof.subject)
    try:
        with transaction.atomic():
            held = User.objects.select_for_update().get(pk=user.pk)
            found = SocialAccount.objects.filter(provider=provider.id, uid=key).first()
            if found is not None:
                if found.user_id != held.pk:
                    raise Refused("taken")
                return False
            orcid = orcid_of(proof.subject) if provider.orcid else ""
            if orcid and held.orcid:
                raise Refused("second_orcid")
            data = {"iss": proof.issuer, "sub": proof.subject}
            SocialAccount.objects.create(user=held, provider=provider.id, uid=key, extra_data=data)
            _linked(held, provider, orcid)
            user.orcid = held.orcid
            _tell("accounts/way_linked", held, provider)
    except IntegrityError as trouble:
        raise Refused("taken") from trouble
    return True


def signed_up(user: User, account: SocialAccount) -> None:
    """The account of a person was made by way of a provider. In a transaction."""
    if provider := settings.SIGN_IN.provider(account.provider):
        _linked(user, provider, _orcid(account) if provider.orcid else "")


def _linked(user: User, provider: Provider, orcid: str) -> None:
    if orcid:
        user.orcid = orcid
        user.save(update_fields=["orcid"])
    note(user, "user.way_linked", {"provider": provider.id}, {"orcid": orcid} if orcid else None)


@transaction.atomic
def unlink(user: User, account_id: Any) -> None:
    """Takes a link away. Raises SocialAccount.DoesNotExist (another's too) and LastWay."""
    held = User.objects.select_for_update().get(pk=user.pk)
    account = SocialAccount.objects.get(pk=account_id, user=held)
    if is_last(held, account):
        raise LastWay
    provider = settings.SIGN_IN.provider(account.provider)
    account.delete()
    if held.orcid and held.orcid == _orcid(account):
        held.orcid = user.orcid = ""
        held.save(update_fields=["orcid"])
    note(held, "user.way_unlinked", {"provider": account.provider})
    _tell("accounts/way_unlinked", held, provider)


@transaction.atomic
def drop_unproven(user: User) -> None:
    """Takes away the links of an account whose address nobody has shown to be theirs: who linked
    them is not known to be who has just set a password by mail."""
    if EmailAddress.objects.filter(user=user, verified=True).exists():
        return
    for account in accounts(user):
        account.delete()
        note(user, "user.way_unlinked", {"provider": account.provider})
    if user.orcid:
        User.objects.filter(pk=user.pk).update(orcid="")
        user.orcid = ""


def orcid_of(subject: str) -> str:
    """The ORCID iD that an ORCID subject is. Raises Refused when it is none."""
    digits = subject.rpartition("/")[2].replace("-", "").upper()
    if not isni.is_valid(digits):
        raise Refused("subject")
    return "-".join(digits[start : start + 4] for start in range(0, 16, 4))


def _orcid(account: SocialAccount) -> str:
    try:
        return orcid_of(str(account.extra_data.get("sub", "")))
    except Refused:
        return ""


def _tell(kind: str, user: User, provider: Provider | None) -> None:
    with override(user.language):
        name = provider.name(user.language) if provider else ""
    get_adapter().send_mail(kind, user.email, {"user": user, "way": name})
