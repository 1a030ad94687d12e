"""Browsers that somebody has signed in from before: there they get in while strangers are stopped."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing

KEPT = timedelta(days=180)
MOST_PEOPLE = 8
SALT = "guanxi.accounts.devices"


@dataclass(frozen=True)
class Device:
    """One browser, by the signed cookie that it brings; `people` are the ids of those who signed in there."""

    name: str
    people: tuple[int, ...] = ()

    def knows(self, user_id: int) -> bool:
        """Whether this person has signed in here before."""
        return user_id in self.people

    def after(self, user_id: int) -> "Device":
        """The device once this person has signed in: the latest come first."""
        others = [one for one in self.people if one != user_id]
        return Device(self.name, (user_id, *others)[:MOST_PEOPLE])

    def signed(self) -> str:
        """The value of its cookie."""
        return signing.dumps([self.name, *self.people], salt=SALT, compress=True)


def cookie_name() -> str:
    """What its cookie is called."""
    return f"{settings.COOKIE_PREFIX}guanxi_device"


def new_device() -> Device:
    """A browser that nobody has signed in from."""
    return Device(secrets.token_urlsafe(12))


def read_device(cookie: str) -> Device:
    """The device of a cookie; a missing, forged or old one is a new device."""
    try:
        name, *people = signing.loads(cookie, salt=SALT, max_age=KEPT)
    except signing.BadSignature:
        return new_device()
    return Device(name, tuple(people))
