"""系统管理: the pages of users, roles, departments, logs, sessions, jobs and parameters."""

from guanxi.system import exporting  # noqa: F401, gives lists their export
from guanxi.system.resources.checking import CHECK
from guanxi.system.resources.department import DepartmentResource
from guanxi.system.resources.job import JobResource, ScheduleResource
from guanxi.system.resources.log import ChangeSetResource, SignInResource
from guanxi.system.resources.menu_item import MenuItemResource
from guanxi.system.resources.parameter import ParameterResource
from guanxi.system.resources.redaction import REDACT
from guanxi.system.resources.revealing import REVEAL
from guanxi.system.resources.role import RoleResource
from guanxi.system.resources.session import SessionResource
from guanxi.system.resources.user import UserResource

__all__ = [
    "CHECK",
    "REDACT",
    "REVEAL",
    "ChangeSetResource",
    "DepartmentResource",
    "JobResource",
    "MenuItemResource",
    "ParameterResource",
    "RoleResource",
    "ScheduleResource",
    "SessionResource",
    "SignInResource",
    "UserResource",
]
