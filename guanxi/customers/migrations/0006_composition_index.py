from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0005_covering_indexes"),
        ("dictionary", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="customer",
            name="customer_ever_ordered",
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("binned_in__isnull", True)),
                fields=[
                    "manager",
                    "order_count",
                    "level",
                    "area",
                    "credit",
                    "state",
                    "industry",
                    "source",
                    "binned_in",
                ],
                name="customer_composition",
            ),
        ),
    ]
