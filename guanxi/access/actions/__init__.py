"""What administrators do with departments, roles and the resource tree."""

from guanxi.access.actions.menu_item import sync_menu_items

__all__ = ["sync_menu_items"]
