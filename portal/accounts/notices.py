"""Mails that a person may have at once, once a day together, or not at all."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from portal import clock
from portal.accounts.commands import note
from portal.accounts.enums import NotificationKind, NotificationWay
from portal.accounts.models import DigestLine, NotificationChoice, User
from portal.events.mail import queue_mail
from portal.links import absolute


def ways(user: User) -> dict[str, str]:
    """How `user` wants to be told, by kind; at once unless they chose otherwise."""
    chosen = dict(NotificationChoice.objects.filter(user=user).values_list("kind", "how"))
    return {
        str(kind): chosen.get(str(kind), str(NotificationWay.AT_ONCE)) for kind in NotificationKind
    }


@transaction.atomic
def choose(user: User, given: dict[str, str]) -> None:
    """Stores how `user` wants to be told. Raises ValueError for a kind or a way that is not there."""
    before = ways(user)
    changed = {kind: how for kind, how in given.items() if before.get(kind) != how}
    for kind, how in changed.items():
        if kind not in NotificationKind.values or how not in NotificationWay.values:
            raise ValueError(kind)
        NotificationChoice.objects.update_or_create(user=user, kind=kind, defaults={"how": how})
    if changed:
        note(user, "user.notifications_chosen", changed)


def tell(user: User, kind: NotificationKind, subject: str, body: str, key: str, link: str) -> None:
    """Tells `user` of something in the way they chose for its kind. In a transaction.

    `subject` and `body` are in their language and hold number and link, nothing of a case; `key`
    makes it once. In the daily mail the subject stands with `link`.
    """
    how = ways(user)[str(kind)]
    if how == NotificationWay.AT_ONCE:
        queue_mail(user.email, subject, body, key, user.language)
    elif how == NotificationWay.DAILY:
        DigestLine.objects.get_or_create(
            key=key, defaults={"user": user, "kind": kind, "text": subject, "link": link}
        )


def send_digests() -> int:
    """Queues the daily mail of everybody who has something in it; how many mails."""
    waiting = DigestLine.objects.filter(sent_at__isnull=True).order_by("user_id")
    people = waiting.values_list("user_id", flat=True).distinct()
    return sum(_send(pk) for pk in people)


@transaction.atomic
def _send(user_id: Any) -> bool:
    user = User.objects.select_for_update().get(pk=user_id)
    lines = list(DigestLine.objects.filter(user=user, sent_at__isnull=True).order_by("at", "pk"))
    if not lines:
        return False
    now = clock.now()
    DigestLine.objects.filter(pk__in=[line.pk for line in lines]).update(sent_at=now)
    if user.is_active:
        with override(user.language):
            subject, body = _words(lines)
            queue_mail(user.email, subject, body, f"digest:{lines[-1].pk}", user.language)
    return True


def _words(lines: Iterable[DigestLine]) -> tuple[str, str]:
    listed = list(lines)
    subject = ngettext("Tilgang: %(n)d thing since yesterday", "Tilgang: %(n)d things since yesterday",
                       len(listed)) % {"n": len(listed)}  # fmt: skip
    told = [f"{line.text}\n{line.link}" for line in listed]
    end = _("How you are told: %(address)s") % {"address": absolute("accounts:notifications")}
    return subject, "\n\n".join([*told, end]) + "\n"
