"""Turn a purchases file into customers.csv and orders.csv: `python scripts/cdnow.py PURCHASES FOLDER`.

Each line of the purchases file is one purchase: customer id, day as yyyymmdd, number of CDs, dollars; blank separated.
Names are invented from the ids, so that the same file always gives the same company. With `--last-purchase yesterday`
all days are moved alike, so that the last one is yesterday.
"""

import argparse
import csv
from datetime import date, timedelta
from pathlib import Path

CUSTOMERS = ["客户编号", "客户名称", "成为客户日期"]
ORDERS = ["订单编号", "客户编号", "订单日期", "商品", "数量", "单位", "金额", "是否支付"]


def main(source: Path, folder: Path, last: date | None) -> None:
    """Write both files, and say how many rows each has."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [line.split() for line in source.read_text("ascii").splitlines()]
    purchases = moved([words for words in lines if len(words) == 4 and words[0].isdigit()], last)  # not the heading
    first: dict[str, str] = {}
    for customer, day, _count, _dollars in purchases:
        first[customer] = min(day, first.get(customer, day))
    with (folder / "customers.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(CUSTOMERS)
        writer.writerows([f"CDNOW-{one}", f"CDNOW 客户 {one}", day] for one, day in sorted(first.items()))
    with (folder / "orders.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(ORDERS)
        for number, (customer, day, count, dollars) in enumerate(purchases, start=1):
            writer.writerow([f"CD{number:06}", f"CDNOW-{customer}", day, "CD", count, "张", dollars, "是"])
    print(f"{len(first):,} customers, {len(purchases):,} orders")


def moved(purchases: list[list[str]], last: date | None) -> list[list[str]]:
    """The purchases, the last of them on this day."""
    if last is None:
        return purchases
    apart = last - date.fromisoformat(max(day for _customer, day, *_rest in purchases))
    days = [f"{date.fromisoformat(words[1]) + apart:%Y%m%d}" for words in purchases]
    return [[customer, day, *rest] for (customer, _day, *rest), day in zip(purchases, days, strict=True)]


def day_of(text: str) -> date:
    """A day as it is typed, or yesterday."""
    return date.today() - timedelta(days=1) if text == "yesterday" else date.fromisoformat(text)  # noqa: DTZ011 - the day of whoever runs it


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("purchases", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--last-purchase", type=day_of, help="the day of the last one (yesterday, or 2026-01-31)")
    chosen = parser.parse_args()
    main(chosen.purchases, chosen.folder, chosen.last_purchase)
