"""Users: in by a one-time password, out at once, and nobody gets more than who lets them in."""

import pytest
from django.utils.translation import override

from guanxi.access.reach import resolve
from guanxi.accounts.actions import (
    add_member,
    bin_user,
    create_user,
    disable_user,
    edit_user,
    enable_user,
    remove_member,
    reset_password,
    restore_user,
)
from guanxi.accounts.models import Session, User
from guanxi.history.models import Change
from guanxi.kernel.rules import Conflict, RuleBroken
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


VIEW = "customers.view_customer"
PASSWORD = "k7fm-q2xp-9ahd-wu4c"


@pytest.fixture
def admin():
    return cast.make_user("admin", holds_all=True)


def create(by=None, **fields):
    with cast.change("create", by=by) as change:
        return create_user(
            **{"username": "li.ming", "real_name": "李明", "password": PASSWORD, "change": change, **fields}
        )


def edit(user, by=None, **fields):
    with cast.change("edit", by=by) as change:
        return edit_user(user, change=change, **fields)


def do(act, record, by, **more):
    with cast.change(act.__name__, by=by) as change:
        act(record, change=change, **more)


def read(user):
    return User.objects.get(pk=user.pk)


def sign_in(client, user):
    client.force_login(user)
    assert Session.objects.filter(user=user).exists()


class TestCreating:
    def test_a_new_user_must_change_the_password(self, admin):
        role = cast.make_role(VIEW)
        user = read(create(admin, roles=[role], email=" li@example.com "))
        assert user.check_password(PASSWORD)
        assert (user.must_change_password, user.is_active, user.email) == (True, True, "li@example.com")
        assert user.has_perm(VIEW)

    def test_the_log_does_not_keep_the_password(self, admin):
        user = create(admin)
        kept = Change.objects.get(model="accounts.user", record_id=user.pk, act="create")
        assert kept.after["password"] == "•••"

    @pytest.mark.parametrize("name", ["LI.MING", " li.ming ", "ｌｉ．ｍｉｎｇ"])
    def test_a_user_name_is_taken_for_ever(self, admin, name):
        do(bin_user, create(admin), admin)
        with pytest.raises(RuleBroken, match="already a user") as refusal:
            create(admin, username=name)
        assert refusal.value.field == "username"

    def test_an_e_mail_address_belongs_to_one(self, admin):
        create(admin, email="li@example.com")
        with pytest.raises(RuleBroken, match="e-mail") as refusal:
            create(admin, username="other", email="LI@example.com")
        assert refusal.value.field == "email"

    def test_nobody_hands_out_a_role_that_holds_more_than_they(self):
        clerk = cast.make_user("clerk", "accounts.create_user")
        with pytest.raises(RuleBroken, match="rights that you do not hold") as refusal:
            create(clerk, roles=[cast.make_role(VIEW)])
        assert refusal.value.field == "roles"
        assert not User.objects.filter(username="li.ming").exists()

    def test_nobody_but_an_administrator_makes_an_administrator(self, admin):
        clerk = cast.make_user("clerk", "accounts.create_user", scope="all")
        with pytest.raises(RuleBroken, match="every right"):
            create(clerk, roles=admin.roles.all())
        assert resolve(create(admin, roles=admin.roles.all())).holds_all

    @pytest.mark.parametrize("scope", ["department", "branch", "all"])
    def test_nobody_hands_out_a_scope_that_is_wider_than_theirs(self, scope):
        east, west = cast.make_department("East"), cast.make_department("West")
        clerk = cast.make_user("clerk", "accounts.create_user", scope="department", department=east)
        role = cast.make_role(scope=scope)
        with pytest.raises(RuleBroken):
            create(clerk, roles=[role], department=west)
        if scope != "all":
            assert resolve(create(clerk, roles=[role], department=east)).departments == {east.pk}

    def test_nobody_hands_out_the_lead_of_a_department_that_they_do_not_see(self):
        west = cast.make_department("West")
        clerk = cast.make_user("clerk", "accounts.create_user")
        with pytest.raises(RuleBroken, match="do not see"):
            create(clerk, roles=[cast.make_role(scope="reports")], leads=[west])

    def test_nobody_hands_out_a_role_that_shows_what_is_hidden_from_them(self):
        clerk = cast.make_user("clerk", "accounts.create_user", masks=["amount"])
        with pytest.raises(RuleBroken, match="hidden"):
            create(clerk, roles=[cast.make_role()])


