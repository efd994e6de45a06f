"""Every move of the gate that is the agency's own is refused by the database to somebody tied to
the case (security.md, attack 17): the event that the gate writes names the move and the person.

Rows with a person in them were guarded in 0013; moves such as a label, a recall or the start of
the assessment leave none, but each leaves an event in the same transaction.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION applications_agencys_own(command text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT command IN (
        'add_note', 'answer_review', 'approve', 'ask_review', 'assign', 'draft_decision', 'recall',
        'recall_specification', 'return', 'save_checklist', 'send_back', 'send_for_approval',
        'send_specification', 'set_label', 'start_assessment'
    )
$$;
CREATE FUNCTION applications_both_sides(command text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT command IN ('close', 'keep_reference', 'reopen', 'send_message')
$$;
CREATE FUNCTION applications_refuse_barred_move() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    person uuid := substring(NEW.actor FROM '^user:(.*)$')::uuid;
    concerned uuid := substring(NEW.stream FROM '^application:(.*)$')::uuid;
    command text := substring(NEW.type FROM '^application\\.(.*)$');
BEGIN
    IF (applications_agencys_own(command) OR applications_both_sides(command)
        AND NOT EXISTS (
            SELECT 1 FROM applications_application WHERE id = concerned AND owner_id = person)
        AND NOT EXISTS (
            SELECT 1 FROM applications_colleague
            WHERE application_id = concerned AND user_id = person AND ended_at IS NULL))
       AND applications_barred(person, concerned)
    THEN
        RAISE EXCEPTION 'an interest bars this person from acts on the case'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER barred_move BEFORE INSERT ON events_event
    FOR EACH ROW WHEN (NEW.stream LIKE 'application:%' AND NEW.actor LIKE 'user:%')
    EXECUTE FUNCTION applications_refuse_barred_move();
"""
DROP = """
DROP TRIGGER barred_move ON events_event;
DROP FUNCTION applications_refuse_barred_move();
DROP FUNCTION applications_both_sides(text);
DROP FUNCTION applications_agencys_own(text);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0014_invitations_handover_confidentiality"),
        ("events", "0002_append_only"),
    ]
    operations = [migrations.RunSQL(CREATE, DROP)]
