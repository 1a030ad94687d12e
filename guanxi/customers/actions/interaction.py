"""Recording that somebody was in touch with a customer."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from guanxi.customers.actions.holding import hold_customer, without_customer
from guanxi.customers.actions.sums import recount_customers
from guanxi.customers.models import Customer, Interaction
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.days import company_day, is_of_our_time
from guanxi.kernel.rules import RuleBroken


def create_interaction(
    *, customer: Customer, happened_at: datetime, overview: str, change: ChangeWriter, **fields: Any
) -> Interaction:
    """Record a meeting, call or visit that took place, to the minute, and when to follow up."""
    happened_at = _minute(happened_at)
    hold_customer(customer.pk)
    _check(happened_at, overview, fields.get("next_follow_up"), change)
    made = change.create(Interaction, customer=customer, happened_at=happened_at, overview=overview.strip(), **fields)
    recount_customers([customer.pk])
    return made


def edit_interaction(
    interaction: Interaction, *, change: ChangeWriter, seen: int | None = None, **fields: Any
) -> Interaction:
    """Correct a record of what took place."""
    hold_customer(interaction.customer_id)
    fields = without_customer(interaction, fields)
    if "happened_at" in fields:
        fields["happened_at"] = _minute(fields["happened_at"])
    stands = {name: getattr(interaction, name) for name in ("happened_at", "overview", "next_follow_up")}
    _check(**{**stands, **{name: fields[name] for name in stands.keys() & fields.keys()}}, change=change)
    change.update(interaction, seen=seen, **fields)
    recount_customers([interaction.customer_id])
    return interaction


def bin_interaction(interaction: Interaction, *, change: ChangeWriter) -> None:
    """Move a record of what took place to the bin."""
    hold_customer(interaction.customer_id)
    change.bin(interaction)
    recount_customers([interaction.customer_id])


def restore_interaction(interaction: Interaction, *, change: ChangeWriter) -> None:
    """Take a record of what took place out of the bin."""
    hold_customer(interaction.customer_id)
    change.restore(interaction)
    recount_customers([interaction.customer_id])


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _check(happened_at: datetime, overview: str, next_follow_up: date | None, change: ChangeWriter) -> None:
    if not is_of_our_time(happened_at):
        raise RuleBroken(_("This lies too far back."), field="happened_at")
    if happened_at > change.at:
        raise RuleBroken(_("This lies in the future: record what took place."), field="happened_at")
    if not overview.strip():
        raise RuleBroken(_("Say in a few words what it was about."), field="overview")
    if next_follow_up is not None and next_follow_up < company_day(happened_at):
        raise RuleBroken(_("The follow-up lies before the interaction."), field="next_follow_up")
