"""Keeping the built-in nodes of the resource tree."""

import pytest

from guanxi.access.actions import sync_menu_items
from guanxi.access.models import MenuItem
from guanxi.access.nodes import Node
from guanxi.history.models import ChangeSet
from tests import cast

pytestmark = pytest.mark.django_db

TREE = [
    Node("sales", "directory", "营销管理", "Sales", code="10", position=10),
    Node("sales.chance", "menu", "营销机会", "Chances", parent="sales", code="1010", permission="sales.view_chance"),
    Node("sales.create_chance", "button", "新建", "Create", parent="sales.chance", code="101002"),
    Node("sales.export_chance", "button", "导出", "Export", parent="sales.chance"),
]


def sync(nodes):
    with cast.change("sync") as change:
        sync_menu_items(nodes, change=change)


def item(key):
    return MenuItem.objects.get(key=key)


def test_syncing_makes_the_tree_with_its_codes():
    sync(TREE)
    chance = item("sales.chance")
    assert (chance.parent.key, chance.code, chance.built_in) == ("sales", "1010", True)
    assert item("sales.export_chance").code == "101003", "continues the numbering"


def test_syncing_twice_writes_nothing():
    sync(TREE)
    before = ChangeSet.objects.count()
    sync(TREE)
    assert ChangeSet.objects.count() == before


def test_a_menu_without_a_code_stands_ten_after_its_siblings():
    sync([*TREE, Node("sales.plan", "menu", "计划", "Plans", parent="sales")])
    assert item("sales.plan").code == "1020"


def test_a_code_once_given_stays_though_another_button_comes_before():
    sync(TREE)
    sync([*TREE[:3], Node("sales.import_chance", "button", "导入", "Import", parent="sales.chance"), TREE[3]])
    assert item("sales.export_chance").code == "101003"
    assert item("sales.import_chance").code == "101004"


def test_a_new_label_of_the_code_arrives():
    sync(TREE)
    sync([*TREE[:3], Node("sales.export_chance", "button", "导出表格", "Export", parent="sales.chance")])
    assert item("sales.export_chance").label_zh == "导出表格"


def test_what_administrators_renamed_reordered_moved_or_hid_stays():
    sync(TREE)
    with cast.change() as change:
        own = change.create(MenuItem, key="own", kind="directory", label_zh="我的", label_en="Mine")
        change.update(item("sales.chance"), label_zh="商机", renamed=True, position=7, hidden=True, parent=own)
    sync(TREE)
    chance = item("sales.chance")
    assert (chance.label_zh, chance.position, chance.hidden, chance.parent_id) == ("商机", 7, True, own.pk)


def test_what_the_code_forgot_is_binned_and_comes_back_as_the_same_node():
    sync(TREE)
    first = item("sales.export_chance").pk
    sync(TREE[:3])
    assert item("sales.export_chance").binned_in is not None
    sync(TREE)
    assert item("sales.export_chance").binned_in is None
    assert item("sales.export_chance").pk == first


def test_nodes_of_administrators_are_left_alone():
    with cast.change() as change:
        change.create(MenuItem, key="own", kind="link", label_zh="官网", label_en="Site", url="https://example.com/")
    sync(TREE)
    assert item("own").binned_in is None
