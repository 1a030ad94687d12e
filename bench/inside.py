"""What the bench must know of one company: run in its environment, it prints JSON for the bench to read.

The sessions are made past the sign-in page, as its own limits would slow the bench.
"""

import base64
import json
import sys
from collections import Counter
from typing import Any

import django
from django.conf import settings

django.setup()

# ruff: noqa: E402 - models can be imported only once Django is set up
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from guanxi.accounts.models import User
from guanxi.customers.models import Customer, Order
from guanxi.dictionary.models import DictionaryEntry
from guanxi.history.models import Way
from guanxi.history.writer import changing
from guanxi.kernel.days import company_day
from guanxi.parameters.actions import set_parameters
from guanxi.reports import answering
from guanxi.system.parameters import MOST_CHANGES, MOST_REQUESTS, MOST_SEARCHES

ROLES = {"all": "高管", "reports": "销售主管"}
DEEP = 0.8
PAGE = 20


def hurry() -> None:
    """Let one person ask for more than any does: the bench is to measure pages, not refusals."""
    most = (MOST_REQUESTS, MOST_CHANGES, MOST_SEARCHES)
    with changing("set", by=None, at=timezone.now(), way=Way.COMMAND) as change:
        set_parameters({one: one.highest for one in most}, change=change)


def sign_in(user: User) -> str:
    """The key of a new session of this user."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def place_of(rows: Any, share: float) -> str:
    """The key of the page that begins at this share of the rows, as the list's own links hold it."""
    newest = rows.order_by("-created_at", "-id").values_list("created_at", "id")
    created_at, pk = newest[int(rows.count() * share)]
    return base64.urlsafe_b64encode(json.dumps([created_at.isoformat(), pk]).encode()).decode()


def person(role: str) -> dict[str, Any]:
    """A session, and what this person looks at."""
    user = User.objects.filter(roles__name=role, is_active=True).order_by("pk")[0]
    rows = Customer.objects.visible_to(user)
    middle = rows.filter(manager__isnull=False).order_by("pk")[rows.count() // 2]
    return {
        "session": sign_in(user),
        "cookie": settings.SESSION_COOKIE_NAME,
        "after": place_of(rows, DEEP),
        "customer": middle.pk,
        "rows": rows.count(),
    }


def addresses() -> dict[str, str]:
    """Where the pages are."""
    return {
        "list": reverse("customers:customer-list"),
        "create": reverse("customers:customer-create"),
        "home": "/",
        "figures": reverse("account:home-card", args=["figures"]),
    }


def reports() -> dict[str, str]:
    """What managers look at: each report as it opens, and the contribution of a month."""
    names = {"composition": "composition", "service": "service", "churn": "losses"}
    found = {said: reverse(f"reports:{name}") for said, name in names.items()}
    contribution = reverse("reports:contribution")
    return found | {
        "contribution of a month": f"{contribution}?period=month",
        "goods of a year": f"{contribution}?period=year&group=goods",
    }


def counted() -> dict[str, float]:
    """The seconds that a job takes over the contribution of a year, and of three by goods, for who sees everything."""
    user = User.objects.filter(roles__name=ROLES["all"], is_active=True).order_by("pk")[0]
    last = Order.objects.order_by("-created_at", "-pk")[0].created_at
    today = company_day(last)
    begin = today.replace(year=today.year - 3, day=1)
    years = f"group=goods&period=custom&begin={begin}&end={today}"
    asked = {"contribution of a year": "period=year", "goods of three years": years}
    return {said: answering.count(user, "contribution", params, last) for said, params in asked.items()}


def entry(kind: str) -> int:
    """The entry of a type that stands in the middle."""
    ids = list(DictionaryEntry.objects.offered(kind).values_list("pk", flat=True))
    return ids[len(ids) // 2]


def rare_word() -> str:
    """Two characters that just over a page of customers have in their names: companies of any size show as many."""
    names = Customer.objects.in_use().values_list("name", flat=True).iterator()
    counts = Counter(name[at : at + 2] for name in names for at in range(len(name) - 1))
    return min((count, word) for word, count in counts.items() if count > PAGE and word.isalpha())[1]


if __name__ == "__main__":
    hurry()
    known = {
        "people": {name: person(role) for name, role in ROLES.items()},
        "addresses": addresses(),
        "reports": reports(),
        "counted": counted(),
        "level": entry("customer_level"),
        "area": entry("area"),
        "rare": rare_word(),
    }
    json.dump(known, sys.stdout)
