"""参数设置: typed, bounded, in one act, without losing what was typed or what a colleague chose meanwhile."""

import pytest
from django.test import Client
from django.utils import timezone

from guanxi.customers.parameters import CLAIM_LIMIT, POOL_DAYS
from guanxi.history.models import ChangeSet
from guanxi.parameters.models import Parameter
from guanxi.parameters.registry import grouped
from guanxi.service.parameters import DAY_BEGINS, DAY_ENDS
from guanxi.web.context import IS_DEMO
from tests import cast
from tests.system.company import client_of, prepare

pytestmark = pytest.mark.django_db

URL = "/system/parameters/"


@pytest.fixture
def client():
    return client_of(prepare())


def sent(**changed):
    """The form as a browser sends it: what was shown, and what was typed."""
    values = {}
    for _label, settings in grouped():
        for one in settings:
            values[one.key] = values[f"initial-{one.key}"] = one.default
    return values | {key.replace("__", "."): value for key, value in changed.items()}


def test_every_setting_stands_there_with_its_bounds_and_its_default(client):
    page = client.get(URL).content.decode()
    for _label, settings in grouped():
        for one in settings:
            assert f'name="{one.key}"' in page
            assert f'name="initial-{one.key}"' in page
    assert 'min="1"' in page
    assert "默认值" in page
    assert "公海" in page
    assert f'name="{IS_DEMO.key}"' not in page, "what only the program sets is not shown"


def test_what_was_changed_is_saved_in_one_act(client):
    answer = client.post(URL, sent(customers__claim_limit=50, customers__pool_days=60))
    assert answer.status_code == 303
    assert (CLAIM_LIMIT.read(), POOL_DAYS.read()) == (50, 60)
    act = ChangeSet.objects.get(verb="set")
    assert act.changes.count() == Parameter.objects.count() == 2
    assert client.post(URL, sent()).status_code == 303
    assert ChangeSet.objects.filter(verb="set").count() == 1, "nothing changed, nothing written"


@pytest.mark.parametrize("value", ["0", "100001", "", "many", "1.5"])
def test_bad_input_is_said_next_to_its_field_and_nothing_is_written(client, value):
    answer = client.post(URL, sent(customers__claim_limit=value, customers__pool_days=60))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_customers.claim_limit_error"' in page
    assert 'value="60"' in page
    assert not Parameter.objects.exists()


def test_a_working_day_ends_after_it_begins(client):
    answer = client.post(URL, sent(service__day_begins=19))
    assert answer.status_code == 422
    assert "必须大于 19" in answer.content.decode()
    assert DAY_BEGINS.read() == 9
    assert client.post(URL, sent(service__day_begins=19, service__day_ends=23)).status_code == 303
    assert (DAY_BEGINS.read(), DAY_ENDS.read()) == (19, 23)


def test_two_administrators_at_once_keep_each_others_choices(client):
    client.post(URL, sent(customers__claim_limit=50))
    assert client.post(URL, sent(customers__pool_days=60)).status_code == 303, "its form showed the limit of 100"
    assert (CLAIM_LIMIT.read(), POOL_DAYS.read()) == (50, 60)


def test_what_the_program_alone_sets_cannot_be_sent(client):
    assert client.post(URL, sent() | {IS_DEMO.key: "on", f"initial-{IS_DEMO.key}": ""}).status_code == 303
    assert IS_DEMO.read() is False


def test_whoever_may_only_look_changes_nothing():
    prepare()
    reader = client_of(cast.make_user("reader", "parameters.view_parameter"))
    page = reader.get(URL).content.decode()
    assert "disabled" in page
    assert reader.post(URL, sent(customers__claim_limit=50)).status_code == 403
    assert client_of(cast.make_user("stranger")).get(URL).status_code == 403
    assert not Parameter.objects.exists()
    assert ChangeSet.objects.filter(state="refused", verb="parameters.edit_parameter").exists()


class TestTheCompany:
    def test_its_short_name_stands_on_every_page(self, client):
        assert client.post(URL, sent(company__short_name="启明智控")).status_code == 303
        for page in (client.get("/"), Client().get("/login/")):
            shown = page.content.decode()
            assert "<span>启明智控</span>" in shown
            assert "· 启明智控</title>" in shown

    def test_it_is_text_and_nothing_else(self, client):
        assert client.post(URL, sent(company__short_name="<b>x</b>")).status_code == 303
        assert "<b>x</b>" not in client.get("/").content.decode()

    def test_everything_may_be_empty_again(self, client):
        assert client.post(URL, sent(company__short_name="启明")).status_code == 303
        empty = sent(company__short_name="") | {"initial-company.short_name": "启明"}
        assert client.post(URL, empty).status_code == 303
        assert "<span>关系</span>" in client.get("/").content.decode()

    @pytest.mark.parametrize(
        ("key", "value"), [("short_name", "很" * 13), ("tax_number", "123"), ("tax_number", "91330100ma0000000x")]
    )
    def test_bad_input_is_said_next_to_its_field(self, client, key, value):
        page = client.post(URL, sent(**{f"company__{key}": value}))
        assert page.status_code == 422
        assert f'id="id_company.{key}_error"' in page.content.decode()
        assert not Parameter.objects.exists()


class TestNumbers:
    def test_the_page_shows_what_a_number_would_be(self, client):
        today = f"{timezone.localdate():%Y%m%d}"
        assert f"KH{today}0001" in client.get(URL).content.decode()

    def test_a_preview_saves_nothing(self, client):
        typed = sent(numbers__customer_prefix="C-", numbers__customer_day="year") | {"preview": "1"}
        page = client.post(URL, typed)
        assert page.status_code == 200
        assert f"C-{timezone.localdate():%Y}0001" in page.content.decode()
        assert 'value="C-"' in page.content.decode()
        assert not Parameter.objects.exists()

    @pytest.mark.parametrize("value", ["", "客户", "A B", "K" * 11])
    def test_a_prefix_that_is_none_is_refused_by_a_sentence(self, client, value):
        page = client.post(URL, sent(numbers__customer_prefix=value))
        assert page.status_code == 422
        assert 'id="id_numbers.customer_prefix_error"' in page.content.decode()
        assert not Parameter.objects.exists()
