import os
import time

import pytest
from django.db import connection

from guanxi.system import checks


@pytest.mark.parametrize(
    ("version", "fixed"),
    [
        ((3, 40, 1), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 0), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
        ((4, 0, 0), True),
    ],
)
def test_sqlite_versions_with_the_fault_are_known(version, fixed):
    assert checks.is_fixed(version) is fixed


@pytest.mark.sqlite
def test_old_sqlite_is_warned_of(monkeypatch):
    monkeypatch.setattr(checks.sqlite3, "sqlite_version_info", (3, 40, 1))
    assert [message.id for message in checks.sqlite_version(None, ["default"])] == ["guanxi.W001"]
    assert checks.sqlite_version(None, None) == []


def test_full_disk_is_warned_of_even_before_the_data_folder_is_there(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path / "not" / "yet"
    assert checks.disk_space(None) == []
    monkeypatch.setattr(checks, "FREE_BYTES", 10**18)
    assert [message.id for message in checks.disk_space(None)] == ["guanxi.W002"]


@pytest.mark.sqlite
def test_clock_behind_the_database_is_warned_of(monkeypatch, tmp_path):
    database = tmp_path / "db"
    database.touch()
    monkeypatch.setitem(connection.settings_dict, "NAME", str(database))
    assert checks.clock(None) == []
    os.utime(database, (time.time() + 1e6, time.time() + 1e6))
    assert [message.id for message in checks.clock(None)] == ["guanxi.W003"]


def test_key_that_others_can_read_is_warned_of(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    assert checks.data_folder(None) == []
    key = tmp_path / "secret_key"
    key.touch(mode=0o600)
    assert checks.data_folder(None) == []
    key.chmod(0o640)
    assert [message.id for message in checks.data_folder(None)] == ["guanxi.W004"]
