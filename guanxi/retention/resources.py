"""The pages of retention: loss cases, measures, thresholds."""

from collections.abc import Collection, Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Customer
from guanxi.customers.queries import purchase_months
from guanxi.kernel.days import company_day
from guanxi.retention import actions, forms
from guanxi.retention.models import KEEP, SCAN, VIEW, LossCase, LossThreshold, ReprieveMeasure
from guanxi.system.tree import right
from guanxi.web.declarations import Action, Kpi, Link, ListView, Panel
from guanxi.web.formats import full_day, number, short_money
from guanxi.web.labels import Labels, label_source
from guanxi.web.panels import part_panel
from guanxi.web.registry import list_link, panel, register
from guanxi.web.resource import Resource

State = LossCase.State
CASE_TONES = {"open": "warn", "confirmed": "bad", "won_back": "ok"}


@register
class LossCaseResource(Resource):
    """客户流失管理."""

    model = LossCase
    directory = "customers"
    code = "2020"
    codes = {"view": "202001"}
    label = _("Loss management")
    icon = "trending-down"
    place = 20
    path = "losses"
    columns = ["customer", "state", "owner", "last_paid_at", "never_ordered", "opened_on", "reason", "confirmed_at"]
    more_columns = ["months", "note", "won_back_at", "won_back_reason", "created_at"]
    tones = {"state": CASE_TONES}
    sorts = ["created_at", "last_paid_at", "confirmed_at"]
    exports = True
    filters = ["state", "owner", "reason", "never_ordered", "last_paid_at", "opened_on", "confirmed_at"]
    further_filters = ["won_back_at", "customer__level", "owner__department"]
    searchable = True
    search_hint = _("Customer, number, pinyin")
    views = [
        ListView("open", State.OPEN.label, lambda rows, user: rows.filter(state=State.OPEN), hot=True),
        ListView("confirmed", State.CONFIRMED.label, lambda rows, user: rows.filter(state=State.CONFIRMED)),
        ListView("won-back", State.WON_BACK.label, lambda rows, user: rows.filter(state=State.WON_BACK)),
    ]
    actions = [
        Action(
            "confirm",
            actions.confirm_loss,
            _("Confirm the loss"),
            form=forms.ConfirmForm,
            icon="circle-x",
            primary=True,
            danger=True,
            permission=KEEP,
        ),
        Action(
            "win_back",
            actions.win_back,
            _("Won back"),
            form=forms.WinBackForm,
            icon="heart-handshake",
            primary=True,
            permission=KEEP,
        ),
        Action("assign", actions.assign_case, _("Assign"), form=forms.AssignForm, icon="user-share", bulk=True),
    ]
    rights = {"keep": _("Keep or give up")}
    head = ["state"]
    meta = ["customer", "owner", "opened_on", "last_paid_at", "never_ordered"]
    details = [
        (_("Loss case"), ["customer", "state", "owner", "opened_on", "months", "last_paid_at", "never_ordered"]),
        (_("Decision"), ["reason", "note", "confirmed_at", "won_back_at", "won_back_by", "won_back_reason"]),
    ]
    hide_empty = frozenset({"reason", "note", "confirmed_at", "won_back_at", "won_back_by", "won_back_reason"})
    empty_text = _("Customers that stopped buying appear here after the nightly scan.")
    api_fields = [
        "customer",
        "owner",
        "state",
        "opened_on",
        "last_paid_at",
        "never_ordered",
        "months",
        "reason",
        "note",
        "confirmed_at",
        "won_back_at",
        "won_back_by",
        "won_back_reason",
        "created_at",
        "updated_at",
    ]

    def kpis(self, request: HttpRequest, record: Any) -> list[Kpi]:
        """What is at stake."""
        customer = record.customer
        idle = (company_day(timezone.now()) - record.last_paid_at).days if record.last_paid_at else None
        return [
            Kpi(_("Last paid order"), full_day(record.last_paid_at)),
            Kpi(_("Days without a paid order"), number(idle)),
            Kpi(_("Total of paid orders"), short_money(customer.paid_total), masked_by="amount"),
            Kpi(_("Paid orders"), number(customer.paid_count)),
        ]

    def side(self, request: HttpRequest, record: Any) -> list[tuple[str, Mapping[str, Any]]]:
        """The purchases of the last two years, month by month."""
        if "amount" in self.masked(request.user):
            return []
        months = purchase_months(record.customer, until=company_day(timezone.now()))
        return [("retention/side_purchases.html", {"months": months, "most": max(total for _day, total in months)})]


