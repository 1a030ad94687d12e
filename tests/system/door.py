"""Signing in through the door, as a browser does it."""

from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client

from guanxi.accounts.models import User
from tests import cast

PASSWORD = "a-long-enough-sentence-7"


def make_person(username: str = "lisiyuan", *permissions: str, **fields: Any) -> User:
    """A user who can sign in with `PASSWORD`."""
    return cast.make_user(username, *permissions, **{"password": make_password(PASSWORD), **fields})


def knock(client: Client, username: str = "lisiyuan", password: str = PASSWORD, **more: Any) -> Any:
    """Send the sign-in form."""
    path = more.pop("path", "/login/")
    headers = more.pop("headers", {})
    return client.post(path, {"username": username, "password": password, **more}, headers=headers)


def key_of(client: Client) -> str:
    """The session's key in the browser's cookie."""
    cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
    return cookie.value if cookie else ""
