"""What a decision stands on, held by the database too.

It is sent and approved with a finished check of exactly its submission; the approval of the institution
that it names was not withdrawn and not over when it was approved, and nobody accepts it once that
approval has ended, unless another one holds. Whoever withdraws the approval at the same moment waits,
or is seen.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION decisions_checked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM applications_checkrun
        WHERE submission_id = NEW.submission_id AND ran_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'no finished check of what the decision is on'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decision_checked BEFORE UPDATE OF status ON decisions_decision
    FOR EACH ROW WHEN (NEW.status <> OLD.status AND NEW.status IN ('for_approval', 'approved'))
    EXECUTE FUNCTION decisions_checked();

-- A day of grace: agencies count days in their own zone.
CREATE FUNCTION decisions_holds(approval uuid, at timestamptz) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    held record;
BEGIN
    SELECT withdrawn_at, valid_until INTO held FROM institutions_institutionapproval
        WHERE id = approval FOR SHARE;
    RETURN held.withdrawn_at IS NULL
        AND (held.valid_until IS NULL OR held.valid_until >= (at AT TIME ZONE 'UTC')::date - 1);
END $$;
CREATE FUNCTION decisions_leans() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.outcome IN ('granted', 'partly') AND NEW.approval_id IS NOT NULL
       AND NOT decisions_holds(NEW.approval_id, NEW.approved_at) THEN
        RAISE EXCEPTION 'the approval of the institution has ended'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decision_leans BEFORE UPDATE OF status ON decisions_decision
    FOR EACH ROW WHEN (NEW.status <> OLD.status AND NEW.status = 'approved')
    EXECUTE FUNCTION decisions_leans();

CREATE FUNCTION decisions_acceptance_leans() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM decisions_decision WHERE id = NEW.decision_id AND approval_id IS NOT NULL
    ) AND (NEW.approval_id IS NULL OR NOT decisions_holds(NEW.approval_id, NEW.accepted_at)) THEN
        RAISE EXCEPTION 'the approval of the institution has ended'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER acceptance_leans BEFORE INSERT ON decisions_acceptance
    FOR EACH ROW EXECUTE FUNCTION decisions_acceptance_leans();
"""
DROP = """
DROP TRIGGER acceptance_leans ON decisions_acceptance;
DROP FUNCTION decisions_acceptance_leans();
DROP TRIGGER decision_leans ON decisions_decision;
DROP FUNCTION decisions_leans();
DROP FUNCTION decisions_holds(uuid, timestamptz);
DROP TRIGGER decision_checked ON decisions_decision;
DROP FUNCTION decisions_checked();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0009_leans_on_an_approval"),
        ("applications", "0021_runs_of_before"),
        ("institutions", "0004_invitations_authority_and_managers"),
    ]
    operations = [migrations.RunSQL(CREATE, DROP)]
