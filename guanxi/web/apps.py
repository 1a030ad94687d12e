from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class WebConfig(AppConfig):
    name = "guanxi.web"
    label = "web"

    def ready(self) -> None:
        """Find what every app declares."""
        autodiscover_modules("resources", "cards")
