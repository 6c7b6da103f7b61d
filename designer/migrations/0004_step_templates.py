"""Step templates of a unit's catalogue; what was added once stays as it was."""

import common.ids
import django.db.models.deletion
from django.db import migrations, models

from common.governed import Govern


_FREEZE = """
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE ON designer_steptemplateversion
    FOR EACH ROW EXECUTE FUNCTION interlock_refuse_change();
CREATE TRIGGER never_truncate BEFORE TRUNCATE ON designer_steptemplateversion
    FOR EACH STATEMENT EXECUTE FUNCTION interlock_refuse_change();
"""
_THAW = """
DROP TRIGGER never_truncate ON designer_steptemplateversion;
DROP TRIGGER never_change ON designer_steptemplateversion;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("designer", "0003_resources"),
        ("governance", "0008_limits_described"),
    ]

    operations = [
        migrations.CreateModel(
            name="StepTemplate",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=common.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.CharField(max_length=200)),
                ("name", models.CharField(max_length=120)),
                ("retired_at", models.DateTimeField(null=True)),
                ("retired_because", models.TextField(blank=True)),
                (
                    "retired_by",
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
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="StepTemplateVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=common.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("content", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.person",
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="designer.steptemplate",
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
                "ordering": ["template", "number"],
            },
        ),
        migrations.AddConstraint(
            model_name="steptemplate",
            constraint=models.UniqueConstraint(
                fields=("unit", "key"), name="step_template_key_in_unit"
            ),
        ),
        migrations.AddConstraint(
            model_name="steptemplateversion",
            constraint=models.UniqueConstraint(
                fields=("template", "number"), name="step_template_version_once"
            ),
        ),
        Govern("designer_steptemplate", app="SELECT, INSERT, UPDATE"),
        Govern("designer_steptemplateversion", app="SELECT, INSERT"),
        migrations.RunSQL(_FREEZE, _THAW),
    ]
