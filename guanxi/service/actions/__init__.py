"""What people do in service; the only place that changes tickets, targets and the working calendar."""

from guanxi.service.actions.calendar import bin_day, bin_target, create_day, create_target, edit_day, edit_target
from guanxi.service.actions.ticket import (
    archive_ticket,
    assign_ticket,
    bin_ticket,
    close_ticket,
    create_ticket,
    edit_ticket,
    feedback_ticket,
    process_ticket,
    restore_ticket,
    return_ticket,
)

__all__ = [
    "archive_ticket",
    "assign_ticket",
    "bin_day",
    "bin_target",
    "bin_ticket",
    "close_ticket",
    "create_day",
    "create_target",
    "create_ticket",
    "edit_day",
    "edit_target",
    "edit_ticket",
    "feedback_ticket",
    "process_ticket",
    "restore_ticket",
    "return_ticket",
]
