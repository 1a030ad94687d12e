from django.apps import AppConfig

from guanxi.system import checks  # noqa: F401, registers them


class SystemConfig(AppConfig):
    name = "guanxi.system"
    label = "system"
