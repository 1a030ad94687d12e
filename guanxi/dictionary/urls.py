"""The addresses of the dictionary; its own list comes before the shared one of the same name."""

from django.urls import path

from guanxi.dictionary.pages import DictionaryPage
from guanxi.dictionary.resources import DictionaryResource
from guanxi.web.addresses import addresses

app_name = "dictionary"
urlpatterns = [
    path("", DictionaryPage.as_view(resource=DictionaryResource.instance), name="dictionaryentry-list"),
    *addresses(DictionaryResource),
]
