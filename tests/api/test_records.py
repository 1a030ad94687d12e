"""Reading, creating and changing records by programs: customers, chances, tickets, orders."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.api.application import all_operations
from guanxi.customers.models import Customer, Interaction, Order
from guanxi.history.models import ChangeSet, Way
from guanxi.marketing.models import SaleChance
from guanxi.web.registry import all_resources
from tests import cast
from tests.api.caller import caller_of
from tests.promises.records import FACTORIES, entry, make_chance, make_customer, make_order, make_ticket

pytestmark = pytest.mark.django_db
DECLARED = [one for one in all_resources if one.api_fields]
PATHS = {one.door.resource: one.path for one in all_operations() if one.name == "list"}


def etag_of(program, path):
    return program.get(path)["ETag"]


class TestLists:
    def test_every_row_comes_once_by_following_the_cursor(self, owner, program):
        made = {make_customer(owner, number).pk for number in range(1, 24)}
        seen, cursor = [], ""
        while True:
            page = program.get(f"/customers/?limit=5&sort=-paid_total&cursor={cursor}").json()
            seen += [item["id"] for item in page["items"]]
            cursor = page["next"]
            if cursor is None:
                break
        assert len(seen) == 23
        assert set(seen) == made

    def test_what_leads_here_from_reports_narrows_too_and_is_described(self, owner, program):
        order, other = make_order(owner, 1), make_order(owner, 2)
        with cast.change(by=owner) as change:
            change.update(other.lines.get(), goods="阀门")
        for query, found in {
            f"customer__level={order.customer.level_id}": {order.pk, other.pk},
            f"customer__manager={owner.pk}&lines__goods=网关": {order.pk},
            "lines__goods=网关&lines__goods=阀门": {order.pk, other.pk},
            "customer__area=none": set(),
        }.items():
            assert {item["id"] for item in program.get(f"/customers/orders/?{query}").json()["items"]} == found
        told = program.get("/openapi.json").json()["paths"]
        for resource in DECLARED:
            names = {one["name"].partition(".")[0] for one in told["/api" + PATHS[resource]]["get"]["parameters"]}
            assert names >= {*resource.filters, *resource.further_filters}

    def test_it_narrows_by_filter_search_view_and_whole(self, owner, program):
        first, second = make_customer(owner, 1), make_customer(owner, 2)
        with cast.change(by=owner) as change:
            change.update(second, level=entry("customer_level").__class__.objects.of("customer_level").last())
        listed = program.get(f"/customers/?level={second.level_id}").json()["items"]
        assert [item["id"] for item in listed] == [second.pk]
        assert [item["id"] for item in program.get("/customers/?q=客户1").json()["items"]] == [first.pk]
        assert program.get("/customers/?view=pool").json()["items"] == []
        assert program.get("/customers/?created_at.from=2026-11-24").json()["items"] == []
        order = make_order(owner, 3)
        assert [item["id"] for item in program.get(f"/customers/orders/?customer={order.customer_id}").json()["items"]]
        assert program.get(f"/customers/orders/?customer={first.pk}").json()["items"] == []

    def test_the_bin_is_a_view_of_those_who_may_restore(self, owner, program):
        customer = make_customer(owner, 1)
        assert program.post(f"/customers/{customer.pk}/bin/").status_code == 204
        assert program.get("/customers/").json()["items"] == []
        assert [item["id"] for item in program.get("/customers/?view=bin").json()["items"]] == [customer.pk]
        reader = caller_of(cast.make_user("reader", "customers.view_customer", scope="all"))
        assert reader.get("/customers/?view=bin").status_code == 422

    @pytest.mark.parametrize(
        ("query", "name"),
        [
            ("foo=1", "foo"),
            ("state=opne", "state"),
            ("paid_total.from=many", "paid_total.from"),
            ("created_at.to=2026-13-45", "created_at.to"),
            ("sort=password", "sort"),
            ("sort=manager__password", "sort"),
            ("view=nothing", "view"),
            ("limit=0", "limit"),
            ("limit=101", "limit"),
            ("limit=x", "limit"),
            ("cursor=abc", "cursor"),
            ("sort=-paid_total&cursor=-created_at.WzEsMV0=", "cursor"),
            ("q=" + "很" * 61, "q"),
        ],
    )
    def test_what_it_does_not_understand_is_refused_by_name(self, program, query, name):
        answer = program.get(f"/customers/?{query}")
        assert answer.status_code == 422
        assert list(answer.json()["errors"]) == [name]

    @pytest.mark.parametrize("resource", DECLARED, ids=lambda one: one.key)
    @pytest.mark.once
    def test_it_asks_as_much_for_thirty_rows_as_for_one(self, resource, owner, program):
        record = FACTORIES[resource.model](owner, 1)
        addresses = [PATHS[resource] + "?limit=100", f"{PATHS[resource]}{record.pk}/"]
        one = [queries(program, address) for address in addresses]
        for number in range(2, 31):
            FACTORIES[resource.model](owner, number)
        assert [queries(program, address) for address in addresses] == one
        assert max(one) <= 12


def queries(program, address):
    program.get(address)
    with CaptureQueriesContext(connection) as caught:
        assert program.get(address).status_code == 200
    return len(caught)


class TestCustomers:
    def test_from_creating_to_the_bin_and_back(self, owner, program):
        made = program.post("/customers/", {"name": "西湖软件", "phone": "138 0571 2233", "registered_capital": 1200.5})
        assert made.status_code == 201
        customer = Customer.objects.get()
        assert made["Location"] == f"/api/customers/{customer.pk}/"
        assert customer.manager == owner
        assert customer.registered_capital == Decimal("1200.50")
        assert made.json()["phone"] == "13805712233"
        path = f"/customers/{customer.pk}/"
        assert program.get(path).json() == made.json()
        changed = program.patch(path, {"address": "文三路 1 号"}, If_Match=made["ETag"])
        assert changed.status_code == 200
        assert changed["ETag"] == '"2"'
        assert program.post(f"{path}return/", {"reason": "无人跟进"}).json()["manager"] is None
        assert program.post(f"{path}claim/").json()["detail"].startswith("You returned “西湖软件”")
        assert program.post(f"{path}assign/", {"to": owner.pk}).json()["manager"] == {"id": owner.pk, "label": "owner"}
        assert program.post(f"{path}bin/").status_code == 204
        assert program.get(path).status_code == 404
        assert program.post(f"{path}restore/").status_code == 200
        acts = ChangeSet.objects.filter(way=Way.API).order_by("pk")
        assert [(act.verb, act.by) for act in acts] == [
            (verb, owner) for verb in ("create", "edit", "return", "assign", "bin", "restore")
        ]

    def test_a_chosen_manager_may_be_nobody(self, program):
        assert program.post("/customers/", {"name": "公海客户", "manager": None}).json()["manager"] is None

    def test_like_customers_are_shown_and_confirmed(self, owner, program):
        like = make_customer(owner, 1)
        body = {"name": "另一家", "phone": like.phone}
        refused = program.post("/customers/", body)
        assert refused.status_code == 422
        assert refused.json()["asked"] == {"likes": [{"id": like.pk, "name": like.name}]}
        assert program.post("/customers/", body | {"likes": [like.pk]}).status_code == 201

    def test_two_are_merged_field_by_field(self, owner, program):
        stays, goes = make_customer(owner, 1), make_customer(owner, 2)
        body = {"other": goes.pk, "compared": goes.pk, "name": "theirs", "phone": "mine"}
        merged = program.post(f"/customers/{stays.pk}/merge/", body)
        assert merged.status_code == 200, merged.content
        assert merged.json()["name"] == goes.name
        assert program.get(f"/customers/{goes.pk}/").status_code == 404

    def test_a_changed_field_is_a_conflict_with_both_values(self, owner, program):
        path = f"/customers/{make_customer(owner, 1).pk}/"
        seen = etag_of(program, path)
        assert program.patch(path, {"address": "文一路"}, If_Match=seen).status_code == 200
        refused = program.patch(path, {"address": "文二路"}, If_Match=seen)
        assert refused.status_code == 412
        assert refused.json()["conflict"] == {"address": {"yours": "文二路", "theirs": "文一路"}}
        assert refused["ETag"] == '"2"'
        other = program.patch(path, {"website": "https://example.com"}, If_Match=seen)
        assert other.status_code == 200, "another field was not changed meanwhile"
        assert program.patch(path, {"address": "文二路"}, If_Match="*").json()["address"] == "文二路"

    def test_a_change_names_the_version_that_was_seen(self, owner, program):
        path = f"/customers/{make_customer(owner, 1).pk}/"
        assert program.patch(path, {"address": "x"}).status_code == 428
        assert program.patch(path, {"address": "x"}, If_Match="1").status_code == 400
        assert program.patch(path, {"address": "x"}, If_Match='"99"').status_code == 412
        assert program.get(path).json()["address"] == ""

    def test_who_leaves_ones_reach_by_an_act_is_not_shown_afterwards(self, owner):
        rights = ("customers.view_customer", "customers.assign_customer")
        wang, li = cast.make_user("wang", *rights), cast.make_user("li", *rights)
        customer = make_customer(wang, 1)
        answer = caller_of(wang).post(f"/customers/{customer.pk}/assign/", {"to": li.pk})
        assert (answer.status_code, answer.content) == (204, b"")
        customer.refresh_from_db()
        assert customer.manager == li

    def test_who_may_act_but_not_read_is_told_nothing_of_the_record(self, owner):
        customer = make_customer(owner, 1)
        writer = caller_of(cast.make_user("writer", "customers.edit_customer", scope="all"))
        assert writer.get(f"/customers/{customer.pk}/").status_code == 403
        answer = writer.patch(f"/customers/{customer.pk}/", {"address": "文三路"}, If_Match="*", Idempotency_Key="a")
        again = writer.patch(f"/customers/{customer.pk}/", {"address": "文三路"}, If_Match="*", Idempotency_Key="a")
        assert [(one.status_code, one.content) for one in (answer, again)] == [(204, b"")] * 2
        customer.refresh_from_db()
        assert customer.address == "文三路"

    def test_choices_are_those_of_the_picker(self, owner, program):
        levels = program.get("/customers/choices/level/").json()["items"]
        assert levels[0]["value"] == entry("customer_level").pk
        other = cast.make_user("li", "customers.view_customer")
        customer = make_customer(owner, 1)
        path = f"/customers/{customer.pk}/assign/choices/to/"
        assert {"value": other.pk, "label": "li"} in program.get(path).json()["items"]
        assert [one["label"] for one in program.get(f"{path}?q=li").json()["items"]] == ["li"]
        assert program.get("/customers/choices/name/").status_code == 404
        assert program.get("/customers/choices/level/?x=1").status_code == 422


class TestChances:
    def test_from_an_inquiry_to_a_customer(self, owner, program):
        body = {"customer_name": "西湖软件", "contact_name": "王", "contact_phone": "13805712233", "success_rate": 60}
        made = program.post("/marketing/chances/", body | {"source": entry("chance_source").pk})
        assert made.status_code == 201, made.content
        path = f"/marketing/chances/{made.json()['id']}/"
        assert program.post(f"{path}assign/", {"to": owner.pk}).json()["stage"] == "developing"
        plan = {"chance": made.json()["id"], "item": "电话", "planned_on": "2026-11-30"}
        assert program.post("/marketing/plans/", plan).status_code == 201
        won = program.post(f"{path}win/")
        assert won.json()["stage"] == "won"
        assert won.json()["customer"]["label"] == "西湖软件"
        again = program.post(f"{path}lose/", {"reason": entry("lose_reason").pk})
        assert again.status_code == 409
        assert SaleChance.objects.get().stage == "won"

    def test_what_one_may_not_choose_oneself_stays_when_another_field_changes(self, owner):
        customer = make_customer(owner, 1)
        rights = ("marketing.view_salechance", "marketing.edit_salechance", "marketing.develop_salechance")
        wang = cast.make_user("wang", *rights)
        chance = make_chance(wang, 2)
        with cast.change() as change:
            change.update(chance, customer=customer)
        program = caller_of(wang)
        path = f"/marketing/chances/{chance.pk}/"
        changed = program.patch(path, {"summary": "新的"}, If_Match=etag_of(program, path))
        assert changed.status_code == 200, changed.content
        assert changed.json()["customer"]["id"] == customer.pk
        refused = program.patch(path, {"customer": customer.pk}, If_Match="*")
        assert refused.json()["errors"]["customer"] == ["This choice is not available."]


class TestTickets:
    def test_through_all_steps(self, owner, program):
        customer = make_customer(owner, 1)
        body = {"customer": customer.pk, "kind": entry("service_type").pk, "overview": "离线", "request_text": "请处理"}
        made = program.post("/service/tickets/", body)
        assert made.status_code == 201, made.content
        path = f"/service/tickets/{made.json()['id']}/"
        steps = [
            ("assign", {"to": owner.pk}, "assigned"),
            ("process", {"handling": "重启"}, "processed"),
            ("feedback", {"satisfaction": 5, "result": "满意"}, "fed_back"),
            ("archive", None, "archived"),
        ]
        for verb, sent, step in steps:
            answer = program.post(f"{path}{verb}/", sent)
            assert answer.status_code == 200, answer.content
            assert answer.json()["step"] == step
        assert program.post(f"{path}process/", {"handling": "再来"}).status_code == 409

    def test_a_step_cannot_be_skipped(self, owner, program):
        ticket = make_ticket(owner, 1)
        path = f"/service/tickets/{ticket.pk}/"
        assert program.post(f"{path}feedback/", {"satisfaction": 5, "result": "满意"}).status_code == 409
        assert program.get(path).json()["step"] == "assigned"


class TestOrders:
    LINE = {"goods": "网关", "quantity": "2", "unit_price": "10.5", "unit": "台"}

    def test_with_its_lines_and_money(self, owner, program):
        customer = make_customer(owner, 1)
        made = program.post(
            "/customers/orders/", {"customer": customer.pk, "lines": [self.LINE, {**self.LINE, "quantity": 1}]}
        )
        assert made.status_code == 201, made.content
        assert made.json()["total"] == "31.50"
        path = f"/customers/orders/{made.json()['id']}/"
        kept = made.json()["lines"][0]
        line = {name: kept[name] for name in ("id", "goods", "quantity", "unit", "unit_price")}
        changed = program.patch(path, {"lines": [{**line, "quantity": 3}]}, If_Match=made["ETag"])
        assert changed.status_code == 200, changed.content
        assert [(one["id"], one["amount"]) for one in changed.json()["lines"]] == [(kept["id"], "31.50")]
        moved = program.patch(path, {"address": "文三路"}, If_Match=changed["ETag"])
        assert len(moved.json()["lines"]) == 1
        paid = program.post(f"{path}pay/", {"amount": 31.5, "paid_at": "2026-11-23"})
        assert paid.json()["state"] == "paid"
        assert paid.json()["payments"][0]["amount"] == "31.50"
        fixed = program.patch(path, {"lines": []}, If_Match=paid["ETag"])
        assert fixed.status_code == 422
        assert Order.objects.get().lines.in_use().count() == 1

    @pytest.mark.parametrize(
        ("lines", "place"),
        [
            ([], "lines"),
            ([{}], "lines.0.goods"),
            ([LINE, {**LINE, "quantity": "many"}], "lines.1.quantity"),
            ([{**LINE, "amount": 1}], "lines.0.amount"),
            ([{**LINE, "DELETE": True}], "lines.0.DELETE"),
            ("all", "lines"),
            ([1], "lines"),
            (None, "lines"),
        ],
    )
    def test_a_line_at_fault_is_named(self, owner, program, lines, place):
        customer = make_customer(owner, 1)
        answer = program.post("/customers/orders/", {"customer": customer.pk, "lines": lines})
        assert answer.status_code == 422
        assert place in answer.json()["errors"]
        assert not Order.objects.exists()

    def test_a_payment_says_its_amount(self, owner, program):
        order = make_order(owner, 1)
        answer = program.post(f"/customers/orders/{order.pk}/pay/", {"paid_at": "2026-11-23"})
        assert answer.json()["errors"] == {"amount": ["This field is required."]}
        assert not order.payments.exists()


def test_a_moment_is_read_with_its_zone_and_told_in_utc(owner, program):
    customer = make_customer(owner, 1)
    body = {"customer": customer.pk, "overview": "报价", "kind": "call", "happened_at": "2026-11-23T10:30:00+08:00"}
    made = program.post("/customers/interactions/", body)
    assert made.json()["happened_at"] == "2026-11-23T02:30:00Z"
    assert Interaction.objects.get().happened_at - cast.NOW == timedelta(0)
