"""Theme and density, which a browser keeps in cookies so that its first paint is right."""

from django.conf import settings
from django.http import HttpResponse

LASTS = 365 * 24 * 3600
NAMES = ("theme", "density")


def keep_looks(response: HttpResponse, *, theme: str, density: str, forget: bool = False) -> None:
    """Let this browser look as somebody chose; with `forget` what they did not choose is not this browser's either."""
    for name, value in zip(NAMES, (theme, density), strict=True):
        cookie = f"{settings.COOKIE_PREFIX}guanxi_{name}"
        if value:
            response.set_cookie(cookie, value, max_age=LASTS, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
        elif forget:
            response.delete_cookie(cookie, samesite="Lax")
