import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.test import Client

from guanxi.access.models import Role
from guanxi.accounts.actions.administrator import ensure_administrator
from guanxi.accounts.actions.password import change_password
from guanxi.accounts.actions.profile import edit_profile
from guanxi.accounts.models import Session, User
from guanxi.history.models import Change
from guanxi.kernel.rules import RuleBroken
from tests import cast

pytestmark = pytest.mark.django_db
PASSWORD = "k7fm-q2xp-9ahd-wu4c"


def ensure(username="admin", password=PASSWORD):
    with cast.change("createadmin") as change:
        return ensure_administrator(username=username, password=password, change=change)


class TestAdministrator:
    def test_an_empty_house_gets_one_who_holds_every_right(self):
        user = ensure()
        assert user.has_perm("anything.of_the_future")
        assert user.must_change_password
        assert check_password(PASSWORD, user.password)
        assert Change.objects.filter(change_set__verb="createadmin", change_set__subject="管理员").exists()

    def test_twice_makes_one_user_and_one_role(self):
        ensure()
        user = ensure(password="another-one-time-1")
        assert (User.objects.count(), Role.objects.count()) == (1, 1)
        assert check_password("another-one-time-1", user.password)

    def test_a_locked_out_one_is_recovered_and_keeps_its_roles(self):
        user = cast.make_user("boss", "customers.view_customer", is_active=False)
        Client().force_login(user)
        with cast.change() as change:
            change.bin(user)
        found = ensure("BOSS")
        found = User.objects.in_use().get(pk=found.pk)
        assert found.pk == user.pk
        assert (found.username, found.is_active, found.must_change_password) == ("boss", True, True)
        assert found.roles.count() == 2
        assert found.has_perm("anything.at_all")
        assert not Session.objects.filter(user=user).exists()

    def test_a_lesser_role_of_that_name_is_left_alone(self):
        with cast.change() as change:
            lesser = change.create(Role, name="系统管理员")
        user = ensure()
        assert user.has_perm("anything.at_all")
        lesser.refresh_from_db()
        assert not lesser.holds_all


class TestPassword:
    def test_it_changes_and_the_one_time_mark_goes(self):
        user = cast.make_user("li", password=make_password("old"), must_change_password=True)
        Client().force_login(user)
        with cast.change("change_password", by=user) as change:
            assert change_password(user, password_hash=make_password("new"), session="", change=change) == 1
        user.refresh_from_db()
        assert check_password("new", user.password)
        assert not user.must_change_password

    def test_a_reset_in_between_wins(self):
        user = cast.make_user("li", password=make_password("old"))
        with cast.change() as change:
            change.update(User.objects.get(pk=user.pk), password=make_password("reset"))
        with pytest.raises(RuleBroken) as refusal, cast.change(by=user) as change:
            change_password(user, password_hash=make_password("mine"), session="", change=change)
        assert refusal.value.field == "old"
        user.refresh_from_db()
        assert check_password("reset", user.password)


class TestProfile:
    def test_nobody_edits_their_rights(self):
        user = cast.make_user("li")
        with pytest.raises(TypeError, match="is_active"), cast.change(by=user) as change:
            edit_profile(user, change=change, is_active=False)

    def test_no_e_mail_is_nobodys(self):
        users = [cast.make_user("li"), cast.make_user("wang")]
        for user in users:
            with cast.change(by=user) as change:
                edit_profile(user, change=change, email="", real_name="x")
