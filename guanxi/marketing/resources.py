"""The pages of sale chances and development plans."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Customer
from guanxi.kernel.days import company_day
from guanxi.marketing import actions, forms, queries
from guanxi.marketing.models import DEVELOP, DevelopmentPlan, SaleChance
from guanxi.web.cells import Deadline
from guanxi.web.declarations import Action, Kpi, ListView, Panel
from guanxi.web.formats import day, full_day, money, percent
from guanxi.web.panels import part_panel
from guanxi.web.registry import panel, register
from guanxi.web.resource import Resource

STAGE_TONES = {"new": "mut", "developing": "info", "won": "ok", "lost": "bad"}
Stage = SaleChance.Stage


def _open_plans(chance: Any) -> list[DevelopmentPlan]:
    return list(DevelopmentPlan.objects.open().filter(chance=chance).order_by("planned_on", "pk"))


DEVELOPING = [
    Action(
        "win",
        actions.win_chance,
        _("Win"),
        form=forms.WinForm,
        icon="trophy",
        primary=True,
        permission=DEVELOP,
        template="marketing/win.html",
        context=lambda request, chance: {"open_plans": _open_plans(chance)},
        done=_("Won: the customer is there."),
    ),
    Action(
        "lose",
        actions.lose_chance,
        _("Lose"),
        form=forms.LoseForm,
        icon="circle-x",
        primary=True,
        danger=True,
        permission=DEVELOP,
    ),
    Action(
        "reopen",
        actions.reopen_chance,
        _("Reopen"),
        icon="refresh",
        permission=DEVELOP,
        confirm=_("The chance is in development again, by the same salesperson."),
    ),
]
"""The verbs of whoever develops a chance."""


class ChanceResource(Resource):
    """What the two menus on chances share."""

    model = SaleChance
    kinds = {"number": "code", "success_rate": "percent", "description": "long"}
    tones = {"stage": STAGE_TONES}
    deadlines = {"expected_on": Deadline("stage", {SaleChance.Stage.NEW, SaleChance.Stage.DEVELOPING})}
    sorts = ["created_at", "success_rate", "expected_amount", "expected_on", "assigned_at"]
    exports = True
    filters = [
        "stage",
        "source",
        "assigned_to",
        "success_rate",
        "expected_amount",
        "expected_on",
        "created_at",
    ]
    further_filters = ["closed_at"]
    searchable = True
    search_hint = _("Customer, contact, phone, pinyin")
    title = "customer_name"
    head = ["stage", "source"]
    meta = ["number", "customer", "contact_name", "contact_phone", "assigned_to"]
    details = [
        (
            _("Chance"),
            ["customer_name", "customer", "source", "success_rate", "expected_amount", "expected_on", "summary"],
        ),
        (_("Contact"), ["contact_name", "contact_phone", "contact_wechat", "contact_email"]),
        (_("Description"), ["description"]),
        (
            _("Development"),
            [
                "stage",
                "assigned_to",
                "assigned_at",
                "closed_at",
                "lose_reason",
                "lose_note",
                "created_by",
                "created_at",
            ],
        ),
    ]
    hide_empty = frozenset({"closed_at", "lose_reason", "lose_note"})
    record_template = "marketing/chance.html"

    def editable(self, record: Any) -> bool:
        """Until it is closed."""
        return record.stage in {Stage.NEW, Stage.DEVELOPING}

    def kpis(self, request: HttpRequest, record: Any) -> list[Kpi]:
        """What it may bring, and when."""
        return [
            Kpi(_("Success rate"), percent(record.success_rate)),
            Kpi(_("Expected amount"), money(record.expected_amount), masked_by="amount"),
            Kpi(_("Expected closing date"), full_day(record.expected_on)),
            Kpi(_("Assigned at"), day(record.assigned_at)),
        ]


@register
class SaleChanceResource(ChanceResource):
    """营销机会管理."""

    directory = "marketing"
    code = "1010"
    codes = {"view": "101001", "create": "101002", "bin": "101003", "edit": "101004"}
    icon = "target-arrow"
    place = 10
    path = "chances"
    columns = [
        "customer_name",
        "number",
        "stage",
        "source",
        "success_rate",
        "expected_amount",
        "contact_name",
        "contact_phone",
        "assigned_to",
        "created_at",
    ]
    more_columns = [
        "summary",
        "customer",
        "expected_on",
        "assigned_at",
        "created_by",
        "contact_wechat",
        "contact_email",
        "lose_reason",
        "closed_at",
    ]
    views = [
        ListView("mine", _("Mine"), lambda rows, user: rows.filter(assigned_to=user)),
        ListView("waiting", _("Waiting for assignment"), lambda rows, user: queries.unassigned(rows), hot=True),
        ListView("developing", _("In development"), lambda rows, user: rows.filter(stage=Stage.DEVELOPING)),
    ]
    board = "stage"
    board_sum = "expected_amount"
    board_card = ["summary", "success_rate", "expected_amount", "source", "created_at", "assigned_to"]
    empty_text = _("Record an inquiry: who asks, how to reach them, what it may bring.")

    form = forms.SaleChanceForm
    create = actions.create_chance
    edit = actions.edit_chance
    bin = actions.bin_chance
    restore = actions.restore_chance
    actions = [
        *DEVELOPING[:2],
        Action(
            "assign",
            actions.assign_chance,
            _("Assign"),
            form=forms.AssignForm,
            icon="user-plus",
            bulk=True,
            primary=True,
            done=_("Assigned."),
        ),
        Action("unassign", actions.unassign_chance, _("Take back"), form=forms.UnassignForm, icon="user-minus"),
        *DEVELOPING[2:],
    ]
    api_fields = [
        "number",
        "customer_name",
        "customer",
        "source",
        "success_rate",
        "expected_amount",
        "expected_on",
        "summary",
        "description",
        "contact_name",
        "contact_phone",
        "contact_wechat",
        "contact_email",
        "stage",
        "assigned_to",
        "assigned_at",
        "lose_reason",
        "lose_note",
        "closed_at",
        "created_by",
        "created_at",
        "updated_at",
    ]


@register
class DevelopmentResource(ChanceResource):
    """客户开发计划: the assigned chances, to plan and carry out their development."""

    noun = "development"
    directory = "marketing"
    code = "1020"
    codes = {"develop": "102001"}
    rights = {"develop": _("Develop")}
    label = _("Development plans")
    icon = "calendar-event"
    place = 20
    path = "development"
    columns = [
        "customer_name",
        "number",
        "stage",
        "summary",
        "success_rate",
        "expected_amount",
        "expected_on",
        "contact_name",
        "contact_phone",
        "assigned_to",
    ]
    more_columns = ["source", "assigned_at", "created_at", "contact_wechat", "contact_email", "lose_reason"]
    sort = "-assigned_at"
    views = [
        ListView("mine", _("Mine"), lambda rows, user: rows.filter(assigned_to=user)),
        ListView("developing", _("In development"), lambda rows, user: rows.filter(stage=Stage.DEVELOPING)),
        ListView("won", _("Won"), lambda rows, user: rows.filter(stage=Stage.WON)),
        ListView("lost", _("Lost"), lambda rows, user: rows.filter(stage=Stage.LOST)),
    ]
    actions = DEVELOPING
    empty_text = _("Chances that are assigned appear here, to be planned and developed.")
    list_template = "marketing/development_list.html"

    def list_context(self, request: HttpRequest) -> Mapping[str, Any]:
        """One's open plan items by date, above the chances."""
        today = company_day(timezone.now())
        due = queries.due_plans(request.user, today=today)
        return {"card_context": {"due": due, "next": request.get_full_path()}}

    def permission(self, verb: str) -> str:
        """Whoever develops may open this list."""
        return DEVELOP if verb == "view" else super().permission(verb)

    def rows(self, user: Any) -> Any:
        """The assigned chances within reach."""
        return SaleChance.objects.visible_to(user).assigned()


