"""Answers that were counted by a job, kept for the one who asked."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class KeptAnswer(models.Model):
    """One answer as JSON; `key` names the question with the reach of the one who asked. Derived, so never logged."""

    key = models.CharField(_("Key"), max_length=64, unique=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("Started by"))
    report = models.CharField(_("Report"), max_length=40)
    at = models.DateTimeField(_("As of"), db_index=True)
    seconds = models.FloatField(_("Seconds"), default=0)
    text = models.TextField(_("Answer"))

    objects: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        verbose_name = _("Kept answer")
        verbose_name_plural = _("Kept answers")

    def __str__(self) -> str:
        return f"{self.report} {self.at:%Y-%m-%d %H:%M}"
