"""Bands of amounts: above the lower bound, up to and including the upper one."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

OWN = "own"


@dataclass(frozen=True)
class Band:
    """Amounts above `low` and not above `high`; None is no bound."""

    low: Decimal | None
    high: Decimal | None

    @property
    def name(self) -> str:
        """As it stands in the address: `1000-3000`, `5000-`, `-0`."""
        return "-".join("" if bound is None else f"{bound:f}" for bound in (self.low, self.high))

    def q(self, amount: str) -> Q:
        """The condition that an amount lies within."""
        condition = Q()
        if self.low is not None:
            condition &= Q(**{f"{amount}__gt": self.low})
        if self.high is not None:
            condition &= Q(**{f"{amount}__lte": self.high})
        return condition

    def __str__(self) -> str:
        if self.low is None:
            return _("%(high)s or less") % {"high": f"{self.high:,f}"}
        return f"{self.low:,f}–{self.high:,f}" if self.high is not None else f"{self.low:,f}+"


def _band(low: int | None, high: int | None) -> Band:
    return Band(None if low is None else Decimal(low), None if high is None else Decimal(high))


BANDS = [_band(None, 0), _band(0, 1000), _band(1000, 3000), _band(3000, 5000), _band(5000, None)]
"""Together they hold every amount once: refunds and gifts in the first."""


def band_named(name: Any) -> Band | None:
    """One of the fixed bands by its name."""
    return next((band for band in BANDS if band.name == name), None)
