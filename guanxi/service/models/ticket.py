"""Service tickets and the rounds of their handling."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.access.reach import reach_of
from guanxi.customers.models import Customer
from guanxi.dictionary.fields import DictionaryField
from guanxi.kernel.flows import Flow
from guanxi.kernel.indexes import bin_index, sort_index
from guanxi.kernel.records import OwnedQuerySet, Record
from guanxi.search.registry import searchable

VIEW = "service.view_serviceticket"
ASSIGN = "service.assign_serviceticket"
PROCESS = "service.process_serviceticket"
FEEDBACK = "service.feedback_serviceticket"
ARCHIVE = "service.archive_serviceticket"
CLOSE = "service.close_serviceticket"
"""Held by supervisors: to archive a ticket that could not be solved."""


def within_reach(user: Any, path: str = "") -> Q:
    """The condition that a ticket is the user's to see; `path` leads to it, such as `ticket__`.

    A ticket is its creator's and its assignee's; who may assign sees those without an assignee.
    """
    reach = reach_of(user)
    if reach.everything:
        return Q()
    own = reach.owning(f"{path}created_by", f"{path}assigned_to")
    if reach.may(ASSIGN):
        own |= Q(**{f"{path}assigned_to__isnull": True})
    return own


class TicketQuerySet(OwnedQuerySet):
    """Tickets, seen by who entered them and who handles them."""

    whose = staticmethod(within_reach)

    def at(self, *steps: str) -> "TicketQuerySet":
        """The tickets that stand at one of these steps."""
        return self.filter(step__in=steps)


class ServiceTicket(Record):
    """A customer's inquiry, suggestion or complaint, on its way through five steps."""

    class Step(models.TextChoices):
        """How far it is."""

        CREATED = "created", pgettext_lazy("ticket step", "Created")
        ASSIGNED = "assigned", _("Being handled")
        PROCESSED = "processed", _("Handled")
        FED_BACK = "fed_back", _("Fed back")
        ARCHIVED = "archived", _("Archived")

    number = models.CharField(_("Number"), max_length=40, unique=True, editable=False)
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="tickets", verbose_name=_("Customer"), db_index=False
    )
    kind = DictionaryField("service_type", verbose_name=_("Type"), null=False, blank=False)
    overview = models.CharField(_("Overview"), max_length=300)
    request_text = models.TextField(_("Request"), max_length=2000)
    step = models.CharField(_("Step"), max_length=10, choices=Step.choices, default=Step.CREATED, editable=False)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("Handler"),
    )
    assigned_at = models.DateTimeField(_("Assigned at"), null=True, editable=False)
    assign_by = models.DateTimeField(_("Assign by"), null=True, editable=False)
    handle_by = models.DateTimeField(_("Handle by"), null=True, editable=False)
    handling = models.TextField(_("Handling"), max_length=2000, blank=True, editable=False)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("Handled by"),
    )
    handled_at = models.DateTimeField(_("Handled at"), null=True, editable=False)
    result = models.CharField(_("Result"), max_length=500, blank=True, editable=False)
    satisfaction = models.PositiveSmallIntegerField(
        _("Satisfaction"),
        null=True,
        editable=False,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
    )
    fed_back_at = models.DateTimeField(_("Fed back at"), null=True, editable=False)
    archived_at = models.DateTimeField(_("Archived at"), null=True, editable=False)
    archive_reason = models.CharField(_("Reason of archiving"), max_length=300, blank=True, editable=False)
    low_rounds = models.PositiveSmallIntegerField(_("Rounds without success"), default=0, editable=False)

    objects: ClassVar[Any] = TicketQuerySet.as_manager()
    flow = Flow(
        "step",
        **{
            "assign": (["created", "assigned"], "assigned"),
            "process": (["assigned"], "processed"),
            "feedback": (["processed"], "fed_back"),
            "return": (["processed"], "assigned"),
            "archive": (["fed_back"], "archived"),
            "close": (["assigned"], "archived"),
        },
    )

    class Meta:
        verbose_name = _("Service ticket")
        verbose_name_plural = _("Service tickets")
        indexes = [
            bin_index(name="ticket_bin"),
            sort_index("-created_at", name="ticket_created"),
            sort_index("assigned_to", "-created_at", name="ticket_assigned_to"),
            sort_index("created_by", "-created_at", name="ticket_created_by"),
            sort_index("step", "-created_at", name="ticket_step"),
            sort_index("-handle_by", name="ticket_handle_by"),
            sort_index("-archived_at", name="ticket_archived"),
            sort_index("-handled_at", name="ticket_handled"),
            models.Index(fields=["customer", "-created_at", "-id"], name="ticket_customer"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(overview="") & ~Q(request_text=""), name="ticket_says_what"),
            models.CheckConstraint(
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__range=(1, 5)), name="ticket_satisfaction"
            ),
            models.CheckConstraint(
                condition=Q(step="created", assigned_to__isnull=True, assigned_at__isnull=True)
                | (~Q(step="created") & Q(assigned_to__isnull=False, assigned_at__isnull=False)),
                name="ticket_assigned_when_handled",
            ),
            models.CheckConstraint(
                condition=Q(step__in=["created", "assigned"])
                | Q(handled_by__isnull=False, handled_at__isnull=False)
                | Q(step="archived", low_rounds__gt=0),
                name="ticket_handled_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(step="fed_back") | Q(satisfaction__gte=3, fed_back_at__isnull=False),
                name="ticket_fed_back_with_stars",
            ),
            models.CheckConstraint(
                condition=Q(step="archived", archived_at__isnull=False)
                | (~Q(step="archived") & Q(archived_at__isnull=True)),
                name="ticket_archived_at_its_end",
            ),
        ]

    def __str__(self) -> str:
        return self.overview


class RoundQuerySet(OwnedQuerySet):
    """Rounds are seen by whoever sees their ticket."""

    whose = staticmethod(within_reach)
    path = "ticket__"


class ServiceRound(Record):
    """One handling of a ticket and how it ended: with stars, or returned with a reason."""

    ticket = models.ForeignKey(ServiceTicket, models.PROTECT, related_name="rounds", verbose_name=_("Service ticket"))
    # The ticket's customer, so that the latest feedbacks of a customer are read without a join.
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+", verbose_name=_("Customer"), db_index=False)
    handling = models.TextField(_("Handling"), max_length=2000)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("Handled by")
    )
    handled_at = models.DateTimeField(_("Handled at"))
    result = models.CharField(_("Result"), max_length=500, blank=True)
    satisfaction = models.PositiveSmallIntegerField(_("Satisfaction"), null=True)
    return_reason = models.CharField(_("Reason of return"), max_length=300, blank=True)

    objects: ClassVar[Any] = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("Round")
        verbose_name_plural = _("Rounds")
        indexes = [
            models.Index(
                fields=["customer", "-created_at", "-id"],
                condition=Q(satisfaction__isnull=False, binned_in__isnull=True),
                name="round_feedback",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(satisfaction__range=(1, 5), return_reason="")
                | (Q(satisfaction__isnull=True) & ~Q(return_reason="")),
                name="round_stars_or_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.ticket}"


searchable(
    ServiceTicket,
    text=lambda ticket: [ticket.number, ticket.request_text, ticket.customer.name],
    subtitle=lambda ticket: ticket.number,
    related=["customer"],
    follows=["customer"],
)
