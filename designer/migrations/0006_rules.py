"""What an admin sets for the rules of drawing."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import common.ids
from common.governed import Govern


class Migration(migrations.Migration):
    dependencies = [
        ("designer", "0005_where_a_draft_comes_from"),
        ("governance", "0008_limits_described"),
    ]

    operations = [
        migrations.CreateModel(
            name="RuleSetting",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=common.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.SlugField(max_length=60)),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("UNIT", "All processes"),
                            ("RISK", "Risk class"),
                            ("TAG", "Tag"),
                        ],
                        default="UNIT",
                        max_length=8,
                    ),
                ),
                ("value", models.CharField(blank=True, max_length=40)),
                (
                    "weight",
                    models.CharField(
                        choices=[
                            ("off", "Left out"),
                            ("hint", "Hint"),
                            ("warning", "Warning"),
                            ("error", "Blocks review"),
                        ],
                        max_length=8,
                    ),
                ),
                ("limit", models.PositiveIntegerField(null=True)),
                (
                    "allowed",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("set_at", models.DateTimeField()),
                (
                    "set_by",
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
                        related_name="rule_settings",
                        to="governance.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["code", "scope", "value"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("unit", "code", "scope", "value"), name="rule_set_once_for_each"
                    )
                ],
            },
        ),
        Govern("designer_rulesetting", app="SELECT, INSERT, UPDATE, DELETE"),
    ]
