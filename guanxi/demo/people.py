"""Who works at the made-up company: departments, roles with their rights and scopes, users."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils.translation import override

from guanxi.access.actions import create_department, create_role, grant_role
from guanxi.access.models import Department, MenuItem, Role
from guanxi.accounts.actions.administrator import administrator_role
from guanxi.accounts.actions.password import change_password
from guanxi.accounts.actions.user import create_user, edit_user
from guanxi.accounts.models import User
from guanxi.accounts.passwords import one_time_password
from guanxi.demo.company import Company, doing
from guanxi.history.models import Way
from guanxi.kernel.days import start_of
from guanxi.kernel.fields import FieldClass
from guanxi.system.forms import grantable

PASSWORD = "guanxi-demo"  # nosec B105 - printed at the start, and good for the demo's database only

DEPARTMENTS = [
    ("启明智控", ""),
    ("总经办", "启明智控"),
    ("营销中心", "启明智控"),
    ("华东销售部", "营销中心"),
    ("华南销售部", "营销中心"),
    ("北方销售部", "营销中心"),
    ("客户成功部", "启明智控"),
    ("客户服务部", "启明智控"),
]
SOLD = [f"reports.view_{name}" for name in ("contribution", "composition", "losses")]
REPORTS = [
    f"reports.{verb}_{name}"
    for verb in ("view", "export")
    for name in ("contribution", "composition", "service", "losses")
]
PARTS = ["customers.edit_contact", "customers.edit_interaction", "customers.edit_order"]
IMPORTING = [f"transfer.{verb}" for verb in ("view_import", "import_customer", "import_contact", "import_order")]
SELLING = [
    *(f"customers.{verb}_customer" for verb in ("view", "create", "edit", "claim", "return")),
    *PARTS,
    *(f"marketing.{verb}_salechance" for verb in ("view", "create", "edit", "develop")),
    *(f"retention.{verb}_losscase" for verb in ("view", "keep")),
    *(f"service.{verb}_serviceticket" for verb in ("view", "create", "edit")),
    *SOLD,
    *IMPORTING,
]
KEEPING = [*SELLING, *(f"service.{verb}_serviceticket" for verb in ("process", "feedback")), "reports.view_service"]
LEADING = [
    *dict.fromkeys([*SELLING, *REPORTS]),
    *(f"customers.{verb}_customer" for verb in ("assign", "bin", "merge")),
    *(f"marketing.{verb}_salechance" for verb in ("assign", "unassign", "bin")),
    *(f"retention.{verb}_losscase" for verb in ("assign", "scan")),
    "retention.view_lossthreshold",
    *("customers.export_customer", "marketing.export_salechance"),
    *("retention.export_losscase", "service.export_serviceticket"),
]
SERVING = [
    *("customers.view_customer", "access.reveal_role"),
    "customers.edit_interaction",
    *(
        f"service.{verb}_serviceticket"
        for verb in ("view", "create", "edit", "bin", "assign", "process", "feedback", "archive")
    ),
    *("service.view_servicetarget", "service.view_calendarday"),
    *("reports.view_service", "reports.view_composition", "reports.view_contribution"),
]
WATCHING = [
    *REPORTS,
    *("customers.view_customer", "marketing.view_salechance", "service.view_serviceticket"),
    # They step in for customers of weight.
    *("retention.view_losscase", "retention.keep_losscase", "retention.view_lossthreshold"),
    "service.close_serviceticket",
    *("service.view_servicetarget", "service.view_calendarday", "transfer.view_import"),
    *("accounts.view_user", "access.view_department", "access.view_role", "dictionary.view_dictionaryentry"),
]
ADMINISTERING = {
    *(f"accounts.{verb}_user" for verb in ("create", "edit", "bin", "reset", "unbind", "disable", "check")),
    *(f"access.{verb}_department" for verb in ("create", "edit", "bin")),
    *(f"access.{verb}_menuitem" for verb in ("view", "create", "edit", "bin")),
    *(f"access.{verb}_role" for verb in ("create", "edit", "bin", "grant")),
    *(f"dictionary.{verb}_dictionaryentry" for verb in ("create", "edit", "bin", "merge")),
    *(f"retention.{verb}_lossthreshold" for verb in ("create", "edit", "bin")),
    *(f"service.{verb}_servicetarget" for verb in ("create", "edit", "bin")),
    *(f"service.{verb}_calendarday" for verb in ("create", "edit", "bin")),
    *(f"jobs.{verb}_job" for verb in ("view", "retry", "cancel")),
    *(f"jobs.{verb}_schedule" for verb in ("view", "run", "switch")),
    *(f"parameters.{verb}_parameter" for verb in ("view", "edit")),
    *("accounts.view_signin", "accounts.view_session", "accounts.end_session", "history.view_changeset"),
    *("accounts.export_user", "accounts.export_signin", "history.export_changeset"),
    *("history.undo_changeset", "history.redact_changeset"),
    *(f"api.{verb}_token" for verb in ("view", "create", "revoke")),
}
"""What nobody but the administrators may do: no other role is granted it."""
HIDDEN = [FieldClass.PHONE.value, FieldClass.AMOUNT.value, FieldClass.BANK.value]


@dataclass(frozen=True)
class Post:
    """A role as it is granted."""

    name: str
    remark: str
    scope: str
    grants: Sequence[str] = ()
    masks: Sequence[str] = ()


ADMIN = Post("系统管理员", "", Role.Scope.ALL)
POSTS = [
    ADMIN,
    Post("销售主管", "带领销售部门，分配机会和客户", Role.Scope.REPORTS, LEADING),
    Post("销售", "开发机会，维护自己的客户", Role.Scope.OWN, SELLING),
    Post("客户经理", "维护本部门的重点客户", Role.Scope.DEPARTMENT, KEEPING),
    Post("客服", "服务全部客户；电话和金额隐藏，可逐项显示并留下日志", Role.Scope.ALL, SERVING, HIDDEN),
    Post("高管", "查看全公司的数据", Role.Scope.ALL, WATCHING),
]
STAFF = [
    ("sunhaoran", "孙浩然", "总经办", "系统管理员", ""),
    ("zhouqiming", "周启明", "总经办", "高管", "启明智控"),
    ("linxiaowen", "林晓雯", "总经办", "高管", ""),
    ("guyuanzhi", "顾远志", "营销中心", "销售主管", "营销中心"),
    ("lisiyuan", "李思远", "华东销售部", "销售主管", "华东销售部"),
    ("wangruoxi", "王若溪", "华东销售部", "销售", ""),
    ("chenjiamu", "陈嘉木", "华东销售部", "销售", ""),
    ("zhaomingxuan", "赵明轩", "华东销售部", "销售", ""),
    ("xuzihan", "徐子涵", "华东销售部", "销售", ""),
    ("liangwenbo", "梁文博", "华南销售部", "销售主管", "华南销售部"),
    ("huangkexin", "黄可欣", "华南销售部", "销售", ""),
    ("heyunfei", "何云飞", "华南销售部", "销售", ""),
    ("dengjiayi", "邓佳怡", "华南销售部", "销售", ""),
    ("handongsheng", "韩冬生", "北方销售部", "销售主管", "北方销售部"),
    ("mazhiqiang", "马志强", "北方销售部", "销售", ""),
    ("songyutong", "宋雨桐", "北方销售部", "销售", ""),
    ("guoxiaofeng", "郭晓峰", "北方销售部", "销售", ""),
    ("tangjingyi", "唐静怡", "客户成功部", "客户经理", ""),
    ("fanchengyu", "范成宇", "客户成功部", "客户经理", ""),
    ("shenruolan", "沈若兰", "客户成功部", "客户经理", ""),
    ("luohaiyang", "罗海洋", "客户成功部", "客户经理", ""),
    ("yuemengqi", "岳梦琪", "客户服务部", "客服", ""),
    ("qianlili", "钱莉莉", "客户服务部", "客服", ""),
    ("dongpeng", "董鹏", "客户服务部", "客服", ""),
]
"""User name, name, department, role, and the department that the person leads."""
REGIONS = {"east": "华东销售部", "south": "华南销售部", "north": "北方销售部"}


@dataclass
class People:
    """The users by user name, and who does what where."""

    users: dict[str, User] = field(default_factory=dict)

    @property
    def admin(self) -> User:
        """Who keeps the system."""
        return self.users["sunhaoran"]

    def lead(self, region: str) -> User:
        """Who leads a sales region."""
        return next(self.users[name] for name, _r, _d, _p, leads in STAFF if leads == REGIONS[region])

    def sellers(self, region: str) -> list[User]:
        """Who sells in a region."""
        return [self.users[name] for name, _r, place, post, _l in STAFF if place == REGIONS[region] and post == "销售"]

    def of_post(self, post: str) -> list[User]:
        """Who holds a role."""
        return [self.users[name] for name, _r, _d, role, _l in STAFF if role == post]

    def seller(self, region: str, rng: Random) -> User:
        """Somebody who sells in a region; now and then its leader does."""
        return self.lead(region) if rng.random() < 0.06 else rng.choice(self.sellers(region))


def open_house(company: Company) -> People:
    """Let an administrator in, who makes the departments, the roles and the users, on the first day."""
    morning = start_of(company.first_day) + timedelta(hours=9)
    with doing("createadmin", by=None, at=morning, way=Way.COMMAND) as change:
        with override("zh-hans"):
            role = administrator_role(change=change)
        admin = create_user(**_named(STAFF[0]), roles=[role], change=change)
    departments = _departments(admin, morning + timedelta(minutes=10))
    roles = {role.name: role, **_roles(admin, morning + timedelta(minutes=30))}
    users = [admin]
    for number, row in enumerate(STAFF):
        at = morning + timedelta(minutes=60 + 3 * number)
        fields = _fields(number, departments)
        if number == 0:
            with doing("edit", by=admin, at=at) as change:
                edit_user(admin, change=change, **fields)
        else:
            with doing("create", by=admin, at=at) as change:
                users.append(create_user(**_named(row), **fields, roles=[roles[row[3]]], change=change))
    _choose_passwords(users, morning + timedelta(hours=4))
    # Read anew: what a user may do is remembered with the object.
    return People({user.username: user for user in User.objects.in_use()})


def _named(row: tuple[str, ...]) -> dict[str, Any]:
    username, real_name, *_rest = row
    return {
        "username": username,
        "real_name": real_name,
        "email": f"{username}@qiming.example",
        "password": one_time_password(),
    }


def _fields(number: int, departments: dict[str, Department]) -> dict[str, Any]:
    _username, _name, department, _role, leads = STAFF[number]
    return {
        "department": departments[department],
        "leads": [departments[leads]] if leads else [],
        "phone": f"1370000{number + 1:04d}",
    }


def _departments(admin: User, begins: datetime) -> dict[str, Department]:
    made: dict[str, Department] = {}
    for position, (name, parent) in enumerate(DEPARTMENTS):
        with doing("create", by=admin, at=begins + timedelta(minutes=position)) as change:
            made[name] = create_department(name=name, parent=made.get(parent), position=position, change=change)
    return made


def _roles(admin: User, begins: datetime) -> dict[str, Role]:
    made: dict[str, Role] = {}
    for position, post in enumerate(POSTS[1:]):
        at = begins + timedelta(minutes=4 * position)
        with doing("create", by=admin, at=at) as change:
            role = made[post.name] = create_role(name=post.name, remark=post.remark, change=change)
        nodes = list(grantable(MenuItem.objects.in_use()).filter(permission__in=post.grants))
        with doing("grant", by=admin, at=at + timedelta(minutes=2)) as change:
            grant_role(role, grants=nodes, scope=post.scope, masks=post.masks, change=change)
    return made


def _choose_passwords(users: Sequence[User], begins: datetime) -> None:
    """Everybody signs in for the first time and chooses the same password, which is hashed once."""
    chosen = make_password(PASSWORD)
    for number, user in enumerate(users):
        with doing("change_password", by=user, at=begins + timedelta(minutes=number)) as change:
            change_password(user, password_hash=chosen, session="", change=change)
