"""The place of reports in the resource tree."""

from django.utils.translation import gettext_lazy as _

from guanxi.reports import parameters  # noqa: F401, declares what administrators choose
from guanxi.reports.kinds import composition, contribution, losses, service  # noqa: F401, declare the reports
from guanxi.reports.report import reports
from guanxi.system.tree import right, screen

for one in sorted(reports.values(), key=lambda report: report.place):
    screen(
        f"reports.{one.name}",
        one.label,
        directory="reports",
        code=one.code,
        permission=one.permission,
        icon=one.icon,
        url=f"reports:{one.name}",
        place=one.place,
    )
    right(one.export_permission, _("Export"), under=f"reports.{one.name}")
