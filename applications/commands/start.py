"""Beginning an application: anew, or as a copy of an earlier case that it is to change."""

from copy import deepcopy
from typing import Any

from django.db import IntegrityError, transaction

from applications import earlier as decided
from applications import policy, schemes, selectors
from applications.commands.editing import TITLE, refresh
from applications.commands.errors import Invalid
from applications.commands.gate import Act, Actor, Done, handles
from applications.enums import SUPPLEMENTED, ScanStatus, State
from applications.models import Application, Attachment, Row
from applications.schemes import ApplicationType, Scheme
from applications.selectors import facts, followed
from institutions import selectors as institutions
from institutions.models import Institution
from portal import clock
from portal.events.log import record


def create(
    by: Actor,
    agency: str,
    language: str,
    institution_id: Any = None,
    type: str = "",
    follows: Application | None = None,
) -> Application:
    """A new draft of `by` at `agency` (its present scheme version), for one of their institutions.

    `type`: what is applied for, the agency's first when not given. `follows`: the earlier case,
    for a type that needs one; the draft begins with its answers, rows and clean attachments.
    Raises Invalid when the agency or type is unknown or not applied for here, the institution is
    not one of the person's, or the earlier case does not fit.
    """
    known = {scheme.agency: scheme for scheme in schemes.all_current()}
    if agency not in known:
        raise Invalid({"agency": ["unknown agency"]})
    scheme = known[agency]
    wanted = scheme.type(type) if type else next((t for t in scheme.types if t.here), None)
    if wanted is None or not wanted.here:
        raise Invalid({"type": ["not applied for here"]})
    _fits(by, wanted, agency, follows)
    if follows is not None:
        institution = follows.institution  # who belongs to it sends it: see standing
    else:
        institution = one_of_mine(by.user, institution_id)
    in_force = None
    if follows is not None and wanted.follows == schemes.DECIDED:
        in_force = decided.in_force(follows)
    now = clock.now()
    letters = scheme.letter_languages
    letter_language = language if language in letters else letters[0]
    with transaction.atomic():
        try:
            application = Application.objects.create(
                agency=agency,
                scheme_version=scheme.version,
                type=wanted.id,
                state=State.DRAFT,
                language=letter_language,
                owner=by.user,
                institution=institution,
                follows=follows,
                title=_title(scheme, wanted, follows, letter_language),
                answers=_answers(by, scheme, wanted, follows, institution, in_force),
                config={"deadlines": dict(scheme.workflow.deadlines), **_copied(wanted, follows)},
                created_at=now,
                updated_at=now,
            )
        except IntegrityError as merged:  # the institution went into another at this moment
            raise Invalid({"institution": ["not one of your institutions"]}) from merged
        data = {"agency": agency, "scheme": scheme.version, "type": wanted.id, "version": 1}
        if follows is not None:
            _carry_over(by, follows, application, in_force)
            for table in scheme.fields(wanted.id):
                if table.catalogue:
                    refresh(application, table)
            data["follows"] = str(follows.pk)
        else:
            _offer(by, scheme, application)
        record(f"application:{application.pk}", "application.create", by.reference, data)
    return application


def one_of_mine(user: Any, institution_id: Any) -> Institution | None:
    """The person's own institution with this id, None without one. Raises Invalid for another."""
    if not institution_id:
        return None
    mine = {str(i.pk): i for i in institutions.active_institutions(user)}
    if str(institution_id) not in mine:
        raise Invalid({"institution": ["not one of your institutions"]})
    return mine[str(institution_id)]


@handles("choose_institution")
def choose_institution(act: Act) -> Done:
    """Says which of the owner's institutions applies. Payload: `institution` (id).

    Raises Invalid for another one, and for a draft that follows a case: it is that institution's.
    """
    application = act.application
    if application.follows_id is not None:
        raise Invalid({"institution": ["the institution of the earlier case applies"]})
    chosen = one_of_mine(act.by.user, act.payload["institution"])
    if chosen is None:
        raise Invalid({"institution": ["choose one"]})
    if chosen.pk == application.institution_id:
        return Done(nothing=True, value=chosen)
    application.institution = chosen
    asked = {field.path for field in act.scheme.fields(application.type)}
    answers = selectors.copy(application.answers)
    for path, value in institutions.invoice_facts(chosen).items():
        if value and path in asked and selectors.pick(answers, path) in (None, ""):
            selectors.put(answers, path, value)
    application.answers = answers
    return Done({"institution": str(chosen.pk)}, content=True, value=chosen)


