"""Order lines as people or files give them, checked and turned into rows."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from guanxi.customers.models import Order, OrderLine
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.money import CENT, cents, line_amount
from guanxi.kernel.rules import RuleBroken
from guanxi.kernel.text import tidy

Line = Mapping[str, Any]
"""`goods`, `quantity`, `unit_price`, and if known `unit`, `discount`, `amount` (of a file) and `id`."""

LARGEST = Decimal(10) ** 11
QUANTITY_PLACES = 3
PRICE_PLACES = 6


def checked_lines(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """The fields of each line with its amount; raises RuleBroken naming the line at fault."""
    if not lines:
        raise RuleBroken(_("An order needs at least one line."), field="lines")
    return [{**_checked(number, line), "position": number} for number, line in enumerate(lines, start=1)]


def total_of(rows: Sequence[Mapping[str, Any]]) -> Decimal:
    """The sum of the amounts."""
    return sum((row["amount"] for row in rows), start=Decimal("0.00"))


def replace_lines(
    order: Order, *, ids: Sequence[int | None], rows: Sequence[dict[str, Any]], change: ChangeWriter
) -> None:
    """Bring an order's lines to what `rows` say: change those whose id is given, add and bin the others."""
    standing = {line.pk: line for line in order.lines.in_use()}
    for pk, row in zip(ids, rows, strict=True):
        line = standing.pop(pk, None)
        if line is None:
            change.create(OrderLine, order=order, **row)
        else:
            change.update(line, **row)
    change.bin_many(order.lines.filter(pk__in=list(standing)))


def same_lines(order: Order, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether these rows say what the order's lines say already."""
    names = ("goods", "quantity", "unit", "unit_price", "discount", "amount")
    standing = [tuple(getattr(line, name) for name in names) for line in order.lines.in_use()]
    return standing == [tuple(row[name] for name in names) for row in rows]


def _checked(number: int, line: Line) -> dict[str, Any]:
    row = {
        "goods": tidy(line["goods"]),
        "quantity": line["quantity"],
        "unit": tidy(line.get("unit") or ""),
        "unit_price": line["unit_price"],
        "discount": line.get("discount") or Decimal(0),
    }
    problem = _problem_of_terms(row)
    if not problem:
        expected = line_amount(row["quantity"], row["unit_price"], row["discount"])
        brought = line.get("amount")
        row["amount"] = expected if brought is None else cents(brought)
        problem = _problem_of_amount(row, expected)
    if problem:
        raise RuleBroken(_("Line %(number)s: %(problem)s") % {"number": number, "problem": problem}, field="lines")
    return row


def _problem_of_terms(row: Mapping[str, Any]) -> str:
    if not row["goods"]:
        return _("say what was bought.")
    if row["quantity"] <= 0 or _places(row["quantity"]) > QUANTITY_PLACES:
        return _("the quantity must be above 0, with at most 3 decimals.")
    if row["unit_price"] < 0 or _places(row["unit_price"]) > PRICE_PLACES:
        return _("the unit price must be 0 or more, with at most 6 decimals.")
    largest = max(row["quantity"], row["unit_price"], row["quantity"] * row["unit_price"], row["discount"])
    return _("the amount is too large.") if largest > LARGEST else ""


def _problem_of_amount(row: Mapping[str, Any], expected: Decimal) -> str:
    if row["discount"] < 0 or expected < 0:
        return _("the discount must lie between 0 and the price of the line.")
    if row["amount"] < 0 or abs(row["amount"] - expected) > CENT * max(row["quantity"], 1):
        return _("the amount does not fit quantity, unit price and discount.")
    return ""


def _places(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -int(exponent))
