from django.apps import AppConfig


class SystemConfig(AppConfig):
    name = "guanxi.system"
    label = "system"
