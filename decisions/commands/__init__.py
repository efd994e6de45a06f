"""What can be done with a decision: handlers of the gate (applications.commands.execute).

No machine decides: each step up to the letter is a person's, the worker only makes the letter.
"""

from decisions.commands import accepting, approving, drafting, lapsing, lettering, witnessing

__all__ = ["accepting", "approving", "drafting", "lapsing", "lettering", "witnessing"]
