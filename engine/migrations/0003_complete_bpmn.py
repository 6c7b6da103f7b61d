"""Rows for all that BPMN can leave in a run, for what runs say to each other, and for calls."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engine", "0002_governed"),
        ("governance", "0006_engine_reads_no_passwords"),
    ]

    operations = [
        migrations.CreateModel(
            name="Activation",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "scope_id",
                        "element",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("scope_id", models.UUIDField()),
                ("element", models.CharField(max_length=255)),
                ("unit_id", models.UUIDField()),
                (
                    "flows",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=255), default=list, size=None
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("unit_id", models.UUIDField()),
                ("element", models.CharField(max_length=255)),
                ("token", models.UUIDField()),
                ("child_id", models.UUIDField()),
            ],
        ),
        migrations.CreateModel(
            name="Compensable",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("unit_id", models.UUIDField()),
                ("element", models.CharField(max_length=255)),
                ("scope_id", models.UUIDField()),
                ("handler", models.CharField(blank=True, max_length=255)),
                ("order", models.PositiveBigIntegerField()),
                ("variables", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Compensation",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("unit_id", models.UUIDField()),
                ("of_scope_id", models.UUIDField(null=True)),
                ("element", models.CharField(blank=True, max_length=255)),
                ("order", models.PositiveBigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("unit_id", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("START", "Start"),
                            ("CALL", "Call"),
                            ("SIGNAL", "Signal"),
                            ("MESSAGE", "Message"),
                            ("HEARD", "Heard"),
                            ("COMPLETED", "Completed"),
                            ("FAILED", "Failed"),
                            ("ESCALATED", "Escalated"),
                            ("REFUSED", "Refused"),
                            ("CANCELLED", "Cancelled"),
                        ],
                        max_length=16,
                    ),
                ),
                ("source_id", models.UUIDField(null=True)),
                ("target_id", models.UUIDField(null=True)),
                ("activity", models.UUIDField(null=True)),
                ("process_id", models.UUIDField(null=True)),
                ("deployment_id", models.UUIDField(null=True)),
                ("element", models.CharField(blank=True, max_length=255)),
                ("name", models.CharField(blank=True, max_length=255)),
                ("key", models.CharField(max_length=255, null=True)),
                ("binding", models.CharField(blank=True, max_length=16)),
                ("version_tag", models.CharField(blank=True, max_length=255)),
                ("text", models.TextField(blank=True)),
                ("variables", models.TextField()),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Loop",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("unit_id", models.UUIDField()),
                ("element", models.CharField(max_length=255)),
                ("total", models.PositiveIntegerField(null=True)),
                ("started", models.PositiveIntegerField()),
                ("ended", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="LoopItem",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "loop_id",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("loop_id", models.UUIDField()),
                ("number", models.PositiveIntegerField()),
                ("unit_id", models.UUIDField()),
                ("item", models.TextField(null=True)),
                ("output", models.TextField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="StartSubscription",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("unit_id", models.UUIDField()),
                ("element", models.CharField(max_length=255)),
                ("kind", models.CharField(max_length=16)),
                ("name", models.CharField(max_length=255)),
                ("joint", models.BooleanField(default=False)),
                ("occurred", models.TextField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="deployment",
            name="model_id",
            field=models.CharField(blank=True, db_default="", max_length=255),
        ),
        migrations.AddField(
            model_name="deployment",
            name="tag",
            field=models.CharField(blank=True, db_default="", max_length=255),
        ),
        migrations.AddField(
            model_name="instance",
            name="depth",
            field=models.PositiveSmallIntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name="instance",
            name="parent",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="children",
                to="engine.instance",
            ),
        ),
        migrations.AddField(
            model_name="instance",
            name="parent_activity",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="job",
            name="listener",
            field=models.CharField(blank=True, db_default="", max_length=60),
        ),
        migrations.AddField(
            model_name="messagesubscription",
            name="joint",
            field=models.BooleanField(db_default=False),
        ),
        migrations.AddField(
            model_name="messagesubscription",
            name="kind",
            field=models.CharField(db_default="message", max_length=16),
        ),
        migrations.AddField(
            model_name="messagesubscription",
            name="met",
            field=models.BooleanField(db_default=False),
        ),
        migrations.AddField(
            model_name="messagesubscription",
            name="ordinal",
            field=models.PositiveSmallIntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name="timer",
            name="joint",
            field=models.BooleanField(db_default=False),
        ),
        migrations.AddField(
            model_name="token",
            name="item",
            field=models.PositiveIntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name="token",
            name="listened",
            field=models.CharField(blank=True, db_default="", max_length=60),
        ),
        migrations.AlterField(
            model_name="messagesubscription",
            name="token",
            field=models.UUIDField(null=True),
        ),
        migrations.AlterField(
            model_name="queueentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("JOB", "Job"),
                    ("TIMER", "Timer"),
                    ("CONTINUE", "Continue"),
                    ("START", "Start"),
                    ("DELIVER", "Deliver"),
                ],
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="timer",
            name="token",
            field=models.UUIDField(null=True),
        ),
        migrations.AddIndex(
            model_name="messagesubscription",
            index=models.Index(fields=["unit_id", "name", "since"], name="awaiting_in_unit"),
        ),
        migrations.AddField(
            model_name="activation",
            name="instance",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="activations",
                to="engine.instance",
            ),
        ),
        migrations.AddField(
            model_name="call",
            name="instance",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="calls",
                to="engine.instance",
            ),
        ),
        migrations.AddField(
            model_name="compensable",
            name="instance",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="compensables",
                to="engine.instance",
            ),
        ),
        migrations.AddField(
            model_name="compensation",
            name="instance",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="compensations",
                to="engine.instance",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("target_id__isnull", False)),
                fields=["target_id", "id"],
                name="delivery_to_run",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("kind", "MESSAGE")),
                fields=["unit_id", "name"],
                name="delivery_kept",
            ),
        ),
        migrations.AddField(
            model_name="loop",
            name="instance",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="loops",
                to="engine.instance",
            ),
        ),
        migrations.AddField(
            model_name="loopitem",
            name="instance",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="loop_items",
                to="engine.instance",
            ),
        ),
        migrations.AddField(
            model_name="startsubscription",
            name="deployment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="start_subscriptions",
                to="engine.deployment",
            ),
        ),
        migrations.AddField(
            model_name="startsubscription",
            name="process",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="governance.process",
            ),
        ),
        migrations.AddIndex(
            model_name="startsubscription",
            index=models.Index(fields=["unit_id", "name"], name="starting_in_unit"),
        ),
    ]
