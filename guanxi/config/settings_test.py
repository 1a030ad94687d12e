"""Settings of the test suite: the real ones, with a throwaway database, a fast hasher and no shared state."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "GUANXI_TEST_FOLDER" not in os.environ:  # workers and child processes use, and leave, the one of the first process
    os.environ["GUANXI_TEST_FOLDER"] = tempfile.mkdtemp(prefix="guanxi-test-")
    atexit.register(shutil.rmtree, os.environ["GUANXI_TEST_FOLDER"], ignore_errors=True)
FOLDER = Path(os.environ["GUANXI_TEST_FOLDER"]) / str(os.getpid())
FOLDER.mkdir(exist_ok=True)
for name in [name for name in os.environ if name.startswith("GUANXI_") and not name.startswith("GUANXI_TEST_")]:
    if name != "GUANXI_CHROMIUM":
        del os.environ[name]  # the person's own settings must not change what is tested
os.environ["GUANXI_DATA"] = str(FOLDER)
os.environ["GUANXI_SECRET_KEY"] = "only-for-tests-" * 4
os.environ["DATABASE_URL"] = os.environ.get("GUANXI_TEST_DATABASE_URL") or f"sqlite:///{FOLDER / 'guanxi.sqlite3'}"

from guanxi.config.settings import *  # noqa: E402, F403 - after the environment that they read
from guanxi.config.settings import DATABASES  # noqa: E402 - the same

DEBUG = False
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
PACED = False  # a test asks faster than any person
SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False

if DATABASES["default"]["ENGINE"] in {"guanxi.kernel.sqlite", "django.db.backends.sqlite3"}:
    # A file, not memory: browser tests and races open it from several threads and processes.
    DATABASES["default"]["TEST"] = {"NAME": str(FOLDER / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON"
    )
