"""What goods brought in by month: a rollup of the lines of paid orders."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.fields import MoneyField


class GoodsMonth(models.Model):
    """What fully paid orders of a month brought by goods. Derived, so never logged.

    Rows of the same goods and month add up: writers append what they change, so that none waits for another, and every
    night folds the rows into one.
    """

    month = models.DateField(_("Month"))  # its first day
    goods = models.CharField(_("Goods"), max_length=200)
    orders = models.IntegerField(_("Orders"))
    amount = MoneyField(_("Amount"))

    objects: ClassVar[models.Manager["GoodsMonth"]] = models.Manager()

    class Meta:
        verbose_name = _("Goods of a month")
        verbose_name_plural = _("Goods of a month")
        indexes = [models.Index(fields=["month", "goods"], name="goods_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.goods}"
