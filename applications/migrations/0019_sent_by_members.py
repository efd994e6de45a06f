"""Who sends an application is an active member of the institution that applies, and that is
confirmed: the database takes no other submission. `personal` marks those of types that ask for no
institution; what was sent before stays as it is.
"""

from django.db import migrations, models

CREATE = """
CREATE FUNCTION applications_sent_by_member() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    applies uuid := (
        SELECT institution_id FROM applications_application WHERE id = NEW.application_id);
BEGIN
    IF applies IS NULL AND NEW.personal THEN
        RETURN NEW;
    END IF;
    IF NEW.personal OR NOT EXISTS (
        SELECT 1 FROM institutions_membership held
        JOIN institutions_institution place ON place.id = held.institution_id
        JOIN accounts_user person ON person.id = held.user_id
        WHERE held.user_id = NEW.submitted_by_id AND held.institution_id = applies
          AND held.status = 'active' AND place.status = 'confirmed' AND person.is_active
          AND (held.valid_until IS NULL
               OR held.valid_until >= (NEW.submitted_at AT TIME ZONE 'UTC')::date))
    THEN
        RAISE EXCEPTION 'who sends an application is an active member of the institution that applies'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER sent_by_member BEFORE INSERT ON applications_submission
    FOR EACH ROW EXECUTE FUNCTION applications_sent_by_member();
"""
DROP = """
DROP TRIGGER sent_by_member ON applications_submission;
DROP FUNCTION applications_sent_by_member();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0018_steps_in_the_database"),
        ("institutions", "0006_details_and_merging"),
    ]
    operations = [
        migrations.AddField(
            model_name="submission",
            name="personal",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="sent by a person for no institution, as the type allows; the database takes any other one from active members of the institution that applies alone",
            ),
        ),
        migrations.RunSQL(CREATE, DROP),
        migrations.AddField(
            model_name="finding",
            name="open",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="its message rests on an answer not given",
            ),
        ),
    ]
