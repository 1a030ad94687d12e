"""What the made-up company sells: gateways, sensors and software for factories."""

from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from guanxi.kernel.money import line_amount


@dataclass(frozen=True)
class Article:
    """One thing on the price list; nobody takes more than `most` at once."""

    goods: str
    unit: str
    price: Decimal
    most: int
    step: int = 1

    @property
    def is_thing(self) -> bool:
        """Whether one can carry it: no licence, fee or day of work."""
        return self.unit not in {"年", "点", "人天"} and "授权" not in self.goods


CATALOGUE = [
    Article(goods, unit, Decimal(price), most, step)
    for goods, unit, price, most, step in [
        ("MES 采集网关 GW-200", "台", "7160", 60, 1),
        ("边缘计算网关 EG-510", "台", "12800", 30, 1),
        ("工业交换机 8 口", "台", "1380", 60, 1),
        ("工业路由器 4G", "台", "1180", 80, 1),
        ("温湿度传感器 TH-20", "只", "186", 300, 5),
        ("振动传感器 VB-12", "只", "960", 120, 1),
        ("压力变送器 PT-30", "只", "540", 150, 1),
        ("电流互感器 CT-5", "只", "78.50", 400, 10),
        ("三相智能电表", "台", "420", 200, 1),
        ("可编程控制器 S-32", "台", "3260", 60, 1),
        ("远程 IO 模块 16 点", "块", "680", 150, 1),
        ("10 寸触摸屏", "台", "1950", 60, 1),
        ("伺服驱动器 750W", "台", "1680", 80, 1),
        ("变频器 5.5kW", "台", "1420", 80, 1),
        ("12 寸工业平板", "台", "3980", 50, 1),
        ("条码扫描枪", "把", "650", 80, 1),
        ("RFID 读写器", "台", "1580", 60, 1),
        ("RFID 标签", "张", "1.35", 20000, 500),
        ("屏蔽电缆 RVVP 4×0.5", "米", "4.20", 6000, 100),
        ("超五类网线 305 米", "箱", "520", 40, 1),
        ("非标配电箱", "套", "2300", 40, 1),
        ("导轨电源 24V", "个", "145", 200, 5),
        ("光纤收发器", "对", "260", 80, 1),
        ("4G 数传模块", "个", "398", 200, 1),
        ("气体检测仪", "台", "1120", 60, 1),
        ("电磁流量计 DN50", "台", "2680", 40, 1),
        ("设备管理云（年费）", "年", "18800", 3, 1),
        ("能耗监测平台（年费）", "年", "26800", 3, 1),
        ("数据采集软件授权", "点", "120", 800, 10),
        ("MES 标准版授权", "套", "98000", 1, 1),
        ("现场安装调试", "人天", "1200", 30, 1),
        ("上门培训", "人天", "1500", 6, 1),
        ("年度维保", "年", "9600", 2, 1),
        ("备件包 A", "套", "860", 40, 1),
    ]
]


def favourites(rng: Random) -> list[Article]:
    """What one customer buys again and again."""
    return rng.sample(CATALOGUE, rng.randrange(3, 8))


def order_lines(rng: Random, goods: list[Article], worth: Decimal, discount: int) -> list[dict[str, Any]]:
    """One to four lines that come to about `worth` yuan; `discount` percent off the larger ones, in whole yuan."""
    chosen = rng.sample(goods, min(len(goods), rng.choices([1, 2, 3, 4], [34, 36, 20, 10])[0]))
    parts = [rng.random() + 0.3 for _ in chosen]
    lines = []
    for article, part in zip(chosen, parts, strict=True):
        quantity = _quantity(article, worth * Decimal(part / sum(parts)))
        full = line_amount(quantity, article.price, Decimal(0))
        off = Decimal(int(full * discount / 100)) if discount and full > 2_000 else Decimal(0)
        lines.append(
            {
                "goods": article.goods,
                "unit": article.unit,
                "quantity": quantity,
                "unit_price": article.price,
                "discount": off,
            }
        )
    return lines


def _quantity(article: Article, worth: Decimal) -> Decimal:
    steps = round(worth / article.price / article.step)
    return Decimal(max(1, min(steps, article.most // article.step)) * article.step)
