"""How severe a rule is at an agency: its administrators say so, without touching code."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from applications import schemes
from applications.commands.errors import (
    Forbidden,
    FreshSignInNeeded,
    Invalid,
    NotFound,
    Stale,
)
from applications.commands.gate import Actor
from applications.completeness import Severity
from applications.enums import Role
from applications.models import SeverityChange
from applications.models.severity import LONGEST_REASON
from applications.selectors import rules
from portal import clock
from portal.accounts import policy as accounts
from portal.events.log import record
from portal.text import text


def change_severity(
    by: Actor, agency: str, rule_id: str, severity: str, reason: str, seen: int
) -> SeverityChange:
    """Makes a rule of `agency` as severe as `severity`, for all checks from now on.

    `seen`: how many changes of the rule the person had seen. Raises NotFound for an agency or rule
    that is not here, Forbidden, FreshSignInNeeded, Invalid (all that is wrong, by field), and Stale
    when somebody changed the rule in the meantime (`theirs`: severity and reason).
    """
    if agency not in {scheme.agency for scheme in schemes.all_current()}:
        raise NotFound
    if by.user is None or Role.AGENCY_ADMIN not in accounts.staff_roles(by.user, agency):
        raise Forbidden
    scheme = schemes.current(agency)
    rule = scheme.rules.get(rule_id)
    if rule is None:
        raise NotFound
    if not by.fresh:
        raise FreshSignInNeeded
    reason = text(reason).strip()
    with transaction.atomic():
        last = rules.history(agency, rule_id)[:1]
        if (last[0].sequence if last else 0) != seen:
            raise _stale(agency, rule_id)
        before = last[0].severity if last else str(rules.own_severity(scheme, rule))
        if wrong := _wrong(severity, reason, before):
            raise Invalid(wrong)
        try:
            with transaction.atomic():
                change = SeverityChange.objects.create(
                    agency=agency,
                    rule_id=rule_id,
                    sequence=seen + 1,
                    severity=severity,
                    reason=reason,
                    by=by.user,
                    at=clock.now(),
                )
        except IntegrityError as other_was_first:
            raise _stale(agency, rule_id) from other_was_first
        facts = {"rule": rule_id, "from": before, "to": severity, "change": change.sequence}
        record(f"agency:{agency}", "severity.changed", by.reference, facts, {"reason": reason})
    return change


def _wrong(severity: str, reason: str, before: str) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    if severity not in set(Severity):
        wrong["severity"] = [_("Choose one of the three.")]
    elif severity == before:
        wrong["severity"] = [_("The rule is that already. Choose another one.")]
    if not reason:
        wrong["reason"] = [_("Say why: those who come after you read it.")]
    elif len(reason) > LONGEST_REASON:
        wrong["reason"] = [_("At most %(number)s characters.") % {"number": LONGEST_REASON}]
    return wrong


def _stale(agency: str, rule_id: str) -> Stale:
    newest = rules.history(agency, rule_id)
    return Stale({"severity": newest[0].severity, "reason": newest[0].reason} if newest else {})
