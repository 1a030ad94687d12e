from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "guanxi.jobs"
    label = "jobs"
