from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from django.utils.translation import override

from guanxi.system.zones import zone_choices, zone_names, zone_of


def test_a_chosen_zone_is_that_and_anything_else_the_companys():
    assert zone_of("America/New_York") == ZoneInfo("America/New_York")
    for name in ["", "Mars/Olympus", "../../etc/passwd", "Asia/Shanghai\n"]:
        assert zone_of(name) == timezone.get_default_timezone()


def test_every_zone_on_offer_exists_and_is_told_apart():
    for language in ("en", "zh-hans"):
        with override(language):
            choices = zone_choices()
        assert len(choices) == len(zone_names()) + 1
        assert len({label for _name, label in choices}) == len(choices)
        assert all(ZoneInfo(name) for name, _label in choices[1:])


@pytest.mark.parametrize(
    ("language", "first", "shanghai"),
    [
        ("en", "Like the company (Asia/Shanghai)", "UTC+08:00 China (Shanghai) Time"),
        ("zh-hans", "与公司一致（Asia/Shanghai）", "UTC+08:00 中国（上海）时间"),
    ],
)
def test_they_are_named_in_the_readers_language_from_west_to_east(language, first, shanghai):
    with override(language):
        choices = zone_choices()
    assert choices[0] == ("", first)
    assert dict(choices)["Asia/Shanghai"] == shanghai
    now = datetime.now(UTC)
    offsets = [now.astimezone(ZoneInfo(name)).utcoffset() or timedelta() for name, _label in choices[1:]]
    assert offsets == sorted(offsets)
