"""Changing the company's settings."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from guanxi.history.writer import ChangeWriter
from guanxi.kernel.rules import RuleBroken
from guanxi.parameters.models import Parameter
from guanxi.parameters.registry import Setting, declared


def set_parameter(setting: Setting[Any], *, value: Any, change: ChangeWriter) -> None:
    """Choose a value; raises RuleBroken if it lies outside the setting's bounds."""
    set_parameters({setting: value}, change=change)


def set_parameters(values: Mapping[Setting[Any], Any], *, change: ChangeWriter) -> None:
    """Choose several values at once; raises RuleBroken, at its field, for the first that lies outside its bounds."""
    for setting, value in values.items():
        _check_bounds(setting, value)
        _check_text(setting, value)
    for setting in [*values, *_bound_to(values)]:
        _check_order(setting, values)
    for setting, value in values.items():
        _write(setting, value, change)


def _check_bounds(setting: Setting[Any], value: Any) -> None:
    if setting.lowest is not None and value < setting.lowest:
        raise RuleBroken(_("The least value is %(value)s.") % {"value": setting.lowest}, field=setting.key)
    if setting.highest is not None and value > setting.highest:
        raise RuleBroken(_("The greatest value is %(value)s.") % {"value": setting.highest}, field=setting.key)


def _check_text(setting: Setting[Any], value: Any) -> None:
    if not isinstance(setting.default, str):
        return
    if setting.choices and value not in dict(setting.choices):
        raise RuleBroken(_("This choice is not available."), field=setting.key)
    if not value and setting.required:
        raise RuleBroken(_("This must not be empty."), field=setting.key)
    if len(value) > setting.longest:
        raise RuleBroken(_("At most %(count)s characters.") % {"count": setting.longest}, field=setting.key)
    if value and setting.pattern is not None and not setting.pattern.fullmatch(value):
        raise RuleBroken(_("This does not have the form that is asked for."), field=setting.key)


def _bound_to(values: Mapping[Setting[Any], Any]) -> list[Setting[Any]]:
    return [one for one in declared() if one.above in values]


def _check_order(setting: Setting[Any], values: Mapping[Setting[Any], Any]) -> None:
    """Hold a setting above the one that it must exceed, as both will stand."""
    lower = setting.above
    if lower is None:
        return
    value, least = values.get(setting, setting.read()), values.get(lower, lower.read())
    if value <= least:
        raise RuleBroken(_("It must be above %(value)s.") % {"value": least}, field=setting.key)


def _write(setting: Setting[Any], value: Any, change: ChangeWriter) -> None:
    chosen = Parameter.objects.filter(key=setting.key).first()
    if chosen is not None:
        change.update(chosen, value=value)
    else:
        change.create(Parameter, key=setting.key, value=value)
