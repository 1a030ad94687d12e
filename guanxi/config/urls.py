"""Every app's addresses, in one place."""

from importlib.util import find_spec

from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, include, path

from guanxi.system.health import healthz

# An app without pages has no urls module; the order is that of the menu.
APPS = {
    "web": "",
    "customers": "customers/",
    "marketing": "marketing/",
    "service": "service/",
    "retention": "retention/",
    "reports": "reports/",
    "transfer": "transfer/",
    "dictionary": "dictionary/",
    "system": "system/",
    "api": "",
}


@login_not_required
def favicon(request: HttpRequest) -> HttpResponseRedirect:
    """Send browsers that guess to where the icon is."""
    return HttpResponseRedirect(staticfiles_storage.url("guanxi/favicon.svg"))


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("favicon.ico", favicon, name="favicon"),
    path("", include("guanxi.system.account_urls")),
    *(
        path(prefix, include(f"guanxi.{app}.urls"))
        for app, prefix in APPS.items()
        if find_spec(f"guanxi.{app}.urls") is not None
    ),
]

handler400 = "guanxi.config.errors.bad_request"
handler403 = "guanxi.config.errors.forbidden"
handler404 = "guanxi.config.errors.not_found"
handler500 = "guanxi.config.errors.server_error"
