import guanxi.kernel.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("marketing", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="salechance",
            index=guanxi.kernel.indexes.SortIndex(
                condition=models.Q(("binned_in__isnull", True)), fields=["-closed_at", "-id"], name="chance_closed"
            ),
        ),
    ]
