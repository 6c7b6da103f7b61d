"""Settings shared by every environment."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import env
from config.databases import database
from config.logging import logging_config

ENV = env.read()
BASE_DIR = env.ROOT
DATA_DIR = Path(ENV.data_dir)

#: The product's own, for whoever compares what runs side by side.
VERSION = env.version()
#: Names that settings had in earlier releases, and the ones they have now.
RENAMED_SETTINGS = env.RENAMED

SECRET_KEY = ENV.secret_key
DEBUG = False
ALLOWED_HOSTS = ENV.allowed_hosts.split(",")
PUBLIC_URL = ENV.public_url
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "guardian",
    "simple_history",
    "rest_framework",
    "drf_spectacular",
    "channels",
    "csp",
    "django_htmx",
    "common",
    "governance",
    "engine",
    "designer",
    "demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "common.middleware.request_scene",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "common.middleware.problem_pages",
    "governance.gatekeeper.Gatekeeper",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "governance.shell.shell",
            ],
        },
    }
]

INTERLOCK_ROLE = ENV.interlock_role
DATABASES = {"default": database(ENV.url_for(INTERLOCK_ROLE), INTERLOCK_ROLE)}
if ENV.database_url_reports:
    DATABASES["reports"] = database(ENV.database_url_reports, "reports")
DATABASE_ROUTERS = ["common.replica.Router"]
#: The names of the sign-ins, for the grants that migrations write.
DATABASE_ROLES = {role: ENV.role_name(role) for role in ("app", "engine", "audit")}

CHANNEL_URL = ENV.channel_url
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {"hosts": [CHANNEL_URL], "capacity": 1000, "expiry": 30},
    }
}

AUTH_USER_MODEL = "governance.Account"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# Nobody is anonymous and yet a user: who is not signed in has no rights to look up.
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
LOGIN_URL = "/sign-in"

SESSION_COOKIE_NAME = "interlock_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_COOKIE_NAME = "interlock_csrf"
DEVICE_COOKIE_NAME = "interlock_device"
CSRF_FAILURE_VIEW = "common.problems.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
# Not `no-referrer`: with it browsers send forms with `Origin: null`, which the CSRF check refuses.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT: Path | None = DATA_DIR / "static"

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    # Who may do what is decided in one place before a view is reached: governance.gatekeeper.
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["common.http.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "common.problems.exception_handler",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Interlock",
    "VERSION": "1",
    "SERVE_PERMISSIONS": [],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
}

SIMPLE_HISTORY_HISTORY_ID_USE_UUID = True
#: Demo accounts and loopback destinations are for laptops; production settings say no.
ALLOW_DEMO = True
#: Where a run that goes round for ever is stopped.
RUN_TRANSITIONS = ENV.run_transitions
#: The most that one variable may hold, and that one job may bring back, in bytes of JSON.
VARIABLE_BYTES = ENV.variable_bytes
ANSWER_BYTES = ENV.answer_bytes
#: How a step is tried again whose model, and whose unit, say nothing of it.
RETRY_ATTEMPTS = ENV.retry_attempts
RETRY_FIRST_SECONDS = ENV.retry_first_seconds
RETRY_CAP_SECONDS = ENV.retry_cap_seconds
METRICS_TOKEN = ENV.metrics_token
LOGGING = logging_config(ENV.log_level)
LOGGING_CONFIG = "logging.config.dictConfig"
