"""任务监控: what the workers do, and what they do by the clock."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from guanxi.jobs import registry
from guanxi.jobs.models import UNFINISHED, Job, Schedule, State
from guanxi.system import actions
from guanxi.web.cells import cell_kind
from guanxi.web.declarations import Action, Kpi, Link, ListView, Panel
from guanxi.web.formats import EMPTY
from guanxi.web.panels import model_of, shown_field
from guanxi.web.registry import list_link, panel, record_url, register
from guanxi.web.resource import Resource

TONES = {"queued": "info", "running": "pri", "done": "ok", "failed": "bad", "cancelled": "mut"}


@register
class JobResource(Resource):
    """Jobs waiting, running and done."""

    model = Job
    directory = "system"
    code = "6100"
    label = _("Job monitor")
    icon = "progress-check"
    place = 75
    path = "jobs"
    columns = ["task", "state", "note", "attempts", "owner", "created_at", "started_at", "finished_at", "error"]
    more_columns = ["done", "total", "run_at", "queue", "priority", "worker"]
    kinds = {"task": "task", "error": "last_line"}
    tones = {"state": TONES}
    sorts = ["created_at"]
    filters = ["state", "owner", "created_at"]
    views = [
        ListView("unfinished", _("Unfinished"), lambda rows, user: rows.filter(state__in=UNFINISHED)),
        ListView("failed", _("Failed"), lambda rows, user: rows.filter(state=State.FAILED), hot=True),
    ]
    actions = [
        Action(
            "retry",
            actions.retry_job,
            _("Try again"),
            icon="refresh",
            primary=True,
            when=lambda job: job.state in {State.FAILED, State.CANCELLED},
            confirm=_("It begins anew with its first attempt."),
        ),
        Action(
            "cancel",
            actions.cancel_job,
            _("Cancel the job"),
            icon="x",
            danger=True,
            when=lambda job: job.state in UNFINISHED,
            confirm=_("A running job stops at its next sign of progress; what it did not finish is rolled back."),
        ),
    ]
    head = ["state"]
    meta = ["owner", "created_at"]
    details = [
        (_("Job"), ["task", "note", "attempts", "max_attempts", "owner", "queue", "worker"]),
        (_("Times"), ["created_at", "run_at", "started_at", "finished_at"]),
    ]

    def kpis(self, request: HttpRequest, record: Any) -> list[Kpi]:
        """How far it is."""
        steps = f"{record.done:,} / {record.total:,}" if record.total else EMPTY
        return [
            Kpi(_("Progress"), steps, record.note),
            Kpi(_("Attempts"), f"{record.attempts} / {record.max_attempts}"),
        ]


@register
class ScheduleResource(Resource):
    """计划任务: what runs by itself, and when next."""

    model = Schedule
    under = "system.job"
    icon = "clock"
    path = "jobs/schedules"
    columns = ["task", "enabled", "every_minutes", "daily_at", "last_run", "next_run"]
    kinds = {"task": "task", "enabled": "active", "last_run": "precise", "next_run": "precise"}
    sorts = ["next_run"]
    sort = "next_run"
    rights = {"run": _("Run now"), "switch": _("Switch on and off")}
    actions = [
        Action("run", actions.run_schedule, _("Run now"), icon="player-play", primary=True, when=lambda one: True),
        Action(
            "pause",
            actions.pause_schedule,
            _("Switch off"),
            icon="power",
            danger=True,
            when=lambda one: one.enabled,
            permission="jobs.switch_schedule",
            confirm=_("It does not run by itself any more, until it is switched on."),
        ),
        Action(
            "resume",
            actions.resume_schedule,
            _("Switch on"),
            icon="power",
            primary=True,
            when=lambda one: not one.enabled,
            permission="jobs.switch_schedule",
        ),
    ]
    head = ["enabled"]
    meta = ["last_run", "next_run"]
    details = [(_("Schedule"), ["task", "name", "enabled", "every_minutes", "daily_at", "last_run", "next_run"])]


def _error(request: HttpRequest, record: Any) -> Mapping[str, Any]:
    return {"error": record.error}


FIGURES = {
    "customers": _("Customers"),
    "months": _("Months of goods"),
    "differences": _("Differences"),
    "returned": _("Returned"),
    "opened": _("Opened"),
    "skipped": _("Skipped"),
    "created": _("Added"),
    "updated": _("Updated"),
    "refused": _("Refused"),
    "told": _("People told"),
    "seconds": _("Seconds"),
    "dry_run": _("Dry run"),
    "stopped": _("Stopped"),
    "forgotten": _("Forgotten"),
}
"""What the figures of outcomes are called; others read by their bare name."""


def _report(request: HttpRequest, record: Any) -> Mapping[str, Any]:
    """The figures of a job's outcome, and what it lists of records that differed, with what is masked masked."""
    result = record.result if isinstance(record.result, dict) else {}
    masked = JobResource.instance.masked(request.user)
    figures = [(FIGURES.get(key, key), value) for key, value in result.items() if isinstance(value, int | float | str)]
    return {"figures": figures, "differences": [_difference(one, masked) for one in result.get("listed", [])]}


def _difference(one: Mapping[str, Any], masked: frozenset[str]) -> tuple[str, str, Any, str, str]:
    """A record with its address, the field that differed, what it said and what it says now."""
    model = model_of(one["model"])
    if model is None:
        return one["label"], "", one["field"], str(one["was"]), str(one["now"])
    label, was, now = shown_field(model, one["field"], one["was"], one["now"], masked, None)
    return one["label"], record_url(model, one["record_id"]), label, was, now


panel(Job, Panel("report", _("Report"), "system/panel_report.html", _report, place=25))
panel(Job, Panel("error", _("Error"), "system/panel_error.html", _error, place=30))


def _schedules(request: HttpRequest) -> Link | None:
    resource = ScheduleResource.instance
    if not resource.may(request.user, "view"):
        return None
    return Link(resource.screen_label, resource.url("list"), "clock")


def _last_line(text: str) -> str:
    """What an error says at its end, where Python names it."""
    return text.strip().rpartition("\n")[2][:160]


list_link(Job, _schedules)
cell_kind("task", registry.said)
cell_kind("last_line", _last_line)
