"""What people do with service tickets: one function for each step of the five, and the ways back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from guanxi.accounts.handover import belonging
from guanxi.accounts.notices import ASSIGNED, RETURNED, notify
from guanxi.customers.actions import hold_customer, recount_customers
from guanxi.customers.models import Customer
from guanxi.customers.registry import after_merge, true_sums
from guanxi.history.undo import after_undo
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.days import company_day
from guanxi.kernel.rules import RuleBroken
from guanxi.kernel.text import tidy
from guanxi.parameters.numbers import free_numbers
from guanxi.service.models import ASSIGN, CLOSE, PROCESS, ServiceRound, ServiceTicket
from guanxi.service.parameters import ROUNDS, SATISFIED, TICKET_NUMBERS
from guanxi.service.queries import satisfaction_of, target_of, true_satisfaction, working_time

Step = ServiceTicket.Step


def create_ticket(
    *, customer: Customer, kind: Any, overview: str, request_text: str, change: ChangeWriter
) -> ServiceTicket:
    """Take down what a customer asks for; it waits to be assigned."""
    hold_customer(customer.pk)
    number = free_numbers(TICKET_NUMBERS.kind, company_day(change.at), model=ServiceTicket)[0]
    ticket = change.create(
        ServiceTicket,
        number=number,
        customer=customer,
        kind=kind,
        **_said(overview, request_text),
        assign_by=_deadline(kind, change.at, "response_hours"),
    )
    recount_customers([customer.pk])
    return ticket


def edit_ticket(
    ticket: ServiceTicket,
    *,
    change: ChangeWriter,
    seen: int | None = None,
    customer: Customer | None = None,
    kind: Any = None,
    overview: str = "",
    request_text: str = "",
) -> ServiceTicket:
    """Correct what was taken down, until the ticket is handled; it stays with its customer."""
    if customer is not None and customer.pk != ticket.customer_id:
        raise RuleBroken(_("This stays with its customer."), field="customer")
    said = _said(overview or ticket.overview, request_text or ticket.request_text)
    return change.update(
        ticket, seen=seen, when={"step": [Step.CREATED, Step.ASSIGNED]}, kind=kind or ticket.kind, **said
    )


def bin_ticket(ticket: ServiceTicket, *, change: ChangeWriter) -> None:
    """Move a ticket to the bin; one that a customer has judged stays, as the judgement counts."""
    stands = hold_ticket(ticket)
    if stands.rounds.in_use().filter(satisfaction__isnull=False).exists():
        raise RuleBroken(_("“%(ticket)s” has feedback of the customer: it is kept.") % {"ticket": ticket})
    change.bin(ticket)
    change.bin_many(ServiceRound.objects.in_use().filter(ticket=ticket))
    recount_customers([stands.customer_id])


def restore_ticket(ticket: ServiceTicket, *, change: ChangeWriter) -> None:
    """Take a ticket out of the bin with exactly the rounds that went there with it."""
    hold_customer(ticket.customer_id)
    binned_in = ticket.binned_in
    change.restore(ticket)
    change.restore_many(ServiceRound.objects.filter(ticket=ticket, binned_in=binned_in))
    recount_customers([ticket.customer_id])


def assign_ticket(ticket: ServiceTicket, *, to: Any, change: ChangeWriter) -> None:
    """Hand a ticket to somebody who handles tickets, from now on."""
    if not to.is_active or to.binned_in is not None or not to.has_perm(PROCESS):
        raise RuleBroken(_("%(name)s does not handle service tickets.") % {"name": to}, field="to")
    due = _deadline(ticket.kind, change.at, "handling_hours")
    ServiceTicket.flow.take("assign", ticket, change, assigned_to=to, assigned_at=change.at, handle_by=due)
    notify(ASSIGNED, to=to, about=ticket, change=change)


def process_ticket(ticket: ServiceTicket, *, handling: str, change: ChangeWriter) -> None:
    """Say what was done; only the one whom the ticket is assigned to may."""
    stands = hold_ticket(ticket)
    if stands.assigned_to is None or stands.assigned_to != change.by:
        raise RuleBroken(_("Only %(name)s handles this ticket.") % {"name": stands.assigned_to or _("nobody yet")})
    if not handling.strip():
        raise RuleBroken(_("Say what was done."), field="handling")
    done = {"handling": handling.strip(), "handled_by": change.by, "handled_at": change.at}
    ServiceTicket.flow.take("process", ticket, change, **done)


def feedback_ticket(ticket: ServiceTicket, *, result: str, satisfaction: int | None, change: ChangeWriter) -> None:
    """Keep what the customer says of it: content, it goes on; below three stars it goes back to its handler."""
    if satisfaction is None or not 1 <= satisfaction <= 5:
        raise RuleBroken(_("Choose one to five stars."), field="satisfaction")
    if not tidy(result):
        raise RuleBroken(_("Say what the customer answered."), field="result")
    stands = hold_ticket(ticket)
    said = {"result": tidy(result), "satisfaction": satisfaction}
    if satisfaction >= SATISFIED:
        ServiceTicket.flow.take("feedback", ticket, change, **said, fed_back_at=change.at)
    else:
        _send_back(ticket, change, note=tidy(result), low_rounds=stands.low_rounds + 1)
    _keep_round(stands, change, **said)
    _judge(stands.customer_id)


def return_ticket(ticket: ServiceTicket, *, reason: str, change: ChangeWriter) -> None:
    """Give a handled ticket back to its handler, and keep why."""
    if not tidy(reason):
        raise RuleBroken(_("Say why the ticket goes back."), field="reason")
    stands = hold_ticket(ticket)
    _send_back(ticket, change, note=tidy(reason))
    _keep_round(stands, change, return_reason=tidy(reason))


def archive_ticket(ticket: ServiceTicket, *, change: ChangeWriter) -> None:
    """Put a ticket away after good feedback."""
    hold_ticket(ticket)
    ServiceTicket.flow.take("archive", ticket, change, archived_at=change.at)


def close_ticket(ticket: ServiceTicket, *, reason: str, change: ChangeWriter) -> None:
    """Archive a ticket unsolved, with a reason, after two rounds that did not content the customer: a supervisor's act."""
    stands = hold_ticket(ticket)
    if change.by is not None and not change.by.has_perm(CLOSE):
        raise RuleBroken(_("Only a supervisor archives a ticket that is not solved."))
    if stands.step == Step.ASSIGNED and stands.low_rounds < ROUNDS:
        raise RuleBroken(_("“%(ticket)s” is still being handled.") % {"ticket": ticket})
    if not tidy(reason):
        raise RuleBroken(_("Say why the ticket is archived although the customer is not content."), field="reason")
    ServiceTicket.flow.take("close", ticket, change, archived_at=change.at, archive_reason=tidy(reason))


