"""A dictionary field offers the entries of its type, and survives a migration."""

from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db.migrations.writer import MigrationWriter

from guanxi.customers.models import Customer
from guanxi.dictionary import actions
from guanxi.dictionary.fields import DictionaryField
from guanxi.dictionary.models import DictionaryEntry
from tests.cast import change


class LevelForm(forms.ModelForm):
    class Meta:
        model = Customer
        fields = ["level"]


def make_entry(label_zh: str, type_key: str = "customer_level") -> DictionaryEntry:
    with change() as writer:
        return actions.create_entry(type=type_key, label_zh=label_zh, change=writer)


def offered(form: forms.ModelForm) -> list[str]:
    return [str(label) for value, label in form["level"].field.choices if value]


@pytest.mark.django_db
def test_a_form_offers_the_entries_in_use_and_the_current_one() -> None:
    kept, retired, _stranger = make_entry("大客户"), make_entry("旧客户"), make_entry("制造业", "industry")
    with change() as writer:
        actions.retire_entry(retired, change=writer)
    assert offered(LevelForm()) == ["大客户"]
    assert offered(LevelForm(instance=Customer(level=retired))) == ["大客户", "旧客户"]
    assert LevelForm({"level": kept.pk}).is_valid()
    assert not LevelForm({"level": retired.pk}).is_valid()
    assert LevelForm({"level": retired.pk}, instance=Customer(level=retired)).is_valid()


@pytest.mark.django_db
def test_a_new_record_begins_with_the_default() -> None:
    entry = make_entry("大客户")
    with change() as writer:
        actions.set_default(entry, change=writer)
    assert LevelForm()["level"].initial == entry.pk


@pytest.mark.django_db
def test_an_entry_of_another_type_is_refused() -> None:
    stranger: Any = make_entry("制造业", "industry")
    assert not LevelForm({"level": stranger.pk}).is_valid()
    with pytest.raises(ValidationError):
        Customer._meta.get_field("level").clean(stranger.pk, None)


def test_it_deconstructs_to_its_type() -> None:
    field = DictionaryField("customer_level", verbose_name="Level")
    _name, path, args, kwargs = field.deconstruct()
    assert (path, args) == ("guanxi.dictionary.fields.DictionaryField", ["customer_level"])
    assert kwargs == {"null": True, "blank": True, "verbose_name": "Level"}
    assert "DictionaryField('customer_level'" in MigrationWriter.serialize(field)[0]
    assert field.clone().type_key == "customer_level"
