from django.apps import AppConfig


class ParametersConfig(AppConfig):
    name = "guanxi.parameters"
    label = "parameters"
