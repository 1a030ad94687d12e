"""Change sets: who changed what, when, why and by what way."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.history.verbs import said
from guanxi.kernel.indexes import SortIndex

REDACTED = {"redacted": True}
"""What stands in the log instead of a value that was blanked: no field of a record holds the like."""


class ExactEncoder(DjangoJSONEncoder):
    """Keeps moments to the microsecond: an undo gives them back as they were."""

    def default(self, o: Any) -> Any:
        """A moment as ISO text; everything else as Django does."""
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


class Way(models.TextChoices):
    """By what way a change came in."""

    PAGE = "page", _("Page")
    API = "api", _("API")
    IMPORT = "import", _("Import")
    JOB = "job", _("Job")
    COMMAND = "command", _("Command")


class ChangeSetQuerySet(models.QuerySet["ChangeSet"]):
    """Rows of the operation log, which belong to the company."""

    shared = True

    def visible_to(self, user: Any) -> "ChangeSetQuerySet":
        """The whole log for whoever may read it, else one's own acts."""
        return self if user.has_perm("history.view_changeset") else self.filter(by=user)


class ChangeSet(models.Model):
    """One act: every business write belongs to exactly one."""

    class State(models.TextChoices):
        """Where the act stands; an import of many batches stays open until its end, a load keeps no single changes.

        An undo that met a conflict on its way is stopped: everything stands as before it.
        """

        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        UNDONE = "undone", _("Undone")
        REFUSED = "refused", _("Refused")
        LOADED = "loaded", _("Loaded in bulk")
        STOPPED = "stopped", _("Stopped")

    verb = models.CharField(_("Verb"), max_length=60)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("User"),
    )
    at = models.DateTimeField(_("Time"))
    way = models.CharField(_("Way"), max_length=10, choices=Way.choices)
    address = models.CharField(pgettext_lazy("network", "Address"), max_length=45, blank=True)
    reason = models.CharField(_("Reason"), max_length=500, blank=True)
    state = models.CharField(_("Result"), max_length=10, choices=State.choices, default=State.DONE)
    subject_model = models.CharField(_("Kind of record"), max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True)
    subject = models.CharField(_("Subject"), max_length=200, blank=True)
    undoes = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    objects = ChangeSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("Operation log")
        verbose_name_plural = _("Operation log")
        indexes = [
            SortIndex(fields=["-at", "-id"], name="changeset_at"),
            SortIndex(fields=["by", "-at", "-id"], name="changeset_by"),
            models.Index(fields=["subject_model", "subject_id"], name="changeset_subject"),
            SortIndex(fields=["subject_model", "-at", "-id"], name="changeset_kind"),
        ]

    def __str__(self) -> str:
        return f"{said(self.verb)} {self.subject}".strip()


class Change(models.Model):
    """What one act did to one record: old and new of each field."""

    class Act(models.TextChoices):
        """What happened to the row."""

        CREATE = "create", _("Newly created")
        UPDATE = "update", _("Changed")
        BIN = "bin", _("Moved to the bin")
        RESTORE = "restore", _("Restored")

    change_set = models.ForeignKey(ChangeSet, models.CASCADE, related_name="changes")
    model = models.CharField(max_length=60)
    record_id = models.BigIntegerField()
    label = models.CharField(max_length=200)
    act = models.CharField(max_length=10, choices=Act.choices)
    version = models.PositiveIntegerField()
    before = models.JSONField(default=dict, encoder=ExactEncoder)
    after = models.JSONField(default=dict, encoder=ExactEncoder)

    class Meta:
        indexes = [models.Index(fields=["model", "record_id", "id"], name="change_record")]

    def __str__(self) -> str:
        return f"{self.act} {self.label}"


class Stamp(models.Model):
    """A number that changes with every write to certain models, so that caches know they are old."""

    name = models.CharField(max_length=40, primary_key=True)
    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.number}"
