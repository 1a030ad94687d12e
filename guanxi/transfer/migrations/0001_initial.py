import django.core.serializers.json
import django.db.models.deletion
import guanxi.kernel.indexes
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("history", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Import",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="Version")),
                ("created_at", models.DateTimeField(editable=False, verbose_name="Created at")),
                ("updated_at", models.DateTimeField(editable=False, verbose_name="Updated at")),
                ("binned_in", models.BigIntegerField(editable=False, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("customers", "Customers"), ("contacts", "Contacts"), ("orders", "Orders")],
                        max_length=10,
                        verbose_name="Kind of rows",
                    ),
                ),
                ("filename", models.CharField(max_length=200, verbose_name="File")),
                ("path", models.CharField(blank=True, editable=False, max_length=500)),
                ("size", models.BigIntegerField(default=0, editable=False, verbose_name="Size")),
                ("head_row", models.PositiveIntegerField(default=1, editable=False)),
                ("headings", models.JSONField(default=list, editable=False)),
                ("mapping", models.JSONField(default=dict, editable=False)),
                (
                    "duplicates",
                    models.CharField(
                        choices=[
                            ("skip", "Skip them: what is there stays as it is"),
                            ("update", "Update what is there with the filled cells of the file"),
                            ("refuse", "Refuse them, among the rows at fault"),
                        ],
                        default="skip",
                        editable=False,
                        max_length=10,
                        verbose_name="Duplicates",
                    ),
                ),
                ("pooled", models.BooleanField(default=False, editable=False)),
                ("language", models.CharField(blank=True, editable=False, max_length=10)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "Columns to match"),
                            ("checking", "Being checked"),
                            ("checked", "To be confirmed"),
                            ("running", "Being imported"),
                            ("done", "Imported"),
                            ("failed", "Stopped"),
                        ],
                        default="uploaded",
                        editable=False,
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                ("fault", models.CharField(blank=True, editable=False, max_length=500)),
                ("position", models.BigIntegerField(default=0, editable=False)),
                ("total", models.BigIntegerField(default=0, editable=False, verbose_name="Rows")),
                ("created", models.BigIntegerField(default=0, editable=False, verbose_name="Added")),
                ("updated", models.BigIntegerField(default=0, editable=False, verbose_name="Updated")),
                ("skipped", models.BigIntegerField(default=0, editable=False, verbose_name="Skipped")),
                ("refused", models.BigIntegerField(default=0, editable=False, verbose_name="Refused")),
                ("duplicate_rows", models.JSONField(default=list, editable=False)),
                ("finished_at", models.DateTimeField(editable=False, null=True, verbose_name="Finished at")),
                (
                    "change_set",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="history.changeset",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Created by",
                    ),
                ),
            ],
            options={
                "verbose_name": "Import",
                "verbose_name_plural": "Imports",
                "indexes": [
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["-created_at", "-id"],
                        name="import_created",
                    ),
                    models.Index(
                        condition=models.Q(("path", ""), _negated=True), fields=["created_at"], name="import_with_file"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["customers", "contacts", "orders"])), name="import_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["uploaded", "checking", "checked", "running", "done", "failed"])
                        ),
                        name="import_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RefusedRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.BigIntegerField()),
                ("cells", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ("reason", models.CharField(max_length=1000)),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="refusals", to="transfer.import"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["of", "number"], name="refused_row")],
            },
        ),
    ]
