"""Which customers need attention today: follow-ups that are due, customers that return to the public pool soon."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from guanxi.customers import queries
from guanxi.kernel.days import company_day
from guanxi.web.declarations import ListView


def returning(rows: Any) -> Any:
    """The customers that return to the public pool within the days of warning."""
    rule = queries.pool_rule()
    return queries.returning(rows, day=company_day(timezone.now()), rule=rule) if rule else rows.none()


def due(rows: Any) -> Any:
    """The customers whose follow-up is due today or overdue."""
    return rows.filter(next_follow_up__lte=company_day(timezone.now()))


def return_warning(customer: Any) -> str:
    """When and why a customer returns to the public pool, if that is near."""
    rule, today = queries.pool_rule(), company_day(timezone.now())
    day = queries.returns_on(customer, day=today, rule=rule) if rule and customer.manager_id else None
    if rule is None or day is None:
        return ""
    left = (day - today).days
    text = ngettext(
        "Returns to the public pool in %(left)d day, because nobody was in touch for %(days)d days.",
        "Returns to the public pool in %(left)d days, because nobody was in touch for %(days)d days.",
        left,
    )
    return text % {"left": left, "days": rule.days}


VIEWS = [
    ListView("due", _("Follow-up due"), lambda rows, user: due(rows), hot=True),
    ListView("returning", _("Returning soon"), lambda rows, user: returning(rows), hot=True),
]
