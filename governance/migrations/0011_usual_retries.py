"""How a step is tried again whose model says nothing of it, as a unit sets it."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0010_limits_in_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalunitlimits",
            name="retry_attempts",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="Of a step whose model says nothing of retries. Empty: 3, unless the installation says otherwise.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(100),
                ],
                verbose_name="Attempts of a step",
            ),
        ),
        migrations.AddField(
            model_name="historicalunitlimits",
            name="retry_cap_seconds",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="In seconds. Empty: 300, unless the installation says otherwise.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(86400),
                ],
                verbose_name="Longest wait between attempts",
            ),
        ),
        migrations.AddField(
            model_name="historicalunitlimits",
            name="retry_first_seconds",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="In seconds, spread at random; each next wait is twice as long. Empty: 5, unless the installation says otherwise.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(86400),
                ],
                verbose_name="First wait between attempts",
            ),
        ),
        migrations.AddField(
            model_name="unitlimits",
            name="retry_attempts",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="Of a step whose model says nothing of retries. Empty: 3, unless the installation says otherwise.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(100),
                ],
                verbose_name="Attempts of a step",
            ),
        ),
        migrations.AddField(
            model_name="unitlimits",
            name="retry_cap_seconds",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="In seconds. Empty: 300, unless the installation says otherwise.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(86400),
                ],
                verbose_name="Longest wait between attempts",
            ),
        ),
        migrations.AddField(
            model_name="unitlimits",
            name="retry_first_seconds",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="In seconds, spread at random; each next wait is twice as long. Empty: 5, unless the installation says otherwise.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(86400),
                ],
                verbose_name="First wait between attempts",
            ),
        ),
    ]
