"""The pages of reports: who opens them, what bad input says, files, counting in the background."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from guanxi.accounts.models import Session
from guanxi.history.models import ChangeSet
from guanxi.jobs.models import Job
from guanxi.jobs.queue import claim
from guanxi.jobs.run import Run
from guanxi.parameters.actions import set_parameter
from guanxi.parameters.models import Parameter
from guanxi.reports import answering
from guanxi.reports.models import KeptAnswer
from guanxi.reports.report import reports
from guanxi.reports.tasks import count, forget
from tests import cast
from tests.reports.asking import answer, asked
from tests.reports.ten_customers import VIEWS

pytestmark = [pytest.mark.long, pytest.mark.django_db]
NOVEMBER = "period=custom&begin=2026-11-01&end=2026-11-23"


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def page(user, address, **headers):
    found = client_of(user).get(f"/reports/{address}", headers=headers)
    assert found.status_code == 200, (address, found.status_code)
    return found.content.decode()


@pytest.mark.parametrize("name", reports)
def test_without_the_permission_of_a_report_there_is_nothing(company, name):
    others = [view for view in VIEWS if view != f"reports.view_{name}"]
    stranger = client_of(cast.make_user("stranger", *others, scope="all"))
    for address in (f"/reports/{name}/", f"/reports/{name}/?period=year"):
        assert stranger.get(address).status_code == 403
    for address in (f"/reports/{name}/count/", f"/reports/{name}/export/"):
        assert stranger.post(address).status_code == 403
    assert f"/reports/{name}/" not in stranger.get("/reports/").content.decode()


def test_the_index_shows_what_one_may_open_and_nothing_to_others(company):
    text = page(company.li, "")
    assert all(f'href="/reports/{name}/"' in text for name in reports)
    assert client_of(cast.make_user("stranger")).get("/reports/").status_code == 403


def test_the_menu_leads_to_every_report_under_its_code(company):
    call_command("sync", verbosity=0)
    text = page(company.chief, "contribution/")
    for label in ("客户贡献分析", "客户构成分析", "客户服务分析", "客户流失分析"):
        assert label in text


def test_a_report_shows_figures_definitions_and_its_time(company):
    text = page(company.chief, f"contribution/?{NOVEMBER}")
    for shown in ("¥18,500.52", "54.1%", "¥5,000.01", "数据截至", "2026-11-01 至 2026-11-23", "精确到分"):
        assert shown in text, shown


def test_it_is_all_there_in_english(company):
    with cast.change() as change:
        change.update(company.chief, language="en")
    text = page(company.chief, f"contribution/?{NOVEMBER}")
    for shown in ("Customer contribution", "CN¥18,500.52", "As of", "How these figures are defined", "Pareto"):
        assert shown in text, shown


def test_a_year_is_compared_once_and_a_month_twice(company):
    """Of a year the stretch a year before is the period before: the same change is not said twice."""
    days = "period=custom&begin=2026-{}-01&end=2026-{}"
    asking = [(days.format(11, "11-30"), True), (days.format("01", "12-31"), False), ("period=year", False)]
    for query, said in asking:
        question = asked("contribution", company.chief, query)
        tiles = question.report.tiles(question, question.report.answer(question))
        labels = {str(label) for tile in tiles for label, _change in tile.changes}
        assert "同比" in labels
        assert ("环比" in labels) is said, query


def test_what_a_total_and_a_share_count_is_explained(company):
    text = page(company.chief, "contribution/?period=year")
    assert "合计按整段日期统计" in text
    assert "合计按整段日期统计" in page(company.chief, "contribution/?period=year&group=goods")
    assert "待处理的工单不计入" in page(company.chief, "service/?period=year")


def test_without_amounts_too_payments_by_goods_say_why_nothing_is_counted(company):
    hidden = cast.make_user("hidden", *VIEWS, scope="all", masks=["amount"])
    text = page(hidden, "contribution/?group=goods&basis=payments")
    assert 'class="err"' in text
    assert "回款不区分商品" in text
    assert "尚未统计" in text


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("contribution/?period=custom&begin=2026-11-23&end=2026-11-01", "结束日期早于开始日期"),
        ("contribution/?period=custom&begin=yesterday&end=2026-11-01", "这不是有效的日期"),
        ("contribution/?period=custom&begin=2026-02-30&end=2026-11-01", "这不是有效的日期"),
        ("contribution/?period=custom", "请填写日期"),
        ("contribution/?period=custom&begin=0001-01-01&end=9999-12-31", "这个日期太远"),
        ("contribution/?period=custom&begin=1950-01-01&end=2026-11-01", "期间最长为三十年"),
        ("contribution/?period=century", "没有这个选项"),
        ("contribution/?low=much", "请输入金额"),
        ("contribution/?low=1&high=%27", "请输入金额"),
        ("contribution/?low=9e99", "请输入金额"),
        ("contribution/?low=99999999999999999999", ""),
        ("contribution/?low=1.234", ""),
        ("contribution/?low=5000&high=1000", "上限应大于下限"),
        ("contribution/?band=own", "请至少填写一个界限"),
        ("contribution/?band=7-8", "没有这个选项"),
        ("contribution/?basis=hopes", "没有这个选项"),
        ("contribution/?sort=name", "没有这个选项"),
        ("contribution/?q=" + "x" * 61, ""),
        ("composition/?group=salary", "没有这个选项"),
        ("service/?group=password", "没有这个选项"),
        ("service/?period=custom&begin=2026-11-23&end=2026-11-01", "结束日期早于开始日期"),
        ("losses/?group=1", "没有这个选项"),
    ],
)
def test_bad_input_says_why_beside_its_field_and_counts_nothing(company, address, sentence):
    text = page(company.chief, address)
    assert 'class="err"' in text
    assert sentence in text
    assert "尚未统计" in text
    assert "¥18,500.52" not in text


@pytest.mark.parametrize(
    "address",
    [
        "contribution/?manager=x&level=%0A&area=none",
        "contribution/?page=0",
        "contribution/?page=-3",
        "contribution/?page=999999999999999999999",
        "contribution/?q=%25%5F%27%22;--",
        "contribution/?manager__department=999999",
        "composition/?level=999999999999999999999999",
        "service/?kind=none",
        "losses/?reason=none&period=12-months",
        "losses/?owner=-1",
    ],
)
def test_strange_input_is_answered(company, address):
    for user in (company.chief, company.li):
        page(user, address)


def test_nothing_typed_is_lost_with_its_fault(company):
    text = page(company.chief, "contribution/?low=much&high=2000&q=%E6%B9%98%E6%B1%9F")
    assert 'value="much"' in text
    assert 'value="2000"' in text
    assert 'value="湘江"' in text


def test_who_may_not_see_amounts_finds_none_on_the_page(company):
    clerk = cast.make_user("clerk", *VIEWS, scope="all", masks=["amount"])
    for query in ("", "&band=5000-", "&low=5000", "&idle=on", "&sort=-count"):
        text = page(clerk, f"contribution/?{NOVEMBER}{query}")
        assert "¥" not in text.replace("CN¥", "")
        assert "5000.01" not in text
        assert 'name="low"' not in text


class TestFiles:
    @pytest.fixture
    def taker(self):
        return cast.make_user("taker", *VIEWS, "reports.export_contribution", "reports.export_losses", scope="all")

    def take(self, user, address, **data):
        return client_of(user).post(f"/reports/{address}", data)

    def test_excel_has_typed_cells_a_frozen_head_and_totals(self, company, taker):
        found = self.take(taker, f"contribution/export/?{NOVEMBER}", format="xlsx")
        sheet = openpyxl.load_workbook(io.BytesIO(b"".join(found.streaming_content))).active
        rows = list(sheet.iter_rows(values_only=True))
        assert sheet.freeze_panes == "A2"
        assert sheet.title == "客户贡献分析 客户"
        assert rows[0][:6] == ("客户", "编号", "等级", "客户经理", "笔数", "金额")
        assert (rows[1][0], rows[1][4], rows[1][5]) == ("湘江", 1, 5000.01)
        assert (rows[-1][0], rows[-1][4], rows[-1][5]) == ("合计", 8, 18500.52)
        assert len(rows) == 8

    def test_csv_is_exact(self, company, taker):
        found = self.take(taker, f"contribution/export/?{NOVEMBER}", format="csv")
        text = b"".join(found.streaming_content).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text)))
        assert sum(Decimal(row[5]) for row in rows[1:-1]) == Decimal(rows[-1][5]) == Decimal("18500.52")

    def test_a_file_has_every_row_not_one_page(self, company, taker, monkeypatch):
        monkeypatch.setattr("guanxi.reports.questions.PAGE", 2)
        found = self.take(taker, f"contribution/export/?{NOVEMBER}&page=2", format="csv")
        assert len(b"".join(found.streaming_content).decode().splitlines()) == 8

    def test_a_further_table_is_taken_by_its_name(self, company, taker):
        found = self.take(taker, f"contribution/export/?{NOVEMBER}", format="csv", sheet="bands")
        assert "5,000+,1,5000.01" in b"".join(found.streaming_content).decode().replace('"', "")

    def test_it_needs_its_own_permission_and_the_log_keeps_who_took_it(self, company, taker):
        assert self.take(company.li, "contribution/export/", format="csv").status_code == 403
        self.take(taker, f"contribution/export/?{NOVEMBER}", format="csv")
        kept = ChangeSet.objects.filter(verb="export", by=taker).get()
        assert kept.subject == "客户贡献分析"
        assert "2026-11-01" in kept.reason

    def test_a_file_of_those_who_may_not_see_amounts_has_none(self, company):
        clerk = cast.make_user("clerk", *VIEWS, "reports.export_contribution", scope="all", masks=["amount"])
        found = self.take(clerk, f"contribution/export/?{NOVEMBER}", format="csv", sheet="bands")
        text = b"".join(found.streaming_content).decode("utf-8-sig")
        assert text.splitlines()[0] == "客户,编号,等级,客户经理,笔数"

    def test_whoever_was_away_proves_again_who_they_are(self, company, taker):
        client = client_of(taker)
        Session.objects.update(proved_at=timezone.now() - timedelta(minutes=16))
        found = client.post(f"/reports/contribution/export/?{NOVEMBER}", {"format": "csv"})
        assert not found.streaming
        assert "湘江" not in found.content.decode()
        assert not ChangeSet.objects.filter(verb="export").exists()

    def test_a_faulty_question_makes_no_file(self, company, taker):
        found = self.take(taker, "contribution/export/?low=much", format="csv")
        assert (found.status_code, found["Location"]) == (303, "/reports/contribution/?low=much")


class TestVeryManyRows:
    """A report about more rows than are counted at once."""

    @pytest.fixture(autouse=True)
    def few(self):
        with cast.change() as change:
            change.create(Parameter, key=answering.AT_ONCE.key, value=3)

    def run(self):
        job = claim("tester", at=timezone.now() + timedelta(seconds=1))
        count(Run(job, at=timezone.now(), clock=timezone.now))
        Job.objects.filter(pk=job.pk).update(state="done")

    def test_it_says_so_waits_for_a_job_and_shows_its_answer_with_the_time(self, company):
        client = client_of(company.chief)
        address = f"/reports/contribution/?{NOVEMBER}"
        text = client.get(address).content.decode()
        assert "在后台统计" in text
        assert "¥18,500.52" not in text
        assert Job.objects.count() == 0, "a page that is only read starts nothing"
        for _again in range(2):
            client.post(f"/reports/contribution/count/?{NOVEMBER}")
        assert Job.objects.count() == 1
        assert 'hx-trigger="every 1s"' in client.get(address, headers={"HX-Request": "true"}).content.decode()
        self.run()
        text = client.get(address).content.decode()
        assert "¥18,500.52" in text
        assert "后台统计于" in text
        assert "every 1s" not in text

    def test_the_job_s_answer_is_the_answer(self, company):
        question = asked("contribution", company.chief, NOVEMBER, at=timezone.now())
        answering.start(question)
        self.run()
        kept = answering.outcome(question).answer
        direct = answer("contribution", company.chief, NOVEMBER, at=timezone.now())
        assert kept.figures == direct.figures
        assert [tuple(row) for row in kept.tables["rows"]] == direct.tables["rows"]

    def test_it_is_nobody_else_s_and_of_no_other_reach(self, company):
        answering.start(asked("contribution", company.chief, NOVEMBER, at=timezone.now()))
        self.run()
        for other in (company.wang, cast.make_user("second", holds_all=True)):
            assert answering.outcome(asked("contribution", other, NOVEMBER, at=timezone.now())).answer is None
        with cast.change() as change:
            change.relate(company.chief, "roles", [cast.make_role(*VIEWS, scope="all", masks=["amount"])])
        vars(company.chief).pop("reach", None)
        assert answering.outcome(asked("contribution", company.chief, NOVEMBER, at=timezone.now())).answer is None

    def test_a_right_that_was_taken_away_meanwhile_counts_nothing(self, company):
        answering.start(asked("contribution", company.li, NOVEMBER, at=timezone.now()))
        with cast.change() as change:
            change.relate(company.li, "roles", [])
        self.run()
        assert KeptAnswer.objects.count() == 0

    def test_old_answers_are_forgotten(self, company):
        answering.start(asked("contribution", company.chief, NOVEMBER, at=timezone.now()))
        self.run()
        KeptAnswer.objects.update(at=timezone.now() - timedelta(days=8))
        job = Job.objects.first()
        assert forget(Run(job, at=timezone.now(), clock=timezone.now)) == 1

    def test_files_wait_for_the_job_too(self, company):
        found = client_of(company.chief).post(f"/reports/contribution/export/?{NOVEMBER}", {"format": "csv"})
        assert found.status_code == 303


def test_a_row_that_takes_long_counts_several_times(company):
    question = asked("contribution", company.chief, NOVEMBER)
    rows = question.report.volume(question).count()
    with cast.change() as change:
        allowed = change.create(Parameter, key=answering.AT_ONCE.key, value=4 * rows)
    assert not answering.is_large(question)
    with cast.change() as change:
        change.update(allowed, value=4 * rows - 1)
    assert answering.is_large(question)
    efforts = [reports[name].effort(question) for name in ("composition", "losses", "service")]
    assert efforts == [1, 3, 40]


def test_administrators_choose_how_much_is_counted_at_once(company):
    with cast.change() as change:
        set_parameter(answering.AT_ONCE, value=1000, change=change)
    assert answering.AT_ONCE.read() == 1000
