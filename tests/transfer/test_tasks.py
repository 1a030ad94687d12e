"""The jobs of imports: in the person's language, stopped when cancelled, tried again after an accident."""

from typing import Any

import pytest
from django.db import OperationalError
from django.utils import translation

from guanxi.dictionary.actions import fill_dictionary
from guanxi.jobs import queue
from guanxi.jobs.models import Job
from guanxi.jobs.worker import work
from guanxi.transfer import actions
from guanxi.transfer import work as working
from guanxi.transfer.models import Import
from guanxi.transfer.reading.limits import HEAD_ROWS
from guanxi.transfer.reading.table import read_first
from tests import cast
from tests.transfer.files import csv_file

pytestmark = pytest.mark.django_db

ROWS = [["客户名称", "客户等级"], ["甲", ""], ["乙", "最大客户"]]


def begun(tmp_path, language: str = "en") -> Import:
    with cast.change() as change:
        fill_dictionary(change=change)
    path = csv_file(tmp_path / "a.csv", ROWS)
    _table, rows = read_first(path, HEAD_ROWS)
    owner = cast.make_user("owner", "customers.view_customer", "transfer.import_customer")
    with cast.change("upload", by=owner) as change:
        found = actions.begin_import(
            kind="customers", path=path, filename="a.csv", rows=rows, language=language, change=change
        )
        actions.match_columns(found, mapping=found.mapping, change=change)
    return found


def claim() -> Job:
    job = queue.claim("here", at=Job.objects.latest("pk").run_at)
    assert job is not None
    return job


@pytest.mark.parametrize(("language", "word"), [("en", "not one of the values"), ("zh-hans", "不在可选值之中")])
def test_reasons_are_in_the_language_of_the_person(tmp_path, language, word):
    found = begun(tmp_path, language)
    with translation.override("zh-hans" if language == "en" else "en"):
        work(claim())
    assert word in found.refusals.get().reason


def test_a_cancelled_job_stops_its_import(tmp_path):
    found = begun(tmp_path)
    job = claim()
    queue.cancel(job, at=cast.NOW)
    work(job)
    found.refresh_from_db()
    assert (found.state, found.created) == ("failed", 0)
    assert found.fault


def test_an_accident_is_tried_again_and_given_up_after_the_last_attempt(tmp_path, monkeypatch):
    found = begun(tmp_path)
    real = working.check_import
    accidents: list[Any] = []

    def falls(*_args: Any, **_options: Any) -> None:
        accidents.append(1)
        raise OperationalError("disk full")

    monkeypatch.setattr(working, "check_import", falls)
    work(claim())
    found.refresh_from_db()
    assert found.state == "checking"
    monkeypatch.setattr(working, "check_import", real)
    work(claim())
    found.refresh_from_db()
    assert (found.state, found.created, found.refused) == ("checked", 1, 1)


def test_the_last_accident_is_told(tmp_path, monkeypatch):
    found = begun(tmp_path)
    Job.objects.update(max_attempts=1)

    def falls(*_args: Any, **_options: Any) -> None:
        raise OperationalError("disk full")

    monkeypatch.setattr(working, "check_import", falls)
    work(claim())
    found.refresh_from_db()
    assert found.state == "failed"
    assert Job.objects.latest("pk").state == "failed"
