"""One hidden value, shown once: by a right of its own, proved, limited, logged, and never more than one's own reach."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from guanxi.accounts.models import Session, TryCount
from guanxi.customers import actions as customers
from guanxi.dictionary.actions import fill_dictionary
from guanxi.history.models import Change, ChangeSet
from guanxi.system.resources.revealing import REVEAL
from guanxi.system.revealing import MOST
from guanxi.system.tree import built_in_tree
from tests import cast
from tests.customers.company import make_order
from tests.system.company import client_of

pytestmark = pytest.mark.django_db

VIEW = "customers.view_customer"
PHONE, ACCOUNT = "13805718888", "6222020012345678"


@pytest.fixture
def customer():
    with cast.change() as change:
        fill_dictionary(change=change)
    owner = cast.make_user("owner", holds_all=True)
    with cast.change(by=owner) as change:
        return customers.create_customer(
            name="海星软件", manager=owner, phone=PHONE, bank_account=ACCOUNT, annual_turnover=1234567, change=change
        )


@pytest.fixture
def clerk(customer):
    return cast.make_user("clerk", VIEW, REVEAL, scope="all", masks=["phone", "amount", "bank"])


def address(customer, field="phone", name="customers.customer"):
    return f"/system/reveal/{name}/{customer.pk}/{field}/"


def bare(answer):
    return answer.content.decode().replace(" ", "")


def logged():
    return ChangeSet.objects.filter(verb="reveal", state="done")


def test_the_record_offers_it_beside_what_is_hidden_and_shows_none_of_it(clerk, customer):
    for page in (f"/customers/{customer.pk}/", f"/customers/{customer.pk}/tab/details/"):
        text = client_of(clerk).get(page).content.decode()
        assert f'formaction="{address(customer)}"' in text
        assert "138****8888" in text
        assert PHONE not in text.replace(" ", "")
        assert ACCOUNT not in text


def test_contacts_on_the_page_of_their_customer_and_the_total_of_an_order_offer_it_too(clerk, customer):
    with cast.change() as change:
        contact = customers.create_contact(customer=customer, name="张伟", mobile="13912345678", change=change)
        order = make_order(customer, total="123.45")
    client = client_of(clerk)
    for page in (f"/customers/{customer.pk}/", f"/customers/{customer.pk}/tab/contact/"):
        text = client.get(page).content.decode()
        assert f'formaction="{address(contact, "mobile", "customers.contact")}"' in text
        assert "13912345678" not in text.replace(" ", "")
    text = client.get(f"/customers/orders/{order.pk}/").content.decode()
    assert f'formaction="{address(order, "total", "customers.order")}"' in text
    assert "123.45" not in text
    assert "13912345678" in bare(client.post(address(contact, "mobile", "customers.contact")))
    assert "123.45" in bare(client.post(address(order, "total", "customers.order")))
    reader = client_of(cast.make_user("reader", VIEW, scope="all", masks=["phone", "amount"]))
    for page in (f"/customers/{customer.pk}/", f"/customers/orders/{order.pk}/"):
        assert "formaction" not in reader.get(page).content.decode()


def test_it_is_shown_this_once_and_the_log_says_who_looked_at_which_field(clerk, customer):
    client = client_of(clerk)
    answer = client.post(address(customer))
    assert answer.status_code == 200
    assert PHONE in bare(answer)
    assert ACCOUNT not in bare(answer)
    assert "no-store" in answer["Cache-Control"]
    act = logged().get()
    assert (act.by, act.subject_model, act.subject_id) == (clerk, "customers.customer", customer.pk)
    assert (act.subject, act.reason) == ("海星软件", "电话")
    kept = json.dumps([*ChangeSet.objects.filter(pk=act.pk).values_list("subject", "reason", "verb")])
    assert PHONE not in kept
    assert not Change.objects.filter(change_set=act).exists()
    assert PHONE not in bare(client.get(f"/customers/{customer.pk}/")), "the page hides it again"


@pytest.mark.parametrize(
    ("field", "value"), [("phone", PHONE), ("bank_account", ACCOUNT), ("annual_turnover", "1,234,567.00")]
)
def test_each_class_can_be_shown(clerk, customer, field, value):
    assert value in bare(client_of(clerk).post(address(customer, field)))
    assert logged().count() == 1


def test_without_the_right_it_is_refused_and_the_refusal_is_logged(customer):
    reader = cast.make_user("reader", VIEW, scope="all", masks=["phone"])
    client = client_of(reader)
    assert "formaction" not in client.get(f"/customers/{customer.pk}/").content.decode()
    answer = client.post(address(customer))
    assert answer.status_code == 403
    assert PHONE not in bare(answer)
    assert ChangeSet.objects.get(state="refused").verb == REVEAL
    assert not logged().exists()


def test_without_the_right_to_read_the_record_it_is_refused(customer):
    blind = cast.make_user("blind", REVEAL, scope="all", masks=["phone"])
    assert client_of(blind).post(address(customer)).status_code == 403
    assert ChangeSet.objects.get(state="refused").verb == VIEW


def test_outside_ones_reach_it_does_not_exist(customer):
    narrow = cast.make_user("narrow", VIEW, REVEAL, masks=["phone"])
    answer = client_of(narrow).post(address(customer))
    assert (answer.status_code, logged().count()) == (404, 0)


def test_a_record_in_the_bin_shows_nothing(clerk, customer):
    with cast.change("bin") as change:
        change.bin(customer)
    assert client_of(clerk).post(address(customer)).status_code == 404


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("name", "customers.customer"),
        ("nothing", "customers.customer"),
        ("manager__phone", "customers.customer"),
        ("phone", "customers"),
        ("unit_price", "customers.orderline"),
        ("password", "accounts.user"),
        ("phone", "no.such"),
    ],
)
def test_nothing_else_is_shown(clerk, customer, field, name):
    clerk.__dict__.pop("reach", None)
    answer = client_of(clerk).post(address(customer, field, name))
    assert answer.status_code in {403, 404}
    assert not logged().exists()


def test_a_password_is_none_of_it_for_whoever_may_see_users(customer):
    user = cast.make_user("personnel", "accounts.view_user", REVEAL, scope="all", masks=["phone"])
    assert client_of(user).post(f"/system/reveal/accounts.user/{user.pk}/password/").status_code == 404


def test_reading_the_address_shows_nothing(clerk, customer):
    assert client_of(clerk).get(address(customer)).status_code == 405
    assert not logged().exists()


def test_to_whom_it_is_not_hidden_nothing_is_logged(customer):
    reader = cast.make_user("reader", VIEW, REVEAL, scope="all")
    answer = client_of(reader).post(address(customer))
    assert (answer.status_code, answer["Location"]) == (303, f"/customers/{customer.pk}/")
    assert not logged().exists()


def test_whoever_was_away_proves_again_who_they_are(clerk, customer):
    with cast.change() as change:
        clerk.set_password("long-enough-1")
        change.update(clerk, password=clerk.password)
    client = client_of(clerk)
    Session.objects.filter(user=clerk).update(proved_at=timezone.now() - timedelta(minutes=16))
    answer = client.post(address(customer))
    assert answer.status_code == 401
    assert PHONE not in bare(answer)
    assert not logged().exists()
    assert client.post(address(customer), {"proof": "wrong"}).status_code == 401
    assert PHONE in bare(client.post(address(customer), {"proof": "long-enough-1"}))


def test_so_many_and_no_more_in_a_quarter_of_an_hour(clerk, customer):
    client = client_of(clerk)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _try in range(MOST):
            assert client.post(address(customer)).status_code == 200
        answer = client.post(address(customer))
        assert answer.status_code == 429
        assert PHONE not in bare(answer)
        assert f"显示了{MOST}个隐藏的值" in bare(answer)
        assert logged().count() == MOST
        other = cast.make_user("other", VIEW, REVEAL, scope="all", masks=["phone"])
        assert client_of(other).post(address(customer)).status_code == 200, "each has their own"
        clock.shift(60 * 15 + 1)
        Session.objects.update(proved_at=timezone.now())
        assert client.post(address(customer)).status_code == 200
    assert TryCount.objects.filter(key=f"reveal:{clerk.pk}").exists()


def test_permissions_call_it_by_what_it_allows():
    (node,) = [one for one in built_in_tree() if one.permission == REVEAL]
    assert (node.label_zh, node.label_en) == ("显示被隐藏的值", "Show hidden values")
