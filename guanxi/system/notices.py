"""The page of the bell: what the person was told, unread first, and the way to each thing."""

from typing import Any

from django.apps import apps
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guanxi.accounts.models import Notice
from guanxi.accounts.notices import KINDS, icon_of, mark_read, said
from guanxi.kernel.text import read_id
from guanxi.web.acts import is_fragment
from guanxi.web.jinja import render_block, render_page
from guanxi.web.person import person_address
from guanxi.web.registry import record_url

SHOWN = 50


@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """The latest fifty; `?show=unread` or a kind narrows them; `?before=` goes on; htmx gets the bell alone."""
    if is_fragment(request):
        return render_block(request, "web/base.html", "bell", {})
    rows = Notice.objects.visible_to(request.user).select_related("by")
    show = request.GET.get("show", "")
    if show == "unread":
        rows = rows.unread()
    elif show in {kind.key for kind in KINDS}:
        rows = rows.filter(kind=show)
    before = read_id(request.GET.get("before"))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: SHOWN + 1])
    context = {
        "notices": [(one, said(one), icon_of(one)) for one in found[:SHOWN]],
        "before": found[SHOWN - 1].pk if len(found) > SHOWN else None,
        "show": show,
        "views": [("", _("All")), ("unread", _("Unread")), *((kind.key, kind.label) for kind in KINDS)],
        "crumbs": [(_("Notifications"), "")],
    }
    return render_page(request, "system/notices.html", context)


@require_POST
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one as read, and go to what it is about."""
    notice = Notice.objects.visible_to(request.user).filter(pk=pk).first()
    if notice is None:
        raise Http404
    mark_read(Notice.objects.filter(pk=notice.pk), at=timezone.now())
    return HttpResponseRedirect(_address(notice) or reverse("account:notices"), status=303)


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything up to the newest one that was shown as read."""
    newest = read_id(request.POST.get("newest"))
    if newest is None:
        raise BadRequest
    mark_read(Notice.objects.visible_to(request.user).filter(pk__lte=newest), at=timezone.now())
    messages.success(request, _("All notifications are read."))
    return HttpResponseRedirect(reverse("account:notices"), status=303)


def _address(notice: Notice) -> str:
    """The page of the record; nothing where its app is gone."""
    try:
        model: Any = apps.get_model(notice.model)
    except LookupError:
        return ""
    return record_url(model, notice.record_id)


person_address("bell_url", "account:notices")
