"""Scenarios of processes, and what came of them when reviews were asked for."""

import django.db.models.deletion
from django.db import migrations, models

import common.ids
from common.governed import Govern

_FREEZE = """
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE ON designer_scenarioverdict
    FOR EACH ROW EXECUTE FUNCTION interlock_refuse_change();
CREATE TRIGGER never_truncate BEFORE TRUNCATE ON designer_scenarioverdict
    FOR EACH STATEMENT EXECUTE FUNCTION interlock_refuse_change();
"""
_THAW = """
DROP TRIGGER never_truncate ON designer_scenarioverdict;
DROP TRIGGER never_change ON designer_scenarioverdict;
"""


def _key(to: str, related: str) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name=related, to=to
    )


def _id() -> models.UUIDField:
    return models.UUIDField(
        default=common.ids.new_id, editable=False, primary_key=True, serialize=False
    )


class Migration(migrations.Migration):
    dependencies = [
        ("designer", "0008_states_set_aside"),
        ("governance", "0008_limits_described"),
    ]

    operations = [
        migrations.CreateModel(
            name="Scenario",
            fields=[
                ("id", _id()),
                ("name", models.CharField(max_length=120)),
                ("content", models.JSONField()),
                ("saved_at", models.DateTimeField()),
                ("process", _key("governance.process", "scenarios")),
                ("saved_by", _key("governance.person", "+")),
                ("unit", _key("governance.unit", "+")),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("process", "name"), name="scenario_once_in_process"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ScenarioVerdict",
            fields=[
                ("id", _id()),
                ("name", models.CharField(max_length=120)),
                ("differences", models.JSONField()),
                ("played_at", models.DateTimeField()),
                ("review", _key("designer.review", "scenario_verdicts")),
                ("unit", _key("governance.unit", "+")),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(fields=("review", "name"), name="scenario_verdict_once")
                ],
            },
        ),
        Govern("designer_scenario", app="SELECT, INSERT, UPDATE, DELETE"),
        Govern("designer_scenarioverdict", app="SELECT, INSERT"),
        migrations.RunSQL(_FREEZE, _THAW),
    ]
