"""The start values: every province once, named as the packages name it."""

import csv
import gettext
from pathlib import Path

import pycountry

from guanxi.customers import dictionaries
from guanxi.customers.dictionaries import AREA, CHANCE_SOURCE, CUSTOMER_LEVEL

ROWS = list(
    csv.DictReader(
        line
        for line in Path(dictionaries.__file__).with_name("provinces.csv").read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    )
)


def test_every_province_is_there_in_the_order_of_its_code() -> None:
    assert len(AREA.start) == 34
    assert {row["iso"] for row in ROWS} == {one.code for one in pycountry.subdivisions.get(country_code="CN")}
    codes = [row["gb"] for row in ROWS]
    assert codes == sorted(set(codes))


def test_names_are_those_of_the_packages() -> None:
    folder = Path(pycountry.__file__).with_name("locales")
    chinese = gettext.translation("iso3166-2", str(folder), languages=["zh_CN"]).gettext
    for row in ROWS:
        official = pycountry.subdivisions.get(code=row["iso"]).name
        assert official.startswith(row["en"])
        assert chinese(official).startswith(row["zh"]) or row["zh"] == "宁夏"


def test_start_values_are_those_of_the_design() -> None:
    assert [zh for zh, _en, _tone in CUSTOMER_LEVEL.start] == [
        "普通客户",
        "重点开发客户",
        "大客户",
        "合作伙伴",
        "战略合作伙伴",
    ]
    assert [zh for zh, _en, _tone in CHANCE_SOURCE.start] == [
        "官网",
        "同事介绍",
        "百度",
        "360推广",
        "广告",
        "展会",
        "老客户推荐",
    ]
