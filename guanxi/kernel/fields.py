"""Model fields that know their class: amounts, phones, bank data. Roles may mask a class."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core import exceptions
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.money import CENT, cents, read_decimal
from guanxi.kernel.phones import normalise_phone


class FieldClass(models.TextChoices):
    """What a field holds, as far as masking is concerned."""

    PLAIN = "plain", _("Plain")
    AMOUNT = "amount", _("Amounts")
    PHONE = "phone", _("Phone numbers")
    BANK = "bank", _("Bank data")


def class_of(field: Any) -> str:
    """The class of a model field."""
    found: str = getattr(field, "field_class", FieldClass.PLAIN.value)
    return found


def field_at(model: Any, path: str) -> Any:
    """The field of a model, or of one that it refers to: `customer__level`."""
    name, _below, rest = path.partition("__")
    field = model._meta.get_field(name)
    return field_at(field.related_model, rest) if rest else field


class AmountField(forms.DecimalField):
    """Reads `12万`, `1,200`, full-width digits; refuses more than two decimals."""

    default_error_messages = {"invalid": _("Enter an amount, such as 1,200.00 or 12万.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": 15, "decimal_places": 2, **kwargs})
        self.widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "num"})

    def to_python(self, value: Any) -> Any:
        """The typed amount in yuan."""
        if not isinstance(value, str):
            return super().to_python(value)
        if not value.strip():
            return None
        amount = read_decimal(value)
        if amount is None:
            raise exceptions.ValidationError(self.error_messages["invalid"], code="invalid")
        return amount.normalize() if amount == amount.to_integral_value() else amount


class MoneyField(models.BigIntegerField):
    """Decimal yuan with two places, stored as whole cents so that sums are exact everywhere."""

    # What the type checker takes an attribute of this field to be.
    _pyi_private_get_type: Decimal  # type: ignore[assignment]  # stored as whole cents, read as yuan

    description = "An amount in yuan"
    field_class = FieldClass.AMOUNT.value

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Decimal | None:
        """Cents of the database as yuan (a sum arrives as an int or a Decimal)."""
        return None if value is None else cents(Decimal(value) * CENT)

    def to_python(self, value: Any) -> Decimal | None:
        """A Decimal of two places from what a form or a log holds."""
        if value is None:
            return None
        try:
            return cents(Decimal(str(value)))
        except ArithmeticError as error:
            raise exceptions.ValidationError(_("Enter an amount.")) from error

    def get_prep_value(self, value: Any) -> int | None:
        """Yuan as whole cents."""
        amount = self.to_python(value)
        return None if amount is None else int(amount / CENT)

    def value_to_string(self, obj: models.Model) -> str:
        """The amount as text, for serialisers."""
        return str(self.value_from_object(obj))

    def formfield(self, **kwargs: Any) -> Any:
        """A field that reads amounts as people type them."""
        return AmountField(required=not self.blank, label=self.verbose_name)


class PhoneField(models.CharField):
    """A phone number in its normal form (see `kernel.phones`)."""

    field_class = FieldClass.PHONE.value

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        super().__init__(*args, **kwargs)

    def clean(self, value: Any, model_instance: models.Model | None) -> str:
        """The normal form, or a sentence saying that this is no phone number."""
        text = str(super().clean(value, model_instance))
        if not text:
            return text
        number = normalise_phone(text)
        if number is None:
            raise exceptions.ValidationError(_("This is not a phone number."))
        return number


class BankField(models.CharField):
    """Bank data, such as an account number."""

    field_class = FieldClass.BANK.value
