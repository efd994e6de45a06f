"""Why a command was not carried out. Each says what the person can do about it."""

from collections.abc import Callable, Sequence
from typing import Any


class CommandError(Exception):
    """A command that was not carried out; nothing was written.

    `after`: what the refusal itself asks for, done in a transaction of its own once all is undone.
    """

    after: Callable[[], None] | None = None


class NotFound(CommandError):
    """No such application for this person: foreign and absent are alike."""


class Forbidden(CommandError):
    """The person sees the case but may not give this command."""


class NotNow(CommandError):
    """The command is not possible in the case's present state. `first`: the steps of the agency's
    sequence (applications.schemes.steps) that come before it and are not passed."""

    def __init__(self, *told: Any, first: Sequence[Any] = ()):
        super().__init__(*told)
        self.first = tuple(first)


class FreshSignInNeeded(CommandError):
    """The command asks for a sign-in that is a few minutes old at most."""


class Stale(CommandError):
    """Somebody changed the same in the meantime. `theirs` and `yours` hold both texts by path."""

    def __init__(self, theirs: dict[str, Any] | None = None, yours: dict[str, Any] | None = None):
        super().__init__("stale")
        self.theirs = theirs or {}
        self.yours = yours or {}


class Invalid(CommandError):
    """The payload cannot be used. `errors` maps a field (or "") to all its messages."""

    def __init__(self, errors: dict[str, list[str]]):
        super().__init__(str(errors))
        self.errors = errors


class Incomplete(CommandError):
    """BLOCK findings stop it. `findings` holds all findings, not the first."""

    def __init__(self, findings: list):
        super().__init__("incomplete")
        self.findings = findings
