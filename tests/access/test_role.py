"""Roles: set as a whole, and never more than who gives them holds."""

import pytest
from django.utils.translation import override

from guanxi.access.actions import bin_role, copy_role, create_role, edit_role, grant_role, restore_role
from guanxi.access.models import Role
from guanxi.access.reach import resolve
from guanxi.history.models import Change
from guanxi.kernel.rules import Conflict, RuleBroken
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


VIEW, EDIT = "customers.view_customer", "customers.edit_customer"


@pytest.fixture
def admin():
    return cast.make_user("admin", holds_all=True)


def nodes(*permissions):
    return list(cast.make_role(*permissions).grants.all())


def create(name="销售", by=None):
    with cast.change("create", by=by) as change:
        return create_role(name=name, change=change)


def grant(role, by, *permissions, scope="own", **more):
    with cast.change("grant", by=by) as change:
        return grant_role(role, grants=nodes(*permissions), scope=scope, change=change, **more)


def granted(role):
    return set(role.grants.values_list("permission", flat=True))


class TestCreatingAndEditing:
    def test_a_new_role_grants_nothing(self):
        role = create(" 销售 ")
        assert (role.name, role.scope, granted(role)) == ("销售", "own", set())

    def test_a_name_in_use_is_refused_whatever_its_case(self):
        create("Sales")
        with pytest.raises(RuleBroken, match="already a role") as refusal:
            create("SALES")
        assert refusal.value.field == "name"

    def test_editing(self):
        role = create()
        with cast.change("edit") as change:
            edit_role(role, name="客服", remark="一线", change=change)
        assert (Role.objects.get(pk=role.pk).name, role.remark) == ("客服", "一线")

    def test_the_name_of_a_binned_role_is_free_and_restoring_asks_for_it(self):
        role = create()
        with cast.change("bin") as change:
            bin_role(role, change=change)
        create()
        with pytest.raises(RuleBroken, match="already a role"), cast.change("restore") as change:
            restore_role(role, change=change)


class TestTheAdministratorsRole:
    def test_it_is_fixed(self, admin):
        role = admin.roles.get()
        acts = [
            lambda change: edit_role(role, name="x", change=change),
            lambda change: bin_role(role, change=change),
            lambda change: copy_role(role, name="x", change=change),
            lambda change: grant_role(role, grants=[], scope="own", change=change),
        ]
        for act in acts:
            with pytest.raises(RuleBroken, match="it is fixed"), cast.change(by=admin) as change:
                act(change)
        assert resolve(admin).holds_all

    def test_it_may_require_two_factor_codes_by_who_holds_every_right(self, admin):
        role = admin.roles.get()
        clerk = cast.make_user("clerk", "access.edit_role")
        with pytest.raises(RuleBroken, match="rights that you do not hold"), cast.change(by=clerk) as change:
            edit_role(role, second_factor=True, change=change)
        with cast.change("edit", by=admin) as change:
            edit_role(role, second_factor=True, change=change)
        assert resolve(admin).second_factor
        assert Change.objects.filter(model="access.role", record_id=role.pk).last().after == {"second_factor": True}


class TestRequiringCodes:
    def test_one_role_that_requires_them_is_enough(self):
        user = cast.make_user("li")
        assert not resolve(user).second_factor
        strict = create("严格")
        with cast.change() as change:
            change.relate(user, "roles", [*user.roles.all(), strict])
            edit_role(strict, second_factor=True, change=change)
        assert resolve(user).second_factor
        with cast.change() as change:
            bin_role(strict, change=change)
        assert not resolve(user).second_factor

    def test_a_copy_requires_what_its_model_does(self, admin):
        strict = create("严格")
        with cast.change(by=admin) as change:
            edit_role(strict, second_factor=True, change=change)
            assert copy_role(strict, name="也严格", change=change).second_factor


