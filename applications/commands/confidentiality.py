"""The duty of confidentiality: everybody in the list of people with access is asked by mail, and
confirms by themselves."""

from datetime import timedelta

from applications import links, people_mails
from applications.commands.errors import Invalid, NotNow
from applications.commands.gate import AFTER, Act, Done, handles
from applications.enums import ACCESS_STATES
from applications.models import ConfidentialityConfirmation, ConfidentialityLink
from applications.selectors import confidentiality as selected
from portal.events.outbox import queue

# After these the list may name people who were not asked yet.
ASK_AFTER = frozenset({"submit", "resubmit", "letter_signed"})
# How long somebody has peace before the next reminder.
PAUSE = timedelta(hours=20)
MOST = 500


@handles("ask_confidentiality")
def ask_confidentiality(act: Act) -> Done:
    """Sends a link to everybody in the list who has not confirmed: the worker to who was not asked
    yet, a person from the applicant's side to all. `value` is how many."""
    application = act.application
    confirmed = set(selected.confirmed_addresses(application))
    held = {link.email: link for link in application.confidentiality_links.all()}
    sent = 0
    for email in selected.addresses(application):
        link = held.get(email)
        asked_before = link is not None and (act.by.user is None or link.sent_at > act.now - PAUSE)
        if email in confirmed or asked_before or sent >= MOST:
            continue
        secret, digest = links.new_secret()
        link = link or ConfidentialityLink(application=application, email=email, times=0)
        link.link_digest, link.times = digest, link.times + 1
        link.sent_at, link.expires_at = act.now, act.now + links.LASTS
        link.save()
        people_mails.asked(link, application, secret)
        sent += 1
    return Done({"people": sent}, nothing=not sent, value=sent)


@handles("confirm_confidentiality")
def confirm_confidentiality(act: Act) -> Done:
    """The person of the link confirms. Payload: `read`, the digest of the text that was shown.

    Raises Invalid when another text counts by now; a second time says nothing.
    """
    link, duty = links.asked(act.by.secret), act.scheme.confidentiality
    if link is None or duty is None:
        raise NotNow
    application, person = act.application, act.by.user
    digest = duty.digest(application.language)
    held = application.confidentiality_confirmations
    # By the address: who stands in the list with another one later is asked, and confirms, anew.
    if held.filter(email=link.email).exists():
        return Done(nothing=True)
    if act.payload.get("read") != digest:
        raise Invalid({"read": ["the text has changed"]})
    made = ConfidentialityConfirmation.objects.create(
        application=application,
        person=person,
        email=link.email,
        scheme_version=act.scheme.version,
        language=application.language,
        text_digest=digest,
        confirmed_at=act.now,
    )
    data = {"person": str(person.pk), "text": digest, "language": application.language}
    # The words themselves too: a text may be changed, and what somebody read must not be lost.
    data |= {"scheme": act.scheme.version, "words": duty.words(application.language)}
    return Done(data, {"email": link.email}, value=made)


def ask_who_is_new(act: Act) -> None:
    """The gate's hook: the worker asks who stands in the list and was not asked yet."""
    application = act.application
    if act.command not in ASK_AFTER or act.scheme.confidentiality is None:
        return
    if application.state not in ACCESS_STATES or not selected.addresses(application):
        return
    key = f"confidentiality:{application.pk}:{application.version}"
    queue("confidentiality.ask", {"application": str(application.pk)}, key)


AFTER.append(ask_who_is_new)
