import time_machine

from guanxi.accounts.devices import KEPT, MOST_PEOPLE, new_device, read_device
from tests.cast import NOW


def test_a_device_knows_who_signed_in_there():
    device = new_device()
    assert not device.knows(7)
    again = read_device(device.after(7).signed())
    assert again.knows(7)
    assert not again.knows(8)
    assert again.name == device.name


def test_a_forged_or_missing_cookie_knows_nobody():
    value = new_device().after(7).signed()
    for cookie in ("", "nonsense", value[:-1], value.replace(value[3], "x", 1) + "y"):
        assert read_device(cookie).people == ()


def test_the_latest_people_are_kept():
    device = new_device()
    for user_id in range(MOST_PEOPLE + 3):
        device = device.after(user_id)
    assert len(device.people) == MOST_PEOPLE
    assert not device.knows(0)


def test_a_device_is_forgotten_after_half_a_year():
    with time_machine.travel(NOW, tick=False):
        cookie = new_device().after(7).signed()
    with time_machine.travel(NOW + KEPT * 2, tick=False):
        assert not read_device(cookie).knows(7)
