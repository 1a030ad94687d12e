"""Rows that are customers."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.customers import actions
from guanxi.customers.actions import Taken
from guanxi.customers.models import Customer
from guanxi.customers.queries import Duplicate, find_likes
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.rules import RuleBroken
from guanxi.kernel.text import fold
from guanxi.transfer.kinds import cells
from guanxi.transfer.kinds.desk import Desk, Outcome, Unit, allowed, outcomes_of
from guanxi.transfer.kinds.fields import Field, of_model, values_of

_DIVISION = re.compile("(省|市|特别行政区|(壮族|回族|维吾尔)?自治区)$")


def entry_of(type_key: str) -> Any:
    """Reads the label of a dictionary entry."""
    return lambda cell, desk: cells.read_choice(cell, desk.entries(type_key))


def read_area(cell: Any, desk: Desk) -> Any:
    """An area, also with the kind of division behind its name: 浙江省, 广西壮族自治区."""
    words = desk.entries("area")
    bare = _DIVISION.sub("", cells.text_of(cell).strip())
    return cells.read_choice(bare if fold(bare) in words else cell, words)


def model_field(name: str, *words: str, sample: str = "") -> Field:
    """A column that is a plain field of customers."""
    return of_model(Customer, name, words, sample=sample)


FIELDS = [
    Field(
        "name",
        _("Customer name"),
        of_model(Customer, "name").read,
        (
            "客户名称",
            "客户",
            "客户名",
            "名称",
            "公司名称",
            "公司",
            "企业名称",
            "单位名称",
            "company",
            "customer",
            "company name",
        ),
        required=True,
        sample="杭州云栖智造科技有限公司",
    ),
    Field(
        "number",
        _("Customer number"),
        of_model(Customer, "number").read,
        ("客户编号", "编号", "客户号", "客户代码", "id", "customer id", "customer no", "code"),
    ),
    Field("level", _("Level"), entry_of("customer_level"), ("客户等级", "级别", "客户级别", "等级"), sample="大客户"),
    Field(
        "area",
        _("Area"),
        read_area,
        ("地区", "区域", "省份", "省", "所在地区", "region", "province"),
        sample="浙江省",
    ),
    Field("industry", _("Industry"), entry_of("industry"), ("行业", "所属行业"), sample="制造业"),
    Field("source", _("Source"), entry_of("chance_source"), ("来源", "客户来源"), sample="展会"),
    Field(
        "manager",
        _("Manager"),
        lambda cell, desk: desk.may_manage(cell),
        ("客户经理", "负责人", "业务员", "销售", "所属人", "owner", "account manager", "salesperson"),
    ),
    Field(
        "since",
        _("Customer since"),
        lambda cell, desk: cells.read_day(cell),
        ("成为客户日期", "成交日期", "创建日期", "建档日期", "注册日期", "客户起始日期", "created", "since"),
        sample="2024-03-01",
    ),
    model_field("credit", "信用度", "信用", "信用等级", sample="5"),
    model_field(
        "phone", "电话", "联系电话", "公司电话", "客户电话", "手机", "tel", "telephone", sample="0571-86000000"
    ),
    model_field("fax", "传真"),
    model_field("website", "网址", "网站", "官网", "url", "web"),
    model_field("address", "地址", "公司地址", "详细地址", sample="杭州市西湖区云栖小镇 1 号"),
    model_field("post_code", "邮编", "邮政编码", "zip", "postcode"),
    model_field(
        *("licence_number", "统一社会信用代码", "营业执照注册号", "信用代码", "社会信用代码", "执照号"),
        *("license", "credit code"),
    ),
    model_field("legal_representative", "法人", "法定代表人", "法人代表"),
    model_field("registered_capital", "注册资金", "注册资本"),
    model_field("annual_turnover", "年营业额", "营业额", "turnover"),
    model_field("bank", "开户银行", "开户行"),
    model_field("bank_account", "银行账号", "银行账户", "账号", "帐号", "银行帐号"),
    model_field("tax_number", "税号", "纳税人识别号", "tax id"),
    model_field("local_tax_number", "地税登记号", "地税"),
    model_field("national_tax_number", "国税登记号", "国税"),
]


def units(rows: Iterable[Any], mapping: Mapping[str, int], desk: Desk) -> Iterator[Unit]:
    """One customer a row."""
    for row in rows:
        yield one_row(row, mapping, FIELDS, desk)


def one_row(row: Any, mapping: Mapping[str, int], fields: Sequence[Field], desk: Desk) -> Unit:
    """A unit of one row: its values, or its refusal."""
    unit = Unit([row])
    try:
        unit.values = values_of(row, mapping, fields, desk)
    except RuleBroken as refusal:
        unit.refusal = refusal
    return unit


def judge(batch: Sequence[Unit], desk: Desk, change: ChangeWriter) -> list[Outcome]:
    """What `write` would do; writes nothing."""
    verdicts = actions.judge_customers(rows=_rows(batch, desk), change=change)
    known = _known(verdicts, desk)
    return outcomes_of(batch, verdicts, desk, lambda unit, taken: _refuse_update(taken, desk, known))


def write(batch: Sequence[Unit], desk: Desk, change: ChangeWriter) -> list[Outcome]:
    """Enter the customers, and do with those that are there what was asked."""
    verdicts = actions.create_customers(rows=_rows(batch, desk), change=change)
    known = _known(verdicts, desk)

    def update(unit: Unit, taken: Taken) -> None:
        _refuse_update(taken, desk, known)
        # Neither the number nor the manager changes by an import: they have verbs of their own.
        fields = {name: value for name, value in unit.values.items() if name not in {"number", "manager"}}
        if taken.record.pk is not None:
            actions.edit_customer(taken.record, change=change, **fields)

    return outcomes_of(batch, verdicts, desk, update)


def _rows(batch: Sequence[Unit], desk: Desk) -> list[dict[str, Any]]:
    return [{"manager": desk.manager, **unit.values} for unit in batch if unit.refusal is None]


def _known(verdicts: Sequence[Any], desk: Desk) -> set[int]:
    pks = [one.record.pk for one in verdicts if isinstance(one, Taken) and one.record.pk]
    return allowed(Customer.objects, desk, pks) if pks and desk.duplicates == "update" else set()


def _refuse_update(taken: Taken, desk: Desk, known: set[int]) -> None:
    """One's own rights and reach hold for updates; the second row of a name in one batch is refused."""
    if taken.record.pk not in known or not desk.may("customers.edit_customer"):
        raise taken


def keys_of(unit: Unit) -> list[str]:
    """What no other unit of the file may share."""
    number = unit.values.get("number")
    return [f"name {fold(unit.values['name'])}", *([f"number {number}"] if number else [])]


def likes_of(units: Sequence[Unit]) -> list[list[Duplicate]]:
    """The customers there with the phone or the licence number of each unit; their names differ."""
    traits = [([unit.values.get("phone") or ""], unit.values.get("licence_number") or "") for unit in units]
    return find_likes(traits)
