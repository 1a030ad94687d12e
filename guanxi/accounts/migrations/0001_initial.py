import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import guanxi.kernel.fields
import guanxi.kernel.indexes
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="TryCount",
            fields=[
                ("key", models.CharField(max_length=200, primary_key=True, serialize=False)),
                ("used", models.PositiveIntegerField(default=0)),
                ("began_at", models.DateTimeField(db_index=True)),
                ("last_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="Version")),
                ("created_at", models.DateTimeField(editable=False, verbose_name="Created at")),
                ("updated_at", models.DateTimeField(editable=False, verbose_name="Updated at")),
                ("binned_in", models.BigIntegerField(editable=False, null=True)),
                ("username", models.CharField(max_length=40, verbose_name="User name")),
                ("real_name", models.CharField(max_length=40, verbose_name="Real name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="E-mail")),
                ("phone", guanxi.kernel.fields.PhoneField(blank=True, max_length=40, verbose_name="Phone")),
                ("is_active", models.BooleanField(default=True, verbose_name="Active")),
                ("must_change_password", models.BooleanField(default=False, editable=False)),
                ("language", models.CharField(blank=True, max_length=10, verbose_name="Language")),
                ("theme", models.CharField(blank=True, max_length=10, verbose_name="Theme")),
                ("last_sign_in", models.DateTimeField(editable=False, null=True, verbose_name="Last sign-in")),
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
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="access.department",
                        verbose_name="Department",
                    ),
                ),
                (
                    "leads",
                    models.ManyToManyField(
                        blank=True, related_name="leaders", to="access.department", verbose_name="Leads"
                    ),
                ),
                (
                    "roles",
                    models.ManyToManyField(blank=True, related_name="members", to="access.role", verbose_name="Roles"),
                ),
            ],
            options={
                "verbose_name": "User",
                "verbose_name_plural": "Users",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(django.db.models.functions.text.Lower("username"), name="user_username"),
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"),
                        condition=models.Q(("email", ""), _negated=True),
                        name="user_email",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20, verbose_name="Kind")),
                ("model", models.CharField(max_length=60)),
                ("record_id", models.BigIntegerField()),
                ("subject", models.CharField(max_length=200, verbose_name="Subject")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="Note")),
                ("at", models.DateTimeField(verbose_name="Time")),
                ("read_at", models.DateTimeField(null=True, verbose_name="Read at")),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "Notification",
                "verbose_name_plural": "Notifications",
                "indexes": [
                    models.Index(fields=["user", "-id"], name="notice_user"),
                    models.Index(condition=models.Q(("read_at", None)), fields=["user", "kind"], name="notice_unread"),
                    models.Index(fields=["record_id", "kind"], name="notice_record"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key_hash", models.CharField(max_length=64, unique=True)),
                ("data", models.TextField()),
                ("expires_at", models.DateTimeField(db_index=True, verbose_name="Expires at")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="Signed in at")),
                ("last_seen", models.DateTimeField(default=django.utils.timezone.now, verbose_name="Last seen")),
                ("address", models.CharField(blank=True, max_length=45, verbose_name="Address")),
                ("agent", models.CharField(blank=True, max_length=300, verbose_name="Browser")),
                ("remembered", models.BooleanField(default=False, verbose_name="Remembered")),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="User",
                    ),
                ),
            ],
            options={
                "verbose_name": "Session",
                "verbose_name_plural": "Online sessions",
                "indexes": [guanxi.kernel.indexes.SortIndex(fields=["-last_seen", "-id"], name="session_seen")],
            },
        ),
        migrations.CreateModel(
            name="SignIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("username", models.CharField(max_length=150, verbose_name="User name as typed")),
                ("at", models.DateTimeField(verbose_name="Time")),
                ("address", models.CharField(blank=True, max_length=45, verbose_name="Address")),
                ("agent", models.CharField(blank=True, max_length=300, verbose_name="Browser")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("success", "Signed in"),
                            ("wrong", "Wrong name or password"),
                            ("disabled", "Disabled user"),
                            ("slowed", "Too fast"),
                            ("stopped", "Too many failures"),
                        ],
                        max_length=10,
                        verbose_name="Result",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="User",
                    ),
                ),
            ],
            options={
                "verbose_name": "Sign-in log",
                "verbose_name_plural": "Sign-in log",
                "indexes": [
                    guanxi.kernel.indexes.SortIndex(fields=["-at", "-id"], name="signin_at"),
                    guanxi.kernel.indexes.SortIndex(fields=["user", "-at", "-id"], name="signin_user"),
                ],
            },
        ),
    ]
