"""The agency's side: /cases/<agency>/…"""

from django.urls import path

from applications.views import (
    handling,
    officer,
    operations,
    recorded,
    rules,
    sequence,
    specification,
    staff,
)

app_name = "cases"

urlpatterns = [
    path("<str:agency>/", officer.queue, name="queue"),
    path("<str:agency>/handling/", handling.notice, name="handling"),
    path("<str:agency>/staff/", staff.staff, name="staff"),
    path("<str:agency>/staff/<slug:way>/<uuid:pk>/", staff.role, name="staff_role"),
    path("<str:agency>/absence/", staff.absence, name="absence"),
    path("<str:agency>/absence/<uuid:pk>/back/", staff.back, name="absence_back"),
    path("<str:agency>/operations/", operations.overview, name="operations"),
    path("<str:agency>/operations/<int:entry>/", operations.retry, name="retry"),
    path("<str:agency>/recorded/", recorded.cases, name="recorded"),
    path("<str:agency>/recorded/<uuid:recorded>/end/", recorded.end, name="recorded_end"),
    path("<str:agency>/rules/", rules.severities, name="rules"),
    path("<str:agency>/rules/<slug:rule_id>/", rules.severity, name="rule"),
    path("<str:agency>/<uuid:pk>/", officer.case, name="case"),
    path("<str:agency>/<uuid:pk>/assign/", officer.assign, name="assign"),
    path("<str:agency>/<uuid:pk>/label/", officer.label, name="label"),
    path("<str:agency>/<uuid:pk>/note/", officer.note, name="note"),
    path("<str:agency>/<uuid:pk>/message/", officer.message, name="message"),
    path("<str:agency>/<uuid:pk>/conversation/<slug:way>/", officer.turn, name="turn"),
    path("<str:agency>/<uuid:pk>/checklist/", officer.checklist, name="checklist"),
    path("<str:agency>/<uuid:pk>/interest/", officer.interest, name="interest"),
    path("<str:agency>/<uuid:pk>/review/", officer.ask_review, name="ask_review"),
    path(
        "<str:agency>/<uuid:pk>/review/<uuid:review>/",
        officer.answer_review,
        name="answer_review",
    ),
    path("<str:agency>/<uuid:pk>/assessment/", officer.start_assessment, name="start_assessment"),
    path("<str:agency>/<uuid:pk>/return/", officer.return_, name="return"),
    path("<str:agency>/<uuid:pk>/checks/", sequence.run_checks, name="run_checks"),
    path("<str:agency>/<uuid:pk>/steps/<slug:step>/", sequence.record, name="step"),
    path("<str:agency>/<uuid:pk>/specification/", specification.write, name="specification"),
]
