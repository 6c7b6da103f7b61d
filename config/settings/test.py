"""Tests: fast hashing, real PostgreSQL, real broker and channel layer."""

from __future__ import annotations

import os

os.environ.setdefault("SECRET_KEY", "a-key-for-tests-only-" + "x" * 40)
os.environ.setdefault("INTERLOCK_ROLE", "owner")
os.environ.setdefault("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/interlock")

from config.settings.base import *  # noqa: F403
from config.settings.base import MIDDLEWARE as _ALL

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Nothing is collected for tests, and WhiteNoise warns of an empty place.
MIDDLEWARE = [name for name in _ALL if "whitenoise" not in name]
