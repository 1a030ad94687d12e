"""Signing in through the door, as a browser does it."""

import html
import re
from datetime import timedelta
from typing import Any

import pyotp
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone

from guanxi.accounts import second_factor
from guanxi.accounts.codes import seal
from guanxi.accounts.models import Session, User
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


def is_in(client: Client) -> bool:
    """Whether the start page opens."""
    return client.get("/").status_code == 200


def text_of(answer: Any) -> str:
    """A page as people read it, without entities."""
    return html.unescape(answer.content.decode())


def hidden(text: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found, name
    return found[1]


SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
RECOVERY = ["aaaa-bbbb-cccc", "dddd-eeee-ffff"]


def guard_by_codes(user: User, secret: str = SECRET) -> None:
    """Turn two-factor codes of this secret on, with two recovery codes."""
    sealed = seal(user, secret, at=timezone.now())
    second_factor.keep(user, sealed=sealed, step=0, codes=RECOVERY, at=timezone.now())


def code_of(secret: str = SECRET, *, steps: int = 0) -> str:
    """What an app shows now, or so many steps of 30 seconds later."""
    return pyotp.TOTP(secret.replace(" ", "")).at(timezone.now(), counter_offset=steps)


def enter(client: Client, code: str | None = None, **more: Any) -> Any:
    """Send the form of the second step."""
    headers = more.pop("headers", {})
    return client.post("/login/code/", {"code": code_of() if code is None else code, **more}, headers=headers)


def wait_long(user: User) -> None:
    """Let the last proof in each of a user's sessions be too old."""
    Session.objects.filter(user=user).update(proved_at=timezone.now() - timedelta(minutes=16))
