"""资源管理: the page of the resource tree, and what it changes in the menu."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command

from guanxi.access.models import MenuItem
from guanxi.history.models import ChangeSet
from guanxi.system.forms import ICONS
from guanxi.web.styleguide import __file__ as web
from tests import cast
from tests.system.company import client_of, nodes, prepare

pytestmark = pytest.mark.django_db

PAGE = "/system/resources/"


@pytest.fixture
def admin():
    return prepare()


@pytest.fixture
def client(admin):
    return client_of(admin)


def text_of(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def item(key):
    return MenuItem.objects.get(key=key)


def row_of(page, node):
    return page.partition(f'id="row-{node.pk}"')[2].partition("</tr>")[0]


def sent(node, **fields):
    plain = {"label_zh": node.label_zh, "label_en": node.label_en, "icon": node.icon, "seen": node.version}
    return {**plain, "parent": node.parent_id or "", **fields}


def new_link(client, directory, **fields):
    values = {"kind": "link", "label_zh": "内网", "label_en": "Intranet", "parent": directory.pk, "icon": "world"}
    assert client.post(f"{PAGE}new/", {**values, "url": "https://example.com/", **fields}).status_code == 303
    return MenuItem.objects.filter(kind="link").latest("pk")


class TestThePage:
    def test_the_tree_shows_codes_permissions_and_how_many_roles_hold_each(self, client):
        menu, button = item("system.role"), item("access.grant_role")
        cast.make_role("access.grant_role")
        page = text_of(client.get(PAGE))
        assert "6020" in row_of(page, menu)
        assert f'id="row-{button.pk}"' not in page, "buttons are folded"
        row = row_of(text_of(client.get(f"{PAGE}?open={menu.pk}")), button)
        for text in ("602005", "access.grant_role", "授权", "按钮", '<span class="num">1</span>'):
            assert text in row, text

    def test_what_is_open_stands_in_the_address(self, client):
        role, user = item("system.role"), item("system.user")
        page = text_of(client.get(f"{PAGE}?open={role.pk}"))
        both = sorted([role.pk, user.pk])
        assert f'href="?open={both[0]}&amp;open={both[1]}#row-{user.pk}"' in page
        assert f'href="?#row-{role.pk}"' in page or f'href="?open=#row-{role.pk}"' in page
        assert text_of(client.get(f"{PAGE}?open=all")).count('class="n2"') > 50
        assert client.get(f"{PAGE}?open=x&open=999999").status_code == 200

    def test_built_in_nodes_offer_no_deletion(self, client):
        page = text_of(client.get(f"{PAGE}?open=all"))
        assert 'id="bin-' not in page
        answer = client.post(f"{PAGE}{item('system.role').pk}/bin/")
        assert "内置" in text_of(answer, 422)

    def test_what_was_changed_survives_the_next_sync(self, client):
        role, service = item("system.role"), item("service")
        values = sent(role, label_zh="岗位", label_en="Posts", icon="key", parent=service.pk)
        assert client.post(f"{PAGE}{role.pk}/edit/", values).status_code == 303
        call_command("sync", verbosity=0)
        role.refresh_from_db()
        assert (role.label_zh, role.label_en, role.icon, role.parent) == ("岗位", "Posts", "key", service)
        home = text_of(client.get("/"))
        assert home.index("岗位") < home.index(">系统管理<")
        history = text_of(client.get(f"{PAGE}{role.pk}/tab/history/"))
        assert "<del>角色</del>" in history or "<ins>岗位</ins>" in history

    def test_hidden_leaves_the_menu_and_still_opens(self, client):
        role = item("system.role")
        assert client.post(f"{PAGE}{role.pk}/edit/", sent(role, hidden="on")).status_code == 303
        page = text_of(client.get("/"))
        assert '"/system/roles/"' not in page
        assert client.get("/system/roles/").status_code == 302, "the page of the first role"
        assert ">隐藏<" in row_of(text_of(client.get(PAGE)), role)

    def test_reordering_by_page_shows_in_the_menu(self, client):
        user, role = item("system.user"), item("system.role")
        assert text_of(client.get("/")).index('"/system/users/"') < text_of(client.get("/")).index('"/system/roles/"')
        while item("system.role").position > item("system.user").position:
            answer = client.post(f"{PAGE}{role.pk}/raise/", {"next": f"{PAGE}#row-{role.pk}"})
            assert answer["Location"] == f"{PAGE}#row-{role.pk}"
        home = text_of(client.get("/"))
        assert home.index('"/system/roles/"') < home.index('"/system/users/"')
        assert f"{PAGE}{user.pk}/raise/" in text_of(client.get(PAGE))

    def test_what_the_program_gives_cannot_be_sent(self, client):
        role = item("system.role")
        values = sent(role, permission="x.y", code="1", url="javascript:1", kind="link", built_in="", key="k")
        assert client.post(f"{PAGE}{role.pk}/edit/", values).status_code == 303
        stands = item("system.role")
        assert (stands.permission, stands.code, stands.kind, stands.built_in) == (
            "access.view_role",
            "6020",
            "menu",
            True,
        )
        assert stands.url == "system:role-list"

    def test_bad_input_is_said_next_to_its_field_and_nothing_is_lost(self, client):
        values = {"kind": "link", "label_zh": "内网", "parent": item("system").pk, "url": "javascript:alert(1)"}
        page = text_of(client.post(f"{PAGE}new/", values), 422)
        assert 'id="id_url_error"' in page
        assert 'value="javascript:alert(1)"' in page
        assert 'value="内网"' in page
        assert not MenuItem.objects.filter(kind="link").exists()
        forged = {**values, "url": "/", "icon": "no-such"}
        assert "不在可用的选项中" in text_of(client.post(f"{PAGE}new/", forged), 422)
        assert not MenuItem.objects.filter(kind="link").exists()

    def test_two_who_rename_at_once_do_not_overwrite_each_other(self, client):
        role = item("system.role")
        first = sent(role, label_zh="岗位")
        assert client.post(f"{PAGE}{role.pk}/edit/", first).status_code == 303
        page = text_of(client.post(f"{PAGE}{role.pk}/edit/", sent(role, label_zh="职务")), 409)
        assert "岗位" in page
        assert item("system.role").label_zh == "岗位"

    def test_every_icon_on_offer_is_in_the_sprite(self):
        names = set((Path(web).parent / "icons.txt").read_text().split())
        assert set(ICONS) <= names


class TestLinks:
    def test_only_who_is_granted_a_link_finds_it_in_the_menu(self, client):
        link = new_link(client, item("system"))
        role = cast.make_role("customers.view_customer")
        user = cast.make_user("li.ming")
        with cast.change() as change:
            change.relate(user, "roles", [role])
        theirs = client_of(user)
        assert "example.com" not in text_of(theirs.get("/"))
        grants = {"scope": "own", "grants": [*nodes("customers.view_customer"), link.pk], "confirmed": "1"}
        assert "内网" in text_of(client.get(f"/system/roles/{role.pk}/"))
        assert client.post(f"/system/roles/{role.pk}/grant/", grants).status_code == 303
        (shown,) = re.findall(r'<a href="https://example.com/"[^>]*>', text_of(theirs.get("/")).split("tabbar")[0])
        assert 'rel="noopener noreferrer"' in shown
        assert 'target="_blank"' in shown

    def test_a_page_of_guanxi_opens_in_place(self, client):
        new_link(client, item("system"), url="/customers/?view=mine")
        (shown,) = re.findall(r'<a href="/customers/\?view=mine"[^>]*>', text_of(client.get("/")).split("tabbar")[0])
        assert "target" not in shown

    def test_a_directory_without_anything_that_one_may_open_is_not_shown(self, client):
        assert client.post(f"{PAGE}new/", {"kind": "directory", "label_zh": "内部系统"}).status_code == 303
        own = MenuItem.objects.get(label_zh="内部系统")
        assert "内部系统" not in text_of(client.get("/"))
        new_link(client, own)
        assert "内部系统" in text_of(client.get("/"))

    def test_deleting_what_a_role_holds_gives_a_sentence(self, client):
        link = new_link(client, item("system"))
        role = cast.make_role(link.permission)
        page = text_of(client.post(f"{PAGE}{link.pk}/bin/"), 422)
        assert role.name in page
        assert role.name in text_of(client.get(f"{PAGE}{link.pk}/tab/roles/"))


class TestStrangers:
    def test_who_may_only_look_changes_nothing(self, client):
        role = item("system.role")
        reader = client_of(cast.make_user("reader", "access.view_menuitem"))
        page = text_of(reader.get(PAGE))
        for part in ('id="create"', 'id="edit-', "/raise/", 'id="bin-', 'id="below-'):
            assert part not in page
        for verb in ("edit", "raise", "lower", "bin", "restore"):
            assert reader.post(f"{PAGE}{role.pk}/{verb}/").status_code == 403
        assert reader.post(f"{PAGE}new/").status_code == 403
        assert ChangeSet.objects.filter(state="refused", by__username="reader").count() == 6

    def test_a_clerk_does_not_grant_a_link_that_they_do_not_hold(self, client):
        link = new_link(client, item("system"))
        clerk = cast.make_user("clerk", "access.view_role", "access.grant_role", scope="all")
        role = cast.make_role("access.view_role")
        grants = {"scope": "own", "grants": [*nodes("access.view_role"), link.pk], "confirmed": "1"}
        answer = client_of(clerk).post(f"/system/roles/{role.pk}/grant/", grants)
        assert answer.status_code == 422
        assert link not in role.grants.all()
