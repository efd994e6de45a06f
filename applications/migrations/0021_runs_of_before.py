"""Runs of before are of the submission that was the last one then; a person barred from a case runs
no checks of it either.
"""

from django.db import migrations, models

EARLIER = """
UPDATE applications_checkrun r SET requested_at = r.ran_at, submission_id = (
    SELECT s.id FROM applications_submission s
    WHERE s.application_id = r.application_id AND s.submitted_at <= r.ran_at
    ORDER BY s.sequence DESC LIMIT 1
);
SET CONSTRAINTS ALL IMMEDIATE;
"""
OWN = """
CREATE OR REPLACE FUNCTION applications_agencys_own(command text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT command IN (
        'add_note', 'answer_review', 'approve', 'ask_review', 'assign', 'draft_decision', 'recall',
        'recall_specification', 'record_step', 'return', 'run_checks', 'save_checklist',
        'send_back', 'send_for_approval', 'send_specification', 'set_label', 'start_assessment'
    )
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("applications", "0020_checks_of_a_submission")]
    operations = [
        migrations.RunSQL(EARLIER, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="checkrun", name="requested_at", field=models.DateTimeField()
        ),
        migrations.RunSQL(OWN, migrations.RunSQL.noop),
    ]
