"""No sign that nobody sees gets in by any form or command: such signs make one name look like another, turn
a file name round, and break what reads the text later."""

import ast
import importlib
import pkgutil
from copy import deepcopy
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.forms.renderers import get_default_renderer
from django.utils.module_loading import import_string

from applications import schemes, workflow
from applications.commands.cleaning import AS_STORED, cleaned
from applications.forms.fields import form_field
from applications.models import Application, Note, Row
from portal.files.child.signs import UNSEEN
from portal.ui.rendering import Renderer
from tests.integration.applications.conftest import world  # noqa: F401

ROOT = Path(__file__).resolve().parents[2]
APPS = ("portal", "institutions", "catalogue", "applications", "decisions")
# A direction mark, a zero width space, a bell, a soft hyphen, a byte order mark, an A with a ring in two
# signs, and a line end.
DIRTY = "Re\u202en\u200be\x07 w\u00ador\ufeffds A\u030a\r\nx"
ONE, SEVERAL = "Rene words Å x", "Rene words Å\nx"


def forms_of_the_house():
    """Every form class of ours, and those of the sign-in library that are in use."""
    for app in APPS:
        package = importlib.import_module(app)
        for found in pkgutil.walk_packages(package.__path__, f"{app}."):
            if not any(
                part in found.name
                for part in ("migrations", "management", "settings", "gunicorn", "wsgi")
            ):
                importlib.import_module(found.name)
    waiting, seen = [forms.BaseForm], set()
    while waiting:
        for kind in waiting.pop().__subclasses__():
            if kind not in seen:
                seen.add(kind)
                waiting.append(kind)
    used = {
        import_string(path)
        for names in (settings.ACCOUNT_FORMS, settings.MFA_FORMS)
        for path in names.values()
    }
    return sorted(
        (kind for kind in seen if kind in used or kind.__module__.split(".")[0] in APPS),
        key=lambda kind: f"{kind.__module__}.{kind.__qualname__}",
    )


FORMS = forms_of_the_house()
TYPED = [
    (f"{kind.__module__}.{kind.__qualname__}.{name}", field)
    for kind in FORMS
    for name, field in kind.base_fields.items()
    if isinstance(field, forms.CharField)
    and not isinstance(field.widget, forms.PasswordInput | forms.HiddenInput)
]


def answered(field):
    """What a form makes of the field when it is sent signs that nobody sees."""
    one = type("One", (forms.Form,), {"x": deepcopy(field)})
    form = one({"x": DIRTY})
    return form.cleaned_data.get("x") if form.is_valid() else None, form


def test_there_are_forms_to_look_at():
    assert len(FORMS) > 40
    assert len(TYPED) > 40


@pytest.mark.parametrize(("where", "field"), TYPED, ids=[where for where, _field in TYPED])
def test_a_field_for_text_takes_only_what_can_be_seen(where, field):
    value, form = answered(field)
    shown = str(form["x"])
    assert not UNSEEN.search(shown), "nor is it shown again"
    if value is not None:
        told = "\n".join(value) if isinstance(value, list) else str(value)
        assert not UNSEEN.search(told)
        assert "A\u030a" not in told
        assert ("\n" in told) <= isinstance(field.widget, forms.Textarea)


@pytest.mark.parametrize("kind", ["text", "longtext", "phone", "orgnumber", "email", "list"])
def test_the_fields_of_schemes_do_the_same(kind):
    fields = [
        f
        for scheme in schemes.all_current()
        for table in scheme.forms.values()
        for section in table.sections
        for outer in section.fields
        for f in (outer, *outer.columns)
        if f.type == kind and f.asked
    ]
    assert fields
    for found in fields[:20]:
        value, form = answered(form_field(found, "en"))
        assert not UNSEEN.search(str(form["x"]) + repr(value)), found.path


def test_a_password_is_taken_as_it_was_typed():
    value, _form = answered(forms.CharField(widget=forms.PasswordInput, strip=False))
    assert value == DIRTY


def test_every_form_is_rendered_by_the_renderer_that_cleans():
    assert isinstance(get_default_renderer(), Renderer)
    assert [kind for kind in FORMS if kind.default_renderer is not None] == []
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.keyword):
                    assert node.arg not in ("renderer", "bound_field_class"), path


def test_nobody_gives_a_handler_a_payload_but_the_gate_that_cleans_it():
    writing = []
    for app in ("applications", "decisions"):
        for path in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                targets = node.targets if isinstance(node, ast.Assign) else []
                if any(isinstance(t, ast.Attribute) and t.attr == "payload" for t in targets):
                    writing.append((path.relative_to(ROOT).as_posix(), ast.unparse(node.value)))
    assert [where for where, _value in writing] == ["applications/commands/gate.py"]
    assert writing[0][1].startswith("cleaned(")


def test_whatever_the_command_every_text_in_its_payload_is_cleaned():
    """All names that handlers read, with texts in every shape in which they come."""
    fields = schemes.current("SSB").fields(schemes.current("SSB").types[0].id)
    names = set()
    for app in ("applications", "decisions"):
        for path in (ROOT / app / "commands").glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Constant)
                    and isinstance(node.value, str)
                    and node.value.isidentifier()
                ):
                    names.add(node.value)
    assert len(names) > 60
    assert workflow.COMMANDS
    payload = {name: {"a": [DIRTY, {"b": DIRTY}], "c": DIRTY} for name in names - AS_STORED}
    assert not UNSEEN.search(repr(cleaned(payload | {"list": "variables"}, lambda: fields)))


def test_what_commands_write_is_clean_and_a_line_is_one_line(world):  # noqa: F811
    case = world.draft()
    values = {"project.title": DIRTY, "purpose.text": DIRTY}
    world.do("save_section", case, "applicant", {"section": "", "values": values})
    assert case.answers["project"]["title"] == ONE
    assert case.answers["purpose"]["text"] == SEVERAL
    assert Application.objects.get(pk=case.pk).title == ONE
    row = {"name": DIRTY, "register": DIRTY}
    world.do("save_row", case, "applicant", {"list": "variables", "data": row})
    world.do("import_rows", case, "applicant", {"list": "variables", "rows": [row]})
    for kept in Row.objects.filter(application=case):
        assert (kept.data["name"], kept.data["register"]) == (ONE, ONE)


def test_a_note_keeps_its_lines_and_nothing_unseen(world):  # noqa: F811
    case = world.submitted()
    world.do("add_note", case, "case_officer", {"body": DIRTY})
    assert Note.objects.get(application=case).body == SEVERAL
