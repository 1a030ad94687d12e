"""From a file to records: what is matched, judged, written, refused, and gone on with after an interruption."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import DataError
from django.utils import translation

from guanxi.customers import actions as customers
from guanxi.customers.models import Contact, Customer, Order, Payment
from guanxi.dictionary.actions import fill_dictionary
from guanxi.dictionary.models import DictionaryEntry
from guanxi.history.models import Change, ChangeSet
from guanxi.kernel.rules import RuleBroken
from guanxi.search.models import SearchDoc
from guanxi.transfer import actions, refused, work
from guanxi.transfer.models import Import
from guanxi.transfer.reading.limits import HEAD_ROWS
from guanxi.transfer.reading.table import read_first
from tests import cast
from tests.customers.company import make_contact, make_customer, make_order
from tests.transfer.files import csv_file, workbook

pytestmark = pytest.mark.django_db

IMPORTER = ["customers.view_customer", "customers.edit_customer", "customers.edit_contact"]
IMPORTER += [f"transfer.import_{model}" for model in ("customer", "contact", "order")]


@pytest.fixture(autouse=True)
def dictionary(db):
    with cast.change() as change:
        fill_dictionary(change=change)


@pytest.fixture
def owner():
    return cast.make_user("owner", *IMPORTER, real_name="李思远")


def quiet(done: int, total: int) -> None:
    pass


def begin(path: Path, kind: str = "customers", *, by: Any = None, **fields: Any) -> Import:
    _table, rows = read_first(path, HEAD_ROWS)
    with cast.change("upload", by=by) as change:
        found = actions.begin_import(kind=kind, path=path, filename=path.name, rows=rows, language="en", change=change)
        actions.refuse_mapping(found, found.mapping)
        change.update(found, **fields)
    return found


def check(found: Import) -> Import:
    work.check_import(found, at=cast.NOW, report=quiet)
    return Import.objects.get(pk=found.pk)


def carry_out(found: Import, report: Any = quiet) -> Import:
    actions.open_import(found, at=cast.NOW, by=found.created_by)
    work.run_import(found, at=cast.NOW, report=report)
    return Import.objects.get(pk=found.pk)


def figures(found: Import) -> tuple[int, int, int, int]:
    return found.created, found.updated, found.skipped, found.refused


def reasons(found: Import) -> list[tuple[int, str]]:
    return list(found.refusals.order_by("number").values_list("number", "reason"))


class TestHeadings:
    @pytest.mark.parametrize(
        ("headings", "names"),
        [
            (["客户名称", "客户等级", "地区", "客户经理", "联系电话"], ["name", "level", "area", "manager", "phone"]),
            (["公司名称*", "注册资本（万元）", "客户编号"], ["name", "registered_capital", "number"]),
            (["Name", "Level", "Area", "Customer since", "Phone"], ["name", "level", "area", "since", "phone"]),
            (["COMPANY NAME", "Tax ID", "开户行：", "账 号"], ["name", "tax_number", "bank", "bank_account"]),
        ],
    )
    def test_headings_are_matched_in_both_languages(self, tmp_path, headings, names):
        found = begin(csv_file(tmp_path / "a.csv", [headings, ["甲"] * len(headings)]))
        assert sorted(found.mapping, key=found.mapping.get) == names

    def test_a_title_above_the_headings_is_passed(self, tmp_path):
        rows = [["2026 年客户名单"], [], ["客户名称", "电话"], ["云栖智造", "13805712233"]]
        found = carry_out(begin(workbook(tmp_path / "a.xlsx", rows)))
        assert figures(found) == (1, 0, 0, 0)
        assert Customer.objects.get().phone == "13805712233"

    def test_a_column_that_is_needed_is_asked_for(self, tmp_path):
        with pytest.raises(RuleBroken, match=r"名称|Customer name"):
            begin(csv_file(tmp_path / "a.csv", [["电话", "地区"], ["1", "浙江"]]))
        with pytest.raises(RuleBroken, match=r"金额|Amount"):
            rows = [["客户名称", "订单日期", "商品", "数量"], ["甲", "2026-01-01", "网关", "1"]]
            begin(csv_file(tmp_path / "b.csv", rows), "orders")

    def test_masked_columns_are_not_imported(self, tmp_path):
        user = cast.make_user("clerk", *IMPORTER, masks=["phone"])
        found = carry_out(begin(csv_file(tmp_path / "a.csv", [["客户名称", "电话"], ["甲", "13805712233"]]), by=user))
        assert "phone" not in found.mapping
        assert Customer.objects.get().phone == ""


class TestCustomers:
    ROWS = [
        ["客户名称", "客户编号", "客户等级", "地区", "客户经理", "电话", "成为客户日期", "信用度", "注册资金"],
        ["云栖智造", "A-1", "大客户", "Zhejiang", "李思远", "０５７１－８６００００００", "2024年3月1日", "5", "12万"],
        ["海纳电子", "", "", "", "", "", "", "", ""],
        ["  ", "A-3", "", "", "", "", "", "", ""],
        ["坏号码", "", "", "", "", "12345", "", "", ""],
        ["坏等级", "", "最大客户", "火星", "没有这人", "", "2024-02-30", "6", "很多"],
        ["云栖 智造", "", "", "", "", "", "", "", ""],
        ["又一个", "A-1", "", "", "", "", "", "", ""],
    ]

    def test_what_the_check_says_is_what_happens(self, tmp_path, owner):
        found = begin(csv_file(tmp_path / "a.csv", self.ROWS, "gbk"), by=owner)
        before = Customer.objects.count(), ChangeSet.objects.count()
        checked = check(found)
        assert figures(checked) == (2, 0, 2, 3)
        assert (Customer.objects.count(), ChangeSet.objects.count()) == before
        said = reasons(checked)
        done = carry_out(found)
        assert figures(done) == (2, 0, 2, 3)
        assert reasons(done) == said
        assert [number for number, _reason in said] == [4, 5, 6]
        assert all(part in said[2][1] for part in ("最大客户", "火星", "没有这人", "2024-02-30", "12万"))

    def test_the_values_are_those_of_a_form(self, tmp_path, owner):
        carry_out(begin(csv_file(tmp_path / "a.csv", self.ROWS), by=owner))
        one = Customer.objects.get(number="A-1")
        assert (one.name, one.phone, one.since) == ("云栖智造", "0571-86000000", date(2024, 3, 1))
        assert (str(one.level), one.area.label_zh, one.manager, one.credit) == (str(one.level), "浙江", owner, 5)
        assert one.registered_capital == Decimal("120000.00")
        other = Customer.objects.get(name="海纳电子")
        assert other.number.startswith("KH20261123")
        assert (other.manager, other.since) == (owner, date(2026, 11, 23))

    def test_one_change_set_holds_it_and_the_search_finds_it(self, tmp_path, owner):
        found = carry_out(begin(csv_file(tmp_path / "a.csv", self.ROWS), by=owner))
        kept = found.change_set
        assert (kept.state, kept.by, kept.way, kept.subject_id) == ("done", owner, "import", found.pk)
        assert Change.objects.filter(change_set=kept, model="customers.customer", act="create").count() == 2
        assert SearchDoc.objects.filter(model="customers.customer").count() == 2

    def test_duplicates_are_refused_with_the_sentence_of_the_form(self, tmp_path, owner):
        make_customer("云栖智造", manager=owner)
        found = begin(csv_file(tmp_path / "a.csv", [["客户名称"], ["云栖智造"]]), by=owner, duplicates="refuse")
        done = carry_out(found)
        with pytest.raises(RuleBroken) as refusal:
            make_customer("云栖智造")
        assert reasons(done) == [(2, str(refusal.value))]

    def test_duplicates_are_updated_with_filled_cells_only(self, tmp_path, owner):
        customer = make_customer("云栖智造", manager=owner, phone="13805712233", address="旧地址")
        rows = [["客户名称", "电话", "地址", "传真"], ["云栖智造", "", "新地址", "0571-86000000"]]
        done = carry_out(begin(csv_file(tmp_path / "a.csv", rows), by=owner, duplicates="update"))
        customer.refresh_from_db()
        assert figures(done) == (0, 1, 0, 0)
        assert (customer.phone, customer.address, customer.fax) == ("13805712233", "新地址", "0571-86000000")

    def test_a_customer_out_of_reach_is_not_updated(self, tmp_path, owner):
        other = make_customer("云栖智造", manager=cast.make_user("other", "customers.view_customer"))
        rows = [["客户名称", "地址"], ["云栖智造", "新地址"]]
        done = carry_out(begin(csv_file(tmp_path / "a.csv", rows), by=owner, duplicates="update"))
        other.refresh_from_db()
        assert figures(done) == (0, 0, 0, 1)
        assert other.address == ""

    def test_nobody_gives_customers_to_others_without_the_right(self, tmp_path, owner):
        cast.make_user("other", "customers.view_customer", real_name="王若溪")
        rows = [["客户名称", "客户经理"], ["甲", "王若溪"], ["乙", "李思远"]]
        assert figures(carry_out(begin(csv_file(tmp_path / "a.csv", rows), by=owner))) == (1, 0, 0, 1)

    def test_two_people_of_one_name_are_told_apart_by_their_user_name(self, tmp_path):
        cast.make_user("li1", "customers.view_customer", real_name="李伟")
        cast.make_user("li2", "customers.view_customer", real_name="李伟")
        rows = [["客户名称", "客户经理"], ["甲", "李伟"], ["乙", "li2"]]
        done = carry_out(begin(csv_file(tmp_path / "a.csv", rows)))
        assert figures(done) == (1, 0, 0, 1)
        assert Customer.objects.get().manager.username == "li2"

    def test_lost_digits_are_a_fault_and_text_is_none(self, tmp_path):
        rows = [["客户名称", "统一社会信用代码"], ["甲", 330106199001011234], ["乙", "91330106MA2CFQ4L5X"]]
        done = carry_out(begin(workbook(tmp_path / "a.xlsx", rows)))
        assert figures(done) == (1, 0, 0, 1)
        assert "330106199001011" in reasons(done)[0][1]

    def test_a_row_with_more_cells_than_headings_is_a_fault_and_with_fewer_is_none(self, tmp_path):
        rows = [["客户名称", "电话", "地址"], ["甲"], ["乙", "", "路 1", "多"]]
        done = carry_out(begin(csv_file(tmp_path / "a.csv", rows)))
        assert figures(done) == (1, 0, 0, 1)

    def test_the_list_of_refused_rows_can_be_mended_and_imported(self, tmp_path):
        rows = [["客户名称", "电话", "地址"], ["甲", "123", "=1+1"], ["乙", "", ""]]
        done = carry_out(begin(csv_file(tmp_path / "a.csv", rows)))
        text = "".join(refused.refused_lines(done))
        assert "'=1+1" in text
        mended = tmp_path / "b.csv"
        mended.write_text(text.replace("123", "13805712233"), encoding="utf-8")
        again = carry_out(begin(mended))
        assert figures(again) == (1, 0, 0, 0)
        assert Customer.objects.get(name="甲").address == "=1+1"

    def test_names_keep_their_full_width_brackets(self, tmp_path):
        rows = [["客户名称", "客户编号"], ["海纳（深圳）有限公司", "Ａ－１"]]
        carry_out(begin(csv_file(tmp_path / "a.csv", rows, "gbk")))
        customer = Customer.objects.get()
        assert (customer.name, customer.number) == ("海纳（深圳）有限公司", "A-1")

    def test_a_value_that_is_not_on_offer_is_answered_with_those_that_are(self, tmp_path):
        rows = [["客户名称", "客户等级", "地区"], ["甲", "最大客户", ""], ["乙", "", "火星"]]
        found = begin(csv_file(tmp_path / "a.csv", rows))
        with translation.override("zh-hans"):
            (_row, level), (_row, area) = reasons(check(found))
        offered = [entry.label_zh for entry in DictionaryEntry.objects.offered("customer_level")]
        assert "最大客户" in level
        assert all(label in level for label in offered[:10])
        assert len(offered) > 10 or "…" not in level
        areas = [entry.label_zh for entry in DictionaryEntry.objects.offered("area")]
        assert sum(label in area for label in areas) == 10
        assert area.endswith("…。")

    def test_a_sex_that_is_none_is_answered_in_the_words_of_the_form(self, tmp_path):
        make_customer("云栖智造")
        rows = [["客户名称", "联系人", "性别"], ["云栖智造", "王建国", "公"]]
        found = begin(csv_file(tmp_path / "a.csv", rows), "contacts")
        with translation.override("zh-hans"):
            ((_row, reason),) = reasons(check(found))
        assert "男、女" in reason

    @pytest.mark.parametrize("area", ["浙江", "浙江省", "Zhejiang", " 浙 江 "])
    def test_areas_are_known_with_and_without_their_kind(self, tmp_path, area):
        carry_out(begin(csv_file(tmp_path / "a.csv", [["客户名称", "省份"], ["甲", area]])))
        assert Customer.objects.get().area.label_zh == "浙江"


class TestContacts:
    def test_contacts_find_their_customer_by_number_or_name(self, tmp_path, owner):
        one = make_customer("云栖智造", manager=owner, number="A-1")
        two = make_customer("海纳电子", manager=owner)
        rows = [["客户编号", "客户名称", "联系人", "手机", "性别", "主要联系人"]]
        rows += [["A-1", "", "王建国", "13805712233", "男", ""], ["", "海纳 电子", "赵敏", "", "女士", ""]]
        rows += [["", "云栖智造", "陈嘉", "", "", "是"], ["", "没有", "某人", "", "", ""], ["", "", "某人", "", "", ""]]
        done = carry_out(begin(csv_file(tmp_path / "a.csv", rows), "contacts", by=owner))
        assert figures(done) == (3, 0, 0, 2)
        primary = Contact.objects.filter(is_primary=True).values_list("customer", "name")
        assert set(primary) == {(one.pk, "陈嘉"), (two.pk, "赵敏")}

    def test_a_customer_out_of_reach_is_as_one_that_does_not_exist(self, tmp_path, owner):
        make_customer("别人的", manager=cast.make_user("other", "customers.view_customer"))
        rows = [["客户名称", "联系人"], ["别人的", "王建国"], ["没有的", "王建国"]]
        found = begin(csv_file(tmp_path / "a.csv", rows), "contacts", by=owner)
        for said in (reasons(check(found)), reasons(carry_out(found))):
            first, second = (reason for _number, reason in said)
            assert first.replace("别人的", "没有的") == second

    @pytest.mark.parametrize(("duplicates", "count"), [("skip", (1, 0, 1, 0)), ("update", (1, 1, 0, 0))])
    def test_a_contact_of_that_name_is_a_duplicate(self, tmp_path, owner, duplicates, count):
        contact = make_contact(make_customer("云栖智造", manager=owner), "赵敏")
        rows = [["客户名称", "联系人", "手机"], ["云栖智造", "赵 敏", "13805712233"], ["云栖智造", "陈嘉", ""]]
        found = begin(csv_file(tmp_path / "a.csv", rows), "contacts", by=owner, duplicates=duplicates)
        assert figures(carry_out(found)) == count
        contact.refresh_from_db()
        assert bool(contact.mobile) == (duplicates == "update")


class TestOrders:
    HEAD = ["订单编号", "客户名称", "订单日期", "商品", "数量", "单位", "单价", "优惠", "金额", "是否支付"]

    def rows(self, *rows: str) -> list[list[str]]:
        return [self.HEAD, *(row.split("|") for row in rows)]

    def test_rows_of_one_number_are_lines_of_one_order(self, tmp_path, owner):
        customer = make_customer("云栖智造", manager=owner)
        rows = self.rows(
            "A1|云栖智造|2026-03-01|网关|2|台|100|10||是",
            "A1|云栖智造|2026-03-01|网线|3|根|0.335|||",
            "|||插头|1|个|5|||",
            "A2|云栖智造|20260302|网关|1|台||||",
            "A3|云栖智造|2026/3/3|网关|3|台|||100|否",
            "A4|云栖智造|2027-03-03|网关|1|台|1|||",
            "A5|云栖智造|2026-03-03|网关|0|台|1|||",
            "A6|云栖智造|2026-03-03|网关|2|台|1||9|",
        )
        found = begin(csv_file(tmp_path / "a.csv", rows), "orders", by=owner)
        checked = check(found)
        said = reasons(checked)
        done = carry_out(found)
        assert figures(done) == figures(checked) == (2, 0, 0, 4)
        assert reasons(done) == said
        first, third = Order.objects.order_by("number")
        assert [line.amount for line in first.lines.all()] == [Decimal("190.00"), Decimal("1.01"), Decimal("5.00")]
        assert (first.state, first.paid, first.paid_at) == ("paid", Decimal("196.01"), date(2026, 3, 1))
        assert (third.state, third.total) == ("unpaid", Decimal("100.00"))
        assert Payment.objects.get().amount == Decimal("196.01")
        customer.refresh_from_db()
        assert (customer.order_count, customer.paid_total) == (2, Decimal("196.01"))
        assert first.salesperson == owner

    def test_a_number_that_is_taken_is_a_duplicate_and_never_updated(self, tmp_path, owner):
        make_order(make_customer("云栖智造", manager=owner), number="A1")
        found = begin(
            csv_file(tmp_path / "a.csv", self.rows("A1|云栖智造|2026-03-01|网关|2|台|100|||")), "orders", by=owner
        )
        assert figures(carry_out(found)) == (0, 0, 1, 0)
        assert not actions.may_update(found)

    def test_one_line_at_fault_refuses_its_whole_order(self, tmp_path, owner):
        make_customer("云栖智造", manager=owner)
        rows = self.rows("A1|云栖智造|2026-03-01|网关|2|台|100|||", "A1|云栖智造|2026-03-01||x|台|100|||")
        done = carry_out(begin(csv_file(tmp_path / "a.csv", rows), "orders", by=owner))
        assert figures(done) == (0, 0, 0, 1)
        assert [number for number, _reason in reasons(done)] == [2, 3]

    def test_an_order_of_another_persons_customer_is_refused(self, tmp_path, owner):
        make_customer("别人的", manager=cast.make_user("other", "customers.view_customer"))
        found = begin(
            csv_file(tmp_path / "a.csv", self.rows("A1|别人的|2026-03-01|网关|2|台|100|||")), "orders", by=owner
        )
        assert figures(carry_out(found)) == (0, 0, 0, 1)


class Killed(Exception):
    """Stands for a process that dies."""


class TestInterruption:
    @pytest.fixture(autouse=True)
    def small_batches(self, monkeypatch):
        monkeypatch.setattr(work, "BATCH", 3)

    def file(self, tmp_path) -> Path:
        rows = [["客户名称", "电话"], *([f"客户{number}", "" if number % 4 else "123"] for number in range(1, 12))]
        return csv_file(tmp_path / "a.csv", [*rows, ["客户1", ""]])

    @pytest.mark.parametrize("killed_at", range(5))
    def test_an_import_killed_in_any_batch_goes_on_there(self, tmp_path, killed_at):
        found = begin(self.file(tmp_path))
        calls = 0

        def kill(done: int, total: int) -> None:
            nonlocal calls
            calls += 1
            if calls > killed_at:
                raise Killed

        with pytest.raises(Killed):
            carry_out(found, kill)
        stands = Import.objects.select_related("change_set").get(pk=found.pk)
        assert stands.state == "running"
        assert stands.created == Customer.objects.count()
        assert stands.refused == stands.refusals.count()
        work.run_import(stands, at=cast.NOW, report=quiet)
        done = Import.objects.get(pk=found.pk)
        assert (done.state, figures(done)) == ("done", (9, 0, 1, 2))
        assert Customer.objects.count() == 9
        assert done.refusals.count() == 2
        assert Change.objects.filter(change_set=done.change_set, act="create").count() == 9
        assert done.change_set.state == "done"

    def test_two_workers_do_not_write_a_batch_twice(self, tmp_path):
        found = begin(self.file(tmp_path))
        actions.open_import(found, at=cast.NOW, by=None)
        late = Import.objects.select_related("change_set").get(pk=found.pk)
        work.run_import(found, at=cast.NOW, report=quiet)
        with pytest.raises(work.Overtaken):
            work.run_import(late, at=cast.NOW, report=quiet)
        assert Customer.objects.count() == 9

    def test_a_row_that_the_database_refuses_stops_no_other(self, tmp_path, monkeypatch):
        real = customers.create_customers

        def picky(*, rows: Any, change: Any) -> Any:
            made = real(rows=rows, change=change)
            if any(row["name"] == "客户5" for row in rows):
                raise DataError
            return made

        monkeypatch.setattr("guanxi.transfer.kinds.customers.actions.create_customers", picky)
        done = carry_out(begin(self.file(tmp_path)))
        assert figures(done) == (8, 0, 1, 3)
        assert not Customer.objects.filter(name="客户5").exists()
        assert Change.objects.filter(change_set=done.change_set, act="create").count() == 8

    def test_a_file_that_breaks_half_way_keeps_what_was_written(self, tmp_path):
        path = tmp_path / "a.csv"
        path.write_text("客户名称\n" + "".join(f"客户{n}\n" for n in range(40)) + '"offen\n', encoding="utf-8")
        found = begin(path)
        with pytest.raises(RuleBroken, match="42"):
            carry_out(found)
        assert Customer.objects.count() == Import.objects.get(pk=found.pk).created == 39
