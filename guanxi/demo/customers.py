"""How the customers come into Guanxi, and who looks after them in the course of time."""

from datetime import datetime
from random import Random
from typing import Any

from guanxi.customers import actions
from guanxi.customers.models import Contact, Customer
from guanxi.demo.company import Company
from guanxi.demo.days import work_after
from guanxi.demo.firms import Firm, found_firms
from guanxi.demo.names import Person
from guanxi.history.models import Way
from guanxi.history.writer import ChangeWriter

IMPORTANT = {"大客户", "合作伙伴", "战略合作伙伴"}
BEGINS_AS = {"重点开发客户": "普通客户", "大客户": "重点开发客户", "合作伙伴": "普通客户", "战略合作伙伴": "大客户"}
"""The level at which a customer of today's level began, if it rose."""
RETURN_REASONS = {
    "never": ["多次联系无需求", "只询价，长期无进展", "对接人离职，暂无项目"],
    "stopped": ["业务调整，已停产", "改用竞品，半年未下单", "多次回访无新需求"],
    "once": ["一次性采购，无后续计划"],
}


def tell(company: Company) -> None:
    """A list is imported on the first day; later ones are typed in by whoever sells to them, or won."""
    rng = company.rng("customers")
    company.firms = found_firms(company)
    listed = [firm for firm in company.firms if firm.origin == "list"]
    if listed:
        company.plan("import", listed[0].begins, company.people.admin, _import(company, listed), way=Way.IMPORT)
    for firm in company.firms:
        if firm.origin == "typed":
            _type_in(company, firm)
        elif firm.origin == "won":
            company.plan(
                "edit", work_after(firm.begins, rng.randrange(3), rng), _holder(firm), _complete(company, firm)
            )
        _meet_people(company, rng, firm)
        _rise(company, rng, firm)
        _hand_over(company, rng, firm)
        _leave(company, rng, firm)


def _holder(firm: Firm) -> Any:
    """Whoever looks after the customer when it comes to that; else who sold to it."""
    return lambda: firm.holder or firm.seller


def _import(company: Company, firms: list[Firm]) -> Any:
    def do(change: ChangeWriter) -> None:
        for firm in firms:
            # What nobody cared for before is not given to anybody now.
            manager = None if firm.rhythm == "never" else firm.seller
            fields = {**_fields(company, firm), **firm.details, "since": firm.since, "manager": manager}
            firm.record, firm.holder = actions.create_customer(name=firm.name, change=change, **fields), manager
            create_contact(firm.customer, firm.people[0], change)

    return do


def _type_in(company: Company, firm: Firm) -> None:
    def do(change: ChangeWriter) -> None:
        fields = {**_fields(company, firm), **firm.details, "manager": firm.seller}
        firm.record, firm.holder = actions.create_customer(name=firm.name, change=change, **fields), firm.seller
        create_contact(firm.customer, firm.people[0], change)

    company.plan("create", firm.begins, firm.seller, do)


def _complete(company: Company, firm: Firm) -> Any:
    """A customer that was won has only a name: the rest is filled in after."""

    def do(change: ChangeWriter) -> None:
        fields = {**_fields(company, firm), **firm.details}
        fields.pop("source")
        actions.edit_customer(firm.customer, change=change, **fields)

    return do


def _fields(company: Company, firm: Firm) -> dict[str, Any]:
    level = firm.notes.get("level", firm.level)
    return {
        "area": company.entry("area", firm.city.area),
        "industry": company.entry("industry", firm.industry),
        "source": company.entry("chance_source", firm.source),
        "level": company.entry("customer_level", level),
    }


def create_contact(customer: Customer, person: Person, change: ChangeWriter) -> Contact:
    """Enter somebody at a customer."""
    return actions.create_contact(
        customer=customer,
        name=person.name,
        sex=person.sex,
        position=person.position,
        mobile=person.mobile,
        email=person.email,
        change=change,
    )


def _meet_people(company: Company, rng: Random, firm: Firm) -> None:
    """The others there are met in the course of time."""
    moment = firm.begins
    for person in firm.people[1:]:
        moment = work_after(moment, rng.randrange(2, 260), rng)
        if firm.leaves and moment > firm.leaves:
            break
        company.plan("create", moment, _holder(firm), _meet(firm, person))


def _meet(firm: Firm, person: Person) -> Any:
    return lambda change: create_contact(firm.customer, person, change)


def _rise(company: Company, rng: Random, firm: Firm) -> None:
    """Some begin small, and are given another level when they have shown what they are worth."""
    known = (company.last_day - firm.first_day).days
    if firm.level not in BEGINS_AS or known < 200 or rng.random() < 0.45:
        return
    firm.notes["level"] = BEGINS_AS[firm.level]
    level = company.entry("customer_level", firm.level)
    moment = work_after(firm.begins, rng.randrange(120, known), rng)
    company.plan(
        "edit",
        moment,
        _holder(firm),
        lambda change: actions.edit_customer(firm.customer, level=level, change=change),
    )


def _hand_over(company: Company, rng: Random, firm: Firm) -> None:
    """Important customers are given to an account manager by the head of the region."""
    known = (company.last_day - firm.first_day).days
    if firm.level not in IMPORTANT or firm.leaves or known < 120 or rng.random() < 0.3:
        return
    keeper = rng.choice(company.people.of_post("客户经理"))

    def do(change: ChangeWriter) -> None:
        actions.assign_customer(firm.customer, to=keeper, change=change)
        firm.holder = keeper

    moment = work_after(firm.begins, rng.randrange(60, known), rng)
    company.plan("assign", moment, company.people.lead(firm.city.region), do)


def _leave(company: Company, rng: Random, firm: Firm) -> None:
    """Goes to the public pool, and now and then a colleague takes it from there."""
    if firm.leaves is None or (firm.origin == "list" and firm.rhythm == "never"):
        return
    reason = rng.choice(RETURN_REASONS[firm.rhythm])

    def give_back(change: ChangeWriter) -> None:
        actions.return_customer(firm.customer, reason=reason, change=change)
        firm.holder = None

    company.plan("return", firm.leaves, _holder(firm), give_back)
    if rng.random() < 0.25:
        others = [one for one in company.people.sellers(firm.city.region) if one.pk != firm.seller.pk]
        _claim(company, firm, rng.choice(others), work_after(firm.leaves, rng.randrange(2, 40), rng))


def _claim(company: Company, firm: Firm, by: Any, at: datetime) -> None:
    def do(change: ChangeWriter) -> None:
        actions.claim_customer(firm.customer, change=change)
        firm.holder = by

    company.plan("claim", at, by, do)
