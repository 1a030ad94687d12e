"""What is kept under a stamp holds until the stamp is raised, and no longer."""

import pytest
from django.db import transaction

from guanxi.history.stamps import Stamped, raise_stamps, read_stamps, stamps_remembered
from guanxi.web.models import Preference
from tests import cast

pytestmark = pytest.mark.django_db


def test_a_value_is_read_once_under_a_stamp_and_anew_under_the_next():
    kept, answers = Stamped(10), iter("ab")
    assert [kept.read("s", 1, lambda: next(answers)) for _ in range(3)] == ["a", "a", "a"]
    raise_stamps(["s"])
    assert kept.read("s", 1, lambda: next(answers)) == "b"


def test_another_stamp_changes_nothing():
    kept, answers = Stamped(10), iter("ab")
    kept.read("s", 1, lambda: next(answers))
    raise_stamps(["other"])
    assert kept.read("s", 1, lambda: next(answers)) == "a"


def test_no_more_values_than_asked_are_kept():
    kept = Stamped(2)
    for key in range(5):
        kept.read("s", key, lambda key=key: key)
    assert len(kept._kept) <= 2


def test_what_a_transaction_read_that_came_to_nothing_does_not_outlive_it():
    kept = Stamped(10)
    with stamps_remembered():
        try:
            with transaction.atomic():
                raise_stamps(["s"])
                assert kept.read("s", 1, lambda: "never was") == "never was"
                raise LookupError
        except LookupError:
            pass
    assert kept.read("s", 1, lambda: "is") == "is"
    assert "s" not in read_stamps()


def test_a_choice_is_read_back_by_its_user_alone():
    owner, stranger = cast.make_user("owner"), cast.make_user("stranger")
    assert Preference.read(owner, "k") is None
    Preference.choose(owner, "k", ["a"])
    Preference.choose(owner, "k", ["b"])
    assert Preference.read(owner, "k") == ["b"]
    assert Preference.read(stranger, "k") is None
