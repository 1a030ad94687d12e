"""What every page knows: the user, the menu, the language, the theme."""

from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guanxi.accounts.models import Notice
from guanxi.parameters.company import SHORT_NAME
from guanxi.parameters.registry import Setting
from guanxi.web.menu import menu_key, menu_of
from guanxi.web.person import person_context

BELL_CAP = 100
IS_DEMO = Setting("web.demo", default=False, label=_("Demo company"), shown=False)


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context of the shell; a stranger gets no menu."""
    user: Any = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    language = get_language() or ""
    menu = menu_of(request) if signed_in else []
    return {
        "user": user,
        "menu": menu,
        "menu_key": menu_key(request, menu) if signed_in else None,
        "lang": "en" if language.startswith("en") else "zh-Hans",
        "theme": getattr(user, "theme", "") or "",
        "density": getattr(user, "density", "") or "normal",
        "shortcuts": "on" if getattr(user, "shortcuts", True) else "off",
        "csrf_token": get_token(request),
        "demo": IS_DEMO.read(),
        "company": SHORT_NAME.read() or _("Guanxi"),
        "bell_count": _unread(user) if signed_in else 0,
        **person_context(user if signed_in else None),
    }


def _unread(user: Any) -> int:
    """How many notices wait, a hundred at most."""
    return len(Notice.objects.visible_to(user).unread().values_list("pk", flat=True)[:BELL_CAP])
