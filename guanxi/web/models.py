"""Double-submit keys and what people chose for their screens: neither is business data."""

from django.conf import settings
from django.db import models


class SubmitKey(models.Model):
    """The key of a form that was carried out, and where it led."""

    key = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(db_index=True)
    url = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.key


class Preference(models.Model):
    """How one user wants one screen, such as the columns of a list."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    value = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="preference_key")]

    def __str__(self) -> str:
        return self.key
