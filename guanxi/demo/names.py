"""Invented names: companies, people, phone numbers, registrations. Nobody is meant; numbers are plainly made up."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from guanxi.customers.licence import is_credit_code

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦"
BRAND_FIRST = "启恒瑞嘉博盛鼎汇联信达海天宏远新安泰永华创智卓立锐思凯沃科云星晨润德合诚佳晟骏驰铭"
BRAND_SECOND = "明源泽科创维通盛达辰阳锋恒成远益和宁腾越川岳航图森朗岭帆润康捷拓讯尔特力方元"
TRADES = {
    "制造业": ["精密机械", "自动化设备", "汽车零部件", "电气", "智能装备", "模具", "泵业", "阀门", "包装材料", "电子"],
    "信息技术": ["信息技术", "软件", "网络科技", "数据科技", "智能科技"],
    "批发零售": ["机电贸易", "五金", "供应链管理", "进出口"],
    "建筑业": ["建设工程", "机电安装", "建筑科技"],
    "交通物流": ["物流", "冷链物流", "仓储", "港口服务"],
    "金融业": ["融资租赁", "设备租赁"],
    "医疗健康": ["医疗器械", "生物制药", "医药"],
    "教育": ["职业培训", "教育科技"],
    "餐饮住宿": ["食品", "餐饮管理"],
    "农林牧渔": ["农业科技", "饲料", "乳业"],
    "能源环保": ["新能源", "环保科技", "水务", "电力设备", "光伏科技"],
    "其他": ["实业", "检测技术"],
}
INDUSTRY_SHARES = {
    "制造业": 44,
    "信息技术": 10,
    "批发零售": 9,
    "建筑业": 7,
    "交通物流": 7,
    "金融业": 2,
    "医疗健康": 6,
    "教育": 2,
    "餐饮住宿": 3,
    "农林牧渔": 3,
    "能源环保": 9,
    "其他": 3,
}
ROADS = ["人民路", "解放路", "建设路", "中山路", "科技路", "创业大道", "工业大道", "滨江路", "高新一路", "兴业街"]
BANKS = ["中国工商银行", "中国建设银行", "中国农业银行", "中国银行", "招商银行", "交通银行"]
POSITIONS = {
    "男": ["采购部经理", "总经理", "设备部主管", "生产总监", "信息部经理", "技术总工", "厂长"],
    "女": ["采购主管", "财务总监", "行政经理", "总经理助理", "质量部经理", "采购专员", "会计"],
}
CODE_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True)
class City:
    """Where a company sits; `region` is the sales region, `code` the telephone's, empty off the mainland."""

    area: str
    gb: str
    city: str
    code: str
    digits: int
    region: str
    share: int


@dataclass(frozen=True)
class Person:
    """Somebody at a customer."""

    name: str
    sex: str
    position: str
    mobile: str
    email: str

    @property
    def polite(self) -> str:
        """How one speaks of them: 王经理 is 王先生 or 王女士 here."""
        return self.name[0] + ("先生" if self.sex == "male" else "女士")


def read_cities() -> list[City]:
    """The cities of `cities.csv`."""
    with open(Path(__file__).with_name("cities.csv"), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    return [
        City(
            area=row["area"],
            gb=row["gb"],
            city=row["city"],
            code=row["code"],
            digits=int(row["digits"]),
            region=row["region"],
            share=int(row["share"]),
        )
        for row in rows
    ]


def read_given_names() -> list[list[str]]:
    """The given names of men, then of women."""
    text = Path(__file__).with_name("given_names.txt").read_text(encoding="utf-8")
    return [line.split() for line in text.splitlines() if not line.startswith("#")]


class Names:
    """Gives companies and numbers of which none comes twice; the counter of people begins after `after`."""

    def __init__(self, rng: Random, *, after: int = 0) -> None:
        self._rng = rng
        self._men, self._women = read_given_names()
        self._brands: set[str] = set()
        self._people = after
        self._phones = 0

    def company(self, city: City, industry: str) -> tuple[str, str]:
        """The full name of a company and the two characters that it goes by."""
        rng = self._rng
        brand = rng.choice(BRAND_FIRST) + rng.choice(BRAND_SECOND)
        while brand in self._brands or brand[0] == brand[1]:
            brand = rng.choice(BRAND_FIRST) + rng.choice(BRAND_SECOND)
        self._brands |= {brand}
        form = rng.choices(["有限公司", "股份有限公司", "集团有限公司"], [88, 8, 4])[0]
        return f"{city.city}{brand}{rng.choice(TRADES[industry])}{form}", brand

    def person(self, domain: str) -> Person:
        """Somebody with a mobile number whose middle is all zeros, and an address under `.example`."""
        rng = self._rng
        man = rng.random() < 0.62
        name = rng.choice(SURNAMES[:40] if rng.random() < 0.8 else SURNAMES) + rng.choice(
            self._men if man else self._women
        )
        self._people += 1
        return Person(
            name=name,
            sex="male" if man else "female",
            position=rng.choice(POSITIONS["男" if man else "女"]),
            mobile=f"{rng.choice(['138', '139', '136', '158', '186', '199'])}0000{self._people:04d}",
            email=f"c{self._people:04d}@{domain}" if rng.random() < 0.55 else "",
        )

    def landline(self, city: City) -> str:
        """A number of the city that ends in a counter; none outside the mainland."""
        if not city.code:
            return ""
        self._phones += 1
        return f"{city.code}-8600{self._phones:0{city.digits - 4}d}"

    def licence(self, city: City) -> str:
        """A credit code with a check digit that fits."""
        body = f"91{city.gb}0100MA0{self._rng.randrange(100_000, 1_000_000)}"
        return next(f"{body}{sign}" for sign in CODE_SIGNS if is_credit_code(f"{body}{sign}"))

    def address(self, city: City) -> str:
        """A street and a number."""
        town = city.city if city.city == city.area and not city.code else f"{city.city}市"
        return f"{town}{self._rng.choice(ROADS)}{self._rng.randrange(1, 980)}号"

    def account(self, city: City) -> tuple[str, str]:
        """A bank's branch and an account there that is plainly none."""
        return f"{self._rng.choice(BANKS)}{city.city}分行", f"1200 0000 {self._rng.randrange(10_000):04d} 0000"


def choose(rng: Random, shares: dict[str, int]) -> str:
    """One key, as often as its share says."""
    return rng.choices(list(shares), list(shares.values()))[0]


def choose_city(rng: Random, cities: Sequence[City]) -> City:
    """One city, as often as its share says."""
    return rng.choices(cities, [city.share for city in cities])[0]
