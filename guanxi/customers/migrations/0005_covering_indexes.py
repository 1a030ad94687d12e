from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0004_fill_goods_months"),
        ("dictionary", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="order",
            name="order_contribution",
        ),
        migrations.RemoveIndex(
            model_name="payment",
            name="payment_received",
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("binned_in__isnull", True)),
                fields=["state", "ordered_at", "customer", "total", "binned_in"],
                name="order_contribution",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("binned_in__isnull", True)),
                fields=["paid_at", "customer", "amount", "binned_in"],
                name="payment_received",
            ),
        ),
    ]
