"""The start page and the search over everything."""

from django.urls import path

from guanxi.web.home import home
from guanxi.web.searching import search_page

app_name = "web"
urlpatterns = [
    path("", home, name="home"),
    path("search/", search_page, name="search"),
]
