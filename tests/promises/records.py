"""One way to make a record of every model that has pages, owned by somebody."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from guanxi.access import actions as access
from guanxi.access.models import Department, MenuItem, Role
from guanxi.accounts.models import Session, SignIn, User
from guanxi.api.actions import create_token
from guanxi.api.models import Token
from guanxi.customers import actions as customers
from guanxi.customers.models import Contact, Customer, Interaction, Order, Payment
from guanxi.dictionary import actions as dictionary
from guanxi.dictionary.models import DictionaryEntry
from guanxi.history.models import ChangeSet
from guanxi.jobs.models import Job, Schedule
from guanxi.marketing import actions as marketing
from guanxi.marketing.models import DevelopmentPlan, SaleChance
from guanxi.parameters.models import Parameter
from guanxi.retention import actions as retention
from guanxi.retention.models import LossCase, LossThreshold, ReprieveMeasure
from guanxi.service import actions as service
from guanxi.service.models import CalendarDay, ServiceTarget, ServiceTicket
from guanxi.transfer.models import Import
from tests import cast

AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"


def entry(kind: str) -> DictionaryEntry:
    return DictionaryEntry.objects.of(kind).first()


def make_customer(owner: User, number: int) -> Customer:
    with cast.change(by=owner) as change:
        return customers.create_customer(
            change=change,
            name=f"客户{number}",
            manager=owner,
            level=entry("customer_level"),
            area=entry("area"),
            phone=f"1380571{number:04}",
        )


def make_contact(owner: User, number: int) -> Contact:
    customer = make_customer(owner, number)
    with cast.change(by=owner) as change:
        return customers.create_contact(customer=customer, name="王建国", mobile="13805712233", change=change)


def make_interaction(owner: User, number: int) -> Interaction:
    customer = make_customer(owner, number)
    with cast.change(by=owner) as change:
        return customers.create_interaction(
            customer=customer, happened_at=cast.NOW, kind="call", overview="报价", change=change
        )


def make_order(owner: User, number: int) -> Order:
    customer = make_customer(owner, number)
    line = {"goods": "网关", "quantity": Decimal(2), "unit": "台", "unit_price": Decimal(5), "discount": Decimal(0)}
    with cast.change(by=owner) as change:
        return customers.create_order(customer=customer, ordered_at=date(2026, 11, 1), lines=[line], change=change)


def make_payment(owner: User, number: int) -> Payment:
    order = make_order(owner, number)
    with cast.change(by=owner) as change:
        customers.pay_order(order, amount=Decimal("10.00"), paid_at=date(2026, 11, 2), change=change)
    return Payment.objects.get(order=order)


def make_chance(owner: User, number: int) -> SaleChance:
    with cast.change(by=owner) as change:
        return marketing.create_chance(
            change=change,
            customer_name=f"机会{number}",
            contact_name="王建国",
            contact_phone="13805712233",
            source=entry("chance_source"),
            assigned_to=owner,
        )


def make_plan(owner: User, number: int) -> DevelopmentPlan:
    chance = make_chance(owner, number)
    with cast.change(by=owner) as change:
        return marketing.create_plan(chance=chance, item="电话", planned_on=date(2026, 11, 24), change=change)


def make_user(owner: User, number: int) -> User:
    return cast.make_user(f"user{number}", department=make_department(owner, 100 + number))


def make_department(owner: User, number: int) -> Department:
    return cast.make_department(f"部门{number}")


def make_node(owner: User, number: int) -> MenuItem:
    with cast.change(by=owner) as change:
        return access.create_menu_item(kind="directory", label_zh=f"目录{number}", change=change)


def make_role(owner: User, number: int) -> Role:
    return cast.make_role("customers.view_customer")


def make_entry(owner: User, number: int) -> DictionaryEntry:
    with cast.change(by=owner) as change:
        return dictionary.create_entry(type="customer_level", label_zh=f"等级{number}", change=change)


def make_import(owner: User, number: int) -> Import:
    with cast.change(by=owner) as change:
        return change.create(Import, kind="customers", filename=f"名单{number}.csv")


def new_entry(owner: User, kind: str, number: int) -> DictionaryEntry:
    with cast.change(by=owner) as change:
        return dictionary.create_entry(type=kind, label_zh=f"第{number}种", change=change)


def make_ticket(owner: User, number: int) -> ServiceTicket:
    customer = make_customer(owner, number)
    with cast.change(by=owner) as change:
        ticket = service.create_ticket(
            customer=customer, kind=entry("service_type"), overview="网关离线", request_text="请处理", change=change
        )
        service.assign_ticket(ticket, to=owner, change=change)
    return ticket


def make_target(owner: User, number: int) -> ServiceTarget:
    kind = new_entry(owner, "service_type", number)
    with cast.change(by=owner) as change:
        return service.create_target(kind=kind, response_hours=Decimal(2), handling_hours=Decimal(8), change=change)


def make_calendar_day(owner: User, number: int) -> CalendarDay:
    with cast.change(by=owner) as change:
        return service.create_day(day=date(2026, 1, 1) + timedelta(days=number), works=False, change=change)


def make_loss_case(owner: User, number: int) -> LossCase:
    with cast.change(by=owner) as change:
        customer = customers.create_customer(change=change, name=f"流失{number}", manager=owner, since=date(2020, 1, 1))
        retention.open_cases([customer.pk], months=6, today=date(2026, 11, 23), change=change)
    return LossCase.objects.get(customer=customer)


def make_measure(owner: User, number: int) -> ReprieveMeasure:
    case = make_loss_case(owner, number)
    with cast.change(by=owner) as change:
        return retention.create_measure(case=case, measure="上门拜访", change=change)


def make_threshold(owner: User, number: int) -> LossThreshold:
    level = new_entry(owner, "customer_level", number)
    with cast.change(by=owner) as change:
        return retention.create_threshold(level=level, months=3, change=change)


def make_act(owner: User, number: int) -> ChangeSet:
    with cast.change("edit", by=owner) as change:
        change.create(Department, name=f"记录{number}")
    return ChangeSet.objects.order_by("pk").last()


def make_sign_in(owner: User, number: int) -> SignIn:
    return SignIn.objects.create(
        username=owner.username, user=owner, at=cast.NOW, address="10.0.0.8", agent=AGENT, outcome="success"
    )


def make_session(owner: User, number: int) -> Session:
    return Session.objects.create(
        key_hash=f"{owner.pk}-{number}",
        data="",
        user=owner,
        expires_at=timezone.now() + timedelta(days=1),
        address="10.0.0.8",
        agent=AGENT,
    )


def make_job(owner: User, number: int) -> Job:
    return Job.objects.create(task="jobs.tidy", state="failed", owner=owner, attempts=5, error="Traceback\nOSError: x")


def make_schedule(owner: User, number: int) -> Schedule:
    return Schedule.objects.create(name=f"tidy {number}", task="jobs.tidy", every_minutes=5, next_run=cast.NOW)


def make_parameter(owner: User, number: int) -> Parameter:
    with cast.change(by=owner) as change:
        return change.create(Parameter, key=f"test.number_{number}", value=number)


def make_token(owner: User, number: int) -> Token:
    with cast.change(by=owner) as change:
        return create_token(
            user=owner,
            name=f"程序{number}",
            scope="read",
            expires_at=cast.NOW + timedelta(days=90),
            secret=f"gx_{owner.pk}_{number}",
            change=change,
        )


FACTORIES: dict[type, Callable[[User, int], Any]] = {
    Customer: make_customer,
    Contact: make_contact,
    Interaction: make_interaction,
    Order: make_order,
    Payment: make_payment,
    SaleChance: make_chance,
    DevelopmentPlan: make_plan,
    User: make_user,
    Department: make_department,
    MenuItem: make_node,
    Role: make_role,
    DictionaryEntry: make_entry,
    Import: make_import,
    ServiceTicket: make_ticket,
    ServiceTarget: make_target,
    CalendarDay: make_calendar_day,
    LossCase: make_loss_case,
    ReprieveMeasure: make_measure,
    LossThreshold: make_threshold,
    ChangeSet: make_act,
    SignIn: make_sign_in,
    Session: make_session,
    Job: make_job,
    Schedule: make_schedule,
    Parameter: make_parameter,
    Token: make_token,
}
