"""Signatories of the demo: with a document that says why they may bind their institution."""

from datetime import timedelta

from institutions import commands
from institutions.commands.authority import checked
from institutions.models import Institution, Membership
from institutions.selectors import membership
from portal import clock, store
from portal.accounts.models import User
from portal.local.seeding import pdf

BEFORE = timedelta(days=400)  # the demo's cases were accepted in the months before it was started


def _paper() -> tuple[str, str, int]:
    content = pdf("Fullmakt", "Den som er nevnt her, kan binde institusjonen.")
    return store.put(content), "fullmakt.pdf", len(content)


def claims(title: str, authority: str) -> commands.Claim:
    """What somebody says of their authority to sign, with a document."""
    begun = clock.today("UTC") - BEFORE
    return commands.Claim(title, authority, begun, None, *_paper())


def may_sign(user: User, at: Institution, decider: User, title: str, authority: str) -> None:
    """Makes a member a signatory: they claim it, `decider` confirms it."""
    held = membership(user, at.pk)
    assert held is not None, "a member in force"
    claim = commands.claim_authority(held, user, claims(title, authority))
    _clean(claim.document)
    commands.decide_claim(claim, decider, confirm=True)


def documented(held: Membership, decider: User) -> None:
    """Gives the document to a membership that `decider` is about to make a signatory's."""
    _clean(commands.add_document(held, decider, *_paper()))


def _clean(document: object) -> None:
    # The demo's own paper; its worker may not have a scanner.
    checked(document, {"status": "clean", "refusal": "", "scanner": "demo"})  # type: ignore[arg-type]
