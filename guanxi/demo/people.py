"""Who works at the made-up company: departments, roles with their rights and scopes, users."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from django.contrib.auth.hashers import make_password

from guanxi.access.models import Department, MenuItem, Role
from guanxi.accounts.models import User
from guanxi.demo.company import Company, doing
from guanxi.kernel.days import start_of
from guanxi.kernel.fields import FieldClass

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
PARTS = ["customers.edit_contact", "customers.edit_interaction", "customers.edit_order"]
SELLING = [
    *(f"customers.{verb}_customer" for verb in ("view", "create", "edit", "claim", "return")),
    *PARTS,
    *(f"marketing.{verb}_salechance" for verb in ("view", "create", "edit", "develop")),
]
LEADING = [
    *SELLING,
    *("customers.assign_customer", "customers.bin_customer"),
    *(f"marketing.{verb}_salechance" for verb in ("assign", "unassign", "bin")),
]
SERVING = ["customers.view_customer", "customers.edit_interaction"]
WATCHING = ["customers.view_customer", "marketing.view_salechance"]
HIDDEN = [FieldClass.PHONE.value, FieldClass.AMOUNT.value, FieldClass.BANK.value]


@dataclass(frozen=True)
class Post:
    """A role as it is granted."""

    name: str
    remark: str
    scope: str
    grants: Sequence[str] = ()
    masks: Sequence[str] = ()
    holds_all: bool = False


ADMIN = Post("系统管理员", "管理用户、角色和全部功能", Role.Scope.ALL, holds_all=True)
POSTS = [
    ADMIN,
    Post("销售主管", "带领销售部门，分配机会和客户", Role.Scope.REPORTS, LEADING),
    Post("销售", "开发机会，维护自己的客户", Role.Scope.OWN, SELLING),
    Post("客户经理", "维护本部门的重点客户", Role.Scope.DEPARTMENT, SELLING),
    Post("客服", "服务全部客户，看不到电话和金额", Role.Scope.ALL, SERVING, HIDDEN),
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
    at = start_of(company.first_day) + timedelta(hours=9, minutes=5)
    password = make_password(PASSWORD)
    with doing("createadmin", by=None, at=at, way="command") as change:
        role = change.create(Role, name=ADMIN.name, remark=ADMIN.remark, scope=ADMIN.scope, holds_all=True)
        username, real_name, *_rest = STAFF[0]
        admin = change.create(User, username=username, real_name=real_name, password=password)
        change.relate(admin, "roles", [role])
    departments = _departments(admin, company)
    roles = {ADMIN.name: role, **_roles(admin, company)}
    users = [_user(number, admin, password, departments, roles, company) for number in range(len(STAFF))]
    return People({user.username: User.objects.visible_to(admin).get(pk=user.pk) for user in users})


def _departments(admin: User, company: Company) -> dict[str, Department]:
    made: dict[str, Department] = {}
    for position, (name, parent) in enumerate(DEPARTMENTS):
        at = start_of(company.first_day) + timedelta(hours=9, minutes=10 + position)
        with doing("create", by=admin, at=at) as change:
            made[name] = change.create(Department, name=name, parent=made.get(parent), position=position)
    return made


def _roles(admin: User, company: Company) -> dict[str, Role]:
    made: dict[str, Role] = {}
    for position, post in enumerate(POSTS[1:]):
        at = start_of(company.first_day) + timedelta(hours=9, minutes=30 + 4 * position)
        with doing("create", by=admin, at=at) as change:
            role = change.create(Role, name=post.name, remark=post.remark, scope=post.scope, masks=list(post.masks))
            change.relate(role, "grants", MenuItem.objects.in_use().filter(permission__in=post.grants))
            made[post.name] = role
    return made


def _user(
    number: int,
    admin: User,
    password: str,
    departments: dict[str, Department],
    roles: dict[str, Role],
    company: Company,
) -> User:
    username, real_name, department, role, leads = STAFF[number]
    at = start_of(company.first_day) + timedelta(hours=10, minutes=3 * number)
    fields: dict[str, Any] = {
        "department": departments[department],
        "email": f"{username}@qiming.example",
        "phone": f"1370000{number + 1:04d}",
    }
    with doing("edit" if number == 0 else "create", by=admin, at=at) as change:
        if number == 0:
            user = change.update(admin, **fields)
        else:
            user = change.create(User, username=username, real_name=real_name, password=password, **fields)
            change.relate(user, "roles", [roles[role]])
        change.relate(user, "leads", [departments[leads]] if leads else [])
    return user
