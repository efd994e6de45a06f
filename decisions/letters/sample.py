"""Letters of invented cases: to look at, to measure with, to try a verifier on.

Always signed with the demo's keys, whatever keys the settings name: an invented letter must never
carry a real seal.
"""

import hashlib
import tomllib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from portal import clock

from .acceptance import Acceptance, countersign
from .authority import demo_authority, demo_config
from .content import (
    Agency,
    Condition,
    LegalReference,
    LetterContent,
    Outcome,
    Person,
    Project,
    Quote,
    QuoteLine,
    Recipient,
    Theme,
    VariableDecision,
    VariableOutcome,
)
from .rendering import render
from .signing import ACCEPTANCE, LetterSigner, load_signer, sign

VAT = Decimal(25)


def languages(agency: str) -> list[str]:
    """The languages of sample letters of an agency. Raises KeyError for an unknown agency."""
    return [key for key, value in _toml("agencies")[agency].items() if isinstance(value, dict)]


def agencies() -> list[str]:
    """The agencies that have sample letters."""
    return list(_toml("agencies"))


def content(
    agency: str,
    outcome: Outcome,
    language: str,
    variables: int | None = None,
    at: datetime | None = None,
) -> LetterContent:
    """The decision letter of an invented case, decided at `at` (now, unless given), with its own
    handful of variables or as many as asked for. Raises KeyError where there is no sample."""
    facts = _toml("agencies")[agency]
    if language not in languages(agency):
        raise KeyError(language)
    case = _toml(f"{agency.lower()}.{language}")
    at = at or clock.now()
    today = at.astimezone(ZoneInfo(facts["zone"])).date()
    access = outcome.gives_access
    return LetterContent(
        letter_id=f"{agency}-{today:%Y}-0042-1",
        case_number=f"{agency}-{today:%Y}-0042",
        language=language,
        outcome=outcome,
        decided_at=at,
        agency=_agency(agency, facts, language),
        recipient=Recipient(
            institution=case["institution"],
            organisation_number=case["organisation_number"],
            address=tuple(case["address"]),
            signatory=case["signatory"],
            applicants=tuple(case["applicants"]),
            reference=case["reference"],
        ),
        project=Project(
            title=case["title"],
            purpose=case["purpose"],
            received_on=today - timedelta(days=73),
            ends_on=today + timedelta(days=4 * 365),
        ),
        reasons=tuple(case["reasons"][outcome]),
        decision_maker=Person(name=case["decision_maker"][0], title=case["decision_maker"][1]),
        drafter=Person(name=case["drafter"][0], title=case["drafter"][1]),
        verify_url="https://tilgang.example/letters/verify/",
        variables=_variables(case, outcome, variables),
        conditions=tuple(Condition(**c) for c in case["conditions"]) if access else (),
        deletion_date=today + timedelta(days=4 * 365 + 180) if access else None,
        quote=_quote(case, facts["currency"], today) if access else None,
        legal_references=tuple(LegalReference(text=text, url=url) for text, url in case["legal"]),
        acceptance_due=today + timedelta(days=21) if access else None,
        breach=tuple(case["breach"]) if access else (),
        appeal=tuple(case["appeal"]),
        specimen=True,
    )


def letter(content: LetterContent, accepted: bool = False) -> bytes:
    """The letter rendered, signed with the demo's key, and accepted when asked for."""
    pdf = sign(render(content), demo_signer())
    if not accepted:
        return pdf
    return countersign(pdf, acceptance(content, pdf), demo_signer(ACCEPTANCE))


def acceptance(content: LetterContent, letter: bytes) -> Acceptance:
    """The invented signatory's acceptance of a signed letter."""
    case = _toml(f"{content.agency.code.lower()}.{content.language}")
    return Acceptance(
        name=case["signatory"],
        title=case["signatory_title"],
        authority=case["authority"],
        institution=content.recipient.institution,
        accepted_at=clock.now(),
        case_number=content.case_number,
        letter_id=content.letter_id,
        letter_sha256=hashlib.sha256(letter).hexdigest(),
        language=content.language,
    )


def authority_folder() -> Path:
    """Where the demo's keys lie: as settings.TILGANG_SIGNING says, else var/demo-authority."""
    config = getattr(settings, "TILGANG_SIGNING", None)
    if isinstance(config, Mapping) and "demo" in config:
        return Path(config["demo"])
    return Path(settings.BASE_DIR) / "var" / "demo-authority"


def demo_signer(purpose: str = "decision") -> LetterSigner:
    """The demo's signer, its keys made at first use."""
    return load_signer(demo_config(demo_authority(authority_folder())), purpose)


def bench() -> dict[str, Callable[[], object]]:
    """What `manage.py bench` measures of letters, each ready to be called again and again. The
    first letter is drawn here, for the first one of a process also loads fonts."""
    case = content("SSB", Outcome.PARTLY, "nb")
    unsigned, signer = render(case), demo_signer()
    return {
        "letter rendered": lambda: render(case),
        "letter signed": lambda: sign(unsigned, signer),
    }


def _agency(code: str, facts: Mapping[str, Any], language: str) -> Agency:
    words = facts[language]
    return Agency(
        code=code,
        name=words["name"],
        short_name=code,
        logo_text=words["logo"],
        zone=facts["zone"],
        unit=words["unit"],
        address=tuple(facts["address"]),
        email=facts["email"],
        phone=facts["phone"],
        website=facts["website"],
        theme=Theme.of(facts["colour"]),
    )


def _variables(
    case: Mapping[str, Any], outcome: Outcome, number: int | None
) -> tuple[VariableDecision, ...]:
    """In a decision in part, one is refused and one is given in part, as the reasons say."""
    if outcome in (Outcome.REFUSED, Outcome.DISMISSED):
        return ()
    rows = [
        (block["source"], name, block["years"])
        for block in case["variables"]
        for name in block["names"]
    ]
    special: dict[int, VariableOutcome] = {}
    if outcome is Outcome.PARTLY:
        special = {7: VariableOutcome.REFUSED, 8: VariableOutcome.PARTLY}
    decided = [
        VariableDecision(
            source=source,
            name=name,
            years=years,
            outcome=special.get(n, VariableOutcome.GRANTED),
            reason=case["variable"][special.get(n, VariableOutcome.GRANTED)],
        )
        for n, (source, name, years) in enumerate(rows)
    ]
    if number is None:
        return tuple(decided)
    return tuple(sorted(islice(cycle(decided), number), key=lambda row: row.source))


def _quote(case: Mapping[str, Any], currency: str, today: Any) -> Quote:
    lines = tuple(
        QuoteLine(text=text, basis=basis, amount=Decimal(amount))
        for text, basis, amount in case["quote"]
    )
    net = sum((line.amount for line in lines), Decimal("0.00"))
    vat = (net * VAT / 100).quantize(Decimal("0.01"))
    return Quote(
        currency=currency,
        lines=lines,
        net=net,
        vat=vat,
        total=net + vat,
        vat_percent=VAT,
        delivery=case["delivery"],
        valid_until=today + timedelta(days=21),
    )


@cache
def _toml(name: str) -> dict[str, Any]:
    path = files(__package__) / "samples" / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
