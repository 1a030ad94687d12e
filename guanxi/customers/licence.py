"""Chinese company numbers: the unified social credit code (GB 32100) and the older licence number."""

from django.utils.translation import gettext as _

from guanxi.kernel.text import half_width

_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_LENGTH = 18
_LICENCE_LENGTH = 15


def normalise_licence(text: str) -> str:
    """Half width, upper case, without blanks and dashes."""
    return "".join(half_width(text).upper().replace("-", "").split())


def licence_warning(number: str) -> str:
    """Why a normalised number looks mistyped, or nothing: a warning, never a refusal."""
    if not number:
        return ""
    if len(number) == _CODE_LENGTH:
        return "" if is_credit_code(number) else _("The check digit of this credit code does not fit.")
    if len(number) == _LICENCE_LENGTH:
        return "" if is_licence_number(number) else _("The check digit of this licence number does not fit.")
    return _("A credit code has 18 characters, a licence number 15 digits.")


def is_credit_code(number: str) -> bool:
    """Whether 18 characters are a credit code: the last one is weighed modulo 31."""
    if len(number) != _CODE_LENGTH or any(sign not in _CODE for sign in number):
        return False
    weighed = sum(_CODE.index(sign) * pow(3, place, 31) for place, sign in enumerate(number[:-1]))
    return _CODE[-weighed % 31] == number[-1]


def is_licence_number(number: str) -> bool:
    """Whether 15 digits are a licence number: ISO 7064 MOD 11,10."""
    if len(number) != _LICENCE_LENGTH or not (number.isascii() and number.isdigit()):
        return False
    rest = 10
    for digit in number[:-1]:
        rest = ((rest + int(digit)) % 10 or 10) * 2 % 11
    return (rest + int(number[-1])) % 10 == 1
