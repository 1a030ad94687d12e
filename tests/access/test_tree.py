"""What administrators do with the resource tree."""

import pytest

from guanxi.access.actions import (
    bin_menu_item,
    create_menu_item,
    edit_menu_item,
    lower_menu_item,
    raise_menu_item,
    restore_menu_item,
    sync_menu_items,
)
from guanxi.access.models import MenuItem
from guanxi.access.nodes import Node
from guanxi.history.models import Change, ChangeSet
from guanxi.kernel.rules import RuleBroken
from tests import cast

pytestmark = pytest.mark.django_db

TREE = [
    Node("sales", "directory", "营销管理", "Sales", code="10", position=10),
    Node("service", "directory", "服务管理", "Service", code="30", position=20),
    Node("sales.chance", "menu", "营销机会", "Chances", parent="sales", permission="sales.view_chance", position=1),
    Node("sales.plan", "menu", "开发计划", "Plans", parent="sales", permission="sales.view_plan", position=2),
    Node("access.tree", "menu", "资源管理", "Resources", parent="service", permission="access.view_menuitem"),
    Node("sales.create_chance", "button", "新建", "Create", parent="sales.chance", permission="sales.create_chance"),
]


@pytest.fixture(autouse=True)
def built_in():
    sync()


def sync():
    with cast.change("sync") as change:
        sync_menu_items(TREE, change=change)


def item(key):
    return MenuItem.objects.get(key=key)


def create(**fields):
    with cast.change("create") as change:
        return create_menu_item(change=change, **{"label_zh": "内网", **fields})


def edit(node, **fields):
    names = {"label_zh": node.label_zh, "label_en": node.label_en, "icon": node.icon}
    with cast.change("edit") as change:
        return edit_menu_item(node, change=change, **{**names, **fields})


def refused(act, field="", **fields):
    before = [*MenuItem.objects.order_by("pk").values(), ChangeSet.objects.count()]
    with pytest.raises(RuleBroken) as broken:
        act(**fields)
    assert broken.value.field == field
    assert [*MenuItem.objects.order_by("pk").values(), ChangeSet.objects.count()] == before
    return broken.value.message


def delete(node):
    with cast.change("bin") as change:
        bin_menu_item(node, change=change)


class TestAdding:
    def test_a_directory_stands_at_the_top_at_the_end(self):
        made = create(kind="directory", label_zh=" 内部  系统 ", icon="world")
        assert (made.label_zh, made.label_en, made.parent, made.position) == ("内部 系统", "内部 系统", None, 30)
        assert (made.built_in, made.permission, made.code) == (False, "", "")

    def test_a_link_gets_a_permission_of_its_own(self):
        one, other = (create(kind="link", parent=item("sales"), url="https://example.com/a?b=1") for _ in range(2))
        assert one.permission.startswith("own.")
        assert one.permission != other.permission
        assert (one.parent, one.position) == (item("sales"), 12)

    @pytest.mark.parametrize("kind", ["menu", "button", "else"])
    def test_menus_and_buttons_come_from_the_program(self, kind):
        refused(create, "kind", kind=kind, parent=item("sales"))

    @pytest.mark.parametrize("parent", [None, "sales.chance", "sales.create_chance"])
    def test_a_link_stands_in_a_directory(self, parent):
        refused(create, "parent", kind="link", url="/customers/", parent=parent and item(parent))

    def test_a_directory_stands_in_none(self):
        refused(create, "parent", kind="directory", parent=item("sales"))

    @pytest.mark.parametrize(
        "url", ["http://example.com", "https://例子.中国/页", "/customers/?view=mine", "HTTPS://a.b/"]
    )
    def test_safe_addresses_are_taken(self, url):
        assert create(kind="link", parent=item("sales"), url=f" {url} ").url == url

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            " java\tscript:alert(1)",
            "data:text/html,<script>1</script>",
            "vbscript:x",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https:evil.example",
            "https://",
            "https:///x",
            "https://a@evil.example",
            "http://[::1",
            "http://a:99999/",
            "ftp://example.com",
            "customers/",
            "https://a.b/ c",
            "https://a.b/\u202ec",
            "/customers/\u0000",
        ],
    )
    def test_what_a_browser_could_take_for_something_else_is_refused(self, url):
        refused(create, "url", kind="link", parent=item("sales"), url=url)


class TestWhoLookedEarlier:
    def test_nothing_is_restored_into_a_directory_that_went_meanwhile(self):
        directory = create(kind="directory")
        link = create(kind="link", parent=directory, url="/customers/")
        delete(link)
        seen = MenuItem.objects.select_related("parent").get(pk=link.pk)
        delete(directory)
        with pytest.raises(RuleBroken), cast.change("restore") as change:
            restore_menu_item(seen, change=change)
        assert not MenuItem.objects.in_use().filter(pk=link.pk).exists()

    def test_nothing_is_added_to_a_directory_that_went_meanwhile(self):
        directory = create(kind="directory")
        seen = MenuItem.objects.get(pk=directory.pk)
        delete(directory)
        refused(create, "parent", kind="link", parent=seen, url="/customers/")

    def test_what_moved_meanwhile_steps_where_it_stands_now(self):
        seen = item("sales.plan")
        edit(item("sales.plan"), parent=item("service"))
        with cast.change("raise") as change:
            raise_menu_item(seen, change=change)
        assert item("sales.plan").position < item("access.tree").position


