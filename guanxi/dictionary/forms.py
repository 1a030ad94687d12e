"""What administrators type about dictionary entries."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.dictionary.models import DictionaryEntry
from guanxi.dictionary.registry import declared_types
from guanxi.web.forms import ActionForm, RecordForm


def type_choices() -> list[tuple[str, Any]]:
    """Every declared type with its label."""
    return [(kind.key, kind.label) for kind in declared_types()]


class EntryForm(RecordForm):
    """One value: its labels in both languages and its colour; its type is chosen once."""

    wide: ClassVar[frozenset[str]] = frozenset({"type"})
    type = forms.ChoiceField(choices=type_choices, label=_("Type"))

    class Meta:
        model = DictionaryEntry
        fields = ["label_zh", "label_en", "tone", "position"]

    field_order = ("type", "label_zh", "label_en", "tone", "position")

    def __init__(self, *args: Any, record: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, record=record, **kwargs)
        if record is not None:
            del self.fields["type"]
        else:
            del self.fields["position"]  # a new one comes last

    def values(self) -> dict[str, Any]:
        """The clean arguments; the type is no field that the model's form would clean."""
        typed = {"type": self.cleaned_data["type"]} if "type" in self.cleaned_data else {}
        return super().values() | typed


class MergeForm(ActionForm):
    """Which entry takes the other's place everywhere."""

    into = forms.ModelChoiceField(queryset=DictionaryEntry.objects.none(), label=_("Merge into"))

    def choices_of(self, name: str, visible: Any) -> Any:
        """The other entries of the same type."""
        if self.record is None:
            return visible.none()
        return visible.filter(type=self.record.type).exclude(pk=self.record.pk)
