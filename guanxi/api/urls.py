"""The addresses of the API, and of the pages about its tokens."""

from django.urls import path

from guanxi.api import application, pages
from guanxi.api.resources import TokenResource
from guanxi.web.addresses import addresses

app_name = "api"
urlpatterns = [
    path(application.PREFIX, (application.addresses(), "json", "json")),
    path("account/tokens/", pages.TokensPage.as_view(), name="own"),
    path("account/tokens/new/", pages.NewTokenPage.as_view(), name="own-new"),
    path("account/tokens/<int:pk>/revoke/", pages.revoke, name="own-revoke"),
    *addresses(TokenResource),
]
