"""The start page: frames of cards, each card at its own address, arranged as everybody likes."""

import re

import pytest
from django.test import Client

from guanxi.history.models import ChangeSet
from guanxi.system import home as page
from guanxi.system import home_cards as home
from guanxi.system.home import arrangement
from guanxi.system.home_cards import HomeCard, home_card, of_many, own_work
from guanxi.web.models import Preference
from tests import cast

pytestmark = pytest.mark.django_db

VIEW, EDIT = "access.view_department", "access.edit_department"
BODY = "retention/card_at_risk.html"
PART = {"HX-Request": "true"}


def nothing(request):
    return {"cases": [], "count": "3", "all": "/all/", "asked": request.GET}


def broken(request):
    raise RuntimeError("the database is gone")


@pytest.fixture(autouse=True)
def cards(monkeypatch):
    """Four cards of these tests alone."""
    fresh = {}
    for place in (home, page):
        monkeypatch.setattr(place, "all_cards", fresh)
    home_card(HomeCard("second", "Second", BODY, nothing, VIEW, place=20))
    home_card(HomeCard("first", "First", BODY, nothing, VIEW, place=10, wide=True, files=("guanxi/tree.js",)))
    home_card(HomeCard("either", "Either", BODY, nothing, (EDIT, "access.bin_department"), place=30))
    home_card(HomeCard("broken", "Broken", BODY, broken, EDIT, place=40, suits=own_work))


@pytest.fixture
def reader():
    return cast.make_user("reader", VIEW)


@pytest.fixture
def editor():
    return cast.make_user("editor", VIEW, EDIT)


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def frames(client):
    return re.findall(r'id="card-([a-z]+)" ', client.get("/").content.decode())


def arrange(client, *names, shown=None, **more):
    sent = {"card": names, "shown": names if shown is None else shown, **more}
    return client.post("/home/arrange/", sent)


class TestThePage:
    def test_it_has_a_frame_for_each_card_that_one_may_see_and_asks_for_none(self, reader, editor):
        assert frames(client_of(reader)) == ["first", "second"]
        assert frames(client_of(editor)) == ["first", "second", "either", "broken"]

    def test_a_frame_waits_can_fail_and_leads_to_the_card_without_script(self, reader):
        page = client_of(reader).get("/").content.decode()
        assert 'hx-get="/cards/second/" hx-trigger="load, again"' in page
        assert page.count('href="/cards/second/"') == 2
        assert page.count("data-fail hidden") == 2

    def test_it_loads_what_its_cards_need_once(self, reader, editor):
        assert client_of(reader).get("/").content.count(b"guanxi/tree.js") == 1
        arrange(client_of(reader), "first", "second", shown=["second"])
        assert b"guanxi/tree.js" not in client_of(reader).get("/").content

    def test_a_card_without_a_neighbour_takes_the_whole_row(self, reader, editor):
        one = client_of(reader).get("/").content.decode()
        assert re.findall(r'card hc( wide)?" id="card-(\w+)"', one) == [(" wide", "first"), (" wide", "second")]
        three = client_of(editor).get("/").content.decode()
        assert re.findall(r'card hc wide" id="card-(\w+)"', three) == ["first", "broken"]

    def test_nobody_without_a_card_is_left_without_a_word(self):
        assert "请联系管理员" in client_of(cast.make_user("stranger")).get("/").content.decode()


class TestOneCard:
    def test_it_is_a_part_for_the_page_and_a_page_of_its_own(self, reader):
        part = client_of(reader).get("/cards/second/", headers=PART).content.decode()
        assert "<html" not in part
        assert 'class="cnt hot">3<' in part
        assert 'href="/all/"' in part
        whole = client_of(reader).get("/cards/second/").content.decode()
        assert "<html" in whole
        assert "home.css" in whole

    def test_it_refuses_whoever_may_not_see_it_and_that_is_logged(self, reader):
        assert client_of(reader).get("/cards/either/", headers=PART).status_code == 403
        assert ChangeSet.objects.filter(state=ChangeSet.State.REFUSED, verb=EDIT).count() == 1

    def test_one_of_several_permissions_is_enough(self):
        binner = cast.make_user("binner", "access.bin_department")
        assert client_of(binner).get("/cards/either/").status_code == 200

    def test_there_is_no_other(self, reader):
        assert client_of(reader).get("/cards/nonsense/").status_code == 404

    def test_one_that_fails_takes_no_other_with_it(self, editor):
        client = client_of(editor)
        client.raise_request_exception = False
        assert client.get("/cards/broken/", headers=PART).status_code == 500
        assert client.get("/").status_code == 200
        assert client.get("/cards/second/", headers=PART).status_code == 200


