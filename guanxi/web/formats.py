"""How values read on screen: money, dates, numbers, phones, in the reader's language and zone."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guanxi.kernel.money import write_money, write_price
from guanxi.kernel.phones import show_phone

EMPTY = "—"
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def english() -> bool:
    """Whether the page is in English."""
    return (get_language() or "").startswith("en")


def yes_or_no(value: Any) -> str:
    """Whether it is so, in a word."""
    return _("Yes") if value else _("No")


def money(amount: Decimal | None) -> str:
    """`¥2,864,300.00`, in English with the currency's code."""
    return EMPTY if amount is None else write_money(amount, sign=money_sign())


def price(amount: Decimal) -> str:
    """`¥150.50`, `¥0.0125`: what one piece costs may be finer than a cent."""
    return write_price(amount, sign=money_sign())


def money_sign() -> str:
    """The sign of the currency in tables and forms; short amounts need no code."""
    return "CN¥" if english() else "¥"


def short_money(amount: Decimal | None) -> str:
    """`¥286.4 万`, `¥3.2 亿`; in English `¥2.86M`."""
    if amount is None:
        return EMPTY
    steps = (
        [(Decimal(10) ** 9, "B"), (Decimal(10) ** 6, "M"), (Decimal(10) ** 3, "K")]
        if english()
        else [(Decimal(10) ** 8, " 亿"), (Decimal(10) ** 4, " 万")]
    )
    minus = "-" if amount < 0 else ""
    for size, unit in steps:
        if abs(amount) >= size:
            places = 2 if english() else 1
            return f"{minus}¥{abs(amount) / size:,.{places}f}{unit}"
    return f"{minus}¥{abs(amount):,.0f}"


def number(value: Any) -> str:
    """Thousands grouped; decimals without needless zeros."""
    if value is None:
        return EMPTY
    if isinstance(value, Decimal):
        text = f"{value:,f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return f"{value:,}"


def percent(value: Any) -> str:
    """A whole percentage as it is stored: `80%`."""
    return EMPTY if value is None else f"{value}%"


def phone(value: str) -> str:
    """A number as people read it."""
    return show_phone(value) if value else EMPTY


def masked(value: Any, kind: str) -> str:
    """What somebody sees who may not see it: phones keep their ends, the rest nothing."""
    if value in (None, ""):
        return EMPTY
    text = str(value)
    return f"{text[:3]}****{text[-4:]}" if kind == "phone" and len(text) >= 9 else "****"


def day(value: date | datetime | None) -> str:
    """A date in a list: without the year while it is this year's."""
    if value is None:
        return EMPTY
    zone = timezone.get_current_timezone()
    local = value.astimezone(zone) if isinstance(value, datetime) else value
    return _day(local, datetime.now(zone))


def _day(local: date, today: date) -> str:
    this_year = local.year == today.year
    if english():
        return f"{local.day} {_MONTHS[local.month - 1]}" + ("" if this_year else f" {local.year}")
    return f"{local.month:02}-{local.day:02}" if this_year else f"{local.year:04}-{local.month:02}-{local.day:02}"


def full_day(value: date | None) -> str:
    """A date with its year, as records show it."""
    return EMPTY if value is None else f"{value:%Y-%m-%d}"


def moment(value: datetime | None) -> str:
    """A date with its time, as records show it."""
    return EMPTY if value is None else f"{timezone.localtime(value):%Y-%m-%d %H:%M}"


def precise(value: datetime | None) -> str:
    """A date with its time to the second, as logs show it."""
    return EMPTY if value is None else f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"


def ago(value: datetime | None, now: datetime | None = None) -> str:
    """How long ago, while that is under 48 hours; the date after that."""
    if value is None:
        return EMPTY
    now = now or timezone.now()
    zone = timezone.get_current_timezone()  # asked once: a list shows many of these
    local, today = value.astimezone(zone), now.astimezone(zone).date()
    passed = now - value
    if timedelta(0) <= passed < timedelta(minutes=1):
        return _("just now")
    if timedelta(0) <= passed < timedelta(hours=1):
        return _("%(minutes)d min ago") % {"minutes": passed.seconds // 60}
    if local.date() == today:
        return _("Today %(time)s") % {"time": f"{local:%H:%M}"}
    if local.date() == today - timedelta(days=1):
        return _("Yesterday %(time)s") % {"time": f"{local:%H:%M}"}
    return _day(local, today)


def weekday(value: date) -> str:
    """A day by its name: `11 月 21 日 星期六`, `Saturday, 21 November`."""
    name = date_format(value, "l")
    return f"{name}, {value:%d %B}".replace(" 0", " ") if english() else f"{value.month} 月 {value.day} 日 {name}"


def group_day(value: date) -> str:
    """The head of a day's group: `11 月 21 日`, `21 November`."""
    today = timezone.localdate()
    if value == today:
        return _("Today")
    if value == today - timedelta(days=1):
        return _("Yesterday")
    year = value.year != today.year
    if english():
        return f"{value:%d %B %Y}" if year else f"{value:%d %B}".lstrip("0")
    return (f"{value.year} 年 " if year else "") + f"{value.month} 月 {value.day} 日"
