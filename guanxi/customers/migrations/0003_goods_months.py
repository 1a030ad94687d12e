import guanxi.kernel.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0002_indexes_of_figures"),
        ("dictionary", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="GoodsMonth",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(verbose_name="Month")),
                ("goods", models.CharField(max_length=200, verbose_name="Goods")),
                ("orders", models.IntegerField(verbose_name="Orders")),
                ("amount", guanxi.kernel.fields.MoneyField(verbose_name="Amount")),
            ],
            options={
                "verbose_name": "Goods of a month",
                "verbose_name_plural": "Goods of a month",
            },
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("binned_in__isnull", True)), fields=["credit"], name="customer_by_credit"
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("binned_in__isnull", True)), fields=["industry"], name="customer_by_industry"
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("binned_in__isnull", True)), fields=["source"], name="customer_by_source"
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("binned_in__isnull", True), ("order_count__gt", 0)),
                fields=["manager"],
                name="customer_ever_ordered",
            ),
        ),
        migrations.AddIndex(
            model_name="goodsmonth",
            index=models.Index(fields=["month", "goods"], name="goods_month"),
        ),
    ]
