import threading
from datetime import timedelta

import pytest
from django.db import connection

from guanxi.accounts.limits import FREE_TRIES, WINDOW, Limit, forget_old_counts, give_back, take
from guanxi.accounts.models import TryCount
from tests.cast import NOW

NAME = Limit("name:x", 10)
ADDRESS = Limit("address:10.0.0.1", 10)
HOUR = timedelta(hours=1)


def tries(limits, *, start=NOW, apart=timedelta(seconds=60), count=20):
    return [take(limits, at=start + n * apart) for n in range(count)]


@pytest.mark.django_db
class TestLimits:
    def test_ten_tries_are_looked_at_and_no_more_until_the_window_is_over(self):
        verdicts = tries([NAME, ADDRESS], count=13)
        assert [verdict.allowed for verdict in verdicts] == [True] * 10 + [False] * 3
        assert [verdict.left for verdict in verdicts[:10]] == list(range(9, -1, -1))
        assert verdicts[10].stopped
        assert verdicts[10].wait == 300
        assert take([NAME, ADDRESS], at=NOW + WINDOW).allowed

    def test_one_limit_that_is_used_up_stops_the_try_and_spares_the_others(self):
        tries([NAME], count=10)
        other = Limit("address:10.0.0.2", 10)
        assert take([other, NAME], at=NOW + timedelta(minutes=11)).stopped
        assert TryCount.objects.get(key=other.key).used == 0

    def test_after_a_few_failures_each_try_has_to_wait_longer(self):
        quick = tries([NAME], apart=timedelta(0), count=FREE_TRIES + 1)
        assert [verdict.allowed for verdict in quick] == [True] * FREE_TRIES + [False]
        assert (quick[-1].wait, quick[-1].stopped) == (2, False)
        assert take([NAME], at=NOW + timedelta(seconds=2)).allowed
        assert take([NAME], at=NOW + timedelta(seconds=3)).wait == 3
        assert take([NAME], at=NOW + timedelta(seconds=6)).allowed

    def test_a_limit_that_many_share_only_stops(self):
        shared = Limit("address:10.0.0.3", 40, paced=False)
        quick = tries([shared], apart=timedelta(0), count=45)
        assert [verdict.allowed for verdict in quick] == [True] * 40 + [False] * 5
        assert {(verdict.wait, verdict.stopped) for verdict in quick[40:]} == {(900, True)}

    def test_waiting_tries_are_not_counted(self):
        tries([NAME], apart=timedelta(0), count=50)
        assert TryCount.objects.get().used == FREE_TRIES

    def test_a_try_that_succeeds_does_not_count(self):
        for _turn in range(30):
            assert take([NAME], at=NOW).left == 9
            give_back([NAME])

    def test_a_quiet_limit_lets_the_try_through_in_vain(self):
        quiet = Limit("user:7", 10, quiet=True)
        tries([Limit("name:first", 10), quiet], count=10)
        verdict = take([Limit("name:second", 10), quiet], at=NOW + timedelta(minutes=10))
        assert (verdict.allowed, verdict.in_vain, verdict.left) == (True, True, 9)

    def test_counts_whose_window_is_over_are_forgotten(self):
        take([NAME], at=NOW)
        assert forget_old_counts(NOW + timedelta(minutes=14)) == 0
        assert forget_old_counts(NOW + HOUR) == 1


@pytest.mark.django_db(transaction=True)
def test_forty_who_try_at_once_get_no_more_tries_than_one():
    """Five pass; the others have to wait, since all come in the same moment."""
    verdicts = []

    def work(number: int) -> None:
        try:
            limits = [NAME, ADDRESS] if number % 2 else [ADDRESS, NAME]
            verdicts.append(take(limits, at=NOW))
            verdicts.append(take(limits, at=NOW + timedelta(minutes=1)))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    allowed = [verdict for verdict in verdicts if verdict.allowed]
    assert len(verdicts) == 40
    assert FREE_TRIES <= len(allowed) <= 10
    assert TryCount.objects.get(key=NAME.key).used == len(allowed)
