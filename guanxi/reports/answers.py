"""What a report found: plain figures and rows under declared names, which a job can keep as JSON."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Row = Sequence[Any]
TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Figure:
    """One figure, and what it was a year before and the period before; None where that is not known."""

    value: Any
    year_before: Any = None
    before: Any = None


@dataclass(frozen=True)
class Answer:
    """Figures by name, and tables by name; the first cell of a row is the key of what it stands for.

    `count` says how many rows the table has in all, of which one page is here.
    """

    figures: dict[str, Figure] = field(default_factory=dict)
    tables: dict[str, list[Row]] = field(default_factory=dict)
    count: int = 0


def share(part: Decimal | int, whole: Decimal | int | None) -> Decimal | None:
    """A part in percent of the whole, half up to one decimal; None where there is no whole."""
    if not whole or whole < 0:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(TENTH, ROUND_HALF_UP)


def change(value: Any, earlier: Any) -> Decimal | None:
    """By how many percent a value rose or fell; None where there was nothing to compare with."""
    return None if value is None or not earlier or earlier < 0 else share(value - earlier, earlier)


def mean(total: Decimal | int, count: int, places: Decimal = TENTH) -> Decimal | None:
    """A mean, half up; None of nothing."""
    return (Decimal(total) / count).quantize(places, ROUND_HALF_UP) if count else None


def most(row: Row) -> tuple[Any, ...]:
    """Sorts rows of (key, count, …): the most first, ties by the key, nothing last."""
    return -row[1], row[0] is None, row[0]


def rated(row: Row) -> tuple[Any, ...]:
    """Sorts rows by a number that is their key, the highest first, none last."""
    return row[0] is None, -(row[0] or 0)


def write(answer: Answer) -> str:
    """An answer as JSON, its amounts and days exact."""
    figures = {name: [one.value, one.year_before, one.before] for name, one in answer.figures.items()}
    return json.dumps({"figures": figures, "tables": answer.tables, "count": answer.count}, default=_written)


def read(text: str) -> Answer:
    """What `write` wrote."""
    kept = json.loads(text, object_hook=_read)
    figures = {name: Figure(*values) for name, values in kept["figures"].items()}
    return Answer(figures, kept["tables"], kept["count"])


def _written(value: Any) -> dict[str, str]:
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    raise TypeError(f"{type(value).__name__} is no value of a report.")


def _read(kept: dict[str, Any]) -> Any:
    if kept.keys() == {"decimal"}:
        return Decimal(kept["decimal"])
    return date.fromisoformat(kept["day"]) if kept.keys() == {"day"} else kept
