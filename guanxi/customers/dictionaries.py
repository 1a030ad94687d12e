"""The dictionary types of customers, with the values that a new installation begins with."""

import csv
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from guanxi.dictionary.registry import DictionaryType, Start


def _provinces() -> list[Start]:
    """ISO 3166-2:CN in the order of GB/T 2260; `provinces.csv` names where each column is from."""
    with open(Path(__file__).with_name("provinces.csv"), encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return [(row["zh"], row["en"], "mut") for row in rows]


CUSTOMER_LEVEL = DictionaryType(
    "customer_level",
    _("Customer level"),
    [
        ("普通客户", "Regular customer", "mut"),
        ("重点开发客户", "Key prospect", "info"),
        ("大客户", "Major customer", "pri"),
        ("合作伙伴", "Partner", "ok"),
        ("战略合作伙伴", "Strategic partner", "vio"),
    ],
)
AREA = DictionaryType("area", _("Area"), _provinces())
INDUSTRY = DictionaryType(
    "industry",
    _("Industry"),
    [
        ("制造业", "Manufacturing", "mut"),
        ("信息技术", "Information technology", "mut"),
        ("批发零售", "Wholesale and retail", "mut"),
        ("建筑业", "Construction", "mut"),
        ("交通物流", "Transport and logistics", "mut"),
        ("金融业", "Finance", "mut"),
        ("医疗健康", "Health care", "mut"),
        ("教育", "Education", "mut"),
        ("餐饮住宿", "Catering and hotels", "mut"),
        ("农林牧渔", "Agriculture", "mut"),
        ("能源环保", "Energy and environment", "mut"),
        ("其他", "Other", "mut"),
    ],
)
CHANCE_SOURCE = DictionaryType(
    "chance_source",
    _("Source"),
    [
        ("官网", "Website", "info"),
        ("同事介绍", "Colleague", "ok"),
        ("百度", "Baidu", "info"),
        ("360推广", "360 advertising", "info"),
        ("广告", "Advertisement", "warn"),
        ("展会", "Trade fair", "vio"),
        ("老客户推荐", "Customer referral", "pri"),
    ],
)
"""Where an inquiry came from: a customer keeps the source of the chance that won it."""
PAYMENT_WAY = DictionaryType(
    "payment_way",
    _("Way of payment"),
    [
        ("银行转账", "Bank transfer", "mut"),
        ("微信支付", "WeChat Pay", "ok"),
        ("支付宝", "Alipay", "info"),
        ("现金", "Cash", "warn"),
        ("承兑汇票", "Acceptance bill", "vio"),
    ],
)
