"""Who imports and by what rules; what the rows of a file are, and what becomes of them."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from guanxi.access.reach import reach_of
from guanxi.accounts.models import User
from guanxi.customers.actions import Taken
from guanxi.customers.models import Customer
from guanxi.dictionary.models import DictionaryEntry
from guanxi.kernel.rules import RuleBroken
from guanxi.kernel.text import fold, tidy
from guanxi.transfer.kinds.cells import text_of
from guanxi.transfer.models import Import

CREATED, UPDATED, SKIPPED, REFUSED = "created", "updated", "skipped", "refused"


@dataclass
class Unit:
    """The rows of a file that make one record: what they say, or why they are refused."""

    rows: list[Any]
    values: dict[str, Any] = field(default_factory=dict)
    refusal: RuleBroken | None = None


@dataclass(frozen=True)
class Outcome:
    """What becomes of one unit; `duplicate` marks one whose record is there already."""

    unit: Unit
    what: str
    reason: str = ""
    duplicate: bool = False


@dataclass
class Desk:
    """What rows are read against. `user` is None for the company itself, which may do everything."""

    user: Any
    width: int
    duplicates: str = Import.Duplicates.SKIP
    pooled: bool = False

    @cached_property
    def masked(self) -> frozenset[str]:
        """The field classes that the importer may not see, and so not write."""
        return reach_of(self.user).masked if self.user else frozenset()

    @cached_property
    def manager(self) -> Any:
        """Who gets the customers that name no manager."""
        return None if self.pooled or not self.may("customers.view_customer") else self.user

    def may(self, permission: str) -> bool:
        """Whether the importer holds a permission."""
        return self.user is None or bool(self.user.has_perm(permission))

    def entries(self, type_key: str) -> dict[str, Any]:
        """The entries on offer of a dictionary type, by their labels in both languages."""
        if type_key not in self._entries:
            offered = list(DictionaryEntry.objects.offered(type_key))
            english = {fold(entry.label_en): entry for entry in offered if entry.label_en}
            self._entries[type_key] = english | {fold(entry.label_zh): entry for entry in offered}
        return self._entries[type_key]

    @cached_property
    def _entries(self) -> dict[str, dict[str, Any]]:
        return {}

    @cached_property
    def _people(self) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = defaultdict(list)
        for person in User.objects.visible_to(self.user):
            for name in {fold(person.username), fold(person.real_name)}:
                found[name].append(person)
        return found

    def person(self, cell: Any) -> Any:
        """The user of a user name or a real name."""
        name = tidy(text_of(cell))
        people = self._people.get(fold(name), [])
        named = [person for person in people if fold(person.username) == fold(name)] or people
        if not named:
            raise RuleBroken(_("Nobody here is called “%(name)s”.") % {"name": name[:40]})
        if len(named) > 1:
            raise RuleBroken(_("Several people are called “%(name)s”: write the user name.") % {"name": name[:40]})
        return named[0]

    def may_manage(self, cell: Any) -> Any:
        """The manager that a cell names: without the right to assign, only oneself."""
        person = self.person(cell)
        if self.may("customers.assign_customer") or person.pk == self.user.pk:
            return person
        raise RuleBroken(_("You may not give customers to others."))

    def find_customers(self, units: Sequence[Unit]) -> None:
        """Give each unit the `customer` that it names by number or name; others than those in reach do not exist."""
        named = [unit for unit in units if unit.refusal is None and "customer" not in unit.values]
        numbers = {unit.values["customer_number"] for unit in named if unit.values.get("customer_number")}
        keys = {fold(unit.values["customer_name"]) for unit in named if unit.values.get("customer_name")}
        rows = Customer.objects.in_use() if self.user is None else Customer.objects.visible_to(self.user)
        found = list(rows.filter(Q(number__in=numbers) | Q(name_key__in=keys)).select_related("manager"))
        by_number, by_key = {one.number: one for one in found}, {one.name_key: one for one in found}
        for unit in named:
            number, name = unit.values.pop("customer_number", ""), unit.values.pop("customer_name", "")
            customer = by_number.get(number) if number else by_key.get(fold(name))
            if customer is None:
                unit.refusal = no_customer(number or name)
            else:
                unit.values["customer"] = customer


def no_customer(name: str) -> RuleBroken:
    """The same sentence for a customer that does not exist and for one out of reach."""
    if not name:
        return RuleBroken(_("The row names no customer."))
    return RuleBroken(_("There is no customer “%(name)s”.") % {"name": name[:100]})


def outcomes_of(
    units: Sequence[Unit],
    verdicts: Sequence[Any],
    desk: Desk,
    update: Callable[[Unit, Any], None] | None = None,
) -> list[Outcome]:
    """What became of each unit, given the verdict of an action on each that was not refused before."""
    left = iter(verdicts)
    return [
        Outcome(unit, REFUSED, str(unit.refusal)) if unit.refusal else _outcome(unit, next(left), desk, update)
        for unit in units
    ]


def _outcome(unit: Unit, verdict: Any, desk: Desk, update: Callable[[Unit, Any], None] | None) -> Outcome:
    if not isinstance(verdict, RuleBroken):
        return Outcome(unit, CREATED)
    if not isinstance(verdict, Taken) or desk.duplicates == Import.Duplicates.REFUSE:
        return Outcome(unit, REFUSED, str(verdict), duplicate=isinstance(verdict, Taken))
    if desk.duplicates == Import.Duplicates.SKIP:
        return Outcome(unit, SKIPPED, str(verdict), duplicate=True)
    return _updated(unit, verdict, update)


def _updated(unit: Unit, taken: Taken, update: Callable[[Unit, Any], None] | None) -> Outcome:
    try:
        if update is None:
            raise taken
        update(unit, taken)
    except RuleBroken as refusal:
        return Outcome(unit, REFUSED, str(refusal), duplicate=True)
    return Outcome(unit, UPDATED, duplicate=True)


def allowed(rows: Any, desk: Desk, pks: Collection[int]) -> set[int]:
    """Which of these records the importer may know of."""
    seen = rows.in_use() if desk.user is None else rows.visible_to(desk.user)
    return set(seen.filter(pk__in=pks).values_list("pk", flat=True))
