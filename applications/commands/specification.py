"""What is to be done and for about how much: sent by the agency, confirmed by the applicant's side.

While one waits the case is the applicant's to act on, so no decision is drafted, and the time the
agency has does not run. The secrecy review of rules.md 4.3 (SOS-ST-06 to -08) is finished after it.
"""

from typing import Any

from applications.commands.casework import _notice, _text
from applications.commands.errors import Invalid, NotNow, Stale
from applications.commands.gate import Act, Done, handles
from applications.commands.submitting import end_of_day
from applications.models import Specification
from applications.models.specification import LONGEST_NOTE, LONGEST_TEXT

MOST_HOURS = 10_000
MOST_MONEY = 10**11  # hundredths: a thousand million


def waiting(act: Act) -> Specification:
    """The version that waits for an answer. Raises NotNow when none does."""
    found = Specification.objects.filter(application=act.application, answer="").first()
    if found is None:
        raise NotNow
    return found


def _answer(act: Act, specification: Specification, answer: str, objection: str = "") -> None:
    specification.answer, specification.objection = answer, objection
    specification.answered_by, specification.answered_at = act.by.user, act.now
    specification.save(update_fields=["answer", "objection", "answered_by", "answered_at"])


def _resume(act: Act, specification: Specification) -> None:
    """The case is the agency's again: it is due as much later as the applicant's side took."""
    act.application.due_at = specification.case_due_at + (act.now - specification.sent_at)
    act.application.label = ""


def _whole(given: Any, most: int) -> int | None:
    fits = isinstance(given, int) and not isinstance(given, bool) and 0 <= given <= most
    return given if fits else None


def _pair(act: Act, name: str, most: int, needed: bool, errors: dict) -> tuple[Any, Any]:
    """`<name>_from` and `<name>_to` of the payload; notes what is wrong with them."""
    low, high = f"{name}_from", f"{name}_to"
    given = act.payload.get(low), act.payload.get(high)
    if given == (None, None) and not needed:
        return given
    first, last = _whole(given[0], most), _whole(given[1], most)
    for key, value in ((low, first), (high, last)):
        if value is None:
            errors[key] = ["write a number"]
    if first is not None and last is not None and first > last:
        errors[high] = ["must not be less than the first number"]
    return first, last


@handles("send_specification")
def send_specification(act: Act) -> Done:
    """Sends a version to the applicant's side; one that waits is replaced.

    Payload: `text`, `price_from`, `price_to` (hundredths of the agency's currency), `hours_from`,
    `hours_to` (both or neither), `delivery`. Raises Invalid.
    """
    errors: dict[str, list[str]] = {}
    text = str(act.payload.get("text") or "").strip()
    delivery = str(act.payload.get("delivery") or "").strip()
    if not text:
        errors["text"] = ["write something"]
    if len(text) > LONGEST_TEXT:
        errors["text"] = ["too long"]
    if len(delivery) > LONGEST_NOTE:
        errors["delivery"] = ["too long"]
    price_from, price_to = _pair(act, "price", MOST_MONEY, True, errors)
    hours_from, hours_to = _pair(act, "hours", MOST_HOURS, False, errors)
    if errors:
        raise Invalid(errors)
    application = act.application
    last = Specification.objects.filter(application=application).first()
    due_at = application.due_at or act.now
    if last is not None and not last.answer:
        _resume(act, last)
        due_at = application.due_at or act.now
        _answer(act, last, "replaced")
    made = Specification(
        application=application,
        submission=application.submissions.latest("sequence"),
        number=last.number + 1 if last else 1,
        text=text,
        price_from=price_from,
        price_to=price_to,
        currency=act.scheme.config.get("currency", ""),
        hours_from=hours_from,
        hours_to=hours_to,
        delivery=delivery,
        sent_by=act.by.user,
        sent_at=act.now,
        case_due_at=due_at,
    )
    made.digest = made.fingerprint()
    made.save()
    application.due_at = end_of_day(
        act.now, act.scheme.timezone, application.config["deadlines"]["return"]
    )
    application.label = ""
    data = {"specification": made.number, "digest": made.digest}
    return Done(data, effects=[_notice(act, "specification", str(made.number))], value=made)


@handles("confirm_specification")
def confirm_specification(act: Act) -> Done:
    """Confirms exactly the version that was read. Payload: `digest`. Another one raises Stale."""
    specification = waiting(act)
    if act.payload.get("digest") != specification.digest:
        raise Stale
    _answer(act, specification, "confirmed")
    _resume(act, specification)
    data = {"specification": specification.number, "digest": specification.digest}
    notice = _notice(act, "specification_confirmed", str(specification.number))
    return Done(data, effects=[notice], value=specification)


@handles("question_specification")
def question_specification(act: Act) -> Done:
    """Says why it is not confirmed. Payload: `text`, `digest` of the version that was read."""
    specification = waiting(act)
    text = _text(act, "text")
    if len(text) > LONGEST_NOTE:
        raise Invalid({"text": ["too long"]})
    if act.payload.get("digest") != specification.digest:
        raise Stale
    _answer(act, specification, "questioned", text)
    _resume(act, specification)
    data = {"specification": specification.number, "digest": specification.digest}
    return Done(data, value=specification)


@handles("recall_specification")
def recall_specification(act: Act) -> Done:
    """The agency takes back what waits: it is not to be confirmed any more."""
    specification = waiting(act)
    _answer(act, specification, "recalled")
    _resume(act, specification)
    notice = _notice(act, "specification_recalled", str(specification.number))
    return Done({"specification": specification.number}, effects=[notice], value=specification)