class TestEditing:
    def test_a_built_in_node_takes_names_icon_and_stays_so(self):
        edit(item("sales.chance"), label_zh="商机", label_en="Leads", icon="star")
        sync()
        chance = item("sales.chance")
        assert (chance.label_zh, chance.label_en, chance.icon, chance.renamed) == ("商机", "Leads", "star", True)

    def test_hiding_alone_is_no_renaming(self):
        edit(item("sales.chance"), hidden=True)
        sync()
        assert (item("sales.chance").hidden, item("sales.chance").renamed) == (True, False)

    def test_a_menu_moves_to_another_directory_and_stays_there(self):
        edit(item("sales.plan"), parent=item("service"))
        sync()
        assert item("sales.plan").parent == item("service")

    def test_a_menu_does_not_move_below_a_menu(self):
        refused(edit, "parent", node=item("sales.plan"), parent=item("sales.chance"))

    @pytest.mark.parametrize("key", ["sales", "sales.create_chance"])
    def test_directories_and_buttons_keep_their_place(self, key):
        refused(edit, "parent", node=item(key), parent=item("service"))

    def test_what_the_program_gives_stays_whatever_is_sent(self):
        edit(item("sales.chance"), url="https://evil.example", permission="x.y", code="1", kind="link", key="k")
        sent = ("url", "permission", "code", "kind", "key", "built_in")
        chance = item("sales.chance")
        assert [getattr(chance, name) for name in sent][:2] == ["", "sales.view_chance"]
        assert (chance.kind, chance.built_in, chance.code) == ("menu", True, "1010")

    def test_a_link_of_ones_own_leads_elsewhere_but_nowhere_unsafe(self):
        link = create(kind="link", parent=item("sales"), url="/customers/")
        edit(link, url="https://example.com/")
        assert item(link.key).url == "https://example.com/"
        refused(edit, "url", node=link, url="javascript:1")

    @pytest.mark.parametrize("key", ["access.tree", "service"])
    def test_the_page_of_the_tree_stays_in_the_menu(self, key):
        refused(edit, "hidden", node=item(key), hidden=True)

    def test_nor_does_it_move_into_what_is_hidden(self):
        hidden = create(kind="directory", hidden=True)
        refused(edit, "hidden", node=item("access.tree"), parent=hidden)

    def test_each_change_is_kept_field_by_field(self):
        edit(item("sales.chance"), label_zh="商机", hidden=True)
        kept = Change.objects.filter(model="access.menuitem").order_by("pk").last()
        assert kept.before == {"label_zh": "营销机会", "hidden": False, "renamed": False}
        assert kept.after == {"label_zh": "商机", "hidden": True, "renamed": True}


class TestOrder:
    def test_a_node_goes_up_and_down_among_its_siblings(self):
        with cast.change("raise") as change:
            raise_menu_item(item("sales.plan"), change=change)
        assert keys("sales") == ["sales.plan", "sales.chance"]
        sync()
        assert keys("sales") == ["sales.plan", "sales.chance"]
        with cast.change("lower") as change:
            lower_menu_item(item("sales.plan"), change=change)
        assert keys("sales") == ["sales.chance", "sales.plan"]
        assert ChangeSet.objects.order_by("pk").last().subject == str(item("sales.plan"))

    @pytest.mark.parametrize(("act", "key"), [(raise_menu_item, "sales.chance"), (lower_menu_item, "sales.plan")])
    def test_at_the_end_it_stays(self, act, key):
        def move():
            with cast.change() as change:
                act(item(key), change=change)

        refused(move)


def keys(parent):
    return list(MenuItem.objects.filter(parent__key=parent).order_by("position", "pk").values_list("key", flat=True))


class TestDeleting:
    @pytest.mark.parametrize("key", ["sales", "sales.chance", "sales.create_chance"])
    def test_what_is_built_in_stays(self, key):
        assert str(item(key)) in refused(delete, node=item(key))

    def test_a_directory_that_is_not_empty_stays(self):
        own = create(kind="directory")
        link = create(kind="link", parent=own, url="/customers/")
        refused(delete, node=own)
        delete(link)
        delete(own)
        assert item(own.key).binned_in is not None

    def test_a_link_that_a_role_holds_stays(self):
        link = create(kind="link", parent=item("sales"), url="/customers/")
        role = cast.make_role(link.permission)
        assert role.name in refused(delete, node=link)
        with cast.change() as change:
            change.relate(role, "grants", [])
        delete(link)
        assert not MenuItem.objects.in_use().filter(pk=link.pk).exists()

    def test_it_comes_back_after_its_directory(self):
        own = create(kind="directory")
        link = create(kind="link", parent=own, url="/customers/")
        delete(link)
        delete(own)
        refused(restore, node=item(link.key))
        restore(item(own.key))
        restore(item(link.key))
        assert item(link.key).binned_in is None


def restore(node):
    with cast.change("restore") as change:
        restore_menu_item(node, change=change)
