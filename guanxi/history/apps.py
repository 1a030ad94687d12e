from django.apps import AppConfig


class HistoryConfig(AppConfig):
    name = "guanxi.history"
    label = "history"
