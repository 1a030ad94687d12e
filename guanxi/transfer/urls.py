"""The addresses of imports."""

from django.urls import path

from guanxi.transfer import pages
from guanxi.transfer.resources import ImportResource
from guanxi.web.addresses import addresses

app_name = "transfer"
urlpatterns = [
    path("imports/new/", pages.new, name="import-new"),
    path("imports/sample/<slug:name>/", pages.sample, name="import-sample"),
    path("imports/<int:pk>/match/", pages.match, name="import-match"),
    path("imports/<int:pk>/wizard/", pages.wizard, name="import-wizard"),
    path("imports/<int:pk>/start/", pages.start, name="import-start"),
    path("imports/<int:pk>/refused/", pages.refused, name="import-refused"),
    *addresses(ImportResource),
]