class TestArranging:
    def test_cards_are_ordered_and_hidden_for_oneself_alone(self, reader, editor):
        answer = arrange(client_of(editor), "broken", "second", "first", "either", shown=["second", "broken"])
        assert answer.status_code == 303
        assert answer["Location"] == "/"
        assert frames(client_of(editor)) == ["broken", "second"]
        assert frames(client_of(reader)) == ["first", "second"]

    def test_a_step_shows_the_form_anew_and_keeps_nothing_yet(self, editor):
        client = client_of(editor)
        names = ["first", "second", "either", "broken"]
        page = arrange(client, *names, shown=["first"], move="up:second").content.decode()
        assert re.findall(r'name="card" value="(\w+)"', page) == ["second", "first", "either", "broken"]
        assert re.findall(r'name="shown" value="(\w+)" checked', page) == ["first"]
        assert re.search(r'id="down-second"[^>]* autofocus', page), "at the top only the way down is left"
        assert not Preference.objects.exists()

    def test_there_is_no_step_beyond_the_ends(self, editor):
        names = ["first", "second", "either", "broken"]
        for move in ("up:first", "down:broken", "up:nonsense", "sideways:first", ":"):
            page = arrange(client_of(editor), *names, move=move).content.decode()
            found = re.findall(r'name="card" value="(\w+)"', page)
            assert sorted(found or names) == sorted(names), move
        down = arrange(client_of(editor), *names, move="down:second").content.decode()
        assert re.findall(r'name="card" value="(\w+)"', down) == ["first", "either", "second", "broken"]

    def test_the_beginning_comes_back(self, reader):
        arrange(client_of(reader), "second", "first", shown=["second"])
        assert client_of(reader).post("/home/arrange/", {"reset": "1"}).status_code == 303
        assert frames(client_of(reader)) == ["first", "second"]
        home_card(HomeCard("new", "New", BODY, nothing, VIEW, place=15))
        assert frames(client_of(reader)) == ["first", "new", "second"]

    def test_what_is_unknown_or_not_ones_own_is_left_out(self, reader):
        arrange(client_of(reader), "nonsense", "second", "second", "either", "first", shown=["either", "second"])
        assert Preference.objects.get().value == {"order": ["second", "first"], "hidden": ["first"]}

    def test_a_card_that_comes_later_stands_behind(self, reader):
        arrange(client_of(reader), "second", "first")
        home_card(HomeCard("new", "New", BODY, nothing, VIEW, place=1))
        assert frames(client_of(reader)) == ["second", "first", "new"]

    def test_all_may_be_hidden_and_the_way_back_is_there(self, reader):
        arrange(client_of(reader), "first", "second", shown=[])
        page = client_of(reader).get("/").content.decode()
        assert "卡片都已隐藏" in page
        assert 'href="/home/arrange/"' in page

    def test_the_drawer_gets_the_form_alone(self, reader):
        assert b"<html" not in client_of(reader).get("/home/arrange/", headers=PART).content


class TestWhomACardSuits:
    def test_an_administrators_own_work_is_not_there_at_first(self, editor):
        admin = cast.make_user("admin", holds_all=True)
        places = {place.card.name: place.shown for place in arrangement(admin)}
        assert places == {"first": True, "second": True, "either": True, "broken": False}
        arrange(client_of(admin), *places)
        assert frames(client_of(admin)) == ["first", "second", "either", "broken"]

    def test_people_are_compared_for_whoever_sees_more_than_oneself(self):
        north = cast.make_department("North")
        leader = cast.make_user("leader", VIEW, scope="department", department=north)
        assert not of_many(leader)
        cast.make_user("member", VIEW, department=north)
        assert of_many(cast.make_user("another", VIEW, scope="department", department=north))
        assert of_many(cast.make_user("watcher", VIEW, scope="all"))
        assert not of_many(cast.make_user("own", VIEW, department=north))
