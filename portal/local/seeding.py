"""Cases of the demo: walked through the gate, command by command, at moments in the past.

Nothing is written past the commands: what the demo shows is what the portal does. Effects that
would wake the worker (checks, PDFs, letters, mails) run here, in this process.
"""

import random
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from applications import commands, schemes, selectors
from applications.commands import Actor
from applications.commands.submitting import end_of_day
from applications.models import Application, Review
from institutions.models import Institution
from portal import clock, store
from portal.events import outbox
from portal.files.writing import workbook
from portal.local.demo_projects import VARIABLES, Project
from portal.pdf import fonts

RESEARCHERS = [
    ("Ingrid Solli", "ingrid.solli"),
    ("Per Kvam", "per.kvam"),
    ("Anja Røed", "anja.roed"),
    ("Tor Elvestad", "tor.elvestad"),
]


def moment(days_ago: float) -> datetime:
    """A moment on a working hour so many days before now."""
    at = datetime.now(UTC) - timedelta(days=days_ago)
    return at.replace(hour=9 + int(days_ago * 7) % 6, minute=int(days_ago * 37) % 60)


def give(command: str, case: Application, by: Actor, payload: dict, days_ago: float) -> Any:
    """Gives one command at a moment in the past and lets its effects happen."""
    with clock.frozen(moment(days_ago)):
        result = commands.execute(command, case.pk, by, payload)
        while outbox.run_due(limit=50):
            pass
    case.refresh_from_db()
    return result.value


def each_row(outcome: str, rows: dict[int, dict[str, Any]] | None = None) -> dict[str, Any]:
    """The part of `draft_decision`'s payload that decides on each row: `rows` {position: {granted,
    reason}} singly, all that is left as `outcome` says."""
    rest = {"granted": outcome in ("granted", "partly"), "reason": "", "show": "undecided"}
    return {"rows": rows or {}, "bulk": rest}


@cache
def pdf(title: str, *paragraphs: str, language: str = "nb") -> bytes:
    """A small real PDF with a heading and text."""
    configuration = fonts.configuration()
    from weasyprint import HTML

    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    html = f'<html lang="{language}"><title>{title}</title><h1>{title}</h1>{body}</html>'
    return HTML(string=html).write_pdf(font_config=configuration)


def xlsx(rows: list[list[Any]]) -> bytes:
    """A small real workbook."""
    return workbook("1", list(map(str, rows[0])), rows[1:])


def attach(case: Application, by: Actor, kind: str, name: str, content: bytes, ago: float) -> None:
    """Hands one file in, as the upload page does."""
    digest = store.put(content)
    ext = name.rpartition(".")[2]
    payload = {"kind": kind, "filename": name, "ext": ext, "size": len(content), "digest": digest}
    give("attach", case, by, payload, ago)


def begin(agency: str, owner: Any, institution: Institution, days_ago: float) -> Application:
    """A new draft."""
    with clock.frozen(moment(days_ago)):
        return commands.create(Actor(user=owner), agency, "nb", institution.pk)


def answers(project: Project, owner: Any, institution: Institution) -> dict[str, Any]:
    """The single fields of a complete application, by path."""
    year = datetime.now(UTC).year
    return {
        "contact.phone": "+47 22 00 00 00",
        "project.title": project.title,
        "purpose.category": "research",
        "purpose.text": project.purpose,
        "project.start": f"{year + 1}-01-01",
        "project.end": f"{year + 4}-12-31",
        "responsible.institution": institution.name,
        "responsible.person.name": owner.name,
        "responsible.person.title": "Forsker",
        "alternativesConsidered": True,
        "reuse.used": False,
        "processesPersonalData": True,
        "legalBasis.date": f"{year}-03-15",
        "legalBasis.art6": ["6_1_e"],
        "legalBasis.art9": ["9_2_j"],
        "consentBased": False,
        "population.text": project.population + ", med opplysninger om foreldre og husholdning.",
        "dataLevel": "indirect",
        "variablesEntry": "portal",
        "linkage.used": False,
        "storage.type": "tsd",
        "storage.description": "Prosjektrom i TSD uten eksport av mikrodata. Bare navngitte personer.",
        "storage.country": "NO",
        "storage.accessControl": "Navngitte personer med totrinnsinnlogging.",
        "storage.logging": "All innlogging og eksport logges.",
        "storage.followUpControl": "Prosjektleder går gjennom loggen hvert kvartal.",
        "onwardTransfer.used": False,
        "declarations.commercialValue": False,
        "declarations.ipr": False,
        "declarations.nationalSecurity": False,
    }


def variables(project: Project, pick: random.Random) -> list[dict[str, Any]]:
    """Rows of the variable table for the project's theme."""
    rows = []
    for register, name, code, reason in VARIABLES[project.theme]:
        first = pick.randint(2000, 2012)
        row = {
            "holder": "SSB",
            "register": register,
            "name": name,
            "code": code,
            "fromYear": first,
            "toYear": first + pick.randint(6, 10),
            "inVariableList": True,
            "unitType": "person",
        }
        if reason:
            row |= {"identifying": True, "justification": reason}
        rows.append(row)
    return rows


