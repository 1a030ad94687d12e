"""Dictionary types, declared by the apps that use them; administrators choose the entries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_declared: dict[str, "DictionaryType"] = {}

Start = tuple[str, str, str]
"""A start value: Chinese label, English label, tone."""


@dataclass(frozen=True)
class DictionaryType:
    """One list of values. `label` is a translated text; `start` fills an empty installation."""

    key: str
    label: Any
    start: Sequence[Start] = ()

    def __post_init__(self) -> None:
        if self.key in _declared:
            raise ValueError(f"The dictionary type {self.key} is declared already: use that one.")
        _declared[self.key] = self


def declared_types() -> list[DictionaryType]:
    """All types, in the order of their declaration."""
    return list(_declared.values())


def type_of(key: str) -> DictionaryType:
    """The declared type of a key."""
    return _declared[key]
