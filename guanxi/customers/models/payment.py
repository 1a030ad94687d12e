"""Payments: money that came in for an order, or went back."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models.customer import Customer
from guanxi.customers.models.order import Order
from guanxi.customers.models.parts import PartQuerySet
from guanxi.dictionary.fields import DictionaryField
from guanxi.kernel.fields import MoneyField
from guanxi.kernel.indexes import sort_index
from guanxi.kernel.records import Record


class Payment(Record):
    """Money for one order on one day; a negative amount went back to the customer."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="payments", verbose_name=_("Order"))
    # The order's customer, so that a customer's payments are read without a join.
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="payments", verbose_name=_("Customer"), db_index=False
    )
    paid_at = models.DateField(_("Date"))
    amount = MoneyField(_("Amount"))
    way = DictionaryField("payment_way", verbose_name=_("Way of payment"))
    note = models.CharField(_("Note"), max_length=300, blank=True)

    objects: ClassVar[Any] = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("Payment")
        verbose_name_plural = _("Payments")
        indexes = [
            sort_index("-created_at", name="payment_created"),
            sort_index("-paid_at", name="payment_paid"),
            models.Index(fields=["customer", "-paid_at", "-id"], name="payment_customer"),
            models.Index(
                fields=["paid_at", "customer", "amount", "binned_in"],  # the last one as in Order
                condition=Q(binned_in__isnull=True),
                name="payment_received",
            ),
        ]
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="payment_has_amount")]

    def __str__(self) -> str:
        # Not by its amount, which a role may hide: logs and lists name a record to whoever may read them.
        return f"{self.paid_at:%Y-%m-%d}"
