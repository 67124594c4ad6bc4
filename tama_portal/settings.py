"""Settings: the only reader of the environment. Refuses to start in an unsafe combination.

Source: docs/architecture.md ("The house"). Every value that differs between a laptop, the tests, the
demo and production comes from one environment variable named here.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- What kind of run is this --------------------------------------------------------------------
DEBUG: bool = env.bool("TAMA_DEBUG", default=False)
DEMO: bool = env.bool("TAMA_DEMO", default=False)
VAR_DIR = Path(env.str("TAMA_VAR_DIR", default=str(BASE_DIR / "var")))
FIXTURES_DIR = BASE_DIR / "fixtures"

_UNSAFE_KEY = "insecure-key-for-tests-and-demo-only"
SECRET_KEY: str = env.str("TAMA_SECRET_KEY", default=_UNSAFE_KEY)
ALLOWED_HOSTS: list[str] = env.list(
    "TAMA_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"]
)
PRODUCTION: bool = env.bool("TAMA_PRODUCTION", default=False)
if PRODUCTION and (DEBUG or DEMO or SECRET_KEY == _UNSAFE_KEY or "*" in ALLOWED_HOSTS):
    raise ImproperlyConfigured(
        "TAMA_PRODUCTION needs TAMA_SECRET_KEY, named TAMA_ALLOWED_HOSTS, and neither TAMA_DEBUG nor TAMA_DEMO."
    )

INSTALLED_APPS = [
    "tama_portal.apps.TamaPortalConfig",
    "grants.apps.GrantsConfig",
    "indicators.apps.IndicatorsConfig",
    "programs.apps.ProgramsConfig",
    "accounts.apps.AccountsConfig",
    "core.apps.CoreConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "template_partials",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "core.request_id.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.ActorMiddleware",
    "core.middleware.RefuseNul",
    "core.middleware.DenyUndeclared",
    "django_htmx.middleware.HtmxMiddleware",
    "core.database.AnswerOnceMore",
]

ROOT_URLCONF = "tama_portal.urls"
WSGI_APPLICATION = "tama_portal.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context.site",
            ],
        },
    }
]
FORM_RENDERER = "core.forms.PortalRenderer"

# --- Data ------------------------------------------------------------------------------------------
_SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;",
}
DATABASES: dict[str, Any] = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"].setdefault("OPTIONS", {}).update(_SQLITE_OPTIONS)
else:
    DATABASES["default"]["ENGINE"] = "core.postgresql"
    if PRODUCTION or DEMO:
        DATABASES["default"].setdefault("OPTIONS", {}).update({"pool": {"min_size": 1, "max_size": 8}})
# Seconds a request of the web server waits for somebody else's lock, and for one statement (core.database; PostgreSQL).
REQUEST_WAITS = {
    "lock_timeout": env.int("TAMA_LOCK_SECONDS", default=3),
    "statement_timeout": env.int("TAMA_STATEMENT_SECONDS", default=20),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL: str = env.str("REDIS_URL", default="")
CACHES: dict[str, Any] = {
    "default": (
        {"BACKEND": "core.patient_cache.PatientRedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

MEDIA_ROOT = VAR_DIR / "media"
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if PRODUCTION
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}

# --- Background work: the database is the truth, the broker only wakes the worker ------------------------
# Who may read /metrics; without a token only requests from this machine itself.
METRICS_TOKEN: str = env.str("TAMA_METRICS_TOKEN", default="")

CELERY_BROKER_URL: str = env.str("CELERY_BROKER_URL", default="memory://")
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600, "unacked_restore_throttle": 1}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Asia/Tokyo"
# After standing still, reminders that fell due within this span still go out; older ones never.
REMINDER_CATCH_UP = timedelta(hours=env.int("TAMA_REMINDER_CATCH_UP_HOURS", default=24))
REMINDER_MOST_DAYS = 400  # how far ahead the plan of reminders is shown
QUESTION_BUSINESS_DAYS = env.int(
    "TAMA_QUESTION_BUSINESS_DAYS", default=7
)  # questions of a call end so long before it
ANSWER_BUSINESS_DAYS = env.int(
    "TAMA_ANSWER_BUSINESS_DAYS", default=5
)  # an officer is to answer within so many
SHORTENING_BUSINESS_DAYS = env.int(
    "TAMA_SHORTENING_BUSINESS_DAYS", default=10
)  # towns hear so long before a closing that comes earlier than announced
# A virus scanner speaking clamd's protocol on this machine: "unix:/run/clamav/clamd.ctl" or "tcp:127.0.0.1:3310"; "" is none.
SCANNER_ADDRESS = env.str("TAMA_SCANNER", default="")
SCANNER_SECONDS = env.float("TAMA_SCANNER_SECONDS", default=60.0)
ROUTING_BUSINESS_DAYS = env.int(
    "TAMA_ROUTING_BUSINESS_DAYS", default=5
)  # proposed for 庁内照会: so long before Tokyo's date

# --- People ----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account:home"
PASSWORD_RESET_TIMEOUT = 60 * 60
INVITATION_DAYS: int = env.int("TAMA_INVITATION_DAYS", default=7)
SESSION_IDLE_SECONDS: int = env.int("TAMA_SESSION_IDLE_SECONDS", default=60 * 60)
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.bool("TAMA_BEHIND_PROXY", default=False) else 0
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "【多摩・島しょ連携支援ポータル】"
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105 - a class
# Generous per address (a town hall sits behind one), strict per person; "login_failed" counts per person and
# address, "login_failed_anywhere" per person from wherever.
ACCOUNT_RATE_LIMITS = {
    "login": "600/m/ip",
    "login_failed": "120/m/ip,5/30m/key",
    "login_failed_anywhere": "50/30m/key",
    "reauthenticate": "20/m/user",
    "change_password": "10/m/user",
    "reset_password": "60/m/ip,5/30m/key",
    "reset_password_from_key": "120/m/ip",
}
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "reauthenticate": "accounts.forms.ConfirmPasswordForm",
    "change_password": "accounts.forms.PasswordChangeForm",
    "reset_password": "accounts.forms.ForgottenPasswordForm",
    "reset_password_from_key": "accounts.forms.NewPasswordForm",
    "confirm_login_code": "accounts.forms.MailedCodeForm",
}
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_ISSUER = "多摩・島しょ連携支援ポータル"
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are set by administrators and proven by the mailed code
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_FORMS = {
    "authenticate": "accounts.forms.FactorCodeForm",
    "reauthenticate": "accounts.forms.ConfirmFactorCodeForm",
    "activate_totp": "accounts.forms.AppActivationForm",
    "generate_recovery_codes": "accounts.forms.CodeSheetForm",
    "authenticate_webauthn": "accounts.forms.KeyAnswerForm",
    "reauthenticate_webauthn": "accounts.forms.ConfirmKeyForm",
    "add_webauthn": "accounts.forms.KeyForm",
    "edit_webauthn": "accounts.forms.KeyNameForm",
}

# --- Sessions, cookies, transport ---------------------------------------------------------------------------
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * 60 * 8
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "tama_portal.pages.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("TAMA_BEHIND_PROXY", default=False) else None
)
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# --- Mail: files in the demo, the body's relay in production ---------------------------------------------------
DEFAULT_FROM_EMAIL: str = env.str("TAMA_MAIL_FROM", default="portal@localhost")
_MAIL_DIR = env.str("TAMA_MAIL_DIR", default="")
EMAIL_BACKEND = (
    "django.core.mail.backends.filebased.EmailBackend"
    if _MAIL_DIR
    else "django.core.mail.backends.smtp.EmailBackend"
)
EMAIL_FILE_PATH = _MAIL_DIR or None
EMAIL_HOST: str = env.str("TAMA_SMTP_HOST", default="localhost")
EMAIL_PORT: int = env.int("TAMA_SMTP_PORT", default=25)
EMAIL_TIMEOUT = 10
PORTAL_ORIGIN: str = env.str("TAMA_ORIGIN", default="http://127.0.0.1:8000")

# --- Language and time ------------------------------------------------------------------------------------------
LANGUAGE_CODE = "ja"
TIME_ZONE = "Asia/Tokyo"
USE_I18N = True
USE_TZ = True

# --- API -----------------------------------------------------------------------------------------------------------
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_RENDERER_CLASSES": ["core.drf.PortalJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.json_bodies.PortalJSONParser"],
    "DEFAULT_METADATA_CLASS": "core.drf.PortalMetadata",
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["core.drf.DeclaredAccess"],
    "DEFAULT_PAGINATION_CLASS": "core.drf.PortalPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "core.openapi.PortalSchema",
    "EXCEPTION_HANDLER": "core.drf.problem_handler",
    "DEFAULT_THROTTLE_CLASSES": [
        "accounts.api.authentication.AddressThrottle",
        "accounts.api.authentication.CallerThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.str("TAMA_API_RATE", default="600/min"),
        "caller": env.str("TAMA_API_CALLER_RATE", default="300/min"),
    },
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "多摩・島しょ連携支援ポータル API",
    "DESCRIPTION": "支援制度・募集・採択事業・計画と指標を、画面と同じ検索・権限で読み取るためのAPIです。",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {},
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "core.drf.add_problems_to_schema",
        "tama_portal.api_examples.add_examples",
    ],
}

# Open interfaces beside DRF: the ceiling of requests a minute for one place, of bytes for a file inside an answer.
OPEN_REQUESTS_A_MINUTE: int = env.int("TAMA_OPEN_REQUESTS_A_MINUTE", default=600)
EXP_FILE_CEILING: int = env.int("TAMA_EXP_FILE_CEILING", default=1024 * 1024)

# --- Logs: one JSON line each, request ids, no personal data ------------------------------------------------------
LOG_LEVEL: str = env.str("TAMA_LOG_LEVEL", default="INFO")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "core.logs.formatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
}

# --- Network: a closed town hall network in a test ------------------------------------------------------------------
# `manage.py check_links` is the only thing that ever asks another host, and only where this allows it.
OUTBOUND_ALLOWED: bool = env.bool("TAMA_OUTBOUND", default=False)
LOOPBACK_ONLY: bool = env.bool("TAMA_LOOPBACK_ONLY", default=False)
SILENCED_SYSTEM_CHECKS: list[str] = []