def may_follow(user: Any, wanted: ApplicationType, earlier: Application) -> bool:
    """Whether `user` may begin an application of this type as a copy of `earlier`.

    A change follows the decision that is in force: one that gives access, was accepted, and that no
    later change has replaced. A supplement follows a case that the agency has in hand, one at a time.
    """
    if not wanted.follows or earlier.submitted_at is None:
        return False
    states = (State.ACCEPTED,) if wanted.follows == schemes.DECIDED else SUPPLEMENTED
    if earlier.state not in states:
        return False
    kind = selectors.scheme_of(earlier).type(earlier.type)
    if kind is not None and (not kind.decides or kind.follows == schemes.OPEN):
        return False
    if kind is not None and wanted.follows == schemes.DECIDED and kind.access != wanted.access:
        return False
    held = {str(role) for role in policy.applicant_roles(user, earlier)}
    if not held & {"owner", "editor", "submitter"}:
        return False
    if wanted.follows == schemes.OPEN:
        # One at a time: each begins as a copy of all, and a second one would undo the first.
        return not earlier.followed_by.filter(type=wanted.id, state=State.DRAFT).exists()
    found = decided.in_force(earlier)
    return found is not None and found.case.pk == earlier.pk


def _copied(wanted: ApplicationType, follows: Application | None) -> dict[str, int]:
    """Which submission of the case a supplement is a copy of."""
    if follows is None or wanted.follows != schemes.OPEN:
        return {}
    return {"copy_of": follows.submissions.count()}


def _fits(by: Actor, wanted: ApplicationType, agency: str, earlier: Application | None) -> None:
    if bool(wanted.follows) != (earlier is not None):
        raise Invalid({"follows": ["begins from an earlier case, or must not"]})
    if earlier is not None and (
        earlier.agency != agency or not may_follow(by.user, wanted, earlier)
    ):
        raise Invalid({"follows": ["not a case that this can follow"]})


def _title(
    scheme: Scheme, wanted: ApplicationType, follows: Application | None, language: str
) -> str:
    if follows is not None:
        return follows.title
    named = any(field.path == TITLE for field in scheme.fields(wanted.id))
    return "" if named else wanted.label(language)


def _answers(
    by: Actor,
    scheme: Scheme,
    wanted: ApplicationType,
    earlier: Application | None,
    institution: Any = None,
    in_force: decided.InForce | None = None,
) -> dict[str, Any]:
    user: Any = by.user
    if earlier is None:
        answers: dict[str, Any] = {}
        asked = {field.path for field in scheme.fields(wanted.id)}
        known = {"contact.name": user.name, "contact.email": user.email}
        for path, value in {**known, **institutions.invoice_facts(institution)}.items():
            if value and path in asked:  # an answer to no question would be seen by nobody
                selectors.put(answers, path, value)
        return answers
    answers = {k: deepcopy(v) for k, v in earlier.answers.items() if not k.startswith("_")}
    # What it follows, and until when that holds, are facts (applications.selectors.facts).
    for path in filter(None, (wanted.reference, wanted.until)):
        selectors.put(answers, path, None)
    return followed.granted_only(answers, in_force) if in_force else answers


def _offer(by: Actor, scheme: Scheme, draft: Application) -> None:
    """Lists that begin with the institution's own cases, as far as the person may see these."""
    tables = [f for f in scheme.fields(draft.type) if f.offered_from]
    Row.objects.bulk_create(
        Row(application=draft, list_path=f.path, position=at, data=data)
        for f in tables
        for at, data in enumerate(facts.offered_rows(draft, f, policy.visible(by.user)))
    )


def _carry_over(
    by: Actor, earlier: Application, draft: Application, in_force: decided.InForce | None
) -> None:
    """The earlier case's rows, and its files by their digests: nothing is stored twice.

    For a change, of the rows and lists that were decided on those that were granted.
    """
    rows = Row.objects.filter(application=earlier).order_by("list_path", "position")
    lists: dict[str, list[Any]] = {}
    for path, data in rows.values_list("list_path", "data"):
        lists.setdefault(path, []).append(data)
    if in_force is not None:
        lists |= {in_force.path: followed.granted_rows(in_force)} if in_force.path in lists else {}
    Row.objects.bulk_create(
        (
            Row(application=draft, list_path=path, position=at, data=data)
            for path, datas in lists.items()
            for at, data in enumerate(datas)
        ),
        batch_size=1000,
    )
    refused = {row.data["digest"] for row in in_force.refused if row.file} if in_force else set()
    clean = [
        a
        for a in selectors.live_attachments(earlier)
        if a.status == ScanStatus.CLEAN and a.digest not in refused
    ]
    Attachment.objects.bulk_create(
        Attachment(
            application=draft,
            kind=a.kind,
            filename=a.filename,
            ext=a.ext,
            size=a.size,
            digest=a.digest,
            content_type=a.content_type,
            status=a.status,
            scanner=a.scanner,
            checked_at=a.checked_at,
            uploaded_by=by.user,
            uploaded_at=a.uploaded_at,
        )
        for a in clean
    )