def fill(
    case: Application, owner: Any, project: Project, ago: float, leave_out: tuple[str, ...] = ()
) -> None:
    """Fills the form as a researcher would, section by section; `leave_out` names paths."""
    place = Institution.objects.get(pk=str(case.institution_id))
    by, pick = Actor(user=owner), random.Random(project.title)  # noqa: S311 - invented data
    given = {k: v for k, v in answers(project, owner, place).items() if k not in leave_out}
    form = schemes.get(case.agency, case.scheme_version)
    for section in form.forms[case.type].sections:
        paths = {f.path for f in section.fields}
        values = {path: value for path, value in given.items() if path in paths}
        if values:
            give("save_section", case, by, {"section": section.id, "values": values}, ago)
    other, mailbox = pick.choice(RESEARCHERS)
    lists = {
        "variables": variables(project, pick),
        "persons": [
            {"name": owner.name, "email": owner.email, "institution": place.name, "country": "NO", "role": "Prosjektleder", "needToKnow": True},
            {"name": other, "email": f"{mailbox}@{owner.email.partition('@')[2]}", "institution": place.name, "country": "NO", "role": "Forsker", "needToKnow": True},
        ],
        "approvals": [
            {"kind": "dpia", "reference": "2026/17", "issued": given.get("legalBasis.date"), "fromYear": 1990, "toYear": 2026}
        ],
    }  # fmt: skip
    for path, rows in lists.items():
        if path not in leave_out:
            give("import_rows", case, by, {"list": path, "rows": rows}, ago)
    protocol = pdf(f"Forskningsprotokoll: {project.title}", project.purpose, project.population)
    assessment = pdf(f"DPIA: {project.title}", "Risikoen er vurdert som lav.", project.population)
    table = xlsx(
        [["Register", "Variabel", "Kode"], *[list(v[:3]) for v in VARIABLES[project.theme]]]
    )
    for kind, name, content in (
        ("research_protocol", "forskningsprotokoll.pdf", protocol),
        ("dpia", "dpia.pdf", assessment),
        ("other", "variabler.xlsx", table),
    ):
        if kind not in leave_out:
            attach(case, by, kind, name, content, ago)


def send(case: Application, owner: Any, ago: float, command: str = "submit") -> None:
    """Submits the application with its declaration."""
    scheme = selectors.scheme_of(case)
    payload = {"declaration": scheme.declaration_of(case.type)(case.language)}
    give(command, case, Actor(user=owner), payload, ago)


def assess(case: Application, officer: Any, ago: float) -> None:
    """Takes the case and begins the assessment."""
    if case.assignee_id != officer.pk:
        give("assign", case, Actor(user=officer), {"officer": officer}, ago)
    give("start_assessment", case, Actor(user=officer), {}, ago)


def tick_checklist(case: Application, officer: Any, ago: float) -> None:
    """Answers every item of the checklist."""
    scheme = selectors.scheme_of(case)
    items = {item.id: {"assessed": True, "note": ""} for item in scheme.checklist}
    first = scheme.checklist[0].id
    items[first]["note"] = "Ulempen er liten når alder og inntekt er gruppert."
    give("save_checklist", case, Actor(user=officer), {"items": items}, ago)


def pass_step(case: Application, officer: Any, step: str, text: str, ago: float) -> None:
    """Records a step of the agency's sequence."""
    payload = {"step": step, "day": moment(ago).date(), "text": text}
    give("record_step", case, Actor(user=officer), payload, ago)


def ask(case: Application, officer: Any, lawyer: Any, ago: float) -> Review:
    """Asks the lawyer one question."""
    question = "Dekker godkjenningen også foreldrenes opplysninger, eller trengs eget grunnlag?"
    payload = {"question": question, "reviewer": lawyer}
    return give("ask_review", case, Actor(user=officer), payload, ago)


def send_back(case: Application, officer: Any, ago: float, days: int = 21) -> None:
    """Returns the case with a point of the checks' kind and one of the officer's own."""
    due = end_of_day(moment(ago), "Europe/Oslo", days).date()
    points = [
        {"rule_id": "SSB-ATT-12", "rows": ["variables[1]"], "text": "Gjelder grunnkrets."},
        {"text": "Legg ved databehandleravtalen med TSD."},
    ]
    payload = {"points": points, "text": "Vi mangler to ting før vi kan gå videre.", "due_on": due}
    give("return", case, Actor(user=officer), payload, ago)


def message(case: Application, by: Any, body: str, ago: float) -> None:
    """A message between the two sides."""
    give("send_message", case, Actor(user=by), {"body": body}, ago)
