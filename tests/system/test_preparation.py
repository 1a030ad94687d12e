import pytest
from django.utils import timezone

from guanxi.system import preparation
from tests.house import Writer


def test_upgrade_backs_up_before_it_changes_tables(house):
    writer = Writer(house)
    writer.write("precious")
    writer.connection.execute("DELETE FROM django_migrations WHERE app = 'web'")
    for table in ("web_submitkey", "web_preference"):
        writer.connection.execute(f"DROP TABLE {table}")
    if writer.sqlite:
        writer.connection.commit()
    writer.close()
    done = house.command("upgrade")
    assert done.returncode == 0, done.stderr
    assert "backed up" in done.stdout
    assert len(list((house.folder / "backups").iterdir())) == 1
    assert "backed up" not in house.command("upgrade").stdout


def test_static_files_are_collected_when_one_changed_and_only_then(settings, tmp_path, monkeypatch):
    settings.STATIC_ROOT = tmp_path / "static"
    said: list[str] = []
    preparation.collect_static(said.append)
    preparation.collect_static(said.append)
    assert len(said) == 1
    monkeypatch.setattr(preparation, "_static_fingerprint", lambda: "another")
    preparation.collect_static(said.append)
    assert len(said) == 2


def test_command_of_an_app_that_is_not_installed_is_left_out():
    assert preparation.call_if_there("no-such-command") is False


@pytest.mark.django_db
def test_preparing_twice_says_nothing_new(monkeypatch):
    monkeypatch.setattr(preparation, "is_behind", lambda: False)
    monkeypatch.setattr(preparation, "collect_static", lambda say: None)
    monkeypatch.setattr(preparation, "call_if_there", lambda command, **options: True)
    said: list[str] = []
    preparation.prepare(at=timezone.now(), say=said.append)
    assert said == []
