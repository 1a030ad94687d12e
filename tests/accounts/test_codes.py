import re
from datetime import timedelta
from types import SimpleNamespace

import pyotp
import pytest

from guanxi.accounts import codes
from tests.cast import NOW

# RFC 6238, appendix B: the secret of its SHA-1 vectors, and the last six digits of some.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RFC = [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")]
LI = SimpleNamespace(pk=7, username="lisiyuan")
WANG = SimpleNamespace(pk=8, username="wang")
STEP = timedelta(seconds=30)


def at(seconds):
    return NOW.fromtimestamp(seconds, NOW.tzinfo)


@pytest.mark.parametrize(("seconds", "code"), RFC)
def test_codes_are_those_of_the_standard(seconds, code):
    assert codes.fitting_step(RFC_SECRET, code, at=at(seconds)) == seconds // 30


@pytest.mark.parametrize(("steps", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off(steps, fits):
    code = pyotp.TOTP(RFC_SECRET).at(NOW, counter_offset=steps)
    assert (codes.fitting_step(RFC_SECRET, code, at=NOW) is not None) is fits


def test_a_code_fits_only_after_the_last_one_that_was_taken():
    code = pyotp.TOTP(RFC_SECRET).at(NOW)
    step = codes.fitting_step(RFC_SECRET, code, at=NOW)
    assert codes.fitting_step(RFC_SECRET, code, at=NOW, after=step) is None
    assert codes.fitting_step(RFC_SECRET, code, at=NOW + STEP, after=step) is None
    assert (
        codes.fitting_step(RFC_SECRET, pyotp.TOTP(RFC_SECRET).at(NOW, counter_offset=1), at=NOW, after=step) == step + 1
    )


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５", "0", "-00001"])
def test_what_is_no_code_fits_never(typed):
    assert codes.fitting_step(RFC_SECRET, codes.read_code(typed), at=NOW) is None
    assert codes.fitting_step("", typed, at=NOW) is None


@pytest.mark.parametrize("typed", ["287082", " 287 082 ", "２８７０８２", "287-082"])
def test_a_code_is_read_as_people_type_it(typed):
    assert codes.read_code(typed) == "287082"


def test_secrets_are_long_and_never_the_same():
    made = {codes.new_secret() for _turn in range(50)}
    assert len(made) == 50
    assert {len(secret) for secret in made} == {32}


def test_a_sealed_secret_is_unreadable_and_opens_for_its_user_only():
    sealed = codes.seal(LI, RFC_SECRET, at=NOW)
    assert RFC_SECRET not in sealed
    assert len(sealed) <= 255
    assert codes.open_sealed(LI, sealed) == RFC_SECRET
    assert codes.open_sealed(WANG, sealed) == ""
    assert codes.open_sealed(LI, sealed[:-4] + "AAAA") == ""
    assert codes.open_sealed(LI, "") == ""


def test_another_installation_cannot_open_it(settings):
    sealed = codes.seal(LI, RFC_SECRET, at=NOW)
    settings.SECRET_KEY = "another-key-" * 5
    assert codes.open_sealed(LI, sealed) == ""


def test_a_draft_is_good_for_an_hour():
    sealed = codes.seal(LI, RFC_SECRET, at=NOW)
    assert codes.open_draft(LI, sealed, at=NOW + timedelta(minutes=59)) == RFC_SECRET
    assert codes.open_draft(LI, sealed, at=NOW + timedelta(minutes=61)) == ""
    assert codes.open_draft(WANG, sealed, at=NOW) == ""
    assert codes.open_draft(LI, "forged", at=NOW) == ""


def test_the_picture_holds_the_address_and_stays_off_its_edge():
    address = codes.address_of(LI, RFC_SECRET)
    assert address == f"otpauth://totp/Guanxi:lisiyuan?secret={RFC_SECRET}&issuer=Guanxi"
    side, path = codes.picture(address)
    places = [(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", path)]
    assert "".join(f"M{x} {y}h1v1h-1z" for x, y in places) == path
    assert {min(one) for one in zip(*places, strict=True)} == {4}
    assert {max(one) for one in zip(*places, strict=True)} == {side - 5}


def test_recovery_codes_are_ten_and_hard_to_guess():
    made = codes.new_recovery_codes()
    assert len(set(made)) == 10
    assert all(re.fullmatch(r"[a-z2-9]{4}(-[a-z2-9]{4}){2}", one) for one in made)


def test_the_hash_of_a_recovery_code_depends_on_the_user_and_not_on_how_it_is_typed():
    kept = codes.recovery_hash(LI, "abcd-efgh-jkmn")
    assert codes.recovery_hash(LI, " ABCD efgh JKMN") == kept
    assert codes.recovery_hash(WANG, "abcd-efgh-jkmn") != kept
    assert "abcd" not in kept
