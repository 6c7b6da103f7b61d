"""The files that come with a version, such as its decisions; never changed or deleted."""

import common.ids
import django.db.models.deletion
from django.db import migrations, models

from common.governed import Govern

_FREEZE = """
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE ON engine_deploymentresource
    FOR EACH ROW EXECUTE FUNCTION interlock_refuse_change();
CREATE TRIGGER never_truncate BEFORE TRUNCATE ON engine_deploymentresource
    FOR EACH STATEMENT EXECUTE FUNCTION interlock_refuse_change();
"""
_THAW = """
DROP TRIGGER never_change ON engine_deploymentresource;
DROP TRIGGER never_truncate ON engine_deploymentresource;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("engine", "0007_holds"),
        ("governance", "0007_unit_limits"),
    ]

    operations = [
        migrations.CreateModel(
            name="DeploymentResource",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=common.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("media_type", models.CharField(max_length=80)),
                ("digest", models.CharField(max_length=64)),
                ("content", models.BinaryField()),
                (
                    "deployment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resources",
                        to="engine.deployment",
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("deployment", "name"), name="resource_name_once"
                    )
                ],
            },
        ),
        Govern("engine_deploymentresource", app="SELECT, INSERT", engine="SELECT", audit="SELECT"),
        migrations.RunSQL(_FREEZE, _THAW),
    ]
