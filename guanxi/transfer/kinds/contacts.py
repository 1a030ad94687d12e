"""Rows that are contacts of customers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.customers import actions
from guanxi.customers.actions import Taken
from guanxi.customers.models import Contact
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.text import fold
from guanxi.transfer.kinds import cells
from guanxi.transfer.kinds.customers import one_row
from guanxi.transfer.kinds.desk import Desk, Outcome, Unit, outcomes_of
from guanxi.transfer.kinds.fields import Field, of_model

SEXES = {
    **dict.fromkeys(["男", "男士", "先生", "male", "m", "mr"], Contact.Sex.MALE.value),
    **dict.fromkeys(["女", "女士", "小姐", "female", "f", "ms", "mrs"], Contact.Sex.FEMALE.value),
}
NAMED_SEXES = (Contact.Sex.MALE.label, Contact.Sex.FEMALE.label)


def _code(cell: Any, _desk: Any) -> str:
    return cells.read_code(cell)


def _text(cell: Any, _desk: Any) -> str:
    return cells.text_of(cell).strip()


def model_field(name: str, *words: str, sample: str = "") -> Field:
    """A column that is a plain field of contacts."""
    return of_model(Contact, name, words, sample=sample)


NAMES_OF_CUSTOMERS = (
    "客户名称",
    "客户",
    "公司名称",
    "公司",
    "单位名称",
    "企业名称",
    "company",
    "customer",
    "company name",
)
NUMBERS_OF_CUSTOMERS = ("客户编号", "客户号", "客户代码", "customer id", "customer no")

FIELDS = [
    Field("customer_number", _("Customer number"), _code, NUMBERS_OF_CUSTOMERS),
    Field("customer_name", _("Customer name"), _text, NAMES_OF_CUSTOMERS, sample="杭州云栖智造科技有限公司"),
    Field(
        "name",
        _("Contact name"),
        of_model(Contact, "name").read,
        ("姓名", "联系人", "联系人姓名", "名字", "contact", "full name", "person"),
        required=True,
        sample="王建国",
    ),
    Field(
        "sex",
        _("Sex"),
        lambda cell, desk: cells.read_choice(cell, SEXES, NAMED_SEXES),
        ("性别", "称谓", "gender"),
        sample="男",
    ),
    model_field("position", "职位", "职务", "title", "job title", sample="采购经理"),
    model_field(
        "mobile", "手机", "手机号", "手机号码", "移动电话", "联系电话", "电话", "phone", "cell", sample="13805712233"
    ),
    model_field("office_phone", "办公电话", "座机", "固定电话", "单位电话", "tel", "work phone"),
    model_field("wechat", "微信", "微信号", "weixin"),
    model_field("email", "邮箱", "电子邮箱", "电子邮件", "邮件", "mail", sample="wang@example.com"),
    Field(
        "is_primary",
        _("Primary contact"),
        lambda cell, desk: cells.read_flag(cell),
        ("主要联系人", "首要联系人", "是否主要联系人", "primary", "main contact"),
        sample="是",
    ),
]


def units(rows: Iterable[Any], mapping: Mapping[str, int], desk: Desk) -> Iterator[Unit]:
    """One contact a row."""
    for row in rows:
        yield one_row(row, mapping, FIELDS, desk)


def judge(batch: Sequence[Unit], desk: Desk, change: ChangeWriter) -> list[Outcome]:
    """What `write` would do; writes nothing."""
    fresh, taken = _sorted(batch, desk)
    verdicts = actions.judge_contacts(rows=[unit.values for unit in fresh], change=change)
    return outcomes_of(batch, _merged(batch, fresh, verdicts, taken), desk, lambda unit, one: _refuse_update(one, desk))


def write(batch: Sequence[Unit], desk: Desk, change: ChangeWriter) -> list[Outcome]:
    """Add the contacts, and do with those that are there what was asked."""
    fresh, taken = _sorted(batch, desk)
    verdicts = actions.create_contacts(rows=[unit.values for unit in fresh], change=change) if fresh else []

    def update(unit: Unit, one: Taken) -> None:
        _refuse_update(one, desk)
        actions.edit_contact(one.record, change=change, **unit.values)

    return outcomes_of(batch, _merged(batch, fresh, verdicts, taken), desk, update)


def _sorted(batch: Sequence[Unit], desk: Desk) -> tuple[list[Unit], dict[int, Taken]]:
    """The units that are new, and for the others the contact of that customer and name."""
    desk.find_customers(batch)
    good = [unit for unit in batch if unit.refusal is None]
    customers = {unit.values["customer"].pk for unit in good}
    standing: dict[tuple[int, str], Any] = {}
    for contact in Contact.objects.in_use().filter(customer__in=customers).order_by("-pk"):
        standing[contact.customer_id, fold(contact.name)] = contact
    fresh, taken = [], {}
    for unit in good:
        key = unit.values["customer"].pk, fold(unit.values["name"])
        if key in standing:
            taken[id(unit)] = _taken(unit, standing[key])
        else:
            fresh.append(unit)
            standing[key] = Contact(name=unit.values["name"])
    return fresh, taken


def _taken(unit: Unit, contact: Any) -> Taken:
    sentence = gettext("“%(customer)s” has a contact “%(name)s” already.")
    return Taken(sentence % {"customer": unit.values["customer"], "name": unit.values["name"]}, record=contact)


def _merged(
    batch: Sequence[Unit], fresh: Sequence[Unit], verdicts: Sequence[Any], taken: dict[int, Taken]
) -> list[Any]:
    """One verdict for each unit that was not refused, in their order."""
    found = {id(unit): verdict for unit, verdict in zip(fresh, verdicts, strict=True)}
    return [taken.get(id(unit)) or found[id(unit)] for unit in batch if unit.refusal is None]


def _refuse_update(taken: Taken, desk: Desk) -> None:
    if taken.record.pk is None or not desk.may("customers.edit_contact"):
        raise taken


def keys_of(unit: Unit) -> list[str]:
    """What no other unit of the file may share."""
    return [f"{unit.values['customer'].pk} {fold(unit.values['name'])}"]
