"""Letters of invented cases: to look at, to measure with, to try a verifier on.

Always signed with the demo's keys, whatever keys the settings name: an invented letter must never
carry a real seal.
"""

import hashlib
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.conf import settings

from applications import schemes
from applications.schemes import Scheme
from portal import clock

from .acceptance import Acceptance, countersign
from .authority import demo_authority, demo_config
from .content import (
    LANGUAGES,
    Condition,
    LegalReference,
    LetterContent,
    Outcome,
    Person,
    Project,
    Quote,
    QuoteLine,
    Recipient,
    VariableDecision,
    VariableOutcome,
)
from .letterhead import letterhead
from .rendering import render
from .signing import ACCEPTANCE, LetterSigner, load_signer, sign
from .texts import Texts

VAT = Decimal(25)


def languages(agency: str) -> list[str]:
    """The languages of sample letters: the agency's own, and English. Raises KeyError for an
    agency that has no scheme."""
    return list(dict.fromkeys([*schemes.current(agency).letter_languages, "en"]))


def agencies() -> list[str]:
    """The agencies that have a scheme."""
    return sorted(scheme.agency for scheme in schemes.all_current())


def content(
    agency: str,
    outcome: Outcome,
    language: str,
    variables: int | None = None,
    at: datetime | None = None,
) -> LetterContent:
    """The decision letter of an invented case under the agency's scheme, decided at `at` (now,
    unless given), with its own handful of variables or as many as asked for. Raises KeyError for
    an agency or a language that there is none of."""
    scheme, case = schemes.current(agency), _case(language)
    if language not in languages(agency):
        raise KeyError(language)
    at = at or clock.now()
    today = at.astimezone(ZoneInfo(scheme.timezone)).date()
    access, letters = outcome.gives_access, scheme.letters
    number = scheme.case_number(today.year, 42)
    deletion = today + timedelta(days=4 * 365 + 180)
    return LetterContent(
        letter_id=f"{number}-1",
        case_number=number,
        language=language,
        outcome=outcome,
        decided_at=at,
        agency=letterhead(scheme, language),
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
        reasons=(*letters.beginnings(outcome, language), *case["reasons"][outcome]),
        decision_maker=Person(name=case["decision_maker"][0], title=case["decision_maker"][1]),
        drafter=Person(name=case["drafter"][0], title=case["drafter"][1]),
        verify_url="https://tilgang.example/letters/verify/",
        variables=_variables(case, outcome, variables),
        conditions=_conditions(scheme, language, deletion) if access else (),
        deletion_date=deletion if access else None,
        quote=_quote(case, scheme.config["currency"], today) if access else None,
        legal_references=tuple(
            LegalReference(text=text, url=url) for text, url in letters.legal(outcome, language)
        ),
        acceptance=tuple(letters.paragraphs("acceptance", language)) if access else (),
        acceptance_due=today + timedelta(days=21) if access else None,
        breach=tuple(letters.paragraphs("breach", language)) if access else (),
        appeal=tuple(letters.paragraphs("appeal", language)),
        specimen=True,
        wording={key: text(language) for key, text in letters.wording.items()},
    )


def letter(content: LetterContent, accepted: bool = False) -> bytes:
    """The letter rendered, signed with the demo's key, and accepted when asked for."""
    pdf = sign(render(content), demo_signer())
    if not accepted:
        return pdf
    return countersign(pdf, acceptance(content, pdf), demo_signer(ACCEPTANCE))


def acceptance(content: LetterContent, letter: bytes) -> Acceptance:
    """The invented signatory's acceptance of a signed letter."""
    case = _case(content.language)
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
    agency = agencies()[0]
    case = content(agency, Outcome.PARTLY, languages(agency)[0])
    unsigned, signer = render(case), demo_signer()
    return {
        "letter rendered": lambda: render(case),
        "letter signed": lambda: sign(unsigned, signer),
    }


def _conditions(scheme: Scheme, language: str, deletion: date) -> tuple[Condition, ...]:
    """The standard conditions that every decision carries, their dates filled in."""
    day = format_date(deletion, "long", locale=Texts(language)["locale"])
    return tuple(
        Condition(
            id=each.id,
            text=each.fill(language, {p.id: day for p in each.placeholders if p.type == "date"}),
        )
        for each in scheme.picked_conditions({})
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


def _quote(case: Mapping[str, Any], currency: str, today: date) -> Quote:
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
def _case(language: str) -> dict[str, Any]:
    path = files(__package__) / "samples" / f"{language}.toml"
    if language not in LANGUAGES:
        raise KeyError(language)
    return tomllib.loads(path.read_text(encoding="utf-8"))
