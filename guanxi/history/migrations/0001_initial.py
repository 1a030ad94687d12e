import django.core.serializers.json
import django.db.models.deletion
import guanxi.kernel.indexes
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Stamp",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="ChangeSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("verb", models.CharField(max_length=60, verbose_name="Verb")),
                ("at", models.DateTimeField(verbose_name="Time")),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("page", "Page"),
                            ("api", "API"),
                            ("import", "Import"),
                            ("job", "Job"),
                            ("command", "Command"),
                        ],
                        max_length=10,
                        verbose_name="Way",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=45, verbose_name="Address")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="Reason")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("done", "Done"),
                            ("undone", "Undone"),
                            ("refused", "Refused"),
                            ("loaded", "Loaded in bulk"),
                        ],
                        default="done",
                        max_length=10,
                        verbose_name="Result",
                    ),
                ),
                ("subject_model", models.CharField(blank=True, max_length=60)),
                ("subject_id", models.BigIntegerField(null=True)),
                ("subject", models.CharField(blank=True, max_length=200, verbose_name="Subject")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="User",
                    ),
                ),
                (
                    "undoes",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="history.changeset"
                    ),
                ),
            ],
            options={
                "verbose_name": "Operation log",
                "verbose_name_plural": "Operation log",
                "indexes": [
                    guanxi.kernel.indexes.SortIndex(fields=["-at", "-id"], name="changeset_at"),
                    guanxi.kernel.indexes.SortIndex(fields=["by", "-at", "-id"], name="changeset_by"),
                    models.Index(fields=["subject_model", "subject_id"], name="changeset_subject"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("model", models.CharField(max_length=60)),
                ("record_id", models.BigIntegerField()),
                ("label", models.CharField(max_length=200)),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("create", "Newly created"),
                            ("update", "Changed"),
                            ("bin", "Moved to the bin"),
                            ("restore", "Restored"),
                        ],
                        max_length=10,
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("before", models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ("after", models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                (
                    "change_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="history.changeset"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["model", "record_id", "id"], name="change_record")],
            },
        ),
    ]
