"""The kinds of rows that are imported: their columns, and what becomes of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from guanxi.transfer.kinds import contacts, customers, orders
from guanxi.transfer.kinds.fields import Field
from guanxi.transfer.models import VERBS, Import


@dataclass(frozen=True)
class Kind:
    """One kind: `units` makes records of rows, `judge` says what `write` would do with them."""

    name: str
    label: Any
    verb: str
    model: str
    fields: Sequence[Field]
    units: Callable[..., Any]
    judge: Callable[..., Any]
    write: Callable[..., Any]
    keys_of: Callable[..., Any]
    likes_of: Callable[..., Any] | None
    """`likes_of(units)`: for each unit what is there already that may be the same, under another name."""
    updates: bool

    @property
    def permission(self) -> str:
        """Who may import it."""
        return f"transfer.{self.verb}"


def _kind(key: Import.Kind, module: Any, model: str, *, updates: bool) -> Kind:
    return Kind(
        name=key.value,
        label=key.label,
        verb=VERBS[key],
        model=model,
        fields=module.FIELDS,
        units=module.units,
        judge=module.judge,
        write=module.write,
        keys_of=module.keys_of,
        likes_of=getattr(module, "likes_of", None),
        updates=updates,
    )


KINDS = {
    kind.name: kind
    for kind in (
        _kind(Import.Kind.CUSTOMERS, customers, "customer", updates=True),
        _kind(Import.Kind.CONTACTS, contacts, "contact", updates=True),
        _kind(Import.Kind.ORDERS, orders, "order", updates=False),
    )
}
