"""What made-up companies, people and goods are called."""

from collections.abc import Sequence
from random import Random


def _words(text: str) -> list[str]:
    return text.split()


PLACES = _words(
    "北京 上海 天津 重庆 杭州 宁波 温州 绍兴 嘉兴 南京 苏州 无锡 常州 南通 合肥 芜湖 福州 厦门 泉州 南昌 "
    "济南 青岛 烟台 潍坊 郑州 洛阳 武汉 宜昌 长沙 株洲 广州 深圳 佛山 东莞 珠海 中山 南宁 桂林 海口 成都 "
    "绵阳 贵阳 昆明 西安 宝鸡 兰州 西宁 银川 太原 大同 石家庄 唐山 沈阳 大连 长春 吉林 哈尔滨 大庆 呼和浩特 包头"
)
STEMS = "华鑫瑞恒盛达腾飞宏远东方金泰丰源天成海纳博创新锐佳信诚永康安顺隆昌兴旺德润泽嘉禾明辉光耀通利中联合众立诺凯"
TRADES = _words(
    "机械 电子 智能科技 信息技术 网络 软件 自动化 建材 建筑工程 装饰 物流 供应链 国际贸易 商贸 食品 "
    "餐饮管理 医疗器械 医药 环保科技 新能源 光电 化工 纺织 服饰 家居 汽车零部件 仪器仪表 教育咨询 农业科技 文化传媒"
)
FORMS = ["有限公司", "股份有限公司", "有限责任公司", "集团有限公司"]
SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国志红文斌海燕鹏飞宇浩晨曦雪梅"
POSITIONS = _words("总经理 采购经理 采购员 技术总监 行政主管 财务经理 项目经理 设备科长")
GOODS = [
    ("工业网关", "台", 2680),
    ("温度传感器", "个", 145),
    ("压力变送器", "个", 860),
    ("伺服电机", "台", 3250),
    ("控制柜", "套", 12800),
    ("数据采集模块", "个", 980),
    ("触摸屏", "台", 1560),
    ("屏蔽电缆", "米", 12),
    ("现场安装服务", "次", 1800),
    ("年度维护", "年", 9600),
]
TALKS = [
    "介绍新一代网关，对方有兴趣",
    "回访安装情况，运行正常",
    "确认下一批交货日期",
    "报价已发，等待审批",
    "讨论年度维护合同",
    "约定下周现场勘察",
]
STEPS = ["电话了解需求", "上门拜访", "发送方案与报价", "邀请参观展厅", "安排技术交流", "商谈合同条款"]


def company_name(number: int) -> str:
    """The name of the `number`th company; names differ for eight million numbers."""
    sizes = (len(PLACES), len(STEMS), len(STEMS), len(TRADES), len(FORMS))
    total = 1
    for size in sizes:
        total *= size
    left, picks = number * 7_368_787 % total, []  # a prime: neighbours look nothing alike
    for size in sizes:
        left, pick = divmod(left, size)
        picks.append(pick)
    place, first, second, trade, form = picks
    return f"{PLACES[place]}{STEMS[first]}{STEMS[second]}{TRADES[trade]}{FORMS[form]}"


def person_name(dice: Random) -> str:
    """A surname with one or two given characters."""
    return dice.choice(SURNAMES) + "".join(dice.choices(GIVEN, k=dice.choice([1, 2, 2])))


def mobile(dice: Random) -> str:
    """A mobile number in its normal form."""
    return f"1{dice.choice('35789')}{dice.randrange(10**9):09}"


def pick(dice: Random, choices: Sequence[tuple[str, int]]) -> str:
    """One of several words by their weights."""
    return dice.choices([word for word, _ in choices], [weight for _, weight in choices])[0]
