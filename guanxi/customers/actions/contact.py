"""What people do with a customer's contacts."""

from typing import Any

from django.utils.translation import gettext as _

from guanxi.customers.actions.holding import hold_customer, without_customer
from guanxi.customers.models import Contact, Customer
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.rules import RuleBroken
from guanxi.kernel.text import tidy


def create_contact(
    *, customer: Customer, name: str, change: ChangeWriter, is_primary: bool = False, **fields: Any
) -> Contact:
    """Add a person at a customer; the first one becomes the primary contact."""
    hold_customer(customer.pk)
    primary = _primary_of(customer.pk)
    if is_primary:
        change.update_many(primary, is_primary=False)
    is_primary = is_primary or not primary.exists()
    return change.create(Contact, customer=customer, name=_checked(name), is_primary=is_primary, **fields)


def edit_contact(contact: Contact, *, change: ChangeWriter, seen: int | None = None, **fields: Any) -> Contact:
    """Change what is known about a person; a new primary contact takes the place of the former."""
    hold_customer(contact.customer_id)
    fields = without_customer(contact, fields)
    if "name" in fields:
        fields["name"] = _checked(fields["name"])
    if fields.get("is_primary"):
        change.update_many(_primary_of(contact.customer_id).exclude(pk=contact.pk), is_primary=False)
    return change.update(contact, seen=seen, **fields)


def bin_contact(contact: Contact, *, change: ChangeWriter) -> None:
    """Move a person to the bin; the longest-known one left becomes the primary contact."""
    hold_customer(contact.customer_id)
    change.bin(contact)
    heir = Contact.objects.in_use().filter(customer=contact.customer_id).order_by("pk").first()
    if contact.is_primary and heir is not None:
        change.update(heir, is_primary=True)


def restore_contact(contact: Contact, *, change: ChangeWriter) -> None:
    """Take a person out of the bin; not as the primary contact if there is another by now."""
    hold_customer(contact.customer_id)
    if contact.is_primary and _primary_of(contact.customer_id).exists():
        change.update(contact, is_primary=False)
    change.restore(contact)


def _primary_of(customer_id: int) -> Any:
    return Contact.objects.in_use().filter(customer=customer_id, is_primary=True)


def _checked(name: str) -> str:
    name = tidy(name)
    if not name:
        raise RuleBroken(_("A contact needs a name."), field="name")
    return name
