"""Reads about users."""

from typing import Any

from guanxi.accounts.models import User

GRANT = "access.grant_role"


def as_stored(user: Any) -> User:
    """The signed-in user as the database holds them now."""
    found: User = User.objects.visible_to(user).get(pk=user.pk)
    return found


def granters(most: int) -> list[str]:
    """The names of some who grant rights to roles, those first who have been here longest."""
    return [str(user) for user in User.objects.holding(GRANT).order_by("pk")[:most]]
