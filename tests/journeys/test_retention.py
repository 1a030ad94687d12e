"""A customer who stopped buying: found by the scan, worked on, given up, won back; in a real browser."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from guanxi.customers import actions as customers
from guanxi.customers.models import Order
from guanxi.dictionary.actions import fill_dictionary
from guanxi.jobs.worker import work_off
from guanxi.kernel.days import company_day
from guanxi.retention.models import ASSIGN, KEEP, SCAN, VIEW, LossCase, ReprieveMeasure
from tests import cast
from tests.chromium import axe_faults, look, said
from tests.journeys.test_first_customer import pick, save

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEEPER = (VIEW, ASSIGN, KEEP, SCAN, "customers.view_customer", "customers.edit_order")
LINE = {"goods": "网关", "quantity": Decimal(1), "unit": "台", "unit_price": Decimal(100), "discount": Decimal(0)}


@pytest.mark.parametrize(("width", "language"), [(1440, "zh-CN"), (390, "en")])
def test_from_the_scan_to_the_next_order(open_page, transactional_db, width, language):
    now = timezone.now()
    today = company_day(now)
    keeper = cast.make_user("guyuanzhi", *KEEPER, real_name="顾远志")
    with cast.change() as change:
        fill_dictionary(change=change)
        long_ago = today - timedelta(days=900)
        lost, payer = (
            customers.create_customer(name=name, since=long_ago, manager=keeper, change=change)
            for name in ("杭州云栖智造", "苏州新腾实业")
        )
    page = open_page(keeper, width=width, language=language)

    page.goto("/retention/scans/")
    assert axe_faults(page) == []
    page.click("form .btn-p")
    said(page)
    work_off(timezone.now)
    page.goto("/retention/scans/")
    expect(page.locator("tbody tr")).to_have_count(1)
    case, other = LossCase.objects.get(customer=lost), LossCase.objects.get(customer=payer)
    page.goto("/")
    expect(page.locator(".home")).to_contain_text("杭州云栖智造")

    page.goto(f"/retention/losses/{case.pk}/")
    page.click("#new-measure, .empty .btn-p")
    page.fill("#drawer [name=measure]", "区域主管上门拜访")
    save(page)
    said(page)
    assert ReprieveMeasure.objects.get().case == case
    page.goto(f"/retention/losses/{case.pk}/")
    expect(page.locator(".plans")).to_contain_text("区域主管上门拜访")
    assert axe_faults(page) == []
    page.click("#do-confirm")
    pick(page, "reason", "价格" if language == "zh-CN" else "Price")
    assert axe_faults(page) == []
    save(page)
    said(page)
    lost.refresh_from_db()
    assert lost.state == "lost"

    page.goto(f"/retention/losses/{case.pk}/")
    page.click("#do-win_back")
    page.fill("#drawer [name=reason]", "签了新的年度合同")
    save(page)
    said(page)
    case.refresh_from_db()
    lost.refresh_from_db()
    assert (case.state, lost.state) == ("won_back", "normal")
    page.goto(f"/retention/losses/{case.pk}/")
    assert axe_faults(page) == []
    look(page, f"journey-loss-{width}-{language}")

    with cast.change(by=keeper, at=timezone.now()) as change:
        other.refresh_from_db()
        change.update(other, opened_on=today - timedelta(days=1))  # only an order after that day wins back
        order = customers.create_order(customer=payer, ordered_at=today, lines=[LINE], change=change)
    page.goto(f"/customers/orders/{order.pk}/")
    page.click("#do-pay")
    save(page)
    said(page)
    other.refresh_from_db()
    payer.refresh_from_db()
    assert (other.state, other.won_back_by, payer.state) == ("won_back", Order.objects.get(), "normal")
