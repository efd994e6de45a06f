"""The steps of an agency's sequence that people do outside the portal and record here.

Which step comes when is the gate's business (applications.schemes.steps).
"""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from applications.commands.errors import Invalid
from applications.commands.gate import Act, Done, handles
from applications.models import StepRecord
from applications.models.step import LONGEST_STEP
from applications.schemes.steps import recordable
from portal import days


def _day(given: Any) -> date | None:
    day = given if isinstance(given, date) else days.of_iso(given)
    return day if days.within(day) else None


@handles("record_step")
def record_step(act: Act) -> Done:
    """Says that a step is done. Payload: `step` (its id), `day` (a date or its ISO text, not in the
    future), `text` (what came of it). Raises Invalid."""
    application = act.application
    known = {s.id for s in recordable(act.scheme.workflow.steps, application.passed)}
    step, day = str(act.payload.get("step") or ""), _day(act.payload.get("day"))
    text = str(act.payload.get("text") or "").strip()
    errors: dict[str, list[str]] = {}
    if step not in known:
        errors["step"] = ["not a step that is recorded now"]
    today = act.now.astimezone(ZoneInfo(act.scheme.timezone)).date()
    if day is None or day > today:
        errors["day"] = ["choose a day that is not in the future"]
    if not text:
        errors["text"] = ["write something"]
    if len(text) > LONGEST_STEP:
        errors["text"] = ["too long"]
    if errors or day is None:
        raise Invalid(errors)
    submission = application.submissions.latest("sequence")
    made = StepRecord.objects.create(
        application=application,
        step=step,
        day=day,
        text=text,
        submission=submission,
        specification=application.specifications.first(),
        recorded_by=act.by.user,
        recorded_at=act.now,
    )
    return Done({"step": step, "record": made.pk, "submission": submission.sequence}, value=made)
