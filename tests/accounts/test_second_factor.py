import threading
from datetime import timedelta

import pyotp
import pytest
from django.db import connection
from django.utils.translation import override

from guanxi.accounts import second_factor
from guanxi.accounts.actions.second_factor import (
    drop_second_factor,
    renew_recovery_codes,
    set_second_factor,
    unbind_user,
)
from guanxi.accounts.codes import STEP, seal
from guanxi.accounts.models import RecoveryCode, SecondFactor, Session, User
from guanxi.history.models import Change, ChangeSet
from guanxi.history.undo import undo
from guanxi.kernel.rules import RuleBroken
from tests import cast
from tests.cast import NOW
from tests.system.door import SECRET

CODES = ["aaaa-bbbb-cccc", "dddd-eeee-ffff"]
TOTP = pyotp.TOTP(SECRET)


def set_up(user, *, step=0, session=""):
    with cast.change("set_second_factor", by=user) as change:
        sealed = seal(user, SECRET, at=NOW)
        return set_second_factor(user, sealed=sealed, step=step, codes=CODES, session=session, change=change)


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture
def user(db):
    return cast.make_user("lisiyuan")


@pytest.fixture
def guarded(user):
    set_up(user)
    return user


class TestTaking:
    def test_a_code_is_taken_once(self, guarded):
        assert second_factor.take_code(guarded, TOTP.at(NOW), at=NOW)
        assert not second_factor.take_code(guarded, TOTP.at(NOW), at=NOW)
        assert not second_factor.take_code(guarded, TOTP.at(NOW, counter_offset=-1), at=NOW), "an earlier one neither"
        assert second_factor.take_code(guarded, TOTP.at(NOW, counter_offset=1), at=NOW)

    def test_the_code_that_confirmed_the_secret_is_used_up(self, user):
        set_up(user, step=int(NOW.timestamp()) // STEP)
        assert not second_factor.take_code(user, TOTP.at(NOW), at=NOW)

    def test_a_wrong_code_uses_up_nothing(self, guarded):
        assert not second_factor.take_code(guarded, "000000", at=NOW)
        assert second_factor.take_code(guarded, TOTP.at(NOW), at=NOW)

    def test_without_a_second_factor_no_code_is_right(self, user):
        assert not second_factor.take_code(user, TOTP.at(NOW), at=NOW)
        assert not second_factor.take_recovery_code(user, CODES[0], at=NOW)

    def test_the_code_of_somebody_else_is_wrong(self, guarded):
        other = cast.make_user("wang")
        SecondFactor.objects.create(user=other, sealed=SecondFactor.objects.get(user=guarded).sealed)
        assert not second_factor.take_code(other, TOTP.at(NOW), at=NOW), "a secret that was moved is worth nothing"
        assert not second_factor.take_recovery_code(other, CODES[0], at=NOW)

    def test_a_recovery_code_is_taken_once(self, guarded):
        assert second_factor.take_recovery_code(guarded, "AAAA bbbb cccc", at=NOW)
        assert not second_factor.take_recovery_code(guarded, CODES[0], at=NOW)
        assert second_factor.recovery_codes_left(guarded) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("take", "code"), [(second_factor.take_code, TOTP.at(NOW)), (second_factor.take_recovery_code, CODES[0])]
)
def test_of_many_who_bring_one_code_at_once_one_gets_in(take, code):
    user = cast.make_user("lisiyuan")
    set_up(user)
    taken = []

    def work():
        try:
            taken.append(take(user, code, at=NOW))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [False] * 7 + [True]


class TestSettingUp:
    def test_it_holds_from_then_on_and_ends_the_other_sessions(self, user):
        for name in ("a", "b"):
            Session.objects.create(key_hash=name, data="", user=user, expires_at=NOW + timedelta(days=900))
        assert set_up(user) == 2
        assert User.objects.get(pk=user.pk).second_factor_since == NOW
        assert second_factor.recovery_codes_left(user) == 2

    def test_it_is_refused_where_it_is_on(self, guarded):
        with pytest.raises(RuleBroken, match="already"):
            set_up(guarded)

    def test_neither_secret_nor_codes_lie_in_the_database(self, guarded):
        rows = f"{list(SecondFactor.objects.values())} {list(RecoveryCode.objects.values())}"
        rows += f"{list(Change.objects.values())} {list(ChangeSet.objects.values())}"
        for hidden in (SECRET, *CODES, *(code.replace("-", "") for code in CODES)):
            assert hidden not in rows

    def test_that_it_was_done_is_logged_and_no_undo_takes_it_back(self, guarded):
        act = ChangeSet.objects.get(verb="set_second_factor")
        assert (act.by, act.subject) == (guarded, "lisiyuan")
        with cast.change("undo") as change, pytest.raises(RuleBroken):
            undo(act, change=change)
        assert second_factor.take_code(guarded, TOTP.at(NOW), at=NOW)
        assert User.objects.get(pk=guarded.pk).second_factor_since

    def test_turning_off_leaves_nothing(self, guarded):
        with cast.change("drop_second_factor", by=guarded) as change:
            drop_second_factor(guarded, change=change)
        assert not SecondFactor.objects.exists()
        assert not RecoveryCode.objects.exists()
        assert User.objects.get(pk=guarded.pk).second_factor_since is None
        assert ChangeSet.objects.filter(verb="drop_second_factor").exists()

    def test_renewed_recovery_codes_end_the_former_ones(self, guarded):
        with cast.change("renew_recovery_codes", by=guarded) as change:
            renew_recovery_codes(guarded, codes=["gggg-hhhh-jjjj"], change=change)
        assert not second_factor.take_recovery_code(guarded, CODES[0], at=NOW)
        assert second_factor.take_recovery_code(guarded, "gggg-hhhh-jjjj", at=NOW)

    def test_without_a_second_factor_there_are_none_to_renew(self, user):
        with pytest.raises(RuleBroken, match="are off"), cast.change(by=user) as change:
            renew_recovery_codes(user, codes=CODES, change=change)


class TestResetting:
    def test_an_administrator_resets_it_and_ends_the_sessions(self, guarded):
        Session.objects.create(key_hash="a", data="", user=guarded, expires_at=NOW + timedelta(days=900))
        admin = cast.make_user("admin", holds_all=True)
        with cast.change("unbind", by=admin) as change:
            unbind_user(guarded, change=change)
        assert User.objects.get(pk=guarded.pk).second_factor_since is None
        assert not SecondFactor.objects.exists()
        assert not Session.objects.exists()
        assert ChangeSet.objects.get(verb="unbind").by == admin

    def test_not_ones_own_nor_of_whoever_holds_more_nor_where_there_is_none(self, guarded):
        clerk = cast.make_user("clerk", "accounts.unbind_user")
        boss = cast.make_user("boss", holds_all=True)
        set_up(boss)
        set_up(clerk)
        for user, by, sentence in [
            (clerk, clerk, "your own"),
            (boss, clerk, "rights that you do not hold"),
            (cast.make_user("plain"), boss, "are off"),
        ]:
            with pytest.raises(RuleBroken, match=sentence), cast.change(by=by) as change:
                unbind_user(user, change=change)
        assert SecondFactor.objects.count() == 3
