"""Customers that may be the same company as one about to be entered."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from guanxi.customers.licence import normalise_licence
from guanxi.customers.models import Contact, Customer
from guanxi.kernel.phones import normalise_phone
from guanxi.kernel.text import fold

SHOWN = 5


@dataclass(frozen=True)
class Duplicate:
    """All that may be told of a customer to whoever enters a like one: its name and whose it is."""

    pk: int
    name: str
    manager: Any
    reasons: list[str]


def find_duplicates(
    *, name: str = "", phones: Collection[str] = (), licence_number: str = "", apart_from: int | None = None
) -> list[Duplicate]:
    """At most 5 customers in use with the same folded name, phone (theirs or a contact's) or licence number."""
    key, licence = fold(name), normalise_licence(licence_number)
    numbers = {normalised for phone in phones if (normalised := normalise_phone(phone))}
    ids = {pk for rows in _likes(key, numbers, licence) for pk in rows.exclude(pk=apart_from)[:SHOWN]}
    found = Customer.objects.in_use().filter(pk__in=ids).select_related("manager") if ids else []
    ordered = sorted(found, key=lambda one: one.pk)
    return [Duplicate(one.pk, one.name, one.manager, _reasons(one, key, numbers, licence)) for one in ordered[:SHOWN]]


def find_likes(rows: Sequence[tuple[Collection[str], str]]) -> list[list[Duplicate]]:
    """For each of many (phones, licence number) the customers in use that share one, in a handful of queries."""
    wanted = [
        ({normalised for phone in phones if (normalised := normalise_phone(phone))}, normalise_licence(licence))
        for phones, licence in rows
    ]
    holders = _holders({one for numbers, _licence in wanted for one in numbers}, {one for _n, one in wanted if one})
    pks = {pk for found in holders.values() for pk in found}
    known = {one.pk: one for one in Customer.objects.filter(pk__in=pks).select_related("manager")} if pks else {}
    return [
        [
            Duplicate(pk, known[pk].name, known[pk].manager, _reasons(known[pk], "", numbers, licence))
            for pk in sorted({pk for trait in (*numbers, licence) for pk in holders.get(trait, ())})[:SHOWN]
        ]
        for numbers, licence in wanted
    ]


def _holders(numbers: Collection[str], licences: Collection[str]) -> dict[str, set[int]]:
    """The ids of the customers in use that have each of these phones and licence numbers."""
    rows, people = Customer.objects.in_use(), Contact.objects.in_use().filter(customer__binned_in=None)
    asked = [
        (rows, "phone", "pk", numbers),
        (rows, "licence_number", "pk", licences),
        (people, "mobile", "customer", numbers),
        (people, "office_phone", "customer", numbers),
    ]
    found: dict[str, set[int]] = defaultdict(set)
    for source, field, whose, values in asked:
        if values:
            for value, pk in source.filter(**{f"{field}__in": values}).exclude(**{field: ""}).values_list(field, whose):
                found[value].add(pk)
    return found


def _likes(key: str, numbers: Collection[str], licence: str) -> Iterator[Any]:
    """The ids of likes by each feature: a query each, as each has an index of its own, of rows that have the feature."""
    rows = Customer.objects.in_use().order_by("pk").values_list("pk", flat=True)
    if key:
        yield rows.filter(name_key=key)
    if licence:
        yield rows.filter(licence_number=licence).exclude(licence_number="")
    if numbers:
        yield rows.filter(phone__in=numbers).exclude(phone="")
        for field in ("mobile", "office_phone"):
            people = Contact.objects.in_use().filter(**{f"{field}__in": numbers}).exclude(**{field: ""})
            yield rows.filter(pk__in=people.values("customer"))


def _reasons(customer: Customer, key: str, numbers: Collection[str], licence: str) -> list[str]:
    by_name, by_licence = customer.name_key == key, licence and customer.licence_number == licence
    reasons = [_("same name")] if by_name else []
    reasons += [_("same licence number")] if by_licence else []
    if customer.phone in numbers or not reasons:
        reasons.append(_("same phone"))
    return reasons
