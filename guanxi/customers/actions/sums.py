"""The columns of a customer that sum up what hangs on it, rebuilt from the rows themselves."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import models
from django.db.models import Count, DateTimeField, F, IntegerField, Max, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Greatest

from guanxi.customers import registry
from guanxi.customers.actions.holding import hold_customers
from guanxi.customers.models import Customer, Interaction, Order, Payment
from guanxi.history.undo import after_undo, before_undo
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.batches import batches
from guanxi.kernel.fields import MoneyField

_NOTHING = Value(0, output_field=MoneyField())
_NONE = Value(0, output_field=IntegerField())
_put_off: ContextVar[set[int] | None] = ContextVar("guanxi_recounts_put_off", default=None)


@contextmanager
def recounted_once() -> Iterator[None]:
    """Put off every recount inside to the end, and do it once a customer: for many acts in one transaction."""
    token = _put_off.set(set())
    try:
        yield
        ids = sorted(_put_off.get() or ())
    finally:
        _put_off.reset(token)
    _recount_all(ids)


def recount_now() -> None:
    """Do what was put off so far, for a reader in between who needs true sums."""
    put_off = _put_off.get() or set()
    ids = sorted(put_off)
    put_off.clear()
    token = _put_off.set(None)
    try:
        _recount_all(ids)
    finally:
        _put_off.reset(token)


def _recount_all(ids: Sequence[int]) -> None:
    for batch in batches(ids):
        recount_customers(batch)


def recount_customers(ids: Collection[int]) -> None:
    """Rebuild the derived columns of these customers, at most a few thousand at once."""
    put_off = _put_off.get()
    if put_off is not None:
        put_off |= set(ids)
        return
    rows = Customer.objects.filter(pk__in=ids)
    # Lock first: a statement of its own sees what others wrote before the lock came free.
    list(rows.order_by("pk").select_for_update().values_list("pk"))
    rows.derive(**sums())


def sums() -> dict[str, Any]:
    """The derived columns that follow from what hangs on a customer, each as an expression over its row."""
    return {**_order_sums(), **_payment_sums(), **_touch_sums()}


def settle_customers(ids: Collection[int], *, change: ChangeWriter) -> None:
    """After orders or payments of these customers were written: rebuild their sums, and tell who watches them."""
    recount_customers(ids)
    for watcher in registry.watchers:
        watcher(ids, change=change)


def hold_concerned(concerned: Mapping[str, set[int]], /) -> None:
    """Before an undo: lock the customers that it concerns, as every other act does first."""
    hold_customers(_customers_of(concerned))


def settle_given_back(given_back: Mapping[str, set[int]], /, *, change: ChangeWriter) -> None:
    """After an undo: settle the customers that it gave back, and those whose parts it gave back."""
    settle_customers(sorted(_customers_of(given_back)), change=change)


def _customers_of(touched: Mapping[str, set[int]]) -> set[int]:
    ids = set(touched.get(Customer.label(), ()))
    for part in registry.parts:
        label = part.model._meta.label_lower
        rows: Any = part.model._default_manager
        ids |= set(rows.filter(pk__in=touched.get(label, ())).values_list(part.path, flat=True))
    return ids - {None}


def _order_sums() -> dict[str, Any]:
    placed = Order.objects.in_use().exclude(state=Order.State.CANCELLED)
    paid = Order.objects.in_use().filter(state=Order.State.PAID)
    return {
        "order_count": Coalesce(_over(placed, Count("pk")), _NONE),
        "last_ordered_at": _over(placed, Max("ordered_at")),
        "outstanding": Coalesce(_over(placed, Sum(F("total") - F("paid"), output_field=MoneyField())), _NOTHING),
        "paid_count": Coalesce(_over(paid, Count("pk")), _NONE),
        "paid_total": Coalesce(_over(paid, Sum("total")), _NOTHING),
        "last_paid_at": _over(paid, Max("ordered_at")),
    }


def _payment_sums() -> dict[str, Any]:
    return {"received_total": Coalesce(_over(Payment.objects.in_use(), Sum("amount")), _NOTHING)}


def _touch_sums() -> dict[str, Any]:
    talks = Interaction.objects.in_use()
    latest = talks.filter(customer=OuterRef("pk")).order_by("-happened_at", "-pk")
    return {
        "last_interaction_at": _over(talks, Max("happened_at")),
        "next_follow_up": Subquery(latest.values("next_follow_up")[:1]),
        "last_touched_at": Greatest(
            F("created_at"), *(_last_touch(touch) for touch in registry.touches), output_field=DateTimeField()
        ),
    }


def _last_touch(touch: registry.Touch) -> Coalesce:
    model: Any = touch.model
    return Coalesce(_over(model.objects.in_use(), Max(touch.moment), touch.path), F("created_at"))


def _over(rows: models.QuerySet[Any], fold: models.Aggregate, path: str = "customer") -> Subquery:
    """One figure over a customer's rows; NULL where there are none."""
    mine = rows.filter(**{path: OuterRef("pk")}).order_by().values(path)
    return Subquery(mine.annotate(figure=fold).values("figure"))


before_undo(hold_concerned)
after_undo(settle_given_back)
