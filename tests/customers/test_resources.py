"""What the pages of customers show to whom."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from guanxi.customers import actions
from guanxi.customers.models import Customer
from guanxi.customers.resources.customer import CustomerResource
from tests.cast import change, make_user
from tests.customers.company import make_contact, make_customer, make_interaction, make_order, pay

pytestmark = pytest.mark.django_db

SELLER = [
    *("customers.view_customer", "customers.create_customer", "customers.edit_customer", "customers.claim_customer"),
    *("customers.edit_contact", "customers.edit_interaction", "customers.edit_order"),
]


@pytest.fixture
def seller():
    return make_user("李思远", *SELLER)


@pytest.fixture
def client(seller):
    made = Client()
    made.force_login(seller)
    return made


def page(client, path, **headers):
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_drawer_is_the_form_alone(client):
    text = page(client, "/customers/new/", hx_request="true")
    assert 'name="name"' in text
    assert "<html" not in text


def test_like_customers_show_while_one_types(client, seller):
    make_customer("云栖智造", manager=seller)
    make_customer("海纳电子", manager=make_user("王若溪", "customers.view_customer"), phone="13800138000")
    text = page(client, "/customers/new/?part=likes&name=云栖智造&phone=138 0013 8000", hx_request="true")
    assert text.count('name="likes"') == 2
    assert "王若溪" in text
    assert text.count("<a ") == 1  # a customer of somebody else is named, and not opened
    assert "<form" not in text


def test_a_like_customer_is_entered_only_after_it_was_shown(client, seller):
    like = make_customer("云栖智造", phone="13800138000")
    form = {"name": "云栖酒店", "phone": "13800138000"}
    refused = client.post("/customers/new/", form)
    assert refused.status_code == 422
    assert f'name="likes" value="{like.pk}"' in refused.content.decode()
    assert Customer.objects.count() == 1
    assert client.post("/customers/new/", {**form, "likes": like.pk}).status_code == 303
    assert Customer.objects.filter(name="云栖酒店").exists()


def test_the_timeline_names_who_did_it_and_what_follows(client, seller):
    customer = make_customer(manager=seller, by=seller)
    make_interaction(customer, next_follow_up=date(2026, 11, 28))
    pay(make_order(customer), "100")
    text = page(client, f"/customers/{customer.pk}/")
    assert "谈了报价" in text
    assert "李思远" in text
    assert "后续" in text
    assert "¥100.00" in text
    only = page(client, f"/customers/{customer.pk}/?kind=order")
    assert "谈了报价" not in only
    assert "¥100.00" in only


def test_the_timeline_tells_times_and_days_in_the_readers_zone(client, seller):
    customer = make_customer(manager=seller, by=seller)
    make_interaction(customer, happened_at=datetime(2025, 11, 21, 2, 30, tzinfo=UTC))
    make_order(customer, ordered_at=date(2025, 11, 20))
    path = f"/customers/{customer.pk}/"
    here = page(client, path)
    assert "10:30" in here
    assert "2025 年 11 月 21 日" in here
    with change() as writer:
        writer.update(seller, time_zone="America/New_York")
    there = page(client, path)
    assert "21:30" in there
    assert "2025 年 11 月 21 日" not in there
    assert "2025 年 11 月 20 日" in there, "where the order stays: it has a day of the company"


def test_a_contact_says_whose_it_is_and_whether_it_is_the_primary_one(client, seller):
    customer = make_customer("云栖智造", manager=seller)
    first, second = make_contact(customer, "赵敏", is_primary=True), make_contact(customer, "周芷若", is_primary=False)
    heads = [
        page(client, f"/customers/contacts/{one.pk}/").split("<h1>")[1].split("</div>")[0] for one in (first, second)
    ]
    assert ["主要联系人" in head for head in heads] == [True, False]
    assert not any(word in head for head in heads for word in ("是", "否"))
    assert page(client, "/customers/contacts/").count("云栖智造") == 2


def test_contacts_are_cards_that_one_calls(client, seller):
    customer = make_customer(manager=seller)
    make_contact(customer, mobile="13800138000")
    text = page(client, f"/customers/{customer.pk}/tab/contact/")
    assert 'href="tel:13800138000"' in text
    assert "138 0013 8000" in text


def test_masked_phones_are_no_links():
    clerk = make_user("冯宇", "customers.view_customer", scope="all", masks=["phone"])
    customer = make_customer()
    make_contact(customer, mobile="13800138000")
    client = Client()
    client.force_login(clerk)
    for path in (f"/customers/{customer.pk}/", f"/customers/{customer.pk}/tab/contact/"):
        text = page(client, path)
        assert "138****8000" in text
        assert "13800138000" not in text


def test_what_is_owed_stands_above_the_payments(client, seller):
    customer = make_customer(manager=seller)
    order = make_order(customer, total="300")
    pay(order, "100")
    text = page(client, f"/customers/{customer.pk}/tab/payments/")
    assert "¥200.00" in text
    assert f"/customers/orders/{order.pk}/pay/" in text


def test_a_customer_of_the_pool_says_so(client):
    customer = make_customer()
    assert "公海" in page(client, f"/customers/{customer.pk}/")


def test_the_bin_lists_what_one_deleted_and_gives_it_back(client, seller):
    gone, foreign = (
        make_customer("云栖智造", manager=seller),
        make_customer("海纳电子", manager=make_user("王若溪", "customers.view_customer")),
    )
    make_customer("湘江机械", manager=seller)
    for customer in (gone, foreign):
        with change("bin") as writer:
            actions.bin_customer(customer, change=writer)
    assert "湘江机械" in page(client, "/customers/?view=bin")  # without the right to delete there is no bin
    keeper = make_user("陈嘉木", "customers.view_customer", "customers.bin_customer")
    with change() as writer:
        writer.update(Customer.objects.get(pk=gone.pk), in_bin=True, manager=keeper)
    client.force_login(keeper)
    text = page(client, "/customers/?view=bin")
    assert "云栖智造" in text
    assert "海纳电子" not in text
    assert "湘江机械" not in text
    answer = client.post(f"/customers/{gone.pk}/restore/")
    assert answer.status_code == 303
    assert "云栖智造" in page(client, "/customers/")


def test_verbs_on_all_that_match_never_reach_into_the_bin(client, seller):
    keeper = make_user("陈嘉木", "customers.view_customer", "customers.bin_customer", "customers.claim_customer")
    gone = make_customer("云栖智造")
    with change("bin") as writer:
        actions.bin_customer(gone, change=writer)
    client.force_login(keeper)
    client.post("/customers/claim/?view=bin", {"all": "1"})
    gone.refresh_from_db()
    assert gone.manager is None


def test_tabs_are_called_by_what_they_show(db):
    browser = Client()
    browser.force_login(make_user("admin", holds_all=True))
    text = browser.get(f"/customers/{make_customer().pk}/").content.decode()
    tabs = text.partition('<div id="tab">')[2].partition("</nav>")[0]
    assert ">客户服务<" in tabs
    assert ">客户流失<" in tabs
    assert "服务创建" not in tabs
    assert "客户流失管理" not in tabs


def test_what_was_received_is_said_where_it_differs_from_what_was_bought(client, seller):
    customer = make_customer(manager=seller)
    pay(make_order(customer, total="300"), "300")
    url = f"/customers/{customer.pk}/"
    details_url = CustomerResource.instance.url("panel", customer.pk, "details")
    assert "已收" not in client.get(url).content.decode()
    pay(make_order(customer, total="500"), "120")
    assert "已收 ¥420" in client.get(url).content.decode()
    details = client.get(details_url).content.decode()
    assert "¥420.00" in details
    clerk = Client()
    clerk.force_login(make_user("clerk", "customers.view_customer", scope="all", masks=["amount"]))
    hidden = clerk.get(details_url).content.decode()
    assert "¥" not in hidden
    assert "420.00" not in hidden
