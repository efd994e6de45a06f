"""The form of one section, made from the scheme, filled from the document."""

import json
from contextlib import suppress
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from applications.forms.fields import form_field
from applications.schemes import Section
from applications.selectors import pick
from portal.given import json_of


class SectionForm(forms.Form):
    """All single fields of a section (rows have their own pages).

    `values()` gives what was read by path, `typed()` what could not be read, as it was typed.
    `base` is what the person had on the screen: the gate compares with it.
    """

    base = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        section: Section,
        document: dict,
        typed: dict[str, str],
        language: str,
        data: Any = None,
    ) -> None:
        self.section, self.document = section, document
        self.paths = {f.path: f for f in section.fields if f.type != "rows" and f.asked}
        read = {path: pick(document, path) for path in self.paths}
        initial = {path: typed.get(path, value) for path, value in read.items()}
        initial["base"] = json.dumps(read, ensure_ascii=False)
        super().__init__(data, initial=initial)
        for path, field in self.paths.items():
            self.fields[path] = form_field(field, language)
        for path in typed:
            if path in self.paths and data is None:
                self.initial[path] = typed[path]

    def given(self) -> dict[str, Any]:
        """The values to save by path; a field that could not be read keeps its old value."""
        self.is_valid()
        values = {}
        for path in self.paths:
            if not self._posted(path):
                continue
            if path in self.errors:
                values[path] = pick(self.document, path)
            else:
                values[path] = self.cleaned_data[path]
        return values

    def typed(self) -> dict[str, str]:
        """What was typed into fields that could not be read, by path."""
        return {path: self.data.get(path, "") for path in self.paths if path in self.errors}

    def read_base(self) -> dict[str, Any]:
        """What the person had on the screen, by path; {} when it is not there. Raises BadRequest
        for a damaged one."""
        base = json_of(self.data.get("base"), {})
        return base if isinstance(base, dict) else {}

    def seen(self) -> dict[str, Any]:
        """Texts of somebody else that the person was shown beside their own, by path."""
        shown = {}
        for path in self.paths:
            with suppress(KeyError):
                shown[path] = json_of(self.data[f"seen:{path}"])
        return shown

    def keep_base(self, base: dict[str, Any]) -> None:
        """For these paths the person goes on from what they had on the screen."""
        now = json.loads(self.initial["base"])
        self.initial["base"] = json.dumps(now | base, ensure_ascii=False)

    def _posted(self, path: str) -> bool:
        # Unticked boxes and radios post nothing: the marker says that the question was there.
        return path in self.data or f"{path}:asked" in self.data

    def typed_errors(self, typed: dict[str, str]) -> dict[str, list[str]]:
        """Messages for texts typed earlier that are no valid values."""
        errors = {}
        for path in typed:
            if path in self.paths:
                try:
                    self.fields[path].clean(typed[path])
                except forms.ValidationError as wrong:
                    errors[path] = [str(m) for m in wrong.messages]
                else:
                    errors[path] = [_("Save this field again.")]
        return errors
