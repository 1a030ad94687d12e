"""What people do with a customer itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from guanxi.accounts.notices import ASSIGNED, notify
from guanxi.customers import registry
from guanxi.customers.actions.holding import hold_customer
from guanxi.customers.actions.pool import refuse_manager
from guanxi.customers.actions.sums import recount_customers
from guanxi.customers.actions.verdicts import Taken, Verdict, judged, written
from guanxi.customers.licence import is_credit_code, normalise_licence
from guanxi.customers.models import Customer, Order
from guanxi.customers.parameters import CUSTOMER_NUMBERS
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.days import company_day
from guanxi.kernel.rules import RuleBroken
from guanxi.kernel.text import fold, tidy
from guanxi.kernel.uniqueness import told_apart
from guanxi.parameters.numbers import free_numbers

NAME_KEY_LENGTH = 400
"""Folding may lengthen a name; beyond this two names count as the same."""


def create_customer(*, change: ChangeWriter, name: str, number: str = "", **fields: Any) -> Customer:
    """Enter a customer; raises RuleBroken if its name or a number brought along is taken."""
    fields = _begun(change=change, name=name, **fields)
    if number:
        _refuse_number(number)
    with told_apart(lambda: _refuse_name(fields["name_key"])):
        customer = change.create(
            Customer,
            number=number or free_numbers(CUSTOMER_NUMBERS.kind, company_day(change.at), model=Customer)[0],
            **fields,
        )
    recount_customers([customer.pk])
    notify(ASSIGNED, to=fields.get("manager"), about=customer, change=change)
    return customer


def judge_customers(*, rows: Sequence[Mapping[str, Any]], change: ChangeWriter) -> list[Verdict]:
    """For each row what create_customer would write, or its refusal: Taken where the customer is there already.

    Writes nothing. Of two rows of one name or number, the second one is refused.
    """
    verdicts = [judged(_begun, change=change, **row) for row in rows]
    fresh = [verdict for verdict in verdicts if not isinstance(verdict, RuleBroken)]
    names: dict[str, Any] = {one.name_key: one for one in _named_so([fields["name_key"] for fields in fresh])}
    brought = [fields["number"] for fields in fresh if fields.get("number")]
    numbers: dict[str, Any] = {one.number: one for one in Customer.objects.filter(number__in=brought)}
    for place, fields in enumerate(verdicts):
        if isinstance(fields, RuleBroken):
            continue
        number, key = fields.get("number"), fields["name_key"]
        if number and number in numbers:
            verdicts[place] = _taken_number(_standing(numbers[number]))
        elif key in names:
            verdicts[place] = _taken_name(_standing(names[key]))
        else:
            names[key] = fields
            if number:
                numbers[number] = fields
    return verdicts


def create_customers(*, rows: Sequence[Mapping[str, Any]], change: ChangeWriter) -> list[Customer | RuleBroken]:
    """Enter many customers, at most a few thousand, by the rules of create_customer: each one, or its refusal."""
    verdicts = judge_customers(rows=rows, change=change)
    good = [verdict for verdict in verdicts if not isinstance(verdict, RuleBroken)]
    missing = [fields for fields in good if not fields.get("number")]
    taken = {fields["number"] for fields in good if fields.get("number")}
    numbers = free_numbers(
        CUSTOMER_NUMBERS.kind, company_day(change.at), model=Customer, count=len(missing), taken=taken
    )
    for fields, number in zip(missing, numbers, strict=True):
        fields["number"] = number
    made = change.create_many(Customer, good)
    recount_customers([customer.pk for customer in made])
    return written(verdicts, made)


def edit_customer(customer: Customer, *, change: ChangeWriter, seen: int | None = None, **fields: Any) -> Customer:
    """Change what is known about a customer; its manager changes by assigning and returning."""
    if "manager" in fields:
        raise TypeError("A customer is given to another manager by assign_customer.")
    fields = {**_cleaned(fields), **_named(fields.get("name", customer.name))}
    with told_apart(lambda: _refuse_name(fields["name_key"], apart_from=customer)):
        return change.update(customer, seen=seen, **fields)


def bin_customer(customer: Customer, *, change: ChangeWriter) -> None:
    """Move a customer and all that hangs on it to the bin; refused while it has orders that stand."""
    hold_customer(customer.pk)
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
        change.update(customer, in_bin=True, **fields)
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


def _begun(*, change: ChangeWriter, name: str, **fields: Any) -> dict[str, Any]:
    """The fields of a new customer."""
    fields = {**_cleaned(fields), **_named(name), "since": fields.get("since") or company_day(change.at)}
    if fields.get("manager"):
        refuse_manager(fields["manager"])
        fields["managed_since"] = change.at
    return fields


def _standing(found: Any) -> Customer:
    """A customer of the database as it is, one of the same call as it will be."""
    if isinstance(found, Customer):
        return found
    return Customer(number=found.get("number") or "", name=found["name"], manager=found.get("manager"))


def _refuse_number(number: str) -> None:
    other = Customer.objects.filter(number=number).first()
    if other is not None:
        raise _taken_number(other)


def _refuse_name(name_key: str, apart_from: Customer | None = None) -> None:
    other = _named_so([name_key]).exclude(pk=apart_from.pk if apart_from else None).first()
    if other is not None:
        raise _taken_name(other)


def _named_so(name_keys: Sequence[str]) -> Any:
    return Customer.objects.in_use().filter(name_key__in=name_keys).select_related("manager")


def _taken_number(other: Customer) -> Taken:
    text = _("The number %(number)s was given out already.") % {"number": other.number}
    return Taken(text, field="number", record=other)


def _taken_name(other: Customer) -> Taken:
    """A duplicate is shown by its name and whose it is, nothing else."""
    if other.manager is None:
        text = _("There is already a customer “%(name)s”, in the public pool.")
    else:
        text = _("There is already a customer “%(name)s”, managed by %(manager)s.")
    return Taken(text % {"name": other.name, "manager": other.manager}, field="name", record=other)
