"""Rows that are lines of orders: several rows with one order number are one order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.customers import actions
from guanxi.customers.models import Order, OrderLine
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.rules import RuleBroken
from guanxi.transfer.kinds import cells
from guanxi.transfer.kinds.contacts import NAMES_OF_CUSTOMERS, NUMBERS_OF_CUSTOMERS
from guanxi.transfer.kinds.customers import one_row
from guanxi.transfer.kinds.desk import Desk, Outcome, Unit, outcomes_of
from guanxi.transfer.kinds.fields import Field, of_model, shown

MOST_LINES = 1_000
HEAD = ("number", "customer_number", "customer_name", "ordered_at", "paid", "paid_at", "salesperson", "address")
LINE = ("goods", "quantity", "unit", "unit_price", "discount", "amount")


def _code(cell: Any, _desk: Any) -> str:
    return cells.read_code(cell)


def _text(cell: Any, _desk: Any) -> str:
    return cells.text_of(cell).strip()


def _number(cell: Any, _desk: Any) -> Decimal:
    return cells.read_number(cell)


def _day(cell: Any, _desk: Any) -> Any:
    return cells.read_day(cell)


FIELDS = [
    Field(
        *("number", _("Order number"), of_model(Order, "number").read),
        words=("订单编号", "订单号", "单号", "编号", "order", "order id", "order no"),
        sample="DD-2026-0001",
    ),
    Field("customer_number", _("Customer number"), _code, NUMBERS_OF_CUSTOMERS),
    Field("customer_name", _("Customer name"), _text, NAMES_OF_CUSTOMERS, sample="杭州云栖智造科技有限公司"),
    Field(
        *("ordered_at", _("Order date"), _day),
        words=("订单日期", "下单日期", "下单时间", "订购日期", "日期", "date", "ordered"),
        sample="2026-03-01",
    ),
    Field(
        *("goods", _("Goods"), of_model(OrderLine, "goods").read),
        words=("商品", "商品名称", "产品", "产品名称", "货品", "品名", "item", "product"),
        required=True,
        sample="采集网关",
    ),
    Field("quantity", _("Quantity"), _number, ("数量", "件数", "qty"), required=True, sample="40"),
    of_model(OrderLine, "unit", ("单位", "计量单位"), sample="台"),
    Field("unit_price", _("Unit price"), _number, ("单价", "价格", "price"), sample="7160"),
    Field("discount", _("Discount"), _number, ("优惠", "折扣", "折扣金额", "优惠金额"), sample="0"),
    Field("amount", _("Amount"), _number, ("金额", "小计", "总价", "总金额", "合计", "total", "sum"), sample="286400"),
    Field(
        *("paid", _("Paid"), lambda cell, desk: cells.read_flag(cell)),
        words=("是否支付", "是否付款", "支付状态", "付款状态", "状态", "已支付", "已付款", "回款状态", "paid mark"),
        sample="是",
    ),
    Field("paid_at", _("Paid on"), _day, ("付款日期", "支付日期", "回款日期", "payment date")),
    Field(
        *("salesperson", _("Salesperson"), lambda cell, desk: desk.person(cell)),
        words=("业务员", "销售", "销售员", "销售人员", "seller"),
    ),
    of_model(Order, "address", ("送货地址", "收货地址", "地址", "delivery address")),
]


def units(rows: Iterable[Any], mapping: Mapping[str, int], desk: Desk) -> Iterator[Unit]:
    """Neighbouring rows of one order number; rows that name no order, customer or day go on with the one above."""
    order: Unit | None = None
    for row in rows:
        if order is not None and _goes_on(row, order.rows[0], mapping) and len(order.rows) <= MOST_LINES:
            order.rows.append(row)
        else:
            if order is not None:
                yield _read(order, mapping, desk)
            order = Unit([row])
    if order is not None:
        yield _read(order, mapping, desk)


def _goes_on(row: Any, first: Any, mapping: Mapping[str, int]) -> bool:
    number = _seen(row, mapping, "number")
    if number:
        return number == _seen(first, mapping, "number")
    return not any(_seen(row, mapping, name) for name in ("customer_number", "customer_name", "ordered_at"))


def _seen(row: Any, mapping: Mapping[str, int], name: str) -> str:
    place = mapping.get(name)
    return "" if place is None or place >= len(row.cells) else shown(row.cells[place]).strip()


def _read(unit: Unit, mapping: Mapping[str, int], desk: Desk) -> Unit:
    """The order's own values, of the first row that says them, and its lines."""
    read = [one_row(row, mapping, FIELDS, desk) for row in unit.rows]
    faults = [f"{_row_number(one)} {one.refusal}" if len(read) > 1 else str(one.refusal) for one in read if one.refusal]
    values = {name: one.values[name] for one in reversed(read) for name in HEAD if name in one.values}
    if len(unit.rows) > MOST_LINES:
        faults = [gettext("The order has more than %(most)s lines.") % {"most": MOST_LINES}]
    elif not faults and "ordered_at" not in values:
        faults = [gettext("The row names no day of the order.")]
    if faults:
        unit.refusal = RuleBroken(" ".join(faults))
    else:
        unit.values = {**values, "lines": [_line(one.values) for one in read]}
        _refuse_without_price(unit)
    return unit


def _refuse_without_price(unit: Unit) -> None:
    """A line that names neither price nor amount is no gift."""
    for row, line in zip(unit.rows, unit.values["lines"], strict=True):
        if line["unit_price"] is None:
            unit.refusal = RuleBroken(
                gettext("Row %(number)s names neither unit price nor amount.") % {"number": row.number}
            )


def _row_number(unit: Unit) -> str:
    return gettext("Row %(number)s:") % {"number": unit.rows[0].number}


def _line(values: Mapping[str, Any]) -> dict[str, Any]:
    """The line as the action takes it; a file without unit prices has them from the amount."""
    line = {name: values[name] for name in LINE if name in values}
    if "unit_price" not in line:
        line["unit_price"] = _price(line)
    return line


def _price(line: Mapping[str, Any]) -> Decimal | None:
    amount: Decimal | None = line.get("amount")
    quantity: Decimal = line["quantity"]
    if amount is None:
        return None
    if quantity <= 0:  # the action says what is wrong with it
        return Decimal(0)
    whole: Decimal = amount + line.get("discount", Decimal(0))
    return (whole / quantity).quantize(Decimal("0.000001"))


def judge(batch: Sequence[Unit], desk: Desk, change: ChangeWriter) -> list[Outcome]:
    """What `write` would do; writes nothing."""
    desk.find_customers(batch)
    return outcomes_of(batch, actions.judge_orders(rows=_rows(batch), change=change), desk)


def write(batch: Sequence[Unit], desk: Desk, change: ChangeWriter) -> list[Outcome]:
    """Enter the orders with their lines, and their payments where they are marked paid."""
    desk.find_customers(batch)
    return outcomes_of(batch, actions.create_orders(rows=_rows(batch), change=change), desk)


def _rows(batch: Sequence[Unit]) -> list[dict[str, Any]]:
    return [unit.values for unit in batch if unit.refusal is None]


def keys_of(unit: Unit) -> list[str]:
    """What no other unit of the file may share."""
    return [unit.values["number"]] if unit.values.get("number") else []
