"""Labels of entries, and where entries are used."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from guanxi.dictionary.fields import DictionaryField
from guanxi.dictionary.models import DictionaryEntry
from guanxi.history.stamps import Stamped

Labels = dict[int, tuple[str, str]]
"""Entry id → (label, tone)."""

_labels: Stamped[Labels] = Stamped(10)


@dataclass(frozen=True)
class Use:
    """How often the records of one model name an entry."""

    model: type[models.Model]
    label: str
    count: int


def labels(language: str) -> Labels:
    """The labels of all entries, retired and binned ones too, read again only after a change."""
    return _labels.read(DictionaryEntry.stamp, language, lambda: _labels_in(language))


def _labels_in(language: str) -> Labels:
    return {entry.pk: (entry.named(language), entry.tone) for entry in DictionaryEntry.objects.all()}


def references(type_key: str) -> list[tuple[Any, DictionaryField]]:
    """Every model that names entries of a type, with the field that does."""
    return [
        (model, field)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, DictionaryField) and field.type_key == type_key
    ]


def uses_of(entry: DictionaryEntry) -> list[Use]:
    """Where an entry is used, in the bin too; models that do not use it are left out."""
    uses = []
    for model, field in references(entry.type):
        count = model._base_manager.filter(**{field.name: entry}).count()
        if count:
            uses.append(Use(model, str(model._meta.verbose_name_plural), count))
    return uses
