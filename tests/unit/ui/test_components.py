"""The shared components say in words what they show, and tie words to controls."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.template import engines

from applications.enums import State
from portal.ui.states import LOOKS

SPRITE = (Path(settings.BASE_DIR) / "static/icons.svg").read_text()
DRAWN = set(re.findall(r'<symbol id="([a-z-]+)"', SPRITE))


def rendered(source: str, **context: Any) -> str:
    template = engines["django"].from_string("{% load ui crispy_forms_tags %}" + source)
    return template.render(context)


class Sample(forms.Form):
    title = forms.CharField(label="Title", help_text="Short.", max_length=20)
    purpose = forms.CharField(label="Purpose", widget=forms.Textarea, max_length=50, required=False)
    personal = forms.ChoiceField(
        label="Personal data?",
        help_text="Also small enterprises.",
        choices=[("yes", "Yes"), ("no", "No")],
        widget=forms.RadioSelect,
    )
    agree = forms.BooleanField(label="I agree")


@pytest.fixture
def faulty() -> Sample:
    return Sample({"title": "x" * 21, "purpose": "y" * 51})


def ids(html: str) -> set[str]:
    return set(re.findall(r'\bid="([^"]+)"', html))


def test_every_description_that_a_control_names_is_on_the_page(faulty: Sample) -> None:
    html = rendered("{{ form|crispy }}", form=faulty)
    named = {i for names in re.findall(r'aria-describedby="([^"]*)"', html) for i in names.split()}
    assert {"id_title_helptext", "id_title_error", "id_personal_error"} <= named
    assert named <= ids(html)


def test_every_line_of_the_error_summary_leads_to_a_control(faulty: Sample) -> None:
    html = rendered("{% error_summary form %}{{ form|crispy }}", form=faulty)
    targets = set(re.findall(r'href="#([^"]+)"', html))
    assert targets == {"id_title", "id_purpose", "id_personal_0", "id_agree"}
    controls = set(re.findall(r'<(?:input|textarea|select)[^>]*\bid="([^"]+)"', html))
    assert targets <= controls


def test_a_form_without_errors_has_no_error_summary() -> None:
    assert "error-summary" not in rendered("{{ form|crispy }}", form=Sample())


def test_a_group_of_choices_is_named_by_a_legend(faulty: Sample) -> None:
    html = rendered("{{ form.personal|as_crispy_field }}", form=faulty)
    assert re.search(r"<fieldset[^>]*>\s*<legend[^>]*>Personal data\?", html)
    assert html.count('type="radio"') == 2


def test_a_pasted_text_is_counted_and_never_cut_off(faulty: Sample) -> None:
    html = rendered("{% field form.purpose %}", form=faulty)
    assert " maxlength=" not in html
    assert 'data-longest="50"' in html
    assert "At most 50 characters" in html


def test_a_short_field_still_stops_at_its_length() -> None:
    assert 'maxlength="20"' in rendered("{{ form.title }}", form=Sample())


def test_a_control_keeps_the_class_it_was_given() -> None:
    class Own(forms.Form):
        x = forms.CharField(widget=forms.TextInput(attrs={"class": "mine"}))

    assert 'class="mine ds-input"' in rendered("{{ form.x }}", form=Own())


def test_the_reason_behind_a_question_stands_beside_it() -> None:
    form = Sample()
    form.fields["title"].why = "Because <b> the act says so."  # type: ignore[attr-defined]
    html = rendered("{{ form|crispy }}", form=form)
    assert "Why do we ask?" in html
    assert "Because &lt;b&gt; the act says so." in html


def test_findings_say_in_words_how_grave_they_are() -> None:
    found = [
        SimpleNamespace(
            id=f"SSB-{s}", severity=s, message=f"m {s}", where="Variables: 4", source="002 §5"
        )
        for s in ("BLOCK", "FLAG", "INFO")
    ]
    html = rendered("{% findings found %}", found=found)
    for words in (
        "Must be put right",
        "Will be asked about",
        "Good to know",
        "Variables: 4",
        "002 §5",
    ):
        assert words in html


def test_a_change_is_told_in_words_as_well_as_in_colours() -> None:
    html = rendered("{% diff old new %}", old="five years", new="six <b>")
    assert "removed:" in html
    assert "added:" in html
    assert "&lt;b&gt;" in html


def test_every_state_of_a_case_has_its_own_icon_and_colour() -> None:
    for state in State:
        assert state in LOOKS
        assert LOOKS[state].icon in DRAWN


def test_every_icon_that_is_asked_for_has_been_drawn() -> None:
    asked = {look.icon for look in LOOKS.values() if look.icon}
    for path in (Path(settings.BASE_DIR) / "templates").rglob("*.html"):
        asked |= set(re.findall(r'{% icon(?:_address)? "([^"]+)"', path.read_text()))
    assert asked <= DRAWN


def test_user_text_in_a_box_is_escaped() -> None:
    html = rendered("{% alert heading=text %}<p>{{ text }}</p>{% endalert %}", text="<script>")
    assert "<script>" not in html


def test_steps_say_which_one_is_now() -> None:
    html = rendered("{% stepper steps 2 %}", steps=["Upload", "Check", "Take over"])
    assert html.count('aria-current="step"') == 1
    assert re.search(r'aria-current="step"><span>Check', html)


def test_a_page_of_a_list_that_is_the_only_one_has_no_links() -> None:
    assert "<a" not in rendered("{% pages %}")


def test_a_box_for_a_file_names_its_hint_and_its_error() -> None:
    class Letter(forms.Form):
        letter = forms.FileField(label="Letter")

    html = rendered("{% upload form.letter hint='PDF only' %}", form=Letter({}, {}))
    named = re.search(r'<input[^>]*aria-describedby="([^"]+)"', html)
    assert named
    assert set(named.group(1).split()) == {"id_letter_helptext", "id_letter_error"}
    assert set(named.group(1).split()) <= ids(html)
