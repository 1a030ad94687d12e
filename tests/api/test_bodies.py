"""What programs may send, and what of it is refused: odd bodies, foreign fields, repeated requests, masked data."""

from datetime import date, datetime
from typing import Any

import pytest
from django.db import models, transaction

from guanxi.api.application import all_operations
from guanxi.api.bodies import MOST_TOLD
from guanxi.customers.models import Contact, Customer
from guanxi.history.models import Change, ChangeSet
from guanxi.web.models import SubmitKey
from tests import cast
from tests.api.caller import caller_of
from tests.promises.records import FACTORIES, entry, make_contact, make_customer, make_order

pytestmark = pytest.mark.django_db
WRITES = [one for one in all_operations() if one.writes]


class TestOddBodies:
    @pytest.mark.parametrize(
        ("body", "status"),
        [
            (b"{", 400),
            (b"\xff\xfe", 400),
            (b'{"name": NaN}', 400),
            (b'{"name": "a", "name": "b"}', 400),
            (b'{"name": "a\\u0000b"}', 400),
            (b'{"name": "\\ud800"}', 400),
            (b"[" * 100_000, 400),
            (b'{"registered_capital": ' + b"9" * 5_000 + b"}", 400),
            (b"[]", 422),
            (b'"name"', 422),
            (b"null", 422),
            (b'{"name": {"a": 1}}', 422),
            (b'{"name": ["a", "b"]}', 422),
            (b'{"name": true}', 422),
            (b'{"name": "a", "level": 1.5}', 422),
            (b'{"name": "a", "level": 99999999999999999999}', 422),
            (b'{"name": "a", "level": "x"}', 422),
            (b'{"name": "a", "registered_capital": 1e999999999}', 422),
            (b'{"name": "a", "since": "2026-02-30"}', 422),
            (b'{"name": "a", "credit": 6}', 422),
            (b'{"name": "a", "likes": {"a": 1}}', 422),
            (b"{}", 422),
            (b"", 422),
        ],
    )
    def test_get_a_problem_and_write_nothing(self, program, body, status):
        answer = program.ask("POST", "/customers/", body)
        assert answer.status_code == status, answer.content
        assert answer["Content-Type"] == "application/problem+json"
        assert not Customer.objects.exists()

    @pytest.mark.parametrize(
        "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
    )
    def test_other_than_json_is_refused(self, program, kind):
        answer = program.ask("POST", "/customers/", b'{"name": "a"}', Content_Type=kind)
        assert answer.status_code == 415
        assert not Customer.objects.exists()

    def test_a_body_that_is_too_large_is_refused_before_it_is_read(self, program):
        answer = program.ask("POST", "/customers/", b" " * 2_500_001)
        assert answer.status_code == 413
        assert answer.json()["title"]

    @pytest.mark.parametrize("path", ["/customers/", "/customers/{pk}/bin/", "/customers/orders/"])
    def test_a_body_of_many_faults_gets_a_short_answer(self, owner, program, path):
        path = path.format(pk=make_customer(owner, 1).pk)
        body = {f"x{number}": 1 for number in range(5_000)} | {"lines": [{"x": 1}] * 5_000}
        answer = program.post(path, body)
        assert answer.status_code == 422
        assert len(answer.json()["errors"]) == MOST_TOLD

    def test_a_parameter_with_nul_is_a_problem(self, program):
        answer = program.get("/customers/?q=%00")
        assert answer.status_code == 400
        assert answer["Content-Type"] == "application/problem+json"


class TestOnce:
    BODY = {"name": "只建一次"}

    def test_a_repeated_request_acts_once_and_gets_the_same_record(self, program):
        first = program.post("/customers/", self.BODY, Idempotency_Key="a-1")
        again = program.post("/customers/", self.BODY, Idempotency_Key="a-1")
        assert (first.status_code, again.status_code) == (201, 201)
        assert first.json() == again.json()
        assert "Idempotent-Replayed" not in first
        assert again["Idempotent-Replayed"] == "true"
        assert Customer.objects.count() == 1
        assert ChangeSet.objects.filter(verb="create", way="api").count() == 1

    def test_a_key_is_not_used_for_something_else(self, program):
        program.post("/customers/", self.BODY, Idempotency_Key="a-1")
        other = program.post("/customers/", {"name": "另一家"}, Idempotency_Key="a-1")
        assert other.status_code == 422
        assert Customer.objects.count() == 1

    def test_a_key_belongs_to_its_person(self, owner, program):
        program.post("/customers/", self.BODY, Idempotency_Key="a-1")
        other = caller_of(cast.make_user("other", holds_all=True))
        assert other.post("/customers/", {"name": "另一家"}, Idempotency_Key="a-1").status_code == 201
        assert Customer.objects.count() == 2

    def test_a_refused_request_may_be_mended_under_the_same_key(self, program):
        assert program.post("/customers/", {"name": ""}, Idempotency_Key="a-1").status_code == 422
        assert not SubmitKey.objects.exists()
        assert program.post("/customers/", self.BODY, Idempotency_Key="a-1").status_code == 201

    def test_paying_twice_under_one_key_pays_once(self, owner, program):
        order = make_order(owner, 1)
        body = {"amount": "4", "paid_at": "2026-11-23"}
        answers = [program.post(f"/customers/orders/{order.pk}/pay/", body, Idempotency_Key="p") for _once in "ab"]
        assert [one.json()["paid"] for one in answers] == ["4.00", "4.00"]
        assert order.payments.count() == 1

    def test_an_endless_key_is_refused(self, program):
        assert program.post("/customers/", self.BODY, Idempotency_Key="k" * 201).status_code == 400


