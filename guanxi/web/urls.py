"""The start page, the search over everything, the style guide."""

from django.urls import path

from guanxi.web.home import arrange_home, home, home_card_page
from guanxi.web.searching import search_page
from guanxi.web.styleguide import styleguide, styleguide_options

app_name = "web"
urlpatterns = [
    path("", home, name="home"),
    path("cards/<slug:card>/", home_card_page, name="home-card"),
    path("home/arrange/", arrange_home, name="home-arrange"),
    path("search/", search_page, name="search"),
    path("styleguide/", styleguide, name="styleguide"),
    path("styleguide/options/", styleguide_options, name="styleguide-options"),
]
