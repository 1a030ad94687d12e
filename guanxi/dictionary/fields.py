"""A reference to an entry of one dictionary type."""

from functools import partial
from typing import Any

from django import forms
from django.db import models

from guanxi.dictionary.models import DictionaryEntry


class EntryChoiceField(forms.ModelChoiceField):
    """Offers the entries of a type that are in use, and the one that the record has already."""

    def __init__(self, type_key: str, **kwargs: Any) -> None:
        self.type_key = type_key
        offered = DictionaryEntry.objects.offered(type_key)
        super().__init__(queryset=offered, initial=partial(_default, type_key), **kwargs)
        self.empty_label = "—"  # also where a choice is required: without a default nothing is chosen beforehand

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        """Offer a retired entry to a record that has it."""
        initial = form.get_initial_for_field(self, field_name)
        current = getattr(initial, "pk", initial)
        if current:
            offered = DictionaryEntry.objects.of(self.type_key)
            self.queryset = offered.filter(models.Q(retired=False) | models.Q(pk=current))
        return super().get_bound_field(form, field_name)


def _default(type_key: str) -> int | None:
    """The entry that a new record begins with."""
    offered = DictionaryEntry.objects.offered(type_key).filter(is_default=True)
    return offered.values_list("pk", flat=True).first()


class DictionaryField(models.ForeignKey):
    """`DictionaryField("customer_level", verbose_name=…)`: an entry of this type, or none."""

    def __init__(self, type_key: str, **kwargs: Any) -> None:
        self.type_key = type_key
        fixed = {"to": "dictionary.DictionaryEntry", "on_delete": models.PROTECT, "related_name": "+"}
        limit = {"limit_choices_to": {"type": type_key}}
        super().__init__(**{"null": True, "blank": True, **kwargs, **fixed, **limit})

    def deconstruct(self) -> Any:
        """A migration needs only the type and what the declaration said."""
        name, path, _args, kwargs = super().deconstruct()
        for fixed in ("to", "on_delete", "related_name", "limit_choices_to"):
            kwargs.pop(fixed, None)
        return name, path, [self.type_key], kwargs

    def formfield(self, **kwargs: Any) -> Any:
        """A choice of the entries in use."""
        return EntryChoiceField(
            self.type_key, required=not self.blank, label=self.verbose_name, help_text=self.help_text
        )