class TestGranting:
    def test_grants_are_set_as_a_whole_and_logged(self, admin):
        role = create()
        grant(role, admin, VIEW, EDIT)
        grant(role, admin, VIEW)
        assert granted(role) == {VIEW}
        last = Change.objects.filter(model="access.role", record_id=role.pk).last()
        assert set(last.after) == {"grants"}
        assert len(last.before["grants"]) == 2

    def test_rights_hold_and_end_with_the_next_request(self, admin):
        role = cast.make_role()
        member = cast.make_user("member")
        with cast.change() as change:
            change.relate(member, "roles", [role])
        for permissions in ((VIEW,), ()):
            grant(role, admin, *permissions)
            again = type(member).objects.get(pk=member.pk)
            assert again.has_perm(VIEW) == bool(permissions)

    def test_nobody_grants_what_they_do_not_hold(self):
        clerk = cast.make_user("clerk", "access.grant_role", VIEW)
        role = create()
        with pytest.raises(RuleBroken, match=r"customers\.edit_customer") as refusal:
            grant(role, clerk, VIEW, EDIT)
        assert refusal.value.field == "grants"
        assert granted(role) == set()
        grant(role, clerk, VIEW)
        assert granted(role) == {VIEW}

    def test_a_right_that_the_role_has_already_stays_though_the_giver_lacks_it(self):
        clerk = cast.make_user("clerk", "access.grant_role", VIEW)
        role = cast.make_role(EDIT)
        grant(role, clerk, VIEW, EDIT)
        assert granted(role) == {VIEW, EDIT}

    def test_nobody_shows_everything_who_does_not_see_it(self):
        clerk = cast.make_user("clerk", "access.grant_role")
        role = create()
        with pytest.raises(RuleBroken, match="everything") as refusal:
            grant(role, clerk, scope="all")
        assert refusal.value.field == "scope"
        assert Role.objects.get(pk=role.pk).scope == "own"

    def test_nobody_shows_departments_that_they_do_not_see(self):
        east, west = cast.make_department("East"), cast.make_department("West")
        clerk = cast.make_user("clerk", "access.grant_role", scope="department", department=east)
        role = create()
        with pytest.raises(RuleBroken, match="do not see") as refusal:
            grant(role, clerk, scope="custom", departments=[east, west])
        assert refusal.value.field == "departments"
        grant(role, clerk, scope="custom", departments=[east])
        assert list(role.departments.all()) == [east]

    def test_a_relative_scope_is_measured_at_those_who_hold_the_role(self):
        east, west = cast.make_department("East"), cast.make_department("West")
        clerk = cast.make_user("clerk", "access.grant_role", scope="department", department=east)
        spy = cast.make_user("spy", department=west)
        role = spy.roles.get()
        with pytest.raises(RuleBroken, match="do not see"):
            grant(role, clerk, scope="department")
        assert resolve(spy).departments == frozenset()

    def test_chosen_departments_need_a_choice(self, admin):
        with pytest.raises(RuleBroken, match="Choose the departments"):
            grant(create(), admin, scope="custom")

    def test_departments_are_forgotten_when_the_scope_is_another(self, admin):
        role = create()
        grant(role, admin, scope="custom", departments=[cast.make_department("East")])
        grant(role, admin, scope="own")
        assert not role.departments.exists()

    def test_nobody_unmasks_what_is_hidden_from_themselves(self):
        clerk = cast.make_user("clerk", "access.grant_role", masks=["amount"])
        role = cast.make_role(masks=["amount", "phone"])
        with pytest.raises(RuleBroken, match="hidden from themselves") as refusal:
            grant(role, clerk, masks=[])
        assert refusal.value.field == "masks"
        grant(role, clerk, masks=["amount"])
        assert Role.objects.get(pk=role.pk).masks == ["amount"]

    @pytest.mark.parametrize("theirs", [{"scope": "all"}, {"masks": ["amount"]}, {"permission": EDIT}])
    def test_somebody_elses_change_meanwhile_is_a_conflict(self, admin, theirs):
        role = create()
        seen = role.version
        permission = theirs.pop("permission", VIEW)
        grant(Role.objects.get(pk=role.pk), admin, permission, **theirs)
        with pytest.raises(Conflict):
            grant(Role.objects.get(pk=role.pk), admin, scope="department", masks=["phone"], seen=seen)
        assert granted(role) == {permission}

    def test_saving_all_parts_at_once_is_no_conflict_with_oneself(self, admin):
        role = create()
        east = cast.make_department("East")
        grant(role, admin, VIEW, scope="custom", departments=[east], masks=["bank"], seen=role.version)
        assert (granted(role), Role.objects.get(pk=role.pk).masks) == ({VIEW}, ["bank"])


class TestCopying:
    def test_a_copy_has_the_same_rights_and_no_members(self, admin):
        east = cast.make_department("East")
        role = create()
        grant(role, admin, VIEW, scope="custom", departments=[east], masks=["phone"])
        with cast.change("copy", by=admin) as change:
            copy = copy_role(role, name="销售二", change=change)
        copy.refresh_from_db()
        assert (granted(copy), copy.scope, copy.masks) == ({VIEW}, "custom", ["phone"])
        assert list(copy.departments.all()) == [east]
        assert not copy.members.exists()

    def test_nobody_copies_a_role_that_holds_more_than_they(self):
        clerk = cast.make_user("clerk", "access.create_role")
        role = cast.make_role(EDIT)
        with pytest.raises(RuleBroken, match="rights that you do not hold"), cast.change(by=clerk) as change:
            copy_role(role, name="x", change=change)


class TestTheBin:
    def test_deleting_a_role_ends_its_rights_at_once(self, admin):
        member = cast.make_user("member", VIEW)
        with cast.change("bin", by=admin) as change:
            bin_role(member.roles.get(), change=change)
        assert not type(member).objects.get(pk=member.pk).has_perm(VIEW)

    def test_nobody_restores_a_role_that_gives_more_than_they_hold(self, admin):
        role = cast.make_user("member", VIEW).roles.get()
        with cast.change("bin", by=admin) as change:
            bin_role(role, change=change)
        clerk = cast.make_user("clerk", "access.bin_role")
        with pytest.raises(RuleBroken, match="rights that you do not hold"), cast.change(by=clerk) as change:
            restore_role(role, change=change)
