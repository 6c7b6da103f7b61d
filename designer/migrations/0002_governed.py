"""Row-level security on the designer's tables, and triggers that keep what was judged as it was."""

from django.db import migrations

from common.governed import Govern

_KEEP = "SELECT, INSERT, UPDATE"
_WRITE_ONCE = "SELECT, INSERT"

_FREEZE = """
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE ON designer_version
    FOR EACH ROW EXECUTE FUNCTION interlock_refuse_change();
CREATE TRIGGER never_truncate BEFORE TRUNCATE ON designer_version
    FOR EACH STATEMENT EXECUTE FUNCTION interlock_refuse_change();
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE ON designer_vote
    FOR EACH ROW EXECUTE FUNCTION interlock_refuse_change();
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE ON designer_reviewcomment
    FOR EACH ROW EXECUTE FUNCTION interlock_refuse_change();
CREATE FUNCTION designer_keep_candidate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'reviews are never deleted' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (NEW.unit_id, NEW.number, NEW.process_id, NEW.draft_id, NEW.draft_revision, NEW.base_id,
        NEW.version_number, NEW.xml, NEW.model_digest, NEW.digest, NEW.board_id, NEW.quorum,
        NEW.authors, NEW.submitted_by_id, NEW.submitted_at, NEW.note)
       IS DISTINCT FROM
       (OLD.unit_id, OLD.number, OLD.process_id, OLD.draft_id, OLD.draft_revision, OLD.base_id,
        OLD.version_number, OLD.xml, OLD.model_digest, OLD.digest, OLD.board_id, OLD.quorum,
        OLD.authors, OLD.submitted_by_id, OLD.submitted_at, OLD.note) THEN
        RAISE EXCEPTION 'the candidate of a review is never changed'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_candidate BEFORE UPDATE OR DELETE ON designer_review
    FOR EACH ROW EXECUTE FUNCTION designer_keep_candidate();
"""
_THAW = """
DROP TRIGGER keep_candidate ON designer_review;
DROP FUNCTION designer_keep_candidate();
DROP TRIGGER never_change ON designer_reviewcomment;
DROP TRIGGER never_change ON designer_vote;
DROP TRIGGER never_truncate ON designer_version;
DROP TRIGGER never_change ON designer_version;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("designer", "0001_drafts_versions_reviews"),
        ("governance", "0002_governed"),
    ]

    operations = [
        Govern("designer_draft", app=_KEEP),
        Govern("designer_draftauthor", app=_WRITE_ONCE),
        # States older than their 30 days are let go.
        Govern("designer_draftstate", app="SELECT, INSERT, DELETE"),
        Govern("designer_version", app=_WRITE_ONCE),
        Govern("designer_review", app=_KEEP),
        Govern("designer_vote", app=_WRITE_ONCE),
        Govern("designer_reviewcomment", app=_WRITE_ONCE),
        migrations.RunSQL(_FREEZE, _THAW),
    ]
