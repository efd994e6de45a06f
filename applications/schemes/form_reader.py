"""Reads forms/*.toml and attachments.toml: what applicants fill in."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from applications.completeness.common import RULES as COMMON_RULES
from applications.schemes.code_paths import read_in
from applications.schemes.model import (
    ADVISERS,
    AttachmentKind,
    Field,
    Form,
    Hint,
    Option,
    Section,
    belongs,
)
from applications.schemes.reader import Reader
from applications.schemes.text import Text

FIELD_TYPES = frozenset(
    [
        "text",
        "longtext",
        "date",
        "year",
        "bool",
        "enum",
        "enums",
        "country",
        "email",
        "phone",
        "orgnumber",
        "list",
        "number",
        "money",
        "rows",
    ]
)
FIELD_KEYS = frozenset(
    [
        "path",
        "type",
        "label",
        "help",
        "why",
        "options",
        "columns",
        "show_when",
        "max_length",
        "autocomplete",
        "computed",
        "folded",
        "at",
        "rules",
        "source",
        "choices_from",
        "names_from",
        "offered_from",
        "offered_as",
        "catalogue",
    ]
)
ATTACHMENTS = "attachments"
# What every document holds, whatever its form asks (applications.selectors.document).
ALWAYS_THERE = frozenset(
    [
        *("agency", "type", "scheme", ATTACHMENTS),
        *(f"{ATTACHMENTS}.{fact}" for fact in ("kind", "filename", "ext", "size", "updated")),
    ]
)
CATALOGUES = ("variables", "registers")
# Facts that nobody disputes: what is applied for, and the number that the agency gives.
UNDISPUTED = ("", "type", "number", "owner_orcid")
# Where the document keeps what an applicant says of facts that the portal knows.
DISPUTED = "disputed"
DISPUTE = {
    "nb": "Hva er feil ved «{}»?",
    "nn": "Kva er feil ved «{}»?",
    "da": "Hvad er forkert ved »{}«?",
    "sv": "Vad är fel med ”{}”?",
    "en": "What is wrong with “{}”?",
}


class FormReader(Reader):
    """The forms of a scheme, by application type, and its kinds of attachments."""

    def __init__(self, folder: Path, module: str) -> None:
        super().__init__(folder, module)
        self.by_path: dict[str, Field] = {}
        self.known: dict[str, str] = dict(self.agency.get("known", {}))

    # -- rules beside fields ---------------------------------------------------------------------
    def rules_beside(self, path: str, more: Any = ()) -> tuple[str, ...]:
        """The rules that are mended at `path`, and `more` that the field itself names."""
        for rule_id in more:
            if rule_id not in self.rules:
                self.wrong(f"field {path}", f"unknown rule {rule_id}")
        found = [
            rule.id
            for rule in self.rules.values()
            if any(belongs(field, path) for field in rule.fields)
        ]
        return tuple(dict.fromkeys([*found, *more]))

    def check_rule_fields(
        self, forms: Mapping[str, Form], kinds: tuple[AttachmentKind, ...]
    ) -> None:
        """Notes rules of the agency that point at a field or kind that is not there."""
        there = {*self.by_path, ATTACHMENTS, *(f"{ATTACHMENTS}.{k.kind}" for k in kinds)}
        for rule in self.rules.values():
            if rule.id in COMMON_RULES:
                continue  # they speak of fields that not every agency has
            for path in rule.fields:
                if path not in there and not any(belongs(f, path) for f in there):
                    self.wrong(f"rule {rule.id}", f"unknown field path {path!r}")
        for path in self.known:
            if path not in self.by_path:
                self.wrong("agency.toml known", f"unknown field path {path!r}")
        self.check_code({k.kind for k in kinds})

    def check_code(self, kinds: Collection[str]) -> None:
        """Notes what the package's Python reads and no form has, and settings nobody reads."""
        reads = read_in(self.folder)
        branches = {p.rsplit(".", n)[0] for p in self.by_path for n in range(1, p.count(".") + 1)}
        there = {
            "path": {*self.by_path, *branches, *ALWAYS_THERE},
            "kind": {*kinds},
        }
        told = {"path": "unknown field path", "kind": "unknown kind of attachment"}
        for read in reads:
            if read.what in there and read.name not in there[read.what]:
                self.wrong(read.place, f"{told[read.what]} {read.name!r}")
        settings = {read.name for read in reads if read.what == "setting"}
        self.only("agency.toml checks", self.agency.get("checks", {}), settings)

    # -- forms -----------------------------------------------------------------------------------
    def option(self, where: str, raw: Mapping[str, Any]) -> Option:
        self.only(where, raw, ("value", "label", "help"))
        return Option(
            value=raw["value"],
            label=self.text(where, raw.get("label")),
            help=self.text(f"{where} help", raw.get("help"), must=False),
        )

    def field(self, raw: Mapping[str, Any], table: str = "") -> Field:
        """One field, or one column of the rows at `table`."""
        path = str(raw["path"])
        full = f"{table}.{path}" if table else path
        where = f"field {full}"
        self.only(where, raw, FIELD_KEYS)
        kind = raw.get("type")
        if kind not in FIELD_TYPES or (table and kind == "rows"):
            self.wrong(where, f"unknown type {kind!r}")
        options = self.each(f"{where} option", raw.get("options", ()), "value", self.option)
        if (kind in ("enum", "enums")) != bool(options):
            self.wrong(where, "options belong to enum and enums, which need them")
        columns = self.each(
            f"{where} column",
            raw.get("columns", ()),
            "path",
            lambda _, column: self.field(column, full),
        )
        if (kind == "rows") != bool(columns):
            self.wrong(where, "columns belong to rows, which need them")
        if raw.get("at", "draft") not in ("draft", "acceptance"):
            self.wrong(where, f"is asked at {raw['at']!r}, which is no station")
        made = Field(
            path=path,
            type=str(kind),
            label=self.text(f"{where} label", raw.get("label")),
            help=self.text(f"{where} help", raw.get("help"), must=False),
            why=self.text(f"{where} why", raw.get("why"), must=False),
            options=options,
            columns=columns,
            show=self.predicate(where, raw.get("show_when")),
            max_length=raw.get("max_length"),
            autocomplete=raw.get("autocomplete", ""),
            known=self.known.get(full, ""),
            computed=bool(raw.get("computed")),
            folded=bool(raw.get("folded")),
            at=raw.get("at", "draft"),
            rules=self.rules_beside(full, raw.get("rules", ())),
            source=raw.get("source", ""),
            choices_from=raw.get("choices_from", ""),
            names_from=raw.get("names_from", ""),
            offered_from=raw.get("offered_from", ""),
            offered_as=raw.get("offered_as", ""),
            catalogue=raw.get("catalogue", ""),
        )
        if (made.choices_from or made.names_from) and (kind != "text" or table):
            self.wrong(where, "only a single text is chosen from a fact")
        if bool(made.offered_from) != any(c.offered_as for c in columns):
            self.wrong(where, "rows that are offered say what their columns take, and only those")
        if made.catalogue and (kind != "rows" or made.catalogue not in CATALOGUES):
            self.wrong(where, f"rows are picked from one of {', '.join(CATALOGUES)}")
        self.by_path.setdefault(full, made)
        return made

    def hint(self, where: str, raw: Mapping[str, Any]) -> Hint:
        self.only(where, raw, ("id", "beside", "text", "when"))
        if raw.get("beside") not in self.by_path:
            self.wrong(where, f"unknown field path {raw.get('beside')!r}")
        text = self.text(where, raw.get("text"))
        return Hint(raw["id"], raw.get("beside", ""), text, self.predicate(where, raw.get("when")))

    def dispute(self, known: Field) -> Field:
        """The question by which the applicant can say that a known fact is wrong."""
        path = f"{DISPUTED}.{known.path.replace('.', '_')}"
        words = {lang: DISPUTE[lang].format(known.label(lang)) for lang in known.label.texts}
        made = Field(
            path,
            "longtext",
            Text(words),
            show=known.show,
            max_length=2000,
            source=known.source,
            disputes=known.path,
        )
        return self.by_path.setdefault(path, made)

    def section(self, where: str, raw: Mapping[str, Any]) -> Section:
        self.only(where, raw, ("id", "title", "intro", "show_when", "fields", "hints", "advice"))
        if raw.get("advice", "") not in ("", *ADVISERS):
            self.wrong(where, f"nobody gives the advice {raw['advice']!r}")
        given = self.each(
            f"{where} field", raw.get("fields", ()), "path", lambda _, field: self.field(field)
        )
        fields: list[Field] = []
        for each in given:
            fields.append(each)
            if each.known not in UNDISPUTED:
                fields.append(self.dispute(each))
        return Section(
            id=raw["id"],
            title=self.text(f"{where} title", raw.get("title")),
            intro=self.text(f"{where} intro", raw.get("intro"), must=False),
            fields=tuple(fields),
            show=self.predicate(where, raw.get("show_when")),
            hints=self.each(f"{where} hint", raw.get("hints", ()), "id", self.hint),
            advice=raw.get("advice", ""),
        )

    def forms(self) -> dict[str, Form]:
        """By application type. A file says with `types` whose sections it holds (else its name)."""
        sections: dict[str, list[Section]] = {}
        for path in sorted((self.folder / "forms").glob("*.toml")):
            raw = self.toml(f"forms/{path.stem}")
            self.only(f"forms/{path.name}", raw, ("types", "sections"))
            made = self.each("section", raw.get("sections", ()), "id", self.section)
            for type in raw.get("types", [path.stem]):
                sections.setdefault(type, []).extend(made)
        if not sections:
            self.wrong("forms", "there is no form")
        for type, found in sections.items():
            self.once(f"form {type}", "section", [s.id for s in found])
            self.once(f"form {type}", "field", [f.path for s in found for f in s.fields])
        return {type: Form(type, tuple(found)) for type, found in sections.items()}

    def once(self, where: str, what: str, ids: list[str]) -> None:
        """Notes what is there twice."""
        for id_ in sorted({i for i in ids if ids.count(i) > 1}):
            self.wrong(where, f"{what} {id_} is there twice")

    # -- attachments -----------------------------------------------------------------------------
    def attachments(self) -> tuple[AttachmentKind, ...]:
        """attachments.toml."""

        def make(where: str, raw: Mapping[str, Any]) -> AttachmentKind:
            self.only(
                where,
                raw,
                ("kind", "label", "help", "show_when", "rules", "optional", "source", "lists"),
            )
            return AttachmentKind(
                kind=raw["kind"],
                label=self.text(f"{where} label", raw.get("label")),
                help=self.text(f"{where} help", raw.get("help"), must=False),
                show=self.predicate(where, raw.get("show_when")),
                rules=self.rules_beside(f"{ATTACHMENTS}.{raw['kind']}", raw.get("rules", ())),
                optional=bool(raw.get("optional")),
                source=raw.get("source", ""),
                lists=bool(raw.get("lists")),
            )

        return self.each("attachment", self.toml("attachments").get("kinds", ()), "kind", make)
