"""How two-factor codes are made and read: secrets, sealed at rest; codes of a step of time; recovery codes."""

import base64
import secrets
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pyotp
import segno
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from guanxi.accounts.passwords import GROUP, READABLE
from guanxi.kernel.text import half_width

STEP = 30
"""Seconds that one code is shown."""
DRIFT = 1
"""How many steps a clock may be ahead or behind."""
DIGITS = 6
DRAFT_LASTS = timedelta(hours=1)
"""How long a new secret may wait for the code that confirms it."""
RECOVERY_CODES = 10
RECOVERY_GROUPS = 3
SALT = "guanxi.accounts.codes"
ISSUER = "Guanxi"
QUIET_ZONE = 4


def new_secret() -> str:
    """160 random bits, as apps read them."""
    return pyotp.random_base32()


def seal(user: Any, secret: str, *, at: datetime) -> str:
    """A secret as it may lie in the database or in a form: only this installation opens it, for this user only."""
    return _box(settings.SECRET_KEY).encrypt_at_time(f"{user.pk}:{secret}".encode(), int(at.timestamp())).decode()


def open_sealed(user: Any, sealed: str) -> str:
    """The secret of a user; empty if it was sealed for somebody else or under another key."""
    try:
        return _own(user, _box(settings.SECRET_KEY).decrypt(sealed.encode()))
    except InvalidToken:
        return ""


def open_draft(user: Any, sealed: str, *, at: datetime) -> str:
    """The secret that a form brings back; empty if it is forged, another person's or too old."""
    lasts = int(DRAFT_LASTS.total_seconds())
    try:
        return _own(user, _box(settings.SECRET_KEY).decrypt_at_time(sealed.encode(), lasts, int(at.timestamp())))
    except InvalidToken:
        return ""


def read_code(typed: str) -> str:
    """A code as it is compared: without blanks and dashes, whatever its width and case."""
    return "".join(half_width(typed).split()).replace("-", "").lower()


def fitting_step(secret: str, code: str, *, at: datetime, after: int = 0) -> int | None:
    """The step of time whose code this is: the present one or a neighbour, later than `after`; None if it is none."""
    if not secret or len(code) != DIGITS:
        return None
    now = int(at.timestamp()) // STEP
    maker = pyotp.TOTP(secret, digits=DIGITS, interval=STEP)
    steps = [
        step for step in range(now - DRIFT, now + DRIFT + 1) if constant_time_compare(maker.generate_otp(step), code)
    ]
    return next((step for step in steps if step > after), None)


def address_of(user: Any, secret: str) -> str:
    """What the picture says: `otpauth://totp/Guanxi:lisiyuan?secret=…`."""
    return str(pyotp.TOTP(secret).provisioning_uri(name=user.username, issuer_name=ISSUER))


def picture(text: str) -> tuple[int, str]:
    """A text as a QR code: the side of its square in modules, and the path of the dark ones."""
    rows = list(segno.make(text, micro=False).matrix_iter(border=QUIET_ZONE))
    dark = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, module in enumerate(row) if module]
    return len(rows), "".join(dark)


def new_recovery_codes() -> list[str]:
    """Ten codes such as `k7fm-q2xp-9ahd` (59 bits each), easy to read and to type."""
    return [
        "-".join("".join(secrets.choice(READABLE) for _place in range(GROUP)) for _group in range(RECOVERY_GROUPS))
        for _code in range(RECOVERY_CODES)
    ]


def recovery_hash(user: Any, code: str) -> str:
    """What is kept of a recovery code; without this installation's key it cannot be guessed at."""
    return salted_hmac(SALT, f"{user.pk}:{read_code(code)}", algorithm="sha256").hexdigest()


def _own(user: Any, plain: bytes) -> str:
    owner, _colon, secret = plain.decode().partition(":")
    return secret if owner == str(user.pk) else ""


@cache
def _box(secret_key: str) -> Fernet:
    """The lock under a key of its own, derived from the signing key."""
    key = HKDF(SHA256(), length=32, salt=None, info=SALT.encode()).derive(secret_key.encode())
    return Fernet(base64.urlsafe_b64encode(key))
