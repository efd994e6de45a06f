"""What an agency's sources order as a sequence: first this, then that (workflow.toml `[[steps]]`).

The order of the list is the sequence. A step is passed by a command, and a move that stands after it
is not there before. Pure: which steps a case has passed is kept on the case (`Application.passed`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from applications.schemes.text import NOTHING, Text

RECORD = "record_step"
# What is agreed or looked at was so for the application as it was sent: another one begins anew.
ANEW = frozenset({"resubmit", "take_supplement"})


@dataclass(frozen=True)
class Step:
    """One step. `by`: the command that passes it; `before`: the commands that come after it;
    `again`: the commands after which it is to be passed again, and all that follow it too."""

    id: str
    label: Text
    help: Text = NOTHING
    source: str = ""
    by: str = RECORD
    before: frozenset[str] = frozenset()
    again: frozenset[str] = frozenset()


def left(steps: Sequence[Step], passed: Iterable[str], command: str, step: str = "") -> list[Step]:
    """The steps that must be passed before `command`, in their order; [] when it may be given now.

    For `record_step`, and any command that itself passes a step, these are the ones before it.
    """
    held = frozenset(passed)
    last = max(
        (
            at
            for at, each in enumerate(steps, 1)
            if command in each.before or (each.by == command and each.id == step)
        ),
        default=0,
    )
    return [each for each in steps[:last] if each.id not in held and each.id != step]


def barred(steps: Sequence[Step], passed: Iterable[str]) -> frozenset[str]:
    """The commands that a case with these steps passed does not take yet."""
    held = frozenset(passed)
    found = {command for each in steps if each.id not in held for command in each.before}
    if not any(recordable(steps, held)):
        found.add(RECORD)
    return frozenset(found)


def recordable(steps: Sequence[Step], passed: Iterable[str]) -> list[Step]:
    """The steps that a person may record now: the next one, and those passed that way already."""
    held, found = frozenset(passed), []
    for each in steps:
        if each.by == RECORD:
            found.append(each)
        if each.id not in held:
            break
    return found


def after(steps: Sequence[Step], passed: Iterable[str], command: str, step: str = "") -> list[str]:
    """The steps that are passed once `command` is carried out (`step`: the one it recorded)."""
    held = [] if command in ANEW else list(passed)
    for at, each in enumerate(steps):
        if command in each.again:
            held = [id_ for id_ in held if id_ not in {s.id for s in steps[at:]}]
    for each in steps:
        ours = each.by == command and (command != RECORD or each.id == step)
        if ours and each.id not in held:
            held.append(each.id)
    return held
