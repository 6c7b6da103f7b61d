"""How much of the installation a unit may use; workers read it of all units."""

import django.db.models.deletion
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models

from common.governed import Govern


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0006_engine_reads_no_passwords"),
    ]

    operations = [
        migrations.CreateModel(
            name="UnitLimits",
            fields=[
                (
                    "unit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="limits",
                        serialize=False,
                        to="governance.unit",
                    ),
                ),
                ("starts_per_minute", models.PositiveIntegerField(null=True)),
                ("runs_alive", models.PositiveIntegerField(null=True)),
                ("jobs_at_once", models.PositiveIntegerField(null=True)),
                ("jobs_per_target", models.PositiveIntegerField(null=True)),
                ("transitions", models.PositiveIntegerField(null=True)),
                ("live_tokens", models.PositiveIntegerField(null=True)),
                ("nested_calls", models.PositiveIntegerField(null=True)),
                ("value_bytes", models.PositiveIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="HistoricalUnitLimits",
            fields=[
                ("starts_per_minute", models.PositiveIntegerField(null=True)),
                ("runs_alive", models.PositiveIntegerField(null=True)),
                ("jobs_at_once", models.PositiveIntegerField(null=True)),
                ("jobs_per_target", models.PositiveIntegerField(null=True)),
                ("transitions", models.PositiveIntegerField(null=True)),
                ("live_tokens", models.PositiveIntegerField(null=True)),
                ("nested_calls", models.PositiveIntegerField(null=True)),
                ("value_bytes", models.PositiveIntegerField(null=True)),
                (
                    "history_id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="governance.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical unit limits",
                "verbose_name_plural": "historical unit limitss",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.RunSQL(
            "ALTER TABLE governance_historicalunitlimits ALTER COLUMN unit_id SET NOT NULL",
            "ALTER TABLE governance_historicalunitlimits ALTER COLUMN unit_id DROP NOT NULL",
        ),
        Govern(
            "governance_unitlimits",
            app="SELECT, INSERT, UPDATE",
            engine="SELECT",
            audit="SELECT",
            across=("engine",),
        ),
        Govern("governance_historicalunitlimits", app="SELECT, INSERT"),
    ]
