"""Calls, visits and meetings with the customers, and when to follow up.

Older ones came each month from the phones' and calendars' own lists, as one import; those of the last weeks were
recorded one by one.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from guanxi.customers import actions
from guanxi.customers.models import Interaction
from guanxi.demo.company import Company
from guanxi.demo.days import at_work, work_after, working_day
from guanxi.demo.firms import Firm
from guanxi.demo.goods import CATALOGUE
from guanxi.history.models import Way
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.days import company_day

RECORDED_DAYS = 45
EVERY_DAYS = {"普通客户": 95, "重点开发客户": 52, "大客户": 42, "合作伙伴": 44, "战略合作伙伴": 26}
KINDS = {"call": 46, "wechat": 24, "visit": 14, "meeting": 9, "email": 7}
BUYING = {
    "call": [
        "与{who}确认本月{goods}的交期，要求周五前到货。",
        "回访{who}：{goods}运行稳定，近期准备加购。",
        "{who}反映上批{goods}外箱有破损，已安排补发。",
        "催收尾款，{who}答复下周安排付款。",
        "{who}询问{goods}的批量价，需本周给出正式报价。",
        "与{who}沟通年度框架合同的折扣和账期。",
    ],
    "wechat": [
        "给{who}发了{goods}的选型表和接线图。",
        "{who}发来现场照片，{goods}安装位置需调整。",
        "{who}确认收货，开票资料已更新。",
        "提醒{who}云服务下月到期，发送续费方案。",
    ],
    "visit": [
        "拜访{who}，参观二号车间产线，确认扩产计划，推荐{goods}。",
        "现场查看{goods}使用情况，{who}提出三条改进建议。",
        "季度回访，与{who}核对账款和未交订单。",
        "陪同技术到现场排查通讯中断，已恢复。",
    ],
    "meeting": [
        "与{who}及技术部开会，评审{goods}的接入方案。",
        "线上会议：演示设备管理云，{who}同意先试点两条产线。",
        "年度商务会谈，{who}希望账期延到 60 天，需协调财务审批。",
    ],
    "email": ["向{who}发送{goods}的正式报价和技术协议。", "回复{who}的验收问题清单，附检测报告。"],
}
LOOKING = {
    "call": [
        "首次电话，{who}表示有改造计划，预算下季度确定。",
        "{who}在比较三家供应商，关心{goods}的售后。",
        "电话跟进，{who}出差，约下周再联系。",
        "{who}说项目推迟，先保持联系。",
    ],
    "wechat": ["加{who}微信，发送公司介绍和{goods}案例。", "给{who}发了展会邀请函。"],
    "visit": ["登门拜访{who}，介绍{goods}，对方要样机测试。", "拜访{who}，了解产线现状，设备多为老旧型号。"],
    "meeting": ["与{who}开线上会议，讲解{goods}方案，待对方内部讨论。"],
    "email": ["给{who}发送{goods}资料和参考报价。"],
}
GONE = {
    "call": [
        "回访{who}，近半年没有采购计划。",
        "{who}说产线停产检修，恢复时间未定。",
        "电话联系{who}，已改用其他品牌，询问原因是价格。",
    ],
    "wechat": ["节日问候{who}，对方已读未回。"],
    "visit": ["上门拜访，{who}已调岗，新负责人待定。"],
    "meeting": ["与{who}沟通重新合作的条件，对方要求降价 10%。"],
    "email": ["给{who}发送新品{goods}资料，未回复。"],
}
FOLLOW_UPS = {"late": 16, "today": 7, "week": 22, "later": 25, "none": 30}


@dataclass
class Talk:
    """One call, visit or meeting."""

    firm: Firm
    at: datetime
    kind: str
    overview: str
    place: str
    next_follow_up: date | None = None


def tell(company: Company) -> None:
    """All interactions of all customers."""
    rng = company.rng("talks")
    recorded_from = company.last_day - timedelta(days=RECORDED_DAYS)
    months: dict[date, list[Talk]] = defaultdict(list)
    for firm in company.firms:
        for talk in _talks(company, rng, firm):
            day = company_day(talk.at)
            if day >= recorded_from:
                _record(company, rng, talk)
            else:
                months[day.replace(day=1)].append(talk)
    for month, talks in sorted(months.items()):
        _import_month(company, rng, month, sorted(talks, key=lambda one: one.at))


def _talks(company: Company, rng: Random, firm: Firm) -> list[Talk]:
    talks = [_talk(rng, firm, at, company) for at in _moments(company, rng, firm)]
    for talk in talks[:-1]:
        if rng.random() < 0.5:
            talk.next_follow_up = working_day(company_day(talk.at) + timedelta(days=rng.randrange(4, 30)))
    if talks and not firm.leaves and firm.rhythm != "stopped":
        talks[-1].next_follow_up = _next(company, rng, company_day(talks[-1].at))
    return talks


def _moments(company: Company, rng: Random, firm: Firm) -> list[datetime]:
    """From its beginning until it left, now sooner, now later than its level asks for."""
    every = EVERY_DAYS[firm.level]
    until = firm.leaves or work_after(firm.begins, 10_000, rng)
    at = work_after(firm.begins, rng.randrange(1, 25), rng)
    moments = []
    while at < until and company_day(at) <= company.last_day:
        moments.append(at)
        at = work_after(at, max(2, int(rng.gauss(every, every / 2.5))), rng)
    return moments


def _talk(rng: Random, firm: Firm, at: datetime, company: Company) -> Talk:
    texts = _texts(company, firm, company_day(at))
    kind = rng.choices(list(KINDS), list(KINDS.values()))[0]
    things = [article.goods for article in firm.goods if article.is_thing] or [CATALOGUE[0].goods]
    overview = rng.choice(texts[kind]).format(who=rng.choice(firm.people).polite, goods=rng.choice(things))
    return Talk(firm, at, kind, overview, firm.details["address"] if kind == "visit" else "")


def _texts(company: Company, firm: Firm, day: date) -> dict[str, list[str]]:
    """What one talks about with those who buy, those who look, those who are gone."""
    if firm.rhythm == "never" or (day - firm.first_day).days < 12:
        return LOOKING
    gone = firm.rhythm in {"stopped", "once"} and (company.last_day - day).days < 200
    return GONE if gone else BUYING


def _next(company: Company, rng: Random, last: date) -> date | None:
    """When the customer is to be contacted next: overdue, today, this week, later, or not said."""
    when = rng.choices(list(FOLLOW_UPS), list(FOLLOW_UPS.values()))[0]
    if when == "none":
        return None
    if when == "late":
        return max(last, company.today - timedelta(days=rng.randrange(1, 16)))
    if when == "today":
        return company.today
    days = rng.randrange(1, 8) if when == "week" else rng.randrange(8, 40)
    return working_day(company.today + timedelta(days=days))


def _record(company: Company, rng: Random, talk: Talk) -> None:
    """Written down within the half hour after."""

    def do(change: ChangeWriter) -> None:
        actions.create_interaction(
            customer=talk.firm.customer,
            happened_at=talk.at,
            overview=talk.overview,
            kind=talk.kind,
            place=talk.place,
            next_follow_up=talk.next_follow_up,
            change=change,
        )

    company.plan("create", work_after(talk.at, 0, rng), _who(company, talk.firm), do)


def _who(company: Company, firm: Firm) -> Callable[[], Any]:
    return lambda: firm.holder or company.people.lead(firm.city.region)


def _import_month(company: Company, rng: Random, month: date, talks: Sequence[Talk]) -> None:
    """On the second working day of the next month."""
    day = working_day((month + timedelta(days=31)).replace(day=1) + timedelta(days=1))
    at = at_work(day, rng, opens=8 * 60 + 30, closes=8 * 60 + 40)
    company.plan("import", at, company.people.admin, _import(company, talks), way=Way.IMPORT)


def _import(company: Company, talks: Sequence[Talk]) -> Callable[[ChangeWriter], None]:
    def do(change: ChangeWriter) -> None:
        change.create_many(Interaction, [_row(company, talk) for talk in talks])
        actions.recount_customers({talk.firm.customer.pk for talk in talks})

    return do


def _row(company: Company, talk: Talk) -> dict[str, Any]:
    return {
        "customer": talk.firm.customer,
        "happened_at": talk.at.replace(second=0, microsecond=0),
        "kind": talk.kind,
        "overview": talk.overview,
        "place": talk.place,
        "next_follow_up": talk.next_follow_up,
        "created_by": _who(company, talk.firm)(),
    }
