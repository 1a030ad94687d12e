"""Phone numbers: mainland mobiles, landlines with extension, international ones."""

import re

import phonenumbers
from phonenumbers import PhoneNumberType

from guanxi.kernel.text import half_width

_EXTENSION = re.compile(r"(?:转|分机|ext\.?|x|#|-(?=\d{1,6}$))\s*(\d{1,6})$", re.IGNORECASE)
_MOBILE = re.compile(r"^(?:\+?86)?(1[3-9]\d{9})$")


def normalise_phone(text: str) -> str | None:
    """The stored form of a number, or None if it is none.

    A mobile is 11 digits, a landline `0571-86000000` with `-123` for an extension, a foreign
    number E.164 with its plus sign.
    """
    typed = half_width(text)
    mobile = _MOBILE.match(re.sub(r"[\s\-()]", "", typed))
    if mobile:
        return mobile[1]
    number, extension = _split_extension(typed)
    try:
        parsed = phonenumbers.parse(number, "CN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return _with_extension(typed) if extension else None
    return _stored(parsed, extension)


def _with_extension(typed: str) -> str | None:
    """Try again without splitting: `010-12345678` ends in digits that look like an extension."""
    try:
        parsed = phonenumbers.parse(typed, "CN")
    except phonenumbers.NumberParseException:
        return None
    return _stored(parsed, "") if phonenumbers.is_valid_number(parsed) else None


def _split_extension(typed: str) -> tuple[str, str]:
    match = _EXTENSION.search(typed)
    if not match or len(re.sub(r"\D", "", typed[: match.start()])) < 7:
        return typed, ""
    return typed[: match.start()], match[1]


def _stored(parsed: phonenumbers.PhoneNumber, extension: str) -> str:
    tail = f"-{extension}" if extension else ""
    if parsed.country_code != 86:
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) + tail
    digits = phonenumbers.national_significant_number(parsed)
    if phonenumbers.number_type(parsed) == PhoneNumberType.MOBILE:
        return digits
    area = phonenumbers.length_of_geographical_area_code(parsed)
    return (f"0{digits[:area]}-{digits[area:]}" if area else digits) + tail


def show_phone(number: str) -> str:
    """The number as people read it: a mobile in groups of 3-4-4, others as stored."""
    if len(number) == 11 and number.isdigit() and number[0] == "1":
        return f"{number[:3]} {number[3:7]} {number[7:]}"
    return number
