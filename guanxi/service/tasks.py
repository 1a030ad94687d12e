"""Telling people of tickets that wait longer than their target."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.accounts.models import User
from guanxi.accounts.notices import LATE, notify_each
from guanxi.jobs.registry import plan, task
from guanxi.jobs.run import Run
from guanxi.service.models import ASSIGN, ServiceTicket
from guanxi.service.queries import late


@task("service.tell_late", label=_("Report late tickets"), unique=True)
def tell_late(run: Run) -> dict[str, int]:
    """Tell the handler of a late ticket, or those who may assign one that nobody has; once for each deadline."""
    tickets = list(late(ServiceTicket.objects.in_use(), run.at))
    supervisors = list(User.objects.holding(ASSIGN).values_list("pk", flat=True))
    told = []
    for ticket in tickets:
        people = [ticket.assigned_to_id] if ticket.assigned_to_id else supervisors
        told += [(user_id, ticket, _deadline(ticket)) for user_id in people]
    return {"told": notify_each(LATE, told, at=run.at)}


def _deadline(ticket: ServiceTicket) -> str:
    """The deadline that passed, by which one lateness is told from another."""
    due = ticket.handle_by if ticket.assigned_to_id else ticket.assign_by
    return f"{timezone.localtime(due, timezone.get_default_timezone()):%Y-%m-%d %H:%M}" if due else ""


plan("service.tell_late", tell_late, every_minutes=15)
