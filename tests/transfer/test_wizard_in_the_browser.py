"""The whole import in a real browser: upload, columns, faults, yes, progress, result, the customers found."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from guanxi.customers.models import Customer
from guanxi.dictionary.actions import fill_dictionary
from guanxi.jobs.worker import work_off
from tests import cast
from tests.chromium import axe_faults, look
from tests.full import LOOKS
from tests.transfer.files import csv_file, workbook

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROWS = [
    ["客户名称", "客户等级", "地区", "客户经理", "联系电话", "内部备注"],
    ["杭州云栖智造科技有限公司", "大客户", "浙江省", "李思远", "0571-86000000", "老客户"],
    ["深圳市海纳电子有限公司", "合作伙伴", "广东", "", "13805712233", ""],
    ["苏州精锐自动化设备有限公司", "最大客户", "江苏", "", "", "等级写错"],
    ["成都天府食品集团", "普通客户", "四川", "没有这个人", "12345", ""],
    ["北京远望信息技术股份有限公司", "普通客户", "北京", "", "", ""],
    ["杭州云栖智造科技有限公司", "", "", "", "", "写了两遍"],
]


@pytest.fixture
def seller(transactional_db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    with cast.change() as change:
        fill_dictionary(change=change)
    rights = ["customers.view_customer", "transfer.import_customer", "transfer.import_contact", "transfer.view_import"]
    return cast.make_user("lisiyuan", *rights, real_name="李思远")


def widths_fit(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the window"


def seen(page: Page, name: str) -> None:
    assert axe_faults(page) == []
    widths_fit(page)
    look(page, f"import-{name}")


def list_file(folder: Path, kind: str) -> Path:
    return (
        workbook(folder / "客户名单.xlsx", ROWS) if kind == "xlsx" else csv_file(folder / "客户名单.csv", ROWS, "gbk")
    )


@pytest.mark.parametrize(("width", "dark", "language"), LOOKS)
def test_a_list_becomes_customers(open_page, seller, tmp_path, width, dark, language):
    kind = "csv" if dark else "xlsx"
    name = f"{width}-{language}{'-dark' if dark else ''}"
    page = open_page(seller, width=width, language=language, dark=dark)
    page.goto("/customers/")
    page.click("a[href*='imports/new/?kind=customers']")
    seen(page, f"1-upload-{name}")
    page.set_input_files("[name=file]", list_file(tmp_path, kind))
    page.click("#step .btn-p")

    level = page.locator("[name=column-1]")
    expect(level).to_have_value("level")
    expect(page.locator("[name=column-5]")).to_have_value("")
    seen(page, f"2-match-{name}")
    level.select_option("")
    level.select_option("level")
    page.click("#step .btn-p")

    expect(page.locator("#step progress")).to_be_visible()
    seen(page, f"3-checking-{name}")
    work_off()
    expect(page.locator("#count-new")).to_have_text("3")
    expect(page.locator("#count-refused")).to_have_text("2")
    expect(page.locator("#step")).to_contain_text("最大客户")
    expect(page.locator("#duplicates")).to_contain_text("写了两遍")
    seen(page, f"4-check-{name}")
    assert not Customer.objects.exists()
    page.click("#step form .btn-p")

    expect(page.locator("#step progress")).to_be_visible()
    seen(page, f"5-progress-{name}")
    work_off()
    expect(page.locator("#count-created")).to_have_text("3")
    seen(page, f"6-result-{name}")
    with page.expect_download() as download:
        page.click("#refused-file")
    assert "没有这个人" in Path(download.value.path()).read_text("utf-8-sig")

    page.click("#to-list")
    expect(page.locator("main")).to_contain_text("杭州云栖智造科技有限公司")
    page.fill("#search-q", "海纳")
    page.press("#search-q", "Enter")
    expect(page.locator("main tbody tr, main .rows li").first).to_contain_text("深圳市海纳电子有限公司")
    page.goto("/transfer/imports/")
    page.get_by_text("客户名单").first.click()
    expect(page.locator("#to-wizard")).to_be_visible()
    seen(page, f"7-record-{name}")


def test_a_file_that_is_none_says_so_beside_the_field(open_page, seller, tmp_path):
    path = tmp_path / "客户.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    page = open_page(seller)
    page.goto("/transfer/imports/new/?kind=customers")
    page.set_input_files("[name=file]", path)
    page.click("#step .btn-p")
    expect(page.locator(".err")).to_contain_text(".xls")
    seen(page, "fault")


def test_it_works_without_script(open_page, seller, tmp_path):
    page = open_page(seller, script=False)
    page.goto("/transfer/imports/new/?kind=customers")
    page.set_input_files("[name=file]", list_file(tmp_path, "csv"))
    page.click("#step .btn-p")
    page.click("#step .btn-p")
    work_off()
    page.click("#step noscript a, #step a.btn")
    expect(page.locator("#count-new")).to_have_text("3")
    page.click("#step form .btn-p")
    work_off()
    page.reload()
    expect(page.locator("#count-created")).to_have_text("3")
