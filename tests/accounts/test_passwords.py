import pytest

from guanxi.accounts.passwords import check_choice, check_strength, one_time_password, strength_rules
from guanxi.kernel.rules import RuleBroken
from tests import cast

pytestmark = pytest.mark.django_db
GOOD = "a-long-enough-sentence-7"


def test_a_one_time_password_is_strong_and_never_the_same():
    user = cast.make_user("lisiyuan")
    made = {one_time_password() for _turn in range(100)}
    assert len(made) == 100
    for password in made:
        check_strength(password, user)


def test_the_rules_are_sentences():
    assert len(strength_rules()) == 3


@pytest.mark.parametrize(
    "weak", ["short-7", "1234567890123", "11111111111", "password123", "lisiyuan2026", "13805712233"]
)
def test_a_weak_password_is_refused_with_its_reason(weak):
    with pytest.raises(RuleBroken) as refusal:
        check_strength(weak, cast.make_user("lisiyuan", phone="13805712233"))
    assert refusal.value.field == "new"
    assert str(refusal.value)


@pytest.mark.parametrize("signs", ["72905118463", "的一是在人有我他这中", "qwfpzxcvbk", "~~~ ~~~~ ~~~~~ ~"])
def test_a_password_is_of_whatever_signs(signs):
    check_strength(signs, cast.make_user("lisiyuan"))


@pytest.mark.parametrize(("old", "new", "field"), [("wrong", "another-long-one-8", "old"), (GOOD, GOOD, "new")])
def test_a_choice_is_refused(old, new, field):
    user = cast.make_user("lisiyuan")
    user.set_password(GOOD)
    with pytest.raises(RuleBroken) as refusal:
        check_choice(user, old=old, new=new)
    assert refusal.value.field == field


def test_a_good_choice_is_taken():
    user = cast.make_user("lisiyuan")
    user.set_password(GOOD)
    check_choice(user, old=GOOD, new="another-long-one-8")
