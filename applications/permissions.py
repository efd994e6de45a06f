"""Who may do what, written out from the workflow table as a page for people. Pure."""

from applications.enums import Role, State
from applications.workflow import MOVES, Move

HEAD = """# Who may do what

Written by `manage.py permissions` from `applications/workflow.py`; a test fails when this page is
stale. A scheme narrows the table (leaves commands out) and never widens it. Staff roles count for
cases of their own agency only, and not at all for somebody with an own application, an own
institution or a declared interest in the case. Foreign and absent cases are both a 404.
"""


def _target(move: Move) -> str:
    if move.to is None:
        return "stays"
    if isinstance(move.to, State):
        return str(move.to)
    return ", ".join(f"{branch}: {state}" for branch, state in move.to.items())


def _needs(move: Move) -> str:
    needs = []
    if move.complete:
        needs.append("no BLOCK finding")
    if move.fresh:
        needs.append("fresh sign-in")
    return ", ".join(needs) or "–"


def page() -> str:
    """The whole page in Markdown: every command, then state x role."""
    lines = [
        HEAD,
        "## Commands\n",
        "| Command | In state | By | Leads to | Needs |",
        "|---|---|---|---|---|",
    ]
    for move in MOVES:
        every = set(move.states) == set(State)
        states = "any" if every else ", ".join(str(s) for s in move.states)
        who = ", ".join(str(r) for r in Role if r in move.who)
        lines.append(f"| `{move.command}` | {states} | {who} | {_target(move)} | {_needs(move)} |")
    lines += ["", "## State by role\n"]
    for state in State:
        lines += [f"### {state}\n", "| Role | May |", "|---|---|"]
        for role in Role:
            commands = [m.command for m in MOVES if state in m.states and role in m.who]
            lines.append(f"| {role} | {', '.join(f'`{c}`' for c in commands) or '–'} |")
        lines.append("")
    return "\n".join(lines)
