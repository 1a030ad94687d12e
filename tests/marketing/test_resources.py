"""What the pages of chances show to whom."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from guanxi.customers.actions import create_customer
from guanxi.kernel.days import company_day
from guanxi.marketing import actions
from guanxi.marketing.models import SaleChance
from tests.cast import change, make_user

pytestmark = pytest.mark.django_db

SELLER = [f"marketing.{verb}_salechance" for verb in ("view", "create", "edit", "assign", "develop")]


@pytest.fixture
def seller():
    return make_user("李思远", *SELLER, "customers.view_customer")


@pytest.fixture
def client(seller):
    made = Client()
    made.force_login(seller)
    return made


@pytest.fixture
def chance(seller):
    with change(by=seller, at=timezone.now()) as writer:
        return actions.create_chance(
            customer_name="云栖智造",
            contact_name="王建国",
            contact_phone="13805712233",
            assigned_to=seller,
            change=writer,
        )


def plan(chance, item, days):
    with change(at=timezone.now()) as writer:
        day = company_day(timezone.now()) + timedelta(days=days)
        return actions.create_plan(chance=chance, item=item, planned_on=day, change=writer)


def test_plans_are_listed_by_date_the_overdue_ones_first(client, chance):
    for item, days in [("三个月后", 90), ("今天做", 0), ("早该做", -3), ("后天做", 2)]:
        plan(chance, item, days)
    text = client.get("/marketing/development/").content.decode()
    places = [text.index(item) for item in ("早该做", "今天做", "后天做", "三个月后")]
    assert places == sorted(places)
    assert "逾期" in text


def test_winning_opens_in_the_drawer(client, chance):
    answer = client.get(f"/marketing/chances/{chance.pk}/win/", headers={"hx-request": "true"})
    assert answer.status_code == 200
    assert "王建国" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_the_board_knows_the_lanes_that_a_step_leads_to(client, chance):
    text = client.get("/marketing/chances/?as=board").content.decode()
    assert f"/marketing/chances/{chance.pk}/win/" in text
    assert 'data-label="开发中"' in text


def test_a_chance_leads_to_its_customer(client, seller, chance):
    with change(by=seller, at=timezone.now()) as writer:
        actions.win_chance(chance, change=writer)
    link = f'<a href="/customers/{chance.customer_id}/">'
    assert link in client.get(f"/marketing/chances/{chance.pk}/").content.decode()
    assert link in client.get(f"/marketing/development/{chance.pk}/").content.decode()


def test_the_first_step_of_a_chance_is_its_assignment(client, seller):
    with change(by=seller, at=timezone.now()) as writer:
        waiting = actions.create_chance(
            customer_name="瑞达贸易", contact_name="钱进", contact_phone="13805712244", change=writer
        )
    text = client.get(f"/marketing/chances/{waiting.pk}/").content.decode()
    steps = text.partition('<ol class="steps"')[2].partition("</ol>")[0]
    assert "<b>分配</b>" in steps
    assert "已分配" not in steps


@pytest.mark.parametrize(
    ("language", "sentence"), [("zh-hans", "成功几率为 0 到 100。"), ("en", "A success rate is 0 to 100.")]
)
@pytest.mark.parametrize("rate", ["101", "99999"])
def test_a_success_rate_over_a_hundred_is_said_beside_its_field_and_nothing_typed_is_lost(
    client, seller, language, sentence, rate
):
    with change(at=timezone.now()) as writer:
        writer.update(seller, language=language)
    typed = {
        "customer_name": "云栖智造",
        "contact_name": "王建国",
        "contact_phone": "13805712233",
        "success_rate": rate,
    }
    answer = client.post("/marketing/chances/new/", typed)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in text
    assert all(f'value="{value}"' in text for value in typed.values())
    assert not SaleChance.objects.exists()


def test_a_like_customer_is_asked_about_beside_the_choice_that_answers(client, chance):
    with change(at=timezone.now()) as writer:
        create_customer(name="云栖智造", change=writer)
    answer = client.post(f"/marketing/chances/{chance.pk}/win/", {})
    assert answer.status_code == 422
    assert 'id="id_like_error"' in answer.content.decode()
    assert 'id="id_customer_error"' not in answer.content.decode()
