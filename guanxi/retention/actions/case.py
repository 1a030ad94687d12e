"""What becomes of a loss case: opened by the scan, confirmed with a reason, or won back."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from guanxi.accounts.handover import belonging
from guanxi.accounts.models import User
from guanxi.accounts.notices import ASSIGNED, AT_RISK, notify, notify_each
from guanxi.customers.actions import hold_customer
from guanxi.customers.models import Customer, Order
from guanxi.customers.registry import before_merge, watch_orders
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.rules import RuleBroken
from guanxi.kernel.text import tidy
from guanxi.retention.models import ASSIGN, VIEW, LossCase
from guanxi.retention.queries import fading, left_alone, orders_since, standing_cases

State = Customer.State


def open_cases(customer_ids: Collection[int], *, months: int, today: date, change: ChangeWriter) -> int:
    """Warn of those of these customers that the rule still meets; returns how many. At most a batch at once."""
    rows = Customer.objects.in_use().filter(pk__in=customer_ids, state=State.NORMAL)
    held = list(rows.order_by("pk").select_for_update().values_list("pk", flat=True))
    # Looked at again under the lock: somebody may have paid, or another scan may have been here.
    met = fading(Customer.objects.in_use().filter(pk__in=held, state=State.NORMAL), today=today, months=months)
    customers = list(met.exclude(left_alone(today=today, months=months)).order_by("pk"))
    cases = change.create_many(LossCase, [_case(customer, months, today) for customer in customers])
    able = set(User.objects.holding(VIEW).values_list("pk", flat=True))
    told = [(case.owner_id, case, "") for case in cases if case.owner_id is not None and case.owner_id in able]
    notify_each(AT_RISK, told, at=change.at)
    change.update_many(Customer.objects.filter(pk__in=[one.pk for one in customers]), state=State.AT_RISK.value)
    return len(customers)


def confirm_loss(case: LossCase, *, reason: Any, change: ChangeWriter, note: str = "") -> None:
    """Give a customer up, and keep why."""
    if reason is None:
        raise RuleBroken(_("Choose why the customer is lost."), field="reason")
    customer = hold_customer(case.customer_id)
    said = {"reason": reason, "note": tidy(note), "confirmed_at": change.at}
    LossCase.flow.take("confirm", case, change, **said)
    change.update(customer, state=State.LOST.value)


def win_back(case: LossCase, *, reason: str, change: ChangeWriter) -> None:
    """Say that a customer is ours again, and why; the scan leaves it alone for a while."""
    if not tidy(reason):
        raise RuleBroken(_("Say how the customer was won back."), field="reason")
    customer = hold_customer(case.customer_id)
    LossCase.flow.take("win_back", case, change, won_back_at=change.at, won_back_reason=tidy(reason))
    change.update(customer, state=State.NORMAL.value)


def win_back_by_orders(customer_ids: Collection[int], *, change: ChangeWriter) -> None:
    """A customer who pays an order dated after the case opened is won back by it."""
    for case in standing_cases(customer_ids).select_for_update():
        order: Order | None = orders_since(case).first()
        if order is not None:
            LossCase.flow.take("win_back", case, change, won_back_at=change.at, won_back_by=order)
            change.update(case.customer, state=State.NORMAL.value)


def assign_case(case: LossCase, *, to: Any, change: ChangeWriter) -> None:
    """Give a case to somebody who looks after customers."""
    if not to.is_active or to.binned_in is not None or not to.has_perm(VIEW):
        raise RuleBroken(_("%(name)s does not look after loss cases.") % {"name": to}, field="to")
    change.update(case, when={"state": [LossCase.State.OPEN, LossCase.State.CONFIRMED]}, owner=to)
    notify(ASSIGNED, to=to, about=case, change=change)


def leave_one_case(gone: Customer, *, into: Customer, change: ChangeWriter) -> None:
    """Two merged customers keep one standing case, that of the kept one if it has any, and stand as it says."""
    if standing_cases([into.pk]).exists():
        change.bin_many(standing_cases([gone.pk]))
    elif standing_cases([gone.pk]).exists():
        change.update(into, state=gone.state)


def _case(customer: Customer, months: int, today: date) -> dict[str, Any]:
    return {
        "customer": customer,
        "owner_id": customer.manager_id,
        "opened_on": today,
        "last_paid_at": customer.last_paid_at,
        "never_ordered": customer.order_count == 0,
        "months": months,
    }


watch_orders(win_back_by_orders)
before_merge(leave_one_case)


def _looked_after(user: Any) -> Any:
    standing = [LossCase.State.OPEN, LossCase.State.CONFIRMED]
    return LossCase.objects.in_use().filter(owner=user, state__in=standing)


belonging(LossCase, rows=_looked_after, hand=assign_case, permission=ASSIGN)
