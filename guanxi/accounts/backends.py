"""Who somebody is who gives a name and a password."""

from copy import copy
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpRequest

from guanxi.accounts.models import User
from guanxi.history.stamps import Stamped

_users: Stamped[User | None] = Stamped(5_000)


class NameOrEmail:
    """Signs in by user name or e-mail, whatever its case; an unknown name takes as long as a wrong password."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """The active user of this name with this password, or nobody."""
        if not username or not password:
            return None
        found: User | None = User.objects.named(username).first()
        if found is None:
            make_password(password)
            return None
        return found if check_password(password, found.password) and found.is_active else None

    def get_user(self, user_id: int) -> User | None:
        """The user of a session, while active, with the department that each page shows.

        Read anew after any write to users, departments or roles, though not after a mere sign-in; each request has an
        object of its own.
        """
        return copy(_users.read(User.stamp, user_id, lambda: _read(user_id)))


def _read(user_id: int) -> User | None:
    users = User.objects.in_use().filter(pk=user_id, is_active=True)
    found: User | None = users.select_related("department").first()
    return found
