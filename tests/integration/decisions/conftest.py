"""A case in assessment with its people, brought as far as a test needs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.utils import translation

from applications import schemes
from applications.commands import Actor, Result, execute
from applications.completeness.sample import complete_document
from applications.enums import State
from applications.models import Application, ChecklistAnswer, Submission
from applications.models.guard import gate_open
from applications.selectors import scheme_of
from decisions.models import Decision, LetterRevision
from institutions.models import InstitutionApproval
from portal import clock
from portal.accounts.models import User
from portal.events import outbox
from portal.local.seeding import each_row
from tests import people

REASONS = "The purpose is research.\n\nThe conditions for access are met."


@dataclass
class Office:
    """An agency's people, an institution's people, and what they do."""

    officer: User
    second_officer: User
    decider: User
    second_decider: User
    lawyer: User
    owner: User
    signatory: User
    administrator: User
    stranger: User
    foreign_officer: User
    foreign_decider: User
    institution: Any
    number: int = 0

    def case(
        self, variables: int = 3, state: State = State.ASSESSMENT, **fields: Any
    ) -> Application:
        """A case that was submitted and is being assessed, its checklist done."""
        self.number += 1
        now = clock.now()
        document = complete_document("SSB", variables)
        with transaction.atomic(), gate_open():
            case = Application.objects.create(
                **{
                    "agency": "SSB",
                    "scheme_version": "2026-1",
                    "state": state,
                    "number": f"SSB-2026-{self.number:05d}",
                    "language": "nb",
                    "owner": self.owner,
                    "institution": self.institution,
                    "assignee": self.officer,
                    "title": document["project"]["title"],
                    "sent_title": document["project"]["title"],
                    "config": {"deadlines": dict(schemes.current("SSB").workflow.deadlines)},
                    "created_at": now,
                    "updated_at": now,
                    "submitted_at": now,
                    "due_at": now + timedelta(days=30),
                    **fields,
                }
            )
        self.submit(case, document)
        ChecklistAnswer.objects.bulk_create(
            ChecklistAnswer(
                application=case,
                item=item.id,
                assessed=True,
                answered_by=self.officer,
                answered_at=now,
            )
            for item in scheme_of(case).checklist
        )
        return case

    def submit(self, case: Application, document: dict) -> Submission:
        """One more frozen document of the case."""
        return Submission.objects.create(
            application=case,
            sequence=case.submissions.count() + 1,
            document=document,
            digest="0" * 64,
            declaration="yes",
            submitted_by=self.owner,
            submitted_at=clock.now(),
        )

    def do(
        self, who: User | None, command: str, case: Application, payload: Any = None, **more: Any
    ) -> Result:
        """Gives a command as a person with a fresh sign-in (`fresh=False` for without)."""
        by = Actor(user=who, fresh=more.pop("fresh", True), name="" if who else "worker")
        result = execute(command, case.pk, by, payload or {}, **more)
        case.refresh_from_db()
        return result

    def draft(
        self, case: Application, outcome: str = "granted", by: User | None = None
    ) -> Decision:
        """A draft that lacks nothing, each row decided on (one refused when granted in part)."""
        fields: dict[str, Any] = {"outcome": outcome, "reasons": REASONS}
        if outcome in ("granted", "partly"):
            fields["deletion_date"] = clock.now().date() + timedelta(days=3 * 365)
        refused = {0: {"granted": False, "reason": "Too detailed."}}
        rows = each_row(outcome, refused if outcome == "partly" else None)
        payload: dict[str, Any] = {"fields": fields, **rows}
        return self.do(by or self.officer, "draft_decision", case, payload).value

    def sent(self, case: Application, outcome: str = "granted") -> Decision:
        """A draft that lies with the decision makers."""
        self.draft(case, outcome)
        return self.do(self.officer, "send_for_approval", case).value

    def approved(self, case: Application, outcome: str = "granted") -> Decision:
        """A decision that is to be signed."""
        decision = self.sent(case, outcome)
        return self.approve(case, decision)

    def approve(self, case: Application, decision: Decision, by: User | None = None) -> Decision:
        """Approves what lies there, as it was read."""
        payload = {"digest": decision.sent_digest, "title": "Head of section"}
        return self.do(by or self.decider, "approve", case, payload).value

    def delivered(self, case: Application, outcome: str = "granted") -> Decision:
        """A decision whose letter is signed by the worker and delivered."""
        decision = self.approved(case, outcome)
        work()
        case.refresh_from_db()
        decision.refresh_from_db()
        return decision

    def acceptance(self, decision: Decision, **changes: Any) -> dict[str, Any]:
        """What a signatory gives who accepts."""
        letter = LetterRevision.objects.get(decision=decision, revision=1)
        return {
            "letter": letter.sha256,
            "name": "Sigrid Moe",
            "title": "Director",
            "authority": "Power of attorney 1/2026",
            "authorised": True,
            "delivery_recipient": "Kari Nordmann",
            "delivery_mobile": "+47 900 00 000",
            **changes,
        }

    def accepted(self, case: Application) -> Decision:
        """A decision with both signatures."""
        decision = self.delivered(case)
        self.do(self.signatory, "accept", case, self.acceptance(decision))
        work()
        case.refresh_from_db()
        decision.refresh_from_db()
        return decision


def work() -> None:
    """What the worker would do now, in this process."""
    while outbox.run_due(
        kinds=[
            "letter.annexes",
            "letter.make",
            "acceptance.sign",
            "decision.mail",
            "acceptance.mail",
        ]
    ):
        pass


def approve(home: Any) -> InstitutionApproval:
    """The institution is on the list that SSB relies on, until somebody takes it off."""
    return InstitutionApproval.objects.create(
        institution=home,
        agency="SSB",
        source="rcn",
        valid_from=clock.now().date() - timedelta(days=400),
        recorded_by=User.objects.get(email="keeper@agency.example"),
        basis="list",
    )


def make_office() -> Office:
    """The people of one agency, of another, and of an institution."""
    home = people.institution("Fjordheim institutt", org_number="974760673")
    approve(home)
    owner = people.person("Kari Nordmann", "kari@fjordheim.example")
    signatory = people.person("Sigrid Moe", "sigrid@fjordheim.example")
    administrator = people.person("Bo Berg", "bo@fjordheim.example")
    people.member(owner, home)
    people.member(signatory, home, "signatory")
    people.member(administrator, home, "administrator")

    def staff(role: str, name: str, agency: str = "SSB") -> User:
        user = people.person(name, f"{name.lower().replace(' ', '.')}@agency.example")
        people.give(user, role, agency)
        return user

    return Office(
        officer=staff("case_officer", "Olav Officer"),
        second_officer=staff("case_officer", "Siri Second"),
        decider=staff("decision_maker", "Dina Decider"),
        second_decider=staff("decision_maker", "Didrik Decider"),
        lawyer=staff("lawyer", "Lars Lawyer"),
        owner=owner,
        signatory=signatory,
        administrator=administrator,
        stranger=people.person("Ola Stranger", "ola@example.no"),
        foreign_officer=staff("case_officer", "Mette Foreign", "DST"),
        foreign_decider=staff("decision_maker", "Jens Foreign", "DST"),
        institution=home,
    )


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """A test before may have left another language behind."""
    with translation.override("en"):
        yield


DRAWN: dict[str, bytes] = {}


@pytest.fixture
def one_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters are drawn once for all tests that do not ask what stands in them; each is signed."""
    from decisions.letters import acceptance, rendering

    def once(name: str, draw: Any) -> Any:
        def drawn(*args: Any) -> bytes:
            if name not in DRAWN:
                DRAWN[name] = draw(*args)
            return DRAWN[name]

        return drawn

    monkeypatch.setattr(rendering, "render", once("letter", rendering.render))
    monkeypatch.setattr(acceptance, "receipt", once("receipt", acceptance.receipt))


@pytest.fixture
def office(db) -> Office:
    cache.clear()
    return make_office()


@pytest.fixture
def lasting_office(transactional_db) -> Office:
    """The same in a database that other threads and processes see."""
    cache.clear()
    return make_office()


def browser(user: User | None, fresh: bool = True) -> Client:
    """A signed-in browser; staff with their second factor."""
    client = Client()
    if user is None:
        return client
    return people.sign_in(client, user, fresh=fresh)
