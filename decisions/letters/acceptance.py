"""The recipient's acceptance: a second signature in the letter, which keeps the first valid.

It is invisible, because a visible one would break the seal. So the acceptance is shown in four
ways: PDF readers list the second signature with the person's name and a sentence (Name, Reason);
the facts lie as JSON inside the signature, covered by it; the page that examines letters prints
them; and `receipt` draws them on paper.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.template.loader import render_to_string
from pyhanko.pdf_utils import generic
from pyhanko.sign.signers.pdf_byterange import BuildProps

from portal import clock
from portal.pdf import drawing

from . import ACCEPTANCE_FIELD, FACTS_KEY, codec
from .content import LetterContent
from .draft import Draft
from .rendering import TEMPLATES, UnprintableLetter, stylesheets, unprintable_in
from .signing import LetterSigner, add_signature
from .texts import Texts


class NotThisLetter(ValueError):
    """The file is not the letter that the person accepted."""


@dataclass(frozen=True, kw_only=True)
class Acceptance:
    """Who accepted what, when and with what right.

    letter_sha256: of the signed letter as it was shown to the person, in hexadecimal.
    authority: what gives the right to bind the recipient, in the person's own words.
    """

    name: str
    title: str
    authority: str
    institution: str
    accepted_at: datetime
    case_number: str
    letter_id: str
    letter_sha256: str
    language: str

    def __post_init__(self) -> None:
        if self.accepted_at.tzinfo is None:
            raise ValueError("accepted_at has no time zone")
        if not re.fullmatch(r"[0-9a-f]{64}", self.letter_sha256):
            raise ValueError("letter_sha256 is not a SHA-256 in lower-case hexadecimal")

    def to_json(self) -> bytes:
        return codec.dump(self)

    @classmethod
    def from_json(cls, data: bytes | str) -> Self:
        """Raises ValueError when `data` is not what `to_json` writes."""
        return codec.load(cls, data)


def countersign(
    pdf: bytes, acceptance: Acceptance, signer: LetterSigner, at: datetime | None = None
) -> bytes:
    """The signed letter `pdf` with the acceptance added, signed by the portal's acceptance key.

    Raises NotThisLetter when `pdf` is not, byte for byte, the letter that was accepted (an already
    accepted one is not either), and SigningUnavailable.
    """
    if hashlib.sha256(pdf).hexdigest() != acceptance.letter_sha256:
        raise NotThisLetter("the file is not the letter that was accepted")
    sentence = Texts(acceptance.language).fill(
        "receipt_lead",
        name=acceptance.name,
        institution=acceptance.institution,
        case_number=acceptance.case_number,
    )
    metadata = {
        "field_name": ACCEPTANCE_FIELD,
        "name": acceptance.name,
        "reason": sentence,
        "app_build_props": _Facts(name="Tilgang", facts=acceptance.to_json().decode()),
    }
    return add_signature(pdf, signer, at or clock.now(), metadata)


def receipt(content: LetterContent, acceptance: Acceptance) -> bytes:
    """The acceptance as a one-page PDF of its own, to read and to print; not signed yet
    (`signing.sign` with the acceptance key and `field_name=ACCEPTANCE_FIELD`). Raises UnprintableLetter, RenderingFailed."""
    found = unprintable_in(codec.plain(acceptance))
    if found:
        raise UnprintableLetter(found)
    draft = Draft(content)
    t = draft.t
    decision = f"{draft.title}, {content.case_number}, {draft.decided_on}"
    html = render_to_string(
        f"{TEMPLATES}/receipt.html",
        {
            "d": draft,
            "created": draft.utc(acceptance.accepted_at),
            "lead": t.fill(
                "receipt_lead",
                name=acceptance.name,
                institution=acceptance.institution,
                case_number=acceptance.case_number,
            ),
            "facts": [
                (t["receipt_name"], acceptance.name),
                (t["receipt_role"], acceptance.title),
                (t["receipt_authority"], acceptance.authority),
                (t["institution"], acceptance.institution),
                (t["receipt_time"], draft.time(acceptance.accepted_at)),
                (t["receipt_decision"], decision),
                (t["letter_number"], acceptance.letter_id),
                (t["receipt_digest"], acceptance.letter_sha256),
            ],
            "signed_text": draft.say("receipt_signed"),
        },
    )
    return drawing.draw(
        html,
        stylesheets=stylesheets(content.agency.theme),
        attachment=("acceptance.json", acceptance.to_json()),
        moment=acceptance.accepted_at,
    )


@dataclass(frozen=True)
class _Facts(BuildProps):  # type: ignore[misc]
    """The build properties of the signature with the facts of the acceptance among them: the one
    part of a signature that is the application's own, and that the signature covers."""

    facts: str = ""

    def as_pdf_object(self) -> generic.DictionaryObject:
        properties = super().as_pdf_object()
        properties[generic.pdf_name(FACTS_KEY)] = generic.pdf_string(self.facts)
        return properties
