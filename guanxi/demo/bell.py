"""What was read of the bell: all of it but the latest."""

from datetime import timedelta

from guanxi.accounts.models import Notice
from guanxi.accounts.notices import mark_read
from guanxi.demo.company import Company
from guanxi.demo.days import CLOSES
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.days import start_of

DAYS, LEAST = 6, 2
"""What came within so many days is unread, and at least so many notices of each person."""


def tell(company: Company) -> None:
    """At the end of the last day."""
    now = start_of(company.last_day) + timedelta(minutes=CLOSES + 30)

    def read(change: ChangeWriter) -> None:
        for user in company.people.users.values():
            own = Notice.objects.filter(user=user)
            kept = list(own.order_by("-at", "-pk").values_list("pk", flat=True)[:LEAST])
            mark_read(own.filter(at__lt=now - timedelta(days=DAYS)).exclude(pk__in=kept), at=now)

    company.plan("read", now, None, read)
