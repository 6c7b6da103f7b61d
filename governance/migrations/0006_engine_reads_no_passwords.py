"""Workers look for who an address belongs to; what opens an account is no business of theirs."""

from django.conf import settings
from django.db import migrations

_COLUMNS = "id, person_id, email, is_active, is_demo, created_at"


def narrow(_apps, schema_editor):
    engine = settings.DATABASE_ROLES["engine"]
    schema_editor.execute(f'REVOKE SELECT ON governance_account FROM "{engine}"')
    schema_editor.execute(f'GRANT SELECT ({_COLUMNS}) ON governance_account TO "{engine}"')


class Migration(migrations.Migration):
    dependencies = [("governance", "0005_read_group_grants")]

    operations = [migrations.RunPython(narrow, migrations.RunPython.noop)]
