"""What service is measured by: targets of each type, and the days on which the company works."""

from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.access.models import SharedQuerySet
from guanxi.dictionary.fields import DictionaryField
from guanxi.kernel.indexes import sort_index
from guanxi.kernel.records import Record


class ServiceTarget(Record):
    """How many working hours a ticket of one type may take to be assigned, and to be handled."""

    kind = DictionaryField("service_type", verbose_name=_("Type"), null=False, blank=False)
    response_hours = models.DecimalField(
        _("Hours until assigned"), max_digits=6, decimal_places=1, validators=[MinValueValidator(0)]
    )
    handling_hours = models.DecimalField(
        _("Hours until handled"), max_digits=6, decimal_places=1, validators=[MinValueValidator(0)]
    )

    objects: ClassVar[Any] = SharedQuerySet.as_manager()

    class Meta:
        verbose_name = _("Service target")
        verbose_name_plural = _("Service targets")
        constraints = [
            models.UniqueConstraint(fields=["kind"], condition=Q(binned_in__isnull=True), name="target_of_kind"),
            models.CheckConstraint(condition=Q(response_hours__gt=0, handling_hours__gt=0), name="target_hours"),
        ]

    def __str__(self) -> str:
        return str(self.kind)


class CalendarDay(Record):
    """A day that is not as its weekday: a holiday, or a weekend on which the company works (调休)."""

    day = models.DateField(_("Date"))
    works = models.BooleanField(_("Working day"), default=False)
    note = models.CharField(_("Note"), max_length=60, blank=True)

    objects: ClassVar[Any] = SharedQuerySet.as_manager()
    stamp = "calendar"

    class Meta:
        verbose_name = _("Calendar day")
        verbose_name_plural = _("Working calendar")
        indexes = [sort_index("-day", name="calendar_day_order")]
        constraints = [
            models.UniqueConstraint(fields=["day"], condition=Q(binned_in__isnull=True), name="calendar_day_once")
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"
