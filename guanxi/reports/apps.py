from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "guanxi.reports"
    label = "reports"
