"""Customers that may be the same company as one about to be entered."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
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
    condition = _condition(key, numbers, licence)
    if not condition:
        return []
    found = Customer.objects.in_use().filter(condition).exclude(pk=apart_from).select_related("manager")
    return [
        Duplicate(one.pk, one.name, one.manager, _reasons(one, key, numbers, licence))
        for one in found.order_by("pk")[:SHOWN]
    ]


def _condition(key: str, numbers: Collection[str], licence: str) -> Q:
    """Each part is answered by an index of its own."""
    condition = Q()
    if key:
        condition |= Q(name_key=key)
    if licence:
        condition |= Q(licence_number=licence)
    if numbers:
        contacts = Contact.objects.in_use().filter(Q(mobile__in=numbers) | Q(office_phone__in=numbers))
        known = list(contacts.values_list("customer", flat=True)[:100])
        condition |= Q(phone__in=numbers) | Q(pk__in=known)
    return condition


def _reasons(customer: Customer, key: str, numbers: Collection[str], licence: str) -> list[str]:
    by_name, by_licence = customer.name_key == key, licence and customer.licence_number == licence
    reasons = [_("same name")] if by_name else []
    reasons += [_("same licence number")] if by_licence else []
    if customer.phone in numbers or not reasons:
        reasons.append(_("same phone"))
    return reasons
