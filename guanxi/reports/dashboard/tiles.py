"""Tiles: one figure each, of a period so far and of the same days of the period before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.access.reach import reach_of
from guanxi.customers.models import Customer, Order, Payment
from guanxi.kernel.fields import FieldClass
from guanxi.marketing.models import SaleChance
from guanxi.reports.answers import change
from guanxi.reports.dashboard.values import read_values
from guanxi.reports.periods import Period, period_to
from guanxi.retention.models import VIEW as VIEW_CASES
from guanxi.retention.models import LossCase
from guanxi.service.models import VIEW as VIEW_TICKETS
from guanxi.service.models import ServiceTicket

VIEW_CUSTOMERS = "customers.view_customer"
VIEW_CHANCES = "marketing.view_salechance"
KINDS = ("month", "quarter", "year")
USUAL = "month"


@dataclass(frozen=True)
class Tile:
    """How a figure is made: the rows whose `field` lies in the period, counted, or `summed` up.

    `view` names the list that shows exactly these rows, narrowed by `params` beside the period. `for_masked` says that
    only those get it from whom amounts are hidden, or only the others; `less` that fewer are better.
    """

    name: str
    label: Any
    definition: Any
    permission: str
    model: Any
    field: str
    view: str
    only: Mapping[str, Any] | None = None
    params: Mapping[str, str] | None = None
    summed: str = ""
    for_masked: bool | None = None
    less: bool = False

    def suits(self, user: Any, *, masked: bool) -> bool:
        """Whether a user gets it."""
        return user.has_perm(self.permission) and self.for_masked in {None, masked}

    def rows(self, user: Any, period: Period) -> QuerySet[Any]:
        """The rows within reach that count in a period."""
        first, last = period.moments
        days = {f"{self.field}__range": (period.begins, period.ends)}
        moments = {f"{self.field}__gte": first, f"{self.field}__lt": last}
        whole = self.model._meta.get_field(self.field).get_internal_type() == "DateField"
        rows: QuerySet[Any] = self.model.objects.visible_to(user).filter(**(days if whole else moments))
        return rows.filter(**(self.only or {}))


TILES = [
    Tile(
        "new-customers",
        _("New customers"),
        _("Customers that were entered on these days; deleted and merged ones do not count."),
        VIEW_CUSTOMERS,
        Customer,
        "created_at",
        "customers:customer-list",
    ),
    Tile(
        "new-chances",
        _("New sale chances"),
        _("Sale chances that were entered on these days, whatever became of them."),
        VIEW_CHANCES,
        SaleChance,
        "created_at",
        "marketing:salechance-list",
    ),
    Tile(
        "won-chances",
        _("Chances won"),
        _("Sale chances that were won on these days."),
        VIEW_CHANCES,
        SaleChance,
        "closed_at",
        "marketing:salechance-list",
        only={"stage": SaleChance.Stage.WON},
        params={"stage": SaleChance.Stage.WON},
    ),
    Tile(
        "paid-orders",
        _("Paid orders"),
        _("Orders of these days, by order date, that are fully paid by now."),
        VIEW_CUSTOMERS,
        Order,
        "ordered_at",
        "customers:order-list",
        only={"state": Order.State.PAID},
        params={"state": Order.State.PAID},
        for_masked=True,
    ),
    Tile(
        "paid-amount",
        _("Amount of paid orders"),
        _("The totals of the orders of these days, by order date, that are fully paid by now."),
        VIEW_CUSTOMERS,
        Order,
        "ordered_at",
        "customers:order-list",
        only={"state": Order.State.PAID},
        params={"state": Order.State.PAID},
        summed="total",
        for_masked=False,
    ),
    Tile(
        "received",
        _("Money received"),
        _("Payments of these days, by payment date, less what went back on these days."),
        VIEW_CUSTOMERS,
        Payment,
        "paid_at",
        "customers:payment-list",
        summed="amount",
        for_masked=False,
    ),
    Tile(
        "new-tickets",
        _("New tickets"),
        _("Service tickets that were entered on these days."),
        VIEW_TICKETS,
        ServiceTicket,
        "created_at",
        "service:serviceticket-list",
    ),
    Tile(
        "closed-tickets",
        _("Tickets archived"),
        _("Service tickets that were archived on these days."),
        VIEW_TICKETS,
        ServiceTicket,
        "archived_at",
        "service:serviceticket-list",
    ),
    Tile(
        "losses",
        _("Losses confirmed"),
        _("Cases of customers who had ordered, confirmed on these days; also those won back since."),
        VIEW_CASES,
        LossCase,
        "confirmed_at",
        "retention:losscase-list",
        only={"never_ordered": False},
        params={"never_ordered": "no"},
        less=True,
    ),
]


@dataclass(frozen=True)
class Figure:
    """A tile with its values: now, and on the same days of the period before."""

    tile: Tile
    now: Any
    before: Any
    period: Period

    @property
    def change(self) -> Decimal | None:
        """The change in percent; None where there was nothing before to compare with."""
        return change(self.now, self.before)

    @property
    def params(self) -> dict[str, str]:
        """What narrows the tile's list to the rows that it counts."""
        return {**(self.tile.params or {}), **self.period.params(self.tile.field)}


def read_kind(text: str) -> str:
    """The kind of period that an address asks for; what is none counts as a month."""
    return text if text in KINDS else USUAL


def figures(user: Any, kind: str, *, today: date) -> list[Figure]:
    """The tiles that a user gets with their values, all read by one query."""
    masked = FieldClass.AMOUNT in reach_of(user).masked
    tiles = [tile for tile in TILES if tile.suits(user, masked=masked)]
    now = period_to(today, kind)
    before = now.before()
    values = read_values([(tile.rows(user, one), tile.summed) for tile in tiles for one in (now, before)], user)
    pairs = zip(values[::2], values[1::2], strict=True)
    return [Figure(tile, *pair, period=now) for tile, pair in zip(tiles, pairs, strict=True)]
