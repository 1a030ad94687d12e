"""Users: who may work here; where they are signed in, and who tried to."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.access.models import Department, Role
from guanxi.access.reach import reach_of
from guanxi.kernel.fields import FieldClass, PhoneField
from guanxi.kernel.indexes import SortIndex
from guanxi.kernel.records import Record, RecordQuerySet
from guanxi.search.registry import searchable


class UserQuerySet(RecordQuerySet):
    """Rows of users: colleagues know each other by name; the administration page has its own right."""

    shared = True

    def visible_to(self, user: Any) -> "UserQuerySet":
        """All users in use."""
        return self.in_use()

    def binned_visible_to(self, user: Any) -> "UserQuerySet":
        """All users in the bin."""
        return self.filter(binned_in__isnull=False)

    def named(self, name: str) -> "UserQuerySet":
        """The user in use of this user name or e-mail, whatever its case; the one of this user name comes first."""
        own = models.Q(username__iexact=name)
        known = own | (models.Q(email__iexact=name) & ~models.Q(email=""))
        return self.in_use().filter(known).order_by(models.Case(models.When(own, then=0), default=1), "pk")

    def holding(self, permission: str) -> "UserQuerySet":
        """Active users who hold a permission."""
        held = models.Q(roles__holds_all=True) | models.Q(
            roles__grants__permission=permission, roles__grants__binned_in__isnull=True
        )
        return self.in_use().filter(held, is_active=True, roles__binned_in__isnull=True).distinct()


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]  # a base made as it runs
    """Finds users by their name, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> Any:
        """The user of this name."""
        return self.get(username__iexact=username)


class User(AbstractBaseUser, Record):
    """A person who signs in."""

    last_login = None

    username = models.CharField(_("User name"), max_length=40)
    real_name = models.CharField(_("Real name"), max_length=40)
    email = models.EmailField(_("E-mail"), blank=True)
    phone = PhoneField(_("Phone"), blank=True)
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("Department"),
    )
    leads = models.ManyToManyField(Department, blank=True, related_name="leaders", verbose_name=_("Leads"))
    roles = models.ManyToManyField(Role, blank=True, related_name="members", verbose_name=_("Roles"))
    is_active = models.BooleanField(_("Active"), default=True)
    must_change_password = models.BooleanField(default=False, editable=False)
    language = models.CharField(_("Language"), max_length=10, blank=True)
    theme = models.CharField(_("Theme"), max_length=10, blank=True)
    density = models.CharField(_("Density"), max_length=10, blank=True)
    time_zone = models.CharField(_("Time zone"), max_length=60, blank=True)
    shortcuts = models.BooleanField(_("Keyboard shortcuts"), default=True)
    last_sign_in = models.DateTimeField(_("Last sign-in"), null=True, editable=False)
    second_factor_since = models.DateTimeField(_("Two-factor codes since"), null=True, editable=False)

    objects: ClassVar[Any] = UserManager()
    stamp = "access"
    secret = frozenset({"password"})
    # Derived from whether there is a SecondFactor: so that no undo of an act turns it off.
    derived = frozenset({"last_sign_in", "second_factor_since"})

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["real_name"]

    class Meta:
        verbose_name = _("User")
        verbose_name_plural = _("Users")
        ordering = ["id"]
        constraints = [
            # For ever: a name in the bin stays taken.
            models.UniqueConstraint(Lower("username"), name="user_username"),
            models.UniqueConstraint(Lower("email"), condition=~models.Q(email=""), name="user_email"),
        ]

    def __str__(self) -> str:
        return self.real_name or self.username

    def has_perm(self, permission: str, obj: Any = None) -> bool:
        """Whether a role of this user holds the permission."""
        return reach_of(self).may(permission)


class SessionQuerySet(models.QuerySet["Session"]):
    """Rows of sessions: whoever may see who is signed in sees everybody's."""

    shared = True

    def visible_to(self, user: Any) -> "SessionQuerySet":
        """One's own, and all of them for whoever may see who is signed in."""
        return self.filter(user__isnull=False) if user.has_perm("accounts.view_session") else self.of(user)

    def of(self, user: Any) -> "SessionQuerySet":
        """One's own."""
        return self.filter(user=user)

    def live(self, at: datetime) -> "SessionQuerySet":
        """Those that are not over."""
        return self.filter(expires_at__gt=at)


