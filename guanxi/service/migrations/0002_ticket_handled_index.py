import guanxi.kernel.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("service", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="serviceticket",
            index=guanxi.kernel.indexes.SortIndex(
                condition=models.Q(("binned_in__isnull", True)), fields=["-handled_at", "-id"], name="ticket_handled"
            ),
        ),
    ]
