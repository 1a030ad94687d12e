"""The rollup of goods begins with what the orders that are there already brought in."""

from datetime import date, timedelta
from typing import Any

from django.db import migrations
from django.db.models import Count, Max, Min, Sum

from guanxi.kernel.days import months_before
from guanxi.kernel.fields import MoneyField


def fill(apps: Any, schema_editor: Any) -> None:
    """A month at a time, so that an index serves each."""
    ends = apps.get_model("customers", "Order").objects.aggregate(first=Min("ordered_at"), last=Max("ordered_at"))
    month = ends["first"] and ends["first"].replace(day=1)
    while month and month <= ends["last"]:
        after = months_before(month, -1)
        _fill_month(apps, month, after - timedelta(days=1))
        month = after


def _fill_month(apps: Any, first: date, last: date) -> None:
    lines = apps.get_model("customers", "OrderLine").objects.filter(
        binned_in__isnull=True,
        order__binned_in__isnull=True,
        order__state="paid",
        order__ordered_at__range=(first, last),
    )
    found = (
        lines.order_by()
        .values_list("goods")
        .annotate(count=Count("order", distinct=True), sum=Sum("amount", output_field=MoneyField()))
    )
    row = apps.get_model("customers", "GoodsMonth")
    row.objects.bulk_create(
        [row(month=first, goods=goods, orders=count, amount=amount) for goods, count, amount in found], batch_size=500
    )


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_goods_months")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