class Session(models.Model):
    """One browser that is signed in; a row that is gone is a session that is over."""

    key_hash = models.CharField(max_length=64, unique=True)
    data = models.TextField()
    expires_at = models.DateTimeField(_("Expires at"), db_index=True)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+", verbose_name=_("User"))
    created_at = models.DateTimeField(_("Signed in at"), default=timezone.now)
    last_seen = models.DateTimeField(_("Last seen"), default=timezone.now)
    address = models.CharField(pgettext_lazy("network", "Address"), max_length=45, blank=True)
    agent = models.CharField(_("Browser"), max_length=300, blank=True)
    remembered = models.BooleanField(_("Remembered"), default=False)
    # When whoever sits there last proved who they are; signing in is such a proof.
    proved_at = models.DateTimeField(_("Identity confirmed at"), default=timezone.now)

    objects: ClassVar[Any] = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Session")
        verbose_name_plural = _("Online sessions")
        indexes = [SortIndex(fields=["-last_seen", "-id"], name="session_seen")]

    def __str__(self) -> str:
        return f"{self.user} {self.address}".strip()


class SignInQuerySet(models.QuerySet["SignIn"]):
    """Rows of the sign-in log, which belongs to the company."""

    shared = True

    def visible_to(self, user: Any) -> "SignInQuerySet":
        """The whole log for whoever may read it, else one's own sign-ins."""
        return self if user.has_perm("accounts.view_signin") else self.filter(user=user)


class SignIn(models.Model):
    """One attempt to sign in, kept whatever came of it."""

    class Outcome(models.TextChoices):
        """What came of it; a stranger is told less."""

        SUCCESS = "success", _("Signed in")
        RECOVERY = "recovery", _("Signed in with a recovery code")
        PENDING = "pending", _("Password right, code asked for")
        CODE = "code", _("Wrong two-factor code")
        PROOF = "proof", _("Identity not confirmed")
        WRONG = "wrong", _("Wrong name or password")
        DISABLED = "disabled", _("Disabled user")
        SLOWED = "slowed", _("Too fast")
        STOPPED = "stopped", _("Too many failures")

    username = models.CharField(_("User name as typed"), max_length=150)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("User"))
    at = models.DateTimeField(_("Time"))
    address = models.CharField(pgettext_lazy("network", "Address"), max_length=45, blank=True)
    agent = models.CharField(_("Browser"), max_length=300, blank=True)
    outcome = models.CharField(_("Result"), max_length=10, choices=Outcome.choices)

    objects: ClassVar[Any] = SignInQuerySet.as_manager()

    class Meta:
        verbose_name = _("Sign-in log")
        verbose_name_plural = _("Sign-in log")
        indexes = [
            SortIndex(fields=["-at", "-id"], name="signin_at"),
            SortIndex(fields=["user", "-at", "-id"], name="signin_user"),
        ]

    def __str__(self) -> str:
        return f"{self.username} {self.get_outcome_display()}"


class SecondFactor(models.Model):
    """The secret of a user's two-factor codes, sealed, and the step of time of the last code that was taken."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="+")
    sealed = models.CharField(max_length=255)
    last_step = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.user)


class RecoveryCode(models.Model):
    """One code that lets its user in once, when the app that makes codes is lost; only a hash of it is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    code_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "code_hash"], name="recoverycode_user")]

    def __str__(self) -> str:
        return str(self.user)


class TryCount(models.Model):
    """How often one name, user, address or device was tried since `began_at`, for all processes."""

    key = models.CharField(max_length=200, primary_key=True)
    used = models.PositiveIntegerField(default=0)
    began_at = models.DateTimeField(db_index=True)
    last_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.key} {self.used}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Rows of the bell: everybody's own."""

    def visible_to(self, user: Any) -> "NoticeQuerySet":
        """What this person was told."""
        return self.filter(user=user)

    def unread(self) -> "NoticeQuerySet":
        """What was not read yet."""
        return self.filter(read_at=None)


class Notice(models.Model):
    """Something that a person is told of: a record that was assigned, returned, is due, late or at risk."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(_("Kind"), max_length=20)
    model = models.CharField(max_length=60)
    record_id = models.BigIntegerField()
    subject = models.CharField(_("Subject"), max_length=200)
    note = models.CharField(_("Note"), max_length=200, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", db_index=False)
    at = models.DateTimeField(_("Time"))
    read_at = models.DateTimeField(_("Read at"), null=True)

    objects: ClassVar[Any] = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("Notification")
        verbose_name_plural = _("Notifications")
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_user"),
            models.Index(fields=["user", "kind"], condition=models.Q(read_at=None), name="notice_unread"),
            models.Index(fields=["record_id", "kind"], name="notice_record"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


searchable(
    User,
    text=lambda user: [user.username, user.email],
    guarded=lambda user: [user.phone],
    classes=[FieldClass.PHONE],
    subtitle=lambda user: user.username,
)
