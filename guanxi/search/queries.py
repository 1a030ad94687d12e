"""Finding records by what people type, always inside the rows that a reader may see."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

from django.db.models import (
    BigIntegerField,
    Case,
    IntegerField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast
from django.db.models.lookups import IsNull

from guanxi.search import registry
from guanxi.search.models import SearchDoc
from guanxi.search.registry import Face
from guanxi.search.stores import store_of
from guanxi.search.tokens import query_tokens, words

DENSE = 0.01
"""From this share on, walking the rows in the list's order finds a page sooner than the index does."""
DENSE_WHOLE = 0.1
"""The same for who looks at thousands of rows: counts, charts, exports."""
RANKED = 300
"""Candidates among which the best are chosen, the newest first."""

M = TypeVar("M", bound=Model)


class Hit(NamedTuple):
    """A record that was found, as a line of a list of results."""

    record_id: int
    title: str
    subtitle: str


def narrow(queryset: QuerySet[M], text: str, *, masked: Collection[str] = (), whole: bool = False) -> QuerySet[M]:
    """The rows of a queryset whose text contains every word, as a queryset to filter, sort and page on.

    `masked` names the field classes that the reader may not see; `whole` says that all rows will be looked at, as
    for a count, not a page of them. Nothing typed leaves all rows.
    """
    wanted = words(text)
    if not wanted:
        return queryset
    face = registry.face_of(queryset.model)
    guarded = not face.hides(masked)
    contains = _contains(wanted, guarded=guarded)
    terms = query_tokens(" ".join(wanted))
    if not terms or _share(face, wanted, guarded=guarded) >= (DENSE_WHOLE if whole else DENSE):
        return _walk(face, queryset, contains)
    found = store_of().matching(face.code, terms).filter(contains)
    return queryset.filter(pk__in=found.values("record_id"))


def few(model: type[Model], text: str) -> QuerySet[Any] | None:
    """The ids of all rows whose open text contains every word; None of so many that each row is better looked at."""
    wanted = words(text)
    terms = query_tokens(" ".join(wanted))
    face = registry.face_of(model)
    if not terms or _share(face, wanted, guarded=False) >= DENSE:
        return None
    found = store_of().matching(face.code, terms).filter(_contains(wanted, guarded=False))
    return found.values("record_id")


def search(
    model: type[Model], text: str, queryset: QuerySet[Any], *, limit: int = 20, masked: Collection[str] = ()
) -> list[int]:
    """The ids of the best rows of a queryset: the name itself, names that begin so, then the newest."""
    return [hit.record_id for hit in hits(model, text, queryset, limit=limit, masked=masked)]


def hits(
    model: type[Model], text: str, queryset: QuerySet[Any], *, limit: int = 20, masked: Collection[str] = ()
) -> list[Hit]:
    """The best rows of a queryset with their titles, in the order of `search`."""
    wanted = words(text)
    if not wanted:
        return []
    rows = narrow(queryset, text, masked=masked).order_by("-pk").values_list("pk", flat=True)
    ids = list(rows[: max(RANKED, limit)])
    face = registry.face_of(model)
    docs = SearchDoc.objects.filter(pk__in=[face.doc_id(pk) for pk in ids])
    ranked = docs.annotate(rank=_rank(" ".join(wanted))).order_by("rank", "-pk")
    return [Hit(*row) for row in ranked.values_list("record_id", "title", "subtitle")[:limit]]


def global_search(
    text: str, querysets: Mapping[str, QuerySet[Any]], per: int = 5, *, masked: Collection[str] = ()
) -> dict[str, list[Hit]]:
    """The best rows of several querysets, by the label of each; labels without any are left out."""
    found = {label: hits(rows.model, text, rows, limit=per, masked=masked) for label, rows in querysets.items()}
    return {label: lines for label, lines in found.items() if lines}


def _share(face: Face, wanted: Collection[str], *, guarded: bool) -> float:
    """A guess what share of a model's documents contains the words, from documents spread over all of them."""
    docs = store_of().sample(*face.doc_ids)
    texts = [f"{body}\n{hidden}" if guarded else body for body, hidden in docs]
    return sum(all(word in text for word in wanted) for text in texts) / max(len(texts), 1)


def _walk(face: Face, queryset: QuerySet[M], contains: Q) -> QuerySet[M]:
    """Check each row as the list's own order comes to it: quick because most rows match.

    Not by EXISTS: PostgreSQL takes a word for rare, makes a join of it and reads every document of every model first.
    """
    doc_id = Cast(OuterRef("pk"), BigIntegerField()) + Value(face.first_id, BigIntegerField())
    doc = Subquery(SearchDoc.objects.filter(contains, pk=doc_id).values("pk"))
    return queryset.filter(IsNull(doc, rhs=False))


def _contains(wanted: Iterable[str], *, guarded: bool) -> Q:
    condition = Q()
    for word in wanted:
        condition &= (Q(body__contains=word) | Q(guarded__contains=word)) if guarded else Q(body__contains=word)
    return condition


def _rank(text: str) -> Case:
    return Case(
        When(body=text, then=0),
        When(body__startswith=f"{text}\n", then=0),
        When(body__startswith=text, then=1),
        default=2,
        output_field=IntegerField(),
    )
