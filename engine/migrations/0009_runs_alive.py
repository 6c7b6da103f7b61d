"""Runs that have not ended, found by their unit: limits count them."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engine", "0008_resources"),
        ("governance", "0008_limits_described"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="instance",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)), fields=["unit"], name="run_alive"
            ),
        ),
    ]
