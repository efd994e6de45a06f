"""The only writer of an application: `execute`, with one handler for each command."""

from applications.commands.errors import (
    CommandError,
    Forbidden,
    FreshSignInNeeded,
    Incomplete,
    Invalid,
    NotFound,
    NotNow,
    Stale,
)
from applications.commands.gate import (
    Act,
    Actor,
    Done,
    Effect,
    Result,
    execute,
    handles,
    worker,
)
from applications.commands.start import create

__all__ = [
    "Act",
    "Actor",
    "CommandError",
    "Done",
    "Effect",
    "Forbidden",
    "FreshSignInNeeded",
    "Incomplete",
    "Invalid",
    "NotFound",
    "NotNow",
    "Result",
    "Stale",
    "create",
    "execute",
    "handles",
    "worker",
]
