"""Money: decimal amounts in yuan, read as people type them, rounded half up to the cent."""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from guanxi.kernel.text import half_width

CENT = Decimal("0.01")
_UNITS = {"": Decimal(1), "千": Decimal(1000), "万": Decimal(10_000), "亿": Decimal(100_000_000)}
LONGEST = 40
"""Nobody types a longer amount, and no pattern is tried on what a stranger made longer."""
_TYPED = re.compile(r"(?:¥|CN¥|RMB)?\s*([+-]?(?:[\d,]*\d[\d,]*(?:\.\d*)?|\.\d+))\s*([千万亿]?)元?", re.IGNORECASE)


def cents(amount: Decimal) -> Decimal:
    """Rounded half up to the cent."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def line_amount(quantity: Decimal, unit_price: Decimal, discount: Decimal) -> Decimal:
    """What an order line costs: quantity times price less the discount, to the cent."""
    return cents(quantity * unit_price - discount)


def write_money(amount: Decimal, *, sign: str = "¥") -> str:
    """An amount to the cent, its thousands grouped, a minus before the sign of the currency: `-¥1,200.00`."""
    return f"{'-' if amount < 0 else ''}{sign}{abs(amount):,.2f}"


def write_price(amount: Decimal, *, sign: str = "¥") -> str:
    """What one piece costs, to the cent and as far beyond it as the price goes: `¥150.50`, `¥0.0125`."""
    return f"{sign}{trimmed(amount, least=2):,f}"


def trimmed(amount: Decimal, *, least: int = 0) -> Decimal:
    """The same amount with as many decimals as it needs, but no fewer than `least`."""
    places = max(least, -int(amount.normalize().as_tuple().exponent))
    return amount.quantize(Decimal(1).scaleb(-places))


def read_decimal(text: str) -> Decimal | None:
    """The number a person typed (`12万`, `1,200`, full-width digits), or None if it is none."""
    match = _TYPED.fullmatch(half_width(text)) if len(text) <= LONGEST else None
    if not match:
        return None
    try:
        return Decimal(match[1].replace(",", "")) * _UNITS[match[2]]
    except InvalidOperation:
        return None