def hold_ticket(ticket: ServiceTicket) -> ServiceTicket:
    """The ticket as it stands, locked with its customer to the end of the transaction; refuses one in the bin."""
    hold_customer(ticket.customer_id)
    held: ServiceTicket = ServiceTicket.objects.select_for_update().get(pk=ticket.pk)
    if held.binned_in is not None:
        raise RuleBroken(_("“%(ticket)s” is in the bin.") % {"ticket": held})
    return held


def judge_merged(gone: Customer, *, into: Customer, change: ChangeWriter) -> None:
    """The feedbacks of two merged customers count together."""
    _judge(into.pk)


def judge_given_back(given_back: Mapping[str, set[int]], /, *, change: ChangeWriter) -> None:
    """After an undo: the satisfaction of the customers whose feedback came or went."""
    rounds = ServiceRound.objects.filter(pk__in=given_back.get(ServiceRound.label(), ()))
    moved = given_back.get(Customer.label(), set()) if rounds else set()
    for customer_id in sorted(moved | set(rounds.values_list("customer", flat=True))):
        _judge(customer_id)


def _judge(customer_id: int) -> None:
    Customer.objects.filter(pk=customer_id).derive(satisfaction=satisfaction_of(customer_id))


def _send_back(ticket: ServiceTicket, change: ChangeWriter, *, note: str, **fields: Any) -> None:
    """To the handler again, who has as long as the first time."""
    due = _deadline(ticket.kind, change.at, "handling_hours")
    begun_anew = {"handling": "", "handled_by": None, "handled_at": None, "assigned_at": change.at, "handle_by": due}
    ServiceTicket.flow.take("return", ticket, change, **begun_anew, **fields)
    notify(RETURNED, to=ticket.assigned_to, about=ticket, note=note, change=change)


def _keep_round(ticket: ServiceTicket, change: ChangeWriter, **fields: Any) -> None:
    change.create(
        ServiceRound,
        ticket=ticket,
        customer_id=ticket.customer_id,
        handling=ticket.handling,
        handled_by_id=ticket.handled_by_id,
        handled_at=ticket.handled_at,
        **fields,
    )


def _said(overview: str, request_text: str) -> dict[str, Any]:
    if not tidy(overview):
        raise RuleBroken(_("Say in a few words what it is about."), field="overview")
    if not request_text.strip():
        raise RuleBroken(_("Say what the customer asks for."), field="request_text")
    return {"overview": tidy(overview), "request_text": request_text.strip()}


def _deadline(kind: Any, begin: datetime, hours: str) -> datetime | None:
    """When a step must be done, by the target of the type; None where there is none."""
    target = target_of(kind.pk)
    if target is None:
        return None
    return working_time(company_day(begin)).after(begin, float(getattr(target, hours)))


after_merge(judge_merged)
true_sums(true_satisfaction)
after_undo(judge_given_back)


def _waiting(user: Any) -> Any:
    return ServiceTicket.objects.in_use().filter(assigned_to=user, step=Step.ASSIGNED)


belonging(ServiceTicket, rows=_waiting, hand=assign_ticket, permission=ASSIGN)
