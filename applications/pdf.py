"""The PDF of a frozen submission: everything that was sent, on paper; long lists are annexes."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from applications import selectors
from applications.commands.editing import TITLE
from applications.forms import filenames
from applications.models import Submission
from applications.selectors.review import summary
from applications.selectors.words import moment_in_words
from portal.pdf import draw
from portal.pdf.drawing import template_css
from portal.pdf.printable import spelt
from portal.pdf.volumes import Annex, Listing

# What a table on the paper itself may have; WeasyPrint takes milliseconds for a cell.
MOST_ROWS, MOST_CELLS = 200, 1500


def is_long(table: dict[str, Any]) -> bool:
    """Whether a table of `summary` is drawn as annexes."""
    return bool(table["total"] > MOST_ROWS or table["total"] * len(table["headings"]) > MOST_CELLS)


def has_long_lists(submission: Submission) -> bool:
    """Whether anything of a submission is drawn as annexes."""
    scheme = selectors.scheme_of(submission.application)
    form = scheme.form(submission.application.type, submission.document)
    parts = summary(list(form.sections), submission.document, "en", most=0)
    return any(line["table"] and is_long(line["table"]) for p in parts for line in p["lines"])


def long_lists(submission: Submission) -> dict[str, Listing]:
    """The lists of a submission that are drawn as annexes, by their field path."""
    application = submission.application
    scheme = selectors.scheme_of(application)
    language = application.language
    form = scheme.form(application.type, submission.document)
    name = f"{application.number}-{submission.sequence}"
    title = selectors.pick(submission.document, TITLE) or application.sent_title
    with override(language):
        sent = _("Submission %(n)d, %(moment)s") % {
            "n": submission.sequence,
            "moment": moment_in_words(submission.submitted_at, scheme.timezone, language),
        }
    return {
        line["path"]: Listing(
            title=line["label"],
            agency=scheme.name(language),
            reference=str(application.number),
            language=language,
            headings=line["table"]["headings"],
            rows=line["table"]["lines"],
            moment=submission.submitted_at,
            filename=filenames.clean(f"{name}-{line['label']}".replace("/", "-")),
            lead=[title, sent],
        )
        for part in summary(list(form.sections), submission.document, language, most=None)
        for line in part["lines"]
        if line["table"] and is_long(line["table"])
    }


def submission_pdf(submission: Submission, annexes: dict[str, list[Annex]]) -> bytes:
    """The frozen copy as PDF/A-3a with the document attached as JSON. Same in, same bytes out.

    `annexes`: the volumes of each of `long_lists`, which are named in its place.
    """
    application = submission.application
    scheme = selectors.scheme_of(application)
    language = application.language
    form = scheme.form(application.type, submission.document)
    parts = summary(list(form.sections), submission.document, language, most=MOST_ROWS)
    for line in (line for part in parts for line in part["lines"]):
        if line["table"] and is_long(line["table"]):
            line["annexes"] = annexes[line["path"]]
    with override(language):
        html = render_to_string(
            "applications/pdf/submission.html",
            {
                "application": application,
                "submission": submission,
                "title": selectors.pick(submission.document, TITLE) or application.sent_title,
                "language": language,
                "agency": scheme.name(language),
                "summary": parts,
                "sent": moment_in_words(submission.submitted_at, scheme.timezone, language),
            },
        )
    return draw(
        spelt(html),
        stylesheets=(template_css("applications/pdf/submission.css"),),
        attachment=("application.json", selectors.frozen_json(submission).encode()),
        moment=submission.submitted_at,
    )
