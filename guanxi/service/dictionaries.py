"""The dictionary types of service, with the values that a new installation begins with."""

from django.utils.translation import gettext_lazy as _

from guanxi.dictionary.registry import DictionaryType

SERVICE_TYPE = DictionaryType(
    "service_type",
    _("Service type"),
    [
        ("咨询", "Inquiry", "info"),
        ("建议", "Suggestion", "vio"),
        ("投诉", "Complaint", "bad"),
    ],
)
