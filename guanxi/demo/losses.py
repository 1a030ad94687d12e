"""Customers that stopped buying: found by the scan, worked on, given up or won back."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from guanxi.customers.actions import recount_now
from guanxi.demo.company import Company
from guanxi.demo.days import at_work, work_after, working_day, working_day_before
from guanxi.demo.firms import Firm
from guanxi.history.models import Way
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.days import company_day, start_of
from guanxi.retention import actions
from guanxi.retention.models import LossCase, ReprieveMeasure
from guanxi.retention.queries import loss_rule

THRESHOLDS = {"普通客户": 8, "战略合作伙伴": 4}
"""Months, where a level has a rule of its own."""
MONTHS, NIGHTS = 10, 5
"""For so many months there was one scan a month, then one in each of the last nights."""
SCAN_DAY = 12
"""Of the month: when the bookkeeping of the month before last is there."""
GONE = {"stopped", "once", "fading", "never"}
MEASURES = [
    ("电话回访采购负责人，了解停单原因", "对方称库存充足，约下季度再谈"),
    ("区域主管上门拜访，带新品样机", "演示效果好，同意小批试用"),
    ("提供老客户 8 折续购方案", "报价已送采购部，等待审批"),
    ("安排工程师免费巡检现有设备", "发现两处隐患并处理，客户认可"),
    ("邀请参加新品发布会", "技术总工到场，对云服务感兴趣"),
    ("协调账期延长到 60 天", "财务同意，合同补充协议已签"),
    ("核对历史投诉并书面答复", "客户接受说明"),
    ("年节登门拜访总经理", "关系缓和，承诺优先询价"),
]
REASONS = {
    "价格": (28, "竞争对手报价低一成以上"),
    "转向竞争对手": (24, "已与本地供应商签年度合同"),
    "业务停止或搬迁": (17, "工厂搬迁，产线停用"),
    "需求变化": (14, "改用整机方案，不再单独采购"),
    "产品质量": (7, "两批产品返修后停止采购"),
    "服务不满意": (6, "投诉处理慢，采购不再考虑"),
    "其他": (4, "多次联系无人答复"),
}
BACK = ["签了新的年度框架合同", "总经理答应下月恢复下单", "质保问题解决，恢复合作", "谈妥账期，重新询价"]
CALLED_IN = ["zhouqiming", "guyuanzhi", "linxiaowen"]
"""Who was asked on the last day to see to one of the weightiest customers at risk themselves."""
STRATEGIC = {"大客户", "战略合作伙伴"}


def tell(company: Company) -> None:
    """Thresholds, then the scans; what follows from a scan is planned once it found somebody."""
    rng = company.rng("losses")
    first = _scan_days(company)[0]
    at = at_work(working_day_before(first - timedelta(days=3)), rng)
    for level, months in THRESHOLDS.items():
        company.plan("create", at, company.people.admin, _threshold(company, level, months))
        at += timedelta(minutes=3)
    head = company.people.users["guyuanzhi"]
    company.plan(
        "scan", at + timedelta(hours=1), head, _scan(company, rng, at + timedelta(hours=1), head, dry_run=True)
    )
    for day in _scan_days(company):
        night = start_of(day) + timedelta(hours=2, minutes=30, seconds=rng.randrange(2, 15))
        company.plan("scan", night, None, _scan(company, rng, night), way=Way.JOB)
    for number, name in enumerate(CALLED_IN):
        noon = start_of(company.last_day) + timedelta(hours=12, minutes=6 * number)
        company.plan("assign", noon, head if name != head.username else company.people.admin, _call_in(company, name))


def _scan_days(company: Company) -> list[date]:
    last, days = company.last_day, []
    for _ in range(NIGHTS):
        days.append(last)
        last = working_day_before(last)
    month = last.replace(day=1)
    for _ in range(MONTHS):
        days.append(working_day(month.replace(day=SCAN_DAY)))
        month = (month - timedelta(days=1)).replace(day=1)
    return sorted(day for day in set(days) if day <= company.last_day)


def _threshold(company: Company, level: str, months: int) -> Callable[[ChangeWriter], Any]:
    entry = company.entry("customer_level", level)
    return lambda change: actions.create_threshold(level=entry, months=months, change=change)


def _scan(
    company: Company, rng: Random, at: datetime, by: Any = None, *, dry_run: bool = False
) -> Callable[[ChangeWriter], None]:
    """The scan keeps a change set of its own, within the story's transaction; the act's own stays empty."""

    def do(change: ChangeWriter) -> None:
        recount_now()
        report = actions.scan_losses(loss_rule(), at=at, by=by, dry_run=dry_run)
        report.seconds = round(rng.uniform(0.2, 0.9), 2)
        report.save()
        firms = {firm.record.pk: firm for firm in company.firms if firm.record}
        for case in LossCase.objects.filter(created_at=at).select_related("owner").order_by("pk"):
            _Rescue(company, rng, case, firms[case.customer_id]).begin(at)

    return do


def _call_in(company: Company, name: str) -> Callable[[ChangeWriter], None]:
    def do(change: ChangeWriter) -> None:
        seen = LossCase.objects.visible_to(change.by).filter(state=LossCase.State.OPEN)
        others = seen.exclude(owner__username__in=CALLED_IN)
        case = others.order_by("-customer__paid_total", "pk").first()
        if case is not None:
            actions.assign_case(case, to=company.people.users[name], change=change)

    return do


class _Rescue:
    """What is done about one case."""

    def __init__(self, company: Company, rng: Random, case: LossCase, firm: Firm) -> None:
        self.company, self.rng, self.case, self.firm = company, rng, case, firm
        self.keeper: Any = case.owner

    def begin(self, at: datetime) -> None:
        """Somebody takes it up some days later; or nobody does."""
        rng = self.rng
        at = work_after(at, rng.randrange(1, 9), rng)
        if self.case.owner is None or (self.firm.level in STRATEGIC and rng.random() < 0.2):
            if rng.random() < 0.4:
                return
            self._hand_over(at)
            at = work_after(at, rng.randrange(1, 5), rng)
        for measure, outcome in rng.sample(MEASURES, rng.choices([0, 1, 2, 3], [30, 40, 22, 8])[0]):
            at = self._take(at, measure, outcome)
        self._decide(work_after(at, rng.randrange(12, 70), rng))

    def _hand_over(self, at: datetime) -> None:
        """By the head of the region: a lost account to an account manager, a strategic one to the board now and then."""
        post = "高管" if self.firm.level in STRATEGIC and self.rng.random() < 0.4 else "客户经理"
        self.keeper = self.rng.choice(self.company.people.of_post(post))
        keeper = self.keeper
        self._plan("assign", at, lambda change: actions.assign_case(self.case, to=keeper, change=change), by=self._lead)

    def _take(self, at: datetime, measure: str, outcome: str) -> datetime:
        """A measure is planned, and mostly carried out; gives the moment after it."""
        rng = self.rng
        planned = working_day(company_day(at) + timedelta(days=rng.randrange(3, 18)))
        made: list[ReprieveMeasure] = []

        def create(change: ChangeWriter) -> None:
            made.append(actions.create_measure(case=self.case, measure=measure, planned_on=planned, change=change))

        def write(change: ChangeWriter) -> None:
            if made:
                actions.edit_measure(made[0], outcome=outcome, change=change)

        self._plan("create", at, create)
        done = at_work(planned, rng)
        if rng.random() < 0.8:
            self._plan("edit", done, write)
        return work_after(done, rng.randrange(1, 10), rng)

    def _decide(self, at: datetime) -> None:
        """Those that are gone are often given up; others come back by a word, or by an order of theirs."""
        rng, dice = self.rng, self.rng.random()
        gone = self.firm.rhythm in GONE
        if gone and dice < 0.5:
            label = rng.choices(list(REASONS), [share for share, _note in REASONS.values()])[0]
            reason = self.company.entry("loss_reason", label)
            note = REASONS[label][1]
            self._plan("confirm", at, lambda c: actions.confirm_loss(self.case, reason=reason, note=note, change=c))
            if dice < 0.05:
                self._win_back(work_after(at, rng.randrange(15, 60), rng), from_state=LossCase.State.CONFIRMED)
        elif dice < (0.65 if gone else 0.35):
            self._win_back(at)

    def _win_back(self, at: datetime, *, from_state: str = LossCase.State.OPEN) -> None:
        reason = self.rng.choice(BACK)
        self._plan(
            "win_back",
            at,
            lambda change: actions.win_back(self.case, reason=reason, change=change),
            when=from_state,
        )

    def _plan(
        self,
        verb: str,
        at: datetime,
        do: Callable[[ChangeWriter], Any],
        *,
        by: Callable[[], Any] | None = None,
        when: str = LossCase.State.OPEN,
    ) -> None:
        """Something that is done as long as the case stands there: an order may have decided it before."""

        def if_it_stands(change: ChangeWriter) -> None:
            self.case.refresh_from_db(fields=["state"])
            if self.case.state == when:
                do(change)

        self.company.plan(verb, at, by or (lambda: self.keeper or self._lead()), if_it_stands)

    def _lead(self) -> Any:
        return self.company.people.lead(self.firm.city.region)
