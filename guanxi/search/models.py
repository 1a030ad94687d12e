"""The search index: one row per record that can be found."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchDoc(models.Model):
    """What a search needs of one record; the tokens lie beside it, in a structure of the database's own.

    The id is computed from model and record (`registry.Face.doc_id`), so that an index of tokens that knows
    only ids answers by itself, and no two rows are about one record.
    """

    # An auto field although it is always given: on SQLite it is the row's own number and needs no index.
    id = models.BigAutoField(primary_key=True)
    model = models.CharField(_("Kind"), max_length=100)
    record_id = models.BigIntegerField(_("Record"))
    title = models.CharField(_("Title"), max_length=200)
    subtitle = models.CharField(_("Subtitle"), max_length=200, default="", blank=True)
    body = models.TextField(_("Text"))
    # Text of masked classes, such as phone numbers: not searched for those who may not see them.
    guarded = models.TextField(_("Guarded text"), default="", blank=True)
    # Kept only where the database needs the old tokens to forget them.
    tokens = models.TextField(_("Tokens"), default="", blank=True)

    objects: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        verbose_name = _("Search entry")
        verbose_name_plural = _("Search entries")

    def __str__(self) -> str:
        return self.title
