"""Tests: fast hashing, real PostgreSQL, real broker and channel layer."""

from __future__ import annotations

import os

os.environ.setdefault("SECRET_KEY", "a-key-for-tests-only-" + "x" * 40)
os.environ.setdefault("INTERLOCK_ROLE", "owner")
os.environ.setdefault("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/interlock")

from config.settings.base import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
