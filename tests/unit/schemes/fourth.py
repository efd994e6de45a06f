"""A fourth agency, invented: the smallest scheme that is sound, to be broken in tests."""

from pathlib import Path

from applications.enums import State
from applications.workflow import DECIDED

FIVE = 'nb = "{0}", nn = "{0}", da = "{0}", sv = "{0}", en = "{0}"'


def five(text: str) -> str:
    """The text in five languages, as an inline table."""
    return "{ " + FIVE.format(text) + " }"


FILES = {
    "agency.toml": f"""
code = "NSI"
version = "2026-1"
open = true
country = "IS"
languages = ["nn"]
letter_languages = ["nn"]
timezone = "Atlantic/Reykjavik"
search_config = "simple"
case_number = "{{agency}}/{{year}}/{{number}}"
name = {five("Fourth")}
short_name = {five("NSI")}
declaration = {{ nn = "Ja", en = "Yes" }}
[known]
"applicant.name" = "name"
[outcomes]
{"".join(f"{outcome} = {five(outcome)}" + chr(10) for outcome in DECIDED)}
[[types]]
id = "new"
label = {five("Order")}
""",
    "workflow.toml": f"""
commands = ["save_section", "submit"]
[deadlines]
queue = 7
assessment = 30
return = 14
acceptance = 14
appeal = 21
[states]
{"".join(f"{state}.label = {five(state)}" + chr(10) for state in State)}
[labels]
abroad = {five("abroad")}
""",
    "forms/order.toml": """
types = ["new"]
[[sections]]
id = "who"
title = { nn = "Kven", en = "Who" }
[[sections.fields]]
path = "applicant.name"
type = "text"
label = { nn = "Namn", en = "Name" }
[[sections.fields]]
path = "level"
type = "enum"
label = { nn = "Nivå", en = "Level" }
options = [ { value = "a", label = { nn = "A", en = "A" } }, { value = "b", label = { nn = "B", en = "B" } } ]
[[sections.fields]]
path = "people"
type = "rows"
label = { nn = "Folk", en = "People" }
show_when = "level_b"
[[sections.fields.columns]]
path = "name"
type = "text"
label = { nn = "Namn", en = "Name" }
""",
    "attachments.toml": """
[[kinds]]
kind = "plan"
label = { nn = "Plan", en = "Plan" }
show_when = "level_b"
""",
    "conditions.toml": """
[[conditions]]
id = "NSI-CND-01"
picked_when = "level_b"
text = { nn = "Slett seinast {day}.", en = "Delete by {day}." }
[[conditions.placeholders]]
id = "day"
type = "date"
label = { nn = "dag", en = "day" }
""",
    "checklist.toml": """
[[items]]
id = "harm"
label = { nn = "Ulempe", en = "Harm" }
""",
    "letters.toml": """
[[legal]]
text = { nn = "Lova", en = "The act" }
outcomes = ["refused"]
[[appeal]]
nn = "Klag."
en = "Appeal."
""",
    "guide.toml": f"""
first = "need"
[[questions]]
id = "need"
text = {five("Need?")}
[[questions.answers]]
id = "yes"
to = "apply"
text = {five("Yes")}
[[results]]
id = "apply"
title = {five("Apply")}
text = {five("Apply here.")}
apply = "new"
""",
    "messages.toml": f"""
NSI-FLD-01 = {five("Say who.")}
""",
    "derived.py": """
from applications.completeness import Doc


def level_b(d: Doc) -> bool:
    return d["level"] == "b"
""",
    "checks/__init__.py": """
from applications.completeness import collect
from applications.schemes.nsi.v2026_1.checks import rules

RULES = collect(rules)
""",
    "checks/rules.py": """
from applications.completeness import BLOCK, Doc, empty, rule
from applications.schemes.nsi.v2026_1.derived import level_b


@rule("NSI-FLD-01", BLOCK, source="invented", fields=("people.name", "attachments.plan"))
def nobody(d: Doc) -> bool:
    return level_b(d) and empty(d["people"])
""",
    "__init__.py": "",
}


def write(folder: Path, changes: dict[str, tuple[str, str] | str | None] | None = None) -> Path:
    """Writes the package under `folder` and gives `folder` back.

    `changes`: file name -> (old, new) replaces text that must be there; a text adds to the file;
    None leaves it out.
    """
    package = folder / "nsi" / "v2026_1"
    package.mkdir(parents=True, exist_ok=True)
    (package.parent / "__init__.py").write_text("")
    for name, text in FILES.items():
        change = (changes or {}).get(name, "")
        if change is None:
            continue
        if isinstance(change, tuple):
            assert change[0] in text, f"{name} does not hold {change[0]!r}"
            text = text.replace(*change)
        else:
            text += change
        path = package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
