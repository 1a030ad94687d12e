"""Company numbers: the check digits of real ones fit, a slip shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.customers.licence import is_credit_code, is_licence_number, licence_warning, normalise_licence

CREDIT_CODE = "91110000600037341L"  # the example of python-stdnum's documentation
SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def test_a_real_code_fits() -> None:
    assert is_credit_code(CREDIT_CODE)
    assert licence_warning(normalise_licence(" 9111-0000 60003734 1l")) == ""
    assert licence_warning("") == ""


@given(place=st.integers(0, 17), sign=st.sampled_from(SIGNS))
def test_any_single_slip_shows(place: int, sign: str) -> None:
    slipped = CREDIT_CODE[:place] + sign + CREDIT_CODE[place + 1 :]
    assert is_credit_code(slipped) == (slipped == CREDIT_CODE)


def test_the_older_number_follows_iso_7064_mod_11_10() -> None:
    fitting = [str(digit) for digit in range(10) if is_licence_number(f"33010600000000{digit}")]
    assert len(fitting) == 1
    assert is_licence_number("110108000000016")


@pytest.mark.parametrize("number", ["91110000600037341I", "9111000060003734１L", "12345", "330106", "A" * 15])
def test_what_does_not_fit_is_a_warning(number: str) -> None:
    assert licence_warning(number)
