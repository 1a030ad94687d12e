"""操作日志 and 登录日志: every act and every refusal, field by field, and what a role hides stays hidden."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest

from guanxi.access.models import Department
from guanxi.accounts.models import SignIn
from guanxi.customers.actions import assign_customer, create_customer, create_order, edit_customer, pay_order
from guanxi.dictionary.actions import fill_dictionary
from guanxi.history.models import ChangeSet
from guanxi.jobs.models import Job
from guanxi.system.verbs import verb_label
from tests import cast
from tests.system.company import client_of, prepare

pytestmark = pytest.mark.django_db

LOG = "history.view_changeset"


@pytest.fixture
def admin():
    return prepare()


@pytest.fixture
def customer(admin):
    with cast.change() as change:
        fill_dictionary(change=change)
    with cast.change("create", by=admin) as change:
        return create_customer(change=change, name="华东电子", manager=admin, phone="13805712233")


def edited(customer, admin, **fields):
    with cast.change("edit", by=admin) as change:
        edit_customer(customer, change=change, **fields)
    return ChangeSet.objects.order_by("-pk").first()


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


class TestTheOperationLog:
    def test_an_act_is_listed_to_the_second_with_who_verb_subject_and_way(self, admin, customer):
        act = edited(customer, admin, phone="13900001111")
        row = page(client_of(admin), "/system/log/").partition(f'id="row-{act.pk}"')[2].partition("</tr>")[0]
        for text in ("2026-11-23 10:30:00", "系统管理员", "编辑", "华东电子", "已完成", "页面"):
            assert text in row, text

    def test_an_act_shows_each_field_old_and_new_and_the_way_to_the_record(self, admin, customer):
        other = cast.make_user("li.ming", "customers.view_customer", real_name="李明")
        with cast.change("assign", by=admin) as change:
            assign_customer(customer, to=other, change=change)
        act = ChangeSet.objects.get(verb="assign")
        shown = page(client_of(admin), f"/system/log/{act.pk}/")
        assert f'href="/customers/{customer.pk}/"' in shown
        assert "<del>系统管理员</del>" in shown
        assert "<ins>李明</ins>" in shown
        phone = page(client_of(admin), f"/system/log/{edited(customer, admin, phone='13900001111').pk}/")
        assert "<del>138 0571 2233</del>" in phone

    def test_an_act_says_what_kind_of_record_it_is_about_and_is_found_by_it(self, admin, customer):
        act = edited(customer, admin, phone="13900001111")
        client = client_of(admin)
        row = page(client, "/system/log/").partition(f'id="row-{act.pk}"')[2].partition("</tr>")[0]
        assert "<td>客户</td>" in re.sub(r' class="[^"]*"', "", row)
        for kind, there in (("customers.customer", True), ("customers.order", False)):
            assert (f'id="row-{act.pk}"' in page(client, f"/system/log/?subject_model={kind}")) is there
        with cast.change("cancel", by=admin) as change:
            change.note(Job.objects.create(task="search.rebuild"))
        act = ChangeSet.objects.get(verb="cancel")
        assert f'id="row-{act.pk}"' in page(client, "/system/log/?subject_model=jobs.job"), "of what is no record, too"
        assert f'id="row-{act.pk}"' in page(client, "/system/log/?subject_model=nothing.of_this"), "asks for nothing"

    def test_an_act_that_wrote_nothing_has_nothing_to_take_back(self, admin, customer):
        with cast.change("confirm_import", by=admin) as change:
            change.note(customer)
        client = client_of(admin)
        acts = {act.verb: page(client, f"/system/log/{act.pk}/") for act in ChangeSet.objects.all() if act.by_id}
        assert 'id="do-undo"' in acts["create"]
        assert 'id="do-undo"' not in acts["confirm_import"]

    def test_what_the_readers_role_hides_stays_hidden(self, admin, customer):
        act = edited(customer, admin, phone="13900001111")
        reader = cast.make_user("reader", LOG, masks=["phone"])
        shown = page(client_of(reader), f"/system/log/{act.pk}/")
        assert "139****1111" in shown
        assert "13900001111" not in shown.replace(" ", "")
        assert f"/customers/{customer.pk}/" not in shown, "no door that does not open"

    def test_a_payment_is_not_named_by_the_amount_that_a_role_hides(self, admin, customer):
        line = {
            "goods": "网关",
            "quantity": Decimal(1),
            "unit": "台",
            "unit_price": Decimal("98765432.10"),
            "discount": Decimal(0),
        }
        with cast.change("create", by=admin) as change:
            order = create_order(customer=customer, ordered_at=date(2026, 11, 1), lines=[line], change=change)
        with cast.change("pay", by=admin) as change:
            pay_order(order, paid_at=date(2026, 11, 2), amount=Decimal("98765432.10"), change=change)
        act = ChangeSet.objects.get(verb="pay")
        client = client_of(cast.make_user("reader", LOG, masks=["amount"]))
        for address in ("/system/log/", f"/system/log/{act.pk}/"):
            shown = page(client, address)
            assert "98,765,432" not in shown
            assert "98765432" not in shown

    def test_a_refusal_says_which_right_was_missing(self, admin):
        stranger = cast.make_user("stranger")
        assert client_of(stranger).get("/system/users/").status_code == 403
        act = ChangeSet.objects.get(state="refused")
        shown = page(client_of(admin), f"/system/log/{act.pk}/")
        assert "查看 · 用户" in shown
        assert "GET /system/users/" in shown
        assert f'id="row-{act.pk}"' in page(client_of(admin), "/system/log/?state=refused")

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("verb=edit", True),
            ("verb=bin", False),
            ("verb=edit&way=page", True),
            ("way=api", False),
            ("state=done", True),
            ("state=refused", False),
            ("at.from=2026-11-23&at.to=2026-11-23", True),
            ("at.from=2026-11-24", False),
            ("verb=no-such-verb", True),
        ],
    )
    def test_filters_narrow(self, admin, customer, query, found):
        act = edited(customer, admin, phone="13900001111")
        assert (f'id="row-{act.pk}"' in page(client_of(admin), f"/system/log/?{query}")) is found

    def test_one_persons_acts_alone(self, admin, customer):
        act = edited(customer, admin, phone="13900001111")
        other = cast.make_user("li.ming")
        assert f'id="row-{act.pk}"' in page(client_of(admin), f"/system/log/?by={admin.pk}")
        assert f'id="row-{act.pk}"' not in page(client_of(admin), f"/system/log/?by={other.pk}")

    def test_a_long_act_is_read_in_parts(self, admin):
        with cast.change("demo", by=admin) as change:
            change.create_many(Department, [{"name": f"部门{number}"} for number in range(65)])
        act = ChangeSet.objects.get(verb="demo")
        pks = list(act.changes.order_by("pk").values_list("pk", flat=True))
        assert len(pks) == 65
        first = page(client_of(admin), f"/system/log/{act.pk}/")
        assert first.count('class="tl-i"') == 50
        assert f"?after={pks[49]}" in first
        assert page(client_of(admin), f"/system/log/{act.pk}/?after={pks[-2]}").count('class="tl-i"') == 1

    def test_an_act_on_a_model_of_an_older_release_still_opens(self, admin, customer):
        act = edited(customer, admin, phone="13900001111")
        act.changes.update(model="gone.thing")
        assert "华东电子" in page(client_of(admin), f"/system/log/{act.pk}/")

    def test_a_log_without_entries_says_so(self, admin):
        assert "没有" in page(client_of(admin), "/system/log/?at.from=2099-01-01")

    def test_nobody_reads_it_without_the_right(self, admin, customer):
        act = edited(customer, admin, phone="13900001111")
        stranger = client_of(cast.make_user("stranger", "customers.view_customer", scope="all"))
        assert stranger.get("/system/log/").status_code == 403
        assert stranger.get(f"/system/log/{act.pk}/").status_code == 403


class TestTheSignInLog:
    def attempt(self, user, outcome, at=cast.NOW):
        return SignIn.objects.create(
            username="li.ming", user=user, at=at, address="10.0.0.8", agent="Mozilla Chrome/1 Windows", outcome=outcome
        )

    def test_attempts_are_listed_latest_first_and_filtered(self, admin):
        good = self.attempt(admin, "success")
        bad = self.attempt(None, "wrong", cast.NOW + timedelta(minutes=1))
        shown = page(client_of(admin), "/system/signins/")
        assert shown.index(f'id="row-{bad.pk}"') < shown.index(f'id="row-{good.pk}"')
        assert "10.0.0.8" in shown
        assert "Chrome" in shown
        wrong = page(client_of(admin), "/system/signins/?outcome=wrong")
        assert f'id="row-{bad.pk}"' in wrong
        assert f'id="row-{good.pk}"' not in wrong
        assert "用户名或密码错误" in page(client_of(admin), f"/system/signins/{bad.pk}/")

    def test_nobody_reads_it_without_the_right(self, admin):
        entry = self.attempt(admin, "success")
        stranger = client_of(cast.make_user("stranger", LOG))
        assert stranger.get("/system/signins/").status_code == 403
        assert stranger.get(f"/system/signins/{entry.pk}/").status_code == 403


def test_verbs_read_in_the_readers_language():
    assert verb_label("edit") == "编辑"
    assert verb_label("change_password") == "修改密码"
    assert verb_label("marketing.assign_salechance") == "分配 · 营销机会"
    assert verb_label("unheard_of") == "unheard_of"
    assert verb_label("gone.view_thing") == "gone.view_thing"


class TestExports:
    def test_the_operation_log_leaves_as_it_is_filtered(self, admin, customer):
        edited(customer, admin, phone="13900001111")
        answer = client_of(admin).post("/system/log/export/?verb=edit", {"format": "csv"})
        lines = b"".join(answer.streaming_content).decode().splitlines()
        assert len(lines) == 2
        assert "编辑,华东电子,客户,已完成,页面" in lines[1]

    def test_the_sign_in_log_leaves_too_and_both_need_a_right_of_their_own(self, admin):
        SignIn.objects.create(username="=cmd()", at=cast.NOW, address="10.0.0.8", agent="", outcome="wrong")
        answer = client_of(admin).post("/system/signins/export/?outcome=wrong", {"format": "csv"})
        assert ",'=cmd()," in b"".join(answer.streaming_content).decode()
        reader = client_of(cast.make_user("reader", LOG, "accounts.view_signin"))
        assert reader.post("/system/log/export/", {"format": "csv"}).status_code == 403
        assert reader.post("/system/signins/export/", {"format": "csv"}).status_code == 403
