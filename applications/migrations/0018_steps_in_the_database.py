"""What cases had reached before steps were kept, from the tick boxes that stood for them; and what
the database itself refuses: a changed record, and one by somebody with an interest in the case.
"""

from django.db import migrations

EARLIER = """
ALTER TABLE applications_specification DISABLE TRIGGER specification_guard;
UPDATE applications_specification SET submission_id = (
    SELECT s.id FROM applications_submission s
    WHERE s.application_id = applications_specification.application_id
      AND s.submitted_at <= applications_specification.sent_at
    ORDER BY s.sequence DESC LIMIT 1
);
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE applications_specification ENABLE TRIGGER specification_guard;

INSERT INTO applications_steprecord (
    application_id, step, day, text, submission_id, specification_id, recorded_by_id, recorded_at
)
SELECT c.application_id, c.item, c.answered_at::date, coalesce(nullif(c.note, ''), '–'),
    (SELECT s.id FROM applications_submission s WHERE s.application_id = c.application_id
        ORDER BY s.sequence DESC LIMIT 1),
    (SELECT v.id FROM applications_specification v WHERE v.application_id = c.application_id
        ORDER BY v.number DESC LIMIT 1),
    c.answered_by_id, c.answered_at
FROM applications_checklistanswer c
WHERE c.item IN ('legal_meeting', 'secrecy_review') AND c.assessed;
SET CONSTRAINTS ALL IMMEDIATE;

UPDATE applications_application a SET passed = CASE
    WHEN NOT confirmed.so THEN '["legal_meeting"]'::jsonb
    WHEN EXISTS (SELECT 1 FROM applications_checklistanswer c WHERE c.application_id = a.id
        AND c.item = 'secrecy_review' AND c.assessed)
    THEN '["legal_meeting", "specification", "secrecy_review"]'::jsonb
    ELSE '["legal_meeting", "specification"]'::jsonb
END
FROM (
    SELECT x.id, coalesce((
        SELECT v.answer = 'confirmed' AND v.submission_id = (
            SELECT s.id FROM applications_submission s WHERE s.application_id = x.id
            ORDER BY s.sequence DESC LIMIT 1)
        FROM applications_specification v WHERE v.application_id = x.id
        ORDER BY v.number DESC LIMIT 1
    ), false) AS so
    FROM applications_application x
) confirmed
WHERE confirmed.id = a.id AND (confirmed.so OR EXISTS (
    SELECT 1 FROM applications_checklistanswer c WHERE c.application_id = a.id
    AND c.item = 'legal_meeting' AND c.assessed));
"""
CREATE = """
CREATE FUNCTION applications_step_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was recorded of a step is never changed: % is refused', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER step_stays BEFORE UPDATE OR DELETE ON applications_steprecord
    FOR EACH ROW EXECUTE FUNCTION applications_step_stays();
CREATE TRIGGER barred_staff BEFORE INSERT ON applications_steprecord
    FOR EACH ROW EXECUTE FUNCTION applications_refuse_barred('always', 'recorded_by_id');
CREATE OR REPLACE FUNCTION applications_agencys_own(command text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT command IN (
        'add_note', 'answer_review', 'approve', 'ask_review', 'assign', 'draft_decision', 'recall',
        'recall_specification', 'record_step', 'return', 'save_checklist', 'send_back',
        'send_for_approval', 'send_specification', 'set_label', 'start_assessment'
    )
$$;
"""
DROP = """
DROP TRIGGER barred_staff ON applications_steprecord;
DROP TRIGGER step_stays ON applications_steprecord;
DROP FUNCTION applications_step_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0017_steps_of_a_sequence"),
        ("applications", "0013_barred_staff"),
    ]
    operations = [
        migrations.RunSQL(EARLIER, migrations.RunSQL.noop),
        migrations.RunSQL(CREATE, DROP),
    ]
