"""Who looks after a customer: assigning, returning to the public pool, claiming from it."""

from collections.abc import Collection
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from guanxi.accounts.handover import belonging
from guanxi.accounts.models import User
from guanxi.accounts.notices import ASSIGNED, RETURNED, notify, notify_many
from guanxi.customers.actions.holding import hold_customer
from guanxi.customers.models import Customer
from guanxi.customers.parameters import CLAIM_LIMIT, COOLING_DAYS
from guanxi.customers.queries.pool import PoolRule, idle
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.days import company_day
from guanxi.kernel.rules import RuleBroken
from guanxi.kernel.text import tidy


def assign_customer(customer: Customer, *, to: Any, change: ChangeWriter) -> None:
    """Give a customer to a manager, who must be able to open customers."""
    refuse_manager(to, field="to")
    if customer.manager_id != to.pk:
        change.update(customer, **_managed_by(to, change))
        notify(ASSIGNED, to=to, about=customer, change=change)


def return_customer(customer: Customer, *, reason: str, change: ChangeWriter) -> None:
    """Put a customer into the public pool, and keep who had it and why it went."""
    if customer.manager_id is None:
        raise RuleBroken(_("“%(customer)s” is in the public pool already.") % {"customer": customer})
    if not tidy(reason):
        raise RuleBroken(_("Say why the customer goes to the public pool."), field="reason")
    former = customer.manager
    change.update(customer, when={"manager": customer.manager_id}, **_pooled_from(former, tidy(reason), change))
    notify(RETURNED, to=former, about=customer, note=tidy(reason), change=change)


def return_idle(customer_ids: Collection[int], *, rule: PoolRule, change: ChangeWriter) -> int:
    """Put those of these customers into the public pool that the rule still meets; returns how many."""
    today = company_day(change.at)
    held = Customer.objects.filter(pk__in=customer_ids).order_by("pk").select_for_update()
    # Looked at again under the lock: somebody may have called them meanwhile.
    met = list(
        idle(Customer.objects.filter(pk__in=[one.pk for one in held]), day=today, rule=rule).select_related("manager")
    )
    reason = _("Nobody was in touch for %(days)s days.") % {"days": rule.days}
    for manager, group in groupby(sorted(met, key=lambda one: one.manager_id), key=lambda one: one.manager):
        theirs = list(group)
        rows = Customer.objects.filter(pk__in=[one.pk for one in theirs])
        change.update_many(rows, **_pooled_from(manager, reason, change))
        notify_many(RETURNED, to=manager, about=theirs, note=reason, change=change)
    return len(met)


def claim_customer(customer: Customer, *, change: ChangeWriter) -> None:
    """Take a customer out of the public pool for oneself, within the limit and the cooling time."""
    refuse_manager(change.by)
    stands = hold_customer(customer.pk)
    if stands.manager is not None:
        text = _("“%(customer)s” is managed by %(manager)s.")
        raise RuleBroken(text % {"customer": stands, "manager": stands.manager})
    _refuse_cooling(stands, change)
    _refuse_full(change.by)
    change.update(customer, when={"manager": None}, **_managed_by(change.by, change))


def refuse_manager(user: Any, field: str = "manager") -> None:
    """Raise RuleBroken if this user cannot look after customers."""
    if not user.is_active or user.binned_in is not None or not user.has_perm("customers.view_customer"):
        raise RuleBroken(_("%(name)s does not look after customers.") % {"name": user}, field=field)


def _pooled_from(manager: Any, reason: str, change: ChangeWriter) -> dict[str, Any]:
    returned = {"previous_manager": manager, "returned_at": change.at, "return_reason": reason}
    return {"manager": None, "managed_since": None, **returned}


def _managed_by(user: Any, change: ChangeWriter) -> dict[str, Any]:
    return {"manager": user, "managed_since": change.at, "returned_at": None, "return_reason": ""}


def _refuse_cooling(customer: Customer, change: ChangeWriter) -> None:
    if customer.previous_manager_id != change.by.pk or customer.returned_at is None:
        return
    free = company_day(customer.returned_at) + timedelta(days=COOLING_DAYS.read())
    if company_day(change.at) < free:
        raise RuleBroken(
            _("You returned “%(customer)s”: you may claim it again from %(day)s.") % {"customer": customer, "day": free}
        )


def _refuse_full(user: Any) -> None:
    limit = CLAIM_LIMIT.read()
    # Lock the person, so that two claims at once do not both find the last free place.
    User.objects.select_for_update().get(pk=user.pk)
    if Customer.objects.in_use().filter(manager=user).count() >= limit:
        raise RuleBroken(_("You manage %(limit)s customers already: return one first.") % {"limit": limit})


def _managed(user: Any) -> Any:
    return Customer.objects.in_use().filter(manager=user)


belonging(Customer, rows=_managed, hand=assign_customer, permission="customers.assign_customer")
