"""Access tokens: by which other programs act for a person."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.indexes import sort_index
from guanxi.kernel.records import Record, RecordQuerySet

VIEW = "api.view_token"
CREATE = "api.create_token"
REVOKE = "api.revoke_token"


class TokenQuerySet(RecordQuerySet):
    """Rows of tokens: whoever may see who has tokens sees everybody's."""

    shared = True

    def visible_to(self, user: Any) -> "TokenQuerySet":
        """One's own, and all of them for whoever may see everybody's."""
        return self.in_use() if user.has_perm(VIEW) else self.of(user)

    def of(self, user: Any) -> "TokenQuerySet":
        """One's own."""
        return self.in_use().filter(user=user)

    def opening(self, digest: str, at: datetime) -> "TokenQuerySet":
        """The token of this digest, if it opens anything at this moment."""
        found = self.in_use().filter(digest=digest, revoked_at=None, expires_at__gt=at)
        return found.filter(user__is_active=True, user__binned_in=None).select_related("user")


class Token(Record):
    """By which a program acts for a person until it expires or is revoked; its secret is kept as a digest only."""

    class Scope(models.TextChoices):
        """What a program may do with it, within the rights of the person."""

        READ = "read", _("Read only")
        WRITE = "write", _("Read and write")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("User")
    )
    name = models.CharField(_("Name"), max_length=60)
    prefix = models.CharField(_("Begins with"), max_length=12, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scope = models.CharField(_("Access"), max_length=5, choices=Scope.choices, default=Scope.READ)
    expires_at = models.DateTimeField(_("Expires at"), editable=False)
    revoked_at = models.DateTimeField(_("Revoked at"), null=True, editable=False)
    last_used_at = models.DateTimeField(_("Last used"), null=True, editable=False)

    objects: ClassVar[Any] = TokenQuerySet.as_manager()
    secret = frozenset({"digest"})
    derived = frozenset({"last_used_at"})

    class Meta:
        verbose_name = _("Access token")
        verbose_name_plural = _("Access tokens")
        indexes = [sort_index("-created_at", name="token_created")]
        constraints = [
            models.CheckConstraint(condition=models.Q(scope__in=["read", "write"]), name="token_scope"),
            models.CheckConstraint(condition=~models.Q(name=""), name="token_has_name"),
        ]

    def __str__(self) -> str:
        return self.name
