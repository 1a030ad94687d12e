"""`guanxi import`: the same import from the command line."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from guanxi.customers.models import Customer
from guanxi.transfer import work
from guanxi.transfer.models import Import
from tests import cast
from tests.transfer.files import csv_file, workbook

pytestmark = pytest.mark.django_db

ROWS = [["客户名称", "电话"], ["云栖智造", ""], ["坏号码", "12345"]]


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def run(*words: str, **options: Any) -> str:
    out = io.StringIO()
    call_command("import", *words, stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue()


def test_it_imports_reports_and_lists_the_refused_rows(tmp_path):
    said = run("customers", str(csv_file(tmp_path / "list.csv", ROWS, "gbk")))
    assert Customer.objects.get().manager is None
    assert "list-refused.csv" in said
    assert "12345" in Path("list-refused.csv").read_text("utf-8-sig")
    assert Import.objects.get().change_set.by is None


def test_a_dry_run_writes_nothing(tmp_path):
    said = run("customers", str(workbook(tmp_path / "list.xlsx", ROWS)), "--dry-run")
    assert not Customer.objects.exists()
    assert "1" in said
    assert Import.objects.get().path == ""


def test_as_a_user_with_their_rights_only(tmp_path):
    path = str(csv_file(tmp_path / "list.csv", ROWS))
    cast.make_user("stranger", "customers.view_customer")
    seller = cast.make_user("seller", "customers.view_customer", "transfer.import_customer")
    with pytest.raises(CommandError):
        run("customers", path, "--as", "stranger")
    with pytest.raises(CommandError):
        run("customers", path, "--as", "nobody")
    with pytest.raises(CommandError):
        run("customers", path, "--as", "seller", "--duplicates", "update")
    assert not Import.objects.exists()
    run("customers", path, "--as", "Seller")
    customer = Customer.objects.get()
    assert (customer.manager, customer.created_by) == (seller, seller)


@pytest.mark.parametrize("content", [b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "电话\n1\n".encode()])
def test_a_file_that_cannot_be_read_ends_it_with_1(tmp_path, content):
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError) as refusal:
        run("customers", str(path))
    assert refusal.value.returncode == 1
    with pytest.raises(CommandError):
        run("customers", str(tmp_path / "missing.csv"))


def test_an_interrupted_import_is_resumed_by_its_number(tmp_path, monkeypatch):
    monkeypatch.setattr(work, "BATCH", 2)
    rows = [["客户名称"], *([f"客户{number}"] for number in range(7))]
    path = str(csv_file(tmp_path / "list.csv", rows))
    real, calls = work._counted, []

    def dying(found: Any, outcomes: Any) -> Any:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(found, outcomes)

    monkeypatch.setattr(work, "_counted", dying)
    with pytest.raises(KeyboardInterrupt):
        run("customers", path)
    assert Customer.objects.count() == 4
    run("resume", str(Import.objects.get().pk))
    assert Customer.objects.count() == 7
    for number in (str(Import.objects.get().pk), "²", "9" * 30):
        with pytest.raises(CommandError):
            run("resume", number)
