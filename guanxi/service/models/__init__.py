"""Service: tickets with their rounds, and what they are measured by."""

from guanxi.customers.registry import customer_part, customer_touch
from guanxi.service import dictionaries  # noqa: F401, declares the types that the fields name
from guanxi.service.models.calendar import CalendarDay, ServiceTarget
from guanxi.service.models.ticket import (
    ARCHIVE,
    ASSIGN,
    CLOSE,
    FEEDBACK,
    PROCESS,
    VIEW,
    ServiceRound,
    ServiceTicket,
    within_reach,
)

__all__ = [
    "ARCHIVE",
    "ASSIGN",
    "CLOSE",
    "FEEDBACK",
    "PROCESS",
    "VIEW",
    "CalendarDay",
    "ServiceRound",
    "ServiceTarget",
    "ServiceTicket",
    "within_reach",
]

customer_part(ServiceTicket)
customer_part(ServiceRound)
customer_touch(ServiceTicket, moment="created_at")
