"""A code of an authenticator app counts once (RFC 6238, section 5.2).

Codes of three periods are accepted, since clocks differ. The counter of the last accepted one is
kept with the authenticator: no code of that period or an earlier one is accepted again, neither
for signing in nor for confirming, however long it would still be valid.
"""

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt
from django.db import transaction

LAST = "last_counter"  # in the authenticator's data


def accept(held: Authenticator, code: str) -> bool:
    """Whether `code` is right and was not used before; from now on it is used. Two requests with
    the same code: one of them is accepted."""
    if held.type != Authenticator.Type.TOTP:
        return bool(held.wrap().validate_code(code))
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().filter(pk=held.pk).first()
        if row is None:
            return False
        counter = _counter(decrypt(row.data["secret"]), code)
        if counter is None or counter <= row.data.get(LAST, -1):
            return False
        row.data[LAST] = counter
        row.save(update_fields=["data"])
        held.data = row.data
    return True


def _counter(secret: str, code: str) -> int | None:
    """The newest period that the code is of, if of any that counts."""
    right = [
        counter
        for counter in yield_hotp_counters_from_time()
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, counter)))
    ]
    return max(right, default=None)
