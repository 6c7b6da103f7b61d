"""Tests: fast hashing, real PostgreSQL, real broker and channel layer.

Where the shell names no servers a run brings its own. Their addresses are chosen here, because
settings are read before anything else; `tests/conftest.py` starts them when a test needs them.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ.setdefault("SECRET_KEY", "a-key-for-tests-only-" + "x" * 40)
os.environ.setdefault("INTERLOCK_ROLE", "owner")
if "DATABASE_URL" not in os.environ:
    # Workers of the same run inherit the environment, and with it the choice.
    _home = Path(tempfile.gettempdir()) / f"interlock-tests-{os.getpid()}"
    _run = _home / "servers" / "run"
    os.environ["INTERLOCK_TEST_SERVERS"] = str(_home)
    os.environ["DATABASE_URL"] = (
        f"postgresql://interlock_owner:tests@/interlock?host={_run}/postgres"
    )
    os.environ["BROKER_URL"] = f"redis+socket://{_run}/valkey.sock?virtual_host=0"
    os.environ["CHANNEL_URL"] = f"unix://{_run}/valkey.sock?db=1"
    os.environ["DATA_DIR"] = str(_home)

from config.settings.base import *  # noqa: F403
from config.settings.base import MIDDLEWARE as _ALL

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Nothing is collected for tests, and WhiteNoise warns of an empty place.
MIDDLEWARE = [name for name in _ALL if "whitenoise" not in name]
