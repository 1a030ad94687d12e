from django.apps import AppConfig


class DictionaryConfig(AppConfig):
    name = "guanxi.dictionary"
    label = "dictionary"
