"""Departments, roles and the resource tree: who may do what, and with whose rows."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.fields import FieldClass
from guanxi.kernel.records import Record, RecordQuerySet


class SharedQuerySet(RecordQuerySet):
    """Rows that belong to the company: whoever may open the page sees all of them."""

    shared = True

    def visible_to(self, user: Any) -> "SharedQuerySet":
        """All rows in use."""
        return self.in_use()

    def binned_visible_to(self, user: Any) -> "SharedQuerySet":
        """All rows in the bin."""
        return self.filter(binned_in__isnull=False)


class Department(Record):
    """A department of the company, in a tree."""

    name = models.CharField(_("Name"), max_length=60)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("Parent department"),
    )
    position = models.PositiveIntegerField(_("Sequence"), default=0)

    objects: ClassVar[Any] = SharedQuerySet.as_manager()
    stamp = "access"

    class Meta:
        verbose_name = _("Department")
        verbose_name_plural = _("Departments")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                "parent",
                condition=Q(binned_in__isnull=True),
                name="department_name_in_parent",
            ),
            # The one above tells those without a parent not apart.
            models.UniqueConstraint(
                Lower("name"), condition=Q(binned_in__isnull=True, parent__isnull=True), name="department_name_at_top"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MenuItemQuerySet(SharedQuerySet):
    """Nodes of the resource tree, which belong to the company."""

    def binned_visible_to(self, user: Any) -> "MenuItemQuerySet":
        """Those of one's own: what the program forgot comes back when it knows it again."""
        return self.filter(binned_in__isnull=False, built_in=False)


class MenuItem(Record):
    """A node of the resource tree: a directory, a menu, a button, or a link of one's own."""

    class Kind(models.TextChoices):
        """What the node is on screen."""

        DIRECTORY = "directory", _("Directory")
        MENU = "menu", _("Menu")
        BUTTON = "button", _("Button")
        LINK = "link", _("Link")

    key = models.CharField(_("Key"), max_length=100, unique=True)
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind.choices)
    code = models.CharField(_("Code"), max_length=20, blank=True)
    permission = models.CharField(_("Permission"), max_length=100, blank=True, db_index=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("Parent"),
    )
    label_zh = models.CharField(_("Chinese name"), max_length=60)
    label_en = models.CharField(_("English name"), max_length=60)
    icon = models.CharField(_("Icon"), max_length=40, blank=True)
    url = models.CharField(pgettext_lazy("link", "Address"), max_length=300, blank=True)
    position = models.PositiveIntegerField(_("Sequence"), default=0)
    hidden = models.BooleanField(_("Hidden"), default=False)
    built_in = models.BooleanField(_("Built in"), default=False, editable=False)
    renamed = models.BooleanField(default=False, editable=False)

    objects: ClassVar[Any] = MenuItemQuerySet.as_manager()
    stamp = "access"

    class Meta:
        verbose_name = _("Resource")
        verbose_name_plural = _("Resources")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.label_en if get_language() == "en" else self.label_zh


class Role(Record):
    """A set of rights with a data scope, held by users."""

    class Scope(models.TextChoices):
        """Whose rows its holders see."""

        OWN = "own", _("Own")
        REPORTS = "reports", _("Own and those who report to me")
        DEPARTMENT = "department", _("My department")
        BRANCH = "branch", _("My department and those below")
        CUSTOM = "custom", _("Chosen departments")
        ALL = "all", _("Everything")

    name = models.CharField(_("Name"), max_length=60)
    remark = models.CharField(_("Remark"), max_length=300, blank=True)
    scope = models.CharField(_("Data scope"), max_length=12, choices=Scope.choices, default=Scope.OWN)
    departments = models.ManyToManyField(Department, blank=True, related_name="+", verbose_name=_("Chosen departments"))
    grants = models.ManyToManyField(MenuItem, blank=True, related_name="roles", verbose_name=_("Grants"))
    masks = models.JSONField(_("Masked fields"), default=list, blank=True)
    holds_all = models.BooleanField(_("Holds every right"), default=False, editable=False)
    second_factor = models.BooleanField(
        _("Requires two-factor codes"),
        default=False,
        help_text=_("Who holds this role and has not set them up does that first, before anything else opens."),
    )

    objects: ClassVar[Any] = SharedQuerySet.as_manager()
    stamp = "access"
    worded: ClassVar[Mapping[str, Mapping[str, Any]]] = {"masks": dict(FieldClass.choices)}

    class Meta:
        verbose_name = _("Role")
        verbose_name_plural = _("Roles")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(Lower("name"), condition=Q(binned_in__isnull=True), name="role_name_in_use")
        ]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def maskable() -> list[tuple[str, Any]]:
        """The field classes that a role may mask, with their labels."""
        return [pair for pair in FieldClass.choices if pair[0] != FieldClass.PLAIN]
