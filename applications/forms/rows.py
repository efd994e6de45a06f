"""Tables of rows: what is shown, and the form of one row."""

from dataclasses import dataclass
from typing import Any

from django import forms

from applications.forms.fields import form_field
from applications.models import Application, Row
from applications.schemes import Field
from applications.selectors.words import in_words

PER_PAGE = 50


class RowForm(forms.Form):
    """One row of a list; the columns are those that the scheme asks for.

    A cell that cannot be read makes the form invalid: a row is saved whole or not at all, and
    what was typed stands in the form again.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, field: Field, language: str, row: Row | None = None, data: Any = None):
        self.columns = [c for c in field.columns if c.asked]
        initial = dict(row.data) if row else {}
        initial["version"] = row.version if row else None
        prefix = f"row-{row.pk}" if row else "new"
        super().__init__(data, initial=initial, auto_id=f"{prefix}-%s")
        for column in self.columns:
            made = form_field(column, language)
            if isinstance(made.widget, forms.Textarea):
                made.widget.attrs["rows"] = 2
            self.fields[column.path] = made

    def always(self) -> list[forms.BoundField]:
        """The inputs that stand open."""
        return [self[c.path] for c in self.columns if not c.folded]

    def folded(self) -> list[forms.BoundField]:
        """The inputs that few need, folded away."""
        return [self[c.path] for c in self.columns if c.folded]

    def unfolded(self) -> bool:
        """Whether one of those holds something, or is wrong: then it must be seen."""
        return any(field.errors or field.value() not in (None, "", []) for field in self.folded())

    def row_data(self) -> dict:
        """The row's content after `is_valid`, without empty cells."""
        data = {c.path: self.cleaned_data.get(c.path) for c in self.columns}
        return {name: value for name, value in data.items() if value not in (None, "", [])}


@dataclass
class Line:
    """One row as shown: its position among all rows, and the cells in words."""

    pk: int
    index: int
    cells: list[dict]


def _filled_columns(field: Field, rows: list[Row]) -> list[Field]:
    """The columns that say anything in these rows; the first three always, so that a table with
    twenty columns stays readable."""
    shown = [c for c in field.columns if c.asked or c.computed]
    return [
        column
        for at, column in enumerate(shown)
        if at < 3 or any(row.data.get(column.path) not in (None, "", []) for row in rows)
    ]


@dataclass
class RowTable:
    """One page of a table of rows, paged by position."""

    field: Field
    path: str
    columns: list[Field]
    headings: list[str]
    lines: list[Line]
    total: int
    first: int
    next_after: int | None
    previous: bool
    form: RowForm
    small: bool

    @classmethod
    def of(
        cls,
        application: Application,
        field: Field,
        language: str,
        after: int = -1,
        form: RowForm | None = None,
    ) -> "RowTable":
        """The rows of `field` behind position `after`, at most PER_PAGE of them."""
        rows = Row.objects.filter(application=application, list_path=field.path)
        total = rows.count()
        page = list(rows.filter(position__gt=after).order_by("position")[: PER_PAGE + 1])
        before = rows.filter(position__lte=after).count() if after >= 0 else 0
        more = len(page) > PER_PAGE
        page = page[:PER_PAGE]
        columns = _filled_columns(field, page)
        lines = [
            Line(
                row.pk,
                before + offset,
                [
                    {
                        "label": c.label(language),
                        "text": in_words(c, row.data.get(c.path), language),
                    }
                    for c in columns
                ],
            )
            for offset, row in enumerate(page)
        ]
        return cls(
            field,
            field.path,
            columns,
            [c.label(language) for c in columns],
            lines,
            total,
            before,
            page[-1].position if more else None,
            after >= 0,
            form or RowForm(field, language),
            total <= PER_PAGE,
        )
