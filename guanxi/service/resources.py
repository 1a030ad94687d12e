"""The pages of service: one ticket behind five menus, one for each step."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Customer
from guanxi.customers.stars import StarsFilter
from guanxi.service import actions, forms, queries
from guanxi.service.models import ARCHIVE, ASSIGN, FEEDBACK, PROCESS, CalendarDay, ServiceTarget, ServiceTicket
from guanxi.service.parameters import ROUNDS
from guanxi.web.cells import Deadline, cell_kind
from guanxi.web.declarations import Action, Kpi, ListView, Panel
from guanxi.web.formats import moment
from guanxi.web.labels import Labels, label_source
from guanxi.web.panels import part_panel
from guanxi.web.registry import panel, register
from guanxi.web.resource import Resource

Step = ServiceTicket.Step
STEP_TONES = {"created": "mut", "assigned": "pri", "processed": "vio", "fed_back": "info", "archived": "ok"}


def _may_be_given_up(ticket: Any) -> bool:
    return bool(ticket.step == Step.ASSIGNED and ticket.low_rounds >= ROUNDS)


ASSIGNING = Action(
    "assign",
    actions.assign_ticket,
    _("Assign"),
    form=forms.AssignForm,
    icon="user-plus",
    primary=True,
    bulk=True,
    template="service/assign.html",
    done=_("Assigned."),
)
RETURNING = Action(
    "return", actions.return_ticket, _("Give back"), form=forms.ReturnForm, icon="arrow-back-up", permission=ASSIGN
)
PROCESSING = Action(
    "process",
    actions.process_ticket,
    _("Handle"),
    form=forms.ProcessForm,
    icon="tool",
    primary=True,
    done=_("Handled."),
)
FEEDING_BACK = Action(
    "feedback",
    actions.feedback_ticket,
    _("Feedback"),
    form=forms.FeedbackForm,
    icon="star",
    primary=True,
    template="service/feedback.html",
)
ARCHIVING = Action(
    "archive",
    actions.archive_ticket,
    _("Archive"),
    icon="archive",
    primary=True,
    done=_("Archived."),
)
CLOSING = Action(
    "close",
    actions.close_ticket,
    _("Archive unsolved"),
    form=forms.CloseForm,
    icon="archive-off",
    primary=True,
    danger=True,
    when=_may_be_given_up,
    done=_("Archived."),
)


class TicketResource(Resource):
    """What the five menus share."""

    model = ServiceTicket
    directory = "service"
    kinds = {"number": "code", "request_text": "long", "handling": "long", "satisfaction": "stars"}
    tones = {"step": STEP_TONES}
    deadlines = {"assign_by": Deadline("step", {Step.CREATED}), "handle_by": Deadline("step", {Step.ASSIGNED})}
    columns = ["overview", "number", "customer", "kind", "step", "assigned_to", "handle_by", "assign_by", "created_at"]
    more_columns = ["created_by", "assigned_at", "handled_by", "handled_at", "satisfaction", "archived_at"]
    sorts = ["created_at", "handle_by", "archived_at"]
    exports = True
    filters = ["step", "kind", "assigned_to", "satisfaction", "created_at"]
    further_filters = ["assigned_to__department"]
    filter_kinds = {"satisfaction": StarsFilter}
    searchable = True
    search_hint = _("Overview, customer, number")
    title = "overview"
    head = ["kind", "step"]
    meta = ["number", "customer", "created_by", "created_at"]
    details = [
        (_("Request"), ["customer", "kind", "overview", "request_text", "created_by", "created_at"]),
        (_("Handling"), ["assigned_to", "assigned_at", "handle_by", "handling", "handled_by", "handled_at"]),
        (_("Feedback"), ["result", "satisfaction", "fed_back_at", "archived_at", "archive_reason"]),
    ]
    hide_empty = frozenset({"archive_reason", "handle_by"})
    record_template = "service/ticket.html"
    actions = [PROCESSING, ASSIGNING, FEEDING_BACK, ARCHIVING, CLOSING, RETURNING]
    """On each menu's page of a ticket all that one may do: after one step the next one follows there."""

    def offered(self, user: Any, record: Any) -> list[Action]:
        """Handling is offered to nobody but the one whom the ticket is assigned to."""
        mine = record.assigned_to_id == user.pk
        return [action for action in super().offered(user, record) if mine or action is not PROCESSING]

    def editable(self, record: Any) -> bool:
        """Until it is handled."""
        return record.step in {Step.CREATED, Step.ASSIGNED}

    def kpis(self, request: HttpRequest, record: Any) -> list[Kpi]:
        """When it must be done, and whether that was kept."""
        due = record.assign_by if record.step == Step.CREATED else record.handle_by
        if due is None or record.step == Step.ARCHIVED:
            return []
        note = str(_("late")) if queries.is_late(record, timezone.now()) else ""
        return [Kpi(_("Time limit"), moment(due), note)]


@register
class ServiceTicketResource(TicketResource):
    """服务创建: everybody's door to the tickets within reach."""

    code = "3010"
    codes = {"create": "301001"}
    label = _("Service creation")
    icon = "headset"
    place = 10
    path = "tickets"
    filters = [*TicketResource.filters, "handled_at", "archived_at"]
    views = [
        ListView("mine", _("Created by me"), lambda rows, user: rows.filter(created_by=user)),
        ListView("late", _("Late"), lambda rows, user: queries.late(rows, timezone.now()), hot=True),
    ]
    board = "step"
    board_card = ["customer", "kind", "assigned_to", "handle_by"]
    form = forms.TicketForm
    create = actions.create_ticket
    edit = actions.edit_ticket
    bin = actions.bin_ticket
    restore = actions.restore_ticket
    create_label = _("New ticket")
    empty_text = _("Take down what a customer asks for, suggests or complains of.")
    api_fields = [
        "number",
        "customer",
        "kind",
        "overview",
        "request_text",
        "step",
        "assigned_to",
        "assigned_at",
        "assign_by",
        "handle_by",
        "handling",
        "handled_by",
        "handled_at",
        "result",
        "satisfaction",
        "fed_back_at",
        "archived_at",
        "archive_reason",
        "created_by",
        "created_at",
        "updated_at",
    ]