@register
class MeasureResource(Resource):
    """暂缓措施."""

    model = ReprieveMeasure
    under = "retention.losscase"
    path = "measures"
    icon = "shield-check"
    columns = ["measure", "case", "planned_on", "outcome", "created_by", "created_at"]
    sorts = ["created_at", "planned_on"]
    filters = ["planned_on"]
    parent = "case"
    form = forms.MeasureForm
    create = actions.create_measure
    edit = actions.edit_measure
    bin = actions.bin_measure
    restore = actions.restore_measure
    details = [(_("Reprieve measure"), ["measure", "case", "planned_on", "outcome", "created_by", "created_at"])]
    empty_text = _("Plan what is done to keep the customer.")
    api_fields = [
        "case",
        "measure",
        "planned_on",
        "outcome",
        "created_by",
        "created_at",
        "updated_at",
    ]

    def editable(self, record: Any) -> bool:
        """While its case is on hold."""
        return self.goes_with(record.case)

    def goes_with(self, whole: Any) -> bool:
        """A case that is on hold."""
        return bool(whole.state == State.OPEN)

    def permission(self, verb: str) -> str:
        """Measures are read with their case, and taken by whoever keeps customers."""
        return VIEW if verb == "view" else KEEP


@register
class ThresholdResource(Resource):
    """Loss thresholds by level."""

    model = LossThreshold
    directory = "customers"
    code = "2030"
    icon = "adjustments"
    place = 30
    path = "thresholds"
    columns = ["level", "months", "created_at"]
    form = forms.ThresholdForm
    create = actions.create_threshold
    edit = actions.edit_threshold
    bin = actions.bin_threshold
    details = [(_("Loss threshold"), ["level", "months", "created_at"])]
    empty_text = _("Without thresholds of their own all levels follow the general rule.")


def _measures(request: HttpRequest, record: Any) -> Mapping[str, Any]:
    user: Any = request.user
    may_keep = user.has_perm(KEEP) and record.state == State.OPEN
    query = urlencode({"case": record.pk, "next": request.path})
    return {
        "measures": record.measures.in_use().select_related("created_by").order_by("-created_at", "-pk"),
        "may_keep": may_keep,
        "new_url": f"{MeasureResource.instance.url('create')}?{query}" if may_keep else "",
        "today": company_day(timezone.now()),
    }


def _scan_link(request: HttpRequest) -> Link | None:
    user: Any = request.user
    may_scan = user.has_perm(SCAN)
    return Link(_("Loss scan"), reverse("retention:scans"), "radar-2") if may_scan else None


def _names(ids: Collection[int]) -> Labels:
    cases = LossCase.objects.filter(pk__in=ids).select_related("customer")
    return {case.pk: (str(case), "") for case in cases}


def _levels(ids: Collection[int]) -> Labels:
    thresholds = LossThreshold.objects.filter(pk__in=ids).select_related("level")
    return {threshold.pk: (str(threshold), "") for threshold in thresholds}


label_source(LossCase, _names)
label_source(LossThreshold, _levels)
list_link(LossCase, _scan_link)
right(SCAN, _("Scan"), under=LossCaseResource.instance.key)
panel(LossCase, Panel("measures", _("Reprieve measures"), "retention/panel_measures.html", _measures, place=10))
part_panel(Customer, LossCaseResource.instance, place=75, field="customer")
