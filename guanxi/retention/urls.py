"""The addresses of retention."""

from django.urls import path

from guanxi.retention.resources import LossCaseResource, MeasureResource, ThresholdResource
from guanxi.retention.scans import scans
from guanxi.web.addresses import addresses

app_name = "retention"
urlpatterns = [
    *addresses(LossCaseResource),
    *addresses(MeasureResource),
    *addresses(ThresholdResource),
    path("scans/", scans, name="scans"),
]
