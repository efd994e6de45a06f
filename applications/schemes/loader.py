"""Makes a scheme from its package: TOML for data, the package's Python for logic.

A package lies in <folder>/<agency>/<version>/ and holds agency.toml, forms/*.toml,
attachments.toml, workflow.toml, conditions.toml, checklist.toml, letters.toml, guide.toml,
messages.toml, derived.py and checks. docs/architecture.md says what stands in each.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from applications import workflow as engine
from applications.enums import State
from applications.schemes.approval_lists_reader import read_approval_lists, read_approval_sources
from applications.schemes.confidentiality_reader import read_confidentiality
from applications.schemes.exchange_reader import read_handoffs, read_project
from applications.schemes.guide import Answer, Guide, Question, Result
from applications.schemes.letters import Letters, Provision
from applications.schemes.model import (
    DECIDED,
    OPEN,
    ApplicationType,
    ChecklistItem,
    Condition,
    Placeholder,
    Scheme,
    StateWords,
    Workflow,
)
from applications.schemes.reader import BadScheme
from applications.schemes.settings_reader import SettingsReader
from applications.schemes.steps_reader import read_steps
from applications.schemes.text import ALL_LANGUAGES, Text

TYPE_KEYS = frozenset(
    [
        *("id", "label", "help", "field", "follows", "reference", "handoff", "handoff_url"),
        *("kinds", "decides", "checks", "access", "approves", "letters", "declaration"),
        *("needs", "until", "single", "institution"),
    ]
)
DEADLINES = ("queue", "assessment", "return", "acceptance", "appeal")


def load(folder: Path, module: str) -> Scheme:
    """The scheme in `folder`, whose Python package is called `module`.

    Raises BadScheme with everything that is wrong with it.
    """
    reader = SchemeReader(folder, module)
    scheme = None
    if not reader.errors:  # agency.toml can be read
        scheme = reader.scheme()
    if reader.errors or scheme is None:
        raise BadScheme(f"{folder.parent.name}/{folder.name}", reader.errors)
    return scheme


class SchemeReader(SettingsReader):
    """Everything of a scheme but its forms, attachments and settings."""

    # -- decisions -----------------------------------------------------------------------------
    def conditions(self) -> tuple[Condition, ...]:
        """conditions.toml."""
        raws = self.toml("conditions").get("conditions", ())
        return self.each("condition", raws, "id", self.condition)

    def condition(self, where: str, raw: Mapping[str, Any]) -> Condition:
        self.only(
            where, raw, ("id", "text", "source", "placeholders", "picked_when", "free", "follow_up")
        )
        text = self.text(where, raw.get("text"))
        holders = self.each(
            f"{where} placeholder", raw.get("placeholders", ()), "id", self.placeholder
        )
        ids = {p.id for p in holders}
        for language, words in text.texts.items():
            if ids != set(re.findall(r"\{(\w+)\}", words)):
                self.wrong(where, f"text in {language} does not hold its placeholders")
        return Condition(
            id=raw["id"],
            text=text,
            source=raw.get("source", ""),
            placeholders=holders,
            pick=self.predicate(where, raw.get("picked_when")),
            free=bool(raw.get("free")),
            follow_up=raw.get("follow_up", ""),
        )

    def placeholder(self, where: str, raw: Mapping[str, Any]) -> Placeholder:
        self.only(where, raw, ("id", "label", "type", "default", "fact"))
        if raw.get("type", "text") not in ("text", "date"):
            self.wrong(where, f"unknown type {raw['type']!r}")
        return Placeholder(
            id=raw["id"],
            label=self.text(f"{where} label", raw.get("label")),
            type=raw.get("type", "text"),
            default=self.text(f"{where} default", raw.get("default"), must=False),
            fact=raw.get("fact", ""),
        )

    def checklist(self) -> tuple[ChecklistItem, ...]:
        """checklist.toml."""

        def make(where: str, raw: Mapping[str, Any]) -> ChecklistItem:
            self.only(where, raw, ("id", "label", "help", "source", "show_when"))
            return ChecklistItem(
                id=raw["id"],
                label=self.text(f"{where} label", raw.get("label")),
                help=self.text(f"{where} help", raw.get("help"), must=False),
                source=raw.get("source", ""),
                show=self.predicate(where, raw.get("show_when")),
            )

        return self.each("checklist item", self.toml("checklist").get("items", ()), "id", make)

    def outcomes(self) -> dict[str, Text]:
        """[outcomes] of agency.toml: what the agency calls them, in five languages."""
        raws = self.agency.get("outcomes", {})
        for outcome in sorted(set(engine.DECIDED) ^ raws.keys()):
            missing = outcome in engine.DECIDED
            self.wrong(f"outcome {outcome}", "no label" if missing else "is none of the engine's")
        return {k: self.text(f"outcome {k}", v, ALL_LANGUAGES) for k, v in raws.items()}

    def letters(self, name: str = "letters") -> Letters:
        """letters.toml, or another file of the kind, in the agency's languages and English."""
        raw = self.toml(name, must=name != "letters")
        self.only(name, raw, ("legal", "reasons", "acceptance", "breach", "appeal", "wording"))
        provisions = []
        for number, each in enumerate(raw.get("legal", ()), 1):
            where = f"letters legal {number}"
            self.only(where, each, ("text", "url", "outcomes"))
            outcomes = frozenset(each.get("outcomes", engine.DECIDED))
            for outcome in sorted(outcomes - set(engine.DECIDED)):
                self.wrong(where, f"unknown outcome {outcome!r}")
            text = self.text(where, each.get("text"))
            provisions.append(Provision(text, each.get("url", ""), outcomes))
        reasons = raw.get("reasons", {})
        for outcome in sorted(set(reasons) - set(engine.DECIDED)):
            self.wrong("letters reasons", f"unknown outcome {outcome!r}")
        return Letters(
            provisions=tuple(provisions),
            reasons={k: self.texts(f"letters reasons {k}", v) for k, v in reasons.items()},
            acceptance=self.texts("letters acceptance", raw.get("acceptance")),
            breach=self.texts("letters breach", raw.get("breach")),
            appeal=self.texts("letters appeal", raw.get("appeal")),
            wording={
                k: self.text(f"letters wording {k}", v) for k, v in raw.get("wording", {}).items()
            },
        )

    # -- workflow ------------------------------------------------------------------------------
    def workflow(self) -> Workflow:
        """workflow.toml. It leaves commands of the engine out and adds none."""
        raw = self.toml("workflow", must=True)
        self.only("workflow", raw, ("commands", "states", "labels", "deadlines", "steps"))
        commands = frozenset(raw.get("commands", ()))
        for command in sorted(commands - engine.COMMANDS):
            self.wrong("workflow", f"unknown command {command!r}")
        if missing := engine.left_without(commands):
            self.wrong("workflow", f"a specification is sent, but never {', '.join(missing)}")
        if engine.SEND in commands and not self.agency.get("currency"):
            self.wrong("agency.toml", "currency is missing: specifications name a price")
        states = raw.get("states", {})
        for state in sorted(self.states_needed(commands) - states.keys()):
            self.wrong(f"state {state}", "no label")
        for state in sorted(states.keys() - set(State)):
            self.wrong(f"state {state}", "is none of the engine's")
        deadlines = dict(raw.get("deadlines", {}))
        for name in DEADLINES:
            days = deadlines.get(name)
            if type(days) is not int or days < 1:
                self.wrong(f"deadline {name}", "is no number of days")
        return Workflow(
            commands=commands,
            states={k: self.state(k, v) for k, v in states.items()},
            labels={
                k: self.text(f"label {k}", v, ALL_LANGUAGES)
                for k, v in raw.get("labels", {}).items()
            },
            deadlines=deadlines,
            steps=read_steps(self, raw.get("steps", ()), commands),
        )

    def states_needed(self, commands: frozenset[str]) -> set[str]:
        """The states that cases of this agency can come to, which therefore need words."""
        branches = set(engine.DECIDED)
        if any(not t.get("access", True) for t in self.agency.get("types", ())):
            branches.add(engine.OUTRIGHT)
        return {str(state) for state in engine.reachable(commands, branches)}

    def state(self, state: str, raw: Mapping[str, Any]) -> StateWords:
        where = f"state {state}"
        self.only(where, raw, ("id", "label", "meaning"))
        return StateWords(
            id=raw.get("id", ""),
            label=self.text(where, raw.get("label"), ALL_LANGUAGES),
            meaning=self.text(f"{where} meaning", raw.get("meaning"), ALL_LANGUAGES, must=False),
        )

    # -- guide ---------------------------------------------------------------------------------
    def guide(self) -> Guide:
        """guide.toml, in five languages: people read it before they know whose form it is."""
        raw = self.toml("guide")
        if not raw:
            return Guide()
        self.only("guide", raw, ("first", "questions", "results"))

        def answer(where: str, raw: Mapping[str, Any]) -> Answer:
            self.only(where, raw, ("id", "text", "to"))
            return Answer(raw["id"], self.text(where, raw.get("text"), ALL_LANGUAGES), raw["to"])

        def question(where: str, raw: Mapping[str, Any]) -> Question:
            self.only(where, raw, ("id", "text", "help", "answers"))
            return Question(
                id=raw["id"],
                text=self.text(where, raw.get("text"), ALL_LANGUAGES),
                answers=self.each(f"{where} answer", raw.get("answers", ()), "id", answer),
                help=self.text(f"{where} help", raw.get("help"), ALL_LANGUAGES, must=False),
            )

        def result(where: str, raw: Mapping[str, Any]) -> Result:
            self.only(where, raw, ("id", "title", "text", "link", "link_text", "apply"))
            return Result(
                id=raw["id"],
                title=self.text(f"{where} title", raw.get("title"), ALL_LANGUAGES),
                text=self.text(f"{where} text", raw.get("text"), ALL_LANGUAGES),
                link=raw.get("link", ""),
                link_text=self.text(
                    f"{where} link text",
                    raw.get("link_text"),
                    ALL_LANGUAGES,
                    must="link" in raw,
                ),
                apply=raw.get("apply", ""),
            )

        questions = self.each("guide question", raw.get("questions", ()), "id", question)
        results = self.each("guide result", raw.get("results", ()), "id", result)
        ids = [each.id for each in (*questions, *results)]
        for id_ in sorted({i for i in ids if ids.count(i) > 1}):
            self.wrong(f"guide {id_}", "id used twice")
        targets = {a.to for q in questions for a in q.answers} | {raw.get("first", "")}
        for id_ in sorted(targets - set(ids)):
            self.wrong("guide", f"leads to {id_!r}, which is not there")
        for id_ in sorted(set(ids) - targets):
            self.wrong(f"guide {id_}", "nothing leads there")
        return Guide(raw.get("first", ""), {q.id: q for q in questions}, {r.id: r for r in results})

    # -- what one can apply for ------------------------------------------------------------------
    def types(self, forms: Mapping[str, Any]) -> tuple[ApplicationType, ...]:
        """agency.toml [[types]]. Each that is applied for here has a form, and each form a type."""

        def make(where: str, raw: Mapping[str, Any]) -> ApplicationType:
            self.only(where, raw, TYPE_KEYS)
            decides = bool(raw.get("decides", True))
            return ApplicationType(
                id=raw["id"],
                label=self.text(f"{where} label", raw.get("label"), ALL_LANGUAGES),
                help=self.text(f"{where} help", raw.get("help"), must=False),
                field=raw.get("field", "type"),
                follows=raw.get("follows", ""),
                reference=raw.get("reference", ""),
                until=raw.get("until", ""),
                handoff=self.text(f"{where} handoff", raw.get("handoff"), must=False),
                handoff_url=raw.get("handoff_url", ""),
                kinds=tuple(raw.get("kinds", ())),
                institution=bool(raw.get("institution", True)),
                decides=decides,
                checks=bool(raw.get("checks", True)),
                access=decides and bool(raw.get("access", True)),
                approves=raw.get("approves", ""),
                letters=raw.get("letters", ""),
                declaration=self.text(
                    f"{where} declaration", raw.get("declaration"), must="declaration" in raw
                ),
                needs=tuple(raw.get("needs", ())),
                single=bool(raw.get("single")),
                never=engine.not_for("decided" if decides else "conversation"),
            )

        made = self.each("type", self.agency.get("types", ()), "id", make)
        for each in made:
            if each.follows not in ("", OPEN, DECIDED):
                self.wrong(f"type {each.id}", f"follows a case that is {each.follows!r}")
            for path in filter(
                None,
                (
                    *each.needs,
                    each.reference,
                    each.until,
                    each.field if each.field != "type" else "",
                ),
            ):
                if path not in self.by_path:
                    self.wrong(f"type {each.id}", f"unknown field path {path!r}")
        here = {each.id for each in made if each.here}
        for id_ in sorted(here - forms.keys()):
            self.wrong(f"type {id_}", "has no form")
        for id_ in sorted(forms.keys() - here):
            self.wrong(f"form {id_}", "is of no type that is applied for here")
        return made

    # -- all -----------------------------------------------------------------------------------
    def scheme(self) -> Scheme:
        """The scheme, complete only when `errors` is empty."""
        agency = self.agency
        self.check_settings()
        forms = self.forms()
        types = self.types(forms)
        self.check_script_banks()
        kinds = self.attachments()
        self.check_rule_fields(forms, kinds)
        self.check_rules_settings()
        return Scheme(
            agency=agency.get("code", ""),
            version=agency.get("version", ""),
            config=agency,
            name=self.text("agency name", agency.get("name"), ALL_LANGUAGES),
            short_name=self.text("agency short name", agency.get("short_name"), ALL_LANGUAGES),
            about=self.text("agency about", agency.get("about"), ALL_LANGUAGES, must=False),
            languages=tuple(agency.get("languages", ())),
            letter_languages=tuple(agency.get("letter_languages", ())),
            timezone=agency.get("timezone", ""),
            country=agency.get("country", ""),
            search_config=agency.get("search_config", "simple"),
            open=bool(agency.get("open")),
            rules=self.rules,
            messages=self.messages(),
            open_messages=self.open_messages(),
            forms=forms,
            attachment_kinds=kinds,
            conditions=self.conditions(),
            checklist=self.checklist(),
            workflow=self.workflow(),
            known=dict(agency.get("known", {})),
            declaration=self.text("declaration", agency.get("declaration")),
            outcomes=self.outcomes(),
            letters=self.letters(),
            approval_sources=read_approval_sources(self),
            numbered_approvals=frozenset(agency.get("numbered_approvals", ())),
            more_letters={t.letters: self.letters(t.letters) for t in types if t.letters},
            types=types,
            guide=self.guide(),
            project=read_project(self, self.by_path),
            handoffs=read_handoffs(self, self.by_path),
            approval_lists=read_approval_lists(self),
            confidentiality=read_confidentiality(self, self.by_path),
            sample=getattr(self.python("sample"), "document", None),
            by_path=self.by_path,
        )
