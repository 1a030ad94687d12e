from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "guanxi.retention"
    label = "retention"
