from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0007_find_by_folded_name")]

    operations = [
        migrations.AddIndex(
            model_name="orderline",
            index=models.Index(
                condition=models.Q(("binned_in__isnull", True)),
                fields=["goods", "order", "binned_in"],
                name="line_goods",
            ),
        ),
    ]
