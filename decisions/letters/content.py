"""What a letter says, complete and frozen: nothing is looked up while it is drawn.

The same content gives the same bytes. It is embedded in the PDF as JSON, so that whoever gets the
letter can read the decision with a machine, and we can draw it again in thirty years.
"""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Self

from . import codec

LANGUAGES = ("nb", "nn", "da", "sv", "en")


class ContentError(ValueError):
    """The content cannot become a letter; the message says all that is wrong."""


class Outcome(StrEnum):
    """What was decided on the application."""

    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"
    DISMISSED = "dismissed"

    @property
    def gives_access(self) -> bool:
        return self in (Outcome.GRANTED, Outcome.PARTLY)


class VariableOutcome(StrEnum):
    """What was decided on one variable."""

    GRANTED = "granted"
    PARTLY = "partly"  # fewer years, coarser categories: the reason says what
    REFUSED = "refused"
    UNDECIDED = "undecided"  # in the preview of a draft only
    ENDED = "ended"  # in a change: granted before, and not asked for any more


@dataclass(frozen=True, kw_only=True)
class Theme:
    """The look of an agency: colours as #rrggbb, on white paper, each with a contrast of 4.5 to 1."""

    accent: str = "#0a5068"
    tint: str = "#eff6f8"  # ground of boxes and table heads

    @classmethod
    def of(cls, colour: str) -> Self:
        """The theme of an agency whose colour (#rrggbb) is `colour`, as dark as reading needs."""
        from portal.ui.themes import palette

        steps = palette(colour)
        return cls(accent=steps["base-default"], tint=steps["background-tinted"])


@dataclass(frozen=True, kw_only=True)
class Agency:
    """The authority that decides. `name` in the letter's language; `zone` is an IANA time zone."""

    code: str
    name: str
    short_name: str
    logo_text: str
    zone: str
    unit: str = ""
    organisation_number: str = ""
    address: tuple[str, ...] = ()
    email: str = ""
    phone: str = ""
    website: str = ""
    theme: Theme = Theme()


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Whom the decision binds: the institution, through its signatory, and the applicants."""

    institution: str
    organisation_number: str = ""
    address: tuple[str, ...] = ()
    signatory: str = ""
    applicants: tuple[str, ...] = ()
    reference: str = ""


@dataclass(frozen=True, kw_only=True)
class Project:
    """What the data are for."""

    title: str
    purpose: str
    received_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class VariableDecision:
    """The decision on one variable. `years` as text, such as "2010-2020". `listed`: false for a whole
    list that came as a file, and for an application that names no variables. `before`: in a change
    what the changed decision says of it: "same", "refused", "new" or the years that it granted."""

    source: str
    name: str
    outcome: VariableOutcome
    years: str = ""
    reason: str = ""
    listed: bool = field(default=True, metadata={codec.LATER: True})
    before: str = field(default="", metadata={codec.LATER: True})


@dataclass(frozen=True, kw_only=True)
class Changed:
    """The decision that this one changes, when it grants the change. `deletion_date`: as it was."""

    letter_id: str
    case_number: str
    decided_on: date
    deletion_date: date | None = None


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One condition; `id` such as SSB-CND-12, the text with its brackets filled in."""

    id: str
    text: str


@dataclass(frozen=True, kw_only=True)
class LegalReference:
    """A provision the decision rests on, with an address (https) where there is one."""

    text: str
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class QuoteLine:
    """One line of the quote; `basis` says how the amount came about, such as "12 hours à 1,100"."""

    text: str
    amount: Decimal
    basis: str = ""


@dataclass(frozen=True, kw_only=True)
class Quote:
    """The offer that goes with the decision (rules.md 6). Amounts in `currency` (ISO 4217)."""

    currency: str
    lines: tuple[QuoteLine, ...]
    net: Decimal
    vat: Decimal
    total: Decimal
    vat_percent: Decimal
    delivery: str = ""
    valid_until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who answers for the decision."""

    name: str
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class LetterContent:
    """A whole decision letter.

    letter_id: the number by which letter and portal know each other; unique.
    decided_at: aware; the letter shows the agency's calendar day of it.
    verify_url: address of the page that tells whether a letter is genuine.
    reasons, acceptance, breach, appeal: paragraphs; a line break inside one is kept.
    specimen: from a demo; every page says so.
    access: false when something else than data is asked for, such as an approval; then `valid_from`
    and `valid_until` say how long what was granted holds (no last day: until it is withdrawn).
    wording: replaces standard sentences of texts/<language>.toml by their key, for an agency whose
    law uses other words.
    """

    letter_id: str
    case_number: str
    language: str
    outcome: Outcome
    decided_at: datetime
    agency: Agency
    recipient: Recipient
    project: Project
    reasons: tuple[str, ...]
    decision_maker: Person
    drafter: Person
    verify_url: str
    variables: tuple[VariableDecision, ...] = ()
    conditions: tuple[Condition, ...] = ()
    deletion_date: date | None = None
    quote: Quote | None = None
    legal_references: tuple[LegalReference, ...] = ()
    acceptance: tuple[str, ...] = ()
    acceptance_due: date | None = None
    breach: tuple[str, ...] = ()
    appeal: tuple[str, ...] = ()
    specimen: bool = False
    wording: Mapping[str, str] = field(default_factory=dict)
    access: bool = field(default=True, metadata={codec.LATER: True})
    valid_from: date | None = field(default=None, metadata={codec.LATER: True})
    valid_until: date | None = field(default=None, metadata={codec.LATER: True})
    changed: Changed | None = field(default=None, metadata={codec.LATER: True})

    @property
    def gives_access(self) -> bool:
        """Whether data may be had after it, once the conditions are accepted."""
        return self.access and self.outcome.gives_access

    def __post_init__(self) -> None:
        wrong = list(_wrong(self))
        if wrong:
            raise ContentError("; ".join(wrong))

    def to_json(self) -> bytes:
        """The decision as JSON, the same bytes each time."""
        return codec.dump(self)

    @classmethod
    def from_json(cls, data: bytes | str) -> Self:
        """The content that `to_json` wrote. Raises ValueError (ContentError among them)."""
        return codec.load(cls, data)

    def replace(self, **changes: object) -> Self:
        """A copy with these fields changed."""
        return dataclasses.replace(self, **changes)  # type: ignore[arg-type]


def _wrong(content: LetterContent) -> list[str]:
    wrong = []
    if content.language not in LANGUAGES:
        wrong.append(f"language {content.language!r} has no letter texts")
    if content.decided_at.tzinfo is None:
        wrong.append("decided_at has no time zone")
    for name in ("letter_id", "case_number"):
        if not re.fullmatch(r"[\w./-]{1,60}", getattr(content, name), re.ASCII):
            wrong.append(f"{name} must be letters, digits and . / - _")
    for name in ("accent", "tint"):  # these go into a stylesheet
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", getattr(content.agency.theme, name)):
            wrong.append(f"theme colour {name} is not of the form #rrggbb")
    addresses = [content.verify_url, *(r.url for r in content.legal_references)]
    if not all(re.fullmatch(r"(https?://[!-~]+)?", url) for url in addresses):
        wrong.append("an address is neither http nor https")
    if not content.gives_access and (content.quote or content.acceptance):
        wrong.append("a decision that gives no access has nothing to accept")
    return wrong
