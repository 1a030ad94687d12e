"""A program that asks the API with a token, as tests see it."""

import json
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.test import Client
from django.utils import timezone

from guanxi.accounts.models import User
from guanxi.api.actions import create_token
from guanxi.api.models import Token
from guanxi.api.secrets import new_secret
from tests import cast

_numbers = count(1)


def make_token(user: User, *, scope: str = "write", expires_at: datetime | None = None) -> tuple[Token, str]:
    """A token of a user and its secret."""
    secret = new_secret()
    now = timezone.now()
    with cast.change("create", by=user, at=min(now, expires_at - timedelta(days=1)) if expires_at else now) as change:
        token = create_token(
            user=user,
            name=f"程序{next(_numbers)}",
            scope=scope,
            expires_at=expires_at or now + timedelta(days=30),
            secret=secret,
            change=change,
        )
    return token, secret


class Caller:
    """Sends JSON with a token, or with whatever else stands in `authorization`."""

    def __init__(self, secret: str = "", *, authorization: str = "", language: str = "en") -> None:
        self.client = Client(raise_request_exception=True)
        self.headers = {"Accept-Language": language} if language else {}
        if secret or authorization:
            self.headers["Authorization"] = authorization or f"Bearer {secret}"

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The answer; `If_Match="…"` and the like are further headers."""
        sent = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        kind = sent.pop("Content-Type", "application/json")
        return self.client.generic(method.upper(), f"/api{path}", data, content_type=kind, headers=sent)

    def get(self, path: str, **headers: str) -> Any:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.ask("POST", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.ask("PATCH", path, body, **headers)


def caller_of(user: User, *, scope: str = "write", language: str = "en") -> Caller:
    """A program of this user."""
    return Caller(make_token(user, scope=scope)[1], language=language)
