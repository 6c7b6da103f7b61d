"""A laptop: loopback only, the demo company allowed. What `make up` runs."""

from __future__ import annotations

from config.settings.base import *  # noqa: F403
