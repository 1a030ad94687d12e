"""The card of whoever looks after the system."""

import os
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from guanxi.accounts.models import SignIn
from guanxi.history.refusals import log_refusal
from guanxi.jobs.models import Job
from guanxi.system.backups import backup_path, latest_backup
from guanxi.system.cards import JOBS, LOG, SESSIONS, SIGN_INS, _signs
from tests import cast

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)


def sign_in(at, outcome):
    SignIn.objects.create(username="x", at=at, outcome=outcome)


def test_only_what_one_may_look_into_is_told():
    assert set(signs_of(SIGN_INS, "signins")) == {"/system/signins/"}
    assert set(signs_of(JOBS, "jobs")) == {"/system/jobs/", ""}
    assert set(signs_of(SESSIONS, "sessions")) == {"/system/sessions/"}
    assert set(signs_of(LOG, "log")) == {"/system/log/"}


def signs_of(permission, name):
    return {sign.url.partition("?")[0]: sign for sign in _signs(cast.make_user(name, permission), NOW)}


def test_failures_of_today_and_this_week_are_counted():
    start = NOW.replace(hour=0, minute=0, second=0, microsecond=0)
    Job.objects.create(task="jobs.tidy", state="failed", created_at=NOW)
    Job.objects.create(task="jobs.tidy", state="failed", created_at=NOW - timedelta(days=9))
    sign_in(NOW, "wrong")
    for outcome in ("success", "recovery", "pending"):
        sign_in(NOW, outcome)
    sign_in(start - timedelta(days=2), "stopped")
    log_refusal("customers.bin_customer", by=None, at=NOW, way="page", address="", reason="GET /")
    found = list(_signs(cast.make_user("keeper", JOBS, SIGN_INS, LOG), NOW))
    assert [(sign.value, sign.bad) for sign in found if "?" in sign.url] == [
        ("1", True),
        ("0", False),
        ("1", False),
        ("1", False),
    ]


def test_the_last_backup_is_told_and_a_missing_or_old_one_stands_out():
    def backup():
        return next(sign for sign in _signs(keeper, NOW) if not sign.url)

    keeper = cast.make_user("keeper", JOBS)
    assert latest_backup() is None
    assert (backup().value, backup().bad) == ("尚无", True)
    for days in (9, 30):
        path = backup_path(NOW - timedelta(days=days))
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"")
        moment = (NOW - timedelta(days=days)).timestamp()
        os.utime(path, (moment, moment))
    assert latest_backup() == datetime.fromtimestamp((NOW - timedelta(days=9)).timestamp(), NOW.tzinfo)
    assert backup().bad
    (path.parent / f"later{path.suffix}").write_bytes(b"")
    assert not backup().bad


def test_each_count_leads_to_its_rows(client):
    sign_in(NOW, "wrong")
    keeper = cast.make_user("keeper", JOBS, SIGN_INS, LOG, SESSIONS)
    client.force_login(keeper)
    for sign in _signs(keeper, NOW):
        if sign.url:
            page = client.get(sign.url).content.decode()
            assert page.count('<tr id="row-') == int(sign.value), sign
    assert client.get("/cards/system/").status_code == 200
