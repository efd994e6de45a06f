"""Letters drawn and signed once for all tests: drawing one costs half a second."""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from decisions.letters import ACCEPTANCE_FIELD
from decisions.letters.acceptance import countersign, receipt
from decisions.letters.authority import demo_authority, demo_config
from decisions.letters.content import LetterContent, Outcome
from decisions.letters.examination import IssuedRevision
from decisions.letters.rendering import render
from decisions.letters.sample import acceptance, content
from decisions.letters.signing import ACCEPTANCE, load_signer, sign
from portal import clock

DECIDED = datetime(2026, 1, 14, 23, 30, tzinfo=UTC)
SIGNED = datetime(2026, 1, 15, 8, 0, tzinfo=UTC)
ACCEPTED = datetime(2026, 1, 20, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    """One decision with all its files."""

    content: LetterContent
    unsigned: bytes
    signed: bytes
    accepted: bytes
    receipt: bytes

    def issued(self, digest: str) -> IssuedRevision | None:
        """What the portal's store answers when it is asked for a digest."""
        for pdf, at in ((self.signed, SIGNED), (self.accepted, ACCEPTED)):
            if sha256(pdf).hexdigest() == digest:
                return IssuedRevision(
                    sha256=digest,
                    letter_id=self.content.letter_id,
                    case_number=self.content.case_number,
                    issued_at=at,
                    accepted=pdf is self.accepted,
                )
        return None


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_authority(tmp_path_factory.mktemp("letters") / "authority")


@pytest.fixture(scope="session")
def config(authority: Path) -> dict[str, object]:
    return demo_config(authority)


@pytest.fixture(scope="session")
def granted() -> LetterContent:
    return content("SSB", Outcome.PARTLY, "nb", at=DECIDED)


@pytest.fixture(scope="session")
def case(granted: LetterContent, config: dict[str, object]) -> Case:
    unsigned = render(granted)
    signed = sign(unsigned, load_signer(config), SIGNED)
    with clock.frozen(ACCEPTED):
        accepts = acceptance(granted, signed)
    key = load_signer(config, ACCEPTANCE)
    return Case(
        content=granted,
        unsigned=unsigned,
        signed=signed,
        accepted=countersign(signed, accepts, key, ACCEPTED),
        receipt=sign(receipt(granted, accepts), key, ACCEPTED, ACCEPTANCE_FIELD),
    )
