"""Environment variables as checked values; each bad one is refused in one sentence, in English and in Chinese."""

import ipaddress
import os
import secrets
import socket
import zoneinfo
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

LANGUAGES = {"zh": "zh-hans", "zh-cn": "zh-hans", "zh-hans": "zh-hans", "en": "en"}
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}
SQLITE_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON"


class BadSetting(ImproperlyConfigured):
    """A setting that cannot be used, said in both languages because no language is chosen yet."""

    def __init__(self, english: str, chinese: str) -> None:
        """Keep one sentence per line."""
        super().__init__(f"{english}\n{chinese}")


@dataclass(frozen=True)
class Environment:
    """Typed reading of environment variables."""

    values: Mapping[str, str]

    def text(self, name: str, default: str = "") -> str:
        """Return the value without blanks around it; empty means not set."""
        return self.values.get(name, "").strip() or default

    def words(self, name: str) -> list[str]:
        """Return the values between commas."""
        return [word.strip() for word in self.text(name).split(",") if word.strip()]

    def flag(self, name: str, default: bool = False) -> bool:
        """Return a yes or a no."""
        if name not in self.values:
            return default
        value = self.text(name).lower()
        if value in TRUE | FALSE:
            return value in TRUE
        raise BadSetting(f"{name} must be 1 or 0, not “{value}”.", f"{name} 只能是 1 或 0，不能是“{value}”。")

    def port(self, name: str) -> int | None:
        """Return a TCP port, or None when not set."""
        value = self.text(name)
        if not value:
            return None
        if value.isascii() and value.isdigit() and 0 < int(value) < 65536:
            return int(value)
        raise BadSetting(
            f"{name} must be a number from 1 to 65535, not “{value}”.",
            f"{name} 必须是 1 到 65535 之间的数字，不能是“{value}”。",
        )

    def count(self, name: str, default: int) -> int:
        """Return a whole number of at least 1."""
        value = self.text(name, str(default))
        if value.isascii() and value.isdigit() and int(value) > 0:
            return int(value)
        raise BadSetting(
            f"{name} must be a whole number of at least 1, not “{value}”.",
            f"{name} 必须是不小于 1 的整数，不能是“{value}”。",
        )


def language(env: Environment) -> str:
    """Return the language of people who have not chosen one: Chinese unless told."""
    value = env.text("GUANXI_LANGUAGE", "zh-hans").lower()
    if value in LANGUAGES:
        return LANGUAGES[value]
    raise BadSetting(
        f"GUANXI_LANGUAGE must be zh-hans or en, not “{value}”.",
        f"GUANXI_LANGUAGE 只能是 zh-hans 或 en，不能是“{value}”。",
    )


def log_level(env: Environment) -> str:
    """Return how much is logged."""
    value = env.text("GUANXI_LOG_LEVEL", "INFO").upper()
    if value in LOG_LEVELS:
        return value
    raise BadSetting(
        f"GUANXI_LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}, not “{value}”.",
        f"GUANXI_LOG_LEVEL 只能是 {'、'.join(LOG_LEVELS)} 之一，不能是“{value}”。",
    )


def time_zone(env: Environment) -> str:
    """Return the time zone that dates are shown in."""
    value = env.text("GUANXI_TIME_ZONE", "Asia/Shanghai")
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise BadSetting(
            f"GUANXI_TIME_ZONE must name a time zone such as Asia/Shanghai, not “{value}”.",
            f"GUANXI_TIME_ZONE 必须是时区名称，例如 Asia/Shanghai，不能是“{value}”。",
        ) from None
    return value


def public_url(env: Environment) -> str:
    """Return scheme and host that people use, such as https://crm.example.com, or nothing."""
    value = env.text("GUANXI_PUBLIC_URL").rstrip("/")
    parts = urlsplit(value)
    if not value or (parts.scheme in {"http", "https"} and parts.hostname and not parts.path):
        return value
    raise BadSetting(
        f"GUANXI_PUBLIC_URL must look like https://crm.example.com, not “{value}”.",
        f"GUANXI_PUBLIC_URL 必须形如 https://crm.example.com，不能是“{value}”。",
    )


