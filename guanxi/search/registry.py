"""Which models can be searched, declared beside the model by the app that owns it."""

import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import models

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
CODES = len(DIGITS) ** 3
RECORDS = 1 << 44
"""Ids that one model may use."""

Lines = Callable[[Any], Iterable[str]]


def _nothing(_record: Any) -> str:
    return ""


def _no_lines(_record: Any) -> Iterable[str]:
    return ()


@dataclass(frozen=True)
class Face:
    """How the records of one model look to the search."""

    model: type[models.Model]
    text: Lines
    title: Callable[[Any], str] = str
    subtitle: Callable[[Any], str] = _nothing
    guarded: Lines = _no_lines
    classes: frozenset[str] = frozenset()
    related: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The model's name, such as `customers.customer`."""
        return self.model._meta.label_lower

    @cached_property
    def number(self) -> int:
        """A number that stands for the model for ever."""
        return zlib.crc32(self.label.encode()) % CODES

    @cached_property
    def code(self) -> str:
        """Three characters before each token, so that models do not lengthen each other's lists."""
        high, low = divmod(self.number, len(DIGITS))
        return DIGITS[high // len(DIGITS)] + DIGITS[high % len(DIGITS)] + DIGITS[low]

    @property
    def first_id(self) -> int:
        """What is added to a record's id to make the id of its SearchDoc."""
        return self.number * RECORDS

    @property
    def doc_ids(self) -> tuple[int, int]:
        """The first and the last id that a SearchDoc of this model may have."""
        return self.first_id, self.first_id + RECORDS - 1

    def doc_id(self, record_id: int) -> int:
        """The id of a record's SearchDoc."""
        return self.first_id + record_id

    def hides(self, masked: Iterable[str]) -> bool:
        """Whether guarded text must not be searched for a reader from whom these classes are masked."""
        return not self.classes.isdisjoint(masked)


_faces: dict[str, Face] = {}


def searchable(
    model: type[models.Model],
    *,
    text: Lines,
    title: Callable[[Any], str] = str,
    subtitle: Callable[[Any], str] = _nothing,
    guarded: Lines = _no_lines,
    classes: Iterable[str] = (),
    related: Iterable[str] = (),
    follows: Iterable[str] = (),
) -> None:
    """Make the records of a model findable by `text`, and by `guarded` for whom no class of `classes` is masked.

    `related` names the relations that these functions follow, for select_related; `follows` those (either way) whose
    records they tell of, so that the document is written anew when one of them changes. Call it in `models.py`, which
    every process loads. Raises ImproperlyConfigured when two models share a number: rename one.
    """
    if bool(classes) != (guarded is not _no_lines):
        raise ImproperlyConfigured("Guarded text and the classes that guard it belong together.")
    face = Face(model, text, title, subtitle, guarded, frozenset(map(str, classes)), tuple(related), tuple(follows))
    for known in _faces.values():
        if known.number == face.number and known.label != face.label:
            raise ImproperlyConfigured(f"{known.label} and {face.label} share a place in the search index.")
    _faces[face.label] = face


def find(model: type[models.Model]) -> Face | None:
    """The face of a model, or None when it cannot be searched."""
    return _faces.get(model._meta.label_lower)


def face_of(model: type[models.Model]) -> Face:
    """The face of a model; raises LookupError when it cannot be searched."""
    face = find(model)
    if face is None:
        raise LookupError(f"{model._meta.label} is not searchable.")
    return face


def faces() -> list[Face]:
    """All searchable models, in the order of their names."""
    return [_faces[label] for label in sorted(_faces)]


def followers(model: type[models.Model]) -> list[tuple[Face, Any]]:
    """The faces that tell of a model's records, each with the relation that leads from it to them."""
    pairs = [(face, face.model._meta.get_field(name)) for face in faces() for name in face.follows]
    return [(face, relation) for face, relation in pairs if relation.related_model is model]
