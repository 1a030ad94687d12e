import socket
import stat
from pathlib import Path

import pytest

from guanxi.config import environment
from guanxi.config.environment import BadSetting, Environment

HERE = Path("/nowhere")


@pytest.mark.parametrize(
    ("reader", "name", "value"),
    [
        (lambda env: env.flag("GUANXI_DEBUG"), "GUANXI_DEBUG", "maybe"),
        (lambda env: env.port("PORT"), "PORT", "eighty"),
        (lambda env: env.port("PORT"), "PORT", "65536"),
        (lambda env: env.port("PORT"), "PORT", "٣٣"),
        (lambda env: env.count("GUANXI_JOB_THREADS", 2), "GUANXI_JOB_THREADS", "0"),
        (environment.language, "GUANXI_LANGUAGE", "fr"),
        (environment.log_level, "GUANXI_LOG_LEVEL", "loud"),
        (environment.time_zone, "GUANXI_TIME_ZONE", "Mars/Olympus"),
        (environment.time_zone, "GUANXI_TIME_ZONE", "../etc/passwd"),
        (environment.public_url, "GUANXI_PUBLIC_URL", "crm.example.com"),
        (environment.public_url, "GUANXI_PUBLIC_URL", "https://example.com/crm"),
        (environment.hosts, "GUANXI_HOSTS", "http://crm.example.com"),
        (environment.trusted_proxies, "GUANXI_TRUSTED_PROXIES", "proxy"),
        (lambda env: environment.secret_key(env, HERE), "GUANXI_SECRET_KEY", "short"),
        (lambda env: environment.database(env, HERE), "DATABASE_URL", "mysql://root@localhost/crm"),
        (lambda env: environment.database(env, HERE), "DATABASE_URL", "postgres://localhost:999999/crm"),
        (lambda env: environment.database(env, HERE), "DATABASE_URL", "postgres://localhost"),
    ],
)
def test_bad_setting_is_refused_in_two_sentences_that_name_it(reader, name, value):
    with pytest.raises(BadSetting) as refusal:
        reader(Environment({name: value}))
    english, chinese = str(refusal.value).split("\n")
    assert name in english
    assert name in chinese
    assert chinese.endswith("。")


def test_defaults_are_safe():
    env = Environment({})
    assert env.flag("GUANXI_DEBUG") is False
    assert environment.language(env) == "zh-hans"
    assert environment.time_zone(env) == "Asia/Shanghai"
    assert set(environment.hosts(env)) == {"localhost", "127.0.0.1", "[::1]", socket.gethostname().lower()}
    assert environment.trusted_proxies(env) == []
    assert env.port("PORT") is None


def test_public_url_is_a_host_that_is_answered():
    env = Environment({"GUANXI_PUBLIC_URL": "https://crm.example.com/", "GUANXI_HOSTS": "crm"})
    assert environment.public_url(env) == "https://crm.example.com"
    assert environment.hosts(env) == ["crm", "crm.example.com"]


def test_data_folder_is_named_or_beside_the_checkout_or_in_the_home(tmp_path):
    (tmp_path / "pyproject.toml").touch()
    assert environment.data_dir(Environment({"GUANXI_DATA": "/srv/guanxi"}), tmp_path) == Path("/srv/guanxi")
    assert environment.data_dir(Environment({}), tmp_path) == tmp_path / "data"
    assert environment.data_dir(Environment({"XDG_DATA_HOME": "/x"}), tmp_path / "lib") == Path("/x/guanxi")


def test_secret_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    folder = tmp_path / "data"
    first = environment.secret_key(Environment({}), folder)
    assert environment.secret_key(Environment({}), folder) == first
    assert len(first) >= 50
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [path.name for path in folder.iterdir()] == ["secret_key"]


def test_when_two_processes_make_the_key_the_first_wins(tmp_path):
    (tmp_path / "secret_key").write_text("the first")
    environment._write_once(tmp_path / "secret_key", "the second")
    assert (tmp_path / "secret_key").read_text() == "the first"


def test_data_folder_that_cannot_be_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(BadSetting, match="GUANXI_DATA"):
        environment.secret_key(Environment({}), tmp_path / "file" / "data")


def test_sqlite_begins_immediately_and_keeps_its_connections(tmp_path):
    config = environment.database(Environment({}), tmp_path)
    assert config["NAME"] == str(tmp_path / "guanxi.sqlite3")
    assert config["CONN_MAX_AGE"] is None
    assert config["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert config["OPTIONS"]["timeout"] == 20


def test_postgresql_keeps_connections_checks_them_and_prepares_when_asked():
    url = "postgres://guanxi:p%40ss@db.example.com:5433/crm?sslmode=require"
    plain = environment.database(Environment({"DATABASE_URL": url}), HERE)
    assert (plain["PASSWORD"], plain["PORT"], plain["NAME"]) == ("p@ss", 5433, "crm")
    assert plain["CONN_MAX_AGE"] is None
    assert plain["CONN_HEALTH_CHECKS"] is True
    assert plain["OPTIONS"] == {"connect_timeout": 10, "sslmode": "require"}
    prepared = environment.database(Environment({"DATABASE_URL": url, "GUANXI_PREPARED_STATEMENTS": "1"}), HERE)
    assert prepared["OPTIONS"]["server_side_binding"] is True
