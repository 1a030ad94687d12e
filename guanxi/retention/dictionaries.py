"""The dictionary types of retention, with the values that a new installation begins with."""

from django.utils.translation import gettext_lazy as _

from guanxi.dictionary.registry import DictionaryType

LOSS_REASON = DictionaryType(
    "loss_reason",
    _("Reason of churn"),
    [
        ("价格", "Price", "warn"),
        ("产品质量", "Product quality", "bad"),
        ("服务不满意", "Not content with service", "bad"),
        ("转向竞争对手", "Went to a competitor", "bad"),
        ("业务停止或搬迁", "Closed down or moved", "mut"),
        ("需求变化", "Needs changed", "info"),
        ("其他", "Other", "mut"),
    ],
)
