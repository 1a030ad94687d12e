"""A ticket's way through its five steps, by those who take them, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from guanxi.customers import actions as customers
from guanxi.customers.models import Customer
from guanxi.dictionary.actions import fill_dictionary
from guanxi.service.models import ARCHIVE, ASSIGN, FEEDBACK, PROCESS, VIEW, ServiceTicket
from tests import cast
from tests.chromium import axe_faults, look, said
from tests.journeys.test_first_customer import pick, save

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SUPERVISOR = (VIEW, ASSIGN, FEEDBACK, ARCHIVE, "service.create_serviceticket", "customers.view_customer")


def step(page: Page, ticket: ServiceTicket, verb: str, **typed: str) -> None:
    """Open the ticket, choose a verb, type, save."""
    page.goto(f"/service/tickets/{ticket.pk}/")
    assert axe_faults(page) == []
    page.click(f"#do-{verb}")
    form = page.locator("form[data-form]:visible")
    expect(form).to_be_visible()
    for name, value in typed.items():
        field = form.locator(f"[name={name}]").first
        if name == "satisfaction":
            form.locator(f"label:has([value='{value}']), [value='{value}'] + label").first.click()
        else:
            field.fill(value)
    assert axe_faults(page) == []
    save(page)
    said(page)
    ticket.refresh_from_db()


@pytest.mark.parametrize(("width", "language"), [(1440, "zh-CN"), (390, "en")])
def test_from_the_call_to_the_archive(open_page, transactional_db, width, language):
    with cast.change() as change:
        fill_dictionary(change=change)
        customers.create_customer(name="杭州云栖智造", change=change)
    supervisor = cast.make_user("yuemengqi", *SUPERVISOR, scope="all", real_name="岳梦琪")
    clerk = cast.make_user("dongpeng", VIEW, PROCESS, real_name="董鹏")
    desk = open_page(supervisor, width=width, language=language)
    bench = open_page(clerk, width=width, language=language)

    desk.goto("/service/tickets/")
    desk.click("#create")
    pick(desk, "customer", "杭州云栖智造")
    pick(desk, "kind", "投诉" if language == "zh-CN" else "Complaint")
    desk.fill("#drawer [name=overview]", "网关离线")
    desk.fill("#drawer [name=request_text]", "三号产线网关全部离线，请当天恢复")
    save(desk)
    said(desk)
    ticket = ServiceTicket.objects.get()
    assert (ticket.step, ticket.created_by) == ("created", supervisor)

    desk.goto(f"/service/tickets/{ticket.pk}/")
    desk.click("#do-assign")
    pick(desk, "to", "董鹏")
    expect(desk.locator("#drawer table")).to_contain_text("董鹏")
    assert axe_faults(desk) == []
    save(desk)
    said(desk)
    bench.goto("/")
    expect(bench.locator(".home")).to_contain_text("网关离线")
    step(bench, ticket, "process", handling="更换交换机端口")
    assert (ticket.step, ticket.handled_by) == ("processed", clerk)
    step(desk, ticket, "feedback", satisfaction="2", result="还有一台离线")
    assert (ticket.step, ticket.low_rounds, ticket.assigned_to) == ("assigned", 1, clerk)
    step(bench, ticket, "process", handling="加装备用链路")
    step(desk, ticket, "feedback", satisfaction="5", result="全部恢复")
    assert ticket.step == "fed_back"
    step(desk, ticket, "archive")
    assert ticket.step == "archived"
    desk.goto(f"/service/tickets/{ticket.pk}/")
    expect(desk.locator(".steps .step")).to_have_class([re.compile("done")] * 5)
    assert axe_faults(desk) == []
    look(desk, f"journey-ticket-{width}-{language}")
    # Both judgements count.
    assert Customer.objects.get().satisfaction == 3.5
