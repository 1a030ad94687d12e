"""Jobs waiting, running and done, and the schedule that makes them."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.indexes import SortIndex


class State(models.TextChoices):
    """Where a job stands."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


UNFINISHED = (State.QUEUED, State.RUNNING)


class CompanyQuerySet(models.QuerySet[Any]):
    """Rows that belong to the company, not to anybody."""

    shared = True

    def visible_to(self, user: Any) -> "CompanyQuerySet":
        """All of them: the pages ask for their permission."""
        return self


class Job(models.Model):
    """One piece of work, written in the transaction of whoever wants it done."""

    task = models.CharField(_("Task"), max_length=100)
    payload = models.JSONField(_("Payload"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    # Empty, or what at most one unfinished job of the task may carry.
    key = models.CharField(_("Key"), max_length=200, default="", blank=True)
    queue = models.CharField(_("Queue"), max_length=40, default="default")
    priority = models.SmallIntegerField(_("Priority"), default=0)
    run_at = models.DateTimeField(_("Not before"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("Attempts"), default=0)
    max_attempts = models.PositiveSmallIntegerField(_("Attempts at most"), default=5)
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.QUEUED)
    lease_until = models.DateTimeField(_("Lease until"), null=True, blank=True)
    worker = models.CharField(_("Worker"), max_length=100, default="", blank=True)
    done = models.PositiveIntegerField(_("Steps done"), default=0)
    total = models.PositiveIntegerField(_("Steps in all"), default=0)
    note = models.CharField(_("Note"), max_length=200, default="", blank=True)
    result = models.JSONField(_("Result"), null=True, blank=True, encoder=DjangoJSONEncoder)
    error = models.TextField(_("Error"), default="", blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Started by"),
    )
    created_at = models.DateTimeField(_("Created at"), default=timezone.now, editable=False)
    started_at = models.DateTimeField(_("Started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("Finished at"), null=True, blank=True)

    objects: ClassVar[Any] = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("Job")
        verbose_name_plural = _("Jobs")
        constraints = [
            models.UniqueConstraint(
                fields=["task", "key"],
                condition=Q(state__in=UNFINISHED) & ~Q(key=""),
                name="job_key_unique_unfinished",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-priority", "run_at", "id"],
                condition=Q(state=State.QUEUED),
                name="job_waiting",
            ),
            SortIndex(fields=["-created_at", "-id"], name="job_created"),
            models.Index(fields=["lease_until"], condition=Q(state=State.RUNNING), name="job_leased"),
        ]

    def __str__(self) -> str:
        return f"{self.task} #{self.pk}"


class Schedule(models.Model):
    """A task that is started again and again: every so many minutes, or daily at an hour of the company's day."""

    name = models.CharField(_("Name"), max_length=100, unique=True)
    task = models.CharField(_("Task"), max_length=100)
    every_minutes = models.PositiveIntegerField(_("Every … minutes"), null=True, blank=True)
    daily_at = models.TimeField(_("Daily at"), null=True, blank=True)
    last_run = models.DateTimeField(_("Last run"), null=True, blank=True)
    next_run = models.DateTimeField(_("Next run"))
    enabled = models.BooleanField(_("Enabled"), default=True)

    objects: ClassVar[Any] = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("Schedule")
        verbose_name_plural = _("Schedules")
        constraints = [
            models.CheckConstraint(
                condition=Q(every_minutes__isnull=False, every_minutes__gt=0, daily_at__isnull=True)
                | Q(every_minutes__isnull=True, daily_at__isnull=False),
                name="schedule_either_every_or_daily",
            ),
        ]

    def __str__(self) -> str:
        return self.name
