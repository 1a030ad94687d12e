"""The search over everything, the style guide."""

from django.urls import path

from guanxi.web.searching import search_page
from guanxi.web.styleguide import styleguide, styleguide_options

app_name = "web"
urlpatterns = [
    path("search/", search_page, name="search"),
    path("styleguide/", styleguide, name="styleguide"),
    path("styleguide/options/", styleguide_options, name="styleguide-options"),
]
