"""The recipient accepts the conditions, through somebody who may bind them."""

import re

from django.utils.translation import gettext as _

from applications.commands import Act, Done, Effect, Invalid, NotNow, Stale, handles
from decisions import checking, composing, leaning
from decisions.commands.drafting import current
from decisions.enums import Revision, Status
from decisions.models import Acceptance
from decisions.typed import one_line

LONGEST = {"name": 200, "title": 200, "authority": 1000, "delivery_recipient": 200}
# Of what people type between the digits of a number.
BETWEEN = re.compile(r"[\s().\-/\u00a0]")
E164 = re.compile(r"\+[1-9]\d{6,14}")


def mobile_number(typed: str) -> str | None:
    """A mobile number with its country code as E.164 (+4790012345), or None for what is none.

    "00" in front counts as "+"; a number without a country code is not guessed at.
    """
    digits = BETWEEN.sub("", typed)
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    # E.164 allows digits only; \\d knows more of them than 0 to 9.
    return digits if digits.isascii() and E164.fullmatch(digits) else None


@handles("accept")
def accept(act: Act) -> Done:
    """Accepts the conditions for the recipient.

    Payload: `letter`, the SHA-256 of the letter that was read; `name`, `title`, `authority`;
    `authorised`, the tick; `delivery_recipient`, `delivery_mobile`. Raises Stale when the letter
    is another one, Invalid with all that is wrong.
    """
    decision = current(act)
    if decision.status != Status.DELIVERED:
        raise NotNow
    letter = decision.revisions.get(revision=Revision.SIGNED)
    if act.payload.get("letter") != letter.sha256:
        raise Stale
    given = _checked(act)
    checking.renewed(act, decision, "acceptance")
    first = _("The conditions cannot be accepted now; write to the agency.")
    checking.refuse_stopped(act, decision, "acceptance", first)
    content = composing.thaw(decision)
    approval = leaning.held(act) if decision.approval_id else None
    if decision.approval_id and approval is None:
        raise leaning.gone()
    with leaning.refused():
        acceptance = Acceptance.objects.create(
            decision=decision,
            user=act.by.user,
            institution=content.recipient.institution,
            authorised=True,
            letter_sha256=letter.sha256,
            accepted_at=act.now,
            approval=approval,
            **given,
        )
    decision.status = Status.ACCEPTED
    decision.save()
    pk = str(decision.pk)
    effect = Effect("acceptance.sign", {"decision": pk}, f"acceptance.sign:{pk}")
    data = {"decision": pk, "letter": letter.sha256}
    return Done(data, personal=given, effects=[effect], value=acceptance)


def _checked(act: Act) -> dict[str, str]:
    errors: dict[str, list[str]] = {}
    given: dict[str, str] = {}
    for name, longest in LONGEST.items():
        text = one_line(act.payload.get(name))
        given[name] = text
        if not text:
            errors[name] = ["write something"]
        elif len(text) > longest:
            errors[name] = [f"longer than {longest} characters"]
    number = mobile_number(str(act.payload.get("delivery_mobile") or ""))
    if number is None:
        errors["delivery_mobile"] = [
            "a mobile number with its country code, such as +47 900 00 000"
        ]
    given["delivery_mobile"] = number or ""
    if not act.payload.get("authorised"):
        errors["authorised"] = ["confirm that you are authorised"]
    for name in ("name", "title", "authority"):
        if name not in errors and (letters := _unprintable(given[name])):
            errors[name] = [f"the letter cannot show: {letters}"]
    if errors:
        raise Invalid(errors)
    return given


def _unprintable(text: str) -> str:
    """The characters of `text` that no letter can show."""
    from decisions.letters import rendering

    return " ".join(found.character for found in rendering.unprintable_in({"text": text}))
