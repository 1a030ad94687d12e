"""The page of the loss scan: start one, follow it, read the reports."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guanxi.jobs.models import UNFINISHED, Job
from guanxi.retention.forms import ScanForm
from guanxi.retention.models import SCAN, LossScan
from guanxi.retention.queries import loss_rule
from guanxi.retention.tasks import scan
from guanxi.web.acts import is_fragment, moved, require
from guanxi.web.jinja import render_block, render_page

REPORTS = 20
KEY = "by hand"


@require_http_methods(["GET", "POST"])
def scans(request: HttpRequest) -> HttpResponse:
    """GET: the rule, a running scan and the latest reports; POST: start a scan unless one is under way."""
    require(request, SCAN)
    form = ScanForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _start(request, dry_run=form.cleaned_data["dry_run"])
    context = {
        "form": form,
        "rule": loss_rule(),
        "running": running(),
        "reports": LossScan.objects.select_related("by").order_by("-at", "-pk")[:REPORTS],
        "crumbs": [(_("Loss cases"), reverse("retention:losscase-list")), (_("Loss scan"), "")],
    }
    if is_fragment(request):
        return render_block(request, "retention/scans.html", "state", context)
    return render_page(request, "retention/scans.html", context)


def running() -> Job | None:
    """The scan that waits or is under way, if any."""
    found: Job | None = Job.objects.filter(task=scan.name, state__in=UNFINISHED).order_by("pk").first()
    return found


def _start(request: HttpRequest, *, dry_run: bool) -> HttpResponse:
    here = reverse("retention:scans")
    if running() is not None:
        return moved(request, here, _("A scan is under way already."))
    user: Any = request.user
    scan.enqueue({"dry_run": dry_run}, key=KEY, owner=user)
    return moved(request, here, _("The scan has begun."))
