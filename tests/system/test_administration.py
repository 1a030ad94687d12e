"""The pages of users, departments and roles."""

import re

import pytest

from guanxi.access.models import Department, MenuItem, Role
from guanxi.accounts.models import Session, User
from guanxi.history.models import Change, ChangeSet
from tests import cast
from tests.system.company import client_of, nodes, prepare

pytestmark = pytest.mark.django_db

ONE_TIME = re.compile(r'id="one-time">([a-z0-9]{4}(?:-[a-z0-9]{4}){3})<')
VIEW, EDIT = "customers.view_customer", "customers.edit_customer"


@pytest.fixture
def admin():
    return prepare()


@pytest.fixture
def client(admin):
    return client_of(admin)


def text_of(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


NEW_USER = {"username": "li.ming", "real_name": "李明", "email": "li@example.com", "phone": "138 0571 2233"}


class TestUsers:
    def test_creating_shows_the_password_once_and_keeps_it_nowhere(self, client):
        role, east = cast.make_role(VIEW), cast.make_department("华东")
        sent = {**NEW_USER, "roles": [role.pk], "department": east.pk, "leads": [east.pk], "submit_key": "k1"}
        answer = client.post("/system/users/new/", sent)
        (password,) = ONE_TIME.findall(text_of(answer))
        assert answer["Cache-Control"] == "no-store"
        user = User.objects.get(username="li.ming")
        assert user.check_password(password)
        assert user.must_change_password
        assert (list(user.roles.all()), list(user.leads.all()), user.department) == ([role], [east], east)
        assert user.phone == "13805712233"
        kept = [*Change.objects.values_list("after", flat=True), *ChangeSet.objects.values_list("reason", "subject")]
        assert password not in str(kept)
        again = client.post("/system/users/new/", sent)
        assert again.status_code == 303, "the same form again makes nobody, and shows nothing"
        assert password not in client.get(again["Location"]).content.decode()

    def test_a_drawer_shows_the_password_in_its_place(self, client):
        answer = client.post("/system/users/new/", NEW_USER, headers={"HX-Request": "true"})
        assert ONE_TIME.search(text_of(answer))
        assert "<html" not in answer.content.decode()

    @pytest.mark.parametrize(
        ("fault", "field"),
        [
            ({"username": "li ming"}, "username"),
            ({"username": "li@ming"}, "username"),
            ({"username": "ADMIN"}, "username"),
            ({"username": ""}, "username"),
            ({"real_name": ""}, "real_name"),
            ({"email": "nobody"}, "email"),
            ({"phone": "12"}, "phone"),
            ({"roles": ["99999"]}, "roles"),
            ({"department": "99999"}, "department"),
        ],
    )
    def test_bad_input_is_said_next_to_its_field_and_nothing_is_lost(self, client, fault, field):
        page = text_of(client.post("/system/users/new/", {**NEW_USER, **fault}), 422)
        assert f'id="id_{field}_error"' in page
        assert "李明" in page or "real_name" in fault
        assert not ONE_TIME.search(page)
        assert not User.objects.filter(real_name="李明").exists()

    def test_resetting_shows_another_password_and_ends_the_sessions(self, client):
        user = cast.make_user("li.ming")
        theirs = client_of(user)
        assert theirs.get("/").status_code == 200
        url = f"/system/users/{user.pk}/reset/"
        assert "一次性密码" in text_of(client.get(url))
        sent = {"submit_key": "k2"}
        (password,) = ONE_TIME.findall(text_of(client.post(url, sent)))
        assert User.objects.get(pk=user.pk).check_password(password)
        assert theirs.get("/").status_code == 302
        assert client.post(url, sent).status_code == 303
        assert User.objects.get(pk=user.pk).check_password(password), "sent twice, done once"

    def test_disabling_ends_everything_at_once(self, client):
        user = cast.make_user("li.ming")
        theirs = client_of(user)
        assert client.post(f"/system/users/{user.pk}/disable/").status_code == 303
        assert theirs.get("/").status_code == 302
        assert not Session.objects.filter(user=user).exists()
        assert client.post(f"/system/users/{user.pk}/enable/").status_code == 303
        assert User.objects.get(pk=user.pk).is_active

    @pytest.mark.parametrize("verb", ["disable", "bin"])
    def test_nobody_shuts_out_themselves(self, client, admin, verb):
        page = text_of(client.post(f"/system/users/{admin.pk}/{verb}/"), 422)
        assert "不能停用或删除自己" in page

    def test_the_list_shows_roles_department_and_state(self, client):
        cast.make_user("li.ming", department=cast.make_department("华东"), is_active=False)
        page = text_of(client.get("/system/users/"))
        row = page[page.index("li.ming") :]
        assert "华东" in row
        assert "角色" in row
        assert "已停用" in row
        assert "li.ming" not in text_of(client.get("/system/users/?view=active"))

    def test_editing_changes_roles_and_keeps_the_user_name(self, client):
        user, role = cast.make_user("li.ming", VIEW), cast.make_role(EDIT)
        url = f"/system/users/{user.pk}/edit/"
        assert 'name="username"' not in text_of(client.get(url))
        sent = {"real_name": "李明", "roles": [role.pk], "seen": user.version, "username": "other"}
        assert client.post(url, sent).status_code == 303
        user = User.objects.get(pk=user.pk)
        assert (user.username, list(user.roles.all())) == ("li.ming", [role])
        assert role.name in text_of(client.get(f"/system/users/{user.pk}/tab/history/"))

    def test_roles_that_changed_meanwhile_are_a_conflict(self, client):
        user = cast.make_user("li.ming", VIEW)
        seen = user.version - 1
        answer = client.post(f"/system/users/{user.pk}/edit/", {"real_name": "李明", "seen": seen})
        assert answer.status_code == 409

    def test_every_colleague_picks_by_name_and_opens_no_page(self):
        colleague = client_of(cast.make_user("zhang.wei"))
        options = colleague.get("/system/users/options/").json()["options"]
        assert {"value": User.objects.get(username="zhang.wei").pk, "label": "zhang.wei"} in options
        assert colleague.get("/system/users/").status_code == 403

    def test_a_user_in_the_bin_comes_back(self, client):
        user = cast.make_user("li.ming")
        assert client.post(f"/system/users/{user.pk}/bin/").status_code == 303
        assert client.get(f"/system/users/{user.pk}/").status_code == 404
        assert client.post(f"/system/users/{user.pk}/restore/").status_code == 303


class TestDepartments:
    def test_the_tree_shows_members_and_leaders(self, client):
        company = cast.make_department("总部")
        east = cast.make_department("华东", company)
        leader = cast.make_user("leader", department=east)
        cast.lead(leader, east)
        page = text_of(client.get("/system/departments/"))
        assert page.index("总部") < page.index("华东") < page.index("leader", page.index("华东"))

    def test_creating_below_another(self, client):
        company = cast.make_department("总部")
        page = text_of(client.get(f"/system/departments/new/?parent={company.pk}"))
        assert re.search(rf'value="{company.pk}"\s+selected', page)
        sent = {"name": "华东", "parent": company.pk, "position": 0}
        assert client.post("/system/departments/new/", sent).status_code == 303
        assert Department.objects.get(name="华东").parent == company

    def test_a_taken_name_is_said_next_to_it(self, client):
        cast.make_department("总部")
        page = text_of(client.post("/system/departments/new/", {"name": "总部", "position": 0}), 422)
        assert "这里已有部门“总部”" in page
        assert 'id="id_name_error"' in page

    def test_below_itself_is_no_choice(self, client):
        company = cast.make_department("总部")
        east = cast.make_department("华东", company)
        url = f"/system/departments/{company.pk}/edit/"
        page = text_of(client.post(url, {"name": "总部", "parent": east.pk, "position": 0}), 422)
        assert 'id="id_parent_error"' in page
        assert Department.objects.get(pk=company.pk).parent is None

    def test_one_with_members_is_not_deleted(self, client):
        east = cast.make_department("华东")
        cast.make_user("member", department=east)
        assert "还有成员" in text_of(client.post(f"/system/departments/{east.pk}/bin/"), 422)
        assert "member" in text_of(client.get(f"/system/departments/{east.pk}/"))


class TestRoles:
    def grant(self, client, role, permissions, **more):
        sent = {"scope": "own", "seen": role.version, "grants": nodes(*permissions), **more}
        return client.post(f"/system/roles/{role.pk}/grant/", sent)

    def granted(self, role):
        return set(role.grants.values_list("permission", flat=True))

    def test_creating_leads_to_its_rights(self, client):
        answer = client.post("/system/roles/new/", {"name": "销售", "remark": "一线"})
        page = text_of(client.get(answer["Location"]))
        assert "data-tree" in page
        assert "营销机会" in page

    def test_the_list_leads_to_the_first_role(self, client, admin):
        assert client.get("/system/roles/")["Location"] == f"/system/roles/{admin.roles.get().pk}/"

    def test_the_tree_has_a_box_for_each_right_and_checks_what_is_held(self, client):
        role = cast.make_role(VIEW)
        page = text_of(client.get(f"/system/roles/{role.pk}/"))
        boxes = re.findall(r'name="grants" value="(\d+)"( checked)?', page)
        assert [int(pk) for pk, checked in boxes if checked] == nodes(VIEW)
        assert len({pk for pk, _checked in boxes}) == len(boxes) > 10

    def test_what_differs_is_shown_before_it_is_saved(self, client):
        role = cast.make_role(VIEW)
        page = text_of(self.grant(client, role, [EDIT], scope="all", masks=["amount"]))
        summary = page[page.index('id="summary"') :]
        assert "新增" in summary
        assert "移除" in summary
        assert "客户 · 编辑" in summary
        assert "全部" in summary
        assert "金额" in summary
        assert self.granted(role) == {VIEW}, "nothing is saved yet"

    def test_the_menus_that_a_role_holds_are_no_rights_that_saving_takes_away(self, client):
        role = cast.make_role(VIEW)
        with cast.change() as change:
            change.relate(role, "grants", [*role.grants.all(), MenuItem.objects.filter(kind="menu").first()])
        page = text_of(self.grant(client, role, [VIEW], scope="own", masks=["phone"]))
        assert "移除" not in page[page.index('id="summary"') :]

    def test_saving_after_the_summary(self, client):
        role, east = cast.make_role(VIEW), cast.make_department("华东")
        more = {"scope": "custom", "departments": [east.pk], "masks": ["phone"], "confirmed": "1"}
        answer = self.grant(client, role, [EDIT], **more)
        assert answer.status_code == 303
        role = Role.objects.get(pk=role.pk)
        assert (self.granted(role), role.scope, role.masks) == ({EDIT}, "custom", ["phone"])
        assert list(role.departments.all()) == [east]
        assert ChangeSet.objects.filter(verb="grant", subject_id=role.pk).count() == 1
        history = text_of(client.get(f"/system/roles/{role.pk}/tab/history/"))
        assert "客户 · 编辑" in history
        assert "<del>本人</del>" in history.replace("<del>自定义部门</del>", "")
        assert "<ins>自定义部门</ins>" in history
        assert "<ins>电话号码</ins>" in history, "the words of what it hides, not their keys"
        assert not re.search(r"<(ins|del)>[^<]*(phone|custom|own)", history)

    def test_the_history_says_yes_and_no_in_words(self, client, admin):
        role = cast.make_role(VIEW)
        with cast.change("edit", by=admin) as change:
            change.update(role, second_factor=True)
        history = text_of(client.get(f"/system/roles/{role.pk}/tab/history/"))
        assert "<del>否</del>" in history
        assert "<ins>是</ins>" in history
        assert "True" not in history

    def test_the_summary_carries_everything_that_was_chosen(self, client):
        role = cast.make_role(VIEW)
        page = text_of(self.grant(client, role, [VIEW, EDIT]))
        fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
        sent = {name: [value for key, value in fields if key == name] for name, _value in fields}
        client.post(f"/system/roles/{role.pk}/grant/", {**sent, "confirmed": "1"})
        assert self.granted(role) == {VIEW, EDIT}

    def test_back_keeps_what_was_chosen(self, client):
        role = cast.make_role(VIEW)
        page = text_of(self.grant(client, role, [EDIT], back="1"))
        boxes = re.findall(r'name="grants" value="(\d+)" checked', page)
        assert [int(pk) for pk in boxes] == nodes(EDIT)

    def test_no_difference_saves_nothing(self, client):
        role = cast.make_role(VIEW)
        answer = client.post(
            f"/system/roles/{role.pk}/grant/",
            {"scope": "own", "grants": list(role.grants.values_list("pk", flat=True)), "seen": role.version},
        )
        assert answer.status_code == 303
        assert not ChangeSet.objects.filter(verb="grant").exists()

    def test_somebody_elses_change_meanwhile_is_not_overwritten(self, client):
        role = cast.make_role(VIEW)
        with cast.change() as change:
            change.relate(Role.objects.get(pk=role.pk), "grants", [])
        page = text_of(self.grant(client, role, [EDIT], confirmed="1"), 422)
        assert "其他人" in page or "别人" in page
        assert self.granted(role) == set()

    def test_a_clerk_grants_only_what_they_hold(self, admin):
        clerk = client_of(cast.make_user("clerk", "access.view_role", "access.grant_role", VIEW))
        role = cast.make_role()
        page = text_of(self.grant(clerk, role, [VIEW, EDIT], confirmed="1"), 422)
        assert "不能授予自己没有的权限" in page
        assert self.granted(role) == set()
        assert self.grant(clerk, role, [VIEW], confirmed="1").status_code == 303

    def test_who_may_only_look_sees_the_boxes_and_cannot_save(self, admin):
        role = cast.make_role(VIEW)
        reader = client_of(cast.make_user("reader", "access.view_role"))
        page = text_of(reader.get(f"/system/roles/{role.pk}/"))
        assert "<fieldset disabled" in page
        assert self.grant(reader, role, [EDIT], confirmed="1").status_code == 403

    def test_a_directory_or_menu_is_not_granted(self, client):
        role = cast.make_role()
        menu = Role.grants.rel.model.objects.get(key="customers.customer").pk
        answer = client.post(f"/system/roles/{role.pk}/grant/", {"scope": "own", "grants": [menu], "confirmed": "1"})
        assert answer.status_code == 422

    @pytest.mark.parametrize("nonsense", ["²", "x", "9" * 30])
    def test_a_right_or_a_version_that_is_none_is_no_fault(self, client, nonsense):
        role = cast.make_role(VIEW)
        sent = {"scope": "own", "grants": [nonsense], "seen": "²", "confirmed": "1"}
        assert client.post(f"/system/roles/{role.pk}/grant/", sent).status_code == 422
        assert self.granted(role) == {VIEW}
        assert self.grant(client, role, [EDIT], confirmed="1", seen="²").status_code == 303

    def test_the_administrators_role_has_no_boxes(self, client, admin):
        page = text_of(client.get(f"/system/roles/{admin.roles.get().pk}/"))
        assert 'name="grants"' not in page
        assert "固定" in page

    def test_copying(self, client):
        role = cast.make_role(VIEW)
        page = f"/system/roles/{role.pk}/"
        answer = client.post(f"{page}copy/", {"name": "副本", "next": page})
        assert answer.status_code == 303
        copy = Role.objects.get(name="副本")
        assert self.granted(copy) == {VIEW}
        assert answer["Location"] == f"/system/roles/{copy.pk}/", "one goes on with the copy, not with the original"

    def test_members_are_added_and_removed(self, client):
        role, user = cast.make_role(VIEW), cast.make_user("li.ming")
        assert client.post(f"/system/roles/{role.pk}/add/", {"user": user.pk}).status_code == 303
        page = text_of(client.get(f"/system/roles/{role.pk}/tab/members/"))
        assert "li.ming" in page
        assert client_of(user).get("/customers/").status_code == 200
        assert client.post(f"/system/roles/{role.pk}/remove/", {"user": user.pk}).status_code == 303
        assert client_of(user).get("/customers/").status_code == 403


class TestTheMenu:
    def test_it_shows_only_what_is_granted_and_the_server_refuses_the_rest(self, admin):
        clerk = client_of(cast.make_user("clerk", "accounts.view_user"))
        page = text_of(clerk.get("/system/users/"))
        menu = page[page.index('<nav class="nav"') : page.index("</nav>")]
        assert 'href="/system/users/"' in menu
        assert 'href="/system/roles/"' not in menu
        assert "新建用户" not in page
        for refused in ["/system/roles/", "/system/departments/", "/system/users/new/", "/customers/"]:
            assert clerk.get(refused).status_code == 403
