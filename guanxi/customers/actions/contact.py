"""What people do with a customer's contacts."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from guanxi.customers.actions.holding import hold_customer, hold_customers, refuse_binned, without_customer
from guanxi.customers.actions.verdicts import Verdict, judged, written
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


def judge_contacts(*, rows: Sequence[Mapping[str, Any]], change: ChangeWriter) -> list[Verdict]:
    """For each row what create_contact would write, or its refusal; writes nothing."""
    return [judged(_begun, **row) for row in rows]


def create_contacts(*, rows: Sequence[Mapping[str, Any]], change: ChangeWriter) -> list[Contact | RuleBroken]:
    """Add many people by the rules of create_contact: each one, or its refusal."""
    held = hold_customers([row["customer"].pk for row in rows])
    rows = [{**row, "customer": held[row["customer"].pk]} for row in rows]
    verdicts = judge_contacts(rows=rows, change=change)
    good = [verdict for verdict in verdicts if not isinstance(verdict, RuleBroken)]
    _choose_primary(good, change)
    return written(verdicts, change.create_many(Contact, good))


def _begun(*, customer: Customer, name: str, **fields: Any) -> dict[str, Any]:
    refuse_binned(customer)
    return {"is_primary": False, **fields, "customer": customer, "name": _checked(name)}


def _choose_primary(rows: Sequence[dict[str, Any]], change: ChangeWriter) -> None:
    """As if the rows came one by one: the last one marked primary is it, else the first of a customer without."""
    chosen: dict[int, dict[str, Any]] = {}
    marked = {row["customer"].pk for row in rows if row["is_primary"]}
    standing = Contact.objects.in_use().filter(customer__in=[row["customer"].pk for row in rows], is_primary=True)
    has_one = set(standing.values_list("customer", flat=True))
    for row in rows:
        pk = row["customer"].pk
        if row["is_primary"] or (pk not in marked and pk not in has_one and pk not in chosen):
            chosen[pk] = row
        row["is_primary"] = False
    change.update_many(standing.filter(customer__in=marked), is_primary=False)
    for row in chosen.values():
        row["is_primary"] = True


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
        change.update(contact, in_bin=True, is_primary=False)
    change.restore(contact)


def _primary_of(customer_id: int) -> Any:
    return Contact.objects.in_use().filter(customer=customer_id, is_primary=True)


def _checked(name: str) -> str:
    name = tidy(name)
    if not name:
        raise RuleBroken(_("A contact needs a name."), field="name")
    return name
