"""Making one customer of two: what hangs on the other moves, the other goes to the bin."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from guanxi.customers import registry
from guanxi.customers.actions.customer import edit_customer
from guanxi.customers.actions.holding import hold_customer
from guanxi.customers.actions.sums import settle_customers
from guanxi.customers.models import Contact, Customer
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.rules import RuleBroken

MERGED = (
    *("name", "level", "industry", "source", "area", "credit", "since"),
    *("phone", "fax", "website", "address", "post_code"),
    *("licence_number", "legal_representative", "registered_capital", "annual_turnover"),
    *("tax_number", "bank", "bank_account", "local_tax_number", "national_tax_number"),
)
"""The fields of which one value is chosen; number and manager stay those of the customer that is kept."""


def merge_customer(
    customer: Customer, *, other: Customer, change: ChangeWriter, taken: Collection[str] = ()
) -> Customer:
    """Move all that hangs on `other` to `customer`, which takes over the fields `taken`; `other` goes to the bin.

    Every row that moves is kept in the change set, so that undoing it gives both customers back.
    """
    if other.pk == customer.pk:
        raise RuleBroken(_("Choose another customer to merge with."), field="other")
    held = {pk: hold_customer(pk) for pk in sorted([customer.pk, other.pk])}
    gone = held[other.pk]
    _leave_one_primary_contact(customer, gone, change)
    for step in registry.before_merges:
        step(gone, into=customer, change=change)
    for part in registry.parts:
        if part.path == "customer":
            _move(part.model, gone, customer, change)
    for step in registry.after_merges:
        step(gone, into=customer, change=change)
    change.update(gone, merged_into=customer)
    change.bin(gone)
    edit_customer(customer, change=change, **{name: getattr(gone, name) for name in MERGED if name in taken})
    change.subject(customer)
    settle_customers([customer.pk, gone.pk], change=change)
    return customer


def _move(model: Any, gone: Customer, customer: Customer, change: ChangeWriter) -> None:
    """The rows of one kind, those in the bin too."""
    change.update_many(model._default_manager.filter(customer=gone.pk), customer=customer)


def _leave_one_primary_contact(customer: Customer, gone: Customer, change: ChangeWriter) -> None:
    primary = Contact.objects.in_use().filter(is_primary=True)
    if primary.filter(customer=customer.pk).exists():
        change.update_many(primary.filter(customer=gone.pk), is_primary=False)
