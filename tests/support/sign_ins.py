"""Real sign-ins to the test's database: as the web, as a worker, as the sealer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from config import env


@contextmanager
def signed_in_as(role: str) -> Iterator[BaseDatabaseWrapper]:
    """Run the block with `django.db.connection` signed in as a role of the product.

    What the test wrote before must be committed: mark it `django_db(transaction=True)`.
    """
    read = env.read()
    owner = connections["default"]
    name = read.role_name(role)
    settings = {**owner.settings_dict, "USER": name, "PASSWORD": read.role_password(name)}
    own = type(owner)(settings, alias="default")
    connections["default"] = own
    try:
        yield own
    finally:
        own.close()
        connections["default"] = owner


@contextmanager
def thawed(*tables: str) -> Iterator[None]:
    """Do what only the owner of the database can: lift the triggers that freeze these tables."""
    with connections["default"].cursor() as cursor:
        for table in tables:
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
            cursor.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
        try:
            yield
        finally:
            for table in tables:
                cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
                cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER never_truncate')
                cursor.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
