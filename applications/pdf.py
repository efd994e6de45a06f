"""The PDF of a frozen submission: everything that was sent, on paper."""

from django.template.loader import render_to_string
from django.utils.translation import override

from applications import selectors
from applications.commands.editing import TITLE
from applications.models import Submission
from applications.selectors.review import summary
from applications.selectors.words import moment_in_words
from portal.pdf import draw
from portal.pdf.drawing import template_css


def submission_pdf(submission: Submission) -> bytes:
    """The frozen copy as PDF/A-3a with the document attached as JSON. Same in, same bytes out."""
    application = submission.application
    scheme = selectors.scheme_of(application)
    language = application.language
    form = scheme.form(application.type, submission.document)
    with override(language):
        html = render_to_string(
            "applications/pdf/submission.html",
            {
                "application": application,
                "submission": submission,
                "title": selectors.pick(submission.document, TITLE) or application.sent_title,
                "language": language,
                "agency": scheme.name(language),
                "summary": summary(list(form.sections), submission.document, language, most=None),
                "sent": moment_in_words(submission.submitted_at, scheme.timezone, language),
            },
        )
    return draw(
        html,
        stylesheets=(template_css("applications/pdf/submission.css"),),
        attachment=("application.json", selectors.frozen_json(submission).encode()),
        moment=submission.submitted_at,
    )
