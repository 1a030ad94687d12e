"""The purchases file becomes customers and orders, and nothing of it is lost."""

import csv
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "cdnow.py"


def test_every_purchase_becomes_an_order_and_every_customer_a_customer(tmp_path):
    source = tmp_path / "purchases.txt"
    source.write_text(
        " id  date  cds  dollars\n 00001 19970101  1   11.77\n 00002 19970112  5   77.00\n 00001 19961201  2 0\n"
    )
    subprocess.run([sys.executable, SCRIPT, source, tmp_path], check=True, capture_output=True)
    customers = list(csv.DictReader((tmp_path / "customers.csv").read_text("utf-8").splitlines()))
    orders = list(csv.DictReader((tmp_path / "orders.csv").read_text("utf-8").splitlines()))
    assert [one["客户名称"] for one in customers] == ["CDNOW 客户 00001", "CDNOW 客户 00002"]
    assert customers[0]["成为客户日期"] == "19961201"
    assert [(one["客户编号"], one["数量"], one["金额"]) for one in orders] == [
        ("CDNOW-00001", "1", "11.77"),
        ("CDNOW-00002", "5", "77.00"),
        ("CDNOW-00001", "2", "0"),
    ]
