"""Two customers become one: what moves, what is chosen, what comes back."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from guanxi.customers import actions
from guanxi.customers.models import Contact, Customer, Interaction, Order, Payment
from guanxi.dictionary.actions import fill_dictionary
from guanxi.dictionary.models import DictionaryEntry
from guanxi.history.models import Change, ChangeSet
from guanxi.history.undo import undo
from guanxi.kernel.rules import RuleBroken
from guanxi.retention import actions as retention
from guanxi.retention.models import LossCase
from guanxi.retention.queries import LossRule
from guanxi.service import actions as service
from guanxi.service.models import PROCESS, ServiceTicket
from tests.cast import NOW, change, make_user
from tests.customers.company import make_contact, make_customer, make_interaction, make_order, pay

pytestmark = pytest.mark.django_db


def merge(customer, other, *taken, by=None):
    with change("merge", by=by) as writer:
        actions.merge_customer(customer, other=other, taken=taken, change=writer)
    customer.refresh_from_db()


def everything():
    """All rows as a merge must find them again after it is undone; versions and times go on."""
    skipped = {"version", "updated_at"}
    models = [Customer, Contact, Interaction, Order, Payment, ServiceTicket, LossCase]
    return [
        [{name: row[name] for name in row if name not in skipped} for row in model.objects.order_by("pk").values()]
        for model in models
    ]


@pytest.fixture
def pair():
    mine = make_customer("云栖智造", phone="0571-86000000")
    theirs = make_customer("云栖智造科技", phone="0571-86000001", address="杭州")
    for customer in (mine, theirs):
        make_contact(customer, f"{customer.name}的王")
        make_interaction(customer)
        pay(make_order(customer), "60")
    return mine, theirs


def test_all_that_hangs_on_the_other_moves(pair):
    mine, theirs = pair
    merge(mine, theirs)
    for model in (Contact, Interaction, Order, Payment):
        assert model.objects.filter(customer=mine).count() == 2
        assert not model.objects.filter(customer=theirs).exists()
    assert (mine.order_count, mine.received_total) == (2, 120)
    assert Contact.objects.filter(customer=mine, is_primary=True).count() == 1
    theirs.refresh_from_db()
    assert (theirs.merged_into, theirs.received_total) == (mine, 0)
    assert theirs.binned_in == ChangeSet.objects.get(verb="merge").pk
    assert ChangeSet.objects.get(verb="merge").subject_id == mine.pk


def test_each_field_is_chosen(pair):
    mine, theirs = pair
    merge(mine, theirs, "name", "address")
    assert (mine.name, mine.address, mine.phone) == ("云栖智造科技", "杭州", "0571-86000000")


def test_undoing_gives_both_back(pair):
    mine, theirs = pair
    before = everything()
    merge(mine, theirs, "name", "address")
    with change("undo") as writer:
        undo(ChangeSet.objects.get(verb="merge"), change=writer)
    assert everything() == before


def test_a_customer_is_not_merged_with_itself_nor_with_one_in_the_bin(pair):
    mine, _theirs = pair
    gone = make_customer("回收")
    with change() as writer:
        actions.bin_customer(gone, change=writer)
    count = Change.objects.count()
    for other in (mine, gone):
        with pytest.raises(RuleBroken), change("merge") as writer:
            actions.merge_customer(mine, other=other, change=writer)
    assert Change.objects.count() == count


def test_feedbacks_count_together_and_one_case_stands():
    with change() as writer:
        fill_dictionary(change=writer)
    clerk = make_user("clerk", PROCESS)
    mine, theirs = (make_customer(name, since=date(2020, 1, 1)) for name in ("云栖智造", "云栖智造科技"))
    kind = DictionaryEntry.objects.of("service_type").first()
    for customer, stars in ((mine, 5), (theirs, 4)):
        with change(by=clerk) as writer:
            ticket = service.create_ticket(customer=customer, kind=kind, overview="x", request_text="y", change=writer)
            service.assign_ticket(ticket, to=clerk, change=writer)
            service.process_ticket(ticket, handling="z", change=writer)
            service.feedback_ticket(ticket, result="w", satisfaction=stars, change=writer)
    retention.scan_losses(LossRule(6, {}), at=NOW)
    merge(mine, theirs)
    assert mine.satisfaction == Decimal("4.50")
    assert LossCase.objects.standing().get().customer == mine


def test_a_case_that_moves_takes_its_state_along():
    mine = make_customer("云栖智造")
    theirs = make_customer("云栖智造科技", since=date(2020, 1, 1))
    retention.scan_losses(LossRule(6, {}), at=NOW + timedelta(days=1))
    merge(mine, theirs)
    assert (mine.state, LossCase.objects.standing().get().customer) == ("at_risk", mine)


def test_the_page_compares_first_and_then_merges(client, pair):
    mine, theirs = pair
    boss = make_user("boss", "customers.view_customer", "customers.merge_customer", scope="all")
    client.force_login(boss)
    page = f"/customers/{mine.pk}/merge/"
    assert client.get(page).status_code == 200
    compared = client.post(page, {"other": theirs.pk})
    assert compared.status_code == 422
    text = compared.content.decode()
    assert "0571-86000001" in text
    assert text.count("checked") == 3, "a value of each field is proposed"
    assert "_error" not in text, "what was not asked before is not missing"
    done = client.post(
        page,
        {"other": theirs.pk, "compared": theirs.pk, "name": "mine", "phone": "theirs", "address": "theirs"},
    )
    assert done.status_code == 303
    mine.refresh_from_db()
    assert (mine.name, mine.phone, mine.address) == ("云栖智造", "0571-86000001", "杭州")


def test_masked_fields_are_neither_shown_nor_taken(client, pair):
    mine, theirs = pair
    clerk = make_user("clerk", "customers.view_customer", "customers.merge_customer", scope="all", masks=["phone"])
    client.force_login(clerk)
    page = f"/customers/{mine.pk}/merge/"
    assert "0571-86000001" not in client.post(page, {"other": theirs.pk}).content.decode()
    client.post(page, {"other": theirs.pk, "compared": theirs.pk, "name": "mine", "address": "mine", "phone": "theirs"})
    mine.refresh_from_db()
    assert mine.phone == "0571-86000000"


def test_only_customers_within_reach_are_merged(client, pair):
    mine, theirs = pair
    li = make_user("li", "customers.view_customer", "customers.merge_customer")
    with change() as writer:
        actions.assign_customer(mine, to=li, change=writer)
    client.force_login(li)
    answer = client.post(f"/customers/{mine.pk}/merge/", {"other": theirs.pk, "compared": theirs.pk})
    assert answer.status_code == 422
    assert theirs.phone not in answer.content.decode()
    assert client.post(f"/customers/{theirs.pk}/merge/", {"other": mine.pk}).status_code == 404
    assert Customer.objects.in_use().count() == 2
