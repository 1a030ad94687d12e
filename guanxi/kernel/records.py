"""Record, the base of everything that people keep, and the lock that only a change set opens."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.rules import UnloggedWrite

_writing: ContextVar[bool] = ContextVar("guanxi_writing", default=False)


@contextmanager
def writing() -> Iterator[None]:
    """Open the lock on records; only `guanxi.history` calls this."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def _refuse_unlogged(model: type[models.Model]) -> None:
    if not _writing.get():
        raise UnloggedWrite(f"{model._meta.label} is written through a change set only.")


def _guarded(name: str) -> Callable[..., Any]:
    def method(self: models.QuerySet[Any], *args: Any, **kwargs: Any) -> Any:
        _refuse_unlogged(self.model)
        return getattr(models.QuerySet, name)(self, *args, **kwargs)

    method.__name__ = name
    return method


class RecordQuerySet(models.QuerySet[Any]):
    """Rows of a record; each model's subclass says in `visible_to` whose they are."""

    update = _guarded("update")
    delete = _guarded("delete")
    bulk_create = _guarded("bulk_create")
    bulk_update = _guarded("bulk_update")
    _raw_delete = _guarded("_raw_delete")

    def in_use(self) -> Self:
        """The rows that are not in the bin."""
        return self.filter(binned_in__isnull=True)

    def visible_to(self, user: Any) -> Self:
        """The rows in use that `user` may know of: the only truth about rows."""
        raise NotImplementedError(f"{type(self).__name__} does not say whose its rows are.")

    def parts_of(self, user: Any) -> list[models.Q]:
        """Conditions that cut what is visible to a user into parts, where an index serves each part but not the whole.

        Together they let all of these rows through, each row once; they narrow `visible_to`, never replace it.
        """
        return [models.Q()]

    def binned_visible_to(self, user: Any) -> Self:
        """The rows in the bin that `user` would see if they were in use."""
        raise NotImplementedError(f"{type(self).__name__} has no bin.")

    def derive(self, **fields: Any) -> int:
        """Write derived columns, which are neither versioned nor logged; returns the row count."""
        strangers = fields.keys() - self.model.derived
        if strangers:
            raise UnloggedWrite(f"{self.model._meta.label}: {sorted(strangers)} are not derived.")
        return models.QuerySet.update(self, **fields)


class OwnedQuerySet(RecordQuerySet):
    """Rows that are somebody's. `whose(user, path)` says of which records; `path` leads there from these rows."""

    whose: ClassVar[Callable[[Any, str], models.Q]]
    path: ClassVar[str] = ""

    def visible_to(self, user: Any) -> Self:
        """The rows in use within the user's reach."""
        return self.in_use().filter(type(self).whose(user, self.path))

    def binned_visible_to(self, user: Any) -> Self:
        """The rows in the bin within the user's reach."""
        return self.filter(type(self).whose(user, self.path), binned_in__isnull=False)


class Record(models.Model):
    """A row that people keep: versioned, logged, binned instead of deleted."""

    version = models.PositiveIntegerField(_("Version"), default=1, editable=False)
    created_at = models.DateTimeField(_("Created at"), editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("Created by"),
    )
    updated_at = models.DateTimeField(_("Updated at"), editable=False)
    # The id of the change set that moved it to the bin: a restore brings back exactly those.
    binned_in = models.BigIntegerField(null=True, editable=False)

    objects: ClassVar[models.Manager[Any]] = RecordQuerySet.as_manager()

    derived: ClassVar[frozenset[str]] = frozenset()
    secret: ClassVar[frozenset[str]] = frozenset()
    """Fields whose values the log does not keep, only that they changed."""
    worded: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    """Fields that hold lists of keys, with the words for each key."""
    stamp: ClassVar[str] = ""
    """The name of the stamp that a write changes, for caches that depend on this model."""
    flow: ClassVar[Any] = None

    class Meta:
        abstract = True

    def save_base(self, *args: Any, **kwargs: Any) -> None:
        """Write the row, inside a change set only."""
        _refuse_unlogged(type(self))
        super().save_base(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Erase the row, inside a change set only."""
        _refuse_unlogged(type(self))
        return super().delete(*args, **kwargs)

    def validate_constraints(self, exclude: Any = None) -> None:
        """Left to the actions, which say in words and next to its field what is taken, and to the database."""

    @classmethod
    def label(cls) -> str:
        """The model's name in logs and registries, such as `marketing.salechance`."""
        return cls._meta.label_lower

    @classmethod
    def logged_fields(cls) -> Sequence[models.Field]:
        """The columns that the log keeps: all but the record's own bookkeeping and derived ones."""
        skipped = {"id", "version", "created_at", "created_by", "updated_at", "binned_in"}
        return [
            field for field in cls._meta.concrete_fields if field.name not in skipped and field.name not in cls.derived
        ]
