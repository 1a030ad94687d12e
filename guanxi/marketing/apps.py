from django.apps import AppConfig


class MarketingConfig(AppConfig):
    name = "guanxi.marketing"
    label = "marketing"
