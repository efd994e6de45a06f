"""Form controls of every form on the site (ours and allauth's) in Designsystemet.

`FORM_RENDERER = "portal.ui.rendering.Renderer"` makes each bound field a `Field`: its control has
the class `ds-input`, names its help, `why` and errors by aria-describedby, and never cuts a pasted
text off silently (a counter says what is too long instead). What is sent is cleaned.
"""

from typing import Any

from django.forms import BoundField, CheckboxSelectMultiple, PasswordInput, RadioSelect, Textarea
from django.forms.renderers import DjangoTemplates

from portal.text import line, text

CHOICES = (RadioSelect, CheckboxSelectMultiple)


class Field(BoundField):
    """A bound field that knows its ids: `id_x_helptext`, `id_x_error`, `id_x_counter`."""

    def build_widget_attrs(self, attrs: dict, widget: Any = None) -> dict:
        """Attributes of the control, over Django's own."""
        built = super().build_widget_attrs(attrs, widget)
        control = widget or self.field.widget
        if control.is_hidden:
            return built
        classes = f"{control.attrs.get('class', '')} {built.get('class', '')} ds-input"
        built["class"] = " ".join(dict.fromkeys(classes.split()))
        if isinstance(control, Textarea) and control.attrs.get("maxlength"):
            built["maxlength"] = False  # the browser would cut what is pasted without a word
            built["data-maxlength"] = control.attrs["maxlength"]
        return built

    @property
    def data(self) -> Any:
        """What was sent for this field, cleaned (portal.text): every field of every form passes
        here, shown again or not. A password stays as it was typed, and so does what no person did."""
        given = super().data
        widget = self.field.widget
        if widget.is_hidden or isinstance(widget, PasswordInput):
            return given
        clean = text if isinstance(widget, Textarea) else line
        if isinstance(given, list):
            return [clean(each) if isinstance(each, str) else each for each in given]
        return clean(given) if isinstance(given, str) else given

    @property
    def described_by(self) -> str:
        """Ids of what describes this field, for a fieldset around several controls."""
        return self.aria_describedby or ""

    @property
    def is_group(self) -> bool:
        """Whether the field is several controls under one legend."""
        return isinstance(self.field.widget, CHOICES)

    @property
    def longest(self) -> int | None:
        """How many characters fit, for a counter under a text area."""
        longest = self.field.widget.attrs.get("maxlength")
        return int(longest) if longest and isinstance(self.field.widget, Textarea) else None

    @property
    def first_id(self) -> str:
        """Id of the control that a link from the error summary goes to."""
        if self.is_group:
            return f"{self.auto_id}_0"
        return self.id_for_label or self.auto_id


class Renderer(DjangoTemplates):
    """Django's form renderer with our bound fields."""

    bound_field_class = Field
