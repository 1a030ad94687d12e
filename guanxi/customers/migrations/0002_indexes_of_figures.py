import guanxi.kernel.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="customer",
            index=guanxi.kernel.indexes.SortIndex(
                condition=models.Q(("binned_in__isnull", True)),
                fields=["state", "-paid_total", "-id"],
                name="customer_state_paid_total",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("binned_in__isnull", True)),
                fields=["paid_at", "customer", "amount"],
                name="payment_received",
            ),
        ),
    ]
