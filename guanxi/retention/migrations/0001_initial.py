import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import guanxi.dictionary.fields
import guanxi.kernel.indexes
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("customers", "0001_initial"),
        ("dictionary", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="LossCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="Version")),
                ("created_at", models.DateTimeField(editable=False, verbose_name="Created at")),
                ("updated_at", models.DateTimeField(editable=False, verbose_name="Updated at")),
                ("binned_in", models.BigIntegerField(editable=False, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "On hold"), ("confirmed", "Loss confirmed"), ("won_back", "Won back")],
                        default="open",
                        editable=False,
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                ("opened_on", models.DateField(editable=False, verbose_name="Opened on")),
                ("last_paid_at", models.DateField(editable=False, null=True, verbose_name="Last paid order")),
                ("never_ordered", models.BooleanField(default=False, editable=False, verbose_name="Never ordered")),
                ("months", models.PositiveSmallIntegerField(editable=False, verbose_name="Months of the rule")),
                ("note", models.CharField(blank=True, editable=False, max_length=500, verbose_name="Note")),
                ("confirmed_at", models.DateTimeField(editable=False, null=True, verbose_name="Confirmed at")),
                ("won_back_at", models.DateTimeField(editable=False, null=True, verbose_name="Won back at")),
                (
                    "won_back_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="How it was won back"),
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
                (
                    "customer",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="loss_cases",
                        to="customers.customer",
                        verbose_name="Customer",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Owner",
                    ),
                ),
                (
                    "reason",
                    guanxi.dictionary.fields.DictionaryField(
                        "loss_reason", blank=True, editable=False, null=True, verbose_name="Reason of churn"
                    ),
                ),
                (
                    "won_back_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.order",
                        verbose_name="Won back by",
                    ),
                ),
            ],
            options={
                "verbose_name": "Loss case",
                "verbose_name_plural": "Loss cases",
                "indexes": [
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["-created_at", "-id"],
                        name="case_created",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["owner", "-created_at", "-id"],
                        name="case_owner",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["state", "-created_at", "-id"],
                        name="case_state",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["-last_paid_at", "-id"],
                        name="case_last_paid",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["-confirmed_at", "-id"],
                        name="case_confirmed",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("binned_in__isnull", True), ("state__in", ["open", "confirmed"])),
                        fields=("customer",),
                        name="case_one_standing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "confirmed"), _negated=True),
                            models.Q(("confirmed_at__isnull", False), ("reason__isnull", False)),
                            _connector="OR",
                        ),
                        name="case_confirmed_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "won_back"),
                                ("won_back_at__isnull", False),
                                models.Q(
                                    ("won_back_by__isnull", False),
                                    models.Q(("won_back_reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            models.Q(
                                models.Q(("state", "won_back"), _negated=True),
                                ("won_back_at__isnull", True),
                                ("won_back_by__isnull", True),
                                ("won_back_reason", ""),
                            ),
                            _connector="OR",
                        ),
                        name="case_won_back_by_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("never_ordered", False), ("last_paid_at__isnull", True), _connector="OR"),
                        name="case_never_ordered",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LossScan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_index=True, verbose_name="Time")),
                ("dry_run", models.BooleanField(default=False, verbose_name="Dry run")),
                ("opened", models.PositiveIntegerField(default=0, verbose_name="Opened")),
                (
                    "skipped",
                    models.JSONField(
                        default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name="Skipped"
                    ),
                ),
                ("seconds", models.FloatField(default=0, verbose_name="Seconds")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Started by",
                    ),
                ),
            ],
            options={
                "verbose_name": "Loss scan",
                "verbose_name_plural": "Loss scans",
            },
        ),
        migrations.CreateModel(
            name="LossThreshold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="Version")),
                ("created_at", models.DateTimeField(editable=False, verbose_name="Created at")),
                ("updated_at", models.DateTimeField(editable=False, verbose_name="Updated at")),
                ("binned_in", models.BigIntegerField(editable=False, null=True)),
                (
                    "months",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)], verbose_name="Months"
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
                (
                    "level",
                    guanxi.dictionary.fields.DictionaryField(
                        "customer_level", blank=True, null=True, verbose_name="Level"
                    ),
                ),
            ],
            options={
                "verbose_name": "Loss threshold",
                "verbose_name_plural": "Loss thresholds",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("binned_in__isnull", True)), fields=("level",), name="threshold_of_level"
                    ),
                    models.CheckConstraint(condition=models.Q(("months__range", (1, 120))), name="threshold_months"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReprieveMeasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="Version")),
                ("created_at", models.DateTimeField(editable=False, verbose_name="Created at")),
                ("updated_at", models.DateTimeField(editable=False, verbose_name="Updated at")),
                ("binned_in", models.BigIntegerField(editable=False, null=True)),
                ("measure", models.CharField(max_length=500, verbose_name="Measure")),
                ("planned_on", models.DateField(blank=True, null=True, verbose_name="Planned date")),
                ("outcome", models.CharField(blank=True, max_length=500, verbose_name="Outcome")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measures",
                        to="retention.losscase",
                        verbose_name="Loss case",
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
                "verbose_name": "Reprieve measure",
                "verbose_name_plural": "Reprieve measures",
                "indexes": [
                    models.Index(
                        condition=models.Q(("binned_in__isnull", False)),
                        fields=["-binned_in", "-id"],
                        name="measure_bin",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["-created_at", "-id"],
                        name="measure_created",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["-planned_on", "-id"],
                        name="measure_planned",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("measure", ""), _negated=True), name="measure_says_what")
                ],
            },
        ),
    ]
