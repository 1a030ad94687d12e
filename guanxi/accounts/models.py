"""Users: who may work here."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from guanxi.access.models import Department, Role
from guanxi.access.reach import reach_of
from guanxi.kernel.fields import PhoneField
from guanxi.kernel.records import Record, RecordQuerySet


class UserQuerySet(RecordQuerySet):
    """Rows of users: colleagues know each other by name; the administration page has its own right."""

    shared = True

    def visible_to(self, user: Any) -> "UserQuerySet":
        """All users in use."""
        return self.in_use()

    def named(self, name: str) -> "UserQuerySet":
        """The user in use of this user name or e-mail, whatever its case."""
        known = models.Q(username__iexact=name) | (models.Q(email__iexact=name) & ~models.Q(email=""))
        return self.in_use().filter(known)

    def holding(self, permission: str) -> "UserQuerySet":
        """Active users who hold a permission."""
        held = models.Q(roles__holds_all=True) | models.Q(
            roles__grants__permission=permission, roles__grants__binned_in__isnull=True
        )
        return self.in_use().filter(held, is_active=True, roles__binned_in__isnull=True).distinct()


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Finds users by their name, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> Any:
        """The user of this name."""
        return self.get(username__iexact=username)


class User(AbstractBaseUser, Record):
    """A person who signs in."""

    last_login = None

    username = models.CharField(_("User name"), max_length=40)
    real_name = models.CharField(_("Name"), max_length=40)
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

    objects: ClassVar[Any] = UserManager()
    stamp = "access"
    secret = frozenset({"password"})

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
