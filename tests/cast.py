"""The cast of the rule tests: an owner, a colleague, a manager, a stranger, and the clock they live by."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from typing import Any

from guanxi.access.models import Department, MenuItem, Role
from guanxi.accounts.models import User
from guanxi.history.models import Way
from guanxi.history.writer import ChangeWriter, changing

NOW = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
"""A Monday, 10:30 in Shanghai."""

_numbers = count(1)


@contextmanager
def change(verb: str = "prepare", *, by: User | None = None, at: datetime = NOW) -> Iterator[ChangeWriter]:
    """One change set as a page would open it."""
    with changing(verb, by=by, at=at, way=Way.PAGE) as writer:
        yield writer


def make_department(name: str, parent: Department | None = None) -> Department:
    """A department of this name."""
    with change() as writer:
        return writer.create(Department, name=name, parent=parent)


def make_role(*permissions: str, scope: str = "own", masks: Sequence[str] = (), holds_all: bool = False) -> Role:
    """A role that grants exactly these permissions."""
    with change() as writer:
        role = writer.create(Role, name=f"角色{next(_numbers)}", scope=scope, masks=list(masks), holds_all=holds_all)
        writer.relate(role, "grants", [_button(name, writer) for name in permissions])
    return role


def make_user(
    username: str,
    *permissions: str,
    scope: str = "own",
    department: Department | None = None,
    masks: Sequence[str] = (),
    holds_all: bool = False,
    **fields: Any,
) -> User:
    """An active user with one role of these permissions, this scope and these masks."""
    role = make_role(*permissions, scope=scope, masks=masks, holds_all=holds_all)
    with change() as writer:
        user = writer.create(
            User, **{"username": username, "real_name": username, "password": "!", "department": department, **fields}
        )
        writer.relate(user, "roles", [role])
    return user


def lead(user: User, *departments: Department) -> None:
    """Put a user at the head of these departments."""
    with change() as writer:
        writer.relate(user, "leads", departments)
    vars(user).pop("reach", None)


def _button(permission: str, writer: ChangeWriter) -> MenuItem:
    found = MenuItem.objects.filter(permission=permission).first()
    return found or writer.create(
        MenuItem,
        key=permission,
        kind=MenuItem.Kind.BUTTON,
        permission=permission,
        label_zh=permission,
        label_en=permission,
    )