class StepResource(TicketResource):
    """A menu for one step: who may take it sees the tickets that wait for it."""

    opens = ""
    waits: tuple[str, ...] = ()

    def permission(self, verb: str) -> str:
        """Whoever takes the step may open its menu."""
        return self.opens if verb == "view" else super().permission(verb)

    def rows(self, user: Any) -> Any:
        """The tickets within reach that stand where this step begins."""
        return ServiceTicket.objects.visible_to(user).at(*self.waits)

    def bulk_actions(self, user: Any) -> list[Action]:
        """Those of this step alone."""
        return [action for action in super().bulk_actions(user) if self.permission_of(action) == self.opens]


@register
class AssignmentResource(StepResource):
    """服务分配."""

    noun = "assignment"
    code = "3020"
    codes = {"assign": "302001"}
    label = _("Service assignment")
    icon = "user-plus"
    place = 20
    path = "assignment"
    opens = ASSIGN
    waits = (Step.CREATED, Step.ASSIGNED)
    views = [
        ListView("waiting", _("Waiting for assignment"), lambda rows, user: rows.filter(step=Step.CREATED), hot=True)
    ]
    empty_text = _("Tickets that wait to be assigned appear here.")


@register
class HandlingResource(StepResource):
    """服务处理."""

    noun = "handling"
    code = "3030"
    codes = {"view": "303001", "process": "303002"}
    label = _("Service handling")
    icon = "tool"
    place = 30
    path = "handling"
    opens = PROCESS
    waits = (Step.ASSIGNED,)
    sort = "-handle_by"
    views = [ListView("mine", _("Mine"), lambda rows, user: rows.filter(assigned_to=user), hot=True)]
    empty_text = _("Tickets that are assigned and wait to be handled appear here.")


@register
class FeedbackResource(StepResource):
    """服务反馈."""

    noun = "feedback"
    code = "3040"
    codes = {"view": "304001", "feedback": "304002"}
    label = _("Service feedback")
    icon = "star"
    place = 40
    path = "feedback"
    opens = FEEDBACK
    waits = (Step.PROCESSED,)
    empty_text = _("Tickets that were handled appear here, until the customer says whether that helped.")


@register
class ArchiveResource(StepResource):
    """服务归档."""

    noun = "archive"
    code = "3050"
    label = _("Service archive")
    icon = "archive"
    place = 50
    path = "archive"
    opens = ARCHIVE
    waits = (Step.FED_BACK, Step.ASSIGNED, Step.ARCHIVED)
    views = [
        ListView("waiting", _("To be archived"), lambda rows, user: rows.filter(step=Step.FED_BACK), hot=True),
        ListView("archived", _("Archived"), lambda rows, user: rows.filter(step=Step.ARCHIVED)),
    ]

    def rows(self, user: Any) -> Any:
        """Those that may be archived and those that were; one in work only once it may be given up."""
        return super().rows(user).filter(~Q(step=Step.ASSIGNED) | Q(low_rounds__gte=ROUNDS))

    empty_text = _("Tickets with good feedback wait here to be archived.")


@register
class TargetResource(Resource):
    """Service targets of each type."""

    model = ServiceTarget
    directory = "service"
    code = "3060"
    icon = "clock"
    place = 60
    path = "targets"
    columns = ["kind", "response_hours", "handling_hours", "created_at"]
    form = forms.TargetForm
    create = actions.create_target
    edit = actions.edit_target
    bin = actions.bin_target
    details = [(_("Service target"), ["kind", "response_hours", "handling_hours", "created_at"])]
    empty_text = _("Say how many working hours a ticket of each type may take.")


@register
class CalendarDayResource(Resource):
    """The working calendar."""

    model = CalendarDay
    directory = "service"
    code = "3070"
    icon = "calendar-event"
    place = 70
    path = "calendar"
    sort = "-day"
    columns = ["day", "works", "note", "created_at"]
    kinds = {"works": "works"}
    form = forms.DayForm
    create = actions.create_day
    edit = actions.edit_day
    bin = actions.bin_day
    details = [(_("Calendar day"), ["day", "works", "note", "created_at"])]
    empty_text = _("Enter holidays, and weekends on which the company works.")


def _works(works: bool) -> str:
    return gettext("Work") if works else gettext("Day off")


cell_kind("works", _works)


def _kinds(ids: Collection[int]) -> Labels:
    targets = ServiceTarget.objects.filter(pk__in=ids).select_related("kind")
    return {target.pk: (str(target), "") for target in targets}


def _rounds(request: HttpRequest, record: Any) -> Mapping[str, Any]:
    rounds = record.rounds.in_use().select_related("handled_by").order_by("-created_at", "-pk")
    return {"rounds": rounds}


label_source(ServiceTarget, _kinds)
panel(ServiceTicket, Panel("steps", _("Steps"), "service/panel_steps.html", _rounds, place=10))
part_panel(Customer, ServiceTicketResource.instance, place=65, field="customer")
