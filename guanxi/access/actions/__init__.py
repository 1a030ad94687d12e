"""What administrators do with departments, roles and the resource tree."""

from guanxi.access.actions.department import bin_department, create_department, edit_department, restore_department
from guanxi.access.actions.handing import measure, refuse_departments, refuse_handing
from guanxi.access.actions.menu_item import sync_menu_items
from guanxi.access.actions.role import bin_role, copy_role, create_role, edit_role, grant_role, restore_role
from guanxi.access.actions.tree import (
    bin_menu_item,
    create_menu_item,
    edit_menu_item,
    lower_menu_item,
    raise_menu_item,
    restore_menu_item,
)

__all__ = [
    "bin_department",
    "bin_menu_item",
    "bin_role",
    "copy_role",
    "create_department",
    "create_menu_item",
    "create_role",
    "edit_department",
    "edit_menu_item",
    "edit_role",
    "grant_role",
    "lower_menu_item",
    "measure",
    "raise_menu_item",
    "refuse_departments",
    "refuse_handing",
    "restore_department",
    "restore_menu_item",
    "restore_role",
    "sync_menu_items",
]
