import django.core.validators
import django.db.models.deletion
import guanxi.dictionary.fields
import guanxi.kernel.fields
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
            name="SaleChance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="Version")),
                ("created_at", models.DateTimeField(editable=False, verbose_name="Created at")),
                ("updated_at", models.DateTimeField(editable=False, verbose_name="Updated at")),
                ("binned_in", models.BigIntegerField(editable=False, null=True)),
                ("number", models.CharField(editable=False, max_length=40, unique=True, verbose_name="Number")),
                ("customer_name", models.CharField(max_length=100, verbose_name="Customer name")),
                (
                    "success_rate",
                    models.PositiveSmallIntegerField(
                        default=50,
                        validators=[django.core.validators.MaxValueValidator(100, "A success rate is 0 to 100.")],
                        verbose_name="Success rate",
                    ),
                ),
                (
                    "expected_amount",
                    guanxi.kernel.fields.MoneyField(blank=True, null=True, verbose_name="Expected amount"),
                ),
                ("expected_on", models.DateField(blank=True, null=True, verbose_name="Expected closing date")),
                ("summary", models.CharField(blank=True, max_length=300, verbose_name="Summary")),
                ("description", models.TextField(blank=True, max_length=1000, verbose_name="Description")),
                ("contact_name", models.CharField(max_length=100, verbose_name="Contact")),
                ("contact_phone", guanxi.kernel.fields.PhoneField(blank=True, max_length=40, verbose_name="Phone")),
                ("contact_wechat", models.CharField(blank=True, max_length=60, verbose_name="WeChat")),
                ("contact_email", models.EmailField(blank=True, max_length=254, verbose_name="E-mail")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("new", "Not developed"),
                            ("developing", "In development"),
                            ("won", "Won"),
                            ("lost", "Lost"),
                        ],
                        default="new",
                        editable=False,
                        max_length=12,
                        verbose_name="Stage",
                    ),
                ),
                ("assigned_at", models.DateTimeField(editable=False, null=True, verbose_name="Assigned at")),
                (
                    "lose_note",
                    models.CharField(blank=True, editable=False, max_length=500, verbose_name="Note on the loss"),
                ),
                ("closed_at", models.DateTimeField(editable=False, null=True, verbose_name="Closed at")),
                (
                    "assigned_to",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Assigned to",
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
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="chances",
                        to="customers.customer",
                        verbose_name="Customer",
                    ),
                ),
                (
                    "lose_reason",
                    guanxi.dictionary.fields.DictionaryField(
                        "lose_reason", blank=True, editable=False, null=True, verbose_name="Reason of loss"
                    ),
                ),
                (
                    "source",
                    guanxi.dictionary.fields.DictionaryField(
                        "chance_source", blank=True, null=True, verbose_name="Source"
                    ),
                ),
            ],
            options={
                "verbose_name": "Sale chance",
                "verbose_name_plural": "Sale chances",
                "indexes": [
                    models.Index(
                        condition=models.Q(("binned_in__isnull", False)),
                        fields=["-binned_in", "-id"],
                        name="chance_bin",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["-created_at", "-id"],
                        name="chance_created",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["assigned_to", "-created_at", "-id"],
                        name="chance_assigned_to",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["assigned_to", "stage", "-id"],
                        name="chance_assigned_stage",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["created_by", "-created_at", "-id"],
                        name="chance_created_by",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["stage", "-created_at", "-id"],
                        name="chance_stage",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["-success_rate", "-id"],
                        name="chance_success_rate",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["-expected_amount", "-id"],
                        name="chance_expected_amount",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["-expected_on", "-id"],
                        name="chance_expected_on",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["-assigned_at", "-id"],
                        name="chance_assigned_at",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("customer_name", ""), _negated=True), name="chance_has_customer_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("contact_name", ""), _negated=True), name="chance_has_contact"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("contact_email", ""), ("contact_phone", ""), ("contact_wechat", ""), _negated=True
                        ),
                        name="chance_contact_can_be_reached",
                        violation_error_message="Give a phone number, a WeChat name or an e-mail address.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("success_rate__range", (0, 100))), name="chance_success_rate_range"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expected_amount__isnull", True), ("expected_amount__gte", 0), _connector="OR"
                        ),
                        name="chance_expected_amount_sign",
                        violation_error_message="An expected amount is not negative.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("assigned_at__isnull", True), ("assigned_to__isnull", True), ("stage", "new")),
                            models.Q(
                                ("assigned_at__isnull", False),
                                ("assigned_to__isnull", False),
                                ("stage__in", ["developing", "won", "lost"]),
                            ),
                            _connector="OR",
                        ),
                        name="chance_assigned_when_developed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stage", "won"), _negated=True), ("customer__isnull", False), _connector="OR"
                        ),
                        name="chance_won_has_customer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stage", "lost"), _negated=True), ("lose_reason__isnull", False), _connector="OR"
                        ),
                        name="chance_lost_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", False), ("stage__in", ["won", "lost"])),
                            models.Q(("closed_at__isnull", True), ("stage__in", ["new", "developing"])),
                            _connector="OR",
                        ),
                        name="chance_closed_at_its_end",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DevelopmentPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="Version")),
                ("created_at", models.DateTimeField(editable=False, verbose_name="Created at")),
                ("updated_at", models.DateTimeField(editable=False, verbose_name="Updated at")),
                ("binned_in", models.BigIntegerField(editable=False, null=True)),
                ("item", models.CharField(max_length=100, verbose_name="Plan item")),
                ("planned_on", models.DateField(verbose_name="Planned date")),
                ("effect", models.CharField(blank=True, max_length=500, verbose_name="Effect")),
                ("done_at", models.DateTimeField(editable=False, null=True, verbose_name="Done at")),
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
                    "chance",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="marketing.salechance",
                        verbose_name="Sale chance",
                    ),
                ),
            ],
            options={
                "verbose_name": "Plan item",
                "verbose_name_plural": "Plan items",
                "indexes": [
                    models.Index(
                        condition=models.Q(("binned_in__isnull", False)), fields=["-binned_in", "-id"], name="plan_bin"
                    ),
                    models.Index(fields=["chance", "planned_on", "id"], name="plan_chance"),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["-planned_on", "-id"],
                        name="plan_planned_on",
                    ),
                    models.Index(
                        condition=models.Q(("binned_in__isnull", True), ("done_at__isnull", True)),
                        fields=["planned_on", "id"],
                        name="plan_open",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("item", ""), _negated=True), name="plan_has_item")
                ],
            },
        ),
    ]
