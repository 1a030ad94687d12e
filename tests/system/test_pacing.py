"""Whoever is signed in asks for so much and no more: by pages and by programs, in both languages."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guanxi.accounts.models import TryCount
from guanxi.accounts.paces import Pace
from guanxi.config import settings as shipped
from guanxi.customers.models import Customer
from guanxi.history.models import ChangeSet
from guanxi.parameters.actions import set_parameters
from guanxi.system import pacing
from guanxi.system.parameters import MOST_CHANGES, MOST_FILES, MOST_REQUESTS, MOST_SEARCHES
from tests import cast
from tests.api.caller import caller_of
from tests.system.company import prepare
from tests.system.door import PASSWORD, knock, make_person

pytestmark = pytest.mark.django_db
EN = {"Accept-Language": "en"}
ZH = {"Accept-Language": "zh-CN"}
HTMX = {"HX-Request": "true"}
NEW = "/customers/new/"


@pytest.fixture(autouse=True)
def paced(settings, monkeypatch):
    """Counted from nothing, at one moment."""
    settings.PACED = True
    monkeypatch.setattr(pacing, "_pace", Pace())
    with time_machine.travel(timezone.now(), tick=False):
        yield


@pytest.fixture
def boss():
    prepare()
    return make_person("boss", holds_all=True)


def browser(user) -> Client:
    client = Client(headers=EN)
    client.force_login(user)
    return client


def choose(**values):
    known = {"files": MOST_FILES, "changes": MOST_CHANGES, "searches": MOST_SEARCHES, "requests": MOST_REQUESTS}
    with cast.change() as change:
        set_parameters({known[name]: value for name, value in values.items()}, change=change)


def use_up(user, kind, most, *, but=0):
    """As if this person had asked for so much within this minute."""
    for _turn in range(most - but):
        assert not pacing._pace.take((user.pk, kind), most, at=timezone.now())


def statuses(ask, times: int) -> list[int]:
    return [ask().status_code for _turn in range(times)]


def test_requests_are_counted_page_by_page(boss):
    choose(requests=300)
    client = browser(boss)
    use_up(boss, "requests", 300, but=3)
    assert statuses(lambda: client.get("/account/sessions/"), 3) == [200] * 3
    answer = client.get("/customers/")
    assert (answer.status_code, answer["Retry-After"]) == (429, "1")
    assert "At most 300 requests in a minute. Wait 1 second, then try again." in answer.content.decode()
    chinese = client.get("/customers/", headers=ZH).content.decode()
    assert "每分钟最多 300 次请求。" in chinese
    assert 'lang="zh-Hans"' in chinese
    with time_machine.travel(timezone.now() + timedelta(seconds=1), tick=False):
        assert client.get("/customers/").status_code == 200


def test_a_refusal_asks_little_of_the_database(boss, django_assert_max_num_queries):
    choose(requests=300)
    client = browser(boss)
    use_up(boss, "requests", 300)
    with django_assert_max_num_queries(3):
        assert client.get("/customers/").status_code == 429


@pytest.mark.parametrize("page", ["/", "/customers/", "/customers/?q=li", "/account/sessions/", "/notifications/"])
def test_counting_costs_a_page_no_query(boss, settings, page):
    client = browser(boss)
    client.get(page)
    asked = []
    for settings.PACED in (False, True):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]
    assert not TryCount.objects.exists()


def test_changes_are_counted_and_a_refused_one_writes_nothing(boss):
    choose(changes=60)
    client = browser(boss)
    acts = ChangeSet.objects.count()
    use_up(boss, "changes", 60, but=2)
    assert statuses(lambda: client.post(NEW, {"name": ""}), 2) == [422] * 2
    answer = client.post(NEW, {"name": "云栖智造"}, headers=ZH)
    assert (answer.status_code, answer["Retry-After"]) == (429, "1")
    assert "每分钟最多 60 次修改。请等待 1 秒后重试。" in answer.content.decode()
    assert client.post(NEW, {"name": "云栖智造"}, headers=HTMX).status_code == 429
    assert not Customer.objects.exists()
    assert ChangeSet.objects.count() == acts
    assert client.get("/customers/").status_code == 200, "looking goes on"


def test_searches_and_reports_are_counted_together(boss):
    choose(searches=60)
    client = browser(boss)
    use_up(boss, "searches", 60, but=3)
    for address in ("/search/?q=li", "/customers/?q=li", "/reports/composition/"):
        assert client.get(address).status_code == 200, address
    for address in ("/search/?q=li", "/customers/?q=li", "/reports/composition/"):
        answer = client.get(address)
        assert answer.status_code == 429, address
        assert "At most 60 searches and reports in a minute." in answer.content.decode()
    assert client.get("/customers/").status_code == 200


def test_files_are_counted_for_all_processes(boss, monkeypatch):
    choose(files=5)
    client = browser(boss)
    taken = [("/customers/export/", {"format": "csv"}), ("/reports/composition/export/", {"format": "csv"})]
    for number in range(5):
        monkeypatch.setattr(pacing, "_pace", Pace())  # as in another process
        url, typed = taken[number % 2]
        answer = client.post(url, typed)
        assert answer.status_code == 200, url
        if answer.streaming:
            list(answer.streaming_content)
    exports = ChangeSet.objects.filter(verb="export").count()
    for url, typed in [*taken, ("/transfer/imports/new/?kind=customers", {})]:
        answer = client.post(url, typed)
        assert (answer.status_code, answer["Retry-After"]) == (429, "900"), url
        assert "At most 5 exports and imports in 15 minutes." in answer.content.decode()
    assert ChangeSet.objects.filter(verb="export").count() == exports
    with time_machine.travel(timezone.now() + timedelta(minutes=15), tick=False):
        assert client.post(*taken[0]).status_code in {200, 401}


def test_uploads_are_files(boss):
    choose(files=5)
    client = browser(boss)
    assert statuses(lambda: client.post("/transfer/imports/new/?kind=customers", {}), 6) == [200] * 5 + [429]


def test_a_program_is_told_in_json_and_shares_the_count_of_its_person(boss):
    choose(changes=60, searches=60)
    client, program = browser(boss), caller_of(boss)
    use_up(boss, "changes", 60, but=2)
    assert client.post(NEW, {"name": ""}).status_code == 422
    assert program.post("/customers/", {}).status_code == 422
    answer = program.post("/customers/", {"name": "云栖智造"})
    assert (answer.status_code, answer["Retry-After"]) == (429, "1")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"] == "At most 60 changes in a minute. Wait 1 second, then try again."
    assert not Customer.objects.exists()
    assert client.post(NEW, {"name": ""}).status_code == 429
    assert program.get("/customers/").status_code == 200
    use_up(boss, "searches", 60, but=1)
    assert program.get("/customers/?q=li").status_code == 200
    assert program.get("/customers/?q=li").status_code == 429


def test_each_person_has_their_own_count(boss):
    choose(requests=300)
    client = browser(boss)
    use_up(boss, "requests", 300)
    other = browser(make_person("li"))
    assert client.get("/account/sessions/").status_code == 429
    assert other.get("/account/sessions/").status_code == 200


def test_the_way_out_and_the_door_stay_open(boss):
    choose(requests=300)
    client = browser(boss)
    use_up(boss, "requests", 300)
    assert client.post("/logout/").status_code == 303
    assert knock(client, "boss", PASSWORD).status_code == 303


def test_what_is_shipped_counts():
    assert shipped.PACED
