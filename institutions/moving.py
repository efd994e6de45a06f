"""How what institutions have themselves goes with one that is merged: members, domains, lists."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from institutions import sources
from institutions.commands.details import FIELDS
from institutions.models import (
    ApprovalProposal,
    DatabaseManager,
    Institution,
    InstitutionApproval,
    InstitutionDetails,
    Invitation,
    ListLine,
    MailDomain,
    Membership,
)
from institutions.moves import Merging, Move, register
from institutions.uniting import memberships


def _all(model: type[Model]) -> Callable[[Institution], int]:
    rows: Any = model
    return lambda institution: rows.objects.filter(institution=institution).count()


def carried(rows: QuerySet, merging: Merging) -> int:
    """Moves these rows to the institution that is kept; how many."""
    return rows.filter(institution=merging.gone).update(institution=merging.kept)


def _domains(merging: Merging) -> int:
    mine = {d.domain: d for d in MailDomain.objects.filter(institution=merging.kept)}
    theirs = list(MailDomain.objects.filter(institution=merging.gone))
    for domain in theirs:
        same = mine.get(domain.domain)
        if same is None:
            continue
        domain.delete()
        if domain.verified_at and not same.verified_at:
            same.verified_by, same.verified_at = domain.verified_by, domain.verified_at
            same.save()
    carried(MailDomain.objects.all(), merging)
    return len(theirs)


def _invitations(merging: Merging) -> int:
    waiting = Invitation.objects.filter(used_at__isnull=True, revoked_at__isnull=True)
    mine = {i.email: i for i in waiting.filter(institution=merging.kept)}
    for invitation in waiting.filter(institution=merging.gone):
        same = mine.get(invitation.email)
        if same is not None:
            shorter = min(same, invitation, key=lambda i: i.expires_at)
            shorter.revoked_by, shorter.revoked_at = merging.by, merging.at
            shorter.save()
    return carried(Invitation.objects.all(), merging)


def _approvals(merging: Merging) -> int:
    """The same approval twice becomes one with the later end; the other stays in the history."""
    valid = InstitutionApproval.objects.filter(withdrawn_at__isnull=True)
    mine = {_approval(a): a for a in valid.filter(institution=merging.kept)}
    for approval in valid.filter(institution=merging.gone):
        same = mine.get(_approval(approval))
        if same is None:
            continue
        if same.valid_until and (
            approval.valid_until is None or approval.valid_until > same.valid_until
        ):
            same.valid_until = approval.valid_until
            same.save()
        ListLine.objects.filter(approval=approval).update(approval=same)
        approval.withdrawn_by, approval.withdrawn_at = merging.by, merging.at
        approval.withdrawal_reason = _("It stands here twice since two institutions were merged.")
        approval.save()
    return carried(InstitutionApproval.objects.all(), merging)


def _approval(held: InstitutionApproval) -> tuple:
    return held.agency, held.source, held.valid_from


def _proposals(merging: Merging) -> int:
    waiting = ApprovalProposal.objects.filter(ended_at__isnull=True)
    mine = set(waiting.filter(institution=merging.kept).values_list("agency", "source"))
    for proposal in waiting.filter(institution=merging.gone):
        if (proposal.agency, proposal.source) in mine:
            proposal.ended_by, proposal.ended_at = merging.by, merging.at
            proposal.save()
    return carried(ApprovalProposal.objects.all(), merging)


def _twice_on_a_list(kept: Institution, gone: Institution) -> list[str]:
    """A list that names both says that they are two."""
    named = ListLine.objects.filter(dropped__isnull=True)
    mine = set(named.filter(institution=kept).values_list("agency", "source"))
    both = mine & set(named.filter(institution=gone).values_list("agency", "source"))
    language = get_language() or "en"
    return [
        _(
            "Both stand on the list of %(list)s, as two institutions. Clear that up with who keeps it."
        )
        % {"list": sources.label(agency, source, language)}
        for agency, source in sorted(both)
    ]


def _details(merging: Merging) -> int:
    theirs = InstitutionDetails.objects.filter(institution=merging.gone).first()
    if theirs is None:
        return 0
    mine = InstitutionDetails.objects.filter(institution=merging.kept).first()
    mine = mine or InstitutionDetails(institution=merging.kept, version=0)
    for name in FIELDS:
        if not getattr(mine, name):
            setattr(mine, name, getattr(theirs, name))
    mine.version += 1
    mine.changed_by, mine.changed_at = merging.by, merging.at
    mine.save()
    return 1


def _earlier(merging: Merging) -> int:
    held = Institution.objects.filter(merged_into=merging.gone)
    return held.update(merged_into=merging.kept)


def connect() -> None:
    """Registers all of it; called when the app is ready."""
    register(
        Move(
            "institutions.Membership.institution",
            lambda: _("Memberships"),
            lambda: _(
                "All go over. Who belongs to both has the roles of both in the older membership, "
                "until the earlier of the two last days. Signatories sign for the kept one too: look "
                "at what their authority rests on. Who only asks to join asks the administrators "
                "of the kept one, without any role."
            ),
            _all(Membership),
            memberships,
        )
    )
    register(
        Move(
            "institutions.DatabaseManager.institution",
            lambda: _("Managers of project databases"),
            lambda: _("They manage the same databases."),
            _all(DatabaseManager),
            lambda merging: carried(DatabaseManager.objects.all(), merging),
        )
    )
    register(
        Move(
            "institutions.Invitation.institution",
            lambda: _("Invitations"),
            lambda: _("Links that are open count on. Of two to one address the later one counts."),
            _all(Invitation),
            _invitations,
        )
    )
    register(
        Move(
            "institutions.MailDomain.institution",
            lambda: _("Mail domains"),
            lambda: _("The same domain stands there once, verified if one of them was."),
            _all(MailDomain),
            _domains,
        )
    )
    register(
        Move(
            "institutions.InstitutionApproval.institution",
            lambda: _("Approvals"),
            lambda: _(
                "All go over with their history. The same approval twice is one, until the later "
                "of the two last days."
            ),
            _all(InstitutionApproval),
            _approvals,
        )
    )
    register(
        Move(
            "institutions.ApprovalProposal.institution",
            lambda: _("Proposed approvals"),
            lambda: _("They wait on. Of two for the same approval that of the kept one waits."),
            _all(ApprovalProposal),
            _proposals,
        )
    )
    register(
        Move(
            "institutions.ListLine.institution",
            lambda: _("Lines of lists"),
            lambda: _("They name the kept one. A list that names both stops the merge."),
            _all(ListLine),
            lambda merging: carried(ListLine.objects.all(), merging),
            _twice_on_a_list,
        )
    )
    register(
        Move(
            "institutions.InstitutionDetails.institution",
            lambda: _("Details"),
            lambda: _("What is empty at the kept one is filled in. The rest of it stays behind."),
            _all(InstitutionDetails),
            _details,
        )
    )
    register(
        Move(
            "institutions.Institution.merged_into",
            lambda: _("Institutions merged before"),
            lambda: _("They lead to the kept one."),
            lambda institution: Institution.objects.filter(Q(merged_into=institution)).count(),
            _earlier,
        )
    )
