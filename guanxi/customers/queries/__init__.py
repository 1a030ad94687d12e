"""Reads of customers that are used twice or span models."""

from guanxi.customers.queries.duplicates import Duplicate, find_duplicates, find_likes
from guanxi.customers.queries.events import Timeline, shown_sources, timeline
from guanxi.customers.queries.money import Entry, Month, ledger, purchase_months
from guanxi.customers.queries.pool import PoolRule, falls_due, idle, pool_rule, returning, returns_on

__all__ = [
    "Duplicate",
    "Entry",
    "Month",
    "PoolRule",
    "Timeline",
    "falls_due",
    "find_duplicates",
    "find_likes",
    "idle",
    "ledger",
    "pool_rule",
    "purchase_months",
    "returning",
    "returns_on",
    "shown_sources",
    "timeline",
]