def hosts(env: Environment) -> list[str]:
    """Return the names under which the server answers."""
    named = env.words("GUANXI_HOSTS") or ["localhost", "127.0.0.1", "[::1]", socket.gethostname().lower()]
    public = urlsplit(public_url(env)).hostname
    for host in named:
        if "/" in host or " " in host:
            raise BadSetting(
                f"GUANXI_HOSTS lists host names without http:// and paths; “{host}” is none.",
                f"GUANXI_HOSTS 只列主机名，不含 http:// 和路径；“{host}”不是主机名。",
            )
    return [*named, public] if public and public not in named else named


def trusted_proxies(env: Environment) -> list[str]:
    """Return the addresses or networks whose X-Forwarded-* headers are believed."""
    named = env.words("GUANXI_TRUSTED_PROXIES")
    for value in named:
        try:
            ipaddress.ip_network(value)
        except ValueError:
            raise BadSetting(
                f"GUANXI_TRUSTED_PROXIES lists addresses or networks such as 10.0.0.0/8; “{value}” is none.",
                f"GUANXI_TRUSTED_PROXIES 只列 IP 地址或网段，例如 10.0.0.0/8；“{value}”不是。",
            ) from None
    return named


def data_dir(env: Environment, project: Path) -> Path:
    """Return the data folder: the one named, else beside a source checkout, else the user's own."""
    named = env.text("GUANXI_DATA")
    if named:
        return Path(named).expanduser().resolve()
    if (project / "pyproject.toml").exists() or (project / ".git").exists():
        return project / "data"
    home = Path(env.text("XDG_DATA_HOME", "~/.local/share")).expanduser()
    return home / "guanxi"


def secret_key(env: Environment, folder: Path) -> str:
    """Return the signing key: the one named, else the one kept in the data folder, made at first use."""
    named = env.text("GUANXI_SECRET_KEY")
    if not named:
        return _kept_secret(folder / "secret_key")
    if len(named) < 32:
        raise BadSetting(
            "GUANXI_SECRET_KEY must have at least 32 characters.", "GUANXI_SECRET_KEY 至少要有 32 个字符。"
        )
    return named


def _kept_secret(path: Path) -> str:
    try:
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(48))
        return path.read_text().strip()
    except OSError as error:
        raise BadSetting(
            f"The data folder {path.parent} cannot be used ({error.strerror}); set GUANXI_DATA to a folder you may write.",
            f"数据目录 {path.parent} 无法使用（{error.strerror}）；请把 GUANXI_DATA 设为可写的目录。",
        ) from None


def _write_once(path: Path, text: str) -> None:
    """Write a file that only its owner reads; when two processes try, the first one wins for both."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def database(env: Environment, folder: Path) -> dict[str, Any]:
    """Return Django's settings of the database that DATABASE_URL names: SQLite in the data folder unless told."""
    url = env.text("DATABASE_URL", f"sqlite:///{folder / 'guanxi.sqlite3'}")
    build = DATABASES.get(urlsplit(url).scheme)
    if build is None:
        raise BadSetting(
            "DATABASE_URL must begin with sqlite:/// or postgres://.",
            "DATABASE_URL 必须以 sqlite:/// 或 postgres:// 开头。",
        )
    try:
        return build(env, url)
    except ValueError:
        raise BadSetting(
            "DATABASE_URL must look like sqlite:////path/to/file or postgres://user:password@host:5432/name.",
            "DATABASE_URL 必须形如 sqlite:////path/to/file 或 postgres://user:password@host:5432/name。",
        ) from None


def _sqlite(env: Environment, url: str) -> dict[str, Any]:
    name = dj_database_url.parse(url)["NAME"]
    return {
        "ENGINE": "guanxi.kernel.sqlite",
        "NAME": name if name == ":memory:" else str(Path(name).expanduser().resolve()),
        "CONN_MAX_AGE": None,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_PRAGMAS},
    }


def _postgresql(env: Environment, url: str) -> dict[str, Any]:
    config = dict(dj_database_url.parse(url, conn_max_age=None, conn_health_checks=True))
    if not config["NAME"]:
        raise ValueError(url)
    options: dict[str, Any] = {"connect_timeout": 10, **cast("dict[str, Any]", config.pop("OPTIONS", {}))}
    if env.flag("GUANXI_PREPARED_STATEMENTS"):
        options |= {"server_side_binding": True, "prepare_threshold": 5}
    return {**config, "OPTIONS": options}


DATABASES: dict[str, Callable[[Environment, str], dict[str, Any]]] = {
    "sqlite": _sqlite,
    "postgres": _postgresql,
    "postgresql": _postgresql,
}
