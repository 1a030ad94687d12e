import stat
import threading

import pytest
from django.db import connection

from guanxi.kernel.rules import RuleBroken
from guanxi.system import backups
from tests.house import House, Writer


@pytest.fixture
def writer(house: House):
    writer = Writer(house)
    yield writer
    writer.close()


def test_backup_while_writing_is_one_moment_and_restores_to_equal_rows(house, writer, new_house, tmp_path):
    done, file = threading.Event(), tmp_path / "kept.backup"
    written: list[str] = []

    def write() -> None:
        while not done.is_set():
            key = f"{len(written):06}"
            writer.write(key)
            written.append(key)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        saved = house.command("backup", str(file))
    finally:
        done.set()
        thread.join()
    assert saved.returncode == 0, saved.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

    restored = new_house.command("restore", str(file))
    assert restored.returncode == 0, restored.stderr
    there = Writer(new_house)
    keys = there.keys()
    there.close()
    assert 0 < len(keys) <= len(written)
    assert keys == written[: len(keys)]  # every row up to a moment, none after it


def test_restore_takes_back_what_came_later_and_keeps_it_aside(house, writer, tmp_path):
    writer.write("before")
    assert house.command("backup", str(tmp_path / "kept")).returncode == 0
    writer.write("later")
    writer.close()
    assert house.command("restore", str(tmp_path / "kept")).returncode == 0
    there = Writer(house)
    assert there.keys() == ["before"]
    there.close()
    aside = list((house.folder / "backups").glob("before-restore-*"))
    assert len(aside) == 1
    assert house.command("restore", str(aside[0])).returncode == 0
    there = Writer(house)
    assert there.keys() == ["before", "later"]
    there.close()


def test_nobody_else_on_the_machine_reads_what_is_kept(house, tmp_path):
    assert house.command("backup", str(tmp_path / "kept")).returncode == 0
    files = [tmp_path / "kept", *house.folder.rglob("*")]
    kept = [path for path in files if path.is_file() and "static" not in path.relative_to(tmp_path).parts]
    open_to_others = [path for path in kept if path.stat().st_mode & 0o077]
    assert open_to_others == []


def test_backup_into_a_folder_gets_a_name_with_its_time(house, tmp_path):
    (tmp_path / "kept").mkdir()
    assert house.command("backup", str(tmp_path / "kept")).returncode == 0
    assert [path.name.startswith("guanxi-20") for path in (tmp_path / "kept").iterdir()] == [True]


def test_what_is_no_backup_is_refused_and_nothing_changes(house, writer, tmp_path):
    writer.write("here")
    writer.close()
    (tmp_path / "list.csv").write_text("name,phone\n" * 100)
    for file, reason in [("nowhere", "no file"), ("list.csv", "not a backup|failed")]:
        refused = house.command("restore", str(tmp_path / file))
        assert refused.returncode == 1
        assert any(part in refused.stderr for part in reason.split("|")), refused.stderr
        assert "Traceback" not in refused.stderr
    assert not (house.folder / "backups").exists()
    there = Writer(house)
    assert there.keys() == ["here"]
    there.close()


def test_backup_never_replaces_a_file(tmp_path):
    (tmp_path / "kept").write_text("precious")
    with pytest.raises(RuleBroken):
        backups.back_up(tmp_path / "kept")
    assert (tmp_path / "kept").read_text() == "precious"


@pytest.mark.sqlite
class TestSqlite:
    def test_damaged_backup_is_refused(self, house, tmp_path):
        file = tmp_path / "kept"
        assert house.command("backup", str(file)).returncode == 0
        content = bytearray(file.read_bytes())
        content[4096 * 2 : 4096 * 6] = b"\xff" * (4096 * 4)
        file.write_bytes(content)
        refused = house.command("restore", str(file))
        assert refused.returncode == 1
        assert "damaged" in refused.stderr

    def test_backup_of_a_newer_version_is_refused(self, house, tmp_path):
        assert house.command("backup", str(tmp_path / "kept")).returncode == 0
        newer = House(tmp_path)
        (tmp_path / "kept").rename(tmp_path / "guanxi.sqlite3")
        writer = Writer(newer)
        writer.connection.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('jobs', '9999_later', '2030-01-01')"
        )
        writer.connection.commit()
        writer.close()
        refused = house.command("restore", str(tmp_path / "guanxi.sqlite3"))
        assert refused.returncode == 1
        assert "jobs.9999_later" in refused.stderr

    def test_backup_that_cannot_be_written_leaves_nothing(self, tmp_path):
        (tmp_path / "file").touch()
        with pytest.raises(RuleBroken):
            backups.back_up(tmp_path / "file" / "kept")
        assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_names_of_backups_follow_the_database():
    suffix = "sqlite3" if connection.vendor == "sqlite" else "dump"
    assert backups.SUFFIXES[connection.vendor] == suffix
