"""What the limits of a unit are called, and what they may be; sizes are those of what comes in."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0007_unit_limits"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="historicalunitlimits",
            name="value_bytes",
        ),
        migrations.RemoveField(
            model_name="unitlimits",
            name="value_bytes",
        ),
        migrations.AddField(
            model_name="historicalunitlimits",
            name="payload_bytes",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="What one form, message or answer may bring into a run, in bytes. Empty: 5 MiB.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(5242880),
                ],
                verbose_name="Size of what comes in",
            ),
        ),
        migrations.AddField(
            model_name="unitlimits",
            name="payload_bytes",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="What one form, message or answer may bring into a run, in bytes. Empty: 5 MiB.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(5242880),
                ],
                verbose_name="Size of what comes in",
            ),
        ),
        migrations.AlterField(
            model_name="historicalunitlimits",
            name="jobs_at_once",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="Service tasks that workers do at one time. Empty: as many as there are workers.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(100000),
                ],
                verbose_name="Jobs at one time",
            ),
        ),
        migrations.AlterField(
            model_name="historicalunitlimits",
            name="jobs_per_target",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="Of those, how many at one system. Empty: 16.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(100000),
                ],
                verbose_name="Jobs at one system",
            ),
        ),
        migrations.AlterField(
            model_name="historicalunitlimits",
            name="live_tokens",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="Branches and items at work at one time in one scope of a run. Empty: 100,000.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(1000000),
                ],
                verbose_name="Tokens of a scope",
            ),
        ),
        migrations.AlterField(
            model_name="historicalunitlimits",
            name="nested_calls",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="Runs that call runs that call runs. Empty: 100.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(1000),
                ],
                verbose_name="Nested calls",
            ),
        ),
        migrations.AlterField(
            model_name="historicalunitlimits",
            name="runs_alive",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="Runs that have not ended. Empty: as many as there are.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(100000000),
                ],
                verbose_name="Runs alive",
            ),
        ),
        migrations.AlterField(
            model_name="historicalunitlimits",
            name="starts_per_minute",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="Runs that may begin within 60 seconds. Empty: as many as there are.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(1000000),
                ],
                verbose_name="Starts a minute",
            ),
        ),
        migrations.AlterField(
            model_name="historicalunitlimits",
            name="transitions",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="Without a person, message, timer or answer from outside. Empty: RUN_TRANSITIONS.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(1000000000),
                ],
                verbose_name="Steps of a run",
            ),
        ),
        migrations.AlterField(
            model_name="unitlimits",
            name="jobs_at_once",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="Service tasks that workers do at one time. Empty: as many as there are workers.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(100000),
                ],
                verbose_name="Jobs at one time",
            ),
        ),
        migrations.AlterField(
            model_name="unitlimits",
            name="jobs_per_target",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="Of those, how many at one system. Empty: 16.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(100000),
                ],
                verbose_name="Jobs at one system",
            ),
        ),
        migrations.AlterField(
            model_name="unitlimits",
            name="live_tokens",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="Branches and items at work at one time in one scope of a run. Empty: 100,000.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(1000000),
                ],
                verbose_name="Tokens of a scope",
            ),
        ),
        migrations.AlterField(
            model_name="unitlimits",
            name="nested_calls",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="Runs that call runs that call runs. Empty: 100.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(1000),
                ],
                verbose_name="Nested calls",
            ),
        ),
        migrations.AlterField(
            model_name="unitlimits",
            name="runs_alive",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="Runs that have not ended. Empty: as many as there are.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(100000000),
                ],
                verbose_name="Runs alive",
            ),
        ),
        migrations.AlterField(
            model_name="unitlimits",
            name="starts_per_minute",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="Runs that may begin within 60 seconds. Empty: as many as there are.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(1000000),
                ],
                verbose_name="Starts a minute",
            ),
        ),
        migrations.AlterField(
            model_name="unitlimits",
            name="transitions",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="Without a person, message, timer or answer from outside. Empty: RUN_TRANSITIONS.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(1000000000),
                ],
                verbose_name="Steps of a run",
            ),
        ),
    ]
