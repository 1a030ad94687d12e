"""The settings of imports that administrators change."""

from django.utils.translation import gettext_lazy as _

from guanxi.parameters.registry import Setting, group_settings

UPLOAD_MEGABYTES = Setting(
    "transfer.upload_megabytes",
    50,
    label=_("Largest file that is imported by page, in MB"),
    hint=_("Larger ones are imported on the server: guanxi import customers FILE."),
    lowest=1,
    highest=2_000,
)
FILE_DAYS = Setting(
    "transfer.file_days",
    30,
    label=_("Days that imported files and refused rows are kept"),
    hint=_("Afterwards only the figures of an import remain."),
    lowest=1,
    highest=365,
)

group_settings("transfer", _("Imports"))