@register
class PlanResource(Resource):
    """The steps of a chance's development."""

    model = DevelopmentPlan
    under = "marketing.development"
    path = "plans"
    icon = "checklist"
    columns = ["item", "chance", "planned_on", "effect", "done_at"]
    more_columns = ["created_by", "created_at"]
    sorts = ["planned_on"]
    sort = "-planned_on"
    filters = ["planned_on"]
    parent = "chance"
    form = forms.PlanForm
    create = actions.create_plan
    edit = actions.edit_plan
    bin = actions.bin_plan
    restore = actions.restore_plan
    actions = [
        Action(
            "finish",
            actions.finish_plan,
            _("Mark done"),
            form=forms.FinishPlanForm,
            icon="check",
            primary=True,
            permission=DEVELOP,
            when=lambda plan: plan.done_at is None,
        ),
    ]
    details = [(_("Plan item"), ["item", "chance", "planned_on", "effect", "done_at", "created_by", "created_at"])]
    empty_text = _("Plan the first step: what, and by when.")
    api_fields = [
        "chance",
        "item",
        "planned_on",
        "effect",
        "done_at",
        "created_by",
        "created_at",
        "updated_at",
    ]

    def editable(self, record: Any) -> bool:
        """While its chance is being developed."""
        return self.goes_with(record.chance)

    def goes_with(self, whole: Any) -> bool:
        """A chance that is being developed."""
        return bool(whole.stage == Stage.DEVELOPING)

    def permission(self, verb: str) -> str:
        """Plans are made and carried out by whoever develops chances."""
        return SaleChanceResource.instance.permission("view") if verb == "view" else DEVELOP


def _plans(request: HttpRequest, record: Any) -> Mapping[str, Any]:
    user: Any = request.user
    query = urlencode({"chance": record.pk, "next": request.path})
    return {
        "plans": queries.plans_of(record),
        "today": company_day(timezone.now()),
        "may_develop": user.has_perm(DEVELOP),
        "new_url": f"{PlanResource.instance.url('create')}?{query}" if user.has_perm(DEVELOP) else "",
    }


panel(SaleChance, Panel("plans", _("Development plans"), "marketing/panel_plans.html", _plans, place=10))
part_panel(Customer, SaleChanceResource.instance, place=70, field="customer")
