"""营销管理: the manager hands inquiries out by the board and by the list; the seller plans, loses one, takes it up again."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from guanxi.accounts.models import User
from guanxi.dictionary.actions import fill_dictionary
from guanxi.kernel.days import company_day
from guanxi.marketing import actions
from guanxi.marketing.models import DevelopmentPlan, SaleChance
from tests import cast
from tests.chromium import axe_faults, look, said
from tests.journeys.test_customers import more
from tests.journeys.test_first_customer import pick, save
from tests.journeys.test_looks import too_wide

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

INQUIRIES = ["宁波海曙精密", "苏州工业园电子", "无锡太湖化工"]


@pytest.fixture
def manager(transactional_db: None) -> User:
    with cast.change() as change:
        fill_dictionary(change=change)
    rights = [f"marketing.{verb}_salechance" for verb in ("view", "create", "edit", "assign", "unassign", "develop")]
    return cast.make_user("lisiyuan", *rights, scope="all", real_name="李思远")


@pytest.fixture
def seller(manager: User) -> User:
    rights = [*(f"marketing.{verb}_salechance" for verb in ("view", "develop")), "customers.view_customer"]
    return cast.make_user("wangruoxi", *rights, real_name="王若溪")


def inquiries(manager: User) -> list[SaleChance]:
    with cast.change("create", by=manager) as change:
        return [
            actions.create_chance(customer_name=name, contact_name="赵经理", contact_phone="13805712233", change=change)
            for name in INQUIRIES
        ]


def test_inquiries_are_handed_out_in_the_list_and_on_the_board(open_page, manager, seller):
    first, second, third = inquiries(manager)
    page = open_page(manager, language="en")
    page.goto("/marketing/chances/?view=waiting")
    for chance in (first, second):
        page.locator(f"#row-{chance.pk} [name=id]").check()
    expect(page.locator("[data-bulk] [data-count]")).to_have_text("2")
    page.locator("[data-bulk]").get_by_role("button", name="Assign").click()
    expect(page.locator("#drawer form")).to_be_visible()
    pick(page, "to", "王若溪")
    assert axe_faults(page) == []
    save(page)
    said(page)
    assert set(SaleChance.objects.filter(assigned_to=seller)) == {first, second}

    page.goto("/marketing/chances/?as=board")
    assert axe_faults(page) == []
    card, lane = page.locator(f"#card-{third.pk}"), page.locator("[data-lane=developing] [data-cards]")
    expect(page.locator("[data-board]")).to_have_class(re.compile("can-drag"))
    card.drag_to(lane, source_position={"x": 12, "y": 60}, steps=8)
    expect(page.locator("#drawer form")).to_be_visible()
    pick(page, "to", "王若溪")
    save(page)
    expect(lane.locator(f"#card-{third.pk}")).to_be_visible()
    look(page, "journey-board-1440-en")
    third.refresh_from_db()
    assert (third.stage, third.assigned_to) == ("developing", seller)


def test_overdue_plans_come_first_and_a_lost_chance_is_taken_up_again(open_page, manager, seller):
    chance, *_others = inquiries(manager)
    today = company_day(timezone.now())
    with cast.change("assign", by=manager) as change:
        actions.assign_chance(chance, to=seller, change=change)
    for item, days in [("寄样品", -2), ("电话回访", 0), ("现场演示", 9)]:
        with cast.change("create", by=seller) as change:
            actions.create_plan(chance=chance, item=item, planned_on=today + timedelta(days=days), change=change)
    late = DevelopmentPlan.objects.get(item="寄样品")
    page = open_page(seller, width=390, language="zh-CN")
    page.goto("/marketing/development/")
    expect(page.locator(".plans th .nm").first).to_have_text("寄样品")
    expect(page.locator(".plans .gh").first).to_contain_text("逾期")
    assert axe_faults(page) == []
    look(page, "journey-due-390-zh-CN")
    assert too_wide(page) <= 0
    page.click(f"#finish-{late.pk}")
    save(page)
    expect(page.locator("#drawer .err")).to_be_visible()
    page.fill("#drawer [name=effect]", "样品已签收，等待试用")
    save(page)
    said(page)
    expect(page.locator(".plans th .nm").first).to_have_text("电话回访")

    page.goto(f"/marketing/development/{chance.pk}/")
    more(page, "lose")
    save(page)
    expect(page.locator("#drawer .err")).to_be_visible()
    pick(page, "reason", "价格过高")
    page.fill("#drawer [name=note]", "报价高出一成")
    save(page)
    said(page)
    chance.refresh_from_db()
    assert (chance.stage, chance.lose_note) == ("lost", "报价高出一成")
    page.goto(f"/marketing/development/{chance.pk}/")
    expect(page.locator("#new-plan")).to_have_count(0)
    assert axe_faults(page) == []
    look(page, "journey-lost-390-zh-CN")
    more(page, "reopen")
    save(page)
    said(page)
    chance.refresh_from_db()
    assert (chance.stage, chance.assigned_to, chance.lose_reason) == ("developing", seller, None)
    page.goto("/marketing/development/?view=developing")
    expect(page.locator("#list tbody tr")).to_have_count(1)
