"""Who is barred by an interest neither drafts nor sends a decision, nor writes in its draft: the
database refuses it as it refuses the approval (migration 0002)."""

from django.db import migrations

CREATE = """
CREATE TRIGGER barred_staff BEFORE INSERT OR UPDATE ON decisions_decision
    FOR EACH ROW EXECUTE FUNCTION applications_refuse_barred(
        'changed', 'drafted_by_id', 'sent_by_id');
CREATE FUNCTION decisions_refuse_barred() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF applications_barred(
        NEW.user_id, (SELECT application_id FROM decisions_decision WHERE id = NEW.decision_id))
    THEN
        RAISE EXCEPTION 'an interest bars this person from acts on the case'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER barred_staff BEFORE INSERT ON decisions_contributor
    FOR EACH ROW EXECUTE FUNCTION decisions_refuse_barred();
"""
DROP = """
DROP TRIGGER barred_staff ON decisions_contributor;
DROP FUNCTION decisions_refuse_barred();
DROP TRIGGER barred_staff ON decisions_decision;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0003_last_day"),
        ("applications", "0013_barred_staff"),
    ]
    operations = [migrations.RunSQL(CREATE, DROP)]