class TestMasked:
    @pytest.fixture
    def masked(self, owner):
        rights = sorted({one.permission for one in all_operations()})
        return caller_of(cast.make_user("clerk", *rights, scope="all", masks=["phone", "amount", "bank"]))

    def test_texts_read_as_on_pages_and_amounts_not_at_all(self, owner, masked):
        customer = make_customer(owner, 1)
        with cast.change() as change:
            change.update(customer, registered_capital=5, bank_account="6222020200012345678")
        for told in (masked.get(f"/customers/{customer.pk}/").json(), masked.get("/customers/").json()["items"][0]):
            assert told["phone"] == "138****0001"
            assert told["bank_account"] == "****"
            assert told["registered_capital"] is None
            assert told["paid_total"] is None
        order = make_order(owner, 2)
        line = masked.get(f"/customers/orders/{order.pk}/").json()["lines"][0]
        assert (line["unit_price"], line["amount"], line["quantity"]) == (None, None, "2.000")

    @pytest.mark.parametrize("query", ["sort=-paid_total", "paid_total.from=1"])
    def test_one_neither_sorts_nor_filters_by_them(self, owner, masked, query):
        make_customer(owner, 1)
        assert masked.get(f"/customers/?{query}").status_code == 422
        assert masked.get("/customers/?q=13805710001").json()["items"] == []

    def test_one_does_not_write_them(self, owner, masked):
        contact = make_contact(owner, 1)
        answer = masked.patch(f"/customers/contacts/{contact.pk}/", {"mobile": "13905712233"}, If_Match="*")
        assert answer.json()["errors"] == {"mobile": ["There is no such field to write."]}
        assert masked.patch(f"/customers/contacts/{contact.pk}/", {"position": "经理"}, If_Match="*").status_code == 200
        kept = Contact.objects.get()
        assert (kept.mobile, kept.position) == ("13805712233", "经理")

    def test_no_answer_holds_them(self, owner, masked):
        customer = make_customer(owner, 1)
        answers = [masked.get("/customers/"), masked.post("/customers/", {"name": customer.name})]
        answers += [masked.patch(f"/customers/{customer.pk}/", {"address": "文三路"}, If_Match="*")]
        assert all(b"13805710001" not in one.content for one in answers)


def sample(field: Any, owner: Any) -> Any:
    """Some value that a model's field would take."""
    if field.is_relation:
        return owner.pk
    for kind, value in [
        (models.BooleanField, True),
        (models.IntegerField, 7),
        (models.DecimalField, "7"),
        (models.DateTimeField, datetime(2026, 11, 1, 8).isoformat()),
        (models.DateField, date(2026, 11, 1).isoformat()),
    ]:
        if isinstance(field, kind):
            return value
    return "x"


@pytest.mark.parametrize("operation", WRITES, ids=lambda one: one.key)
def test_only_declared_fields_are_taken(operation, owner, program):
    """Every field of the model is sent to every operation, alone: what the form does not declare is refused."""
    model = operation.door.resource.model
    record = FACTORIES[model](owner, 1)
    path = operation.path.replace("{int:pk}", str(record.pk))
    form = operation.body
    declared = set(form.base_fields) | set(form.row_forms) | set(form.also_read) if form else set()
    standing = model._base_manager.filter(pk=record.pk)
    for field in model._meta.concrete_fields:
        for name in {field.name, field.attname} - declared:
            before, changes = standing.values().get(), Change.objects.count()
            with transaction.atomic():
                answer = program.ask(operation.method, path, {name: sample(field, owner)}, If_Match="*")
                assert answer.status_code == 422, (name, answer.content)
                assert answer.json()["errors"] == {name: ["There is no such field to write."]}, name
            assert (standing.values().get(), Change.objects.count()) == (before, changes)


def test_dictionary_entries_of_another_type_are_not_taken(owner, program):
    answer = program.post("/customers/", {"name": "新客户", "level": entry("area").pk})
    assert list(answer.json()["errors"]) == ["level"]
