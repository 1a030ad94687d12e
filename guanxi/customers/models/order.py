"""Orders and their lines: what a customer bought."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models.customer import Customer
from guanxi.customers.models.parts import PartQuerySet
from guanxi.kernel.fields import FieldClass, MoneyField
from guanxi.kernel.flows import Flow
from guanxi.kernel.indexes import sort_index
from guanxi.kernel.records import Record
from guanxi.search.registry import searchable


class PriceField(models.DecimalField):
    """A price of one unit, masked like an amount."""

    field_class = FieldClass.AMOUNT.value


class Order(Record):
    """What a customer bought on one day; `paid` is the sum of its payments."""

    class State(models.TextChoices):
        """How far it is paid."""

        UNPAID = "unpaid", _("Unpaid")
        PARTLY_PAID = "partly_paid", _("Partly paid")
        PAID = "paid", _("Paid")
        CANCELLED = "cancelled", _("Cancelled")

    number = models.CharField(_("Order number"), max_length=40, unique=True, editable=False)
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="orders", verbose_name=_("Customer"), db_index=False
    )
    ordered_at = models.DateField(_("Order date"))
    salesperson = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Salesperson"),
    )
    address = models.CharField(_("Delivery address"), max_length=500, blank=True)
    state = models.CharField(_("State"), max_length=12, choices=State.choices, default=State.UNPAID, editable=False)
    total = MoneyField(_("Total"), default=0, editable=False)
    paid = MoneyField(_("Paid"), default=0, editable=False)
    paid_at = models.DateField(_("Paid on"), null=True, editable=False)
    cancel_reason = models.CharField(_("Reason of cancellation"), max_length=300, blank=True, editable=False)

    objects: ClassVar[Any] = PartQuerySet.as_manager()
    flow = Flow(
        "state",
        pay=(["unpaid", "partly_paid"], "paid"),
        refund=(["partly_paid", "paid"], "unpaid"),
        cancel=(["unpaid", "partly_paid", "paid"], "cancelled"),
        reopen=(["cancelled"], "unpaid"),
    )

    class Meta:
        verbose_name = _("Order")
        verbose_name_plural = _("Orders")
        indexes = [
            sort_index("-created_at", name="order_created"),
            sort_index("-ordered_at", name="order_ordered"),
            sort_index("-total", name="order_total"),
            models.Index(fields=["customer", "-ordered_at", "-id"], name="order_customer"),
            models.Index(
                # The day first: with the state first SQLite, while it has no statistics, walks all paid orders for the
                # sums of one customer. The last one is empty here: with it SQLite knows that the index alone answers.
                fields=["ordered_at", "state", "customer", "total", "binned_in"],
                condition=Q(binned_in__isnull=True),
                name="order_contribution",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["unpaid", "partly_paid", "paid", "cancelled"]), name="order_state"
            ),
            models.CheckConstraint(condition=Q(paid__gte=0, paid__lte=F("total")), name="order_paid_within_total"),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(paid=F("total"), paid_at__isnull=False), name="order_paid_in_full"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["unpaid", "cancelled"]) | Q(paid=0), name="order_unpaid_keeps_no_money"
            ),
            models.CheckConstraint(
                condition=~Q(state="partly_paid") | Q(paid__gt=0, paid__lt=F("total")), name="order_partly_paid"
            ),
            models.CheckConstraint(condition=Q(state="paid") | Q(paid_at__isnull=True), name="order_paid_at_when_paid"),
        ]

    def __str__(self) -> str:
        return self.number


class LineQuerySet(PartQuerySet):
    """Lines belong to their order's customer."""

    path = "order__customer__"


class OrderLine(Record):
    """One article of an order: quantity times price less the discount, rounded half up to the cent."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="lines", verbose_name=_("Order"))
    goods = models.CharField(_("Goods"), max_length=200)
    quantity = models.DecimalField(_("Quantity"), max_digits=14, decimal_places=3)
    unit = models.CharField(_("Unit"), max_length=20, blank=True)
    unit_price = PriceField(_("Unit price"), max_digits=18, decimal_places=6)
    discount = MoneyField(_("Discount"), default=0, blank=True)
    amount = MoneyField(_("Amount"), editable=False)
    position = models.PositiveIntegerField(_("Sequence"), default=0, editable=False)

    objects: ClassVar[Any] = LineQuerySet.as_manager()

    class Meta:
        verbose_name = _("Order line")
        verbose_name_plural = _("Order lines")
        ordering = ["position", "id"]
        indexes = [
            # The last one is empty here, as in order_contribution: the orders of a goods are read from the index alone.
            models.Index(
                fields=["goods", "order", "binned_in"], condition=Q(binned_in__isnull=True), name="line_goods"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(goods=""), name="line_has_goods"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="line_quantity"),
            models.CheckConstraint(condition=Q(unit_price__gte=0), name="line_unit_price"),
            models.CheckConstraint(condition=Q(discount__gte=0), name="line_discount"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="line_amount"),
        ]

    def __str__(self) -> str:
        return self.goods


searchable(
    Order,
    text=lambda order: [order.address],
    subtitle=lambda order: order.customer.name,
    related=["customer"],
)
