"""Reads about users."""

from typing import Any

from guanxi.accounts.models import User


def as_stored(user: Any) -> User:
    """The signed-in user as the database holds them now."""
    found: User = User.objects.visible_to(user).get(pk=user.pk)
    return found
