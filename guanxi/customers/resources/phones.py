"""The phones of contacts as the cards of a customer's page show them, beside the contact itself."""

from collections.abc import Iterable
from typing import Any

from guanxi.customers.models import Contact
from guanxi.web.panels import cells_of
from guanxi.web.registry import resource_of

PHONES = ["mobile", "office_phone"]


def with_phones(contacts: Iterable[Contact], user: Any) -> list[tuple[Contact, list[Any]]]:
    """Each contact with those of its phones that there are, as (column, cell): hidden ones may offer to be shown."""
    resource = resource_of(Contact)
    assert resource is not None
    shown = [(one, cells_of(resource, one, PHONES, user)) for one in contacts]
    return [(one, [pair for pair in cells if pair[1].kind != "empty"]) for one, cells in shown]
