"""What an installation begins with: apps above this one register what fills their tables at every start."""

from collections.abc import Callable
from typing import Any

Filling = Callable[..., Any]

_fillings: list[Filling] = []


def fill_at_start(filling: Filling) -> None:
    """Call `filling(change=…)` at every start; it must find out itself what is there already."""
    _fillings.append(filling)


def fillings() -> list[Filling]:
    """Every registered filling, in the order of registration."""
    return list(_fillings)
