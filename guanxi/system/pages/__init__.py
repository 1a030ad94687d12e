"""Pages of the administration that need more than the shared ones."""

from guanxi.system.pages.department import DepartmentTreePage
from guanxi.system.pages.menu_item import MenuItemTreePage
from guanxi.system.pages.parameter import ParameterPage
from guanxi.system.pages.role import GrantPage, RoleListPage
from guanxi.system.pages.undo import UndoPage
from guanxi.system.pages.user import CreateUserPage, ResetPage

__all__ = [
    "CreateUserPage",
    "DepartmentTreePage",
    "GrantPage",
    "MenuItemTreePage",
    "ParameterPage",
    "ResetPage",
    "RoleListPage",
    "UndoPage",
]
