"""Reads of customers that are used twice or span models."""

from guanxi.customers.queries.duplicates import Duplicate, find_duplicates
from guanxi.customers.queries.events import Timeline, shown_sources, timeline
from guanxi.customers.queries.money import Entry, Month, ledger, outstanding, purchase_months

__all__ = [
    "Duplicate",
    "Entry",
    "Month",
    "Timeline",
    "find_duplicates",
    "ledger",
    "outstanding",
    "purchase_months",
    "shown_sources",
    "timeline",
]
