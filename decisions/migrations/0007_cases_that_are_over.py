"""A decision knows that its case is over: what was not decided when the case ended has lapsed."""

from django.db import migrations, models
from django.db.models import Q

STATUSES = ("draft", "for_approval", "approved", "delivered", "accepted", "superseded", "lapsed")
NOT_APPROVED = ("draft", "for_approval", "lapsed")
NOT_DELIVERED = ("draft", "for_approval", "approved", "lapsed")
DIGEST = "^[0-9a-f]{64}$"

STEPS = """
CREATE OR REPLACE FUNCTION decisions_each_row_is_decided() RETURNS trigger AS $$
BEGIN
    IF OLD.status = 'draft' AND NEW.status NOT IN ('draft', 'lapsed')
       AND NEW.outcome <> 'dismissed' AND EXISTS (
        SELECT 1 FROM decisions_decisionvariable WHERE decision_id = NEW.id AND granted IS NULL
    ) THEN
        RAISE EXCEPTION 'each row is decided on before a decision is sent'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$ LANGUAGE plpgsql;

CREATE FUNCTION decisions_case_is_over() RETURNS trigger AS $$
DECLARE
    state text;
BEGIN
    SELECT a.state INTO state FROM applications_application a WHERE a.id = NEW.application_id;
    IF state IN ('withdrawn', 'refused', 'dismissed', 'closed') THEN
        RAISE EXCEPTION 'the case is over: nothing is decided in it any more'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$ LANGUAGE plpgsql;
CREATE TRIGGER case_is_over
    BEFORE UPDATE OF status ON decisions_decision
    FOR EACH ROW WHEN (NEW.status <> OLD.status AND NEW.status <> 'lapsed')
    EXECUTE FUNCTION decisions_case_is_over();

CREATE FUNCTION decisions_lapses() RETURNS trigger AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM decisions_decision
        WHERE application_id = NEW.id AND status IN ('draft', 'for_approval')
    ) THEN
        RAISE EXCEPTION 'a case ends with what was drafted in it'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$ LANGUAGE plpgsql;
CREATE CONSTRAINT TRIGGER decisions_lapse
    AFTER UPDATE ON applications_application DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (
        OLD.state <> NEW.state
        AND NEW.state IN ('withdrawn', 'refused', 'dismissed', 'closed')
    )
    EXECUTE FUNCTION decisions_lapses();
"""
DROP = """
DROP TRIGGER decisions_lapse ON applications_application;
DROP FUNCTION decisions_lapses();
DROP TRIGGER case_is_over ON decisions_decision;
DROP FUNCTION decisions_case_is_over();
"""
# As in migration 0002, with the two steps that lead out of a case that is over.
MORE_STEPS = """
CREATE OR REPLACE FUNCTION decisions_steps() RETURNS trigger AS $$
BEGIN
    IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
        ('draft', 'for_approval'), ('for_approval', 'draft'), ('for_approval', 'approved'),
        ('draft', 'lapsed'), ('for_approval', 'lapsed'),
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
"""
LAPSE = """
UPDATE decisions_decision AS decision
SET status = 'lapsed'
FROM applications_application AS application
WHERE decision.application_id = application.id
  AND application.state IN ('withdrawn', 'refused', 'dismissed', 'closed')
  AND decision.status IN ('draft', 'for_approval');
"""


def check(condition, name):
    return migrations.AddConstraint(
        model_name="decision",
        constraint=models.CheckConstraint(condition=condition, name=name),
    )


def without(name):
    return migrations.RemoveConstraint(model_name="decision", name=name)


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0006_each_row_is_decided"),
        ("applications", "0002_state_guard"),
    ]
    operations = [
        without("decision_status_known"),
        check(Q(status__in=list(STATUSES)), "decision_status_known"),
        without("decision_sent_is_frozen"),
        check(
            Q(status="draft", sent_at__isnull=True, sent_digest="")
            | Q(status="lapsed", sent_at__isnull=True, sent_digest="")
            | (
                ~Q(status="draft")
                & ~Q(outcome="")
                & Q(sent_at__isnull=False, content__isnull=False)
                & Q(sent_digest__regex=DIGEST)
            ),
            "decision_sent_is_frozen",
        ),
        without("decision_approved_is_frozen"),
        check(
            Q(status__in=list(NOT_APPROVED), approved_at__isnull=True, approved_digest="")
            | Q(
                status__in=[s for s in STATUSES if s not in NOT_APPROVED],
                approved_at__isnull=False,
                approved_digest__regex=DIGEST,
            ),
            "decision_approved_is_frozen",
        ),
        without("decision_delivered_when"),
        check(
            Q(status__in=list(NOT_DELIVERED), delivered_at__isnull=True)
            | Q(
                status__in=[s for s in STATUSES if s not in NOT_DELIVERED],
                delivered_at__isnull=False,
            ),
            "decision_delivered_when",
        ),
        migrations.RunSQL(MORE_STEPS, migrations.RunSQL.noop),
        migrations.RunSQL(STEPS, DROP),
        migrations.RunSQL(LAPSE, migrations.RunSQL.noop),
    ]
