"""Changing the company's settings."""

from typing import Any

from django.utils.translation import gettext as _

from guanxi.history.writer import ChangeWriter
from guanxi.kernel.rules import RuleBroken
from guanxi.parameters.models import Parameter
from guanxi.parameters.registry import Setting


def set_parameter(setting: Setting[Any], *, value: Any, change: ChangeWriter) -> None:
    """Choose a value; raises RuleBroken if it lies outside the setting's bounds."""
    if setting.lowest is not None and value < setting.lowest:
        raise RuleBroken(_("The least value is %(value)s.") % {"value": setting.lowest})
    if setting.highest is not None and value > setting.highest:
        raise RuleBroken(_("The greatest value is %(value)s.") % {"value": setting.highest})
    chosen = Parameter.objects.filter(key=setting.key).first()
    if chosen is None:
        change.create(Parameter, key=setting.key, value=value)
    else:
        change.update(chosen, value=value)
