"""The second factor of a user: the rows that hold it, and codes that are taken, each once."""

from datetime import datetime
from typing import Any

from django.db import transaction

from guanxi.accounts.codes import fitting_step, open_sealed, read_code, recovery_hash
from guanxi.accounts.models import RecoveryCode, SecondFactor, User
from guanxi.history.stamps import raise_stamps


def keep(user: Any, *, sealed: str, step: int, codes: list[str], at: datetime) -> None:
    """Give a user a second factor, whose code of this `step` was used up to confirm it."""
    forget(user)
    SecondFactor.objects.create(user=user, sealed=sealed, last_step=step)
    keep_recovery_codes(user, codes)
    _stands(user, since=at)


def keep_recovery_codes(user: Any, codes: list[str]) -> None:
    """Give a user new recovery codes; the former ones are worth nothing from now on."""
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create([RecoveryCode(user=user, code_hash=recovery_hash(user, code)) for code in codes])


def forget(user: Any) -> None:
    """Take the second factor from a user, with the recovery codes."""
    SecondFactor.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()
    _stands(user, since=None)


def _stands(user: Any, *, since: datetime | None) -> None:
    """Say on the user's own row whether there is a second factor: every request asks that."""
    User.objects.filter(pk=user.pk).derive(second_factor_since=since)
    raise_stamps([User.stamp])
    user.second_factor_since = since


def take_code(user: Any, typed: str, *, at: datetime) -> bool:
    """Whether this is a code of now that nobody used before; it is used up, however many bring it at once."""
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update().filter(user=user).first()
        if factor is None:
            return False
        step = fitting_step(open_sealed(user, factor.sealed), read_code(typed), at=at, after=factor.last_step)
        if step is None:
            return False
        factor.last_step = step
        factor.save(update_fields=["last_step"])
        return True


def take_recovery_code(user: Any, typed: str, *, at: datetime) -> bool:
    """Whether this is one of the user's recovery codes that was not used before; it is used up."""
    unused = RecoveryCode.objects.filter(user=user, used_at=None)
    return bool(unused.filter(code_hash=recovery_hash(user, typed)).update(used_at=at))


def recovery_codes_left(user: Any) -> int:
    """How many recovery codes were not used yet."""
    return int(RecoveryCode.objects.filter(user=user, used_at=None).count())