class TestEditing:
    def test_editing_keeps_the_user_name(self, admin):
        user = create(admin)
        edit(user, admin, real_name="李明明", phone="13805712233")
        assert (read(user).real_name, read(user).username) == ("李明明", "li.ming")
        with pytest.raises(TypeError):
            edit(user, admin, username="other")

    def test_rights_follow_the_roles_at_once(self, admin):
        user = create(admin, roles=[cast.make_role(VIEW)])
        edit(user, admin, roles=[])
        assert not read(user).has_perm(VIEW)

    def test_a_role_held_already_may_stay_though_the_editor_lacks_it(self, admin):
        user = create(admin, roles=[cast.make_role(VIEW)])
        clerk = cast.make_user("clerk", "accounts.edit_user")
        edit(user, clerk, real_name="李小明", roles=user.roles.all())
        assert read(user).real_name == "李小明"

    def test_nobody_moves_a_colleague_to_rows_that_they_do_not_see(self):
        east, west = cast.make_department("East"), cast.make_department("West")
        clerk = cast.make_user("clerk", "accounts.edit_user", scope="department", department=east)
        user = cast.make_user("user", scope="department", department=east)
        with pytest.raises(RuleBroken, match="do not see") as refusal:
            edit(user, clerk, department=west)
        assert refusal.value.field == "department"
        assert read(user).department == east

    def test_nobody_fetches_a_colleague_to_see_their_rows(self):
        east, west = cast.make_department("East"), cast.make_department("West")
        clerk = cast.make_user("clerk", "accounts.edit_user", scope="department", department=east)
        with pytest.raises(RuleBroken, match="do not see"):
            edit(cast.make_user("victim", department=west), clerk, department=east)

    def test_other_roles_meanwhile_are_a_conflict(self, admin):
        user = create(admin)
        seen = user.version
        edit(read(user), admin, roles=[cast.make_role()])
        with pytest.raises(Conflict):
            edit(read(user), admin, roles=[], seen=seen)

    def test_the_last_administrator_keeps_the_role(self, admin):
        with pytest.raises(RuleBroken, match="last administrator"):
            edit(admin, admin, roles=[])
        assert resolve(read(admin)).holds_all
        create(admin, roles=admin.roles.all())
        edit(admin, admin, roles=[])


class TestMembers:
    def test_adding_and_removing(self, admin):
        role, user = cast.make_role(VIEW), create(admin)
        do(add_member, role, admin, user=user)
        assert read(user).has_perm(VIEW)
        do(remove_member, role, admin, user=user)
        assert not read(user).has_perm(VIEW)

    def test_nobody_adds_themselves_to_more(self):
        clerk = cast.make_user("clerk", "access.grant_role")
        with pytest.raises(RuleBroken, match="rights that you do not hold") as refusal:
            do(add_member, cast.make_role(VIEW), clerk, user=clerk)
        assert refusal.value.field == "user"

    def test_the_last_administrator_is_not_removed(self, admin):
        with pytest.raises(RuleBroken, match="last administrator"):
            do(remove_member, admin.roles.get(), admin, user=admin)


class TestPasswords:
    def test_resetting_issues_another_and_ends_the_sessions(self, admin, client):
        user = create(admin)
        sign_in(client, user)
        do(reset_password, user, admin, password="other-one-time")
        assert read(user).check_password("other-one-time")
        assert read(user).must_change_password
        assert not Session.objects.filter(user=user).exists()

    def test_nobody_resets_their_own(self, admin):
        with pytest.raises(RuleBroken, match="your own password"):
            do(reset_password, admin, admin, password=PASSWORD)

    @pytest.mark.parametrize(
        "mightier", [{"holds_all": True}, {"permission": VIEW}, {"scope": "all"}, {"scope": "department"}]
    )
    def test_nobody_takes_over_whoever_holds_more(self, mightier):
        east = cast.make_department("East")
        permission = mightier.pop("permission", "accounts.reset_user")
        clerk = cast.make_user("clerk", "accounts.reset_user")
        boss = cast.make_user("boss", permission, department=east, **mightier)
        for act, more in [(reset_password, {"password": PASSWORD}), (enable_user, {}), (restore_user, {})]:
            with pytest.raises(RuleBroken, match="rights that you do not hold"):
                do(act, boss, clerk, **more)
        assert not read(boss).check_password(PASSWORD)


class TestShuttingOut:
    def test_a_disabled_user_is_out_at_once(self, admin, client):
        user = create(admin)
        sign_in(client, user)
        do(disable_user, user, admin)
        assert not Session.objects.filter(user=user).exists()
        assert not read(user).is_active
        do(enable_user, user, admin)
        assert read(user).is_active

    @pytest.mark.parametrize("act", [disable_user, bin_user])
    def test_nobody_shuts_out_themselves(self, admin, act):
        cast.make_user("second", holds_all=True)
        with pytest.raises(RuleBroken, match="themselves"):
            do(act, admin, admin)

    @pytest.mark.parametrize("act", [disable_user, bin_user])
    def test_the_last_administrator_stays(self, admin, act):
        clerk = cast.make_user("clerk", "accounts.disable_user")
        with pytest.raises(RuleBroken, match="last administrator"):
            do(act, admin, clerk)
        assert (read(admin).is_active, read(admin).binned_in) == (True, None)
        cast.make_user("second", holds_all=True)
        do(act, admin, clerk)

    def test_a_disabled_administrator_does_not_count(self, admin):
        second = cast.make_user("second", holds_all=True)
        do(disable_user, second, admin)
        clerk = cast.make_user("clerk", "accounts.disable_user")
        with pytest.raises(RuleBroken, match="last administrator"):
            do(disable_user, admin, clerk)

    def test_the_bin_and_back(self, admin):
        user = create(admin)
        do(bin_user, user, admin)
        assert not User.objects.in_use().filter(pk=user.pk).exists()
        do(restore_user, user, admin)
        assert User.objects.in_use().filter(pk=user.pk).exists()


def test_a_peer_whose_rows_one_does_not_see_is_not_reset():
    department = cast.make_department("销售部")
    rights = ("customers.view_customer",)
    peer = cast.make_user("wang", *rights, department=department)
    boss = cast.make_user("peeradm", *rights, "accounts.reset_user", department=department)
    with pytest.raises(RuleBroken), cast.change(by=boss) as writer:
        reset_password(peer, password="abcd-efgh-jkmn", change=writer)
