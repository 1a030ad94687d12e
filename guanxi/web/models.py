"""Double-submit keys and what people chose for their screens: neither is business data."""

from typing import Any

from django.conf import settings
from django.db import models, transaction

from guanxi.history.stamps import Stamped, raise_stamps


class SubmitKey(models.Model):
    """The key of a form that was carried out, and where it led."""

    key = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(db_index=True)
    url = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.key


class Preference(models.Model):
    """How one user wants one screen, such as the columns of a list: read with each, chosen once in a while."""

    STAMP = "web.preference"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    value = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="preference_key")]

    def __str__(self) -> str:
        return self.key

    @classmethod
    def read(cls, user: Any, key: str) -> Any:
        """What the user chose, or None."""
        mine = cls.objects.filter(user=user.pk).values_list("key", "value")
        return _chosen.read(cls.STAMP, user.pk, lambda: dict(mine)).get(key)

    @classmethod
    def choose(cls, user: Any, key: str, value: Any) -> None:
        """Keep a choice."""
        with transaction.atomic():
            cls.objects.update_or_create(user=user, key=key, defaults={"value": value})
            raise_stamps([cls.STAMP])


_chosen: Stamped[dict[str, Any]] = Stamped(1_000)
