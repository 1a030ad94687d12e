"""The list as a file: what the list shows to this person, and nothing else."""

import csv
from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guanxi.access.models import Department
from guanxi.accounts.models import Session
from guanxi.history.models import ChangeSet
from guanxi.kernel.sheets import MARK, MOST
from guanxi.web import registry
from tests import cast
from tests.web.kit import KitResource

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.kit")]

READ = ["access.view_department"]
TAKE = [*READ, "access.export_department"]


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    """Departments are shown by the kit's resource, for these tests only."""
    monkeypatch.setitem(registry._resources, Department, KitResource.instance)


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def taker():
    return client_of(cast.make_user("taker", *TAKE, scope="all"))


def text_of(answer):
    return b"".join(answer.streaming_content)


def lines_of(answer):
    return list(csv.reader(text_of(answer).decode().removeprefix(MARK).splitlines()))


def test_a_list_leaves_as_csv_with_its_columns_order_and_filters(taker):
    east = cast.make_department("East")
    cast.make_department("=1+1", east)
    cast.make_department("West", east)
    answer = taker.post(
        f"/kit/export/?parent={east.pk}&sort=-name", {"format": "csv"}, headers={"Accept-Language": "en"}
    )
    assert answer.status_code == 200
    head, *rows = lines_of(answer)
    assert [row[:2] for row in rows] == [["West", "East"], ["'=1+1", "East"]]
    assert len(head) == 4
    assert "attachment" in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "no-store"


def test_a_list_leaves_as_a_workbook(taker):
    cast.make_department("East")
    answer = taker.post("/kit/export/", {"format": "xlsx"})
    sheet = openpyxl.load_workbook(BytesIO(text_of(answer))).active
    assert [sheet.cell(2, 1).value, sheet.cell(2, 3).value] == ["East", 0]


def test_who_took_what_is_in_the_log(taker):
    cast.make_department("East")
    text_of(taker.post("/kit/export/?view=top&sort=name", {"format": "csv"}))
    act = ChangeSet.objects.get(verb="export")
    assert act.by.username == "taker"
    assert act.subject_model == "access.department"
    assert "csv" in act.reason
    assert "view=top&sort=name" in act.reason
    assert act.changes.count() == 0


def test_who_may_only_read_takes_nothing_away():
    reader = client_of(cast.make_user("reader", *READ, scope="all"))
    assert reader.post("/kit/export/", {"format": "csv"}).status_code == 403
    assert b"export-form" not in reader.get("/kit/").content
    assert ChangeSet.objects.filter(verb="access.export_department", state="refused").count() == 1
    assert not ChangeSet.objects.filter(verb="export").exists()


def test_a_file_is_asked_for_and_not_just_opened(taker):
    assert taker.get("/kit/export/").status_code == 405


def test_too_many_rows_are_refused_by_a_sentence(taker, monkeypatch):
    monkeypatch.setitem(MOST, "xlsx", 1)
    cast.make_department("East")
    cast.make_department("West")
    answer = taker.post("/kit/export/?sort=name", {"format": "xlsx"})
    assert (answer.status_code, answer["Location"]) == (303, "/kit/?sort=name")
    assert "CSV" in taker.get("/kit/").content.decode()
    assert not ChangeSet.objects.filter(verb="export").exists()


def test_the_page_offers_what_the_address_asks_for(taker):
    cast.make_department("East")
    page = taker.get("/kit/?sort=name&page=1").content.decode()
    assert 'action="/kit/export/?sort=name"' in page


def queries(client):
    with CaptureQueriesContext(connection) as caught:
        text_of(client.post("/kit/export/", {"format": "csv"}))
    return len(caught)


def test_labels_come_in_one_go_each_however_many_rows(taker):
    top = cast.make_department("Top")
    queries(taker)
    few = queries(taker)
    for number in range(30):
        cast.make_department(f"Part {number}", top)
    queries(taker)
    assert queries(taker) == few


def test_whoever_was_away_proves_again_who_they_are(taker):
    Session.objects.update(proved_at=timezone.now() - timedelta(minutes=16))
    cast.make_department("East")
    answer = taker.post("/kit/export/", {"format": "csv"})
    assert not answer.streaming
    assert b"East" not in answer.content
    assert not ChangeSet.objects.filter(verb="export").exists()
