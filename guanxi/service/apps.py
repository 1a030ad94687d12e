from django.apps import AppConfig


class ServiceConfig(AppConfig):
    name = "guanxi.service"
    label = "service"
