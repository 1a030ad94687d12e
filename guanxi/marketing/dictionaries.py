"""The dictionary types of marketing, with the values that a new installation begins with."""

from django.utils.translation import gettext_lazy as _

from guanxi.dictionary.registry import DictionaryType

LOSE_REASON = DictionaryType(
    "lose_reason",
    _("Reason of loss"),
    [
        ("价格过高", "Price too high", "warn"),
        ("选择了竞争对手", "Chose a competitor", "bad"),
        ("需求取消", "Need cancelled", "mut"),
        ("预算不足", "No budget", "warn"),
        ("产品不满足", "Product does not fit", "info"),
        ("联系不上", "Cannot be reached", "mut"),
        ("其他", "Other", "mut"),
    ],
)
