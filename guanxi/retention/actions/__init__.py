"""What people and the scan do with loss cases; the only place that changes them."""

from guanxi.retention.actions.case import assign_case, confirm_loss, open_cases, win_back, win_back_by_orders
from guanxi.retention.actions.measure import bin_measure, create_measure, edit_measure, restore_measure
from guanxi.retention.actions.scan import scan_losses
from guanxi.retention.actions.threshold import bin_threshold, create_threshold, edit_threshold

__all__ = [
    "assign_case",
    "bin_measure",
    "bin_threshold",
    "confirm_loss",
    "create_measure",
    "create_threshold",
    "edit_measure",
    "edit_threshold",
    "open_cases",
    "restore_measure",
    "scan_losses",
    "win_back",
    "win_back_by_orders",
]
