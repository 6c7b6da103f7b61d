"""Attempts that are kept, circuits of the systems that runs call, and jobs that wait for one."""

import django.db.models.deletion
from django.db import migrations, models

from common.governed import Govern


class Migration(migrations.Migration):
    dependencies = [
        ("engine", "0005_queue_lines"),
        ("governance", "0006_engine_reads_no_passwords"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("job", models.UUIDField()),
                ("element", models.CharField(max_length=255)),
                ("number", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("took", models.PositiveIntegerField()),
                ("worker", models.CharField(max_length=120)),
                ("version", models.PositiveIntegerField()),
                ("trace_id", models.CharField(max_length=32)),
                ("job_type", models.CharField(max_length=60)),
                ("target", models.CharField(blank=True, max_length=300)),
                (
                    "ending",
                    models.CharField(
                        choices=[
                            ("TRANSIENT", "passes by itself"),
                            ("PERMANENT", "stays wrong until somebody acts"),
                            ("ENVIRONMENTAL", "our own surroundings"),
                            ("BPMN_ERROR", "an error the model names"),
                        ],
                        max_length=16,
                    ),
                ),
                ("code", models.CharField(max_length=60)),
                ("diagnosis", models.TextField()),
                ("request", models.JSONField(db_default=models.Value({}, models.JSONField()))),
                ("answer", models.JSONField(db_default=models.Value({}, models.JSONField()))),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Circuit",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("job_type", models.CharField(max_length=60)),
                ("target", models.CharField(max_length=300)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("CLOSED", "Closed"),
                            ("OPEN", "Open"),
                            ("HALF_OPEN", "Half open"),
                        ],
                        default="CLOSED",
                        max_length=16,
                    ),
                ),
                ("failures", models.PositiveIntegerField(default=0)),
                ("successes", models.PositiveIntegerField(default=0)),
                ("window_at", models.DateTimeField(null=True)),
                ("openings", models.PositiveIntegerField(default=0)),
                ("in_a_row", models.PositiveIntegerField(default=0)),
                ("opened_at", models.DateTimeField(null=True)),
                ("next_at", models.DateTimeField(null=True)),
                ("out", models.PositiveSmallIntegerField(default=0)),
                ("back", models.PositiveSmallIntegerField(default=0)),
                ("patience_at", models.DateTimeField(null=True)),
                ("since", models.DateTimeField()),
                ("code", models.CharField(blank=True, default="", max_length=60)),
                ("cause", models.TextField(blank=True, default="")),
                ("failed_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["target", "job_type"],
            },
        ),
        migrations.AddField(
            model_name="queueentry",
            name="held_for",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="queueentry",
            name="held_since",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="queueentry",
            index=models.Index(
                condition=models.Q(("held_for__isnull", False)),
                fields=["held_for"],
                name="queue_held",
            ),
        ),
        migrations.AddField(
            model_name="attempt",
            name="instance",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attempts",
                to="engine.instance",
            ),
        ),
        migrations.AddField(
            model_name="attempt",
            name="unit",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="governance.unit",
            ),
        ),
        migrations.AddField(
            model_name="circuit",
            name="unit",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="governance.unit",
            ),
        ),
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(fields=["instance", "at"], name="attempt_of_run"),
        ),
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(fields=["job", "at"], name="attempt_of_job"),
        ),
        migrations.AddConstraint(
            model_name="circuit",
            constraint=models.UniqueConstraint(
                fields=("unit", "job_type", "target"), name="circuit_once_in_unit"
            ),
        ),
        Govern("engine_attempt", app="SELECT", engine="SELECT, INSERT, DELETE"),
        Govern("engine_circuit", app="SELECT, UPDATE", engine="SELECT, INSERT, UPDATE"),
    ]
