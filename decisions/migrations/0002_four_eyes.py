"""What the database itself refuses: an approver with a hand or an interest in the case, a change of
what was sent or approved, a step that a decision does not take, another letter than was issued.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION decisions_four_eyes() RETURNS trigger AS $$
DECLARE
    case_owner uuid;
    case_institution uuid;
BEGIN
    IF NEW.approved_by_id IS NULL THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.approved_by_id IS NOT DISTINCT FROM OLD.approved_by_id THEN
        RETURN NEW;
    END IF;
    IF NEW.approved_by_id IN (NEW.drafted_by_id, NEW.sent_by_id) OR EXISTS (
        SELECT 1 FROM decisions_contributor
        WHERE decision_id = NEW.id AND user_id = NEW.approved_by_id
    ) THEN
        RAISE EXCEPTION 'a decision is approved by somebody who did not write or send it'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT owner_id, institution_id INTO case_owner, case_institution
        FROM applications_application WHERE id = NEW.application_id;
    IF case_owner = NEW.approved_by_id OR EXISTS (
        SELECT 1 FROM applications_colleague
        WHERE application_id = NEW.application_id AND user_id = NEW.approved_by_id
    ) THEN
        RAISE EXCEPTION 'nobody approves a decision on an application of their own'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF EXISTS (
        SELECT 1 FROM institutions_membership
        WHERE institution_id = case_institution AND user_id = NEW.approved_by_id
          AND status = 'active'
    ) THEN
        RAISE EXCEPTION 'nobody approves a decision on an application of their institution'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF EXISTS (
        SELECT 1 FROM applications_interest
        WHERE application_id = NEW.application_id AND user_id = NEW.approved_by_id
    ) THEN
        RAISE EXCEPTION 'an interest in the case was declared'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$ LANGUAGE plpgsql;
CREATE TRIGGER decision_four_eyes
    BEFORE INSERT OR UPDATE ON decisions_decision
    FOR EACH ROW EXECUTE FUNCTION decisions_four_eyes();

CREATE FUNCTION decisions_steps() RETURNS trigger AS $$
BEGIN
    IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
        ('draft', 'for_approval'), ('for_approval', 'draft'), ('for_approval', 'approved'),
        ('approved', 'delivered'), ('delivered', 'accepted'),
        ('delivered', 'superseded'), ('accepted', 'superseded')
    ) THEN
        RAISE EXCEPTION 'a decision does not go from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.application_id, NEW.sequence, NEW.letter_id, NEW.drafted_by_id, NEW.drafted_at)
        IS DISTINCT FROM
       (OLD.application_id, OLD.sequence, OLD.letter_id, OLD.drafted_by_id, OLD.drafted_at)
    THEN
        RAISE EXCEPTION 'what a decision is on, and who drafted it, stays'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.status = 'draft' OR NEW.status = 'draft' THEN
        RETURN NEW;
    END IF;
    IF (NEW.submission_id, NEW.outcome, NEW.reasons, NEW.deletion_date, NEW.language,
        NEW.sent_by_id, NEW.sent_at, NEW.sent_digest)
        IS DISTINCT FROM
       (OLD.submission_id, OLD.outcome, OLD.reasons, OLD.deletion_date, OLD.language,
        OLD.sent_by_id, OLD.sent_at, OLD.sent_digest)
    THEN
        RAISE EXCEPTION 'a decision that was sent for approval stays as it is'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (OLD.status, NEW.status) <> ('for_approval', 'approved')
       AND (NEW.content, NEW.approved_by_id, NEW.approved_at, NEW.approver_title,
            NEW.approved_digest)
        IS DISTINCT FROM
       (OLD.content, OLD.approved_by_id, OLD.approved_at, OLD.approver_title,
        OLD.approved_digest)
    THEN
        RAISE EXCEPTION 'what is approved is what is signed'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$ LANGUAGE plpgsql;
CREATE TRIGGER decision_steps
    BEFORE UPDATE ON decisions_decision
    FOR EACH ROW EXECUTE FUNCTION decisions_steps();

CREATE FUNCTION decisions_stays() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION '% are never changed or deleted', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$ LANGUAGE plpgsql;
CREATE TRIGGER letter_revision_stays
    BEFORE UPDATE OR DELETE ON decisions_letterrevision
    FOR EACH ROW EXECUTE FUNCTION decisions_stays();
CREATE TRIGGER acceptance_stays
    BEFORE UPDATE OR DELETE ON decisions_acceptance
    FOR EACH ROW EXECUTE FUNCTION decisions_stays();
CREATE TRIGGER decision_stays
    BEFORE DELETE ON decisions_decision
    FOR EACH ROW WHEN (OLD.approved_at IS NOT NULL) EXECUTE FUNCTION decisions_stays();
"""
DROP = """
DROP TRIGGER decision_stays ON decisions_decision;
DROP TRIGGER acceptance_stays ON decisions_acceptance;
DROP TRIGGER letter_revision_stays ON decisions_letterrevision;
DROP FUNCTION decisions_stays();
DROP TRIGGER decision_steps ON decisions_decision;
DROP FUNCTION decisions_steps();
DROP TRIGGER decision_four_eyes ON decisions_decision;
DROP FUNCTION decisions_four_eyes();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0001_initial"),
        ("applications", "0002_state_guard"),
        ("institutions", "0001_initial"),
    ]
    operations = [migrations.RunSQL(CREATE, DROP)]
