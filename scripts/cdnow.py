"""Turn a purchases file into customers.csv and orders.csv: `python scripts/cdnow.py PURCHASES FOLDER`.

Each line of the purchases file is one purchase: customer id, day as yyyymmdd, number of CDs, dollars; blank separated.
Names are invented from the ids, so that the same file always gives the same company.
"""

import csv
import sys
from pathlib import Path

CUSTOMERS = ["客户编号", "客户名称", "成为客户日期"]
ORDERS = ["订单编号", "客户编号", "订单日期", "商品", "数量", "单位", "金额", "是否支付"]


def main(source: Path, folder: Path) -> None:
    """Write both files, and say how many rows each has."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [line.split() for line in source.read_text("ascii").splitlines()]
    purchases = [words for words in lines if len(words) == 4 and words[0].isdigit()]  # not the heading
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


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
