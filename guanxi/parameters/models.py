"""Typed settings that administrators change, and the counters of numbering rules."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.records import Record, RecordQuerySet


class ParameterQuerySet(RecordQuerySet):
    """The company's settings."""

    shared = True

    def visible_to(self, user: Any) -> "ParameterQuerySet":
        """All of them: they belong to the company."""
        return self.in_use()


class Parameter(Record):
    """The chosen value of one declared setting; absent while the default holds."""

    key = models.CharField(_("Key"), max_length=60, unique=True)
    value = models.JSONField(_("Value"))

    objects: ClassVar[Any] = ParameterQuerySet.as_manager()
    stamp = "parameters"

    class Meta:
        verbose_name = _("Parameter")
        verbose_name_plural = _("Parameters")

    def __str__(self) -> str:
        return self.key


class Counter(models.Model):
    """The last number given out for one prefix: gaps may appear, repeats may not."""

    prefix = models.CharField(max_length=40, primary_key=True)
    last = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.prefix}{self.last}"
