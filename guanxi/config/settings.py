"""Settings, read from environment variables with safe defaults (docs/operations.md lists them)."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from guanxi.config import environment, menu

ENVIRONMENT = environment.Environment(os.environ)
BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = environment.data_dir(ENVIRONMENT, BASE_DIR)

# --- safety ------------------------------------------------------------------------------------------------------

DEBUG = ENVIRONMENT.flag("GUANXI_DEBUG")
SECRET_KEY = environment.secret_key(ENVIRONMENT, DATA_DIR)
ALLOWED_HOSTS = environment.hosts(ENVIRONMENT)
TRUSTED_PROXIES = environment.trusted_proxies(ENVIRONMENT)
PUBLIC_URL = environment.public_url(ENVIRONMENT)
HTTPS = ENVIRONMENT.flag("GUANXI_HTTPS", default=urlsplit(PUBLIC_URL).scheme == "https")

COOKIE_PREFIX = "__Host-" if HTTPS else ""  # by https no neighbour under the same domain plants ours
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
CSRF_COOKIE_HTTPONLY = True  # pages carry the token in hx-headers and in forms
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "guanxi.config.errors.stale_form"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
SESSION_ENGINE = "guanxi.accounts.sessions"
SESSION_COOKIE_AGE = 12 * 3600  # idle seconds after which the server ends a session that is not remembered
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked from inside, by monitors that speak plain http
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    "auth.W004",  # user names are unique by a constraint that also looks past their case
    "security.W021",  # being in browsers' preload lists is for the domain's owner to decide
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
LOGIN_URL = "account:login"
LOGOUT_REDIRECT_URL = "/login/"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}django_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
AUTHENTICATION_BACKENDS = ["guanxi.accounts.backends.NameOrEmail"]
PASSWORD_HASHERS = ["guanxi.accounts.hashers.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "guanxi.accounts.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "real_name", "email", "phone"]},
    },
]
PACED = True  # requests of people who are signed in are counted (guanxi/system/pacing.py)
LARGEST_BODY = 2_500_000  # bytes: a long order is far below
UPLOADS = ["/transfer/imports/new/"]
LARGEST_UPLOAD = 2_100_000_000  # bytes: more than the import's own limit can be set to
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a long order is one form

# --- parts -------------------------------------------------------------------------------------------------------

ROOT_URLCONF = "guanxi.config.urls"
DIRECTORIES = menu.DIRECTORIES
WSGI_APPLICATION = "guanxi.config.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "guanxi.jobs",
    "guanxi.search",
    "guanxi.history",
    "guanxi.parameters",
    "guanxi.access",
    "guanxi.accounts",
    "guanxi.web",
    "guanxi.system",
    "guanxi.dictionary",
    "guanxi.customers",
    "guanxi.marketing",
    "guanxi.retention",
    "guanxi.service",
    "guanxi.reports",
    "guanxi.transfer",
    "guanxi.api",
    "guanxi.demo",
]
MIDDLEWARE = [
    "guanxi.config.middleware.EveryAnswer",
    "guanxi.api.middleware.Problems",
    # The policy and the other headers stand before WhiteNoise, so that static files and errors carry them too.
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "guanxi.config.middleware.NoStore",
    "guanxi.config.middleware.Measured",
    "guanxi.web.middleware.remember_stamps",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "guanxi.config.middleware.NoNul",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "guanxi.system.middleware.Person",
    "guanxi.system.middleware.SignInRequired",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,  # else Django looks for folders named jinja2
        "DIRS": sorted((BASE_DIR / "guanxi").glob("*/templates")),
        "OPTIONS": {
            "environment": "guanxi.web.jinja.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "guanxi.web.context.shell",
            ],
        },
    }
]

# --- database ----------------------------------------------------------------------------------------------------

DATABASES = {"default": environment.database(ENVIRONMENT, DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- language and time -------------------------------------------------------------------------------------------

LANGUAGE_CODE = environment.language(ENVIRONMENT)
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "guanxi" / "locale"]
TIME_ZONE = environment.time_zone(ENVIRONMENT)
USE_TZ = True
USE_I18N = True

# --- static files ------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "guanxi.config.static.HashedNames"},
}
MEDIA_ROOT = DATA_DIR / "files"
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site has a use for them

# --- server ------------------------------------------------------------------------------------------------------

PORT = ENVIRONMENT.port("PORT")
ADDRESS = ENVIRONMENT.text("GUANXI_ADDRESS", "127.0.0.1")
JOB_THREADS = ENVIRONMENT.count("GUANXI_JOB_THREADS", 2)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "guanxi.config.logs.AddRequestId"},
        "failures": {"()": "guanxi.config.logs.OnlyFailures"},
    },
    "formatters": {
        "line": {"()": "guanxi.config.logs.OneLine", "layout": "{asctime} {levelname} {name} [{request_id}] {message}"}
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "filters": ["request_id", "failures"], "formatter": "line"},
    },
    "root": {"handlers": ["stderr"], "level": environment.log_level(ENVIRONMENT)},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # strangers' noise; the refusal itself is logged
    },
}
