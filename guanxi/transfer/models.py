"""Imports: one file each, from its upload to what became of each row."""

from typing import Any, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.access.reach import reach_of
from guanxi.history.models import ChangeSet
from guanxi.kernel.indexes import sort_index
from guanxi.kernel.records import Record, RecordQuerySet


class ImportQuerySet(RecordQuerySet):
    """An import is its author's; whoever sees everything sees all of them."""

    def visible_to(self, user: Any) -> "ImportQuerySet":
        """The imports within the user's reach."""
        reach = reach_of(user)
        return self.in_use() if reach.everything else self.in_use().filter(created_by=user.pk)

    def binned_visible_to(self, user: Any) -> "ImportQuerySet":
        """None: an import is kept, only its file goes."""
        return self.none()


class Import(Record):
    """A file on its way into the company. The columns in `derived` say how far it is and what came of it."""

    class Kind(models.TextChoices):
        """What the rows of the file are."""

        CUSTOMERS = "customers", _("Customers")
        CONTACTS = "contacts", _("Contacts")
        ORDERS = "orders", _("Orders")

    class State(models.TextChoices):
        """Where it stands."""

        UPLOADED = "uploaded", _("Columns to match")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("To be confirmed")
        RUNNING = "running", _("Being imported")
        DONE = "done", _("Imported")
        FAILED = "failed", _("Stopped")

    class Duplicates(models.TextChoices):
        """What is done with a row whose record is there already."""

        SKIP = "skip", _("Skip them: what is there stays as it is")
        UPDATE = "update", _("Update what is there with the filled cells of the file")
        REFUSE = "refuse", _("Refuse them, among the rows at fault")

    kind = models.CharField(_("Kind of rows"), max_length=10, choices=Kind.choices)
    filename = models.CharField(_("File"), max_length=200)
    path = models.CharField(max_length=500, blank=True, editable=False)
    size = models.BigIntegerField(_("Size"), default=0, editable=False)
    head_row = models.PositiveIntegerField(default=1, editable=False)
    headings = models.JSONField(default=list, editable=False)
    mapping = models.JSONField(default=dict, editable=False)
    duplicates = models.CharField(
        _("Duplicates"), max_length=10, choices=Duplicates.choices, default=Duplicates.SKIP, editable=False
    )
    pooled = models.BooleanField(default=False, editable=False)
    """Whether customers without a manager in the file go to the public pool, else to the author."""
    language = models.CharField(max_length=10, blank=True, editable=False)

    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.UPLOADED, editable=False)
    fault = models.CharField(max_length=500, blank=True, editable=False)
    position = models.BigIntegerField(default=0, editable=False)
    """The last row of the file that is done with."""
    total = models.BigIntegerField(_("Rows"), default=0, editable=False)
    created = models.BigIntegerField(_("Added"), default=0, editable=False)
    updated = models.BigIntegerField(_("Updated"), default=0, editable=False)
    skipped = models.BigIntegerField(_("Skipped"), default=0, editable=False)
    refused = models.BigIntegerField(_("Refused"), default=0, editable=False)
    duplicate_rows = models.JSONField(default=list, editable=False)
    """The first rows that the check found to be there already: [number, what it says, why]; forgotten with the file."""
    like_rows = models.JSONField(default=list, editable=False)
    """The first new rows that resemble what is there: [number, what it says, whom it resembles and why]; as above."""
    change_set = models.ForeignKey(ChangeSet, models.PROTECT, null=True, editable=False, related_name="+")
    finished_at = models.DateTimeField(_("Finished at"), null=True, editable=False)

    objects: ClassVar[Any] = ImportQuerySet.as_manager()
    derived = frozenset(
        {
            *("state", "fault", "position", "total", "created", "updated", "skipped", "refused"),
            *("change_set", "finished_at", "path", "duplicate_rows", "like_rows"),
        }
    )

    class Meta:
        verbose_name = _("Import")
        verbose_name_plural = _("Imports")
        indexes = [
            sort_index("-created_at", name="import_created"),
            models.Index(fields=["created_at"], condition=~Q(path=""), name="import_with_file"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["customers", "contacts", "orders"]), name="import_kind"),
            models.CheckConstraint(
                condition=Q(state__in=["uploaded", "checking", "checked", "running", "done", "failed"]),
                name="import_state",
            ),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def verb(self) -> str:
        """What one must be allowed to do to open its steps."""
        return VERBS[self.kind]

    @property
    def handled(self) -> int:
        """Records of the file that are done with."""
        return self.created + self.updated + self.skipped + self.refused


VERBS: dict[str, str] = {
    Import.Kind.CUSTOMERS: "import_customer",
    Import.Kind.CONTACTS: "import_contact",
    Import.Kind.ORDERS: "import_order",
}
"""What one must be allowed to do, by the kind of rows."""


class RefusedRow(models.Model):
    """A row that was not taken, as it stands in the file, and why; forgotten with the file."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="refusals")
    number = models.BigIntegerField()
    cells = models.JSONField(encoder=DjangoJSONEncoder)
    reason = models.CharField(max_length=1000)

    class Meta:
        indexes = [models.Index(fields=["of", "number"], name="refused_row")]

    def __str__(self) -> str:
        return f"{self.number}: {self.reason}"
