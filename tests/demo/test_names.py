"""Invented names hold against what the libraries know of the world."""

from random import Random

import phonenumbers
import pytest
from phonenumbers import geocoder

from guanxi.customers.dictionaries import AREA, INDUSTRY
from guanxi.customers.licence import is_credit_code, licence_warning
from guanxi.demo.names import INDUSTRY_SHARES, TRADES, City, Names, read_cities
from guanxi.kernel.phones import normalise_phone

CITIES = read_cities()


def test_there_is_a_city_in_every_area():
    assert {city.area for city in CITIES} == {zh for zh, _en, _tone in AREA.start}


@pytest.mark.parametrize("city", [city for city in CITIES if city.code], ids=lambda city: city.city)
def test_area_codes_belong_to_their_cities(city: City):
    number = Names(Random(1)).landline(city)
    place = geocoder.description_for_number(phonenumbers.parse(number, "CN"), "zh")
    assert normalise_phone(number) == number
    assert city.area in place
    assert city.city in place


def test_every_industry_has_its_trades():
    assert TRADES.keys() == INDUSTRY_SHARES.keys() == {zh for zh, _en, _tone in INDUSTRY.start}


def test_numbers_are_valid_and_plainly_made_up():
    names = Names(Random(1))
    people = [names.person("kunde.example") for _ in range(500)]
    assert len({one.mobile for one in people}) == 500
    for one in people:
        assert normalise_phone(one.mobile) == one.mobile
        assert one.mobile[3:7] == "0000"
        assert one.email == "" or one.email.endswith(".example")
    codes = [names.licence(city) for city in CITIES]
    assert all(is_credit_code(code) and licence_warning(code) == "" for code in codes)


def test_no_company_comes_twice():
    names, city = Names(Random(1)), CITIES[0]
    made = [names.company(city, "制造业")[0] for _ in range(600)]
    assert len(set(made)) == 600
    assert all(name.startswith(city.city) and name.endswith("公司") for name in made)
