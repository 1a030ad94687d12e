from django.apps import AppConfig


class TransferConfig(AppConfig):
    name = "guanxi.transfer"
    label = "transfer"
