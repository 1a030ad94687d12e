"""Interactions: meetings, calls and visits that took place."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models.customer import Customer
from guanxi.customers.models.parts import PartQuerySet
from guanxi.history.redaction import personal
from guanxi.kernel.indexes import bin_index, sort_index
from guanxi.kernel.records import Record


class Interaction(Record):
    """One meeting, call or visit, and when to follow up."""

    class Kind(models.TextChoices):
        """How we were in touch."""

        CALL = "call", _("Phone call")
        VISIT = "visit", _("Visit")
        WECHAT = "wechat", _("WeChat")
        MEETING = "meeting", _("Meeting")
        EMAIL = "email", _("E-mail message")

    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="interactions", verbose_name=_("Customer"), db_index=False
    )
    happened_at = models.DateTimeField(_("Time"))
    kind = models.CharField(_("Way of contact"), max_length=10, choices=Kind.choices, default=Kind.CALL)
    place = models.CharField(_("Place"), max_length=500, blank=True)
    overview = models.CharField(_("Overview"), max_length=1000)
    next_follow_up = models.DateField(_("Next follow-up"), null=True, blank=True)

    objects: ClassVar[Any] = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("Interaction")
        verbose_name_plural = _("Interactions")
        indexes = [
            bin_index(name="interaction_bin"),
            sort_index("-happened_at", name="interaction_happened"),
            models.Index(fields=["customer", "-happened_at", "-id"], name="interaction_customer"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(overview=""), name="interaction_has_overview"),
            models.CheckConstraint(
                condition=Q(kind__in=["call", "visit", "wechat", "meeting", "email"]), name="interaction_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.overview[:40]


personal(Interaction, "overview", "place")
