"""An own application, an own institution or a declared interest bars every act of staff on a case:
the database refuses what policy forbids (security.md, attack 17).

`applications_barred(person, case)` says whether somebody is barred, as `policy.Ties.bar` does; the
trigger's arguments name the columns of a row that hold who acts.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION applications_barred(person uuid, concerned uuid) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM applications_application WHERE id = concerned AND owner_id = person
    ) OR EXISTS (
        SELECT 1 FROM applications_colleague
        WHERE application_id = concerned AND user_id = person
    ) OR EXISTS (
        SELECT 1 FROM applications_interest
        WHERE application_id = concerned AND user_id = person
    ) OR EXISTS (
        SELECT 1 FROM applications_application a
        JOIN institutions_membership m ON m.institution_id = a.institution_id
        JOIN institutions_institution i ON i.id = m.institution_id
        WHERE a.id = concerned AND m.user_id = person
          AND m.status = 'active' AND i.status = 'confirmed'
          AND (m.valid_until IS NULL OR m.valid_until >= (now() AT TIME ZONE 'UTC')::date)
    )
$$;
CREATE FUNCTION applications_refuse_barred() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    written jsonb := to_jsonb(NEW);
    before jsonb := CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(OLD) ELSE '{}'::jsonb END;
    person uuid;
    at integer;
BEGIN
    FOR at IN 1 .. TG_NARGS - 1 LOOP
        person := (written ->> TG_ARGV[at])::uuid;
        IF person IS NOT NULL
           AND (TG_ARGV[0] = 'always' OR person IS DISTINCT FROM (before ->> TG_ARGV[at])::uuid)
           AND applications_barred(
               person, coalesce(written ->> 'application_id', written ->> 'id')::uuid)
        THEN
            RAISE EXCEPTION 'an interest bars this person from acts on the case'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
    END LOOP;
    RETURN NEW;
END
$$;
CREATE TRIGGER barred_staff BEFORE INSERT ON applications_message
    FOR EACH ROW WHEN (NEW.from_staff)
    EXECUTE FUNCTION applications_refuse_barred('always', 'author_id');
CREATE TRIGGER barred_staff BEFORE UPDATE OF assignee_id ON applications_application
    FOR EACH ROW WHEN (NEW.assignee_id IS DISTINCT FROM OLD.assignee_id)
    EXECUTE FUNCTION applications_refuse_barred('changed', 'assignee_id');
CREATE TRIGGER barred_staff BEFORE INSERT ON applications_review
    FOR EACH ROW EXECUTE FUNCTION applications_refuse_barred('always', 'asked_by_id', 'reviewer_id');
CREATE TRIGGER barred_staff BEFORE INSERT OR UPDATE ON applications_checklistanswer
    FOR EACH ROW EXECUTE FUNCTION applications_refuse_barred('always', 'answered_by_id');
CREATE TRIGGER barred_answer BEFORE UPDATE OF answer ON applications_review
    FOR EACH ROW EXECUTE FUNCTION applications_refuse_barred('always', 'reviewer_id');
CREATE TRIGGER barred_staff BEFORE INSERT ON applications_note
    FOR EACH ROW EXECUTE FUNCTION applications_refuse_barred('always', 'author_id');
CREATE TRIGGER barred_staff BEFORE INSERT OR UPDATE ON applications_returnround
    FOR EACH ROW EXECUTE FUNCTION applications_refuse_barred('changed', 'returned_by_id');
CREATE TRIGGER barred_staff BEFORE INSERT OR UPDATE ON applications_specification
    FOR EACH ROW EXECUTE FUNCTION applications_refuse_barred('changed', 'sent_by_id');
"""
DROP = """
DROP TRIGGER barred_answer ON applications_review;
DROP TRIGGER barred_staff ON applications_specification;
DROP TRIGGER barred_staff ON applications_returnround;
DROP TRIGGER barred_staff ON applications_note;
DROP TRIGGER barred_staff ON applications_checklistanswer;
DROP TRIGGER barred_staff ON applications_review;
DROP TRIGGER barred_staff ON applications_application;
DROP TRIGGER barred_staff ON applications_message;
DROP FUNCTION applications_refuse_barred();
DROP FUNCTION applications_barred(uuid, uuid);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0012_one_of_a_single_type"),
        ("institutions", "0004_invitations_authority_and_managers"),
    ]
    operations = [migrations.RunSQL(CREATE, DROP)]
