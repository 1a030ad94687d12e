"""Pages and programs are refused with the same sentence, next to the same field."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from guanxi.history.models import Change
from tests import cast
from tests.api.caller import Caller, caller_of
from tests.promises.records import entry, make_chance, make_customer, make_order, make_ticket

pytestmark = pytest.mark.django_db
Made = dict[str, Any]


def won_chance(owner):
    chance = make_chance(owner, 7)
    caller_of(owner).post(f"/marketing/chances/{chance.pk}/win/")
    return chance


def paid_order(owner):
    order = make_order(owner, 8)
    caller_of(owner).post(f"/customers/orders/{order.pk}/pay/", {"amount": "10", "paid_at": "2026-11-20"})
    return order


def lines_of(**values: Any) -> Made:
    return {"ordered_at": "2026-11-20", "lines": [{"goods": "网关", "quantity": "1", "unit_price": "1", **values}]}


CASES: list[tuple[str, Callable[[Any], tuple[str, Made]]]] = [
    ("no name", lambda owner: ("/customers/", {"name": ""})),
    ("blank name", lambda owner: ("/customers/", {"name": " \u3000 "})),
    ("a long name", lambda owner: ("/customers/", {"name": "长" * 101})),
    ("no phone", lambda owner: ("/customers/", {"name": "新客户", "phone": "12"})),
    ("a taken name", lambda owner: ("/customers/", {"name": make_customer(owner, 1).name, "likes": [1]})),
    ("no way to reach", lambda owner: ("/marketing/chances/", {"customer_name": "新", "contact_name": "王"})),
    (
        "a rate over 100",
        lambda owner: (
            "/marketing/chances/",
            {"customer_name": "新", "contact_name": "王", "contact_wechat": "w", "success_rate": "101"},
        ),
    ),
    ("a won chance in the bin", lambda owner: (f"/marketing/chances/{won_chance(owner).pk}/bin/", {})),
    ("to nobody", lambda owner: (f"/marketing/chances/{make_chance(owner, 1).pk}/assign/", {"to": ""})),
    (
        "to whoever develops nothing",
        lambda owner: (
            f"/marketing/chances/{make_chance(owner, 1).pk}/assign/",
            {"to": str(cast.make_user("idle").pk)},
        ),
    ),
    ("no reason", lambda owner: (f"/marketing/chances/{make_chance(owner, 1).pk}/lose/", {"note": "x"})),
    ("no handling", lambda owner: (f"/service/tickets/{make_ticket(owner, 1).pk}/process/", {"handling": ""})),
    ("a customer with orders", lambda owner: (f"/customers/{make_order(owner, 1).customer_id}/bin/", {})),
    ("too much money", lambda owner: (f"/customers/orders/{make_order(owner, 1).pk}/pay/", pay("11"))),
    ("no amount", lambda owner: (f"/customers/orders/{make_order(owner, 1).pk}/pay/", pay("eleven"))),
    ("money is kept", lambda owner: (f"/customers/orders/{paid_order(owner).pk}/cancel/", {"reason": "x"})),
    (
        "an order of the future",
        lambda owner: ("/customers/orders/", of(owner, **lines_of() | {"ordered_at": "2099-01-01"})),
    ),
    ("a quantity of zero", lambda owner: ("/customers/orders/", of(owner, **lines_of(quantity="0")))),
    ("goods without a name", lambda owner: ("/customers/orders/", of(owner, **lines_of(goods="")))),
    ("a contact without a name", lambda owner: ("/customers/contacts/", of(owner, name=""))),
    ("a handled ticket's step", lambda owner: (f"/service/tickets/{make_ticket(owner, 1).pk}/archive/", {})),
]


def pay(amount: str) -> Made:
    return {"amount": amount, "paid_at": "2026-11-20"}


def of(owner: Any, **values: Any) -> Made:
    return {"customer": str(make_customer(owner, 3).pk), **values}


def sent_by_page(path: str, body: Made) -> tuple[str, Made]:
    """The address and the fields of the page that does the same."""
    creates = path in {"/customers/", "/marketing/chances/", "/customers/orders/", "/customers/contacts/"}
    fields = {name: value for name, value in body.items() if name != "lines"}
    for number, line in enumerate(body.get("lines", [])):
        fields |= {f"lines-{number}-{name}": value for name, value in line.items()}
    if "lines" in body:
        fields |= {"lines-TOTAL_FORMS": len(body["lines"]), "lines-INITIAL_FORMS": len(body["lines"])}
    return f"{path}new/" if creates else path, fields


def sentences_of(answer: Any) -> list[str]:
    told = answer.json()
    found = [sentence for sentences in told["errors"].values() for sentence in sentences]
    return found or [told["detail"]]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(("case", "prepare"), CASES, ids=[name for name, _prepare in CASES])
def test_page_and_program_are_told_the_same(owner, case, prepare, language):
    path, body = prepare(owner)
    before = Change.objects.count()
    refused = caller_of(owner, language=language).post(path, body)
    assert refused.status_code in {409, 422}, refused.content
    client = Client(headers={"Accept-Language": language})
    client.force_login(owner)
    address, fields = sent_by_page(path, body)
    page = client.post(address, fields)
    assert page.status_code == 422, page.content
    shown = page.content.decode()
    for sentence in sentences_of(refused):
        assert sentence.replace("'", "&#39;").replace('"', "&#34;") in shown, sentence
    assert Change.objects.count() == before + 1, "the token, and nothing else"


def test_sentences_are_in_the_language_that_is_asked_for_or_the_persons_own(owner):
    speaks = {"en": "This field is required.", "zh-hans": "这个字段是必填项。"}
    for language, sentence in speaks.items():
        answer = caller_of(owner, language=language).post("/customers/", {"name": ""})
        assert answer.json()["errors"]["name"] == [sentence]
        assert answer["Content-Language"] == language
    with cast.change() as change:
        change.update(owner, language="en")
    assert caller_of(owner, language="").post("/customers/", {}).json()["errors"]["name"] == [speaks["en"]]
    assert Caller(language="").get("/customers/").json()["detail"].startswith("请附上")


def test_the_lists_of_values_are_there(owner):
    assert entry("lose_reason").pk
