"""Each row is decided by a person, and what is undecided is not granted.

Until now a row was granted unless somebody refused it. What was sent, approved or delivered keeps
what its letter said; rows of drafts that nobody has decided on wait for a person.
"""

from django.db import migrations, models

AS_THE_LETTER_SAID = """
UPDATE decisions_decisionvariable AS row
SET granted = decision.outcome IN ('granted', 'partly')
FROM decisions_decision AS decision
WHERE row.decision_id = decision.id
  AND row.granted IS NULL
  AND decision.status <> 'draft'
  AND decision.outcome <> 'dismissed';
"""
CREATE = """
CREATE FUNCTION decisions_each_row_is_decided() RETURNS trigger AS $$
BEGIN
    IF OLD.status = 'draft' AND NEW.status <> 'draft' AND NEW.outcome <> 'dismissed' AND EXISTS (
        SELECT 1 FROM decisions_decisionvariable WHERE decision_id = NEW.id AND granted IS NULL
    ) THEN
        RAISE EXCEPTION 'each row is decided on before a decision is sent'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$ LANGUAGE plpgsql;
CREATE TRIGGER each_row_is_decided
    BEFORE UPDATE ON decisions_decision
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status)
    EXECUTE FUNCTION decisions_each_row_is_decided();

CREATE FUNCTION decisions_rows_stay() RETURNS trigger AS $$
DECLARE
    touched uuid;
BEGIN
    IF TG_OP = 'DELETE' THEN
        touched := OLD.decision_id;
    ELSE
        touched := NEW.decision_id;
    END IF;
    IF EXISTS (SELECT 1 FROM decisions_decision WHERE id = touched AND status <> 'draft') THEN
        RAISE EXCEPTION 'what is decided on a row stays once the decision is sent'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END
$$ LANGUAGE plpgsql;
CREATE TRIGGER rows_stay
    BEFORE INSERT OR UPDATE OR DELETE ON decisions_decisionvariable
    FOR EACH ROW EXECUTE FUNCTION decisions_rows_stay();
"""
DROP = """
DROP TRIGGER rows_stay ON decisions_decisionvariable;
DROP FUNCTION decisions_rows_stay();
DROP TRIGGER each_row_is_decided ON decisions_decision;
DROP FUNCTION decisions_each_row_is_decided();
"""


class Migration(migrations.Migration):
    dependencies = [("decisions", "0005_in_order")]
    operations = [
        migrations.AddField(
            model_name="decisionvariable",
            name="kind",
            field=models.TextField(default="row"),
        ),
        migrations.AddConstraint(
            model_name="decisionvariable",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["row", "file", "whole"])),
                name="decision_variable_kind_known",
            ),
        ),
        migrations.RunSQL(AS_THE_LETTER_SAID, migrations.RunSQL.noop),
        migrations.RunSQL(CREATE, DROP),
    ]
