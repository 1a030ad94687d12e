"""Which customers return to the public pool because nobody looks after them, and when."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q

from guanxi.customers import registry
from guanxi.customers.models import Customer, Payment
from guanxi.customers.parameters import POOL_DAYS, POOL_WARNING_DAYS
from guanxi.kernel.days import company_day, start_of


@dataclass(frozen=True)
class PoolRule:
    """After how many days without contact a customer returns, and how many days before one is warned."""

    days: int
    warning: int


def pool_rule() -> PoolRule | None:
    """The rule as administrators set it; None while it is switched off."""
    days = POOL_DAYS.read()
    return PoolRule(days, min(POOL_WARNING_DAYS.read(), days)) if days else None


def idle(rows: Any, *, day: date, rule: PoolRule) -> Any:
    """The customers whose manager was not in touch for `rule.days` by `day`, and that nothing keeps."""
    cutoff = start_of(day - timedelta(days=rule.days - 1))
    taken_before = Q(managed_since__isnull=True) | Q(managed_since__lt=cutoff)
    found = rows.in_use().filter(manager__isnull=False, last_touched_at__lt=cutoff).filter(taken_before)
    for guard in [lambda: _paid_since(day, rule), *registry.guards]:
        found = found.exclude(guard())
    return found


def returning(rows: Any, *, day: date, rule: PoolRule) -> Any:
    """The customers that return within the days of warning unless somebody is in touch."""
    return idle(rows, day=day + timedelta(days=rule.warning), rule=rule)


def returns_on(customer: Customer, *, day: date, rule: PoolRule) -> date | None:
    """The day on which the rule returns a customer, if that lies within the days of warning."""
    due = falls_due(customer, rule)
    if due is None or due > day + timedelta(days=rule.warning):
        return None
    if not returning(Customer.objects.filter(pk=customer.pk), day=day, rule=rule).exists():
        return None
    return max(due, day)


def falls_due(customer: Customer, rule: PoolRule) -> date | None:
    """The day on which so many days will have passed without contact; None when nobody ever was in touch."""
    moments = [moment for moment in (customer.last_touched_at, customer.managed_since) if moment is not None]
    return company_day(max(moments)) + timedelta(days=rule.days) if moments else None


def _paid_since(day: date, rule: PoolRule) -> Exists:
    lately = Payment.objects.in_use().filter(customer=OuterRef("pk"), amount__gt=0)
    return Exists(lately.filter(paid_at__gt=day - timedelta(days=rule.days)))
