"""Files that travel with a model: kept once, frozen, and part of what a review judges."""

import common.ids
import django.db.models.deletion
from django.db import migrations, models

from common.governed import Govern

_KEPT = """
    IF (NEW.unit_id, NEW.number, NEW.process_id, NEW.draft_id, NEW.draft_revision, NEW.base_id,
        NEW.version_number, NEW.xml, NEW.model_digest, NEW.digest, NEW.board_id, NEW.quorum,
        NEW.authors, NEW.submitted_by_id, NEW.submitted_at, NEW.note{new})
       IS DISTINCT FROM
       (OLD.unit_id, OLD.number, OLD.process_id, OLD.draft_id, OLD.draft_revision, OLD.base_id,
        OLD.version_number, OLD.xml, OLD.model_digest, OLD.digest, OLD.board_id, OLD.quorum,
        OLD.authors, OLD.submitted_by_id, OLD.submitted_at, OLD.note{old}) THEN
"""
_KEEP_CANDIDATE = """
CREATE OR REPLACE FUNCTION designer_keep_candidate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'reviews are never deleted' USING ERRCODE = 'insufficient_privilege';
    END IF;
    {changed}
        RAISE EXCEPTION 'the candidate of a review is never changed'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
"""
_WITH_RESOURCES = _KEEP_CANDIDATE.format(
    changed=_KEPT.format(new=", NEW.resources", old=", OLD.resources")
)
_WITHOUT = _KEEP_CANDIDATE.format(changed=_KEPT.format(new="", old=""))

_FREEZE = """
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE ON designer_resource
    FOR EACH ROW EXECUTE FUNCTION interlock_refuse_change();
CREATE TRIGGER never_truncate BEFORE TRUNCATE ON designer_resource
    FOR EACH STATEMENT EXECUTE FUNCTION interlock_refuse_change();
"""
_THAW = """
DROP TRIGGER never_change ON designer_resource;
DROP TRIGGER never_truncate ON designer_resource;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("designer", "0002_governed"),
        ("governance", "0007_unit_limits"),
    ]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="resources",
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.AddField(
            model_name="draftstate",
            name="resources",
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.AddField(
            model_name="review",
            name="resources",
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.AddField(
            model_name="version",
            name="resources",
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.CreateModel(
            name="Resource",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=common.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("media_type", models.CharField(max_length=80)),
                ("content", models.BinaryField()),
                ("stored_at", models.DateTimeField()),
                (
                    "stored_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.person",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["stored_at"],
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "digest"), name="resource_once_in_unit")
                ],
            },
        ),
        Govern("designer_resource", app="SELECT, INSERT"),
        migrations.RunSQL(_WITH_RESOURCES, _WITHOUT),
        migrations.RunSQL(_FREEZE, _THAW),
    ]
