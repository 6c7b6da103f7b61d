"""A server: TLS only, no demo accounts, no loopback destinations; refuses to start when unsafe."""

from __future__ import annotations

from config.settings.base import *  # noqa: F403
from config.settings.base import ENV

ALLOW_DEMO = False
SECURE_SSL_REDIRECT = True
# Asked from beside the container, where there is no TLS: the one has nothing to hide, and to
# redirect the other would not take back the token that was sent.
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-interlock_session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-interlock_csrf"
DEVICE_COOKIE_NAME = "__Host-interlock_device"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

if not ENV.public_url.startswith("https://"):
    raise RuntimeError(
        "PUBLIC_URL is not https. Production serves TLS only, so that cookies stay secret."
    )
if len(ENV.secret_key) < 50:  # noqa: PLR2004  (as Django's own deployment check)
    raise RuntimeError(
        "SECRET_KEY is shorter than 50 characters. Make one with `openssl rand -base64 48`."
    )
