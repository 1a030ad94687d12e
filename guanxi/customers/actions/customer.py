"""What people do with a customer itself."""

from typing import Any

from django.utils.translation import gettext as _

from guanxi.accounts.notices import ASSIGNED, notify
from guanxi.customers import registry
from guanxi.customers.actions.pool import refuse_manager
from guanxi.customers.actions.sums import recount_customers
from guanxi.customers.licence import is_credit_code, normalise_licence
from guanxi.customers.models import Customer, Order
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.days import company_day
from guanxi.kernel.rules import RuleBroken
from guanxi.kernel.text import fold, tidy
from guanxi.kernel.uniqueness import told_apart
from guanxi.parameters.numbers import take_numbers

NAME_KEY_LENGTH = 400
"""Folding may lengthen a name; beyond this two names count as the same."""


def create_customer(*, change: ChangeWriter, name: str, number: str = "", **fields: Any) -> Customer:
    """Enter a customer; raises RuleBroken if its name or a number brought along is taken."""
    day = company_day(change.at)
    fields = {**_cleaned(fields), **_named(name), "since": fields.get("since") or day}
    if fields.get("manager"):
        refuse_manager(fields["manager"])
        fields["managed_since"] = change.at
    if number:
        _refuse_number(number)
    with told_apart(lambda: _refuse_name(fields["name_key"])):
        customer = change.create(Customer, number=number or take_numbers("KH", day)[0], **fields)
    recount_customers([customer.pk])
    notify(ASSIGNED, to=fields.get("manager"), about=customer, change=change)
    return customer


def edit_customer(customer: Customer, *, change: ChangeWriter, seen: int | None = None, **fields: Any) -> Customer:
    """Change what is known about a customer; its manager changes by assigning and returning."""
    if "manager" in fields:
        raise TypeError("A customer is given to another manager by assign_customer.")
    fields = {**_cleaned(fields), **_named(fields.get("name", customer.name))}
    with told_apart(lambda: _refuse_name(fields["name_key"], apart_from=customer)):
        return change.update(customer, seen=seen, **fields)


def bin_customer(customer: Customer, *, change: ChangeWriter) -> None:
    """Move a customer and all that hangs on it to the bin; refused while it has orders that stand."""
    standing = Order.objects.in_use().filter(customer=customer).exclude(state=Order.State.CANCELLED)
    if standing.exists():
        raise RuleBroken(
            _("“%(customer)s” has orders that are not cancelled: revenue must not vanish.") % {"customer": customer}
        )
    change.bin(customer)
    for part in registry.parts:
        rows: Any = part.model._default_manager
        change.bin_many(rows.in_use().filter(**{part.path: customer}))


def restore_customer(customer: Customer, *, change: ChangeWriter, name: str = "") -> Customer:
    """Take a customer out of the bin with exactly what went there with it.

    Raises RuleBroken if its name was taken meanwhile; `name` gives it another one.
    """
    binned_in = customer.binned_in
    fields = _named(name or customer.name)
    with told_apart(lambda: _refuse_name(fields["name_key"], apart_from=customer)):
        change.update(customer, **fields)
        change.restore(customer)
    for part in registry.parts:
        rows: Any = part.model._default_manager
        change.restore_many(rows.filter(**{part.path: customer}, binned_in=binned_in))
    recount_customers([customer.pk])
    return customer


def _named(name: str) -> dict[str, Any]:
    name = tidy(name)
    if not name:
        raise RuleBroken(_("A customer needs a name."), field="name")
    return {"name": name, "name_key": fold(name)[:NAME_KEY_LENGTH]}


def _cleaned(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with company numbers in their normal form; the tax number defaults to the credit code."""
    if "licence_number" not in fields:
        return fields
    number = normalise_licence(fields["licence_number"] or "")
    defaults = {"tax_number": number} if is_credit_code(number) and not fields.get("tax_number") else {}
    return {**fields, **defaults, "licence_number": number}


def _refuse_number(number: str) -> None:
    if Customer.objects.filter(number=number).exists():
        raise RuleBroken(_("The number %(number)s was given out already.") % {"number": number}, field="number")


def _refuse_name(name_key: str, apart_from: Customer | None = None) -> None:
    """A duplicate is shown by its name and whose it is, nothing else."""
    taken = Customer.objects.in_use().filter(name_key=name_key).select_related("manager")
    other = taken.exclude(pk=apart_from.pk if apart_from else None).first()
    if other is None:
        return
    if other.manager is None:
        text = _("There is already a customer “%(name)s”, in the public pool.")
    else:
        text = _("There is already a customer “%(name)s”, managed by %(manager)s.")
    raise RuleBroken(text % {"name": other.name, "manager": other.manager}, field="name")
