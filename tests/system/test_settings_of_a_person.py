"""个人设置: what a person chose is stored with them and holds at the next page, in every browser."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from guanxi.accounts.models import SignIn, User
from guanxi.history.models import Change
from tests import cast
from tests.system.door import knock, make_person

pytestmark = pytest.mark.django_db
EN = {"Accept-Language": "en"}
PROFILE = "/account/profile/"
ATTEMPT = datetime(2026, 11, 23, 2, 30, 5, tzinfo=UTC)
"""10:30 in Shanghai, 21:30 of the day before in New York."""


@pytest.fixture
def person():
    return make_person("lisiyuan", "accounts.view_signin", real_name="李思远")


@pytest.fixture
def here(person):
    return entered()


def entered():
    client = Client(headers=EN)
    assert knock(client).status_code == 303
    return client


def choose(client, **chosen):
    typed = {"real_name": "李思远", "email": "", "phone": "", "shortcuts": "on"} | chosen
    typed = {name: value for name, value in typed.items() if value is not None}
    answer = client.post(PROFILE, typed)
    assert answer.status_code == 303, answer.content.decode()


def page(client, path="/"):
    return client.get(path).content.decode()


def root(client):
    return re.search(r"<html[^>]*>", page(client))[0]


class TestEverySetting:
    @pytest.mark.parametrize(
        ("chosen", "shown"),
        [
            ({"theme": "dark"}, 'data-wish="dark"'),
            ({"theme": "light"}, 'data-wish="light"'),
            ({"density": "compact"}, 'data-density="compact"'),
            ({"density": "loose"}, 'data-density="loose"'),
            ({"language": "zh-hans"}, 'lang="zh-Hans"'),
        ],
    )
    def test_it_holds_at_the_next_page_here_and_elsewhere(self, here, chosen, shown):
        assert shown not in root(here)
        choose(here, **chosen)
        assert shown in root(here)
        assert shown in root(entered())
        choose(here)
        assert shown not in root(here)

    @pytest.mark.parametrize("name", ["theme", "density"])
    def test_the_browsers_own_cookie_follows_so_that_the_first_paint_is_right(self, here, name):
        value = {"theme": "dark", "density": "compact"}[name]
        choose(here, **{name: value})
        assert here.cookies[f"guanxi_{name}"].value == value
        shared = Client()
        shared.cookies[f"guanxi_{name}"] = "light"
        knock(shared)
        assert shared.cookies[f"guanxi_{name}"].value == value, "whoever used this browser before chose otherwise"
        choose(here)
        assert here.cookies[f"guanxi_{name}"].value == ""

    def test_shortcuts_are_off_where_one_says_so(self, here, person):
        assert 'data-shortcuts="on"' in page(here)
        choose(here, shortcuts=None)
        assert 'data-shortcuts="off"' in page(here)
        assert 'data-shortcuts="off"' in page(entered())
        assert 'name="shortcuts"' in page(here, PROFILE)
        assert not User.objects.get(pk=person.pk).shortcuts

    def test_all_of_it_is_in_the_change_log_as_one_act(self, here, person):
        choose(here, theme="dark", density="compact", language="en", time_zone="Europe/Berlin", shortcuts=None)
        change = Change.objects.get(change_set__verb="change_profile")
        chosen = {"theme": "dark", "density": "compact", "language": "en", "time_zone": "Europe/Berlin"}
        assert change.after == chosen | {"shortcuts": False}

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("theme", "pink"),
            ("density", "huge"),
            ("language", "xx"),
            ("time_zone", "Mars/Olympus"),
            ("time_zone", "../x"),
        ],
    )
    def test_what_is_not_on_offer_is_refused_next_to_its_field(self, here, person, name, value):
        typed = {"real_name": "新名", "email": "", "phone": "", name: value}
        answer = here.post(PROFILE, typed, headers={"HX-Request": "true"})
        assert answer.status_code == 422
        assert f'id="id_{name}_error"' in answer.content.decode()
        assert 'value="新名"' in answer.content.decode()
        person.refresh_from_db()
        assert (getattr(person, name), person.real_name) == ("", "李思远")

    def test_the_form_shows_what_was_chosen(self, here):
        choose(here, time_zone="Europe/Berlin", density="loose")
        text = page(here, PROFILE)
        assert re.search(r'<option value="Europe/Berlin" selected>UTC\+0[12]:00 Germany', text)
        assert '<option value="loose" selected>' in text

    def test_a_colleague_keeps_their_own(self, here):
        choose(here, theme="dark", density="compact", time_zone="Europe/Berlin", shortcuts=None)
        make_person("wang")
        other = Client()
        knock(other, "wang")
        assert 'data-wish="system"' in root(other)
        assert 'data-density="normal"' in root(other)
        assert 'data-shortcuts="on"' in page(other)


class TestTheTimeZone:
    @pytest.fixture(autouse=True)
    def attempt(self):
        SignIn.objects.create(username="tried", at=ATTEMPT, outcome="wrong")

    def log(self, client, query=""):
        return page(client, f"/system/signins/{query}")

    def test_times_are_shown_in_ones_own_zone(self, here):
        assert "2026-11-23 10:30:05" in self.log(here)
        choose(here, time_zone="America/New_York")
        assert "2026-11-22 21:30:05" in self.log(here)
        assert "2026-11-23 10:30:05" not in self.log(here)
        choose(here)
        assert "2026-11-23 10:30:05" in self.log(here)

    def test_nobody_elses_are_moved_by_it(self, here):
        choose(here, time_zone="America/New_York")
        self.log(here)
        make_person("wang", "accounts.view_signin")
        other = Client(headers=EN)
        knock(other, "wang")
        assert "2026-11-23 10:30:05" in self.log(other)
        assert Client().get("/login/").status_code == 200

    def test_days_stay_those_of_the_company(self, here):
        choose(here, time_zone="America/New_York")
        found = self.log(here, "?at.from=2026-11-23&at.to=2026-11-23")
        assert "2026-11-22 21:30:05" in found
        assert "21:30:05" not in self.log(here, "?at.from=2026-11-22&at.to=2026-11-22")

    def test_a_zone_that_the_world_gave_up_is_the_companys(self, here, person):
        with cast.change() as change:
            change.update(person, time_zone="Mars/Olympus")
        assert "2026-11-23 10:30:05" in self.log(here)
        choose(here)
