"""The database refuses a change of an application's state that does not come from the gate.

The gate sets `tilgang.gate` to "open" for the running transaction (applications.models.guard).
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION applications_state_guard() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.state = 'draft' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.state = OLD.state THEN
        RETURN NEW;
    END IF;
    IF current_setting('tilgang.gate', true) IS DISTINCT FROM 'open' THEN
        RAISE EXCEPTION 'state is written by applications.commands.execute only'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$ LANGUAGE plpgsql;
CREATE TRIGGER application_state_guard
    BEFORE INSERT OR UPDATE OF state ON applications_application
    FOR EACH ROW EXECUTE FUNCTION applications_state_guard();
CREATE FUNCTION applications_no_delete() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'a submitted case is never deleted' USING ERRCODE = 'insufficient_privilege';
END
$$ LANGUAGE plpgsql;
CREATE TRIGGER application_no_delete
    BEFORE DELETE ON applications_application
    FOR EACH ROW WHEN (OLD.number IS NOT NULL) EXECUTE FUNCTION applications_no_delete();
"""
DROP = """
DROP TRIGGER application_no_delete ON applications_application;
DROP FUNCTION applications_no_delete();
DROP TRIGGER application_state_guard ON applications_application;
DROP FUNCTION applications_state_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("applications", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
