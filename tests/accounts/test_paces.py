from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from guanxi.accounts.paces import Pace
from tests.cast import NOW


def later(seconds: float):
    return NOW + timedelta(seconds=seconds)


def used(pace: Pace, most: int, *, at=NOW, key: str = "li") -> int:
    """How many are let through at this moment."""
    return next(number for number in range(10 * most) if pace.take(key, most, at=at))


@pytest.mark.parametrize("most", [7, 60, 600, 1_800])
def test_a_minutes_worth_is_let_through_at_once_and_no_more(most):
    assert used(Pace(), most) == most


def test_what_is_used_is_earned_back_bit_by_bit():
    pace = Pace()
    assert used(pace, 60) == 60
    assert pace.take("li", 60, at=NOW) == 1
    assert used(pace, 60, at=later(10)) == 10
    assert used(pace, 60, at=later(70)) == 60


def test_it_says_how_long_to_wait_and_then_lets_through():
    pace = Pace()
    used(pace, 6)
    assert pace.take("li", 6, at=NOW) == 10
    assert pace.take("li", 6, at=later(9)) == 1
    assert pace.take("li", 6, at=later(10)) == 0


def test_what_is_refused_costs_nothing():
    pace = Pace()
    used(pace, 6)
    for _turn in range(100):
        assert pace.take("li", 6, at=NOW) == 10
    assert pace.take("li", 6, at=later(10)) == 0


def test_each_has_their_own():
    pace = Pace()
    used(pace, 6)
    assert used(pace, 6, key="wang") == 6


def test_a_clock_that_is_set_back_holds_nobody_off_for_long():
    pace = Pace()
    used(pace, 6, at=later(86_400))
    assert pace.take("li", 6, at=NOW) == 10
    assert pace.take("li", 6, at=later(10)) == 0


def test_it_is_exact_however_many_ask_at_once():
    pace = Pace()
    with ThreadPoolExecutor(8) as pool:
        let = list(pool.map(lambda _turn: pace.take("li", 100, at=NOW) == 0, range(800)))
    assert sum(let) == 100
