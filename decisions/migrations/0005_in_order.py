"""What a decision stands on, held against two hands: it is sent and approved on the application as
it was sent last and on the confirmed version of its specification, where it has one; and while it
lies for approval, or once it is approved, neither another application nor another version comes in.

Both sides lock the case's row first, so of two at the same moment one waits and then sees the other.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION decisions_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    latest bigint;
    version record;
BEGIN
    PERFORM 1 FROM applications_application WHERE id = NEW.application_id FOR UPDATE;
    SELECT id INTO latest FROM applications_submission
        WHERE application_id = NEW.application_id ORDER BY sequence DESC LIMIT 1;
    IF latest IS DISTINCT FROM NEW.submission_id THEN
        RAISE EXCEPTION 'a decision is sent and approved on what was submitted last'
            USING ERRCODE = 'check_violation';
    END IF;
    SELECT answer, submission_id INTO version FROM applications_specification
        WHERE application_id = NEW.application_id ORDER BY number DESC LIMIT 1;
    IF FOUND AND (version.answer <> 'confirmed'
                  OR version.submission_id IS DISTINCT FROM NEW.submission_id) THEN
        RAISE EXCEPTION 'the latest specification is not confirmed for what was submitted last'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decision_in_order BEFORE UPDATE OF status ON decisions_decision
    FOR EACH ROW WHEN (NEW.status <> OLD.status AND NEW.status IN ('for_approval', 'approved'))
    EXECUTE FUNCTION decisions_in_order();

CREATE FUNCTION decisions_nothing_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM applications_application WHERE id = NEW.application_id FOR UPDATE;
    IF EXISTS (
        SELECT 1 FROM decisions_decision
        WHERE application_id = NEW.application_id AND status NOT IN ('draft', 'superseded')
    ) THEN
        RAISE EXCEPTION 'a decision lies for approval or is made: nothing new comes in under it'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER nothing_new_under_a_decision BEFORE INSERT ON applications_submission
    FOR EACH ROW EXECUTE FUNCTION decisions_nothing_new();
CREATE TRIGGER nothing_new_under_a_decision BEFORE INSERT ON applications_specification
    FOR EACH ROW EXECUTE FUNCTION decisions_nothing_new();
"""
DROP = """
DROP TRIGGER nothing_new_under_a_decision ON applications_specification;
DROP TRIGGER nothing_new_under_a_decision ON applications_submission;
DROP FUNCTION decisions_nothing_new();
DROP TRIGGER decision_in_order ON decisions_decision;
DROP FUNCTION decisions_in_order();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0004_barred_staff"),
        ("applications", "0018_steps_in_the_database"),
    ]
    operations = [migrations.RunSQL(CREATE, DROP)]
