"""The page that leads from each line of the design to page, permission, field and test tells the truth."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.urls import Resolver404, resolve
from django.utils.translation import override

from guanxi.system.tree import built_in_tree
from guanxi.web.registry import resource_of

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "requirements.md").read_text("utf-8")
MODELS = {model.__name__: model for model in apps.get_models() if model.__module__.startswith("guanxi.")}
DESIGN = {
    "t_sale_chance": "id chance_source customer_name cgjl overview link_man link_phone description create_man assign_man"
    " assign_time state dev_result is_valid create_date update_date",
    "t_cus_dev_plan": "id sale_chance_id plan_item plan_date exe_affect create_date update_date is_valid",
    "t_customer": "id khno name area cus_manager level myd xyd address post_code phone fax web_site yyzzzch fr zczj nyye"
    " khyh khzh dsdjh gsdjh state is_valid create_date update_date",
    "t_customer_contact": "id cus_id contact_time address overview create_date update_date is_valid",
    "t_customer_linkman": "id cus_id link_name sex zhiwei office_phone phone is_valid ceate_date update_date",
    "t_customer_loss": "id cus_no cus_name cus_manager last_order_time confirm_loss_time state loss_reason is_valid"
    " create_date update_date",
    "t_customer_order": "id cus_id order_no order_date address state create_date update_date is_valid",
    "t_order_details": "id order_id goods_name goods_num unit price sum is_valid create_date update_date",
    "t_customer_reprieve": "id loss_id measure is_valid create_date update_date",
    "t_customer_serve": "id serve_type overview customer state service_request create_people assigner assign_time"
    " service_proce service_proce_people service_proce_time service_proce_result myd is_valid update_date create_date",
    "t_datadic": "id data_dic_name data_dic_value is_valid create_date update_date",
    "t_user": "id user_name user_pwd true_name email phone is_valid create_date update_date",
    "t_role": "id role_name role_remarker create_date update_date is_valid",
}
LINES = {
    "基础模块": ["1 用户登录", "2 退出", "3 记住我", "4 密码修改"],
    "营销管理": ["1 营销机会管理", "2 客户开发计划"],
    "系统管理": ["1 字典管理", "2 用户管理", "3 角色管理", "4 资源管理"],
    "客户管理": ["1.1 基本信息维护", "1.2 联系人管理", "1.3 订单查看", "1.4 交易记录", "2 流失客户管理"],
    "服务管理": ["1 服务创建", "2 服务分配", "3 服务处理", "4 服务反馈", "5 服务归档"],
    "数据报表": ["1 客户构成分析", "2 客户贡献分析", "3 客户服务分析", "4 客户流失分析"],
}
SILENT = {"id", "binned_in", "password", "updated_at"}
"""Columns that no page shows as a field: the key, the bin, the hash, and what the change log tells."""
ELSEWHERE = {"t_order_details", "t_datadic"}
"""Lines stand on the page of their order, entries in the list of their type: tests of those pages hold them."""


def section(title: str) -> str:
    """What stands below a heading, up to the next one."""
    found = re.search(rf"^##+ {re.escape(title)}.*?\n(.*?)(?=^##|\Z)", PAGE, flags=re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1]


def rows(text: str) -> list[list[str]]:
    """The rows of its table without the head, as cells."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def all_rows() -> list[list[str]]:
    titles = re.findall(r"^##+ (.+)$", PAGE, flags=re.MULTILINE)
    return [row for title in titles for row in rows(section(title))]


def words() -> list[str]:
    """Everything in code type."""
    return re.findall(r"`([^`\n]+)`", PAGE)


def split_field(word: str) -> tuple[Any, str]:
    model, _dot, field = word.partition(".")
    return MODELS[model], field


@cache
def found_in(path: str) -> frozenset[str]:
    """The tests of a file, those of classes as `Class::test`."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    own = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    inner = [f"{one.name}::{node.name}" for one in classes for node in one.body if isinstance(node, ast.FunctionDef)]
    return frozenset(own + inner)


@pytest.mark.parametrize("table", DESIGN)
def test_every_column_of_the_design_is_there(table):
    assert [row[0].strip("`") for row in rows(section(f"`{table}`"))] == DESIGN[table].split()


@pytest.mark.parametrize("module", LINES)
def test_every_line_of_the_design_is_there(module):
    number = list(LINES).index(module)
    named = [row[0] for row in rows(section(f"{'一二三四五六'[number]}、{module}"))]
    assert [line for line in LINES[module] if not any(name.startswith(line) for name in named)] == []


def test_every_row_has_its_test():
    bare = [row[0] for row in all_rows() if not row[0].isdigit() and "`tests/" not in row[-1]]
    assert bare == []


def test_every_test_that_is_named_exists():
    named = [word.split("::", 1) for word in words() if word.startswith("tests/") and "::" in word]
    assert len(named) > 150
    assert [(path, name) for path, name in named if name not in found_in(path)] == []


def test_every_field_that_is_named_exists():
    missing = []
    for word in words():
        if re.fullmatch(r"[A-Z]\w+\.[a-z_]+", word):
            model, field = split_field(word)
            try:
                model._meta.get_field(field)
            except FieldDoesNotExist:
                missing.append(word)
    assert missing == []


def test_every_permission_that_is_named_is_granted_by_a_button():
    granted = {node.permission for node in built_in_tree()}
    named = {word for word in words() if re.fullmatch(r"[a-z]+\.[a-z]+_[a-z]+", word)}
    assert named - granted == set()


def test_every_address_that_is_named_leads_somewhere():
    lost = []
    for word in words():
        if word.startswith("/"):
            try:
                resolve(word.replace("<id>", "1"))
            except Resolver404:
                lost.append(word)
    assert lost == []


def test_every_code_of_the_resource_tree_gives_what_the_page_says():
    nodes = {node.code: node.permission for node in built_in_tree() if node.code}
    for code, _label, permission in rows(section("Codes of the resource tree")):
        if permission.startswith("`"):
            assert nodes[code] == permission.strip("`"), code


@pytest.mark.parametrize("table", DESIGN)
def test_every_column_is_called_as_on_the_screen(table):
    for _column, _description, field, shown, _test in rows(section(f"`{table}`")):
        model, name = split_field(field.strip("`"))
        with override("zh-hans"):
            assert shown in {"–", str(model._meta.get_field(name).verbose_name)}, field


@pytest.mark.parametrize("table", sorted(DESIGN.keys() - ELSEWHERE))
def test_every_column_is_shown_on_its_record(table):
    fields = [split_field(row[2].strip("`")) for row in rows(section(f"`{table}`"))]
    resource = resource_of(fields[0][0])
    assert resource is not None
    detailed = {name for _title, names in resource.details for name in names}
    shown = {*detailed, *resource.columns, *resource.more_columns, *resource.head, *resource.meta, resource.parent}
    assert {name for _model, name in fields} - shown - SILENT == set()
