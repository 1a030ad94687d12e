"""在线会话: who is signed in, where from, with which browser."""

from collections.abc import Collection
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.accounts import actions
from guanxi.accounts.models import Session
from guanxi.web.declarations import Action
from guanxi.web.labels import label_source
from guanxi.web.registry import register
from guanxi.web.resource import Resource


@register
class SessionResource(Resource):
    """The live sessions of everybody; one may be ended."""

    model = Session
    directory = "system"
    code = "6110"
    icon = "device-desktop"
    place = 70
    path = "sessions"
    columns = ["user", "last_seen", "address", "agent", "created_at", "remembered"]
    kinds = {"address": "code", "agent": "agent"}
    sorts = ["last_seen"]
    sort = "-last_seen"
    filters = ["user", "remembered", "last_seen"]
    title = "address"
    actions = [
        Action(
            "end",
            actions.end_session_of,
            _("End the session"),
            icon="logout",
            danger=True,
            primary=True,
            when=lambda session: True,
            confirm=_("This browser is signed out at once; what was being typed there is kept until they sign in."),
        )
    ]
    meta = ["user", "address", "last_seen"]
    details = [(_("Session"), ["user", "created_at", "last_seen", "expires_at", "address", "agent", "remembered"])]

    def rows(self, user: Any) -> Any:
        """Those that are not over."""
        return Session.objects.visible_to(user).live(timezone.now())


def _sessions(ids: Collection[int]) -> dict[int, tuple[str, str]]:
    rows = Session.objects.filter(pk__in=ids).select_related("user")
    return {row.pk: (str(row), "") for row in rows}


label_source(Session, _sessions)
