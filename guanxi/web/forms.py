"""What people type, as clean types: forms that never save, with choices inside the user's reach."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.access.reach import reach_of
from guanxi.kernel.fields import class_of
from guanxi.kernel.rules import RuleBroken
from guanxi.kernel.text import read_id
from guanxi.web.registry import options_url

OFFERED = 50
"""How many choices a picker carries for browsers without script."""
OFFERED_ALONE = 500
"""How many a select carries that no page feeds."""


class PickerChoices(forms.models.ModelChoiceIterator):
    """The chosen value and the first few others: never a million options in a page."""

    def __iter__(self) -> Any:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        chosen = getattr(self.field, "chosen_pk", None)
        if chosen is not None:
            for record in self.queryset.filter(pk=chosen):
                yield self.choice(record)
        more = OFFERED if "data-url" in self.field.widget.attrs else OFFERED_ALONE
        for record in self.queryset.exclude(pk=chosen)[:more]:
            yield self.choice(record)


class PickerWidget(forms.Select):
    """A select that crm.js turns into a box fed by the server as one types."""

    def __init__(self, *, url: str = "") -> None:
        super().__init__(attrs={"data-combobox": "", "data-url": url} if url else {})


class PickerField(forms.ModelChoiceField):
    """One record within the user's reach."""

    iterator = PickerChoices
    chosen_pk: Any = None

    def __init__(self, model: type[models.Model], **kwargs: Any) -> None:
        super().__init__(queryset=model._default_manager.none(), empty_label="—", **kwargs)
        self.default_error_messages["invalid_choice"] = _("This choice is not available.")


class ManyField(forms.ModelMultipleChoiceField):
    """Several records within the user's reach; an id that no database could hold is none of them."""

    @classmethod
    def of(cls, field: forms.ModelMultipleChoiceField, queryset: Any) -> "ManyField":
        """The same field over these records."""
        return cls(
            queryset,
            required=field.required,
            label=field.label,
            help_text=field.help_text,
            widget=field.widget,
            initial=field.initial,
        )

    def clean(self, value: Any) -> Any:
        """The chosen records."""
        for one in value or ():
            if read_id(one) is None:
                raise forms.ValidationError(_("This choice is not available."), code="invalid_pk_value")
        return super().clean(value)


class ScopedFormMixin:
    """Offers only records within the user's reach, and hides what the user may not see."""

    fields: dict[str, forms.Field]
    initial: Any
    data: Any
    user: Any
    fieldsets: ClassVar[Sequence[tuple[Any, Sequence[str]]]] = ()
    wide: ClassVar[frozenset[str]] = frozenset()
    open_groups: ClassVar[int] = 99
    """How many fieldsets stand open in a new form; the others unfold."""
    row_forms: ClassVar[Mapping[str, type[forms.Form]]] = {}
    """The forms of the rows that it reads as formsets, by their name; the attribute of that name is the formset."""
    also_read: ClassVar[frozenset[str]] = frozenset()
    """Names that what is sent may hold beside the fields, such as what was shown and is confirmed."""

    def scope_fields(self, user: Any) -> None:
        """Turn every choice of a record into a picker of the records that `user` sees."""
        self.user = user
        for name, field in list(self.fields.items()):
            if type(field) is forms.ModelChoiceField or isinstance(field, PickerField):
                self.fields[name] = self._picker(name, field)
            elif type(field) is forms.ModelMultipleChoiceField:
                visible = field.queryset.model._default_manager.visible_to(user)  # type: ignore[union-attr]  # has a model once it is shown
                self.fields[name] = ManyField.of(field, self.choices_of(name, visible))

    def _picker(self, name: str, field: forms.ModelChoiceField) -> PickerField:
        model = field.queryset.model  # type: ignore[union-attr]  # has a model once it is shown
        picker = PickerField(model, required=field.required, label=field.label, help_text=field.help_text)
        visible = model._default_manager.visible_to(self.user)
        offered = picker.queryset = self.choices_of(name, visible)
        # A page of options knows neither what this form leaves out nor those who may not open it.
        picker.widget = PickerWidget(url=options_url(model, self.user) if offered is visible else "")
        picker.chosen_pk = self._chosen(name)
        picker.widget.choices = picker.choices
        return picker

    def choices_of(self, name: str, visible: Any) -> Any:
        """The records to offer for a field; a form may narrow them further."""
        return visible

    def _chosen(self, name: str) -> Any:
        typed = self.data.get(self.add_prefix(name)) if self.data else None  # type: ignore[attr-defined]  # mixed into forms
        value = typed or self.initial.get(name)
        return read_id(getattr(value, "pk", value))

    def asked(self) -> Mapping[str, Any]:
        """What a refused form shows and wants back, by a name of `also_read`."""
        return {}

    def groups(self) -> list[tuple[Any, list[Any]]]:
        """The bound fields by fieldset, with whatever no fieldset names at the end."""
        named = [name for _label, names in self.fieldsets for name in names]
        rest = [name for name in self.fields if name not in named]
        sets = [*self.fieldsets, ("", rest)] if rest else list(self.fieldsets)
        return [
            (label, [self[name] for name in names if name in self.fields])  # type: ignore[index]  # mixed into forms
            for label, names in sets
        ]


def refuse(form: Any, broken: RuleBroken) -> None:
    """Say a broken rule next to the field that it is about, or above the form."""
    form.add_error(broken.field if broken.field in form.fields else None, broken.message)


class ActionForm(ScopedFormMixin, forms.Form):
    """What an act asks for. `record` is the one it is about, or None for many."""

    def __init__(self, *args: Any, user: Any, record: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record = record
        self.scope_fields(user)

    def values(self) -> dict[str, Any]:
        """The clean arguments of the action."""
        return dict(self.cleaned_data)


class RecordForm(ScopedFormMixin, forms.ModelForm):
    """The fields of a record that people type; the action writes them, never the form."""

    def __init__(self, *args: Any, user: Any, record: Any = None, **kwargs: Any) -> None:
        # A copy: cleaning sets attributes, and a refused form must leave the record as it is.
        super().__init__(*args, **{**kwargs, "instance": copy.copy(record)})
        self.record = record
        self._drop_masked(user)
        self.scope_fields(user)

    def _drop_masked(self, user: Any) -> None:
        masked = reach_of(user).masked
        for name in list(self.fields):
            if name in self._model_fields() and class_of(self._model_fields()[name]) in masked:
                del self.fields[name]

    def _model_fields(self) -> dict[str, Any]:
        return {field.name: field for field in self._meta.model._meta.get_fields()}

    def values(self) -> dict[str, Any]:
        """The clean arguments of the action, in the normal form that the model gives them."""
        columns = {name for name, field in self._model_fields().items() if not field.many_to_many}
        return {
            name: getattr(self.instance, name) if name in columns else value
            for name, value in self.cleaned_data.items()
        }

    def save(self, commit: bool = True) -> Any:
        """Refused: every write goes through an action."""
        raise TypeError("Forms do not save: call an action with form.values().")
