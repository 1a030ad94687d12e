"""The addresses of reports: an index, and for each report its page, its counting in the background, its file."""

from django.urls import path

from guanxi.reports import pages
from guanxi.reports.report import reports

app_name = "reports"
urlpatterns = [
    path("", pages.index, name="index"),
    *(path(f"{name}/", pages.page, {"name": name}, name=name) for name in reports),
    *(path(f"{name}/count/", pages.count, {"name": name}, name=f"{name}-count") for name in reports),
    *(path(f"{name}/export/", pages.export, {"name": name}, name=f"{name}-export") for name in reports),
]
