"""What a run's steps are limited to where nobody set it, in words."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0009_units_read_once"),
    ]

    operations = [
        migrations.AlterField(
            model_name="historicalunitlimits",
            name="transitions",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="Without a person, message, timer or answer from outside. Empty: 1,000,000, unless the installation says otherwise.",
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
            name="transitions",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="Without a person, message, timer or answer from outside. Empty: 1,000,000, unless the installation says otherwise.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(1000000000),
                ],
                verbose_name="Steps of a run",
            ),
        ),
    ]
