"""The one gate: every write to an application goes through `execute`.

One transaction: lock one row, ask policy, look the move up in the workflow as narrowed by the
scheme, ask the checks where the move needs it, let the command's handler write, write the state,
record one event, queue the effects.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from applications import links, policy, selectors, workflow
from applications.commands.cleaning import cleaned
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
from applications.completeness import Severity
from applications.enums import ENDED_STATES, Role, State
from applications.models import Application, Receipt
from applications.models.application import SINGLE
from applications.models.guard import gate_open
from applications.schemes import Scheme, steps
from portal import clock
from portal.events.log import record
from portal.events.outbox import Lane, queue
from portal.events.witness import WITNESS, digests

# Kinds whose work grows with the rows of the case: with more of them it goes to the heavy lane.
ROWS_OF_A_SMALL_CASE = {
    "checks.run": 1000,
    "submission.render": 200,
    "letter.make": 200,
    "acceptance.sign": 200,
}


@dataclass(frozen=True)
class Actor:
    """Who gives a command: a signed-in user, or the worker (`user` is None).

    `fresh` says that the user confirmed the sign-in within the last minutes. `secret` is that of a
    link which was sent to the user and gives a role in this one case (applications.links).
    """

    user: Any = None
    fresh: bool = False
    name: str = ""
    secret: str = field(default="", repr=False)

    @property
    def reference(self) -> str:
        """The actor as events name it."""
        return f"user:{self.user.pk}" if self.user is not None else f"system:{self.name}"


def worker(name: str = "worker") -> Actor:
    """The actor of tasks."""
    return Actor(name=name)


@dataclass(frozen=True)
class Effect:
    """Something to do after commit. `key` is unique: the same key is done once."""

    kind: str
    payload: dict
    key: str
    at: datetime | None = None


@dataclass
class Act:
    """What a handler is given. `application` is locked and may be written to; texts in `payload` are
    cleaned."""

    command: str
    application: Application
    by: Actor
    payload: dict
    scheme: Scheme
    roles: frozenset[Role]
    move: workflow.Move
    now: datetime
    findings: list = field(default_factory=list)
    document: dict | None = None


@dataclass
class Done:
    """What a handler answers.

    `data` goes into the event and must hold no personal data; `personal` stands beside the chain.
    `branch` chooses among a move's targets. `content` says that the document changed. With
    `nothing` no event is written and no version grows.
    """

    data: dict = field(default_factory=dict)
    personal: dict | None = None
    branch: str | None = None
    effects: list[Effect] = field(default_factory=list)
    content: bool = False
    nothing: bool = False
    value: Any = None


@dataclass(frozen=True)
class Result:
    """The answer to a command. `repeated` is true when the key had been answered before."""

    application: Application
    version: int
    value: Any = None
    repeated: bool = False


Handler = Callable[[Act], Done]
HANDLERS: dict[str, Handler] = {}
# Called with the act after each write, in the transaction: the search text, for one.
AFTER: list[Callable[[Act], None]] = []
# Called likewise: the rows that the event speaks of, as "<kind>:<id>" (portal.events.witness).
WITNESSES: list[Callable[[Act, Done], Iterable[str]]] = []


def handles(command: str) -> Callable[[Handler], Handler]:
    """Registers the handler of `command`. One each; the command must stand in the workflow."""
    if command not in workflow.COMMANDS:
        raise ValueError(f"{command} is not in applications.workflow.MOVES")

    def register(handler: Handler) -> Handler:
        if command in HANDLERS and HANDLERS[command] is not handler:
            raise ValueError(f"{command} has a handler already")
        HANDLERS[command] = handler
        return handler

    return register


def _lock(application_id: UUID | str, by: Actor) -> Application:
    # `of=("self",)`: one row is locked, never its institution or owner.
    found = (
        Application.objects.select_for_update(of=("self",))
        .select_related("owner", "institution", "assignee")
        .filter(pk=application_id)
        .first()
    )
    if found is None:
        raise NotFound
    if by.user is not None:
        seen = Application.objects.filter(policy.known_to(by.user), pk=application_id)
        if not seen.exists() and not links.roles(by.user, found, by.secret):
            raise NotFound
    return found


def _permit(
    command: str, application: Application, by: Actor, scheme: Scheme, step: str = ""
) -> Act:
    held = frozenset({Role.SYSTEM})
    if by.user is not None:
        held = policy.roles(by.user, application)
        held |= links.roles(by.user, application, by.secret)
    may_ever = any(m.command == command and m.who & held for m in workflow.MOVES)
    if not may_ever:
        raise Forbidden
    move = workflow.find(application.state, command)
    if move is None or command not in scheme.commands(application.type):
        raise NotNow
    if not move.who & held:
        raise Forbidden
    if first := steps.left(scheme.workflow.steps, application.passed, command, step):
        raise NotNow(first=first)
    if move.fresh and not by.fresh:
        raise FreshSignInNeeded
    return Act(command, application, by, {}, scheme, held, move, clock.now())


def _save(application: Application) -> None:
    """Writes the row. Raises Invalid when the institution has another case of a single type."""
    try:
        with transaction.atomic(), gate_open():
            application.save()
    except IntegrityError as refused:
        if SINGLE in str(refused):
            raise Invalid({SINGLE: ["the institution has one already"]}) from refused
        raise


def _lane(effect: Effect, application: Application) -> Lane | None:
    """Heavy when the work grows with the rows and they are many: a small case waits for no big one."""
    most = ROWS_OF_A_SMALL_CASE.get(effect.kind)
    if most is None or application.rows.all()[: most + 1].count() <= most:
        return None
    return Lane.HEAVY


def execute(
    command: str,
    application_id: UUID | str,
    by: Actor,
    payload: dict | None = None,
    expected_version: int | None = None,
    key: str | None = None,
) -> Result:
    """Carries out `command` on one application, or raises a CommandError and writes nothing.

    `expected_version`: the version that the person looked at; another one raises Stale, unless
    the move merges by itself. `key`: an idempotency key; a second call with it answers as the
    first did. Raises NotFound, Forbidden, NotNow, FreshSignInNeeded, Stale, Invalid, Incomplete.
    """
    try:
        return _execute(command, application_id, by, payload, expected_version, key)
    except CommandError as refused:
        if refused.after is not None:
            refused.after()
        raise


def _execute(
    command: str,
    application_id: UUID | str,
    by: Actor,
    payload: dict | None,
    expected_version: int | None,
    key: str | None,
) -> Result:
    with transaction.atomic():
        application = _lock(application_id, by)
        if key and (answered := Receipt.objects.filter(key=key, application=application).first()):
            return Result(application, answered.version, repeated=True)
        scheme = selectors.scheme_of(application)
        step = str((payload or {}).get("step") or "") if command == steps.RECORD else ""
        act = _permit(command, application, by, scheme, step)
        kind = application.type
        act.payload = cleaned(payload or {}, lambda: scheme.fields(kind))
        stale = expected_version is not None and expected_version != application.version
        if stale and not act.move.merges:
            raise Stale
        if act.move.complete:
            act.document = selectors.document(application)
            act.findings = selectors.findings(application, act.document)
            if any(f.severity == Severity.BLOCK for f in act.findings):
                raise Incomplete(act.findings)
        done = HANDLERS[command](act)
        if done.nothing:
            return Result(application, application.version, done.value)
        before = application.state
        application.state = workflow.target(act.move, State(before), done.branch)
        application.passed = steps.after(scheme.workflow.steps, application.passed, command, step)
        application.version += 1
        application.content_version += int(done.content)
        application.updated_at = act.now
        if application.state in ENDED_STATES:
            application.single_key = None
        _save(application)
        for hook in AFTER:
            hook(act)
        data = {"command": command, "version": application.version, **done.data}
        data[WITNESS] = digests(key for keys in WITNESSES for key in keys(act, done))
        if application.state != before:
            data |= {"from": str(before), "to": str(application.state)}
        record(
            f"application:{application.pk}",
            f"application.{command}",
            by.reference,
            data,
            done.personal,
        )
        for effect in done.effects:
            queue(effect.kind, effect.payload, effect.key, effect.at, _lane(effect, application))
        if key:
            Receipt.objects.create(
                application=application,
                key=key,
                command=command,
                version=application.version,
                at=act.now,
            )
        return Result(application, application.version, done.value)
