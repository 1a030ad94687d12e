"""What somebody who is signed in must do before anything else opens."""

from dataclasses import dataclass
from typing import Any

from guanxi.access.reach import reach_of


@dataclass(frozen=True)
class Duty:
    """The address that one is led to, and those that stay open meanwhile."""

    address: str
    open: frozenset[str]


OWN_PASSWORD = Duty("account:password", frozenset({"account:password"}))
SECOND_FACTOR = Duty("account:second-factor", frozenset({"account:second-factor", "account:prove"}))


def due_first(user: Any) -> Duty | None:
    """The own password after an issued one; then two-factor codes, where a role requires them."""
    if user.must_change_password:
        return OWN_PASSWORD
    if user.second_factor_since is None and reach_of(user).second_factor:
        return SECOND_FACTOR
    return None
