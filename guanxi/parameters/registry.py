"""Settings declared by the code that reads them; administrators choose values on screen."""

import re
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from guanxi.history.stamps import Stamped
from guanxi.parameters.models import Parameter

T = TypeVar("T")

_declared: dict[str, "Setting[Any]"] = {}
_groups: dict[str, Any] = {}
_chosen: Stamped[dict[str, Any]] = Stamped(1)


@dataclass(frozen=True)
class Setting(Generic[T]):
    """One typed setting. `key` is `app.name`; `label` and `hint` are translated texts.

    A number lies between `lowest` and `highest`, and above that of the setting `above`; a text has at most `longest`
    characters, fits the whole of `pattern`, is one of `choices`, and is empty only if it is not `required`. What only
    the program sets is not `shown` to administrators.
    """

    key: str
    default: T
    label: Any
    hint: Any = ""
    lowest: int | None = None
    highest: int | None = None
    above: "Setting[Any] | None" = None
    shown: bool = True
    required: bool = True
    longest: int = 200
    pattern: "re.Pattern[str] | None" = None
    choices: tuple[tuple[str, Any], ...] = ()

    def __post_init__(self) -> None:
        _declared[self.key] = self

    @property
    def app(self) -> str:
        """The app that declares it."""
        return self.key.partition(".")[0]

    def read(self) -> T:
        """The chosen value, or the default."""
        value: T = _values().get(self.key, self.default)
        return value


def group_settings(app: str, label: Any) -> None:
    """Say what the settings of an app are called together."""
    _groups[app] = label


def grouped() -> list[tuple[Any, list["Setting[Any]"]]]:
    """The settings that administrators see, by app in the order of the apps' names, as they were declared."""
    shown = [one for one in _declared.values() if one.shown]
    apps = sorted({one.app for one in shown})
    return [(_groups.get(app, app), [one for one in shown if one.app == app]) for app in apps]


def declared() -> list["Setting[Any]"]:
    """All settings, in the order of their keys."""
    return [_declared[key] for key in sorted(_declared)]


def _values() -> dict[str, Any]:
    """All chosen values, read again only when one was changed."""
    return _chosen.read(Parameter.stamp, None, lambda: dict(Parameter.objects.in_use().values_list("key", "value")))
