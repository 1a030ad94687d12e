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
            name="ServiceTicket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="Version")),
                ("created_at", models.DateTimeField(editable=False, verbose_name="Created at")),
                ("updated_at", models.DateTimeField(editable=False, verbose_name="Updated at")),
                ("binned_in", models.BigIntegerField(editable=False, null=True)),
                ("number", models.CharField(editable=False, max_length=40, unique=True, verbose_name="Number")),
                ("overview", models.CharField(max_length=300, verbose_name="Overview")),
                ("request_text", models.TextField(max_length=2000, verbose_name="Request")),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("created", "Created"),
                            ("assigned", "Being handled"),
                            ("processed", "Handled"),
                            ("fed_back", "Fed back"),
                            ("archived", "Archived"),
                        ],
                        default="created",
                        editable=False,
                        max_length=10,
                        verbose_name="Step",
                    ),
                ),
                ("assigned_at", models.DateTimeField(editable=False, null=True, verbose_name="Assigned at")),
                ("assign_by", models.DateTimeField(editable=False, null=True, verbose_name="Assign by")),
                ("handle_by", models.DateTimeField(editable=False, null=True, verbose_name="Handle by")),
                ("handling", models.TextField(blank=True, editable=False, max_length=2000, verbose_name="Handling")),
                ("handled_at", models.DateTimeField(editable=False, null=True, verbose_name="Handled at")),
                ("result", models.CharField(blank=True, editable=False, max_length=500, verbose_name="Result")),
                (
                    "satisfaction",
                    models.PositiveSmallIntegerField(
                        editable=False,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="Satisfaction",
                    ),
                ),
                ("fed_back_at", models.DateTimeField(editable=False, null=True, verbose_name="Fed back at")),
                ("archived_at", models.DateTimeField(editable=False, null=True, verbose_name="Archived at")),
                (
                    "archive_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="Reason of archiving"),
                ),
                (
                    "low_rounds",
                    models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="Rounds without success"),
                ),
                (
                    "assigned_to",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Handler",
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
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="customers.customer",
                        verbose_name="Customer",
                    ),
                ),
                (
                    "handled_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Handled by",
                    ),
                ),
                (
                    "kind",
                    guanxi.dictionary.fields.DictionaryField(
                        "service_type", blank=True, null=True, verbose_name="Type"
                    ),
                ),
            ],
            options={
                "verbose_name": "Service ticket",
                "verbose_name_plural": "Service tickets",
                "indexes": [
                    models.Index(
                        condition=models.Q(("binned_in__isnull", False)),
                        fields=["-binned_in", "-id"],
                        name="ticket_bin",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["-created_at", "-id"],
                        name="ticket_created",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["assigned_to", "-created_at", "-id"],
                        name="ticket_assigned_to",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["created_by", "-created_at", "-id"],
                        name="ticket_created_by",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["step", "-created_at", "-id"],
                        name="ticket_step",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["-handle_by", "-id"],
                        name="ticket_handle_by",
                    ),
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["-archived_at", "-id"],
                        name="ticket_archived",
                    ),
                    models.Index(fields=["customer", "-created_at", "-id"], name="ticket_customer"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("overview", ""), _negated=True), models.Q(("request_text", ""), _negated=True)
                        ),
                        name="ticket_says_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("satisfaction__isnull", True), ("satisfaction__range", (1, 5)), _connector="OR"
                        ),
                        name="ticket_satisfaction",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("assigned_at__isnull", True), ("assigned_to__isnull", True), ("step", "created")),
                            models.Q(
                                models.Q(("step", "created"), _negated=True),
                                ("assigned_at__isnull", False),
                                ("assigned_to__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="ticket_assigned_when_handled",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("step__in", ["created", "assigned"]),
                            models.Q(("handled_at__isnull", False), ("handled_by__isnull", False)),
                            models.Q(("low_rounds__gt", 0), ("step", "archived")),
                            _connector="OR",
                        ),
                        name="ticket_handled_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("step", "fed_back"), _negated=True),
                            models.Q(("fed_back_at__isnull", False), ("satisfaction__gte", 3)),
                            _connector="OR",
                        ),
                        name="ticket_fed_back_with_stars",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("archived_at__isnull", False), ("step", "archived")),
                            models.Q(models.Q(("step", "archived"), _negated=True), ("archived_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="ticket_archived_at_its_end",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ServiceRound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="Version")),
                ("created_at", models.DateTimeField(editable=False, verbose_name="Created at")),
                ("updated_at", models.DateTimeField(editable=False, verbose_name="Updated at")),
                ("binned_in", models.BigIntegerField(editable=False, null=True)),
                ("handling", models.TextField(max_length=2000, verbose_name="Handling")),
                ("handled_at", models.DateTimeField(verbose_name="Handled at")),
                ("result", models.CharField(blank=True, max_length=500, verbose_name="Result")),
                ("satisfaction", models.PositiveSmallIntegerField(null=True, verbose_name="Satisfaction")),
                ("return_reason", models.CharField(blank=True, max_length=300, verbose_name="Reason of return")),
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
                        related_name="+",
                        to="customers.customer",
                        verbose_name="Customer",
                    ),
                ),
                (
                    "handled_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Handled by",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="service.serviceticket",
                        verbose_name="Service ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "Round",
                "verbose_name_plural": "Rounds",
                "indexes": [
                    models.Index(
                        condition=models.Q(("binned_in__isnull", True), ("satisfaction__isnull", False)),
                        fields=["customer", "-created_at", "-id"],
                        name="round_feedback",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("return_reason", ""), ("satisfaction__range", (1, 5))),
                            models.Q(("satisfaction__isnull", True), models.Q(("return_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="round_stars_or_reason",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="Version")),
                ("created_at", models.DateTimeField(editable=False, verbose_name="Created at")),
                ("updated_at", models.DateTimeField(editable=False, verbose_name="Updated at")),
                ("binned_in", models.BigIntegerField(editable=False, null=True)),
                ("day", models.DateField(verbose_name="Date")),
                ("works", models.BooleanField(default=False, verbose_name="Working day")),
                ("note", models.CharField(blank=True, max_length=60, verbose_name="Note")),
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
                "verbose_name": "Calendar day",
                "verbose_name_plural": "Working calendar",
                "indexes": [
                    guanxi.kernel.indexes.SortIndex(
                        condition=models.Q(("binned_in__isnull", True)),
                        fields=["-day", "-id"],
                        name="calendar_day_order",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("binned_in__isnull", True)), fields=("day",), name="calendar_day_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ServiceTarget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="Version")),
                ("created_at", models.DateTimeField(editable=False, verbose_name="Created at")),
                ("updated_at", models.DateTimeField(editable=False, verbose_name="Updated at")),
                ("binned_in", models.BigIntegerField(editable=False, null=True)),
                (
                    "response_hours",
                    models.DecimalField(
                        decimal_places=1,
                        max_digits=6,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="Hours until assigned",
                    ),
                ),
                (
                    "handling_hours",
                    models.DecimalField(
                        decimal_places=1,
                        max_digits=6,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="Hours until handled",
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
                    "kind",
                    guanxi.dictionary.fields.DictionaryField(
                        "service_type", blank=True, null=True, verbose_name="Type"
                    ),
                ),
            ],
            options={
                "verbose_name": "Service target",
                "verbose_name_plural": "Service targets",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("binned_in__isnull", True)), fields=("kind",), name="target_of_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("handling_hours__gt", 0), ("response_hours__gt", 0)), name="target_hours"
                    ),
                ],
            },
        ),
    ]
