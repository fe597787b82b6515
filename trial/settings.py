"""All settings, from the environment, with values that work on a developer's machine.

`manage.py check --deploy --fail-level WARNING` refuses the development values in production.
"""

import os
from pathlib import Path

import dj_database_url

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("TRIAL_VAR", ROOT / "var"))


def _flag(name: str, default: bool) -> bool:
    return os.environ.get(name, str(default)).lower() in {"1", "true", "yes", "on"}


def _list(name: str, default: str) -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


# What must be given in production ------------------------------------------------------------------

PRODUCTION = _flag("PRODUCTION", False)
DEBUG = _flag("DEBUG", not PRODUCTION)
SECRET_KEY = os.environ.get("SECRET_KEY", "django-insecure-development-only")
ALLOWED_HOSTS = _list("ALLOWED_HOSTS", "" if PRODUCTION else "localhost,127.0.0.1,[::1],testserver")
CSRF_TRUSTED_ORIGINS = _list("CSRF_TRUSTED_ORIGINS", "")
BASE_URL = os.environ.get("BASE_URL", "http://localhost:8000")  # what participants' links begin with

# Fernet keys, newest first: the allocation secret and the arms are encrypted with them at rest.
DEVELOPMENT_ALLOCATION_KEY = "ZGV2ZWxvcG1lbnQtb25seS1hbGxvY2F0aW9uLWtleSE="
ALLOCATION_KEYS = _list("ALLOCATION_KEYS", DEVELOPMENT_ALLOCATION_KEY)

# An Ed25519 key (32 bytes, base64) signs receipts and checkpoints; another key finds persons known already.
DEVELOPMENT_SIGNING_KEY = "ZGV2ZWxvcG1lbnQtb25seS1zaWduaW5nLWtleS0tLS0="
SIGNING_KEY = os.environ.get("SIGNING_KEY", DEVELOPMENT_SIGNING_KEY)
DEVELOPMENT_IDENTITY_KEY = "development-only-identity-key"
IDENTITY_KEY = os.environ.get("IDENTITY_KEY", DEVELOPMENT_IDENTITY_KEY)

# Where checkpoints of the ledgers go: a folder that is not restored with the database, and these addresses.
CHECKPOINT_FOLDER = Path(os.environ.get("CHECKPOINT_FOLDER", VAR / "checkpoints"))
CHECKPOINT_MAILS = _list("CHECKPOINT_MAILS", "")
CHECKPOINT_EVERY = int(os.environ.get("CHECKPOINT_EVERY", "50"))  # entries
UNWITNESSED_LIMIT = int(os.environ.get("UNWITNESSED_LIMIT", "200"))  # entries; beyond it nobody is randomized

# A test of crashes names places at which the program dies, fails or dawdles (trial/failpoints.py).
TESTING = _flag("TESTING", False)
FAILPOINTS = os.environ.get("FAILPOINTS", "") if TESTING and not PRODUCTION else ""
FAILPOINT_FOLDER = Path(os.environ.get("FAILPOINT_FOLDER", VAR))

# The database: one SQLite file unless DATABASE_URL names a PostgreSQL --------------------------------

_url = os.environ.get("DATABASE_URL", f"sqlite:///{VAR / 'trial.sqlite3'}")
DATABASES = {"default": dj_database_url.parse(_url, conn_max_age=60, conn_health_checks=True)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    VAR.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / "test.sqlite3")}  # a file, as in production
    DATABASES["default"]["OPTIONS"] = {
        # A deferred transaction that turns into a writer fails at once; an immediate one waits its turn.
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        # FULL: an answered request survives a power cut. recursive_triggers: INSERT OR REPLACE must not
        # slip past the triggers that keep the ledger append-only.
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"
            "PRAGMA recursive_triggers=ON;PRAGMA foreign_keys=ON;"
        ),
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "trial.Member"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "trial",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "trial.web.middleware.PrivateResponses",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "trial.urls"
WSGI_APPLICATION = "trial.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "trial" / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# Who signs in, and for how long --------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 1  # hour
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "registration/locked_out.html"
AXES_VERBOSE = False
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False
CSRF_FAILURE_VIEW = "trial.web.errors.csrf_failure"

# What the browser is told --------------------------------------------------------------------------

SECURE_SSL_REDIRECT = PRODUCTION
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
# No address is told on, not even to this server: a participant's link has a token in it. ("no-referrer"
# would make browsers send `Origin: null` with every form, which the CSRF check refuses.)
SECURE_REFERRER_POLICY = "strict-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _flag("BEHIND_PROXY", False) else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

STATIC_URL = "static/"
STATIC_ROOT = ROOT / "staticfiles"
STATICFILES_DIRS = [ROOT / "trial" / "static"]
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = not PRODUCTION  # looks a file up when it is asked for: no collected folder is needed
if PRODUCTION:
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }

# Language, time, mail ------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en", "English")]
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True

EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = str(VAR / "mail")
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = _flag("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "study@localhost")

# The API -------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "trial.api.tokens.TokenAuthentication",  # the first one names itself in a 401
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "trial.api.schema.Described",
    "EXCEPTION_HANDLER": "trial.api.problems.handle",
    "URL_FORMAT_OVERRIDE": None,  # ?format= is an unknown parameter like any other
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Trials of report wording",
    "DESCRIPTION": "Enrol, randomize and answer, by program. No operation tells an arm.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# Logs name neither arms nor people: SQL is never logged, and a link's token is left out of every line.
# Django's own handlers are replaced, since they know nothing of that.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_tokens": {"()": "trial.web.logs.WithoutTokens"}},
    "formatters": {
        "server": {
            "()": "django.utils.log.ServerFormatter",
            "format": "[{server_time}] {message}",
            "style": "{",
        }
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "filters": ["without_tokens"]},
        "server": {"class": "logging.StreamHandler", "filters": ["without_tokens"], "formatter": "server"},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "axes": {"level": "ERROR"},
        "django": {"handlers": [], "level": "WARNING"},
        "django.server": {"handlers": ["server"], "level": "INFO", "propagate": False},
    },
}
