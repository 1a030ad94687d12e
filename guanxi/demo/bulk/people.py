"""Who works in the made-up company: 200 people in 8 departments, with five roles."""

from dataclasses import dataclass
from random import Random
from typing import Any

from django.db.models import Q

from guanxi.access.models import Department, MenuItem, Role
from guanxi.accounts.models import User
from guanxi.demo.bulk.words import mobile, person_name
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.fields import FieldClass

DEPARTMENTS = ["销售一部", "销售二部", "销售三部", "销售四部", "大客户部", "渠道部", "客户服务部", "总经办"]
SELLING = 6
PEOPLE = 200
ALL, REPORTS, OWN = Role.Scope.ALL, Role.Scope.REPORTS, Role.Scope.OWN
SALES = Q(permission__startswith="customers.") | Q(permission__startswith="marketing.")
READING = SALES & Q(permission__contains=".view_")
SERVICE, KEEPING, REPORTING = (Q(permission__startswith=f"{app}.") for app in ("service", "retention", "reports"))


@dataclass(frozen=True)
class Staff:
    """The people by what they do; `sellers` have customers, `clerks` tickets, heads of departments among them."""

    sellers: list[User]
    clerks: list[User]
    everybody: list[User]


def hire(dice: Random, change: ChangeWriter) -> Staff:
    """Write departments, roles and people; nobody has a password until an administrator gives one."""
    departments = [
        change.create(Department, name=name, position=place) for place, name in enumerate(DEPARTMENTS, start=1)
    ]
    roles = _roles(change)
    everybody = [_person(number, dice, departments, roles, change) for number in range(1, PEOPLE + 1)]
    selling = {department.pk for department in departments[:SELLING]}
    sellers = [user for user in everybody if user.department_id in selling]
    return Staff(sellers, [user for user in everybody if user.department == departments[SELLING]], everybody)


def _roles(change: ChangeWriter) -> dict[str, Role]:
    return {
        "seller": _role("销售", OWN, SALES & ~Q(permission__contains=".assign_"), change),
        "head": _role("销售主管", REPORTS, SALES | KEEPING | REPORTING, change),
        "clerk": _role("客服", ALL, READING | SERVICE, change, masks=[FieldClass.PHONE.value, FieldClass.AMOUNT.value]),
        "director": _role("高管", ALL, SALES | SERVICE | KEEPING | REPORTING, change),
    }


def _role(name: str, scope: str, granted: Q, change: ChangeWriter, **fields: Any) -> Role:
    role = change.create(Role, name=name, scope=scope, **fields)
    change.relate(role, "grants", MenuItem.objects.in_use().filter(granted))
    return role


def _person(
    number: int, dice: Random, departments: list[Department], roles: dict[str, Role], change: ChangeWriter
) -> User:
    """One person; the first of each department leads it."""
    department = departments[number % len(departments)]
    leads = number <= len(departments)
    user = change.create(
        User,
        username=f"user{number:03}",
        real_name=person_name(dice),
        phone=mobile(dice),
        department=department,
        password="!",  # nosec B106 - no password at all
    )
    change.relate(user, "roles", [roles[_role_of(department, leads)]])
    if leads:
        change.relate(user, "leads", [department])
    return user


def _role_of(department: Department, leads: bool) -> str:
    if department.name == "总经办":
        return "director"
    if department.name == "客户服务部":
        return "clerk"
    return "head" if leads else "seller"
