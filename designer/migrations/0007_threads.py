"""What people say about the elements of a process, and triggers that keep it as it was said."""

import common.ids
import django.db.models.deletion
from django.db import migrations, models

from common.governed import Govern

_KEEP = """
CREATE FUNCTION designer_keep_pin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'threads are never deleted' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (NEW.unit_id, NEW.process_id, NEW.element, NEW.element_name, NEW.element_kind,
        NEW.opened_at)
       IS DISTINCT FROM
       (OLD.unit_id, OLD.process_id, OLD.element, OLD.element_name, OLD.element_kind,
        OLD.opened_at) THEN
        RAISE EXCEPTION 'what a thread is pinned to is never changed'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_pin BEFORE UPDATE OR DELETE ON designer_thread
    FOR EACH ROW EXECUTE FUNCTION designer_keep_pin();
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE ON designer_comment
    FOR EACH ROW EXECUTE FUNCTION interlock_refuse_change();
"""
_LET_GO = """
DROP TRIGGER never_change ON designer_comment;
DROP TRIGGER keep_pin ON designer_thread;
DROP FUNCTION designer_keep_pin();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("designer", "0006_rules"),
        ("governance", "0011_usual_retries"),
    ]

    operations = [
        migrations.CreateModel(
            name="Thread",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=common.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("element", models.CharField(max_length=255)),
                ("element_name", models.CharField(blank=True, max_length=255)),
                ("element_kind", models.CharField(max_length=60)),
                ("opened_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("resolved_at", models.DateTimeField(null=True)),
                (
                    "process",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="threads",
                        to="governance.process",
                    ),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        null=True,
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
                "ordering": ["opened_at"],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=common.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("text", models.TextField()),
                (
                    "place",
                    models.CharField(
                        choices=[("DRAFT", "Draft"), ("REVIEW", "Review"), ("VERSION", "Version")],
                        max_length=8,
                    ),
                ),
                ("place_number", models.PositiveIntegerField()),
                ("said_at", models.DateTimeField()),
                (
                    "person",
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
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="designer.thread",
                    ),
                ),
            ],
            options={
                "ordering": ["said_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Mention",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=common.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "comment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mentions",
                        to="designer.comment",
                    ),
                ),
                (
                    "person",
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("read_at__isnull", True)),
                        fields=["person"],
                        name="mention_unread",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("comment", "person"), name="named_once_in_a_comment"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="thread",
            index=models.Index(fields=["process", "resolved_at"], name="thread_by_process"),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["person", "-said_at"], name="comment_by_person"),
        ),
        Govern("designer_thread", app="SELECT, INSERT, UPDATE"),
        Govern("designer_comment", app="SELECT, INSERT"),
        Govern("designer_mention", app="SELECT, INSERT, UPDATE"),
        migrations.RunSQL(_KEEP, _LET_GO),
    ]
