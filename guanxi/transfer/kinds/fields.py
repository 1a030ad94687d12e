"""The columns that a kind of rows knows, and how headings are matched to them."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import override

from guanxi.kernel.fields import MoneyField, PhoneField, class_of
from guanxi.kernel.rules import RuleBroken
from guanxi.kernel.text import fold
from guanxi.transfer.kinds import cells

Read = Callable[[Any, Any], Any]
"""`read(cell, desk)`: the value of a cell that holds something."""

_ORNAMENTS = re.compile(r"[\s*＊:：_\-/.·]|[(（\[【].*?[)）\]】]")


@dataclass(frozen=True)
class Field:
    """A column on offer. `words` are further headings under which files bring it, in zh and en."""

    name: str
    label: Any
    read: Read
    words: Sequence[str] = ()
    required: bool = False
    field_class: str = "plain"
    sample: str = ""

    def value(self, cell: Any, desk: Any) -> Any:
        """What the cell says; the refusal names the column."""
        try:
            return self.read(cell, desk)
        except RuleBroken as broken:
            raise RuleBroken(
                _("%(field)s: %(problem)s") % {"field": self.label, "problem": broken}, field=self.name
            ) from None

    def headings(self) -> set[str]:
        """Every heading that means this column, plain."""
        found = {plain(self.name), *map(plain, self.words)}
        for language in ("zh-hans", "en"):
            with override(language):
                found.add(plain(str(self.label)))
        return found


def of_model(model: Any, name: str, words: Sequence[str] = (), *, sample: str = "", label: Any = "") -> Field:
    """A column that is a field of the model, with the form's own rules and sentences."""
    field = model._meta.get_field(name)
    form_field = field.formfield()
    form_field.required = False
    if isinstance(field, MoneyField) or field.get_internal_type().endswith("IntegerField"):
        read_cell = cells.text_of  # a large amount is no code: Excel keeps what matters of it
    else:
        read_cell = cells.read_code if name == "number" else cells.read_text

    def read(cell: Any, _desk: Any) -> Any:
        value = cells.cleaned(form_field, read_cell(cell))
        return _normal(field, value) if isinstance(field, PhoneField) else value

    return Field(
        name, label or field.verbose_name, read, words, required=False, field_class=class_of(field), sample=sample
    )


def _normal(field: Any, value: str) -> Any:
    try:
        return field.clean(value, None)
    except ValidationError as error:
        raise RuleBroken(" ".join(error.messages)) from None


def plain(heading: str) -> str:
    """A heading without blanks, marks and what stands in brackets, such as a unit."""
    return _ORNAMENTS.sub("", fold(heading))


def guess(headings: Sequence[str], fields: Sequence[Field]) -> dict[str, int]:
    """For each field the place of the heading that means it; a heading means one field only."""
    known = {word: field.name for field in reversed(fields) for word in field.headings()}
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        name = known.get(plain(heading))
        if name and name not in found:
            found[name] = place
    return found


def find_head(rows: Sequence[Any], fields: Sequence[Field]) -> int:
    """The index of the row with the most headings that are known; the first row if none has any."""
    counts = [len(guess([shown(cell) for cell in row.cells], fields)) for row in rows]
    return counts.index(max(counts)) if counts else 0


def shown(cell: Any) -> str:
    """A cell as people see it."""
    if isinstance(cell, dict):
        return str(next(iter(cell.values())))
    return str(cell)


def visible(fields: Sequence[Field], masked: Collection[str]) -> list[Field]:
    """The columns that are on offer to someone from whom these classes are masked."""
    return [field for field in fields if field.field_class not in masked]


def values_of(row: Any, mapping: Mapping[str, int], fields: Sequence[Field], desk: Any) -> dict[str, Any]:
    """The values of a row's filled cells by field; raises RuleBroken with all that is wrong with the row."""
    problems: list[str] = []
    values: dict[str, Any] = {}
    wrong: set[str] = set()
    if any(shown(cell).strip() for cell in row.cells[desk.width :]):
        problems.append(_("The row has more cells than there are headings."))
    for field in fields:
        place = mapping.get(field.name)
        if place is None or place >= len(row.cells) or not shown(row.cells[place]).strip():
            continue
        try:
            values[field.name] = field.value(row.cells[place], desk)
        except RuleBroken as broken:
            problems.append(str(broken))
            wrong.add(field.name)
    problems += [
        _("%(field)s: %(problem)s") % {"field": field.label, "problem": _("the cell is empty.")}
        for field in fields
        if field.required and field.name not in wrong and values.get(field.name) in (None, "")
    ]
    if problems:
        raise RuleBroken(" ".join(problems))
    return values
