"""系统管理: the pages of users, roles and departments."""

from guanxi.system.resources.department import DepartmentResource
from guanxi.system.resources.role import RoleResource
from guanxi.system.resources.user import UserResource

__all__ = ["DepartmentResource", "RoleResource", "UserResource"]
