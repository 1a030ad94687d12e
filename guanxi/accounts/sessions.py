"""Sessions live on the server: whose they are, since when, from where. What is ended here is over at once."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.utils import timezone

from guanxi.accounts.models import Session
from guanxi.accounts.parameters import SESSION_HOURS

LAST_USE_KEPT = timedelta(minutes=5)
"""The last use is written no oftener than this."""
FACTS = ("created_at", "last_seen", "address", "agent", "remembered", "proved_at")


def fingerprint(key: str) -> str:
    """What the database knows of a session's key: whoever reads a backup cannot sign in with it."""
    return hashlib.sha256(key.encode()).hexdigest()


def end_sessions_of(user: Any, *, apart_from: str = "") -> int:
    """End every session of a user but the one of this key; returns how many that were still live were ended."""
    mine = Session.objects.filter(user=user).exclude(key_hash=fingerprint(apart_from))
    live = mine.live(timezone.now()).count()
    mine.delete()
    return live


def end_session(user: Any, key_hash: str) -> bool:
    """End one session of a user; tells whether there was one."""
    ended, _models = Session.objects.of(user).filter(key_hash=key_hash).delete()
    return bool(ended)


def end_this(session: Session) -> None:
    """End a session, whoever's it is; one that is over already stays over."""
    Session.objects.filter(pk=session.pk).delete()


class SessionStore(SessionBase):
    """Django's sessions, kept in our own rows under the hash of their key."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self.facts: dict[str, Any] = {}

    def describe(self, *, address: str, agent: str, remembered: bool, at: datetime) -> None:
        """Say where from and when somebody signed in; kept with the next save."""
        self.facts = {
            "created_at": at,
            "last_seen": at,
            "address": address[:45],
            "agent": agent[:300],
            "remembered": remembered,
            "proved_at": at,
        }

    def load(self) -> dict[str, Any]:
        """What the session holds, or nothing if it is over."""
        mine = Session.objects.live(timezone.now()).filter(key_hash=fingerprint(self.session_key or ""))
        found = next(iter(mine), None)  # a hash is unique: nothing is to be put in order
        if found is None:
            self._session_key = None
            return {}
        self.facts = {name: getattr(found, name) for name in FACTS}
        data: dict[str, Any] = self.decode(found.data)
        return data

    def is_signed_in(self) -> bool:
        """Whether somebody is signed in by this key, without reading what the session holds."""
        live = Session.objects.live(timezone.now()).filter(key_hash=fingerprint(self.session_key or ""))
        return bool(live.filter(user__isnull=False).exists())

    def exists(self, session_key: str) -> bool:
        """Whether there is a session of this key."""
        return bool(Session.objects.filter(key_hash=fingerprint(session_key)).exists())

    def create(self) -> None:
        """Begin under a key that is free."""
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]  # not in Django's stubs
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        """Keep what the session holds; raises UpdateError if it was ended meanwhile: it does not come back."""
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # not in Django's stubs
        key_hash = fingerprint(self.session_key)
        row = {
            "data": self.encode(data),
            "expires_at": self.get_expiry_date(),
            "user_id": int(data[SESSION_KEY]) if SESSION_KEY in data else None,
            **self.facts,
        }
        if must_create:
            self._insert(key_hash, row)
        elif not Session.objects.filter(key_hash=key_hash).update(**row):
            raise UpdateError

    def _insert(self, key_hash: str, row: dict[str, Any]) -> None:
        try:
            with transaction.atomic():
                Session.objects.create(key_hash=key_hash, **row)
        except IntegrityError:
            raise CreateError from None

    def delete(self, session_key: str | None = None) -> None:
        """End the session."""
        key = session_key or self.session_key
        if key:
            Session.objects.filter(key_hash=fingerprint(key)).delete()

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        """When it ends: use prolongs it up to a fixed time after the sign-in; a remembered one has its day already."""
        end: datetime = super().get_expiry_date(**kwargs)
        began: datetime | None = self.facts.get("created_at")
        if began is None or self.facts.get("remembered"):
            return end
        return min(end, began + timedelta(hours=SESSION_HOURS.read()))

    def touch(self, at: datetime, address: str) -> None:
        """Keep that the session is in use, at most every five minutes."""
        if SESSION_KEY not in self or at - self.facts.get("last_seen", at) < LAST_USE_KEPT:
            return
        self.facts |= {"last_seen": at, "address": address[:45]}
        row = {"last_seen": at, "address": address[:45], "expires_at": self.get_expiry_date(modification=at)}
        Session.objects.filter(key_hash=fingerprint(self.session_key or "")).update(**row)

    def proved_at(self) -> datetime | None:
        """When whoever sits here last proved who they are."""
        self._get_session()  # type: ignore[attr-defined]  # not in Django's stubs
        return self.facts.get("proved_at")

    def prove(self, at: datetime) -> None:
        """Keep that whoever sits here proved who they are."""
        self.facts |= {"proved_at": at}
        Session.objects.filter(key_hash=fingerprint(self.session_key or "")).update(proved_at=at)

    @classmethod
    def clear_expired(cls) -> None:
        """Forget the sessions that are over."""
        Session.objects.filter(expires_at__lte=timezone.now()).delete()
