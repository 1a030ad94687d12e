"""Dictionary entries: the values that administrators may choose."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guanxi.access.models import SharedQuerySet
from guanxi.kernel.records import Record


class Tone(models.TextChoices):
    """The colour of an entry's tag."""

    OK = "ok", _("Green")
    WARN = "warn", _("Amber")
    BAD = "bad", _("Red")
    INFO = "info", _("Blue")
    VIO = "vio", _("Violet")
    PRI = "pri", _("Brand colour")
    MUT = "mut", _("Grey")


class EntryQuerySet(SharedQuerySet):
    """Entries belong to the company: everybody sees their labels."""

    def of(self, type_key: str) -> "EntryQuerySet":
        """The entries of a type that are not in the bin, retired ones too."""
        return self.in_use().filter(type=type_key)

    def offered(self, type_key: str) -> "EntryQuerySet":
        """The entries of a type that may be chosen, in their order."""
        return self.of(type_key).filter(retired=False)


class DictionaryEntry(Record):
    """One value of a dictionary type; an entry that is used can be retired or merged, not deleted."""

    type = models.CharField(_("Type"), max_length=40, editable=False)
    label_zh = models.CharField(_("Chinese label"), max_length=60)
    label_en = models.CharField(_("English label"), max_length=60, blank=True)
    tone = models.CharField(_("Colour"), max_length=4, choices=Tone.choices, default=Tone.MUT)
    position = models.PositiveIntegerField(_("Sequence"), default=0)
    is_default = models.BooleanField(_("Default"), default=False, editable=False)
    retired = models.BooleanField(_("Retired"), default=False, editable=False)

    objects: ClassVar[Any] = EntryQuerySet.as_manager()
    stamp = "dictionary"

    class Meta:
        verbose_name = _("Dictionary entry")
        verbose_name_plural = _("Dictionary")
        ordering = ["type", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["type", "label_zh"], condition=Q(binned_in__isnull=True), name="entry_label_in_type"
            ),
            models.UniqueConstraint(
                fields=["type"],
                condition=Q(is_default=True, binned_in__isnull=True),
                name="entry_one_default_in_type",
            ),
            models.CheckConstraint(condition=Q(tone__in=Tone.values), name="entry_tone"),
            models.CheckConstraint(condition=~Q(is_default=True, retired=True), name="entry_default_is_offered"),
        ]

    def __str__(self) -> str:
        return self.named(get_language() or "")

    def named(self, language: str) -> str:
        """The label in a language; the Chinese one where there is no English."""
        return (language.startswith("en") and self.label_en) or self.label_zh
