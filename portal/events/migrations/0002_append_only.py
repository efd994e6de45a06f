"""What has been written stays: UPDATE, DELETE and TRUNCATE are refused, whoever asks."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION events_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;

-- A payload can be erased, once, and nothing else.
CREATE FUNCTION events_erase_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL
       AND NEW.body IS NULL AND NEW.salt = '' AND NEW.event_id = OLD.event_id THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a personal payload can be erased, not changed'
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events_event
    FOR EACH STATEMENT EXECUTE FUNCTION events_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION events_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events_checkpointhead
    FOR EACH STATEMENT EXECUTE FUNCTION events_append_only();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON events_eventpayload
    FOR EACH STATEMENT EXECUTE FUNCTION events_append_only();
CREATE TRIGGER erase_only BEFORE UPDATE ON events_eventpayload
    FOR EACH ROW EXECUTE FUNCTION events_erase_only();
"""

BACKWARD = """
DROP TRIGGER append_only ON events_event;
DROP TRIGGER append_only ON events_checkpoint;
DROP TRIGGER append_only ON events_checkpointhead;
DROP TRIGGER append_only ON events_eventpayload;
DROP TRIGGER erase_only ON events_eventpayload;
DROP FUNCTION events_append_only();
DROP FUNCTION events_erase_only();
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
