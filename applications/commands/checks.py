"""Running the checks over what was sent: asked for, carried out, and asked anew before what binds.

With few rows they are run within the command that needs them. With many (`AT_ONCE`) they are the
worker's, and a command that needs them refuses until they are finished.
"""

from collections.abc import Callable

from applications.commands.errors import Invalid
from applications.commands.gate import Act, Done, Effect, execute, handles, worker
from applications.models import Application, CheckRun, Finding, Submission
from applications.selectors import checking, checks

NEEDED = "checks"  # the key under which Invalid says that no finished check is there


class Unchecked(Invalid):
    """What was asked for needs a finished check, with what is known today, that is not there."""

    def __init__(self, checked: checks.Checked, after: Callable[[], None]):
        super().__init__({NEEDED: ["the checks are not finished"]})
        self.checked = checked
        self.after = after


def last(application: Application) -> Submission | None:
    """What was sent last."""
    return application.submissions.order_by("-sequence").first()


def ask(act: Act, submission: Submission, reason: str) -> Effect:
    """Notes that the checks are to be run; the effect carries it out."""
    run = _begun(act, submission, reason)
    return Effect(checks.KIND, {"run": run.pk}, checks.key(run))


def _begun(act: Act, submission: Submission, reason: str) -> CheckRun:
    return CheckRun.objects.create(
        application=act.application,
        submission=submission,
        reason=reason,
        requested_by=act.by.user,
        requested_at=act.now,
        content_version=act.application.content_version,
        scheme_version=act.application.scheme_version,
    )


def _carry_out(act: Act, run: CheckRun, given: checking.Inputs) -> None:
    found = given.findings()
    run.today, run.inputs, run.ran_at = given.today, given.digest, act.now
    run.save()
    Finding.objects.bulk_create(
        Finding(run=run, rule_id=f.id, severity=str(f.severity), rows=list(f.rows), open=f.open)
        for f in found
    )


def _is_of(act: Act, submission: Submission) -> Submission:
    submission.application = act.application  # the locked row, and no second read of it
    return submission


def today(act: Act, submission: Submission, reason: str) -> CheckRun:
    """A finished run over exactly this submission with what the portal knows today.

    It is made now, or taken when one with the same inputs is there and the rows are many. Raises
    Unchecked when there is none: the worker is asked for it once the refusal is done.
    """
    given = checking.inputs(_is_of(act, submission))
    if checking.rows(submission) < checking.AT_ONCE:
        run = _begun(act, submission, reason)
        _carry_out(act, run, given)
        return run
    newest = checks.finished(submission)
    if newest is not None and newest.inputs == given.digest:
        return newest
    raise Unchecked(checks.of(submission), again(act, reason))


def renew(act: Act, submission: Submission, reason: str) -> list[Effect]:
    """Runs the checks anew with what is known today, or asks the worker for it; refuses nothing."""
    try:
        today(act, submission, reason)
    except Unchecked as pending:
        return [] if _on_its_way(pending.checked) else [ask(act, submission, reason)]
    return []


def _on_its_way(now: checks.Checked) -> bool:
    """Whether the worker has it already, and can be waited for."""
    waits = now.state in (checks.CheckState.RUNNING, checks.CheckState.NOT_RUN) and now.asked_at
    return bool(waits) and not now.stuck


def again(act: Act, reason: str) -> Callable[[], None]:
    """What a refusal leaves behind: the checks are run anew, so that pages show what they find."""
    pk = act.application.pk

    def run() -> None:
        execute("record_check", pk, worker("checks"), {"reason": reason})

    return run


def _anew(act: Act, reason: str) -> Done:
    """What was sent last, checked anew: at once with few rows, else by the worker. One that is on its
    way is not asked for twice."""
    submission = last(act.application)
    if submission is None:
        return Done(nothing=True)
    if checking.rows(submission) < checking.AT_ONCE:
        run = today(act, submission, reason)
        return Done(_told(run), value=run)
    if _on_its_way(checks.of(submission)):
        return Done(nothing=True)
    return Done({"reason": reason}, effects=[ask(act, submission, reason)])


@handles("run_checks")
def run_checks(act: Act) -> Done:
    """A person has the checks of what was sent last run anew."""
    return _anew(act, "person")


@handles("record_check")
def record_check(act: Act) -> Done:
    """The worker carries a run out that was asked for. Payload: `run`; or `reason`, and what was sent
    last is checked anew."""
    if not act.payload.get("run"):
        return _anew(act, act.payload["reason"])
    run = CheckRun.objects.select_related("submission").get(
        pk=act.payload["run"], application=act.application
    )
    if run.ran_at or run.submission is None:
        return Done(nothing=True, value=run)
    _carry_out(act, run, checking.inputs(_is_of(act, run.submission)))
    return Done(_told(run), value=run)


def _told(run: CheckRun) -> dict:
    found = run.findings.values_list("rule_id", "severity")
    return {"reason": run.reason, "run": run.pk, "findings": dict(found)}
