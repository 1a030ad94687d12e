"""Undo on screen: what is put back, what stands in the way, and who may."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.access.models import MenuItem, Role
from guanxi.accounts.models import User
from guanxi.api.actions import revoke_token
from guanxi.api.models import CREATE
from guanxi.customers import actions
from guanxi.customers.models import Contact, Customer, Order, Payment
from guanxi.dictionary.actions import fill_dictionary
from guanxi.dictionary.models import DictionaryEntry
from guanxi.history.conflicts import conflicts_of
from guanxi.history.models import Change, ChangeSet
from guanxi.jobs.models import Job
from guanxi.marketing import actions as marketing
from guanxi.marketing.models import DevelopmentPlan, SaleChance
from guanxi.service import actions as service
from tests import cast
from tests.api.caller import Caller, make_token
from tests.customers.company import make_contact, make_customer, make_interaction, make_order, pay
from tests.system.company import client_of, nodes, prepare

pytestmark = pytest.mark.django_db

UNDO = "history.undo_changeset"
LOG = "history.view_changeset"
SELLING = ("customers.view_customer", "customers.edit_customer")
SKIPPED = {"version", "updated_at"}
ROWS = [Customer, Contact, Order, Payment, SaleChance, DevelopmentPlan]


@pytest.fixture
def admin():
    with cast.change() as change:
        fill_dictionary(change=change)
    return prepare()


@pytest.fixture
def client(admin):
    return client_of(admin)


def latest(verb=""):
    acts = ChangeSet.objects.filter(verb=verb) if verb else ChangeSet.objects.all()
    return acts.order_by("-pk").first()


def page_of(act, verb="undo"):
    return f"/system/log/{act.pk}/{verb}/" if verb else f"/system/log/{act.pk}/"


def text_of(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def in_use():
    """Every row in use as an undo must find it again; versions and times go on."""
    return [
        [
            {name: row[name] for name in row if name not in SKIPPED}
            for row in model.objects.in_use().order_by("pk").values()
        ]
        for model in ROWS
    ]


def undone(client, act):
    answer = client.post(page_of(act))
    assert answer.status_code == 303, [*conflicts_of(act)]
    act.refresh_from_db()
    assert act.state == ChangeSet.State.UNDONE
    return latest("undo")


def refused(client, act):
    """The sentence of a refusal that changed not one row."""
    before = [in_use(), ChangeSet.objects.exclude(state="refused").count(), Change.objects.count(), Job.objects.count()]
    page = text_of(client.post(page_of(act)), 422)
    after = [in_use(), ChangeSet.objects.exclude(state="refused").count(), Change.objects.count(), Job.objects.count()]
    assert before == after
    return page


class TestWhatIsPutBack:
    def test_an_edit_is_shown_first_and_then_put_back(self, admin, client):
        customer = make_customer(by=admin, phone="13805712233")
        before = in_use()
        with cast.change("edit", by=admin) as change:
            actions.edit_customer(customer, change=change, phone="13900001111", name="云栖科技")
        act = latest("edit")
        page = text_of(client.get(page_of(act)))
        assert "<del>139 0000 1111</del>" in page
        assert "<ins>138 0571 2233</ins>" in page
        assert in_use() != before, "looking changes nothing"
        undone(client, act)
        assert in_use() == before

    def test_the_log_shows_it_both_ways_and_it_is_not_undone_again(self, admin, client):
        customer = make_customer(by=admin)
        with cast.change("edit", by=admin) as change:
            actions.edit_customer(customer, change=change, name="云栖科技")
        act = latest("edit")
        undoing = undone(client, act)
        assert (undoing.undoes, undoing.by, undoing.subject) == (act, admin, "编辑 云栖科技")
        assert f'href="{page_of(act, "")}"' in text_of(client.get(page_of(undoing, "")))
        page = text_of(client.get(page_of(act, "")))
        assert f'href="{page_of(undoing, "")}"' in page
        assert 'id="do-undo"' not in page
        assert "已经撤销" in refused(client, act)
        assert "撤销" in refused(client, undoing)

    def test_a_creation_goes_to_the_bin(self, admin, client):
        before = in_use()
        customer = make_customer(by=admin)
        undone(client, latest("create"))
        assert in_use() == before
        customer.refresh_from_db()
        assert customer.binned_in == latest("undo").pk

    def test_a_deletion_comes_back_with_what_went_along(self, admin, client):
        customer = make_customer(by=admin)
        make_contact(customer)
        make_interaction(customer)
        before = in_use()
        with cast.change("bin", by=admin) as change:
            actions.bin_customer(customer, change=change)
        undone(client, latest("bin"))
        assert in_use() == before

    @pytest.mark.parametrize("taken", [(), ("name", "phone")])
    def test_a_merge_gives_both_customers_back_with_their_sums(self, admin, client, taken):
        mine, theirs = (
            make_customer("云栖智造", by=admin),
            make_customer("云栖智造科技", by=admin, phone="0571-86000001"),
        )
        for customer in (mine, theirs):
            make_contact(customer)
            pay(make_order(customer), "60")
        gone = make_contact(theirs, "陈默")
        with cast.change("bin") as change:
            actions.bin_contact(gone, change=change)
        before = in_use()
        with cast.change("merge", by=admin) as change:
            actions.merge_customer(mine, other=theirs, taken=taken, change=change)
        undone(client, latest("merge"))
        assert in_use() == before
        gone.refresh_from_db()
        assert gone.customer == theirs

    def test_a_won_chance_is_open_again_and_its_customer_gone(self, admin, client):
        with cast.change("create", by=admin) as change:
            chance = marketing.create_chance(
                change=change, customer_name="云栖", contact_name="王", contact_phone="13805712233", assigned_to=admin
            )
            marketing.create_plan(chance=chance, item="电话", planned_on=date(2026, 11, 24), change=change)
        before = in_use()
        with cast.change("win", by=admin) as change:
            marketing.win_chance(chance, change=change)
        assert Customer.objects.in_use().count() == 1
        undone(client, latest("win"))
        assert in_use() == before

    def test_a_payment_gives_the_sums_back(self, admin, client):
        customer = make_customer(by=admin)
        order = make_order(customer)
        before = in_use()
        pay(order, "100")
        customer.refresh_from_db()
        assert customer.paid_total == Decimal(100)
        undone(client, latest("pay"))
        assert in_use() == before

    @pytest.mark.postgresql
    def test_the_customer_is_locked_before_what_hangs_on_it(self, admin, client):
        order = make_order(make_customer(by=admin))
        pay(order, "100")
        with CaptureQueriesContext(connection) as asked:
            undone(client, latest("pay"))
        locked = [one["sql"] for one in asked if "FOR UPDATE" in one["sql"] and 'FROM "customers_' in one["sql"]]
        assert 'FROM "customers_customer"' in locked[0]
        assert any('FROM "customers_payment"' in sql for sql in locked[1:])

    def test_a_feedback_counts_no_more(self, admin, client):
        customer = make_customer(by=admin)
        ticket = _handled(customer, admin)
        with cast.change("feedback", by=admin) as change:
            service.feedback_ticket(ticket, result="满意", satisfaction=5, change=change)
        customer.refresh_from_db()
        assert customer.satisfaction == 5
        undone(client, latest("feedback"))
        customer.refresh_from_db()
        assert customer.satisfaction is None


def _handled(customer, admin):
    kind = DictionaryEntry.objects.of("service_type").first()
    with cast.change("create", by=admin) as change:
        ticket = service.create_ticket(
            customer=customer, kind=kind, overview="离线", request_text="请处理", change=change
        )
        service.assign_ticket(ticket, to=admin, change=change)
        service.process_ticket(ticket, handling="重启", change=change)
    return ticket


class TestWhatStandsInTheWay:
    def test_a_field_that_was_changed_since_is_named(self, admin, client):
        customer = make_customer(by=admin)
        for name in ("云栖科技", "云栖集团"):
            with cast.change("edit", by=admin) as change:
                actions.edit_customer(customer, change=change, name=name, address=name)
        first = ChangeSet.objects.filter(verb="edit").order_by("pk").first()
        page = text_of(client.get(page_of(first)))
        assert "之后又改动过：" in page
        assert "云栖科技" in refused(client, first)
        undone(client, latest("edit"))
        undone(client, first)
        customer.refresh_from_db()
        assert customer.name == "云栖智造"

    def test_other_fields_may_have_changed(self, admin, client):
        customer = make_customer(by=admin)
        with cast.change("edit", by=admin) as change:
            actions.edit_customer(customer, change=change, name="云栖科技")
        act = latest("edit")
        with cast.change("edit", by=admin) as change:
            actions.edit_customer(customer, change=change, address="杭州")
        undone(client, act)
        customer.refresh_from_db()
        assert (customer.name, customer.address) == ("云栖智造", "杭州")

    def test_a_customer_with_orders_since_is_not_uncreated(self, admin, client):
        customer = make_customer(by=admin)
        act = latest("create")
        make_contact(customer, "陈默")
        assert "陈默" in refused(client, act)

    def test_what_was_restored_since_is_not_restored_again(self, admin, client):
        customer = make_customer(by=admin)
        with cast.change("bin", by=admin) as change:
            actions.bin_customer(customer, change=change)
        act = latest("bin")
        customer.refresh_from_db()
        with cast.change("restore", by=admin) as change:
            actions.restore_customer(customer, change=change)
        assert "云栖智造" in refused(client, act)
        with cast.change("bin", by=admin) as change:
            actions.bin_customer(customer, change=change)
        assert "云栖智造" in refused(client, act), "it lies there by another act"

    def test_a_name_that_is_taken_meanwhile(self, admin, client):
        customer = make_customer(by=admin)
        with cast.change("edit", by=admin) as change:
            actions.edit_customer(customer, change=change, name="云栖科技")
        act = latest("edit")
        make_customer(by=admin)
        assert "云栖科技" in refused(client, act)

    def test_a_contact_does_not_come_back_to_a_customer_in_the_bin(self, admin, client):
        customer = make_customer(by=admin)
        contact = make_contact(customer, "陈默")
        with cast.change("bin", by=admin) as change:
            actions.bin_contact(contact, change=change)
        act = latest("bin")
        with cast.change("bin", by=admin) as change:
            actions.bin_customer(customer, change=change)
        assert "陈默" in refused(client, act)

    @pytest.mark.parametrize("state", ["refused", "loaded", "open"])
    def test_acts_that_are_not_done(self, admin, client, state):
        act = ChangeSet.objects.create(verb="edit", by=admin, at=cast.NOW, way="page", state=state)
        refused(client, act)

    def test_an_act_that_wrote_no_record(self, admin, client):
        act = ChangeSet.objects.create(verb="retry", by=admin, at=cast.NOW, way="page", subject_model="jobs.job")
        assert "没有" in refused(client, act)

    def test_users_and_roles_are_managed_elsewhere(self, admin, client):
        role = cast.make_role("customers.view_customer")
        grants = {"scope": "own", "grants": nodes(*SELLING), "confirmed": "1"}
        assert client.post(f"/system/roles/{role.pk}/grant/", grants).status_code == 303
        assert "/undo/" not in text_of(client.get(f"/system/roles/{role.pk}/")) + text_of(
            client.get(page_of(latest("grant"), ""))
        )
        refused(client, latest("grant"))
        user = cast.make_user("li.ming")
        with cast.change("disable", by=admin) as change:
            change.update(user, is_active=False)
        assert "/undo/" not in text_of(client.get(page_of(latest("disable"), "")))
        refused(client, latest("disable"))
        assert not User.objects.get(pk=user.pk).is_active
        assert Role.objects.get(pk=role.pk).grants.count() == 2


class TestWhoMay:
    @pytest.fixture
    def seller(self, admin):
        return cast.make_user("li.ming", *SELLING, UNDO)

    def test_ones_own_act_without_the_right_to_read_the_log(self, admin, seller):
        customer = make_customer(by=seller, manager=seller)
        with cast.change("edit", by=seller) as change:
            actions.edit_customer(customer, change=change, name="云栖科技")
        undone(client_of(seller), latest("edit"))
        assert client_of(seller).get("/system/log/").status_code == 403

    def test_others_acts_are_not_there(self, admin, seller):
        customer = make_customer(by=admin, manager=seller)
        with cast.change("edit", by=admin) as change:
            actions.edit_customer(customer, change=change, name="云栖科技")
        assert client_of(seller).get(page_of(latest("edit"))).status_code == 404
        assert client_of(seller).post(page_of(latest("edit"))).status_code == 404

    def test_nobody_without_the_permission(self, admin):
        reader = client_of(cast.make_user("reader", LOG, *SELLING, scope="all"))
        make_customer(by=admin)
        act = latest("create")
        assert 'id="do-undo"' not in text_of(reader.get(page_of(act, "")))
        assert reader.get(page_of(act)).status_code == 403
        assert reader.post(page_of(act)).status_code == 403

    def test_records_out_of_reach_keep_the_whole_act_as_it_is(self, admin):
        colleague = client_of(cast.make_user("colleague", LOG, UNDO, *SELLING))
        make_customer(by=admin, manager=admin, phone="13805712233")
        page = refused(colleague, latest("create"))
        assert "13805712233" not in page

    def test_hidden_fields_are_not_put_back_blindly(self, admin):
        masked = client_of(cast.make_user("masked", LOG, UNDO, *SELLING, scope="all", masks=["phone"]))
        customer = make_customer(by=admin, phone="13805712233")
        with cast.change("edit", by=admin) as change:
            actions.edit_customer(customer, change=change, phone="13900001111")
        assert "13805712233" not in refused(masked, latest("edit"))

    def test_seeing_a_record_is_not_enough_to_take_its_acts_back(self, admin):
        customer = make_customer(by=admin, manager=admin)
        with cast.change("edit", by=admin) as change:
            actions.edit_customer(customer, change=change, name="云栖科技")
        reader = client_of(cast.make_user("reader", LOG, UNDO, "customers.view_customer", scope="all"))
        refused(reader, latest("edit"))
        undone(client_of(cast.make_user("editor", LOG, UNDO, *SELLING, scope="all")), latest("edit"))

    def test_a_revoked_token_stays_so_for_its_owner_and_for_administrators(self, admin, client):
        owner = cast.make_user("wang.fang", UNDO, CREATE)
        token, secret = make_token(owner)
        with cast.change("revoke", by=owner) as change:
            revoke_token(token, change=change)
        refused(client_of(owner), latest("revoke"))
        refused(client, latest("revoke"))
        assert Caller(secret).get("/customers/").status_code == 401

    def test_shared_records_need_the_right_to_change_them(self, admin, client):
        node = MenuItem.objects.get(key="system.role")
        values = {"label_zh": "岗位", "label_en": "Posts", "icon": node.icon, "parent": node.parent_id}
        assert client.post(f"/system/resources/{node.pk}/edit/", values).status_code == 303
        act = latest("edit")
        undoer = client_of(cast.make_user("undoer", LOG, UNDO, scope="all"))
        refused(undoer, act)
        undone(client, act)
        assert MenuItem.objects.get(pk=node.pk).label_zh == "角色"


class TestTheToast:
    def test_after_an_act_on_many_it_offers_the_undo(self, admin, client):
        ids = [make_customer(f"客户{number}", by=admin).pk for number in range(3)]
        other = cast.make_user("li.ming", *SELLING)
        before = in_use()
        answer = client.post("/customers/assign/", {"id": ids, "to": other.pk})
        assert answer.status_code == 303
        act = latest("assign")
        assert f'action="{page_of(act)}"' in text_of(client.get("/customers/"))
        undone(client, act)
        assert in_use() == before

    def test_what_is_never_taken_back_is_not_offered(self, admin, client):
        user = cast.make_user("li.ming")
        assert client.post(f"/system/users/{user.pk}/disable/", {"reason": "离职"}).status_code == 303
        assert latest("disable").changes.exists()
        assert "/undo/" not in text_of(client.get(f"/system/users/{user.pk}/"))

    def test_who_may_not_undo_is_offered_nothing(self, admin):
        other = cast.make_user("li.ming", *SELLING)
        boss = cast.make_user("boss", *SELLING, "customers.assign_customer", scope="all")
        customer = make_customer(by=boss)
        client = client_of(boss)
        assert client.post(f"/customers/{customer.pk}/assign/", {"to": other.pk}).status_code == 303
        assert "/undo/" not in text_of(client.get("/customers/"))
