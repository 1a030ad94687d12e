"""The built-in resource tree against the code that enforces it."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import reverse

from guanxi.access.models import MenuItem
from guanxi.system.tree import built_in_tree
from guanxi.web.registry import all_resources

GUANXI = Path(__file__).resolve().parents[2] / "guanxi"
PERMISSION = re.compile(r"(?P<app>[a-z]+)\.[a-z]+_(?P<model>[a-z]+)")


@pytest.fixture
def nodes():
    return {node.key: node for node in built_in_tree()}


def named_permissions():
    """Every permission that the sources name as a text."""
    for path in GUANXI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
            found = PERMISSION.fullmatch(text)
            if found and found["app"] in apps.app_configs and found["model"] in apps.all_models[found["app"]]:
                yield text


def test_the_codes_are_those_of_the_original_design(nodes):
    codes = {node.code: key for key, node in nodes.items() if node.code}
    assert codes["10"] == "marketing"
    assert codes["1010"] == "marketing.salechance"
    assert codes["101001"] == "marketing.view_salechance"
    assert codes["101004"] == "marketing.edit_salechance"
    assert codes["1020"] == "marketing.development"
    assert codes["102001"] == "marketing.develop_salechance"
    assert codes["2010"] == "customers.customer"
    assert codes["201003"] == "customers.bin_customer"


def test_every_verb_has_one_button_below_a_menu(nodes):
    for resource in all_resources:
        for permission in resource.verbs().values():
            button = nodes[permission]
            assert button.kind == MenuItem.Kind.BUTTON
            assert button.permission == permission
            assert nodes[button.parent].kind == MenuItem.Kind.MENU


def test_every_permission_that_the_sources_name_has_a_button(nodes):
    named = set(named_permissions())
    assert "marketing.develop_salechance" in named
    assert named <= nodes.keys()


def test_parents_come_before_their_children_and_keys_are_unique():
    seen = set()
    for node in built_in_tree():
        assert node.key not in seen
        assert node.parent in seen or node.kind == MenuItem.Kind.DIRECTORY
        seen.add(node.key)


def test_every_menu_leads_to_a_list(nodes):
    for node in nodes.values():
        if node.kind == MenuItem.Kind.MENU:
            assert reverse(node.url)
            assert node.permission in nodes


def test_labels_come_in_both_languages(nodes):
    button = nodes["customers.edit_contact"]
    assert (button.label_zh, button.label_en) == ("联系人：编辑", "Contacts: Edit")
    for node in nodes.values():
        assert re.search("[\u4e00-\u9fff]", node.label_zh), node
        assert node.label_en.isascii(), node
