"""A laptop: loopback only, the demo company allowed. What `make up` runs."""

from __future__ import annotations

from config.settings.base import *  # noqa: F403

# Static files are served from where they lie: nothing to collect after an edit.
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
# Without this an edited file would be sent with its old length.
WHITENOISE_AUTOREFRESH = True
