"""What administrators choose about reports."""

from django.utils.translation import gettext_lazy as _

from guanxi.parameters.registry import Setting, group_settings

AT_ONCE = Setting(
    "reports.rows_at_once",
    default=300_000,
    label=_("Rows that a report counts at once"),
    hint=_(
        "A report about more rows is counted in the background and shown with its time. An order that is summed by"
        " customer counts as 4 rows, a ticket as 40, as they take so much longer."
    ),
    lowest=1_000,
    highest=10_000_000,
)

group_settings("reports", _("Reports"))
