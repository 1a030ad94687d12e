from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0006_composition_index"),
        ("dictionary", "0001_initial"),
        ("retention", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="losscase",
            index=models.Index(
                condition=models.Q(("won_back_at__isnull", False)), fields=["won_back_at"], name="case_won_back"
            ),
        ),
        migrations.AddIndex(
            model_name="losscase",
            index=models.Index(
                condition=models.Q(("binned_in__isnull", True)),
                fields=["state", "never_ordered", "owner", "binned_in"],
                name="case_standing",
            ),
        ),
    ]
