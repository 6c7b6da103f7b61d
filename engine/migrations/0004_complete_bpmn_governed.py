"""Who may do what to the tables of loops, calls, compensation and deliveries."""

from django.db import migrations

from common.governed import Govern

_ALL = "SELECT, INSERT, UPDATE, DELETE"


class Migration(migrations.Migration):
    dependencies = [("engine", "0003_complete_bpmn")]

    operations = [
        Govern(f"engine_{table}", app=_ALL, engine=_ALL)
        for table in (
            "activation",
            "call",
            "compensable",
            "compensation",
            "delivery",
            "loop",
            "loopitem",
            "startsubscription",
        )
    ]
