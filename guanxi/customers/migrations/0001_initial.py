import django.core.validators
import django.db.models.deletion
import guanxi.customers.models.order
import guanxi.dictionary.fields
import guanxi.kernel.fields
import guanxi.kernel.indexes
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("dictionary", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Customer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="Version")),
                ("created_at", models.DateTimeField(editable=False, verbose_name="Created at")),
                ("updated_at", models.DateTimeField(editable=False, verbose_name="Updated at")),
                ("binned_in", models.BigIntegerField(editable=False, null=True)),
                ("number", models.CharField(editable=False, max_length=40, unique=True, verbose_name="Number")),
                ("name", models.CharField(max_length=100, verbose_name="Name")),
                ("name_key", models.CharField(editable=False, max_length=400)),
                ("since", models.DateField(blank=True, null=True, verbose_name="Customer since")),
                (
                    "credit",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="Credit",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("normal", "Normal"), ("at_risk", "At risk"), ("lost", "Churned")],
                        default="normal",
                        editable=False,
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                (
                    "managed_since",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="Manager since"),
                ),
                ("returned_at", models.DateTimeField(editable=False, null=True, verbose_name="Returned at")),
                (
                    "return_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="Reason of return"),
                ),
                ("phone", guanxi.kernel.fields.PhoneField(blank=True, max_length=40, verbose_name="Phone")),
                ("fax", guanxi.kernel.fields.PhoneField(blank=True, max_length=40, verbose_name="Fax")),
                (
                    "website",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[
                            django.core.validators.RegexValidator(
                                "(?i)^(https?://)?[^\\s/:.]+(\\.[^\\s/:.]+)+(:\\d+)?(/\\S*)?$",
                                "This is not a web address.",
                            )
                        ],
                        verbose_name="Website",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=500, verbose_name="Address")),
                ("post_code", models.CharField(blank=True, max_length=20, verbose_name="Post code")),
                (
                    "licence_number",
                    models.CharField(blank=True, max_length=50, verbose_name="Credit code or licence number"),
                ),
                (
                    "legal_representative",
                    models.CharField(blank=True, max_length=100, verbose_name="Legal representative"),
                ),
                (
                    "registered_capital",
                    guanxi.kernel.fields.MoneyField(blank=True, null=True, verbose_name="Registered capital"),
                ),
                (
                    "annual_turnover",
                    guanxi.kernel.fields.MoneyField(blank=True, null=True, verbose_name="Annual turnover"),
                ),
                ("bank", guanxi.kernel.fields.BankField(blank=True, max_length=100, verbose_name="Bank")),
                (
                    "bank_account",
                    guanxi.kernel.fields.BankField(blank=True, max_length=50, verbose_name="Bank account"),
                ),
                ("tax_number", models.CharField(blank=True, max_length=50, verbose_name="Tax number")),
                (
                    "local_tax_number",
                    models.CharField(blank=True, max_length=50, verbose_name="Local tax number (before 2018)"),
                ),
                (
                    "national_tax_number",
                    models.CharField(blank=True, max_length=50, verbose_name="National tax number (before 2018)"),
                ),
                (
                    "satisfaction",
                    models.DecimalField(
                        decimal_places=2, editable=False, max_digits=3, null=True, verbose_name="Satisfaction"
                    ),
                ),
                ("order_count", models.PositiveIntegerField(default=0, editable=False, verbose_name="Orders")),
                ("last_ordered_at", models.DateField(editable=False, null=True, verbose_name="Last order")),
                ("paid_count", models.PositiveIntegerField(default=0, editable=False, verbose_name="Paid orders")),
                (
                    "paid_total",
                    guanxi.kernel.fields.MoneyField(default=0, editable=False, verbose_name="Total of paid orders"),
                ),
                ("last_paid_at", models.DateField(editable=False, null=True, verbose_name="Last paid order")),
                ("received_total", guanxi.kernel.fields.MoneyField(default=0, editable=False, verbose_name="Received")),
                ("outstanding", guanxi.kernel.fields.MoneyField(default=0, editable=False, verbose_name="Outstanding")),
                (
                    "last_interaction_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="Last interaction"),
                ),
                ("next_follow_up", models.DateField(editable=False, null=True, verbose_name="Next follow-up")),
                ("last_touched_at", models.DateTimeField(editable=False, null=True, verbose_name="Last touched")),
                (
                    "area",
                    guanxi.dictionary.fields.DictionaryField(
                        "area", blank=True, db_index=False, null=True, verbose_name="Area"
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
                    "industry",
                    guanxi.dictionary.fields.DictionaryField(
                        "industry", blank=True, null=True, verbose_name="Industry"
                    ),
                ),
                (
                    "level",
                    guanxi.dictionary.fields.DictionaryField(
                        "customer_level", blank=True, db_index=False, null=True, verbose_name="Level"
                    ),
                ),
                (
                    "manager",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Manager",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.customer",
                        verbose_name="Merged into",
                    ),
                ),
                (
                    "previous_manager",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Previous manager",
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
                "verbose_name": "Customer",
                "verbose_name_plural": "Customers",
                "indexes": [
                    models.Index(
                        condition=models.Q(("binned_in__isnull", False)),
                        fields=["-binned_in", "-id"],
                        name="customer_bin",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["-created_at", "-id"],
                        name="customer_created",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["manager", "-created_at", "-id"],
                        name="customer_manager",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["manager", "-next_follow_up", "-id"],
                        name="customer_manager_follow_up",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["manager", "-last_touched_at", "-id"],
                        name="customer_manager_touched",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["state", "-created_at", "-id"],
                        name="customer_state",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["area", "-created_at", "-id"],
                        name="customer_area",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["level", "-created_at", "-id"],
                        name="customer_level",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["-paid_total", "-id"],
                        name="customer_paid_total",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["-last_paid_at", "-id"],
                        name="customer_last_paid",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["-last_interaction_at", "-id"],
                        name="customer_last_interaction",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["-next_follow_up", "-id"],
                        name="customer_next_follow_up",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["-last_touched_at", "-id"],
                        name="customer_last_touched",
                    ),
                    models.Index(
                        condition=models.Q(("phone", ""), _negated=True), fields=["phone"], name="customer_phone"
                    ),
                    models.Index(
                        condition=models.Q(("licence_number", ""), _negated=True),
                        fields=["licence_number"],
                        name="customer_licence",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=("name_key",),
                        name="customer_name_in_use",
                    ),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="customer_has_name"),
                    models.CheckConstraint(
                        condition=models.Q(("credit__isnull", True), ("credit__range", (1, 5)), _connector="OR"),
                        name="customer_credit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("satisfaction__isnull", True), ("satisfaction__range", (1, 5)), _connector="OR"
                        ),
                        name="customer_satisfaction",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["normal", "at_risk", "lost"])), name="customer_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("registered_capital__isnull", True), ("registered_capital__gte", 0), _connector="OR"
                        ),
                        name="customer_registered_capital",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("annual_turnover__isnull", True), ("annual_turnover__gte", 0), _connector="OR"
                        ),
                        name="customer_annual_turnover",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="Version")),
                ("created_at", models.DateTimeField(editable=False, verbose_name="Created at")),
                ("updated_at", models.DateTimeField(editable=False, verbose_name="Updated at")),
                ("binned_in", models.BigIntegerField(editable=False, null=True)),
                ("name", models.CharField(max_length=100, verbose_name="Full name")),
                (
                    "sex",
                    models.CharField(
                        blank=True, choices=[("male", "Male"), ("female", "Female")], max_length=6, verbose_name="Sex"
                    ),
                ),
                ("position", models.CharField(blank=True, max_length=100, verbose_name="Position")),
                (
                    "office_phone",
                    guanxi.kernel.fields.PhoneField(blank=True, max_length=40, verbose_name="Office phone"),
                ),
                ("mobile", guanxi.kernel.fields.PhoneField(blank=True, max_length=40, verbose_name="Mobile")),
                ("wechat", models.CharField(blank=True, max_length=60, verbose_name="WeChat")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="E-mail")),
                ("is_primary", models.BooleanField(default=False, verbose_name="Primary contact")),
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="customers.customer",
                        verbose_name="Customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "Contact",
                "verbose_name_plural": "Contacts",
                "indexes": [
                    models.Index(
                        condition=models.Q(("binned_in__isnull", False)),
                        fields=["-binned_in", "-id"],
                        name="contact_bin",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["-created_at", "-id"],
                        name="contact_created",
                    ),
                    models.Index(
                        condition=models.Q(("mobile", ""), _negated=True), fields=["mobile"], name="contact_mobile"
                    ),
                    models.Index(
                        condition=models.Q(("office_phone", ""), _negated=True),
                        fields=["office_phone"],
                        name="contact_office_phone",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("binned_in__isnull", True), ("is_primary", True)),
                        fields=("customer",),
                        name="contact_one_primary",
                    ),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="contact_has_name"),
                    models.CheckConstraint(condition=models.Q(("sex__in", ["", "male", "female"])), name="contact_sex"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Interaction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="Version")),
                ("created_at", models.DateTimeField(editable=False, verbose_name="Created at")),
                ("updated_at", models.DateTimeField(editable=False, verbose_name="Updated at")),
                ("binned_in", models.BigIntegerField(editable=False, null=True)),
                ("happened_at", models.DateTimeField(verbose_name="Time")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("call", "Phone call"),
                            ("visit", "Visit"),
                            ("wechat", "WeChat"),
                            ("meeting", "Meeting"),
                            ("email", "E-mail message"),
                        ],
                        default="call",
                        max_length=10,
                        verbose_name="Way of contact",
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=500, verbose_name="Place")),
                ("overview", models.CharField(max_length=1000, verbose_name="Overview")),
                ("next_follow_up", models.DateField(blank=True, null=True, verbose_name="Next follow-up")),
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
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interactions",
                        to="customers.customer",
                        verbose_name="Customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "Interaction",
                "verbose_name_plural": "Interactions",
                "indexes": [
                    models.Index(
                        condition=models.Q(("binned_in__isnull", False)),
                        fields=["-binned_in", "-id"],
                        name="interaction_bin",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["-happened_at", "-id"],
                        name="interaction_happened",
                    ),
                    models.Index(fields=["customer", "-happened_at", "-id"], name="interaction_customer"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("overview", ""), _negated=True), name="interaction_has_overview"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["call", "visit", "wechat", "meeting", "email"])),
                        name="interaction_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="Version")),
                ("created_at", models.DateTimeField(editable=False, verbose_name="Created at")),
                ("updated_at", models.DateTimeField(editable=False, verbose_name="Updated at")),
                ("binned_in", models.BigIntegerField(editable=False, null=True)),
                ("number", models.CharField(editable=False, max_length=40, unique=True, verbose_name="Order number")),
                ("ordered_at", models.DateField(verbose_name="Order date")),
                ("address", models.CharField(blank=True, max_length=500, verbose_name="Delivery address")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unpaid", "Unpaid"),
                            ("partly_paid", "Partly paid"),
                            ("paid", "Paid"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="unpaid",
                        editable=False,
                        max_length=12,
                        verbose_name="State",
                    ),
                ),
                ("total", guanxi.kernel.fields.MoneyField(default=0, editable=False, verbose_name="Total")),
                ("paid", guanxi.kernel.fields.MoneyField(default=0, editable=False, verbose_name="Paid")),
                ("paid_at", models.DateField(editable=False, null=True, verbose_name="Paid on")),
                (
                    "cancel_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="Reason of cancellation"),
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
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="customers.customer",
                        verbose_name="Customer",
                    ),
                ),
                (
                    "salesperson",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Salesperson",
                    ),
                ),
            ],
            options={
                "verbose_name": "Order",
                "verbose_name_plural": "Orders",
                "indexes": [
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["-created_at", "-id"],
                        name="order_created",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["-ordered_at", "-id"],
                        name="order_ordered",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)), fields=["-total", "-id"], name="order_total"
                    ),
                    models.Index(fields=["customer", "-ordered_at", "-id"], name="order_customer"),
                    models.Index(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["ordered_at", "state", "customer", "total"],
                        name="order_contribution",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["unpaid", "partly_paid", "paid", "cancelled"])),
                        name="order_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("paid__gte", 0), ("paid__lte", models.F("total"))),
                        name="order_paid_within_total",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "paid"), _negated=True),
                            models.Q(("paid", models.F("total")), ("paid_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="order_paid_in_full",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["unpaid", "cancelled"]), _negated=True),
                            ("paid", 0),
                            _connector="OR",
                        ),
                        name="order_unpaid_keeps_no_money",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "partly_paid"), _negated=True),
                            models.Q(("paid__gt", 0), ("paid__lt", models.F("total"))),
                            _connector="OR",
                        ),
                        name="order_partly_paid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "paid"), ("paid_at__isnull", True), _connector="OR"),
                        name="order_paid_at_when_paid",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="Version")),
                ("created_at", models.DateTimeField(editable=False, verbose_name="Created at")),
                ("updated_at", models.DateTimeField(editable=False, verbose_name="Updated at")),
                ("binned_in", models.BigIntegerField(editable=False, null=True)),
                ("goods", models.CharField(max_length=200, verbose_name="Goods")),
                ("quantity", models.DecimalField(decimal_places=3, max_digits=14, verbose_name="Quantity")),
                ("unit", models.CharField(blank=True, max_length=20, verbose_name="Unit")),
                (
                    "unit_price",
                    guanxi.customers.models.order.PriceField(
                        decimal_places=6, max_digits=18, verbose_name="Unit price"
                    ),
                ),
                ("discount", guanxi.kernel.fields.MoneyField(blank=True, default=0, verbose_name="Discount")),
                ("amount", guanxi.kernel.fields.MoneyField(editable=False, verbose_name="Amount")),
                ("position", models.PositiveIntegerField(default=0, editable=False, verbose_name="Sequence")),
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
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="customers.order",
                        verbose_name="Order",
                    ),
                ),
            ],
            options={
                "verbose_name": "Order line",
                "verbose_name_plural": "Order lines",
                "ordering": ["position", "id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("goods", ""), _negated=True), name="line_has_goods"),
                    models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="line_quantity"),
                    models.CheckConstraint(condition=models.Q(("unit_price__gte", 0)), name="line_unit_price"),
                    models.CheckConstraint(condition=models.Q(("discount__gte", 0)), name="line_discount"),
                    models.CheckConstraint(condition=models.Q(("amount__gte", 0)), name="line_amount"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="Version")),
                ("created_at", models.DateTimeField(editable=False, verbose_name="Created at")),
                ("updated_at", models.DateTimeField(editable=False, verbose_name="Updated at")),
                ("binned_in", models.BigIntegerField(editable=False, null=True)),
                ("paid_at", models.DateField(verbose_name="Date")),
                ("amount", guanxi.kernel.fields.MoneyField(verbose_name="Amount")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="Note")),
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
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="customers.customer",
                        verbose_name="Customer",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="customers.order",
                        verbose_name="Order",
                    ),
                ),
                (
                    "way",
                    guanxi.dictionary.fields.DictionaryField(
                        "payment_way", blank=True, null=True, verbose_name="Way of payment"
                    ),
                ),
            ],
            options={
                "verbose_name": "Payment",
                "verbose_name_plural": "Payments",
                "indexes": [
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["-created_at", "-id"],
                        name="payment_created",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)), fields=["-paid_at", "-id"], name="payment_paid"
                    ),
                    models.Index(fields=["customer", "-paid_at", "-id"], name="payment_customer"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount", 0), _negated=True), name="payment_has_amount")
                ],
            },
        ),
    ]
