"""Keeps the search text of a submitted case, in the transaction of each write that changes it."""

from django.contrib.postgres.search import SearchVector
from django.db.models import Value

from applications.commands.gate import AFTER, Act
from applications.models import Application
from applications.selectors import as_sent, pick

CHANGES_IT = frozenset(
    {"submit", "resubmit", "assign", "follow_merge", "take_over", "accept_handover"}
)


def index(application: Application, config: str) -> None:
    """Writes what the search of officers looks through: number, title, people, institution, as
    they were sent last."""
    sent = as_sent(application)
    persons = [row for row in pick(sent.document, "persons") or [] if isinstance(row, dict)]
    people = [str(row.get("name") or "") for row in persons[:200]]
    responsible = pick(sent.document, "responsible.person.name") or ""
    institution = application.institution.name if application.institution else ""
    names = [application.number or "", sent.title, institution, application.owner.name]
    names += [str(responsible), *people]
    text = " ".join(dict.fromkeys(n for n in names if n))
    Application.objects.filter(pk=application.pk).update(
        search_text=text,
        search_names=text.lower(),
        search_vector=SearchVector(Value(text), config=config),
    )


def keep_index(act: Act) -> None:
    """The gate's hook."""
    if act.command in CHANGES_IT and act.application.submitted_at is not None:
        index(act.application, act.scheme.search_config)


AFTER.append(keep_index)
