"""What every act on a customer's parts begins with: the customer held still, and kept."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from guanxi.customers.models import Customer
from guanxi.kernel.rules import RuleBroken


def hold_customer(customer_id: int) -> Customer:
    """The customer as it stands, locked to the end of the transaction; refuses one in the bin."""
    held: Customer = Customer.objects.select_for_update().get(pk=customer_id)
    refuse_binned(held)
    return held


def hold_customers(ids: Collection[int]) -> dict[int, Customer]:
    """The customers as they stand, locked in one order to the end of the transaction; those in the bin too."""
    rows = Customer.objects.filter(pk__in=set(ids)).order_by("pk").select_for_update(of=("self",))
    return {customer.pk: customer for customer in rows.select_related("manager")}


def refuse_binned(customer: Customer) -> None:
    """Raise RuleBroken if the customer lies in the bin."""
    if customer.binned_in is not None:
        raise RuleBroken(_("“%(customer)s” is in the bin.") % {"customer": customer})


def without_customer(record: Any, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of an edit; raises RuleBroken if they would move the record to another customer."""
    customer = fields.get("customer")
    if customer is not None and customer.pk != record.customer_id:
        raise RuleBroken(_("This stays with its customer."), field="customer")
    return {name: value for name, value in fields.items() if name != "customer"}
